"""A replayed course as a result that can be counted, listed, and written: its spells under the names that people know.

What belongs here: from codes to ids, from registers to criteria, from arrays to rows. What doesn't: deciding when a spell begins.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from leadline import clock
from leadline.engine import spelled
from leadline.engine.model import MICRO
from leadline.engine.rehearsal import ALWAYS, STILL, Rehearsal, Spells
from leadline.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

    from leadline.engine.plan import Layout

KEYS = ("person_id", "account_id", "track", "entered_at", "left_at", "reentry", "score", "left_score", "cause", "left_cause", "fingerprint")
TIMES = ("entered_at", "left_at")
NARROW = ("person", "account", "track", "entered", "left", "score", "left_score", "cause", "left_cause")


class Tally(NamedTuple):
    """What came of a track in the window shown.

    Attributes:
        people: How many were inside at some instant of it.
        entries: Spells that began in it.
        reentries: Those of them whose person had been inside before.
        exits: Spells that ended in it.
        inside: Spells that had not ended at its end.
    """

    people: int
    entries: int
    reentries: int
    exits: int
    inside: int


@dataclass(frozen=True)
class Replayed:
    """The spells of one course that touch a window, by entry.

    A spell that began before the window keeps its true entry. At the window's last instant as at any other, the people inside a
    spell are those who qualify then.

    Attributes:
        rehearsal: What was replayed.
        spells: All spells of all courses since the first fact.
        folder: The mirror's, which knows whom codes stand for.
        since: The first instant of the window in microseconds, or ``None`` for the first fact.
        until: Its last instant; nothing later is known.
        course: Index of the course.
        track: Show only spells of this track.
        person: Show only spells of this person.
    """

    rehearsal: Rehearsal
    spells: Spells
    folder: Path
    since: int | None
    until: int
    course: int = 0
    track: str | None = None
    person: str | None = None

    def only(self, *, track: str | None = None, person: str | None = None) -> Replayed:
        """Return the same, of one track or one person alone.

        Raises:
            UsageError: If there is no such track or person.
        """
        if track is not None and track not in self.tracks:
            raise UsageError(f"There is no track '{track}'.", did_you_mean(track, self.tracks), code="unknown-track")
        if person is not None and person not in self.people.values():
            raise UsageError(f"There is no person '{person}'.", did_you_mean(person, self.people.values()), code="unknown-person")
        return replace(self, track=track, person=person)

    @cached_property
    def tracks(self) -> tuple[str, ...]:
        """Names of the tracks that were ever in force, or the one that is shown."""
        names = dict.fromkeys(track.name for track in self.rehearsal.tracks if track.course == self.course)
        return tuple(names) if self.track is None else (self.track,)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the definition in force at the end."""
        return self._layout(self.until).fingerprint

    @property
    def title(self) -> str:
        """The name of the definition in force at the end."""
        return self._layout(self.until).title

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        """Names of the criteria of every definition that was in force."""
        return tuple(dict.fromkeys(name for layout in self.rehearsal.layouts[self.course] for name in layout.criteria))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield spells by entry, in the shape of design.md §8, times in microseconds (``None`` before the first fact or after the end)."""
        return map(self._row, self._chosen)

    def latest(self, most: int) -> list[dict[str, Any]]:
        """Return the spells that began last, the latest first."""
        return [self._row(at) for at in self._chosen[::-1][:most]]

    def tallies(self) -> dict[str, Tally]:
        """Return, by track, how many entered, left, came back and are inside."""
        return {name: self._tally([at for at in self._chosen if self._track(at) == name]) for name in self.tracks}

    def months(self) -> list[tuple[str, dict[str, int]]]:
        """Return, for every month from the first entry shown to the last, the entries by track."""
        entries = [at for at in self._chosen if self._began(at)]
        counted = Counter((_month(self._columns["entered"][at]), self._track(at)) for at in entries)
        if not counted:
            return []
        first, last = min(counted)[0], max(counted)[0]
        months = [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(_number(first), _number(last) + 1)]
        return [(month, {name: counted[month, name] for name in self.tracks}) for month in months]

    def table(self) -> pa.Table:
        """Return the spells as an Arrow table with a column for the points of each criterion at entry and at exit."""
        return self._relation().to_arrow_table()

    def _relation(self) -> spelled.Rows:
        return spelled.relation(self._mine, self._chosen, spelled.Asked(self.rehearsal, self.course, self.until, self.folder))

    def write(self, path: Path, form: str) -> None:
        """Write the spells to a file, whole or not at all."""
        part = path.with_name(f".{path.name}.part")
        try:
            if form == "parquet":
                self._relation().write_parquet(str(part))
            else:
                with part.open("w", encoding="utf-8", newline="") as file:
                    self.write_text(file, form)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def write_text(self, file: TextIO, form: str) -> None:
        """Write the spells as JSON or CSV to an open file."""
        if form == "json":
            self._write_json(file)
            return
        writer = csv.DictWriter(file, self._header(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._flat(_spoken(row)) for row in self.rows())

    def _write_json(self, file: TextIO) -> None:
        head = {"fingerprint": self.fingerprint, "from": _instant(self.since), "to": _instant(self.until)}
        file.write(json.dumps(head)[:-1] + ', "spells": [')
        lines = (json.dumps(_spoken(row), ensure_ascii=False) for row in self.rows())
        file.writelines((",\n" if at else "\n") + line for at, line in enumerate(lines))
        file.write("\n]}\n")

    def _header(self) -> list[str]:
        return [*KEYS, *(f"points.{name}" for name in self.criteria), *(f"left_points.{name}" for name in self.criteria)]

    def _flat(self, row: Mapping[str, Any]) -> dict[str, Any]:
        left: Mapping[str, float] = row["left_criteria"] or {}
        entry = {f"points.{name}": value for name, value in row["criteria"].items()}
        exit_ = {f"left_points.{name}": value for name, value in left.items()}
        return {**{name: row[name] for name in KEYS}, **entry, **exit_}

    @cached_property
    def _mine(self) -> Spells:
        return self.spells.of([at for at, track in enumerate(self.rehearsal.tracks) if track.course == self.course])

    @cached_property
    def _columns(self) -> Mapping[str, list[int]]:
        """The narrow columns as lists, which are quicker to read one by one than arrays."""
        return {name: getattr(self._mine, name).tolist() for name in NARROW}

    @cached_property
    def people(self) -> Mapping[int, str]:
        """Ids of people by their code."""
        return spelled.ids(self.folder, "person")

    @cached_property
    def accounts(self) -> Mapping[int, str]:
        """Ids of accounts by their code."""
        return spelled.ids(self.folder, "account")

    @cached_property
    def _reentries(self) -> list[int]:
        """How many spells of the same person and track came before each."""
        return spelled.reentries(self._mine).tolist()

    @cached_property
    def _chosen(self) -> list[int]:
        shown: list[int] = spelled.touching(self._mine, self.since, self.until).tolist()
        return shown if self.person is None and self.track is None else [at for at in shown if self._asked(at)]

    def _asked(self, at: int) -> bool:
        person = self.person is None or self.people[self._columns["person"][at]] == self.person
        return person and (self.track is None or self._track(at) == self.track)

    def _track(self, at: int) -> str:
        return self.rehearsal.tracks[self._columns["track"][at]].name

    def _began(self, at: int) -> bool:
        entered = self._columns["entered"][at]
        return entered != ALWAYS and (self.since is None or entered >= self.since)

    def _tally(self, spells: Sequence[int]) -> Tally:
        columns = self._columns
        entries = [at for at in spells if self._began(at)]
        inside = sum(columns["left"][at] > self.until for at in spells)
        people = len({columns["person"][at] for at in spells})
        return Tally(people, len(entries), sum(self._reentries[at] > 0 for at in entries), len(spells) - inside, inside)

    def _layout(self, when: int) -> Layout:
        return self.rehearsal.layouts[self.course][self._era(when)]

    def _era(self, when: int) -> int:
        begun = [index for index, since in enumerate(self.rehearsal.since[self.course]) if since <= when]
        return begun[-1] if begun else 0

    def _row(self, at: int) -> dict[str, Any]:
        row, columns = self._key(at), self._columns
        left = self._points(self._mine.left_points[at], columns["left"][at]) if row["left_at"] is not None else None
        return {**row, "criteria": self._points(self._mine.points[at], columns["entered"][at]), "left_criteria": left}

    def _key(self, at: int) -> dict[str, Any]:
        """Return a row without points."""
        columns, causes = self._columns, self._mine.causes
        entered, left = columns["entered"][at], columns["left"][at]
        ended = left <= self.until
        return {
            "person_id": self.people[columns["person"][at]],
            "account_id": None if columns["account"][at] < 0 else self.accounts[columns["account"][at]],
            "track": self._track(at),
            "entered_at": None if entered == ALWAYS else entered,
            "left_at": left if ended else None,
            "reentry": self._reentries[at],
            "score": columns["score"][at] / MICRO,
            "left_score": columns["left_score"][at] / MICRO if ended else None,
            "cause": causes[columns["cause"][at]],
            "left_cause": causes[columns["left_cause"][at]] if ended else None,
            "fingerprint": self._layout(entered).fingerprint,
        }

    def _points(self, registers: Any, when: int) -> dict[str, float]:
        era = self._era(when)
        places = self.rehearsal.registers[self.course][era]
        values = registers.tolist()
        return {name: values[place] / MICRO for name, place in zip(self.rehearsal.layouts[self.course][era].criteria, places, strict=True)}


def _instant(micros: int | None) -> str | None:
    return None if micros is None or micros in (ALWAYS, STILL) else clock.write_instant(micros)


def _spoken(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its times as people write them."""
    return {**row, **{name: _instant(row[name]) for name in TIMES}}


def _month(micros: int) -> str:
    return (clock.EPOCH + dt.timedelta(microseconds=micros)).strftime("%Y-%m")


def _number(month: str) -> int:
    year, number = map(int, month.split("-"))
    return year * 12 + number - 1
