"""Who works leads: the file of reps (or a source with a row for each), checked.

What belongs here: reading and checking. Who gets which lead belongs to the handoff, which reads ``reps.json`` of the mirror.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeAlias, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from leadline.documents import Document, check_model
from leadline.errors import Problem, did_you_mean

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"(?:(?P<days>[a-z, -]+?)\s+)?(?P<begin>\d{1,2}:\d{2})\s*[-–]\s*(?P<end>\d{1,2}:\d{2})")
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})\s*(?:\.\.|–|/| to )\s*(\d{4}-\d{2}-\d{2})")
_LISTS = ("territory", "hours", "days_off")
T = TypeVar("T")


class Shift(BaseModel):
    """Working hours: days of the week (0 = Monday), and minutes after midnight in the rep's own time zone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: tuple[int, ...]
    begin: Annotated[int, Field(ge=0, lt=1440)]
    end: Annotated[int, Field(gt=0, le=1440)]


class DaysOff(BaseModel):
    """Days without work, the last one included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: dt.date
    last: dt.date


def parse_shift(text: str) -> Shift:
    """Return the working hours of ``mon-fri 9:00-17:30``; without days, Monday to Friday.

    Raises:
        ValueError: If it can't be read.
    """
    match = _HOURS.fullmatch(text.strip().lower())
    if not match:
        raise ValueError(text)
    begin, end = _minutes(match["begin"]), _minutes(match["end"])
    if begin >= end:
        raise ValueError(text)
    return Shift(days=tuple(sorted(_days(match["days"] or "mon-fri"))), begin=begin, end=end)


def _minutes(clock: str) -> int:
    hours, minutes = map(int, clock.split(":"))
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        raise ValueError(clock)
    return hours * 60 + minutes


def _days(text: str) -> Iterator[int]:
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        begin, end = DAYS.index(first[:3]), DAYS.index((last or first)[:3])
        yield from (at % 7 for at in range(begin, (end if end >= begin else end + 7) + 1))


def parse_days_off(text: str) -> DaysOff:
    """Return the days of ``2026-12-24`` or ``2026-12-24..2027-01-02``.

    Raises:
        ValueError: If it can't be read.
    """
    span = _SPAN.fullmatch(text.strip())
    first, last = (span[1], span[2]) if span else (text.strip(), text.strip())
    days = DaysOff(first=dt.date.fromisoformat(first), last=dt.date.fromisoformat(last))
    if days.last < days.first:
        raise ValueError(text)
    return days


def _zone(value: Any) -> Any:
    if isinstance(value, str) and value not in available_timezones():
        fix = did_you_mean(value, available_timezones()) or "Write an IANA name: Europe/Berlin."
        raise PydanticCustomError("unknown-time-zone", "{got} is not a time zone", {"got": repr(value), "fix": fix})
    return value


def _shift(value: Any) -> Any:
    try:
        return parse_shift(value) if isinstance(value, str) else value
    except ValueError:
        fix = "Write 'mon-fri 9:00-17:30'."
        raise PydanticCustomError("bad-hours", "{got} are no working hours", {"got": repr(value), "fix": fix}) from None


def _day_off(value: Any) -> Any:
    try:
        return parse_days_off(str(value)) if isinstance(value, str | dt.date) else value
    except ValueError:
        fix = "Write 2026-12-24 or 2026-12-24..2027-01-02."
        raise PydanticCustomError("bad-days-off", "{got} is no day or span of days", {"got": repr(value), "fix": fix}) from None


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


Several: TypeAlias = Annotated[tuple[T, ...], BeforeValidator(_listed)]


class Rep(BaseModel):
    """Somebody who works leads.

    Attributes:
        id: What handoffs and verdicts call the rep by.
        territory: Labels that routes match: countries, segments, whatever the company uses.
        weight: The share of leads in a round robin, relative to the others'.
        capacity_per_week: The most leads a week; ``None`` = no limit.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(min_length=1)]
    name: str = ""
    email: str = ""
    team: str = ""
    territory: Several[str] = ()
    time_zone: Annotated[str, BeforeValidator(_zone)] = "UTC"
    hours: Several[Annotated[Shift, BeforeValidator(_shift)]] = (Shift(days=(0, 1, 2, 3, 4), begin=540, end=1020),)
    days_off: Several[Annotated[DaysOff, BeforeValidator(_day_off)]] = ()
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1
    capacity_per_week: Annotated[int, Field(ge=0)] | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone."""
        return ZoneInfo(self.time_zone)


class _Team(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reps: Mapping[str, Rep]

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        found: Any = value.get("reps") if isinstance(value, dict) else value  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if not isinstance(found, dict):
            return value  # pyright: ignore[reportUnknownVariableType]
        reps: Any = {key: {"id": key, **rep} if isinstance(rep, dict) else rep for key, rep in found.items()}  # pyright: ignore[reportUnknownVariableType]
        return {"reps": reps}


def check(document: Document) -> tuple[list[Rep], list[Problem]]:
    """Return the reps of a YAML document: a mapping of ids to reps, or a list of reps with ids."""
    data = document.data
    twice: list[Problem] = []
    if isinstance(data, list):
        ids = [str(rep.get("id", at)) if isinstance(rep, dict) else str(at) for at, rep in enumerate(data)]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportUnknownVariableType]
        twice = _twice(document, ids)
        lines = {("reps", ids[int(path[0])], *path[1:]) if path else ("reps",): line for path, line in reversed(document.lines.items())}
        data = dict(zip(ids, data, strict=True))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    else:
        lines = {("reps", *path): line for path, line in document.lines.items()}
    checked, problems = check_model(replace(document, data={"reps": data or {}}, lines=lines), _Team)
    return list(checked.reps.values()) if checked else [], [*twice, *problems]


def _twice(document: Document, ids: Sequence[str]) -> list[Problem]:
    seen: set[str] = set()
    problems: list[Problem] = []
    for at, rep in enumerate(ids):
        if rep in seen:
            says = f"the rep '{rep}' is listed twice."
            problems.append(Problem("duplicate-rep", document.place(str(at)), says, "Give each rep an id of their own."))
        seen.add(rep)
    return problems


def from_rows(label: str, rows: Sequence[Mapping[str, Any]], lines: Sequence[int]) -> tuple[list[Rep], list[Problem]]:
    """Return the reps of a source; in a list such as ``territory`` the values stand with ``;`` between them."""
    data = [{key: _cell(key, value) for key, value in row.items() if value is not None} for row in rows]
    return check(Document(label, data, {(str(at),): line for at, line in enumerate(lines)}))


def _cell(key: str, value: Any) -> Any:
    if key in _LISTS and isinstance(value, str):
        return [part.strip() for part in value.split(";") if part.strip()]
    return value
