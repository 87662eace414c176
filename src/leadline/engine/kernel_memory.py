"""The memory that a replay works on: what goes in, scratch, and what comes out, as arrays and then as bare memory."""

# pyright: basic
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false, reportAttributeAccessIssue=false
# Numba types these functions itself.

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadline.engine.judge import flat
from leadline.engine.kernel import compiled
from leadline.engine.terms import REAL, WHOLE

if TYPE_CHECKING:
    from leadline.engine.rehearsal import Rules
    from leadline.engine.terms import Real, Table, Whole

NEVER_AGAIN = 1 << 62
BEGIN, END, OLD, NEW, SOON, LATER, QUICK = range(7)
"""Of a term: where its trail begins and ends, from where to where it counts now, when more and when less counts, whether it has weights."""
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
MOST_WEIGHED, MOST_HALVED = 300, 900.0
"""How long a trail with weights may be, and over how many half-lives, for their sums to stay exact enough: see ``NOISE``."""
CLOSE_BY = 2_000_000
NOISE = 1e-10
"""How far, in its own size, an amount may be from that which is summed up afresh."""
CLOSE = 100
"""Micro-points from a line within which rounding hides how a score falls."""


class Links(NamedTuple):
    """What follows from rules, laid out for the kernel.

    Attributes:
        starts: By register of a term or a criterion on attributes, where its groups begin in ``groups``; and one more.
        groups: The groups that a register counts in.
        concerns: (Era × tracks + track) × register: 1 if the register can be the cause.
        grains: By track, how exactly (in microseconds) an instant at which fading decides is found.
    """

    starts: Whole
    groups: Whole
    concerns: Whole
    grains: Whole


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
        weights: For each entry of the trail of a term that fades by halves, what all up to it weigh, as of the first.
        terms: (``BEGIN`` … ``QUICK``) × term.
        amounts: (``LEAST`` … ``MOST_END``) × term.
        low, high: By register, what it can be.
        raw: Group × (least, most) of its sum.
        inside: By track, 1 during a spell.
        doubts: Tracks that may change in a stretch; behind them all how many there are.
        stack: For judging.
    """

    times: Whole
    known: Whole
    masks: Whole
    values: Real
    trail: Whole
    filled: Whole
    weights: Real
    terms: Whole
    amounts: Real
    low: Whole
    high: Whole
    raw: Whole
    inside: Whole
    doubts: Whole
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
    totals: int
    summed: int
    tracks: int
    eras_end: int
    room: int
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
    weights: Real
    terms: Whole
    amounts: Real
    low: Whole
    high: Whole
    raw: Whole
    inside: Whole
    doubts: Whole
    stack: Real
    grains: Whole
    rows: Whole
    kept: Whole
    report: Whole


@compiled
def bare(table: Table, rules: Rules, links: Links, facts: Facts, work: Work, out: Out) -> Bare:
    """Return the bare memory behind arrays; the caller holds them for as long as it is used."""
    return Bare(
        len(table.whole), facts.points.shape[1], facts.slots.shape[1], len(rules.groups), len(work.low), work.values.shape[1],
        rules.enter.shape[1], len(rules.eras), len(out.rows), out.points.size > 0, flat(table.whole), flat(table.real),
        flat(rules.groups), flat(rules.scales), flat(rules.scores), flat(rules.ops), flat(rules.constants), flat(rules.eras),
        flat(rules.enter), flat(rules.leave), flat(rules.score_of), flat(links.starts), flat(links.groups), flat(links.concerns),
        flat(facts.begins), flat(facts.exists), flat(facts.points), flat(facts.slots), flat(work.times), flat(work.known),
        flat(work.values), flat(work.trail), flat(work.weights), flat(work.terms), flat(work.amounts), flat(work.low), flat(work.high),
        flat(work.raw), flat(work.inside), flat(work.doubts), flat(work.stack), flat(links.grains), flat(out.rows),
        flat(out.points), flat(out.report),
    )  # fmt: skip
