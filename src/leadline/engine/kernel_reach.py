"""What terms can still become: all that a stretch of a life can bring, told by where their trails begin and end to count."""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false, reportAttributeAccessIssue=false
# ruff: noqa: ANN201, ANN202
# Numba types these functions itself. All of them take the bare memory ``p`` and most the index of a term.

from __future__ import annotations

from leadline.engine.kernel import absences, compiled, inlined, share_of
from leadline.engine.kernel_fading import move, weigh, weigh_at
from leadline.engine.kernel_memory import (
    AMOUNT,
    BEGIN,
    COUNTING,
    DONE,
    DOUBT,
    END,
    FADING_AWAY,
    FEWEST,
    FRESH,
    GONE,
    HERE,
    MORE,
    MOST,
    NEVER_AGAIN,
    NEW,
    OLD,
    POSITIVE,
    SILENT,
    SLACK,
    SORT,
    STEADY,
    SUMMING,
    TERM,
    THERE,
    R,
    W,
)  # fmt: skip
from leadline.engine.kernel_terms import bound, points_of, put, times_given, value_of
from leadline.engine.terms import ABSENT, EVERY, FADE, FADES, KEPT, KIND, NEVER, VALUE, WAIT, WITHIN


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
        weigh(p, k)
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
    weigh_at(p, k, t, p.terms[here + OLD], HERE)
    if t == last:
        move(p, k, HERE, THERE)
    else:
        weigh_at(p, k, last, p.terms[here + GONE], THERE)
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
