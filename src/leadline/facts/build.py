"""Building a mirror, in order: land, check, code, derive, write. Read this first to see how facts come together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from leadline.errors import FactsRefused, Place, Problem, Severity
from leadline.facts import accounts, activities, arrivals, columns, database, deals, people, properties, relations, versions
from leadline.facts.activities import Written
from leadline.facts.canonical import SHAPES
from leadline.facts.database import Database
from leadline.facts.landing import Landing
from leadline.facts.model import Column, Relation, Schema, Type
from leadline.facts.quarantine import Quarantine
from leadline.facts.relations import RelationRows
from leadline.facts.report import ColumnReport, FactsReport, RelationReport
from leadline.facts.sources import Origin, database_files
from leadline.project import OnBadRows, ProjectConfig

Progress = Callable[[str, float], None]
_KEYS = {Relation.PEOPLE: ("person_id", "valid_from"), Relation.ACCOUNTS: ("account_id", "valid_from"), Relation.DEALS: ("deal_id",)}
_TABLES = (
    ("people_final", "people.parquet", "person_code, valid_from"),
    ("accounts_final", "accounts.parquet", "account_code, valid_from"),
    ("deals_final", "deals.parquet", "deal_id"),
    ("deal_stages_final", "deal_stages.parquet", "deal_id, entered_at, stage"),
    ("lead_stages_final", "lead_stages.parquet", "person_code nulls last, person_id, entered_at, stage"),
)


@dataclass(frozen=True)
class Built:
    """What a build wrote, for ``schema.json``."""

    schema: Schema
    parts: tuple[Written, ...]
    report: FactsReport


class Build:
    """One build of a mirror in a folder of its own."""

    def __init__(self, project: ProjectConfig, origins: Sequence[Origin], folder: Path, now: int, progress: Progress) -> None:
        """Prepare; ``folder`` holds everything that the build leaves, under ``out`` what is to stay."""
        self.project, self.origins, self.folder, self.now, self.progress = project, origins, folder, now, progress
        self.out = folder / "out"
        self.out.mkdir(parents=True)
        self.db = Database(folder / "spill", project.root)
        self.rows: dict[str, RelationRows] = {}
        self.duplicates: dict[str, int] = {}
        self.warnings: list[Problem] = []
        stop = project.file.on_bad_rows is OnBadRows.STOP
        self.quarantine = None if stop else Quarantine(folder / "quarantine")

    def run(self) -> Built:
        """Build everything.

        Raises:
            FactsRefused: If the data has problems; all of them are listed.
        """
        try:
            self._read()
            self._identify()
            schema, parts, report = self._settle()
        finally:
            self.db.close()
        if self.quarantine:
            self.quarantine.write(self.project.work / "quarantine")
        return Built(schema, parts, report)

    def _read(self) -> None:
        """Land and check every relation."""
        landing = Landing(self.db, self.project.file.engine, self.folder / "landed", self.quarantine)
        for file in database_files(self.project)[:1]:
            self.db.run(f"attach {database.text(file.path)} as engine (read_only); use engine")
        problems: list[Problem] = []
        for at, relation in enumerate(Relation):
            own = [origin for origin in self.origins if origin.relation == relation]
            self.progress(f"reading {relation.replace('_', ' ')}", at / len(Relation))
            self.rows[relation], found = relations.read(self.db, landing, relation, own, self.now)
            problems += [*found, *self._conflicts(self.rows[relation])]
        if problems:
            raise FactsRefused(problems)

    def _conflicts(self, rows: RelationRows) -> list[Problem]:
        key = _KEYS.get(Relation(rows.relation))
        if not key or not rows.has(key[0]):
            return []
        found = relations.conflicts(self.db, rows, key)
        self.duplicates[rows.relation] = -len(found)
        if self.quarantine is None:
            says = f"rows with the same {' and '.join(part for part in key if rows.has(part))} say different things"
            fix = "Keep one, or give each a different valid_from." if "valid_from" in key else "Keep one."
            return list(relations.conflict_problems(rows, found, says, fix))
        self.quarantine.add(rows.relation, relations.set_aside_conflicts(self.db, rows, found, key[0]))
        return []

    def _identify(self) -> None:
        """Give people and accounts their codes."""
        acts = self.rows[Relation.ACTIVITIES]
        self.progress("matching people and accounts", 0)
        self._add(Relation.ACCOUNTS, accounts.prepare(self.db, self.rows[Relation.ACCOUNTS]))
        strangers = f"select distinct {acts.column('person_id')} as person_id from ({acts.select()})"
        self._add(Relation.PEOPLE, people.prepare(self.db, self.rows[Relation.PEOPLE], strangers))
        mentioned = [
            f"select distinct {rows.column('account_id')} as account_id from ({rows.select()})"
            for rows in (self.rows[Relation.PEOPLE], acts, self.rows[Relation.DEALS])
            if rows.has("account_id")
        ]
        accounts.code(self.db, *mentioned)

    def _add(self, relation: Relation, copies: int) -> None:
        self.duplicates[relation] = self.duplicates.get(relation, 0) + copies

    def _settle(self) -> tuple[Schema, tuple[Written, ...], FactsReport]:
        """Derive what follows from the facts, and write every relation."""
        person, matched = people.settle(self.db, self.rows[Relation.PEOPLE])
        copies, unmatched_deals, early = deals.settle(self.db, self.rows[Relation.DEALS])
        self._add(Relation.DEALS, copies)
        if early:
            says = f"{early:,} deals were closed before they were created; they count as never open."
            self.warnings.append(Problem("closed-before-created", Place(path="deals"), says, "Look at closed_at.", Severity.WARNING))
        for relation in (Relation.DEAL_STAGES, Relation.LEAD_STAGES):
            self._add(relation, deals.settle_stages(self.db, self.rows[relation], f"{relation}_final"))
        account = accounts.settle(self.db, self.rows[Relation.ACCOUNTS])
        found, parts = self._activities()
        self.progress("writing", 0.9)
        paths = [str(self.out / part.file) for part in parts]
        person |= arrivals.settle(self.db, found, paths, list(person), self.project.file.own_domains)
        for table, file, order in _TABLES:
            deals.write(self.db, table, self.out / file, order)
        kinds = {str(kind): int(count) for kind, count in self.db.rows(f"select type, count(*) from read_parquet([{database.texts(paths)}]) group by type order by 2 desc, 1")}
        schema = Schema(person, account, {one.name: Column(one.type) for one in found.all}, kinds)
        return schema, parts, self._report(schema, parts, matched, unmatched_deals, found.cut)

    def _activities(self) -> tuple[properties.Properties, tuple[Written, ...]]:
        rows = self.rows[Relation.ACTIVITIES]
        if not rows:
            return properties.Properties((), (), ()), (activities.write_empty(self.db, self.out),)
        self.progress("finding duplicates", 0)
        self._add(Relation.ACTIVITIES, activities.find_repeated(self.db, rows))
        activities.split(self.db, rows)
        self.progress("reading properties", 0.1)
        found = properties.find(self.db, rows)
        self.progress("ordering activities", 0.2)
        staged = activities.stage(self.db, rows, found, self.folder / "staged")
        activities.find_machines(self.db, staged, found)

        def done(share: float) -> None:
            self.progress("ordering activities", 0.4 + 0.5 * share)

        parts = tuple(activities.write(self.db, staged, found, self.out, done))
        return found, parts or (activities.write_empty(self.db, self.out),)

    def _report(
        self, schema: Schema, parts: Sequence[Written], matched: int, unmatched_deals: int, cut: tuple[str, ...]
    ) -> FactsReport:
        undated = [f"person.{name}" for name, column in schema.person.items() if column.undated]
        undated += [f"account.{name}" for name, column in schema.account.items() if column.undated]
        reports = {relation: self._of_relation(rows, schema, parts) for relation, rows in self.rows.items() if rows}
        return FactsReport(
            reports,
            versions.count(self.db, "person_codes"),
            versions.count(self.db, "account_codes"),
            sum(part.unmatched for part in parts),
            unmatched_deals,
            matched,
            sum(part.machines for part in parts),
            tuple(undated),
            cut,
            tuple(self.warnings),
        )

    def _of_relation(self, rows: RelationRows, schema: Schema, parts: Sequence[Written]) -> RelationReport:
        relation = rows.relation
        aside = self.quarantine.counts.get(relation, 0) if self.quarantine else 0
        copies = self.duplicates.get(relation, 0)
        table = f"({rows.select()})"
        shares = versions.nulls(self.db, table, list(rows.types))
        when = SHAPES[relation].time
        asked = f"select min({database.name(when)}), max({database.name(when)}) from {table}" if when and rows.has(when) else "select null, null"
        first, last = self.db.row(asked)
        known: Mapping[str, Column] = {Relation.PEOPLE: schema.person, Relation.ACCOUNTS: schema.account}.get(Relation(relation), {})
        held = tuple(
            ColumnReport(name, kind, round(shares[name], 6), name in known and known[name].undated) for name, kind in rows.types.items()
        )
        read = rows.read + (self.quarantine.unread.get(relation, 0) if self.quarantine else 0)
        return RelationReport(rows.reports, read, read - aside - copies, copies, aside, held, first, last)
