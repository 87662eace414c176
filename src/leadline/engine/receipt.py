"""The receipt of one person: frozen types, so that faces and back ends can name them without loading the kernel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from leadline import clock
from leadline.engine.model import MICRO

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

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form, points as numbers and times as ISO 8601."""
        return {
            "person_id": self.person_id,
            "account_id": self.account_id,
            "as_of": clock.write_instant(self.as_of),
            "fingerprint": self.fingerprint,
            "score": self.score / MICRO,
            "grade": self.grade,
            "tracks": list(self.tracks),
            "disqualified": self.disqualified,
            "suspended": self.suspended,
            "lines": [_line(line) for line in self.lines],
            "rules": [asdict(judgement) for judgement in self.judgements],
        }


def _line(line: Line) -> dict[str, Any]:
    found: dict[str, Any] = {"group": line.group, "name": line.name, "points": line.points / MICRO, "in_score": line.in_score}
    if line.answer is not None:
        found |= {"holds": line.answer, "values": line.values}
    if line.amount is not None:
        found["amount"] = line.amount
    evidence = [{**asdict(item), "occurred": clock.write_instant(item.occurred)} for item in line.evidence]
    return found | ({"evidence": evidence} if evidence else {})


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
