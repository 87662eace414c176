"""The kernel at every candidate instant: one pass over each person's life, with all courses followed at once.

A candidate is an instant at which something can change: an activity or its arrival, the end of a wait or of a window, a
step of a silence, a new segment of attributes, a new era of definitions. Rules are judged over what points *can* be
(:mod:`leadline.engine.judge`), in three steps of care, of which most instants need only the first:

1. From one instant at which more can count (an activity, an attribute) to the next: what counts now may fade or expire, silences
   may last. If no rule can change its answer by that, all that lies between is passed over.
2. Else the ends of windows and the steps of silences between the two are visited, each with exact points.
3. Between two of those only what fades moves. Where that may decide, the stretch is halved until the microsecond is found.

Points at an instant are the stateless sums over the trail that :func:`leadline.engine.kernel.measure` leaves, in its order, so they
are those of ``score`` to the last bit. Everything that allocates is done by the caller (:mod:`leadline.engine.replay`).
"""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false, reportAttributeAccessIssue=false
# ruff: noqa: ANN202
# Numba types these functions itself; a walk through a life is one long loop over what can happen next.

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from leadline.engine.judge import flat, run
from leadline.engine.kernel import absences, compiled, measure, of_amount, of_count, rounded, share_of
from leadline.engine.terms import (
    ABSENT,
    AT_LEAST,
    AT_MOST,
    COUNTED,
    EVERY,
    FADE,
    FADES,
    FIRST_NEED,
    KEPT,
    KIND,
    LAST_NEED,
    LIMIT,
    NEVER,
    POINTS,
    REAL,
    VALUE,
    WAIT,
    WHOLE,
    WITHIN,
)  # fmt: skip

if TYPE_CHECKING:
    from leadline.engine.rehearsal import Rules
    from leadline.engine.terms import Real, State, Table, Whole

NEVER_AGAIN = 1 << 62
BEGIN, END, OLD, NEW, SOON, LATER = range(6)
"""Of a term: where its trail begins and ends, from where to where it counts now, when more counts, and when less does."""
LEAST, MOST, LEAST_THEN, MOST_THEN, LEAST_END, MOST_END = range(6)
"""Of an amount: bounds from now on; if it fades what of it is negative and positive at the beginning of a stretch, and at its end."""
MANY = 1 << 20
W, R = len(WHOLE) + 2, len(REAL)
CAUSES = ("activity", "arrival", "wait", "expiry", "silence", "attribute")
ACTIVITY, ARRIVAL, WAITED, EXPIRY, SILENCE, ATTRIBUTE = range(6)
OTHER_CAUSES = ("fading", "attribute", "creation", "definition", "always")
FADING, ATTRIBUTES, CREATION, DEFINITION, SINCE_EVER = range(5)
"""Causes that name a register, and those that don't."""
ROWS, SEGMENTS = 0, 2
SEGMENT, TRACK, AT, ENTERS, CAUSE, SCORE = range(6)
STATUS, WRITTEN, WANTED = range(3)
FINE, FULL, TOO_LONG, ENDLESS = range(4)
MOST_HALVINGS = 100_000


class Links(NamedTuple):
    """What follows from rules, laid out for the kernel.

    Attributes:
        starts: By register of a term or a criterion on attributes, where its groups begin in ``groups``; and one more.
        groups: The groups that a register counts in.
        concerns: (Era × tracks + track) × register: 1 if the register can be the cause.
    """

    starts: Whole
    groups: Whole
    concerns: Whole


class Facts(NamedTuple):
    """History and segments of some people; ``people``: person × (rows from, to, segments from, to)."""

    times: Whole
    known: Whole
    masks: Whole
    account_masks: Whole
    account: Whole
    values: Real
    people: Whole
    begins: Whole
    created: Whole
    exists: Whole
    at_account: Whole
    points: Whole
    slots: Real


class Work(NamedTuple):
    """Scratch, big enough for the longest timeline.

    Attributes:
        times, known, masks, values: The activities of an epoch: an interval in which the account stays and nothing arrives late.
        trail, filled: See :func:`leadline.engine.kernel.measure`.
        terms: (``BEGIN`` … ``LATER``) × term.
        amounts: (``LEAST`` … ``MOST_END``) × term.
        low, high: By register, what it can be.
        raw: Group × (least, most) of its sum.
        inside: By track, 1 during a spell.
        stack: For judging.
    """

    times: Whole
    known: Whole
    masks: Whole
    values: Real
    trail: Whole
    filled: Whole
    terms: Whole
    amounts: Real
    low: Whole
    high: Whole
    raw: Whole
    inside: Whole
    stack: Real


class Out(NamedTuple):
    """Transitions: row × (``SEGMENT`` … ``SCORE``), their points by register, and how it went (``STATUS`` … ``WANTED``)."""

    rows: Whole
    points: Whole
    report: Whole


class Bare(NamedTuple):
    """All of the above as bare memory, row after row, and how wide and long it is: numba counts references to arrays."""

    many: int
    attributes: int
    slotted: int
    groupings: int
    totals: int
    summed: int
    tracks: int
    eras_end: int
    room: int
    whole: Whole
    real: Real
    groups: Whole
    scales: Real
    scores: Whole
    ops: Whole
    constants: Real
    eras: Whole
    enter: Whole
    leave: Whole
    score_of: Whole
    starts: Whole
    listed: Whole
    concerns: Whole
    begins: Whole
    exists: Whole
    points: Whole
    slots: Real
    times: Whole
    known: Whole
    values: Real
    trail: Whole
    terms: Whole
    amounts: Real
    low: Whole
    high: Whole
    raw: Whole
    inside: Whole
    stack: Real
    rows: Whole
    kept: Whole
    report: Whole


@compiled
def _bare(table, rules, links, facts, work, out):
    return Bare(
        len(table.whole), facts.points.shape[1], facts.slots.shape[1], len(rules.groups), len(work.low), work.values.shape[1],
        rules.enter.shape[1], len(rules.eras), len(out.rows), flat(table.whole), flat(table.real), flat(rules.groups), flat(rules.scales),
        flat(rules.scores), flat(rules.ops), flat(rules.constants), flat(rules.eras), flat(rules.enter), flat(rules.leave),
        flat(rules.score_of), flat(links.starts), flat(links.groups), flat(links.concerns), flat(facts.begins), flat(facts.exists),
        flat(facts.points), flat(facts.slots), flat(work.times), flat(work.known), flat(work.values), flat(work.trail), flat(work.terms),
        flat(work.amounts), flat(work.low), flat(work.high), flat(work.raw), flat(work.inside), flat(work.stack), flat(out.rows),
        flat(out.points), flat(out.report),
    )  # fmt: skip


@compiled
def replay_people(
    table: Table, state: State, rules: Rules, links: Links, facts: Facts, work: Work, out: Out, first: int, until: int
) -> int:
    """Follow people from index ``first`` on, and return the index of the first that is left over.

    It stops early where something is too small; ``out.report`` says what. Then the caller makes it larger and goes on.
    """
    written = 0
    out.report[STATUS] = FINE
    p, pairs = _bare(table, rules, links, facts, work, out), len(rules.scores)
    for person in range(first, len(facts.people)):
        done = _follow(p, pairs, table, state, facts, work, person, written, until)
        out.report[WRITTEN] = written
        if done < 0:
            return person
        written = done
    out.report[WRITTEN] = written
    return len(facts.people)


@compiled
def _follow(p, pairs, table, state, facts, work, person, written, until):
    """Write the transitions of a person; return the rows written so far, or -1 if something was too small."""
    segment, end = facts.people[person, SEGMENTS], facts.people[person, SEGMENTS + 1]
    if segment >= end:
        return written
    created, many = facts.created[segment], p.many
    for at in range(p.tracks):
        p.inside[at] = 0
    for at in range(p.totals):
        p.low[at] = p.high[at] = 0
    for at in range(2 * p.groupings):
        p.raw[at] = 0
    t, era, epoch_end, hot, fresh = p.begins[segment], 0, NEVER, True, True
    while t <= until:
        special, changed = FADING, fresh
        while era + 1 < p.eras_end and p.eras[era + 1] <= t:
            era, special = era + 1, DEFINITION
        while segment + 1 < end and p.begins[segment + 1] <= t:
            segment, fresh = segment + 1, True
        if fresh:
            special = SINCE_EVER if t == NEVER else CREATION if t == created or epoch_end == NEVER else ATTRIBUTES
            for at in range(p.attributes):
                value = p.points[segment * p.attributes + at]
                _set(p, many + at, value, value)
        if t >= epoch_end:  # always so at first
            epoch_end, changed = _epoch_end(facts, person, segment, t), True
            if not _begin_epoch(table, state, facts, work, p.report, person, segment, epoch_end):
                return -1
            for k in range(many):
                p.terms[OLD * many + k] = p.terms[NEW * many + k] = p.terms[BEGIN * many + k]
                p.amounts[LEAST * many + k] = p.amounts[MOST * many + k] = 0.0
                _take(p, k, t)
                _roughly(p, k)
        else:
            for k in range(many):
                if p.terms[SOON * many + k] <= t:
                    _take(p, k, t)
                    changed = _roughly(p, k) or changed
        upcoming = min(epoch_end, p.begins[segment + 1] if segment + 1 < end else NEVER_AGAIN)
        upcoming = min(upcoming, p.eras[era + 1] if era + 1 < p.eras_end else NEVER_AGAIN)
        for k in range(many):
            upcoming = min(upcoming, p.terms[SOON * many + k])
        if p.exists[segment]:
            if changed or special != FADING:
                hot = _may_change(p, pairs, era, segment)
            if hot:
                written = _visit(p, pairs, written, era, segment, created, t, min(upcoming - 1, until), special)
                if written < 0:
                    return -1
                for k in range(many):
                    _roughly(p, k)
                hot = _may_change(p, pairs, era, segment)
        t, fresh = upcoming, False
    return written


@compiled
def _epoch_end(facts, person, segment, t):
    """Return the next instant after ``t`` at which the account changes, or something arrives into the past."""
    end = NEVER_AGAIN
    if facts.account_masks.size:
        for later in range(segment + 1, facts.people[person, SEGMENTS + 1]):
            if facts.at_account[later] != facts.at_account[segment] and facts.begins[later] > t:
                end = facts.begins[later]
                break
    times, known = facts.times, facts.known
    at, first = facts.people[person, ROWS + 1] - 1, facts.people[person, ROWS]
    earliest = NEVER_AGAIN  # of what occurred at this instant or later
    while at >= first:
        tie = at
        while tie >= first and times[tie] == times[at]:
            earliest = min(earliest, known[tie])
            tie -= 1
        for row in range(tie + 1, at + 1):
            if known[row] > earliest and t < known[row] < end:
                end = known[row]
        at = tie
    return end


@compiled
def _begin_epoch(table, state, facts, work, report, person, segment, epoch_end):
    """Lay out what is known before the epoch ends, and the trails of all terms; return whether there was room."""
    rows, first = 0, facts.people[person, ROWS]
    last, words, many = facts.people[person, ROWS + 1], facts.masks.shape[1], len(table.whole)
    if last - first >= work.times.size:
        report[STATUS], report[WANTED] = TOO_LONG, last - first
        return False
    account = facts.at_account[segment]
    for row in range(first, last):
        if facts.known[row] >= epoch_end:
            continue
        some = 0
        for word in range(words):
            mask = facts.masks[row, word]
            if facts.account_masks.size and account >= 0 and facts.account[row] == account:
                mask |= facts.account_masks[row, word]
            work.masks[rows, word] = mask
            some |= mask
        if some:
            work.times[rows], work.known[rows] = facts.times[row], facts.known[row]
            for value in range(facts.values.shape[1]):
                work.values[rows, value] = facts.values[row, value]
            rows += 1
    begin = 0
    for k in range(many):
        work.terms[BEGIN, k] = work.filled[k] = begin
        begin += rows * (table.whole[k, LAST_NEED] - table.whole[k, FIRST_NEED])
    measure(table, state, work.times, work.masks, work.values, 0, rows, 0, work.values[:0], work.trail, work.filled)
    for k in range(many):
        work.terms[END, k] = work.filled[k]
    return True


@compiled
def _counts_from(p, k, at):
    row = p.trail[at]
    return max(p.known[row], p.times[row] + p.whole[k * W + WAIT])


@compiled
def _ends_at(p, k, at):
    return p.times[p.trail[at]] + p.whole[k * W + WITHIN]


@compiled
def _value(p, k, row):
    value = p.whole[k * W + VALUE]
    return 1.0 if value < 0 else p.values[row * p.summed + value]


@compiled
def _times(p, k, count):
    """Return the micro-points of term ``k`` if its points are given so many times."""
    return of_count(p.real[k * R + POINTS], p.real[k * R + LIMIT], count)


@compiled
def _worth(p, k, amount):
    """Return the micro-points of term ``k`` for an amount."""
    at = k * R
    return of_amount(p.real[at + POINTS], p.real[at + LIMIT], p.whole[k * W + COUNTED], p.real[at + AT_LEAST], p.real[at + AT_MOST], amount)


@compiled
def _take(p, k, t):
    """Let term ``k`` take in what counts from ``t`` on; what an absence makes of it is looked at when it matters."""
    many = p.many
    if p.whole[k * W + KIND] == ABSENT:
        p.terms[SOON * many + k] = NEVER_AGAIN
        return
    new, end = p.terms[NEW * many + k], p.terms[END * many + k]
    soon = NEVER_AGAIN
    while new < end:
        soon = _counts_from(p, k, new)
        if soon > t:
            break
        soon = NEVER_AGAIN
        if _ends_at(p, k, new) > t:
            value = _value(p, k, p.trail[new])
            p.amounts[(MOST if value > 0 else LEAST) * many + k] += value
        new += 1
    p.terms[NEW * many + k], p.terms[SOON * many + k] = new, soon


@compiled
def _roughly(p, k):
    """Set the register of term ``k`` to all that it can be until more counts; return whether that changed."""
    many, kind = p.many, p.whole[k * W + KIND]
    if kind <= KEPT:
        return _bound(p, k, min(0.0, p.amounts[LEAST * many + k]), max(0.0, p.amounts[MOST * many + k]))
    some = kind == ABSENT or p.terms[OLD * many + k] < p.terms[NEW * many + k]
    points = _times(p, k, MANY if p.whole[k * W + EVERY] else 1 if some else 0)
    return _set(p, k, min(points, 0), max(points, 0))


@compiled
def _sync(p, k, t, created):
    """Let go of what doesn't count at ``t``, set the register of term ``k`` unless it fades, and say when less counts."""
    many, kind = p.many, p.whole[k * W + KIND]
    if kind == ABSENT:
        _silence(p, k, t, created)
        return
    old, new = p.terms[OLD * many + k], p.terms[NEW * many + k]
    while old < new and _ends_at(p, k, old) <= t:
        old += 1
    p.terms[OLD * many + k] = old
    p.terms[LATER * many + k] = _ends_at(p, k, old) if old < new else NEVER_AGAIN
    if old < new and kind <= KEPT and p.whole[k * W + FADE]:
        return
    least = most = 0.0
    if kind <= KEPT:
        for at in range(old, new):
            value = _value(p, k, p.trail[at])
            if value > 0:
                most += value
            else:
                least += value
    p.amounts[LEAST * many + k], p.amounts[MOST * many + k] = least, most
    points = _points(p, k, old, new, t)
    _set(p, k, points, points)


@compiled
def _points(p, k, old, new, t):
    """Return the micro-points of a term, not an absence, for a part of its trail: the stateless sum."""
    if p.whole[k * W + KIND] > KEPT:
        return _times(p, k, 1 if old < new else 0)
    amount, fade = 0.0, p.whole[k * W + FADE]
    if p.whole[k * W + VALUE] < 0 and not fade:
        amount = float(new - old)
    else:
        for at in range(old, new):
            row = p.trail[at]
            amount += share_of(fade, p.real[k * R + FADES], t - p.times[row], _value(p, k, row))
    return _worth(p, k, amount)


@compiled
def _silence(p, k, t, created):
    """Set the register of an absence at ``t``, and say when it changes next."""
    many, within, every = p.many, p.whole[k * W + WITHIN], p.whole[k * W + EVERY]
    new, end = p.terms[NEW * many + k], p.terms[END * many + k]
    while new < end and _counts_from(p, k, new) <= t:
        new += 1
    p.terms[NEW * many + k] = new
    since = max(p.times[p.trail[new - 1]] if new > p.terms[BEGIN * many + k] else NEVER, created)
    count = absences(since, within, every, t)
    points = _times(p, k, count)
    _set(p, k, points, points)
    if count == 0:  # what comes before the silence is over only puts it off
        p.terms[LATER * many + k] = since + within
        return
    later = _counts_from(p, k, new) if new < end else NEVER_AGAIN
    if every and since != NEVER and _times(p, k, count + 1) != points:
        later = min(later, since + within + count * every)
    p.terms[LATER * many + k] = later


@compiled
def _set(p, register, low, high):
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
def _bound(p, k, least, most):
    """Set the register of a term whose amount lies between two numbers; return whether anything changed."""
    noise = 1e-12 * max(-least, most)  # of sums in another order than that of the exact one
    least, most = least - noise, most + noise
    if p.whole[k * W + COUNTED]:
        at_least, at_most = p.real[k * R + AT_LEAST], p.real[k * R + AT_MOST]
        least, most = rounded(least) / 1e6, rounded(most) / 1e6
        given = _times(p, k, 1) if least <= at_most and most >= at_least else 0
        other = given if least >= at_least and most <= at_most else 0
    else:
        given, other = _worth(p, k, least), _worth(p, k, most)
    return _set(p, k, min(given, other), max(given, other))


@compiled
def _total(p, pairs):
    """Set the registers of groups and scores from the sums of groups."""
    first = p.many + p.attributes
    for group in range(p.groupings):
        at = 5 * group
        scale = p.groups[at]
        least, most = p.raw[2 * group], p.raw[2 * group + 1]
        if scale >= 0 and (p.low[scale] != 0 or p.high[scale] != 0):
            fewer, more = _scaled(least, p.scales[group]), _scaled(most, p.scales[group])
            always = p.low[scale] != 0 and p.high[scale] != 0
            least, most = fewer if always else min(least, fewer), more if always else max(most, more)
        if p.groups[at + 1]:
            least, most = max(least, p.groups[at + 2]), max(most, p.groups[at + 2])
        if p.groups[at + 3]:
            least, most = min(least, p.groups[at + 4]), min(most, p.groups[at + 4])
        p.low[first + group], p.high[first + group] = least, most
    score = first + p.groupings
    for register in range(score, p.totals):
        p.low[register] = p.high[register] = 0
    for pair in range(pairs):
        to, group = score + p.scores[2 * pair], first + p.scores[2 * pair + 1]
        p.low[to] += p.low[group]
        p.high[to] += p.high[group]


@compiled
def _scaled(total, by):
    size = np.int64(np.floor(abs(total) * by + 0.501))
    return size if total >= 0 else -size


@compiled
def _may_change(p, pairs, era, segment):
    """Bring totals up to date; return whether any track's spell may begin or end."""
    _total(p, pairs)
    return _next_change(p, era, segment, 0) >= 0


@compiled
def _next_change(p, era, segment, track):
    """Return the first track, from ``track`` on, whose spell may begin or end; -1 if none may."""
    for at in range(track, p.tracks):
        rule = p.leave[era * p.tracks + at] if p.inside[at] else p.enter[era * p.tracks + at]
        if rule < 0:  # not in this era's definition
            if p.inside[at]:
                return at
        elif run(p.ops, p.constants, 3 * rule, p.low, p.high, p.slots, segment * p.slotted, p.stack) & 1:
            return at
    return -1


@compiled
def _visit(p, pairs, written, era, segment, created, t, last, special):
    """Visit the instants from ``t`` to ``last`` at which less counts; return rows written, -1 if there is no room."""
    many = p.many
    for k in range(many):
        p.terms[LATER * many + k] = t
    while True:
        later = NEVER_AGAIN
        for k in range(many):
            if p.terms[LATER * many + k] <= t:
                _sync(p, k, t, created)
            later = min(later, p.terms[LATER * many + k])
        fading = _exactly(p, t)
        written = _judge_all(p, pairs, written, era, segment, created, t, special)
        if fading and written >= 0:
            written = _halve(p, pairs, written, era, segment, created, t, min(later - 1, last))
        if written < 0 or later > last:
            return written
        t, special = later, FADING


@compiled
def _fades(p, k):
    at = k * W
    return p.whole[at + FADE] != 0 and p.whole[at + KIND] <= KEPT and p.terms[OLD * p.many + k] < p.terms[NEW * p.many + k]


@compiled
def _exactly(p, t):
    """Set the registers of what fades to what they are at ``t``; return whether anything does."""
    fading = False
    for k in range(p.many):
        if _fades(p, k):
            fading = True
            points = _worth(p, k, _faded(p, k, t, LEAST_THEN))
            _set(p, k, points, points)
    return fading


@compiled
def _faded(p, k, t, into):
    """Return an amount at ``t``, and leave what of it is negative and positive in two columns."""
    amount = least = most = 0.0
    fade, fades = p.whole[k * W + FADE], p.real[k * R + FADES]
    for at in range(p.terms[OLD * p.many + k], p.terms[NEW * p.many + k]):
        row = p.trail[at]
        share = share_of(fade, fades, t - p.times[row], _value(p, k, row))
        amount += share
        if share > 0:
            most += share
        else:
            least += share
    p.amounts[into * p.many + k], p.amounts[(into + 1) * p.many + k] = least, most
    return amount


@compiled
def _halve(p, pairs, written, era, segment, created, t, last):
    """Find the instants after ``t``, up to ``last``, at which fading decides; return rows written, -1 if there is no room."""
    here, there, doubt, halvings = t, last, NEVER, 0
    while here < last:
        _fade_between(p, here, there)
        if _may_change(p, pairs, era, segment):
            doubt = there
        else:
            here = there
            _carry(p, LEAST_END, LEAST_THEN, 1.0)
        halvings += 1
        if halvings > MOST_HALVINGS:
            p.report[STATUS] = ENDLESS
            return -1
        if doubt == NEVER:
            there = last
        elif doubt > here + 1:
            there = here + (doubt - here) // 2
        else:
            _exactly(p, doubt)
            written = _judge_all(p, pairs, written, era, segment, created, doubt, FADING)
            if written < 0:
                return -1
            here, there, doubt = doubt, last, NEVER
    _carry(p, LEAST_THEN, LEAST, 1 + 1e-12)  # from now on it can only fade further
    return written


@compiled
def _fade_between(p, here, there):
    """Set the registers of what fades to all that they can be between two instants."""
    many, amounts = p.many, p.amounts
    for k in range(many):
        if not _fades(p, k):
            continue
        if p.whole[k * W + FADE] == 1:
            weight = share_of(1, p.real[k * R + FADES], there - here, 1.0)
            amounts[LEAST_END * many + k] = weight * amounts[LEAST_THEN * many + k]
            amounts[MOST_END * many + k] = weight * amounts[MOST_THEN * many + k]
        else:
            _faded(p, k, there, LEAST_END)
        _bound(
            p,
            k,
            amounts[LEAST_THEN * many + k] + amounts[MOST_END * many + k],
            amounts[MOST_THEN * many + k] + amounts[LEAST_END * many + k],
        )


@compiled
def _carry(p, source, target, by):
    """Copy the two columns of amounts that fade, somewhat larger if asked."""
    for k in range(p.many):
        if _fades(p, k):
            for at in range(2):
                p.amounts[(target + at) * p.many + k] = p.amounts[(source + at) * p.many + k] * by


@compiled
def _judge_all(p, pairs, written, era, segment, created, t, special):
    """Let spells begin and end by what registers are at ``t``; return rows written, -1 if there is no room."""
    _total(p, pairs)
    registers, track = p.many + p.attributes, 0
    while track < p.tracks:
        track = _next_change(p, era, segment, track)
        if track < 0:
            break
        if written == p.room:
            p.report[STATUS] = FULL
            return -1
        p.inside[track] = 1 - p.inside[track]
        which, row = era * p.tracks + track, 6 * written
        score = p.score_of[which]
        p.rows[row + SEGMENT], p.rows[row + TRACK], p.rows[row + AT] = segment, track, t
        p.rows[row + ENTERS], p.rows[row + SCORE] = p.inside[track], p.low[score] if score >= 0 else 0
        p.rows[row + CAUSE] = _cause(p, which, segment, created, t, special)
        for register in range(registers):
            p.kept[written * registers + register] = p.low[register]
        written += 1
        track += 1
    return written


@compiled
def _cause(p, which, segment, created, t, special):
    """Return why: the register that the instant moved farthest and how, or one of the other causes behind them all."""
    many = p.many
    registers = many + p.attributes
    if special in (CREATION, SINCE_EVER):
        return len(CAUSES) * registers + special
    farthest, found = 0, len(CAUSES) * registers + special
    for k in range(registers):
        if not p.concerns[which * registers + k]:
            continue
        if k < many:
            before, how = _before(p, k, created, t)
        elif special == ATTRIBUTES:
            before, how = p.points[(segment - 1) * p.attributes + k - many], ATTRIBUTE
        else:
            continue
        if how >= 0 and abs(p.low[k] - before) > farthest:
            farthest, found = abs(p.low[k] - before), how * registers + k
    return found


@compiled
def _before(p, k, created, t):
    """Return the micro-points of a term at ``t`` without what happened to it at ``t``, and what that was (-1 for nothing)."""
    many = p.many
    begin, old, new, how = p.terms[BEGIN * many + k], p.terms[OLD * many + k], p.terms[NEW * many + k], -1
    while new > begin and _counts_from(p, k, new - 1) == t:
        new -= 1
        row = p.trail[new]
        how = ACTIVITY if p.times[row] == t else ARRIVAL if p.known[row] == t else WAITED
    if p.whole[k * W + KIND] == ABSENT:
        since = max(p.times[p.trail[new - 1]] if new > begin else NEVER, created)
        at = t if how >= 0 else t - 1
        count = absences(since, p.whole[k * W + WITHIN], p.whole[k * W + EVERY], at)
        return _times(p, k, count), how if how >= 0 else SILENCE
    while old > begin and _ends_at(p, k, old - 1) == t:
        old -= 1
        how = EXPIRY if how < 0 else how
    return _points(p, k, min(old, new), new, t), how
