"""What fades while nothing else changes: estimated by weights, and summed up afresh where that may decide."""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false, reportAttributeAccessIssue=false
# ruff: noqa: ANN201
# Numba types these functions itself. All of them take the bare memory ``p`` and most the index of a term.

from __future__ import annotations

from leadline.engine.kernel import compiled, inlined, share_of
from leadline.engine.kernel_memory import (
    AMOUNT,
    BEGIN,
    CLOSE_BY,
    DOUBT,
    END,
    FADING_AWAY,
    FRESH,
    HALVING,
    HERE,
    MOST_HALVED,
    NEGATIVE,
    NEW,
    OLD,
    POSITIVE,
    SLACK,
    SORT,
    STEADY,
    TERM,
    THERE,
    R,
    W,
)  # fmt: skip
from leadline.engine.kernel_terms import bound, value_of
from leadline.engine.terms import FADE, FADES, VALUE


@inlined
def fades(p, k):
    """Return whether the term has points that fade now."""
    here = k * TERM
    return p.terms[here + SORT] >= FRESH and p.terms[here + OLD] < p.terms[here + NEW]


@compiled
def weigh(p, k):
    """Sum up, entry by entry, what the trail of a term that fades by halves weighs as of its first activity."""
    here = k * TERM
    begin, end, sort = p.terms[here + BEGIN], p.terms[here + END], FADING_AWAY
    if p.whole[k * W + FADE] == 1 and p.whole[k * W + VALUE] < 0:
        first, fades = p.times[p.trail[begin]], p.real[k * R + FADES]
        if p.times[p.trail[end - 1]] - first < MOST_HALVED * fades:
            sort, total = HALVING, 0.0
            for at in range(begin, end):
                total += 0.5 ** ((first - p.times[p.trail[at]]) / fades)
                p.weights[at] = total
    p.terms[here + SORT] = sort


@inlined
def weigh_at(p, k, t, old, at):
    """Note what an amount that fades is at ``t``: of the entries that have come to count, from ``old`` on."""
    here, amount, new = k * TERM, k * AMOUNT + at, p.terms[k * TERM + NEW]
    fade, fades, negative, positive, doubt = p.whole[k * W + FADE], p.real[k * R + FADES], 0.0, 0.0, 0.0
    if old < new and p.terms[here + SORT] == HALVING:
        begin = p.terms[here + BEGIN]
        halved = (t - p.times[p.trail[begin]]) / fades
        share = 0.5**halved
        positive = share * (p.weights[new - 1] - (p.weights[old - 1] if old > begin else 0.0))
        doubt = SLACK * (new - begin + 2 * halved + 8) * share * p.weights[new - 1]
    else:
        for entry in range(old, new):
            row = p.trail[entry]
            share = share_of(fade, fades, t - p.times[row], value_of(p, k, row))
            negative, positive = negative + min(share, 0.0), positive + max(share, 0.0)
        doubt = SLACK * (new - old + 8) * (positive - negative)
    p.amounts[amount + NEGATIVE], p.amounts[amount + POSITIVE], p.amounts[amount + DOUBT] = negative, positive, doubt


@inlined
def move(p, k, source, target):
    """Copy what was noted at one end of a stretch to the other."""
    for at in range(k * AMOUNT, k * AMOUNT + 3):
        p.amounts[at + target] = p.amounts[at + source]


@inlined
def stand(p, t):
    """Begin a stretch at ``t``, which was looked at by itself; return whether anything fades in it."""
    fading = False
    for k in range(p.many):
        if fades(p, k):
            if p.terms[k * TERM + SORT] != HALVING:
                weigh_at(p, k, t, p.terms[k * TERM + OLD], HERE)
            fading = True
    return fading


@inlined
def go_there(p):
    """Begin a stretch where the last one ends."""
    for k in range(p.many):
        if fades(p, k):
            move(p, k, THERE, HERE)


@inlined
def fade_between(p, here, there):
    """Set the registers of what fades to all that they can be between two instants, of which the first was stood at.

    Whether an estimate is used matters to nothing but time: it widens what can be, so that more has to be looked at. Close to where
    a rule changes that would be every microsecond, so there what matters is summed up afresh.
    """
    for k in range(p.many):
        if p.terms[k * TERM + STEADY] or not fades(p, k):
            continue
        begin, end = k * AMOUNT + HERE, k * AMOUNT + THERE
        weigh_at(p, k, there, p.terms[k * TERM + OLD], THERE)
        doubt = p.amounts[begin + DOUBT] + p.amounts[end + DOUBT]
        least = p.amounts[begin + NEGATIVE] + p.amounts[end + POSITIVE] - doubt
        most = p.amounts[end + NEGATIVE] + p.amounts[begin + POSITIVE] + doubt
        bound(p, k, least, most)
        one_way = p.amounts[begin + NEGATIVE] == 0 or p.amounts[begin + POSITIVE] == 0
        if there - here <= CLOSE_BY and p.low[k] != p.high[k] and one_way:
            one, other = faded(p, k, here), faded(p, k, there)
            bound(p, k, min(one, other), max(one, other))


@inlined
def steady(p, known):
    """Leave alone what doesn't move by a millionth in the stretch that was looked at last; or forget that."""
    for k in range(p.many):
        p.terms[k * TERM + STEADY] = known and p.low[k] == p.high[k]


@compiled
def exactly(p, t):
    """Set the registers of what fades to what they are at ``t``, to the last bit, and begin a stretch there."""
    for k in range(p.many):
        if not fades(p, k):
            continue
        here = k * AMOUNT + HERE
        weigh_at(p, k, t, p.terms[k * TERM + OLD], HERE)
        amount, doubt = p.amounts[here + NEGATIVE] + p.amounts[here + POSITIVE], p.amounts[here + DOUBT]
        bound(p, k, amount - doubt, amount + doubt)
        if p.low[k] == p.high[k]:
            continue
        amount = faded(p, k, t)
        bound(p, k, amount, amount)
        if p.amounts[here + NEGATIVE] == 0 or p.amounts[here + POSITIVE] == 0:
            p.amounts[here + NEGATIVE], p.amounts[here + POSITIVE], p.amounts[here + DOUBT] = min(amount, 0.0), max(amount, 0.0), 0.0


@compiled
def faded(p, k, t):
    """Return what an amount that fades is at ``t``, summed up afresh."""
    amount, fade, fades = 0.0, p.whole[k * W + FADE], p.real[k * R + FADES]
    for at in range(p.terms[k * TERM + OLD], p.terms[k * TERM + NEW]):
        row = p.trail[at]
        amount += share_of(fade, fades, t - p.times[row], value_of(p, k, row))
    return amount
