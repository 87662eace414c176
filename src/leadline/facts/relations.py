"""A relation as one table over all its sources: landed, mapped, typed, checked.

What belongs here: what is the same for every relation. What a relation means belongs to its own module (people, accounts,
activities, deals).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from leadline import clock
from leadline.errors import Place, Problem
from leadline.facts import columns, database, validation
from leadline.facts.canonical import SHAPES
from leadline.facts.columns import Field
from leadline.facts.database import Database, SqlFailed
from leadline.facts.landing import Landed, Landing
from leadline.facts.model import Type
from leadline.facts.quarantine import Quarantine, SetAside
from leadline.facts.report import SourceReport
from leadline.facts.sources import Origin
from leadline.facts.validation import Rule

POSITION = ("__source", "__file", "__row")  # which row of which file of which source


@dataclass(frozen=True)
class Checked:
    """One source of a relation: its columns, its rows, those with a value in each column, and the rules that bad rows break."""

    landed: Landed
    fields: Sequence[Field]
    rows: int
    filled: Mapping[str, int]
    broken: Sequence[Rule] = ()


@dataclass
class RelationRows:
    """All rows of a relation.

    Attributes:
        relation: Its name.
        types: The columns with their types, in the order of the sources.
        sources: Its sources.
    """

    relation: str
    types: dict[str, Type] = field(default_factory=dict[str, Type])
    sources: list[Checked] = field(default_factory=list[Checked])

    def __bool__(self) -> bool:
        """Return whether the relation has any source."""
        return bool(self.sources)

    @property
    def read(self) -> int:
        """Return the number of rows in the sources."""
        return sum(source.rows for source in self.sources)

    @property
    def reports(self) -> tuple[SourceReport, ...]:
        """Return what to report of the sources."""
        return tuple(
            SourceReport(source.landed.origin.label, max(1, len(source.landed.origin.files)), source.rows) for source in self.sources
        )

    def nulls(self, name: str) -> float:
        """Return the share of rows in the sources that have no value in a column."""
        counted = ((column.lower(), count) for source in self.sources for column, count in source.filled.items())
        filled = sum(count for column, count in counted if column == name.lower())
        return 1 - filled / self.read if self.read else 1.0

    def completed(self) -> RelationRows:
        """Return the same rows with all canonical columns, NULL where no source has one."""
        canonical = {name: kind for name, kind in SHAPES[self.relation].columns.items() if not self.has(name)}
        return RelationRows(self.relation, {**self.types, **canonical}, self.sources)

    def has(self, name: str) -> bool:
        """Return whether any source has the column."""
        return name in self.types

    def column(self, name: str, stored: str = "varchar") -> str:
        """Return the column as SQL, or a NULL of the type ``stored`` where no source has it."""
        return database.name(name) if name in self.types else f"cast(null as {stored})"

    def select(self) -> str:
        """Return SQL of all rows with all columns and their position."""
        if not self.sources:
            nothing = [f"cast(null as {columns.STORED[kind]}) as {database.name(name)}" for name, kind in self.types.items()]
            return ", ".join(["select 0 as __source", "'' as __file", "0 as __row", *nothing]) + " where false"
        return " union all ".join(self._select(at, source) for at, source in enumerate(self.sources))

    def _select(self, at: int, source: Checked) -> str:
        by_name = {item.name.lower(): item for item in source.fields}
        parts = [f"{at} as __source", "filename as __file", "file_row_number as __row"]
        for name, kind in self.types.items():
            item = by_name.get(name.lower())
            value = columns.converted(item, kind) if item else f"cast(null as {columns.STORED[kind]})"
            parts.append(f"{value} as {database.name(name)}")
        kept = f" where not {validation.any_broken(source.broken)}" if source.broken else ""
        return database.fill("select $columns from $scan$kept", columns=", ".join(parts), scan=source.landed.scan, kept=kept)


class Reader:
    """Reads relations one after the other, collecting what is wrong with them; bad rows are set aside where there is a quarantine."""

    def __init__(self, db: Database, landing: Landing, quarantine: Quarantine | None, now: int) -> None:
        """Read through ``landing``; activities more than a day after ``now`` are bad."""
        self.db, self.landing, self.quarantine, self.now = db, landing, quarantine, now
        self.problems: list[Problem] = []

    def read(self, relation: str, origins: Sequence[Origin]) -> RelationRows:
        """Return a relation's rows; of sources with problems there are none."""
        rows = RelationRows(relation)
        for origin in origins:
            if origin.relation == relation:
                rows.sources += self._source(origin)
        rows.types = columns.agree([source.fields for source in rows.sources])
        return rows

    def _source(self, origin: Origin) -> list[Checked]:
        landed = self.landing.land(origin)
        self.problems += self.landing.taken()
        if landed is None:
            return []
        found, wrong = columns.fields(landed)
        self.problems += wrong
        try:
            return [] if wrong else [self._checked(landed, columns.infer(self.db, landed, found) if landed.is_text else found)]
        except SqlFailed as error:  # a file that is damaged inside, or files that don't go together
            says = f"{origin.label} can't be read to the end: {str(error).splitlines()[0]}"
            self.problems.append(Problem("unreadable-file", origin.where, says, "Write it anew, with the same types in all files."))
            return []

    def _checked(self, landed: Landed, found: Sequence[Field]) -> Checked:
        relation = landed.origin.relation
        counted = validation.count(self.db, landed, found, validation.rules(relation, found, self.now))
        broken = counted.broken
        if self.quarantine is None:
            self.problems += [validation.as_problem(self.db, landed, rule, count) for rule, count in broken]
        elif broken:
            self.quarantine.add(relation, validation.set_aside(self.db, landed, [rule for rule, _ in broken]))
            self._look_again(self.quarantine, landed, [rule for rule, _ in broken if rule.code == validation.FUTURE])
        return Checked(landed, found, counted.rows, counted.filled, [rule for rule, _ in broken])

    def _look_again(self, quarantine: Quarantine, landed: Landed, future: Sequence[Rule]) -> None:
        for rule in future:
            if rule.field:
                when = columns.converted(rule.field, Type.TIME)
                parts = {"when": when, "scan": landed.scan, "broken": rule.broken}
                quarantine.look_again(int(self.db.row("select min($when) from $scan where $broken", **parts)[0]) - clock.DAY)


_CONFLICTS = """
with keyed as (
  select *, md5(cast(row($content) as varchar)) as __content from ($rows)
  where $first in (select $first from ($rows) group by $first having count(*) > 1)
), ranked as (
  select *, first(__content) over (partition by $key order by __source, __file, __row) as __first from keyed
)
select __source, __file, __row, $shown from ranked where __content <> __first order by $key, __source, __file, __row
"""


_ONE = "select $values from $scan where filename = ? and file_row_number = ?"


def conflicts(db: Database, rows: RelationRows, key: Sequence[str]) -> list[tuple[int, str, int, str]]:
    """Return the rows (source, file, row, key) that say something else than the first row with the same key."""
    if not rows.sources:
        return []
    names = ", ".join(database.name(part) for part in key if rows.has(part))
    content = ", ".join(map(database.name, rows.types))
    first = database.name(key[0])
    return db.rows(_CONFLICTS, rows=rows.select(), first=first, key=names, content=content, shown=f"concat_ws(' ', {first})")


def conflict_problems(rows: RelationRows, found: Sequence[tuple[int, str, int, str]], says: str, fix: str) -> Iterator[Problem]:
    """Yield one problem for all conflicting rows of a relation."""
    if found:
        examples = found[:3]
        places = [rows.sources[source].landed.places([(file, row)])[0] for source, file, row, _ in examples]
        shown = ", ".join(f"{place.file}:{place.line} {key!r}" for place, (_, _, _, key) in zip(places, examples, strict=True))
        count = "one row" if len(found) == 1 else f"{len(found):,} rows"
        yield Problem("conflicting-rows", Place(places[0].file, places[0].line), f"{says}: {count} ({shown}).", fix)


def set_aside_conflicts(db: Database, rows: RelationRows, found: Sequence[tuple[int, str, int, str]], key: str) -> Iterator[SetAside]:
    """Yield the conflicting rows as they came."""
    for at, source in enumerate(rows.sources):
        wanted = [(file, row, shown) for number, file, row, shown in found if number == at]
        raw = list(source.landed.columns)
        values = ", ".join(f"cast({database.name(column)} as varchar)" for column in raw)
        for (file, row, shown), place in zip(wanted, source.landed.places([(file, row) for file, row, _ in wanted]), strict=True):
            found_row = db.row(_ONE, [file, row], values=values, scan=source.landed.scan)
            original = dict(zip(raw, found_row, strict=True))
            yield SetAside(place.file, place.line or 0, "conflicting-rows", key, shown, original)
