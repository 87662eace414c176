"""Whether a rule holds, for points that are known to lie between bounds: a small machine with a stack, compiled by numba.

With equal bounds the answer is exact, the same as that of the condition's Python closure. Otherwise it has whatever is
the answer for any points between the bounds; it may have more. Nothing here knows what a rule is about: see
:mod:`leadline.engine.instructions` for its words and :mod:`leadline.engine.rules` for how they are put together.
"""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false
# ruff: noqa: C901, PLR0911, PLR0912, PLR0913, PLR0917
# Numba types these functions itself, takes arrays one by one, and a machine is one long choice.

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from leadline.engine.instructions import (
    ADD,
    AND,
    BAR,
    BAR_FLAG,
    BELOW,
    COMPARE,
    CONSTANT,
    DEPTH,
    DIVIDE,
    END,
    EQUAL,
    FALSE,
    FLAG,
    GREATER,
    IS_NULL,
    IS_UNKNOWN,
    KNOWN,
    LEAST,
    LESS,
    MULTIPLY,
    NAN,
    NEED,
    NEED_BELOW,
    NEED_FLAG,
    NEED_LEAST,
    NEGATE,
    NOTHING,
    NULL,
    OR,
    PRESENT,
    REGISTER,
    SLOT,
    SUBTRACT,
    TRUE,
    TRUTH,
    TURN,
    UNKNOWN,
    UNLESS,
    VALUE,
    WHEN,
)
from leadline.engine.kernel import compiled

if TYPE_CHECKING:
    from leadline.engine.terms import Real, Whole

__all__ = ["DEPTH", "judge"]


@intrinsic
def flat(_context: object, array: types.Array) -> tuple[object, object]:
    """Return the elements of an array, row by row, as bare memory; the caller holds the array as long as they are looked at.

    Numba counts references to arrays that a function is given, which costs twenty times what a demand costs.
    """
    if array.layout != "C":
        raise TypingError("The judge takes arrays that lie in memory row by row.")

    def point(context, builder, signature, args):  # noqa: ANN001, ANN202 - numba's own
        return context.make_array(signature.args[0])(context, builder, args[0]).data

    return types.CPointer(array.dtype)(array), point


@compiled
def judge(ops: Whole, constants: Real, at: int, low: Whole, high: Whole, slots: Real, segment: int, stack: Real) -> int:
    """Return whether the rule that begins at instruction ``at`` may be true (1), may be false (2), or either (3).

    Args:
        ops: Instruction × (operation, operand, third).
        constants: Numbers that instructions refer to.
        at: Where the rule begins.
        low: The least that each register can be, micro-points.
        high: The most that each register can be.
        slots: Segment × slot, NaN for NULL.
        segment: Which segment.
        stack: Scratch, at least ``DEPTH`` × 3.
    """
    return run(flat(ops), flat(constants), 3 * at, flat(low), flat(high), flat(slots), segment * slots.shape[1], flat(stack))


@compiled
def run(ops: Whole, constants: Real, at: int, low: Whole, high: Whole, slots: Real, row: int, stack: Real) -> int:
    """Run a rule; all arrays are flat, and ``top`` is where the topmost entry of the stack begins."""
    met, missed, doubt, top = 1, 2, 0, -3
    while True:
        op, operand, third = ops[at], ops[at + 1], ops[at + 2]
        at += 3
        if op == NEED_LEAST:
            if high[operand] < third:
                return missed
            if low[operand] < third:
                doubt = missed
        elif op == NEED_BELOW:
            if low[operand] >= third:
                return missed
            if high[operand] >= third:
                doubt = missed
        elif op == NEED_FLAG:
            if slots[row + operand] != 1.0:
                return missed
        elif op == BAR_FLAG:
            if slots[row + operand] == 1.0:
                return missed
        elif op in (NEED, BAR):
            truth = int(stack[top + 2])
            top -= 3
            good, bad = truth & TRUE, truth & (FALSE | UNKNOWN)
            if op == BAR:
                good, bad = bad, good
            if not good:
                return missed
            if bad:
                doubt = missed
        elif op == END:
            return met | doubt
        elif op == TURN:
            met, missed = missed, met
        elif op in (UNLESS, WHEN):
            if int(stack[top + 2]) == (FALSE if op == UNLESS else TRUE):
                at += 3 * third
        elif op <= NOTHING:
            top += 3
            _push(op, operand, third, constants, low, high, slots, row, stack, top)
        elif op <= IS_UNKNOWN:
            _change(op, stack, top)
        else:
            top -= 3
            _join(op, operand, stack, top)


@compiled
def _push(op: int, operand: int, third: int, constants: Real, low: Whole, high: Whole, slots: Real, row: int, stack: Real, at: int) -> None:
    """Put something on the stack."""
    if op == LEAST:
        stack[at + 2] = _least(low[operand], high[operand], third)
    elif op == BELOW:
        stack[at + 2] = _denied(_least(low[operand], high[operand], third))
    elif op == FLAG:
        flag = slots[row + operand]
        stack[at + 2] = UNKNOWN if np.isnan(flag) else TRUE if flag == 1.0 else FALSE
    elif op == TRUTH:
        stack[at + 2] = operand
    elif op == REGISTER:
        stack[at], stack[at + 1], stack[at + 2] = low[operand] / 1e6, high[operand] / 1e6, VALUE
    else:
        number = constants[operand] if op == CONSTANT else slots[row + operand] if op == SLOT else np.nan
        stack[at], stack[at + 1], stack[at + 2] = number, number, NULL if np.isnan(number) else VALUE


@compiled
def _change(op: int, stack: Real, at: int) -> None:
    """Change what lies on top."""
    flags = int(stack[at + 2])
    if op == NEGATE:
        stack[at], stack[at + 1] = -stack[at + 1], -stack[at]
    elif op == IS_NULL:
        stack[at + 2] = (TRUE if flags & NULL else 0) | (FALSE if flags & (VALUE | NAN) else 0)
    elif op == IS_UNKNOWN:
        stack[at + 2] = (TRUE if flags & UNKNOWN else 0) | (FALSE if flags & (TRUE | FALSE) else 0)
    else:
        stack[at + 2] = _denied(flags)


@compiled
def _join(op: int, operand: int, stack: Real, at: int) -> None:
    """Make one of the two on top, the lower of which begins at ``at``."""
    one, two = int(stack[at + 2]), int(stack[at + 5])
    if op <= KNOWN:
        stack[at + 2] = _joined(op, one, two)
    elif op == COMPARE:
        stack[at + 2] = _compared(operand, one, stack[at], stack[at + 1], two, stack[at + 3], stack[at + 4])
    else:
        stack[at], stack[at + 1], stack[at + 2] = _computed(op, one, stack[at], stack[at + 1], two, stack[at + 3], stack[at + 4])


@compiled
def _least(low: int, high: int, bound: int) -> int:
    return (TRUE if high >= bound else 0) | (FALSE if low < bound else 0)


@compiled
def _joined(op: int, one: int, two: int) -> int:
    if op == AND:
        return _both(one, two)
    if op == OR:
        return _denied(_both(_denied(one), _denied(two)))
    if op == KNOWN:
        return (one & (TRUE | FALSE)) | (two if one & UNKNOWN else 0)
    same = TRUE if one & two & (TRUE | FALSE) else 0
    differ = FALSE if one & _denied(two) & (TRUE | FALSE) else 0
    return same | differ | ((one | two) & UNKNOWN)


@compiled
def _denied(truth: int) -> int:
    return (truth & UNKNOWN) | ((truth & TRUE) << 1) | ((truth & FALSE) >> 1)


@compiled
def _both(one: int, two: int) -> int:
    unclear = (one & UNKNOWN and two & (TRUE | UNKNOWN)) or (two & UNKNOWN and one & (TRUE | UNKNOWN))
    return (one & two & TRUE) | ((one | two) & FALSE) | (UNKNOWN if unclear else 0)


@compiled
def _compared(wanted: int, one: int, low: float, high: float, two: int, other_low: float, other_high: float) -> int:
    """Return whether the order of two numbers is wanted; NaN is above all others, and equal to itself."""
    orders = 0
    if one & two & VALUE:
        orders |= LESS if low < other_high else 0
        orders |= EQUAL if low <= other_high and other_low <= high else 0
        orders |= GREATER if high > other_low else 0
    orders |= EQUAL if one & two & NAN else 0
    orders |= GREATER if one & NAN and two & VALUE else 0
    orders |= LESS if one & VALUE and two & NAN else 0
    unknown = UNKNOWN if (one | two) & NULL else 0
    return (TRUE if orders & wanted else 0) | (FALSE if orders & ~wanted else 0) | unknown


@compiled
def _present(one: int, low: float, high: float, two: int, other_low: float, other_high: float) -> tuple[float, float, int]:
    if not one & NULL:
        return low, high, one
    flags = (one & (VALUE | NAN)) | two
    if one & two & VALUE:
        return min(low, other_low), max(high, other_high), flags
    return (low, high, flags) if one & VALUE else (other_low, other_high, flags)


@compiled
def _computed(op: int, one: int, low: float, high: float, two: int, other_low: float, other_high: float) -> tuple[float, float, int]:
    """Return the bounds of what comes out of arithmetic. Rounding is monotone, so the corners bound what lies between."""
    if op == PRESENT:
        return _present(one, low, high, two, other_low, other_high)
    flags = (one | two) & NULL
    numbers = one & two & VALUE
    if (one & NAN and two & (VALUE | NAN)) or (two & NAN and one & (VALUE | NAN)):
        flags |= NAN
    if op == SUBTRACT:
        other_low, other_high, op = -other_high, -other_low, ADD
    if op == DIVIDE and other_low <= 0.0 <= other_high and two & VALUE:
        return _divided_by_zero(flags, one, two, other_low, other_high)
    if not numbers:
        return np.nan, np.nan, flags
    if low == high and other_low == other_high:
        exact = _corner(op, low, other_low)
        return exact, exact, flags | (NAN if np.isnan(exact) else VALUE)
    if np.isinf(low) or np.isinf(high) or np.isinf(other_low) or np.isinf(other_high):
        return -np.inf, np.inf, flags | VALUE | NAN  # only numbers near 1e308 lead here
    if op == ADD:
        return low + other_low, high + other_high, flags | VALUE
    a, b, c, d = _corner(op, low, other_low), _corner(op, low, other_high), _corner(op, high, other_low), _corner(op, high, other_high)
    return min(a, b, c, d), max(a, b, c, d), flags | VALUE


@compiled
def _divided_by_zero(flags: int, one: int, two: int, other_low: float, other_high: float) -> tuple[float, float, int]:
    """Return what comes out where the divisor may be zero: NULL where it is, anything where it isn't."""
    if one & (VALUE | NAN):
        flags |= NULL
    if other_low == other_high:
        other = NAN if two & NAN and one & (VALUE | NAN) else 0
        return np.nan, np.nan, (flags & NULL) | other
    return -np.inf, np.inf, flags | (VALUE | NAN if one & VALUE else 0)


@compiled
def _corner(op: int, one: float, two: float) -> float:
    return one + two if op == ADD else one * two if op == MULTIPLY else one / two
