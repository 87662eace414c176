"""The memory that a replay works on: what goes in, scratch, and what comes out, as arrays and then as bare memory."""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false, reportAttributeAccessIssue=false
# Numba types these functions itself.

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadline.engine.judge import flat
from leadline.engine.kernel import compiled
from leadline.engine.terms import DAY, HOUR, REAL, WHOLE

if TYPE_CHECKING:
    from leadline.engine.rehearsal import Rules
    from leadline.engine.terms import Real, Table, Whole

NEVER_AGAIN = 1 << 62
BEGIN, END, OLD, NEW, GONE, MORE, SORT, FEWEST, MOST, STEADY = range(10)
"""Of a term: where its trail begins and ends; from where to where it counts now, and at the end of what was last looked at; how it is
summed up; of what its register was last made; whether it stays as it is, though it fades."""
TERM = 10
COUNTING, DONE, SILENT, SUMMING, FRESH, HALVING, FADING_AWAY = range(7)
"""Sorts: how many activities; whether any; silence; a sum of values; what fades: not looked at yet, by weights, or one by one."""
HERE, THERE = 0, 3
NEGATIVE, POSITIVE, DOUBT = range(3)
AMOUNT = 6
"""Of an amount that fades, at either end of a stretch: what of it is negative and positive, and by how much both may be wrong."""
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
FIRST_SPAN, LONGEST_SPAN = 6 * HOUR, 16 * DAY
"""How far beyond the next instant one tries to pass over what can't matter: at first, and at most."""
MOST_ALARMS = 100_000
"""How many instants of one stretch may look as if something changed, and nothing does."""
MOST_HALVED = 900.0
"""Over how many half-lives a trail may have weights, so that none is too large."""
CLOSE_BY = 64
"""Within so many microseconds what fades is summed up afresh, so that no estimate decides."""
SLACK = 4e-16
"""How far a sum may be from the same summed up in another order: for each entry, and each half-life that passed."""
CLOSE = 30
"""Micro-points within which rounding hides how a score falls."""


class Links(NamedTuple):
    """What follows from rules, laid out for the kernel.

    Attributes:
        starts: By register of a term or a criterion on attributes, where its groups begin in ``groups``; and one more.
        groups: The groups that a register counts in.
        concerns: (Era × tracks + track) × register: 1 if the register can be the cause.
        grains: By track, how exactly (in microseconds) an instant at which fading decides is found.
        watched: Register × (register, from where to where its lines are in ``lines``): those that rules compare with numbers. Empty if a
            rule does anything else with a register.
        lines: The numbers, micro-points, rising for each register.
    """

    starts: Whole
    groups: Whole
    concerns: Whole
    grains: Whole
    watched: Whole
    lines: Whole


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
        starts, ends: For each entry of the trail, from when until before when it counts.
        weights: For each entry of the trail of a term that fades by halves, what all up to it weigh, as of the first.
        terms: Term × (``BEGIN`` … ``STEADY``).
        amounts: Term × (``HERE``, ``THERE``) × (``NEGATIVE`` … ``DOUBT``).
        low, high: By register, what it can be.
        raw: Group × (least, most) of its sum.
        inside: By track, 1 during a spell.
        doubts: Tracks that may change in a stretch; behind them all how many there are.
        calm: Whether it is known where no rule changes its answer, then by watched register between which lines its bounds stay for that.
        stack: For judging.
    """

    times: Whole
    known: Whole
    masks: Whole
    values: Real
    trail: Whole
    filled: Whole
    starts: Whole
    ends: Whole
    weights: Real
    terms: Whole
    amounts: Real
    low: Whole
    high: Whole
    raw: Whole
    inside: Whole
    doubts: Whole
    calm: Whole
    stack: Real


class Out(NamedTuple):
    """Transitions: row × (``SEGMENT`` … ``SCORE``), their points by register, and how it went (``STATUS`` … ``WANTED``).

    Where there is no room for points, nobody wants them, nor causes.
    """

    rows: Whole
    points: Whole
    report: Whole


class Bare(NamedTuple):
    """All of the above as bare memory, row after row, and how wide and long it is: numba counts references to arrays."""

    many: int
    attributes: int
    slotted: int
    groupings: int
    pairs: int
    totals: int
    summed: int
    tracks: int
    eras_end: int
    room: int
    watching: int
    telling: bool
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
    froms: Whole
    ends: Whole
    weights: Real
    terms: Whole
    amounts: Real
    low: Whole
    high: Whole
    raw: Whole
    inside: Whole
    doubts: Whole
    calm: Whole
    stack: Real
    watched: Whole
    lines: Whole
    grains: Whole
    rows: Whole
    kept: Whole
    report: Whole


@compiled
def bare(
    table: Table,
    rules: Rules,
    links: Links,
    facts: Facts,
    work: Work,
    out: Out,
    copied: bool,  # noqa: FBT001 - numba goes by places
) -> Bare:
    """Return the bare memory behind arrays, with activities as they are or as an epoch copies them; the caller holds the arrays."""
    times, known, values = (work.times, work.known, work.values) if copied else (facts.times, facts.known, facts.values)
    return Bare(
        len(table.whole), facts.points.shape[1], facts.slots.shape[1], len(rules.groups), len(rules.scores), len(work.low),
        work.values.shape[1], rules.enter.shape[1], len(rules.eras), len(out.rows), len(links.watched), out.points.size > 0,
        flat(table.whole), flat(table.real), flat(rules.groups), flat(rules.scales), flat(rules.scores), flat(rules.ops),
        flat(rules.constants), flat(rules.eras), flat(rules.enter), flat(rules.leave), flat(rules.score_of), flat(links.starts),
        flat(links.groups), flat(links.concerns), flat(facts.begins), flat(facts.exists), flat(facts.points), flat(facts.slots),
        flat(times), flat(known), flat(values), flat(work.trail), flat(work.starts), flat(work.ends), flat(work.weights),
        flat(work.terms), flat(work.amounts), flat(work.low), flat(work.high), flat(work.raw), flat(work.inside), flat(work.doubts),
        flat(work.calm), flat(work.stack), flat(links.watched), flat(links.lines), flat(links.grains), flat(out.rows),
        flat(out.points), flat(out.report),
    )  # fmt: skip
