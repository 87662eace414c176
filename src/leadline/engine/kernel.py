"""The kernel: one pass over each person's timeline, with running state for every term.

Compiled by numba with the GIL released, so that threads share the work; nothing here knows about SQL, files or
YAML. A timeline is a slice of arrays ordered by time: ``times`` (int64, µs), ``masks`` (int64, activity × word, bits
of signals) and ``values`` (float64, activity × summed property).

Terms come as a :class:`~leadline.engine.terms.Table` of few plain arrays, and state is kept in the like: numba counts
references whenever an array is taken out of a tuple, which in the inner loop would cost more than the work. Results are
micro-points (int64, person × term): what fades or sums is rounded to a millionth with a guard against running noise, see
:func:`rounded`. For a term that scales a group the "points" are 1 where it holds and 0 where not.
"""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false
# Numba types these functions itself: to it an element of an int64 array is an int.

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numba.cpython.unsafe.numbers import trailing_zeros

from leadline.engine.model import BITS
from leadline.engine.terms import (
    ABSENT,
    AMOUNT,
    AT_LEAST,
    AT_MOST,
    BEGAN,
    BIT,
    BUCKET,
    BUCKETED,
    COOLDOWN,
    COUNT,
    COUNTED,
    DAY,
    DUE,
    EVERY,
    FADE,
    FADES,
    FIRST_NEED,
    HELD,
    HELD_VALUE,
    HOUR,
    IN_ORDER,
    KEPT,
    KIND,
    LAST,
    LAST_NEED,
    LEFT,
    LIMIT,
    MOST,
    NEED,
    NEVER,
    PLAIN,
    POINTS,
    SPAN,
    TERM,
    TOGETHER,
    VALUE,
    WAIT,
    WEEK,
    WITHIN,
    State,
    Table,
)  # fmt: skip

if TYPE_CHECKING:
    from leadline.engine.terms import Real, Whole

compiled = njit(nogil=True, error_model="numpy")
inlined = njit(nogil=True, error_model="numpy", forceinline=True)
"""For small functions of a replay: what they take is handed over anew at each call, which costs more than they do."""


@inlined
def rounded(x: float) -> float:
    """Return millionths of ``x``, ties away from zero; the guard takes 0.499 of a millionth for a tie.

    The guard makes results independent of the order in which floating-point sums were taken (design.md §3).
    """
    size = np.floor(abs(x) * 1e6 + 0.501)
    return size if x >= 0 else -size


@compiled
def bucket_of(t: int, bucket: int) -> int:
    """Return the number of the UTC hour, day, week from Monday or month that ``t`` lies in."""
    if bucket == 1:
        return t // HOUR
    if bucket == 2:
        return t // DAY
    if bucket == 3:
        return (t + 3 * DAY) // WEEK  # 1970-01-01 was a Thursday
    # Months of the proleptic Gregorian calendar from a count of days, in years that begin in March.
    days = t // DAY + 719_468
    era = days // 146_097
    of_era = days - era * 146_097
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    return (era * 400 + year) * 12 + (5 * of_year + 2) // 153


@inlined
def share_of(fade: int, fades: float, age: int, value: float) -> float:
    """Return what an activity of some age adds to an amount that fades in this way, over so long."""
    if fade == 1:
        return value * 0.5 ** (age / fades)
    if fade == 2:
        return value * max(0.0, 1.0 - age / fades)
    return value


@inlined
def _add(
    whole: Whole, real: Real, sums: Real, k: int, at: int, t: int, value: float, as_of: int, shares: Real, trail: Whole, filled: Whole
) -> None:
    """Add an activity to the amount, if it is old and young enough; or leave that to whoever wants the trail."""
    if trail.size:
        _note(trail, filled, k, at)
        return
    age = as_of - t
    if age < whole[k, WAIT] or age >= whole[k, WITHIN]:
        return
    share = share_of(whole[k, FADE], real[k, FADES], age, value)
    sums[k, AMOUNT] += share
    if shares.size:
        shares[at, k] = share


@inlined
def _note(trail: Whole, filled: Whole, k: int, at: int) -> None:
    """Write an activity into the trail of a term."""
    trail[filled[k]] = at
    filled[k] += 1


@compiled
def _keep(
    whole: Whole, real: Real, marks: Whole, sums: Real, k: int, at: int, times: Whole, value: float, as_of: int, shares: Real, trail: Whole,
    filled: Whole,
) -> None:  # fmt: skip
    """Let an activity stand, or not, by ``once_per`` and then ``cooldown``; of two at one instant the larger value."""
    t, held = times[at], marks[k, HELD]
    if held >= 0 and times[held] == t:
        if value > sums[k, HELD_VALUE]:
            marks[k, HELD], sums[k, HELD_VALUE] = at, value
        return
    if whole[k, BUCKET]:
        bucket = bucket_of(t, whole[k, BUCKET])
        if bucket == marks[k, BUCKETED]:
            return
        marks[k, BUCKETED] = bucket
    if held >= 0:
        if t - times[held] < whole[k, COOLDOWN]:
            return
        _add(whole, real, sums, k, held, times[held], sums[k, HELD_VALUE], as_of, shares, trail, filled)
    marks[k, HELD], sums[k, HELD_VALUE] = at, value


@inlined
def _has(masks: Whole, at: int, bit: int) -> bool:
    return (masks[at, bit // BITS] >> (bit % BITS)) & 1 == 1


@compiled
def _slide(whole: Whole, needs: Whole, marks: Whole, counts: Whole, k: int, times: Whole, masks: Whole, t: int) -> None:
    """Close the span that ends at ``t``: let go of what is older, and note a completion."""
    left, first, last = marks[k, LEFT], whole[k, FIRST_NEED], whole[k, LAST_NEED]
    while times[left] < t - whole[k, SPAN]:
        for need in range(first, last):
            if _has(masks, left, needs[need, BIT]):
                counts[need] -= 1
        left += 1
    marks[k, LEFT] = left
    for need in range(first, last):
        if counts[need] < needs[need, COUNT]:
            return
    marks[k, LAST] = t


@compiled
def _step(whole: Whole, needs: Whole, marks: Whole, counts: Whole, k: int, masks: Whole, begin: int, end: int, t: int) -> None:
    """Advance a sequence by all that happened at ``t``, in the order of its steps."""
    first, last = whole[k, FIRST_NEED], whole[k, LAST_NEED]
    before = NEVER
    for need in range(first, last):
        old = counts[need]
        hit = False
        for at in range(begin, end):
            hit = hit or _has(masks, at, needs[need, BIT])
        if hit:
            start = t
            if need > first:  # a repeated signal continues only chains from before this instant
                start = before if needs[need, COUNT] else counts[need - 1]
            counts[need] = max(old, start)
            if need == last - 1 and start > NEVER and start >= t - whole[k, SPAN]:
                marks[k, LAST], marks[k, BEGAN] = t, start
        before = old


@compiled
def measure(
    table: Table, state: State, times: Whole, masks: Whole, values: Real, begin: int, end: int, as_of: int, shares: Real, trail: Whole,
    filled: Whole,
) -> None:  # fmt: skip
    """Measure all terms on the timeline ``begin:end`` as of an instant, leaving the results in ``state``.

    The timeline must hold only what is known at ``as_of``, ordered by time. ``shares`` (activity × term) receives what
    each activity adds to an amount; pass an array of size 0 when nobody asks.

    Whoever asks at many instants gives a ``trail``: then nothing is summed up, and the trail of term ``k`` receives, from
    ``filled[k]`` on (which moves along), the activities that stand, those that complete a chain, or those that end a silence.
    """
    whole, real, needs, starts, listeners = table
    marks, sums, counts, due = state
    _reset(whole, marks, sums, counts, begin)
    dues, tie = 0, begin
    for at in range(begin, end):
        t = times[at]
        for word in range(masks.shape[1]):
            mask = masks[at, word]
            while mask:
                bit = word * BITS + trailing_zeros(mask)
                mask &= mask - 1
                for listener in range(starts[bit], starts[bit + 1]):
                    k = listeners[listener, TERM]
                    kind = whole[k, KIND]
                    if kind <= KEPT:
                        value = 1.0 if whole[k, VALUE] < 0 else values[at, whole[k, VALUE]]
                        if kind == PLAIN:
                            _add(whole, real, sums, k, at, t, value, as_of, shares, trail, filled)
                        else:
                            _keep(whole, real, marks, sums, k, at, times, value, as_of, shares, trail, filled)
                    elif kind == ABSENT:
                        marks[k, LAST] = t
                        if trail.size:
                            _note(trail, filled, k, at)
                    else:
                        if kind == TOGETHER:
                            counts[listeners[listener, NEED]] += 1
                        if not marks[k, DUE]:
                            marks[k, DUE] = 1
                            due[dues] = k
                            dues += 1
        if at + 1 == end or times[at + 1] != t:  # all that happened at this instant has been seen
            for slot in range(dues):
                k = due[slot]
                marks[k, DUE] = 0
                if whole[k, KIND] == TOGETHER:
                    _slide(whole, needs, marks, counts, k, times, masks, t)
                else:
                    _step(whole, needs, marks, counts, k, masks, tie, at + 1, t)
                if trail.size and marks[k, LAST] == t:
                    _note(trail, filled, k, at)
            dues, tie = 0, at + 1
    for k in range(len(whole)):
        held = marks[k, HELD]
        if held >= 0:
            _add(whole, real, sums, k, held, times[held], sums[k, HELD_VALUE], as_of, shares, trail, filled)


@compiled
def _reset(whole: Whole, marks: Whole, sums: Real, counts: Whole, begin: int) -> None:
    for k in range(len(whole)):
        marks[k, LAST] = marks[k, BEGAN] = marks[k, BUCKETED] = NEVER
        marks[k, HELD], marks[k, LEFT], marks[k, DUE] = -1, begin, 0
        sums[k, AMOUNT] = 0.0
        for need in range(whole[k, FIRST_NEED], whole[k, LAST_NEED]):
            counts[need] = NEVER if whole[k, KIND] == IN_ORDER else 0


@compiled
def award(table: Table, state: State, k: int, as_of: int, created: int) -> int:
    """Return the micro-points of term ``k`` for what :func:`measure` found. ``created`` is ``NEVER`` if unknown."""
    whole, real, marks = table.whole, table.real, state.marks
    points, limit = real[k, POINTS], real[k, LIMIT]
    if whole[k, KIND] <= KEPT:
        return of_amount(points, limit, whole[k, COUNTED], real[k, AT_LEAST], real[k, AT_MOST], state.sums[k, AMOUNT])
    if whole[k, KIND] == ABSENT:
        return of_count(points, limit, absences(max(marks[k, LAST], created), whole[k, WITHIN], whole[k, EVERY], as_of))
    return of_count(points, limit, 0 if marks[k, LAST] == NEVER or as_of - marks[k, LAST] >= whole[k, WITHIN] else 1)


@inlined
def of_amount(points: float, limit: float, counted: int, at_least: float, at_most: float, amount: float) -> int:
    """Return the micro-points for an amount: so many each, or once if it is ``counted`` and lies between the bounds."""
    amount = rounded(amount) / 1e6
    if not counted:
        return _held(rounded(points * amount), limit)
    return 0 if amount < at_least or amount > at_most else of_count(points, limit, 1)


@inlined
def of_count(points: float, limit: float, count: int) -> int:
    """Return the micro-points for points that are given so many times."""
    return _held(rounded(points) * count, limit)


@inlined
def _held(points: float, limit: float) -> int:
    most = min(rounded(limit), MOST)
    return np.int64(min(max(points, -most), most))


@inlined
def absences(since: int, patience: int, every: int, as_of: int) -> int:
    """Return how many times the points of an absence are given."""
    if since == NEVER:
        return 1  # silent for an unknown time: once, with no start to count further steps from
    silent = as_of - since - patience
    if silent < 0:
        return 0
    return 1 + silent // every if every else 1


@compiled
def score_people(
    table: Table,
    state: State,
    times: Whole,
    masks: Whole,
    values: Real,
    begins: Whole,
    ends: Whole,
    created: Whole,
    absent: Whole,
    latest: Whole,
    as_of: int,
    shares: Real,
    points: Whole,
) -> None:
    """Fill ``points`` (person × term) for people whose timelines are ``begins[i]:ends[i]``.

    ``latest`` (person × term of ``absent``) says when the signal of an absence was last seen, for timelines that were
    gathered without it; ``NEVER`` where it wasn't.
    """
    nothing = begins[:0]
    for person in range(begins.size):
        measure(table, state, times, masks, values, begins[person], ends[person], as_of, shares, nothing, nothing)
        for column in range(absent.size):
            k = absent[column]
            state.marks[k, LAST] = max(state.marks[k, LAST], latest[person, column])
        for k in range(len(table.whole)):
            points[person, k] = award(table, state, k, as_of, created[person])
