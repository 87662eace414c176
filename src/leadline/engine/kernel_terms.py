"""What single terms come to while a life goes on: what counts, what it can still become, and what a moment did to it."""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false, reportAttributeAccessIssue=false
# ruff: noqa: ANN201
# Numba types these functions itself. All of them take the bare memory ``p`` and the index of a term.

from __future__ import annotations

from leadline.engine.kernel import absences, compiled, of_amount, of_count, rounded, share_of
from leadline.engine.kernel_memory import (
    ACTIVITY,
    ARRIVAL,
    BEGIN,
    CLOSE_BY,
    END,
    EXPIRY,
    LATER,
    LEAST,
    LEAST_END,
    LEAST_THEN,
    MANY,
    MOST,
    MOST_END,
    MOST_HALVED,
    MOST_THEN,
    MOST_WEIGHED,
    NEVER_AGAIN,
    NEW,
    NOISE,
    OLD,
    QUICK,
    SILENCE,
    SOON,
    WAITED,
    R,
    W,
)  # fmt: skip
from leadline.engine.terms import (
    ABSENT,
    AT_LEAST,
    AT_MOST,
    COUNTED,
    EVERY,
    FADE,
    FADES,
    KEPT,
    KIND,
    LIMIT,
    NEVER,
    POINTS,
    VALUE,
    WAIT,
    WITHIN,
)  # fmt: skip


@compiled
def counts_from(p, k, at):
    """Return the instant from which an entry of the trail counts."""
    row = p.trail[at]
    return max(p.known[row], p.times[row] + p.whole[k * W + WAIT])


@compiled
def ends_at(p, k, at):
    """Return the instant from which an entry of the trail is too old."""
    return p.times[p.trail[at]] + p.whole[k * W + WITHIN]


@compiled
def value_of(p, k, row):
    """Return what an activity adds to the amount while it is young."""
    value = p.whole[k * W + VALUE]
    return 1.0 if value < 0 else p.values[row * p.summed + value]


@compiled
def times_given(p, k, count):
    """Return the micro-points of term ``k`` if its points are given so many times."""
    return of_count(p.real[k * R + POINTS], p.real[k * R + LIMIT], count)


@compiled
def worth(p, k, amount):
    """Return the micro-points of term ``k`` for an amount."""
    at = k * R
    return of_amount(p.real[at + POINTS], p.real[at + LIMIT], p.whole[k * W + COUNTED], p.real[at + AT_LEAST], p.real[at + AT_MOST], amount)


@compiled
def renew(p, k, t):
    """Begin a new trail at ``t``."""
    many = p.many
    p.terms[OLD * many + k] = p.terms[NEW * many + k] = p.terms[BEGIN * many + k]
    p.amounts[LEAST * many + k] = p.amounts[MOST * many + k] = 0.0
    weigh(p, k)
    take(p, k, t)
    roughly(p, k)


@compiled
def weigh(p, k):
    """Sum up, entry by entry, what the trail of a term that fades by halves weighs as of its first activity."""
    begin, end, quick = p.terms[BEGIN * p.many + k], p.terms[END * p.many + k], False
    if p.whole[k * W + FADE] == 1 and p.whole[k * W + VALUE] < 0 and begin < end <= begin + MOST_WEIGHED:
        first, fades = p.times[p.trail[begin]], p.real[k * R + FADES]
        quick = p.times[p.trail[end - 1]] - first < MOST_HALVED * fades
        total = 0.0
        for at in range(begin, end if quick else begin):
            total += 0.5 ** ((first - p.times[p.trail[at]]) / fades)
            p.weights[at] = total
    p.terms[QUICK * p.many + k] = quick


@compiled
def take(p, k, t):
    """Let term ``k`` take in what counts from ``t`` on; what an absence makes of it is looked at when it matters."""
    many = p.many
    if p.whole[k * W + KIND] == ABSENT:
        p.terms[SOON * many + k] = NEVER_AGAIN
        return
    new, end = p.terms[NEW * many + k], p.terms[END * many + k]
    soon = NEVER_AGAIN
    while new < end:
        soon = counts_from(p, k, new)
        if soon > t:
            break
        soon = NEVER_AGAIN
        if ends_at(p, k, new) > t:
            value = value_of(p, k, p.trail[new])
            p.amounts[(MOST if value > 0 else LEAST) * many + k] += value
        new += 1
    p.terms[NEW * many + k], p.terms[SOON * many + k] = new, soon


@compiled
def roughly(p, k):
    """Set the register of term ``k`` to all that it can be until more counts; return whether that changed."""
    many, kind = p.many, p.whole[k * W + KIND]
    if kind <= KEPT:
        least, most = p.amounts[LEAST * many + k], p.amounts[MOST * many + k]
        return bound(p, k, min(0.0, least * (1 + NOISE)), max(0.0, most * (1 + NOISE)))
    some = kind == ABSENT or p.terms[OLD * many + k] < p.terms[NEW * many + k]
    points = times_given(p, k, MANY if p.whole[k * W + EVERY] else 1 if some else 0)
    return put(p, k, min(points, 0), max(points, 0))


@compiled
def sync(p, k, t, created):
    """Let go of what doesn't count at ``t``, set the register of term ``k`` unless it fades, and say when less counts."""
    many, kind = p.many, p.whole[k * W + KIND]
    if kind == ABSENT:
        silence(p, k, t, created)
        return
    old, new = p.terms[OLD * many + k], p.terms[NEW * many + k]
    while old < new and ends_at(p, k, old) <= t:
        old += 1
    p.terms[OLD * many + k] = old
    p.terms[LATER * many + k] = ends_at(p, k, old) if old < new else NEVER_AGAIN
    if old < new and kind <= KEPT and p.whole[k * W + FADE]:
        return
    least = most = 0.0
    if kind <= KEPT:
        for at in range(old, new):
            value = value_of(p, k, p.trail[at])
            if value > 0:
                most += value
            else:
                least += value
    p.amounts[LEAST * many + k], p.amounts[MOST * many + k] = least, most
    points = points_of(p, k, old, new, t)
    put(p, k, points, points)


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
def silence(p, k, t, created):
    """Set the register of an absence at ``t``, and say when it changes next."""
    many, within, every = p.many, p.whole[k * W + WITHIN], p.whole[k * W + EVERY]
    new, end = p.terms[NEW * many + k], p.terms[END * many + k]
    while new < end and counts_from(p, k, new) <= t:
        new += 1
    p.terms[NEW * many + k] = new
    since = max(p.times[p.trail[new - 1]] if new > p.terms[BEGIN * many + k] else NEVER, created)
    count = absences(since, within, every, t)
    points = times_given(p, k, count)
    put(p, k, points, points)
    if count == 0:  # what comes before the silence is over only puts it off
        p.terms[LATER * many + k] = since + within
        return
    later = counts_from(p, k, new) if new < end else NEVER_AGAIN
    if every and since != NEVER and times_given(p, k, count + 1) != points:
        later = min(later, since + within + count * every)
    p.terms[LATER * many + k] = later


@compiled
def put(p, register, low, high):
    """Set what a register can be, and what follows for the sums of its groups; return whether anything changed."""
    lower, higher = low - p.low[register], high - p.high[register]
    if lower == 0 and higher == 0:
        return False
    p.low[register], p.high[register] = low, high
    for at in range(p.starts[register], p.starts[register + 1]):
        p.raw[2 * p.listed[at]] += lower
        p.raw[2 * p.listed[at] + 1] += higher
    return True


@compiled
def bound(p, k, least, most):
    """Set the register of a term whose amount lies between two numbers; return whether anything changed."""
    if p.whole[k * W + COUNTED]:
        at_least, at_most = p.real[k * R + AT_LEAST], p.real[k * R + AT_MOST]
        least, most = rounded(least) / 1e6, rounded(most) / 1e6
        given = times_given(p, k, 1) if least <= at_most and most >= at_least else 0
        other = given if least >= at_least and most <= at_most else 0
    else:
        given, other = worth(p, k, least), worth(p, k, most)
    return put(p, k, min(given, other), max(given, other))


@compiled
def fades(p, k):
    """Return whether the term has points that fade now."""
    at = k * W
    return p.whole[at + FADE] != 0 and p.whole[at + KIND] <= KEPT and p.terms[OLD * p.many + k] < p.terms[NEW * p.many + k]


@compiled
def nearly(p, t):
    """Set the registers of what fades to what they are at ``t``, within noise; return whether anything does."""
    fading, many = False, p.many
    for k in range(many):
        if not fades(p, k):
            continue
        fading = True
        if p.terms[QUICK * many + k]:
            begin, old, new = p.terms[BEGIN * many + k], p.terms[OLD * many + k], p.terms[NEW * many + k]
            weight = p.weights[new - 1] - (p.weights[old - 1] if old > begin else 0.0)
            amount = weight * 0.5 ** ((t - p.times[p.trail[begin]]) / p.real[k * R + FADES])
            p.amounts[LEAST_THEN * many + k], p.amounts[MOST_THEN * many + k] = 0.0, amount
            bound(p, k, amount * (1 - NOISE), amount * (1 + NOISE))
        else:
            points = worth(p, k, faded(p, k, t, LEAST_THEN))
            put(p, k, points, points)
    return fading


@compiled
def exactly(p, t):
    """Set the registers of what fades to what they are at ``t``, to the last bit."""
    for k in range(p.many):
        if fades(p, k):
            points = worth(p, k, faded(p, k, t, LEAST_THEN))
            put(p, k, points, points)


@compiled
def faded(p, k, t, into):
    """Return an amount at ``t``, and leave what of it is negative and positive in two columns."""
    amount = least = most = 0.0
    fade, fades = p.whole[k * W + FADE], p.real[k * R + FADES]
    for at in range(p.terms[OLD * p.many + k], p.terms[NEW * p.many + k]):
        row = p.trail[at]
        share = share_of(fade, fades, t - p.times[row], value_of(p, k, row))
        amount += share
        if share > 0:
            most += share
        else:
            least += share
    p.amounts[into * p.many + k], p.amounts[(into + 1) * p.many + k] = least, most
    return amount


@compiled
def fade_between(p, here, there, sharp):
    """Set the registers of what fades to all that they can be between two instants, of which the first is ``sharp`` if it is no estimate.

    Whether an estimate is used matters to nothing but time: it widens what can be, so that more has to be looked at. Close to where
    a rule changes that would be every microsecond, so there nothing is estimated.
    """
    many, amounts = p.many, p.amounts
    close = there - here <= CLOSE_BY
    for k in range(many):
        if not fades(p, k):
            continue
        if close:
            faded(p, k, here, LEAST_THEN)
        if close or p.whole[k * W + FADE] != 1:
            faded(p, k, there, LEAST_END)
        else:
            weight = share_of(1, p.real[k * R + FADES], there - here, 1.0)
            amounts[LEAST_END * many + k] = weight * amounts[LEAST_THEN * many + k]
            amounts[MOST_END * many + k] = weight * amounts[MOST_THEN * many + k]
        least, most = amounts[LEAST_THEN * many + k], amounts[MOST_THEN * many + k]
        mixed = least != 0 and most != 0  # then the sum of both isn't what it is in the order of time
        then, end = NOISE if mixed or not (sharp or close) else 0.0, NOISE if mixed or not close else 0.0
        bound(
            p,
            k,
            least * (1 + then) + amounts[MOST_END * many + k] * (1 - end),
            most * (1 + then) + amounts[LEAST_END * many + k] * (1 - end),
        )


@compiled
def carry(p, source, target, by):
    """Copy the two columns of amounts that fade, somewhat larger if asked."""
    for k in range(p.many):
        if fades(p, k):
            for at in range(2):
                p.amounts[(target + at) * p.many + k] = p.amounts[(source + at) * p.many + k] * by


@compiled
def untouched(p, k, created, t):
    """Return the micro-points of a term at ``t`` without what happened to it at ``t``, and what that was (-1 for nothing)."""
    many = p.many
    begin, old, new, how = p.terms[BEGIN * many + k], p.terms[OLD * many + k], p.terms[NEW * many + k], -1
    while new > begin and counts_from(p, k, new - 1) == t:
        new -= 1
        row = p.trail[new]
        how = ACTIVITY if p.times[row] == t else ARRIVAL if p.known[row] == t else WAITED
    if p.whole[k * W + KIND] == ABSENT:
        since = max(p.times[p.trail[new - 1]] if new > begin else NEVER, created)
        at = t if how >= 0 else t - 1
        count = absences(since, p.whole[k * W + WITHIN], p.whole[k * W + EVERY], at)
        return times_given(p, k, count), how if how >= 0 else SILENCE
    while old > begin and ends_at(p, k, old - 1) == t:
        old -= 1
        how = EXPIRY if how < 0 else how
    return points_of(p, k, min(old, new), new, t), how
