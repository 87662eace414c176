"""Epochs of a life: intervals in which the account stays and nothing arrives late, so that trails only grow at their ends."""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false, reportAttributeAccessIssue=false
# ruff: noqa: ANN201, ANN202
# Numba types these functions itself.

from __future__ import annotations

from leadline.engine.kernel import compiled, measure
from leadline.engine.kernel_memory import BEGIN, END, NEVER_AGAIN, ROWS, SEGMENTS, STATUS, TERM, TOO_LONG, WANTED
from leadline.engine.kernel_reach import lay
from leadline.engine.terms import FIRST_NEED, LAST_NEED


@compiled
def epoch_end_after(facts, person, segment, t, plain):
    """Return the next instant after ``t`` at which the account changes, or something arrives into the past."""
    end = NEVER_AGAIN
    if plain:
        return end
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
def is_plain(facts):
    """Return whether all lives are one epoch each, since nothing becomes known late and no signal is of the account."""
    if facts.account_masks.size:
        return False
    late = False
    for row in range(facts.times.size):
        late |= facts.known[row] != facts.times[row]
    return not late


@compiled
def begin_epoch(p, table, state, facts, work, person, segment, epoch_end, plain):
    """Lay out what is known before the epoch ends, and the trails of all terms; return whether there was room."""
    first, last = facts.people[person, ROWS], facts.people[person, ROWS + 1]
    if last - first >= work.times.size:
        p.report[STATUS], p.report[WANTED] = TOO_LONG, last - first
        return False
    rows = last - first if plain else _copy(facts, work, person, segment, epoch_end)
    begin, filled = 0, work.filled
    for k in range(p.many):
        p.terms[k * TERM + BEGIN] = filled[k] = begin
        begin += rows * (table.whole[k, LAST_NEED] - table.whole[k, FIRST_NEED])
    nothing = work.values[:0]
    if plain:
        measure(table, state, facts.times, facts.masks, facts.values, first, last, 0, nothing, work.trail, filled)
    else:
        measure(table, state, work.times, work.masks, work.values, 0, rows, 0, nothing, work.trail, filled)
    for k in range(p.many):
        p.terms[k * TERM + END] = filled[k]
        lay(p, k)
    return True


@compiled
def _copy(facts, work, person, segment, epoch_end):
    """Copy the activities that matter and are known before the epoch ends; return how many these are."""
    rows, account = 0, facts.at_account[segment]
    for row in range(facts.people[person, ROWS], facts.people[person, ROWS + 1]):
        if facts.known[row] >= epoch_end:
            continue
        some = 0
        for word in range(facts.masks.shape[1]):
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
    return rows
