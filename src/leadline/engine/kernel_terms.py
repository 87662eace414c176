"""What single terms come to: their points, their registers, and what a moment did to them."""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false, reportAttributeAccessIssue=false
# ruff: noqa: ANN201
# Numba types these functions itself. All of them take the bare memory ``p`` and most the index of a term.

from __future__ import annotations

from leadline.engine.kernel import absences, compiled, inlined, of_amount, of_count, rounded, share_of
from leadline.engine.kernel_memory import ACTIVITY, ARRIVAL, BEGIN, EXPIRY, NEW, OLD, SILENCE, TERM, WAITED, R, W
from leadline.engine.terms import ABSENT, AT_LEAST, AT_MOST, COUNTED, EVERY, FADE, FADES, KEPT, KIND, LIMIT, NEVER, POINTS, VALUE, WITHIN


@inlined
def value_of(p, k, row):
    """Return what an activity adds to the amount while it is young."""
    value = p.whole[k * W + VALUE]
    return 1.0 if value < 0 else p.values[row * p.summed + value]


@inlined
def times_given(p, k, count):
    """Return the micro-points of term ``k`` if its points are given so many times."""
    return of_count(p.real[k * R + POINTS], p.real[k * R + LIMIT], count)


@inlined
def worth(p, k, amount):
    """Return the micro-points of term ``k`` for an amount."""
    at = k * R
    return of_amount(p.real[at + POINTS], p.real[at + LIMIT], p.whole[k * W + COUNTED], p.real[at + AT_LEAST], p.real[at + AT_MOST], amount)


@inlined
def put(p, register, low, high):
    """Set what a register can be, and what follows for the sums of its groups."""
    lower, higher = low - p.low[register], high - p.high[register]
    if lower == 0 and higher == 0:
        return
    p.low[register], p.high[register] = low, high
    for at in range(p.starts[register], p.starts[register + 1]):
        p.raw[2 * p.listed[at]] += lower
        p.raw[2 * p.listed[at] + 1] += higher


@inlined
def bound(p, k, least, most):
    """Set the register of a term whose amount lies between two numbers."""
    if p.whole[k * W + COUNTED]:
        at_least, at_most = p.real[k * R + AT_LEAST], p.real[k * R + AT_MOST]
        least, most = rounded(least) / 1e6, rounded(most) / 1e6
        given = times_given(p, k, 1) if least <= at_most and most >= at_least else 0
        other = given if least >= at_least and most <= at_most else 0
    else:
        given, other = worth(p, k, least), worth(p, k, most)
    put(p, k, min(given, other), max(given, other))


@compiled
def points_of(p, k, old, new, t):
    """Return the micro-points of a term, not an absence, for a part of its trail: the stateless sum."""
    if p.whole[k * W + KIND] > KEPT:
        return times_given(p, k, 1 if old < new else 0)
    amount, fade = 0.0, p.whole[k * W + FADE]
    if p.whole[k * W + VALUE] < 0 and not fade:
        amount = float(new - old)
    else:
        for at in range(old, new):
            row = p.trail[at]
            amount += share_of(fade, p.real[k * R + FADES], t - p.times[row], value_of(p, k, row))
    return worth(p, k, amount)


@compiled
def untouched(p, k, created, t):
    """Return the micro-points of a term at ``t`` without what happened to it at ``t``, and what that was (-1 for nothing)."""
    here, how = k * TERM, -1
    begin, old, new = p.terms[here + BEGIN], p.terms[here + OLD], p.terms[here + NEW]
    while new > begin and p.froms[new - 1] == t:
        new -= 1
        row = p.trail[new]
        how = ACTIVITY if p.times[row] == t else ARRIVAL if p.known[row] == t else WAITED
    if p.whole[k * W + KIND] == ABSENT:
        since = max(p.times[p.trail[new - 1]] if new > begin else NEVER, created)
        at = t if how >= 0 else t - 1
        count = absences(since, p.whole[k * W + WITHIN], p.whole[k * W + EVERY], at)
        return times_given(p, k, count), how if how >= 0 else SILENCE
    while old > begin and p.ends[old - 1] == t:
        old -= 1
        how = EXPIRY if how < 0 else how
    return points_of(p, k, min(old, new), new, t), how
