"""The receipt of one person: frozen types, so that faces and back ends can name them without loading the kernel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Answer(StrEnum):
    """Whether a condition holds; ``UNKNOWN`` if it hangs on something that nobody knows."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Evidence:
    """An activity behind a line; ``share`` is what it adds to the amount, ``None`` where activities count together."""

    activity_id: str
    occurred: int
    type: str
    properties: Mapping[str, object]
    by: str | None
    share: float | None


@dataclass(frozen=True)
class Line:
    """One line of a receipt, in micro-points.

    Attributes:
        group: The group it belongs to.
        name: The criterion, or ``scale``, ``floor`` or ``cap`` where one of those bit.
        points: Micro-points; the lines add up to the score.
        in_score: Whether the group counts towards the score.
        answer: For criteria on attributes, whether the condition held.
        values: The attribute values that the condition saw.
        amount: For criteria on amounts, what was counted or summed.
        evidence: The activities behind it.
    """

    group: str
    name: str
    points: int
    in_score: bool
    answer: Answer | None = None
    values: Mapping[str, object] | None = None
    amount: float | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """A rule (``tracks.mql``, ``disqualify.student``), its text, whether it holds, and the values that it saw."""

    rule: str
    text: str
    answer: Answer
    values: Mapping[str, object]


@dataclass(frozen=True)
class Receipt:
    """Everything behind one person's score at one instant."""

    person_id: str
    account_id: str | None
    as_of: int
    fingerprint: str
    score: int
    grade: str | None
    tracks: tuple[str, ...]
    disqualified: str | None
    suspended: str | None
    lines: tuple[Line, ...]
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True)
class PersonFacts:
    """What a back end hands over for one person: a scored row, attributes, and a timeline with its activities."""

    row: Mapping[str, Any]
    attributes: Mapping[str, object]
    created: int | None
    times: NDArray[np.int64]
    masks: NDArray[np.int64]
    values: NDArray[np.float64]
    describe: Callable[[int, float | None], Evidence]
