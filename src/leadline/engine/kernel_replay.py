"""The kernel at every candidate instant: one pass over each person's life, with all courses followed at once.

A candidate is an instant at which something can change: an activity or its arrival, the end of a wait or of a window, a
step of a silence, a new segment of attributes, a new era of definitions. Rules are judged over what points *can* be
(:mod:`leadline.engine.judge`), in three steps of care, of which most of a life needs only the first:

1. Over a stretch of any length: what counts at some instant of it, and what counts throughout. If no rule can change its answer
   by that, the stretch is passed over, and a longer one is tried next; else a shorter one.
2. Where not even the stretch to the next candidate can be passed over, its first instant is looked at by itself.
3. From there to the next candidate only what fades moves. Where that may decide, one closes in on the microsecond.

Points at an instant are the stateless sums over the trail that :func:`leadline.engine.kernel.measure` leaves, in its order, so they
are those of ``score`` to the last bit. Everything that allocates is done by the caller (:mod:`leadline.engine.replay`).
"""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false, reportAttributeAccessIssue=false
# ruff: noqa: ANN202
# Numba types these functions itself; a walk through a life is one long loop over what can happen next.

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadline.engine.instructions import END as END_OF_RULE
from leadline.engine.instructions import NEED_BELOW, NEED_LEAST
from leadline.engine.judge import run
from leadline.engine.kernel import compiled, inlined
from leadline.engine.kernel_epochs import begin_epoch, epoch_end_after, is_plain
from leadline.engine.kernel_fading import exactly, fade_between, go_there, stand, steady
from leadline.engine.kernel_memory import (
    AT,
    ATTRIBUTE,
    ATTRIBUTES,
    CAUSE,
    CAUSES,
    CLOSE,
    CREATION,
    DEFINITION,
    ENDLESS,
    ENTERS,
    FADING,
    FINE,
    FIRST_SPAN,
    FULL,
    LONGEST_SPAN,
    MOST_ALARMS,
    NEVER_AGAIN,
    SCORE,
    SEGMENT,
    SEGMENTS,
    SINCE_EVER,
    STATUS,
    TRACK,
    WRITTEN,
    bare,
)  # fmt: skip
from leadline.engine.kernel_reach import advance, go_on, reach
from leadline.engine.kernel_terms import put, untouched
from leadline.engine.terms import NEVER

if TYPE_CHECKING:
    from leadline.engine.kernel_memory import Facts, Links, Out, Work
    from leadline.engine.rehearsal import Rules
    from leadline.engine.terms import State, Table


@compiled
def replay_people(
    table: Table, state: State, rules: Rules, links: Links, facts: Facts, work: Work, out: Out, first: int, until: int
) -> int:
    """Follow people from index ``first`` on, and return the index of the first that is left over.

    It stops early where something is too small; ``out.report`` says what. Then the caller makes it larger and goes on.
    """
    written, plain = 0, is_plain(facts)
    out.report[STATUS] = FINE
    p = bare(table, rules, links, facts, work, out, not plain)
    for person in range(first, len(facts.people)):
        done = _follow(p, table, state, facts, work, person, written, until, plain)
        out.report[WRITTEN] = written
        if done < 0:
            return person
        written = done
    out.report[WRITTEN] = written
    return len(facts.people)


@compiled
def _follow(p, table, state, facts, work, person, written, until, plain):
    """Write the transitions of a person; return the rows written so far, or -1 if something was too small."""
    segment, end = facts.people[person, SEGMENTS], facts.people[person, SEGMENTS + 1]
    if segment >= end:
        return written
    created, t, era, epoch_end, fresh = facts.created[segment], p.begins[segment], 0, NEVER, True
    _clear(p)
    while t <= until:
        special = FADING
        while era + 1 < p.eras_end and p.eras[era + 1] <= t:
            era, special = era + 1, DEFINITION
        while segment + 1 < end and p.begins[segment + 1] <= t:
            segment, fresh = segment + 1, True
        if fresh:
            special = SINCE_EVER if t == NEVER else CREATION if t == created or epoch_end == NEVER else ATTRIBUTES
            for at in range(p.attributes):
                value = p.points[segment * p.attributes + at]
                put(p, p.many + at, value, value)
        upcoming = min(p.begins[segment + 1] if segment + 1 < end else NEVER_AGAIN, until + 1)
        upcoming = min(upcoming, p.eras[era + 1] if era + 1 < p.eras_end else NEVER_AGAIN)
        if p.exists[segment]:
            if t >= epoch_end:  # always so at first
                epoch_end = epoch_end_after(facts, person, segment, t, plain)
                if not begin_epoch(p, table, state, facts, work, person, segment, epoch_end, plain):
                    return -1
            upcoming = min(upcoming, epoch_end)
            written = _pass(p, written, era, segment, created, t, upcoming - 1, special)
            if written < 0:
                return -1
        t, fresh = upcoming, False
    return written


@compiled
def _pass(p, written, era, segment, created, t, last, special):
    """Go from ``t`` to ``last``, between which neither attributes nor definitions change; return rows written, -1 if there is no room.

    What no track can change in is passed over in one go, the farther the longer that goes well.
    """
    span, p.calm[0] = NEVER_AGAIN, 0
    while t <= last:
        soon = advance(p, t, created)
        ahead = last if span >= last - soon else soon - 1 + span
        ahead = min(ahead, last)
        reach(p, t, ahead, created)
        if not _may_change(p, era, segment):
            go_on(p)
            t, special, span = ahead + 1, FADING, min(2 * span + FIRST_SPAN, LONGEST_SPAN)
        elif span and soon <= last:
            span = LONGEST_SPAN if span > LONGEST_SPAN else span // 8 if span > FIRST_SPAN else 0
        else:
            written = _visit(p, written, era, segment, created, t, min(soon - 1, last), special)
            if written < 0:
                return -1
            t, special = soon, FADING
    return written


@compiled
def _visit(p, written, era, segment, created, t, last, special):
    """Look at ``t``, and at what fading does from there to ``last``; return rows written, -1 if there is no room."""
    reach(p, t, t, created)
    fading = stand(p, t)
    if _may_change(p, era, segment):
        exactly(p, t)
        written = _judge_all(p, written, era, segment, created, t, special)
    if written < 0 or not fading:
        return written
    here, alarms = t, 0
    while here < last:
        fade_between(p, here, last)
        if not _may_change(p, era, segment):
            break
        _doubt(p, era, segment, p.tracks, fresh=True)
        here, before = _close_in(p, era, segment, here, last), written
        exactly(p, here)
        written = _judge_all(p, written, era, segment, created, here, FADING)
        if written < 0:
            return -1
        alarms += written == before
        if alarms > MOST_ALARMS:
            p.report[STATUS] = ENDLESS
            return -1
    return written


@compiled
def _clear(p):
    """Forget the person before."""
    for at in range(p.tracks):
        p.inside[at] = 0
    for at in range(p.totals):
        p.low[at] = p.high[at] = 0
    for at in range(2 * p.groupings):
        p.raw[at] = 0


@inlined
def _total(p):
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
    for pair in range(p.pairs):
        to, group = score + p.scores[2 * pair], first + p.scores[2 * pair + 1]
        p.low[to] += p.low[group]
        p.high[to] += p.high[group]


@inlined
def _scaled(total, by):
    size = np.int64(np.floor(abs(total) * by + 0.501))
    return size if total >= 0 else -size


@inlined
def _may_change(p, era, segment):
    """Bring totals up to date; return whether any track's spell may begin or end."""
    _total(p)
    if _is_calm(p):
        return False
    if _next_change(p, era, segment, 0) >= 0:
        return True
    _note_calm(p)
    return False


@inlined
def _is_calm(p):
    """Return whether all registers still lie between the lines between which no rule changed its answer."""
    if not p.watching or not p.calm[0]:
        return False
    for at in range(p.watching):
        register, window = p.watched[3 * at], 4 * at + 1
        low, high = p.low[register], p.high[register]
        if low < p.calm[window] or low >= p.calm[window + 1] or high < p.calm[window + 2] or high >= p.calm[window + 3]:
            return False
    return True


@inlined
def _note_calm(p):
    """Note the lines between which registers lie, now that no rule changes its answer."""
    p.calm[0] = 1
    for at in range(p.watching):
        for bound in range(2):
            value, window = p.high[p.watched[3 * at]] if bound else p.low[p.watched[3 * at]], 4 * at + 2 * bound + 1
            line, end = p.watched[3 * at + 1], p.watched[3 * at + 2]
            p.calm[window] = NEVER
            while line < end and p.lines[line] <= value:
                p.calm[window] = p.lines[line]
                line += 1
            p.calm[window + 1] = p.lines[line] if line < end else NEVER_AGAIN


@inlined
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
def _close_in(p, era, segment, here, there):
    """Return the first instant after ``here`` at which a noted track may change, as exactly as it is wanted.

    The stretch is cut close to where the score would meet the line if it fell evenly, on the side that is still far; else in halves.
    """
    score = max(p.score_of[era * p.tracks + p.doubts[0]], 0)
    line = _line(p, era, score)
    above, below, room, guess, tries = p.high[score], p.low[score], there - here, here, 0
    steady(p, known=True)
    while there - here > _grain(p):
        middle, fall = here + (there - here) // 2, above - below
        if above >= line >= below and fall > 4 * CLOSE and tries % 8 < 7:
            before, guess = guess, here + np.int64((there - here) * ((above - line) / fall))
            room = max(min(room // 8, abs(guess - before)) // 2, _grain(p) // 4, np.int64((there - here) * (CLOSE / fall)))
            middle = min(max(guess - room if there - guess < guess - here else guess + room, here + 1), there - 1)
        fade_between(p, here, middle)
        _total(p)
        if _doubt(p, era, segment, p.doubts[p.tracks], fresh=False):
            there, below = middle, p.low[score]
            line = _line(p, era, score)
            steady(p, known=True)
        else:
            here, above = middle, p.low[score]
            go_there(p)
        tries += 1
    steady(p, known=False)
    return there


@compiled
def _line(p, era, score):
    """Return the highest line on a score at which a noted track changes; ``NEVER`` if there is none."""
    line = NEVER
    for noted in range(p.doubts[p.tracks]):
        track = p.doubts[noted]
        which = era * p.tracks + track
        at = 3 * (p.leave[which] if p.inside[track] else p.enter[which])
        while p.score_of[which] == score and p.ops[at] != END_OF_RULE:
            if p.ops[at] in (NEED_LEAST, NEED_BELOW) and p.ops[at + 1] == score:
                line = max(line, p.ops[at + 2])
            at += 3
    return line


@inlined
def _doubt(p, era, segment, count, fresh):
    """Note the tracks whose spell may begin or end, of all or of those noted before; leave the notes if there are none."""
    found = 0
    for at in range(count):
        track = at if fresh else p.doubts[at]
        rule = p.leave[era * p.tracks + track] if p.inside[track] else p.enter[era * p.tracks + track]
        if rule >= 0 and run(p.ops, p.constants, 3 * rule, p.low, p.high, p.slots, segment * p.slotted, p.stack) & 1:
            p.doubts[found] = track
            found += 1
    if found or fresh:
        p.doubts[p.tracks] = found
    return found > 0


@inlined
def _grain(p):
    """Return how exact the noted tracks want to be, in microseconds."""
    finest = p.grains[p.doubts[0]]
    for at in range(1, p.doubts[p.tracks]):
        finest = min(finest, p.grains[p.doubts[at]])
    return finest


@compiled
def _judge_all(p, written, era, segment, created, t, special):
    """Let spells begin and end by what registers are at ``t``; return rows written, -1 if there is no room."""
    _total(p)
    registers, track = p.many + p.attributes, 0
    while track < p.tracks:
        track = _next_change(p, era, segment, track)
        if track < 0:
            break
        if written == p.room:
            p.report[STATUS] = FULL
            return -1
        p.inside[track], p.calm[0] = 1 - p.inside[track], 0
        which, row = era * p.tracks + track, 6 * written
        score = p.score_of[which]
        p.rows[row + SEGMENT], p.rows[row + TRACK], p.rows[row + AT] = segment, track, t
        p.rows[row + ENTERS], p.rows[row + SCORE] = p.inside[track], p.low[score] if score >= 0 else 0
        if p.telling:
            advance(p, t, created)  # silences: nothing else has moved
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
            before, how = untouched(p, k, created, t)
        elif special == ATTRIBUTES:
            before, how = p.points[(segment - 1) * p.attributes + k - many], ATTRIBUTE
        else:
            continue
        if how >= 0 and abs(p.low[k] - before) > farthest:
            farthest, found = abs(p.low[k] - before), how * registers + k
    return found
