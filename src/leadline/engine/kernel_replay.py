"""The kernel at every candidate instant: one pass over each person's life, with all courses followed at once.

A candidate is an instant at which something can change: an activity or its arrival, the end of a wait or of a window, a
step of a silence, a new segment of attributes, a new era of definitions. Between two of them undecayed points stay, and decayed
ones only lose weight; so rules are judged over what points *can* be until the next candidate (:mod:`leadline.engine.judge`), first with
bounds that cost nothing, then exactly. Only where a fading amount may decide is the stretch halved until the microsecond is found.

Points at an instant are the stateless sums over the trail that :func:`leadline.engine.kernel.measure` leaves, in its order, so they
are those of ``score`` to the last bit. Everything that allocates is done by the caller (:mod:`leadline.engine.replay`).
"""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false, reportAttributeAccessIssue=false
# ruff: noqa: ANN202, FBT003, SIM110
# Numba types these functions itself, and knows no generators; a walk through a life is one long loop over what can happen next.

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from leadline.engine.judge import judge
from leadline.engine.kernel import absences, compiled, measure, of_amount, of_count, share_of
from leadline.engine.terms import (
    ABSENT,
    AT_LEAST,
    AT_MOST,
    COUNTED,
    EVERY,
    FADE,
    FIRST_NEED,
    KEPT,
    KIND,
    LAST_NEED,
    NEVER,
    VALUE,
    WAIT,
    WITHIN,
)  # fmt: skip

if TYPE_CHECKING:
    from leadline.engine.rehearsal import Rules
    from leadline.engine.terms import Real, State, Table, Whole

NEVER_AGAIN = 1 << 62
BEGIN, END, OLD, NEW, NEXT, EVENT = range(6)
"""Of a term: where its trail begins and ends, from where to where it counts now, when that changes, and what changed it last."""
LEAST, MOST, LEAST_THEN, MOST_THEN, LEAST_END, MOST_END = range(6)
"""Of a fading amount: bounds from now on, at the beginning of a stretch, and at its end."""
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
        terms: Term × (``BEGIN`` … ``EVENT``).
        amounts: Term × (``LEAST`` … ``MOST_END``).
        low, high: By register, what it can be.
        raw: Group × (least, most) of its sum.
        moved: By register, how far the present instant moved it.
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
    moved: Whole
    inside: Whole
    stack: Real


class Out(NamedTuple):
    """Transitions: row × (``SEGMENT`` … ``SCORE``), their points by register, and how it went (``STATUS`` … ``WANTED``)."""

    rows: Whole
    points: Whole
    report: Whole


@compiled
def replay_people(
    table: Table, state: State, rules: Rules, links: Links, facts: Facts, work: Work, out: Out, first: int, until: int
) -> int:
    """Follow people from index ``first`` on, and return the index of the first that is left over.

    It stops early where something is too small; ``out.report`` says what. Then the caller makes it larger and goes on.
    """
    written = 0
    out.report[STATUS] = FINE
    for person in range(first, len(facts.people)):
        done = _follow(table, state, rules, links, facts, work, out, person, written, until)
        out.report[WRITTEN] = written
        if done < 0:
            return person
        written = done
    out.report[WRITTEN] = written
    return len(facts.people)


@compiled
def _follow(table, state, rules, links, facts, work, out, person, written, until):
    """Write the transitions of a person; return the rows written so far, or -1 if something was too small."""
    begins, terms, moved, eras, watched = facts.begins, work.terms, work.moved, rules.eras, False
    segment, end = facts.people[person, SEGMENTS], facts.people[person, SEGMENTS + 1]
    if segment >= end:
        return written
    created, many = facts.created[segment], len(table.whole)
    work.inside[:] = 0
    work.low[:] = 0
    work.high[:] = 0
    work.raw[:] = 0
    t, era, epoch_end = begins[segment], 0, NEVER
    special = SINCE_EVER if t == NEVER else CREATION if t == created else ATTRIBUTES
    while t <= until:
        moved[:] = 0
        while era + 1 < len(eras) and eras[era + 1] <= t:
            era, special = era + 1, max(special, DEFINITION)
        while segment + 1 < end and begins[segment + 1] <= t:
            segment, special = segment + 1, max(special, CREATION if t == created else ATTRIBUTES)
        changed = special != FADING
        if t >= epoch_end:  # always so at first
            epoch_end, changed = _epoch_end(facts, person, segment, t), True
            if not _begin_epoch(table, state, facts, work, out, person, segment, epoch_end):
                return -1
            for k in range(many):
                work.amounts[k, LEAST] = work.amounts[k, MOST] = 0.0
                terms[k, OLD] = terms[k, NEW] = terms[k, BEGIN]
                _advance(table.whole, work, k, t)
                if terms[k, EVENT] < 0:
                    terms[k, EVENT] = ARRIVAL
                before = work.low[k] + work.high[k]
                _refresh(table, links, work, k, t, created)
                moved[k] = work.low[k] + work.high[k] - before
        else:
            for k in range(many):
                if terms[k, NEXT] <= t:
                    before = work.low[k] + work.high[k]
                    _advance(table.whole, work, k, t)
                    changed = _refresh(table, links, work, k, t, created) or changed
                    moved[k] = work.low[k] + work.high[k] - before
        if special != FADING:
            for at in range(facts.points.shape[1]):
                moved[many + at] = facts.points[segment, at] - work.low[many + at]
                _set(links, work, many + at, facts.points[segment, at], facts.points[segment, at])
        upcoming = min(epoch_end, begins[segment + 1] if segment + 1 < end else NEVER_AGAIN)
        upcoming = min(upcoming, eras[era + 1] if era + 1 < len(eras) else NEVER_AGAIN)
        for k in range(many):
            upcoming = min(upcoming, terms[k, NEXT])
        if (changed or watched) and facts.exists[segment]:
            _total(rules, work, many + facts.points.shape[1])
            watched = _may_change(rules, facts, work, era, segment)
            if watched:
                last = min(upcoming - 1, until)
                written = _look(table, rules, links, facts, work, out, written, era, segment, t, last, special)
                if written < 0:
                    return -1
        t, special = upcoming, FADING
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
def _begin_epoch(table, state, facts, work, out, person, segment, epoch_end):
    """Lay out what is known before the epoch ends, and the trails of all terms; return whether there was room."""
    rows, first = 0, facts.people[person, ROWS]
    last, words = facts.people[person, ROWS + 1], facts.masks.shape[1]
    many = len(table.whole)
    if (last - first) * len(table.needs) >= min(work.trail.size, work.times.size * len(table.needs) + 1):
        out.report[STATUS], out.report[WANTED] = TOO_LONG, last - first
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
        work.terms[k, BEGIN] = work.filled[k] = begin
        begin += rows * (table.whole[k, LAST_NEED] - table.whole[k, FIRST_NEED])
    measure(table, state, work.times, work.masks, work.values, 0, rows, 0, work.values[:0], work.trail, work.filled)
    for k in range(many):
        work.terms[k, END] = work.filled[k]
    return True


@compiled
def _counts_from(whole, work, k, at):
    row = work.trail[at]
    return max(work.known[row], work.times[row] + whole[k, WAIT])


@compiled
def _advance(whole, work, k, t):
    """Let term ``k`` take in what counts from ``t`` on, and let go of what doesn't any more; say when it changes next."""
    terms, times = work.terms, work.times
    new, old, end = terms[k, NEW], terms[k, OLD], terms[k, END]
    fades, event = whole[k, FADE] != 0, -1
    while new < end:
        at = _counts_from(whole, work, k, new)
        if at > t:
            break
        row = work.trail[new]
        if at == t:
            event = ACTIVITY if t == times[row] else ARRIVAL if t == work.known[row] else WAITED
        if fades and times[row] + whole[k, WITHIN] > t:
            value = 1.0 if whole[k, VALUE] < 0 else work.values[row, whole[k, VALUE]]
            work.amounts[k, MOST if value > 0 else LEAST] += value
        new += 1
    if whole[k, KIND] != ABSENT:
        while old < new and times[work.trail[old]] + whole[k, WITHIN] <= t:
            old += 1
            event = EXPIRY if event < 0 else event
        if old == new:
            work.amounts[k, LEAST] = work.amounts[k, MOST] = 0.0
    elif event < 0:
        event = SILENCE
    terms[k, NEW], terms[k, OLD], terms[k, EVENT] = new, old, event


@compiled
def _refresh(table, links, work, k, t, created):
    """Bring the register of term ``k`` up to date, and say when it changes next; return whether it moved."""
    whole, real, terms = table.whole, table.real, work.terms
    old, new = terms[k, OLD], terms[k, NEW]
    upcoming = _counts_from(whole, work, k, new) if new < terms[k, END] else NEVER_AGAIN
    if whole[k, KIND] == ABSENT:
        last = work.times[work.trail[new - 1]] if new > terms[k, BEGIN] else NEVER
        since = max(last, created)
        count = absences(since, whole[k, WITHIN], whole[k, EVERY], t)
        points = of_count(real, k, count)
        if count == 0:  # what comes before the silence is over only puts it off
            upcoming = since + whole[k, WITHIN]
        elif whole[k, EVERY] and since != NEVER and of_count(real, k, count + 1) != points:
            upcoming = min(upcoming, since + whole[k, WITHIN] + count * whole[k, EVERY])
        terms[k, NEXT] = upcoming
        return _set(links, work, k, points, points)
    if old < new:
        upcoming = min(upcoming, work.times[work.trail[old]] + whole[k, WITHIN])
    terms[k, NEXT] = upcoming
    if whole[k, KIND] > KEPT:
        points = of_count(real, k, 1 if old < new else 0)
    elif whole[k, FADE]:
        return _bound(table, links, work, k, work.amounts[k, LEAST], work.amounts[k, MOST])
    elif whole[k, VALUE] < 0:
        points = of_amount(whole, real, k, float(new - old))
    else:
        amount = 0.0
        for at in range(old, new):
            amount += work.values[work.trail[at], whole[k, VALUE]]
        points = of_amount(whole, real, k, amount)
    return _set(links, work, k, points, points)


@compiled
def _set(links, work, register, low, high):
    """Set what a register can be, and what follows for the sums of its groups; return whether anything changed."""
    lower, higher = low - work.low[register], high - work.high[register]
    if lower == 0 and higher == 0:
        return False
    work.low[register], work.high[register] = low, high
    for at in range(links.starts[register], links.starts[register + 1]):
        work.raw[links.groups[at], 0] += lower
        work.raw[links.groups[at], 1] += higher
    return True


@compiled
def _bound(table, links, work, k, least, most):
    """Set the register of a term whose amount lies between two numbers."""
    whole, real = table.whole, table.real
    if work.terms[k, OLD] == work.terms[k, NEW]:
        points = of_amount(whole, real, k, 0.0)
        return _set(links, work, k, points, points)
    noise = 1e-9 + 1e-12 * (most - least)  # sums in another order
    least, most = least - noise, most + noise
    if whole[k, COUNTED]:
        given = of_count(real, k, 1) if least <= real[k, AT_MOST] and most >= real[k, AT_LEAST] else 0
        other = given if least >= real[k, AT_LEAST] and most <= real[k, AT_MOST] else 0
    else:
        given, other = of_amount(whole, real, k, least), of_amount(whole, real, k, most)
    return _set(links, work, k, min(given, other), max(given, other))


@compiled
def _fade_to(table, work, k, t, least_at):
    """Return the amount of a fading term at ``t``, and leave what of it is negative and positive in two columns."""
    whole, real = table.whole, table.real
    amount = least = most = 0.0
    for at in range(work.terms[k, OLD], work.terms[k, NEW]):
        row = work.trail[at]
        value = 1.0 if whole[k, VALUE] < 0 else work.values[row, whole[k, VALUE]]
        share = share_of(whole, real, k, t - work.times[row], value)
        amount += share
        if share > 0:
            most += share
        else:
            least += share
    work.amounts[k, least_at], work.amounts[k, least_at + 1] = least, most
    return amount


@compiled
def _fades(table, work, k):
    return table.whole[k, FADE] != 0 and table.whole[k, KIND] <= KEPT and work.terms[k, OLD] < work.terms[k, NEW]


@compiled
def _total(rules, work, first):
    """Set the registers of groups (from ``first`` on) and scores from the sums of groups."""
    groups, low, high = rules.groups, work.low, work.high
    for group in range(len(groups)):
        scale = groups[group, 0]
        for side in range(2):
            total = work.raw[group, side]
            if scale >= 0 and low[scale] != 0:
                size = np.int64(np.floor(abs(total) * rules.scales[group] + 0.501))
                total = size if total >= 0 else -size
            if groups[group, 1]:
                total = max(total, groups[group, 2])
            if groups[group, 3]:
                total = min(total, groups[group, 4])
            if side:
                high[first + group] = total
            else:
                low[first + group] = total
    score = first + len(groups)
    low[score:] = 0
    high[score:] = 0
    for pair in range(len(rules.scores)):
        low[score + rules.scores[pair, 0]] += low[first + rules.scores[pair, 1]]
        high[score + rules.scores[pair, 0]] += high[first + rules.scores[pair, 1]]


@compiled
def _answer(rules, facts, work, era, track, segment):
    """Return whether a track's spell may (1) or may not (2) begin or end, whichever it can."""
    at = rules.leave[era, track] if work.inside[track] else rules.enter[era, track]
    if at < 0:  # not in this era's definition
        return 1 if work.inside[track] else 2
    return judge(rules.ops, rules.constants, at, work.low, work.high, facts.slots, segment, work.stack)


@compiled
def _may_change(rules, facts, work, era, segment):
    for track in range(rules.enter.shape[1]):
        if _answer(rules, facts, work, era, track, segment) & 1:
            return True
    return False


@compiled
def _look(table, rules, links, facts, work, out, written, era, segment, t, last, special):
    """Ask the rules exactly at ``t``, then wherever fading may decide until ``last``; return rows written, -1 if there is no room."""
    many, first = len(table.whole), len(table.whole) + facts.points.shape[1]
    amounts, here, there, halvings = work.amounts, t, last, 0
    _exactly(table, rules, links, work, first, t)
    written = _judge_all(table, rules, links, facts, work, out, written, era, segment, t, special, True)
    while here < last and written >= 0:
        fading = False
        for k in range(many):
            if _fades(table, work, k):
                fading = True
                _fade_to(table, work, k, there, LEAST_END)
                _bound(table, links, work, k, amounts[k, LEAST_THEN] + amounts[k, MOST_END], amounts[k, MOST_THEN] + amounts[k, LEAST_END])
        if not fading:
            break
        halvings += 1
        if halvings > MOST_HALVINGS:
            out.report[STATUS] = ENDLESS
            return -1
        _total(rules, work, first)
        if not _may_change(rules, facts, work, era, segment):
            amounts[:, LEAST_THEN], amounts[:, MOST_THEN] = amounts[:, LEAST_END], amounts[:, MOST_END]
            here, there = there, last
        elif there == here + 1:
            _exactly(table, rules, links, work, first, there)
            written = _judge_all(table, rules, links, facts, work, out, written, era, segment, there, FADING, False)
            here, there = there, last
        else:
            there = here + (there - here) // 2
    for k in range(many):
        if _fades(table, work, k):  # it can only fade further
            amounts[k, LEAST], amounts[k, MOST] = amounts[k, LEAST_THEN], amounts[k, MOST_THEN]
            _bound(table, links, work, k, amounts[k, LEAST], amounts[k, MOST])
    return written


@compiled
def _exactly(table, rules, links, work, first, t):
    """Set all registers to what they are at ``t``."""
    for k in range(len(table.whole)):
        if _fades(table, work, k):
            points = of_amount(table.whole, table.real, k, _fade_to(table, work, k, t, LEAST_THEN))
            _set(links, work, k, points, points)
    _total(rules, work, first)


@compiled
def _judge_all(table, rules, links, facts, work, out, written, era, segment, t, special, named):
    """Let spells begin and end by what registers are; return rows written, -1 if there is no room."""
    registers, tracks = len(table.whole) + facts.points.shape[1], rules.enter.shape[1]
    for track in range(tracks):
        if not _answer(rules, facts, work, era, track, segment) & 1:
            continue
        if written == len(out.rows):
            out.report[STATUS] = FULL
            return -1
        work.inside[track] = 1 - work.inside[track]
        row, score = out.rows[written], rules.score_of[era, track]
        row[SEGMENT], row[TRACK], row[AT], row[ENTERS] = segment, track, t, work.inside[track]
        row[SCORE] = work.low[score] if score >= 0 else 0
        row[CAUSE] = _cause(links, work, era * tracks + track, registers, len(table.whole), special, named)
        out.points[written] = work.low[:registers]
        written += 1
    return written


@compiled
def _cause(links, work, which, registers, many, special, named):
    """Return why: the register that moved farthest and the way it did, or one of the other causes behind them all."""
    others = len(CAUSES) * registers
    if named and special in (CREATION, SINCE_EVER):
        return others + special
    farthest, found = 0, -1
    for register in range(registers):
        if named and links.concerns[which, register] and abs(work.moved[register]) > farthest:
            farthest, found = abs(work.moved[register]), register
    if found < 0:
        return others + special
    return (work.terms[found, EVENT] if found < many else ATTRIBUTE) * registers + found
