"""Sequences of instructions, and how they are put together. Pure; :mod:`.instructions` says what each does."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from leadline.engine import instructions as words
from leadline.engine.model import MICRO

Code: TypeAlias = tuple[tuple[int, int, int], ...]

YES: Code = ((words.TRUTH, words.TRUE, 0),)
NO: Code = ((words.TRUTH, words.FALSE, 0),)
UNCLEAR: Code = ((words.TRUTH, words.UNKNOWN, 0),)
_REGISTERS = range(-(1 << 61), 1 << 61)  # what points, their sums and sums of those can be, with much to spare
_TESTS = {words.LEAST: words.BELOW, words.BELOW: words.LEAST}
_OF_REGISTERS = (words.LEAST, words.BELOW, words.NEED_LEAST, words.NEED_BELOW)
_OF_FLAGS = (words.FLAG, words.NEED_FLAG, words.BAR_FLAG)


def at_least(points: float) -> int:
    """Return the smallest micro-points that are at least so many points, as a comparison of doubles has it.

    >>> at_least(75.0)
    75000000
    """
    return _REGISTERS[0] + bisect_left(_REGISTERS, points, key=_points)


def beyond(points: float) -> int:
    """Return the smallest micro-points that are more than so many points."""
    return _REGISTERS[0] + bisect_right(_REGISTERS, points, key=_points)


def _points(micro: int) -> float:
    return micro / MICRO


def within(register: int, least: int | None, below: int | None) -> Code:
    """Return code for whether a register is at least ``least`` and below ``below``."""
    if least is not None and below is not None and least >= below:
        return NO
    bounds = ((words.LEAST, least), (words.BELOW, below))
    return all_of(((word, register, bound),) for word, bound in bounds if bound is not None)


def denied(code: Code) -> Code:
    """Return code for the opposite of a truth."""
    if code in (YES, NO):
        return NO if code == YES else YES
    if len(code) == 1 and code[0][0] in _TESTS:  # points are never unknown
        ((word, register, bound),) = code
        return ((_TESTS[word], register, bound),)
    return (*code, (words.NOT, 0, 0))


def all_of(parts: Iterable[Code]) -> Code:
    """Return code for whether all are true; it goes on only while none is false."""
    return _joined(parts, YES, NO, words.AND, words.UNLESS)


def any_of(parts: Iterable[Code]) -> Code:
    """Return code for whether one is true; it goes on only while none is true."""
    return _joined(parts, NO, YES, words.OR, words.WHEN)


def _joined(parts: Iterable[Code], neutral: Code, decisive: Code, op: int, jump: int) -> Code:
    chosen = in_order(dict.fromkeys(part for part in parts if part != neutral))
    if decisive in chosen:
        return decisive
    if not chosen:
        return neutral
    tail: Code = ()
    for part in reversed(chosen[1:]):
        rest = (*part, (op, 0, 0), *tail)
        tail = ((jump, 0, len(rest)), *rest)
    return (*chosen[0], *tail)


def in_order(parts: Iterable[Code]) -> Sequence[Code]:
    """Return what is to be joined, what is cheap and often decides first: tests of scores (the last registers), flags, the rest."""
    return sorted(parts, key=_cost)


def _cost(code: Code) -> tuple[int, int]:
    if len(code) != 1:
        return 2, len(code)
    word, operand, _ = code[0]
    return (0, -operand) if word in _OF_REGISTERS else (1 if word in _OF_FLAGS else 2, 0)


def height(code: Code) -> int:
    """Return how high the stack grows."""
    top = most = 0
    for word, _, _ in code:
        pops = word in (words.NEED, words.BAR) or words.AND <= word <= words.DIVIDE
        top += 1 if words.LEAST <= word <= words.NOTHING else -1 if pops else 0
        most = max(most, top)
    return most
