"""Who works leads: the file of reps (or a source with a row for each), checked.

What belongs here: reading and checking. Who gets which lead belongs to the handoff, which reads ``reps.json`` of the mirror.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeAlias, TypeVar, cast
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from leadline.documents import Document, KeyPath, check_model
from leadline.errors import Place, Problem, did_you_mean
from leadline.facts import database
from leadline.facts.database import Database
from leadline.facts.relations import RelationRows

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
    try:
        return ZoneInfo(value).key if isinstance(value, str) else value
    except (ValueError, OSError, KeyError):
        fix = did_you_mean(str(value), available_timezones()) or "Write an IANA name: Europe/Berlin."
        raise PydanticCustomError("unknown-time-zone", "{got} is not a time zone", {"got": repr(value), "fix": fix}) from None


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


def _listed(value: Any) -> list[Any]:
    return [*cast("list[Any]", value)] if isinstance(value, list | tuple) else [value]


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


class _Named(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reps: Mapping[str, Rep]


class _Listed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reps: tuple[Rep, ...]


def check(document: Document) -> tuple[list[Rep], list[Problem]]:
    """Return the reps of a document: a mapping of ids to reps, or a list of reps with ids."""
    data: Any = document.data or {}
    lines = {("reps", *path): line for path, line in document.lines.items()}
    model = _Listed
    if isinstance(data, dict):
        model, data = _Named, {key: _with_id(key, rep) for key, rep in cast("dict[str, Any]", data).items()}
    checked, problems = check_model(replace(document, data={"reps": data}, lines=lines), model)
    if checked is None:
        return [], problems
    found = list(checked.reps.values() if isinstance(checked, _Named) else checked.reps)
    return found, list(_twice(document, found))


def _with_id(key: str, rep: Any) -> Any:
    return {"id": key, **cast("dict[str, Any]", rep)} if isinstance(rep, dict) else rep


def _twice(document: Document, found: Sequence[Rep]) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, rep in enumerate(found):
        if rep.id in seen:
            says = f"the rep '{rep.id}' is listed twice."
            yield Problem("duplicate-rep", document.place(str(at)), says, "Give each rep an id of their own.")
        seen.add(rep.id)


def from_rows(db: Database, rows: RelationRows) -> tuple[list[Rep], list[Problem]]:
    """Return the reps of a source; in a list such as ``territory`` the values stand with ``;`` between them."""
    names = list(rows.types)
    found = db.rows("select __source, __file, __row, $names from ($rows)", names=", ".join(map(database.name, names)), rows=rows.select())
    data = [{name: _cell(name, value) for name, value in zip(names, row[3:], strict=True) if value is not None} for row in found]
    places: list[Place] = [rows.sources[int(row[0])].landed.places([(str(row[1]), int(row[2]))])[0] for row in found]
    lines: dict[KeyPath, int] = {(): 1, **{(str(at),): place.line or 1 for at, place in enumerate(places)}}
    return check(Document(places[0].file if places else "", data, lines))


def _cell(key: str, value: Any) -> Any:
    if key in _LISTS and isinstance(value, str):
        return [part.strip() for part in value.split(";") if part.strip()]
    return value
