"""What a replay takes and gives: courses of definitions, the plan of one pass over history, and spells.

A *course* says which definition is in force when. A replay follows several courses in one pass, as a *bundle*: what they
measure alike is measured once. Free of SQL and of numba.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.definition.conditions import Condition
    from leadline.engine.model import Program
    from leadline.engine.plan import Layout
    from leadline.engine.terms import Real, Table, Whole

ALWAYS = -(1 << 62)
"""Where a spell began before the first fact, or a course before all times."""
STILL = 1 << 62
"""Where a spell has not ended."""


@dataclass(frozen=True)
class Course:
    """What is in force when.

    Attributes:
        name: What people call it: ``old``, ``new``, ``score >= 80``.
        programs: (since, in microseconds; the program), in the order of time; before the first nothing qualifies.
    """

    name: str
    programs: tuple[tuple[int, Program], ...]


class Rules(NamedTuple):
    """Everything that is decided from points and attributes, as arrays for the kernel.

    Registers hold micro-points: terms, criteria on attributes, groups, scores, in this order.

    Attributes:
        groups: Group × (scale: a term, or -1; whether it has a floor; floor; whether it has a cap; cap): its register is
            ``terms + attributes + index``.
        scales: For every group what it is scaled by.
        members: Pair × (group, register): the registers of terms and criteria on attributes that a group sums up.
        scores: Pair × (score, group index): the groups that a score sums up. The register of a score follows the groups'.
        ops: Instruction × (operation, operand, where to jump), see :mod:`leadline.engine.judge`.
        constants: Numbers that instructions refer to.
        eras: Instants at which some course changes its definition; ``eras[0]`` is ``ALWAYS``.
        enter: Era × track: the first instruction of the rule by which a spell begins; -1 if it can't.
        leave: Era × track: that of the rule by which it ends; -1 if it ends at once.
        score_of: Era × track: the register of the score.
    """

    groups: Whole
    scales: Real
    members: Whole
    scores: Whole
    ops: Whole
    constants: Real
    eras: Whole
    enter: Whole
    leave: Whole
    score_of: Whole


@dataclass(frozen=True)
class Track:
    """A track of a course, by its index in ``Rules.enter``: the course's index, and the track's name."""

    course: int
    name: str


@dataclass(frozen=True)
class Bundle:
    """Courses put together.

    Attributes:
        courses: As they were given.
        program: One program that measures everything: bits, values, properties, terms, attributes and their names
            are those of all programs; nothing else of it is meant.
        slots: Conditions (boolean, or numbers) that look at attributes alone.
        rules: What is decided.
        tracks: The tracks of all courses.
        registers: By course and program (in the order of time): the criteria's names with their registers.
    """

    courses: tuple[Course, ...]
    program: Program
    slots: tuple[Condition, ...]
    rules: Rules
    tracks: tuple[Track, ...]
    registers: tuple[tuple[Mapping[str, int], ...], ...]


@dataclass(frozen=True)
class Rehearsal:
    """A bundle as a back end runs it: SQL text, arrays and names. Can be pickled.

    Attributes:
        texts: Named SQL.
        table: The terms for the kernel.
        rules: What is decided.
        tracks: The tracks of all courses.
        layouts: By course and program: what scored rows of it look like.
        since: By course and program: from when it is in force.
        registers: By course and program: the register of each criterion, in the order of the layout.
        names: The name of each register of a term or a criterion on attributes, for telling causes.
        words, values, of_account: As in :class:`leadline.engine.plan.Plan`.
        attributes, slots: How many columns of each a segment has.
        grains: By track, how exactly (in microseconds) an instant is found at which fading decides; all to the microsecond if empty.
            A coarser one is late by less than its grain.
        tells: Whether spells tell their points and causes; without them they take an eighth of the memory.
    """

    texts: Mapping[str, str]
    table: Table
    rules: Rules
    tracks: tuple[Track, ...]
    layouts: tuple[tuple[Layout, ...], ...]
    since: tuple[tuple[int, ...], ...]
    registers: tuple[tuple[tuple[int, ...], ...], ...]
    names: tuple[str, ...]
    words: int
    values: int
    of_account: bool
    attributes: int
    slots: int
    grains: tuple[int, ...] = ()
    tells: bool = True


class History(NamedTuple):
    """All activities that matter, of some people, by person and then time (n activities).

    Attributes:
        person: Codes.
        times: When it occurred.
        known: When it became known; never before it occurred.
        masks: n × word: the signals that it belongs to, whatever account the person is at.
        account_masks: n × word, or 0 × 0 if no signal is of the account: those that it belongs to while the person is at ``account``.
        account: Codes, -1 for none; n, or 0.
        values: n × value.
    """

    person: NDArray[Any]
    times: Whole
    known: Whole
    masks: Whole
    account_masks: Whole
    account: Whole
    values: Real


class Segments(NamedTuple):
    """Intervals in which a person's attributes stay the same, by person and then time (n segments).

    Attributes:
        person: Codes.
        begins: The instant; a segment lasts until the person's next. The first may begin at ``ALWAYS``.
        created: When the person was created; ``terms.NEVER`` if unknown. The same for all segments of a person.
        exists: 1 from the instant at which the person was created (or if that is unknown), else 0.
        account: Code of the person's account, -1 for none.
        points: n × attribute criterion, micro-points.
        slots: n × slot, NaN for NULL.
    """

    person: NDArray[Any]
    begins: Whole
    created: Whole
    exists: Whole
    account: Whole
    points: Whole
    slots: Real


@dataclass(frozen=True)
class Spells:
    """Spells of all courses and tracks, by person, track and entry; arrays run in parallel (n spells).

    Attributes:
        person: Codes of people.
        account: Code of the account at entry, -1 for none.
        track: Index of the rehearsal's tracks.
        entered: Microseconds; ``ALWAYS`` if before the first fact.
        left: Microseconds; ``STILL`` if it has not ended.
        score, left_score: Micro-points; ``left_score`` is 0 while it has not ended.
        points, left_points: n × register (terms, then criteria on attributes), micro-points at entry and exit.
        cause, left_cause: Why: indices of ``causes``; -1 while it has not ended.
        causes: What can be the cause, in words: ``activity pricing_page``, ``expiry case_study``, ``fading``, ``attribute``.
    """

    person: NDArray[Any]
    account: Whole
    track: Whole
    entered: Whole
    left: Whole
    score: Whole
    left_score: Whole
    points: Whole
    left_points: Whole
    cause: Whole
    left_cause: Whole
    causes: Sequence[str]

    def of(self, tracks: Sequence[int]) -> Spells:
        """Return the spells of some tracks."""
        import numpy as np

        return self.where(np.isin(self.track, tracks))

    def where(self, chosen: NDArray[Any] | Sequence[int]) -> Spells:
        """Return the spells that a mask or indices choose."""
        arrays = {name: array[chosen] for name, array in vars(self).items() if name != "causes"}
        return Spells(**arrays, causes=self.causes)
