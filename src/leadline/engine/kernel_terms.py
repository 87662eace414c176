"""What single terms come to while a life goes on: what counts, what it can still become, and what a moment did to it."""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false, reportAttributeAccessIssue=false
# ruff: noqa: ANN201, ANN202
# Numba types these functions itself. All of them take the bare memory ``p`` and most the index of a term.

from __future__ import annotations

from leadline.engine.kernel import absences, compiled, inlined, of_amount, of_count, rounded, share_of
from leadline.engine.kernel_memory import (
    ACTIVITY,
    AMOUNT,
    ARRIVAL,
    BEGIN,
    CLOSE_BY,
    COUNTING,
    DONE,
    DOUBT,
    END,
    EXPIRY,
    FADING_AWAY,
    FEWEST,
    FRESH,
    GONE,
    HALVING,
    HERE,
    MORE,
    MOST,
    MOST_HALVED,
    NEGATIVE,
    NEVER_AGAIN,
    NEW,
    OLD,
    POSITIVE,
    SILENCE,
    SILENT,
    SLACK,
    SORT,
    STEADY,
    SUMMING,
    TERM,
    THERE,
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


# --- trails ----------------------------------------------------------------------------------------------------------


@compiled
def lay(p, k):
    """Note from when and until when each entry of a new trail counts."""
    here, row = k * TERM, k * W
    begin, end, within, wait = p.terms[here + BEGIN], p.terms[here + END], p.whole[row + WITHIN], p.whole[row + WAIT]
    for at in range(begin, end):
        activity = p.trail[at]
        t = p.times[activity]
        p.froms[at], p.ends[at] = max(p.known[activity], t + wait), t + within
    p.terms[here + OLD] = p.terms[here + NEW] = begin
    p.terms[here + FEWEST], p.terms[here + STEADY] = -1, 0
    kind, sort = p.whole[row + KIND], COUNTING
    if kind > KEPT:
        sort = SILENT if kind == ABSENT else DONE
    elif p.whole[row + FADE]:
        sort = FRESH
    elif p.whole[row + VALUE] >= 0:
        sort = SUMMING
    p.terms[here + SORT] = sort


@compiled
def _weigh(p, k):
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
def advance(p, t, created):
    """Let all terms take in what counts from ``t`` on and let go of what is too old; return when one changes next, save by fading."""
    soon = NEVER_AGAIN
    for k in range(p.many):
        here = k * TERM
        old, new, end = p.terms[here + OLD], p.terms[here + NEW], p.terms[here + END]
        while new < end and p.froms[new] <= t:
            new += 1
        p.terms[here + NEW] = new
        if p.terms[here + SORT] == SILENT:
            soon = min(soon, _silent_until(p, k, t, created))
            continue
        while old < new and p.ends[old] <= t:
            old += 1
        p.terms[here + OLD] = old
        if new < end:
            soon = min(soon, p.froms[new])
        if old < new:
            soon = min(soon, p.ends[old])
    return soon


@inlined
def go_on(p):
    """Let terms come to the end of the stretch that was looked at last."""
    for here in range(0, p.many * TERM, TERM):
        p.terms[here + OLD], p.terms[here + NEW] = p.terms[here + GONE], p.terms[here + MORE]


# --- all that a stretch can bring ------------------------------------------------------------------------------------


@inlined
def reach(p, t, last, created):
    """Set the registers of all terms to what they can be from ``t``, to which they have come, to ``last``.

    If both are the same, only what fades is an estimate.
    """
    for k in range(p.many):
        here = k * TERM
        sort = p.terms[here + SORT]
        if sort == SILENT:
            _reach_silence(p, k, t, last, created)
            continue
        old, new, end = p.terms[here + OLD], p.terms[here + NEW], p.terms[here + END]
        gone, more = old, new
        while more < end and p.froms[more] <= last:
            more += 1
        while gone < more and p.ends[gone] <= last:
            gone += 1
        p.terms[here + GONE], p.terms[here + MORE] = gone, more
        fewest, most = max(0, new - gone), more - old
        if sort >= SUMMING and most:
            p.terms[here + FEWEST] = -1
            _reach_amount(p, k, t, last)
        elif fewest != p.terms[here + FEWEST] or most != p.terms[here + MOST]:
            p.terms[here + FEWEST], p.terms[here + MOST] = fewest, most
            if sort == DONE:
                least, largest = times_given(p, k, min(fewest, 1)), times_given(p, k, min(most, 1))
                put(p, k, min(least, largest), max(least, largest))
            else:
                bound(p, k, float(fewest), float(most))


@inlined
def _reach_amount(p, k, t, last):
    """Set the register of a term with values, or that fades."""
    here, fade = k * TERM, p.whole[k * W + FADE]
    old, new, gone, more = p.terms[here + OLD], p.terms[here + NEW], p.terms[here + GONE], p.terms[here + MORE]
    if old == gone and new == more and not fade:
        points = points_of(p, k, old, new, t)
        put(p, k, points, points)
        return
    if p.terms[here + SORT] == FRESH and old < new:
        _weigh(p, k)
    if p.terms[here + SORT] > SUMMING and p.terms[here + SORT] != FADING_AWAY and p.whole[k * W + VALUE] < 0:
        _reach_weight(p, k, t, last)
        return
    least = most = size = 0.0
    for at in range(old, more):
        row = p.trail[at]
        value, first = value_of(p, k, row), max(t, p.froms[at]) - p.times[row]
        large = share_of(fade, p.real[k * R + FADES], first, value)
        small = share_of(fade, p.real[k * R + FADES], last - p.times[row], value) if gone <= at < new else 0.0
        least, most = (least + small, most + large) if value > 0 else (least + large, most + small)
        size += abs(large)
    doubt = SLACK * (more - old + 8) * size
    bound(p, k, least - doubt, most + doubt)


@inlined
def _reach_weight(p, k, t, last):
    """Set the register of a term that fades and has no values; what begins to count on the way weighs one at most."""
    here, amount = k * TERM, k * AMOUNT
    _weigh_at(p, k, t, p.terms[here + OLD], HERE)
    if t == last:
        _move(p, k, HERE, THERE)
    else:
        _weigh_at(p, k, last, p.terms[here + GONE], THERE)
    least = p.amounts[amount + THERE + POSITIVE] - p.amounts[amount + THERE + DOUBT]
    most = p.amounts[amount + HERE + POSITIVE] + p.amounts[amount + HERE + DOUBT]
    bound(p, k, max(least, 0.0), most + (p.terms[here + MORE] - p.terms[here + NEW]))


@inlined
def _reach_silence(p, k, t, last, created):
    """Set the register of an absence."""
    here, within, every = k * TERM, p.whole[k * W + WITHIN], p.whole[k * W + EVERY]
    more, end, since = p.terms[here + NEW], p.terms[here + END], _silent_since(p, k, created)
    fewest = most = absences(since, within, every, t)
    while more < end and p.froms[more] <= last:
        if since == NEVER or p.froms[more] - since > within:
            most = max(most, absences(since, within, every, p.froms[more] - 1))
        since = max(p.times[p.trail[more]], created)
        fewest, more = 0, more + 1
    most = max(most, absences(since, within, every, last))
    p.terms[here + MORE] = more
    least, largest = times_given(p, k, fewest), times_given(p, k, most)
    put(p, k, min(least, largest), max(least, largest))


@inlined
def _silent_since(p, k, created):
    new = p.terms[k * TERM + NEW]
    return max(p.times[p.trail[new - 1]] if new > p.terms[k * TERM + BEGIN] else NEVER, created)


@inlined
def _silent_until(p, k, t, created):
    """Return when an absence changes next; what comes before a silence is over only puts it off."""
    within, every, new = p.whole[k * W + WITHIN], p.whole[k * W + EVERY], p.terms[k * TERM + NEW]
    since = _silent_since(p, k, created)
    count = absences(since, within, every, t)
    if count == 0:
        return since + within
    soon = p.froms[new] if new < p.terms[k * TERM + END] else NEVER_AGAIN
    if every and since != NEVER and times_given(p, k, count + 1) != times_given(p, k, count):
        soon = min(soon, since + within + count * every)
    return soon


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


# --- what fades while nothing else changes ---------------------------------------------------------------------------


@inlined
def fades(p, k):
    """Return whether the term has points that fade now."""
    here = k * TERM
    return p.terms[here + SORT] >= FRESH and p.terms[here + OLD] < p.terms[here + NEW]


@inlined
def _weigh_at(p, k, t, old, at):
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
def _move(p, k, source, target):
    for at in range(k * AMOUNT, k * AMOUNT + 3):
        p.amounts[at + target] = p.amounts[at + source]


@inlined
def stand(p, t):
    """Begin a stretch at ``t``; return whether anything fades in it."""
    fading = False
    for k in range(p.many):
        if fades(p, k):
            _weigh_at(p, k, t, p.terms[k * TERM + OLD], HERE)
            fading = True
    return fading


@inlined
def go_there(p):
    """Begin a stretch where the last one ends."""
    for k in range(p.many):
        if fades(p, k):
            _move(p, k, THERE, HERE)


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
        _weigh_at(p, k, there, p.terms[k * TERM + OLD], THERE)
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
        amount = faded(p, k, t)
        points = worth(p, k, amount)
        put(p, k, points, points)
        _weigh_at(p, k, t, p.terms[k * TERM + OLD], HERE)
        here = k * AMOUNT + HERE
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
