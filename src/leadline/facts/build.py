"""Building a mirror, in order: read, identify, settle, write. Read this first to see how facts come together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from leadline.documents import read_document
from leadline.errors import FactsRefused, Place, Problem, Severity
from leadline.facts import accounts, activities, arrivals, database, deals, parts, people, properties, relations, remote, reps
from leadline.facts.canonical import REPS, SHAPES
from leadline.facts.database import Database
from leadline.facts.landing import Landing
from leadline.facts.model import Column, Relation, Remote, Schema
from leadline.facts.parts import Written
from leadline.facts.properties import Properties
from leadline.facts.quarantine import Quarantine
from leadline.facts.relations import Reader, RelationRows
from leadline.facts.report import ColumnReport, FactsReport, RelationReport
from leadline.facts.sources import Found, database_files, reps_files
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
_UNMATCHED = """
select coalesce(sum(activities), 0) from who_acts anti join person_codes using (person_id) where person_id is not null
"""
_TYPES = "select type, count(*) from read_parquet([$parts]) group by type order by 2 desc, 1"


@dataclass(frozen=True)
class Built:
    """What a build wrote, for ``schema.json``; ``recheck`` is the instant from which on a row set aside would be read."""

    schema: Schema
    parts: tuple[Written, ...]
    report: FactsReport
    recheck: int | None = None
    remote: Remote | None = None


@dataclass
class _Tally:
    """What the report counts while the build goes along."""

    duplicates: dict[str, int]
    warnings: list[Problem]
    matched: int = 0
    unmatched_deals: int = 0

    def copies(self, relation: Relation, copies: int) -> None:
        self.duplicates[relation] = self.duplicates.get(relation, 0) + copies


class Build:
    """One build of a mirror in a folder of its own."""

    def __init__(self, project: ProjectConfig, found: Found, folder: Path, now: int, progress: Progress) -> None:
        """Prepare; ``folder`` holds everything that the build leaves, under ``out`` what is to stay."""
        self.project, self.found, self.folder, self.now, self.progress = project, found, folder, now, progress
        self.out = folder / "out"
        self.out.mkdir(parents=True)
        self.db = Database(folder / "spill", project.root)
        stop = project.file.on_bad_rows is OnBadRows.STOP
        self.quarantine = None if stop else Quarantine(folder / "quarantine")
        self.rows: dict[Relation, RelationRows] = {}
        self.staying: list[remote.Looked] = []  # activities that stay in the database
        self.tally = _Tally({}, [])

    def run(self) -> Built:
        """Build everything.

        Raises:
            FactsRefused: If the data has problems; all of them are listed.
        """
        try:
            self._read()
            self._identify()
            schema, found, written = self._settle()
            built = Built(schema, written, self._report(schema, written, found.cut), self.quarantine.recheck if self.quarantine else None)
            if self.staying:
                built = self._with_those_that_stay(built)
        finally:
            self.db.close()
        if self.quarantine:
            self.quarantine.write(self.project.work / "quarantine")
        return built

    def _with_those_that_stay(self, built: Built) -> Built:
        """Return the same with what the database tells about activities."""
        found = remote.put_together(self.project.file.engine, self.staying, self.rows[Relation.PEOPLE].types)
        report = replace(
            built.report,
            relations={**built.report.relations, str(Relation.ACTIVITIES): found.report},
            unmatched_activities=int(self.db.row(_UNMATCHED)[0]),
            machine_activities=found.machines,
            cut_properties=found.cut,
        )
        schema = replace(built.schema, properties=found.properties, types=found.types)
        return replace(built, schema=schema, report=report, remote=found.remote)

    def _read(self) -> None:
        """Land and check every relation."""
        landing = Landing(self.db, self.project.file.engine, self.folder / "landed", self.quarantine)
        reader = Reader(self.db, landing, self.quarantine, self.now)
        for file in database_files(self.project)[:1]:
            self.db.run("attach $file as engine (read_only); use engine", file=database.text(file.path))
        problems = list(self.found.problems)
        staying = remote.stays(self.project.file.engine, self.found.origins)
        origins = [origin for origin in self.found.origins if origin not in staying]
        for at, relation in enumerate(Relation):
            self.progress(f"reading {relation.replace('_', ' ')}", at / len(Relation))
            self.rows[relation] = reader.read(relation, origins)
            problems += self._conflicts(relation)
        self.staying, wrong = remote.look(self.project.file.engine, staying, self.now)
        problems += [*wrong, *remote.mixed(origins, staying), *self._reps(reader)]
        if problems or reader.problems:
            everything = [*problems, *reader.problems]
            raise FactsRefused(sorted(everything, key=lambda problem: (problem.where.file, problem.where.line or 0)))

    def _conflicts(self, relation: Relation) -> Iterator[Problem]:
        """Yield a problem if rows with one key differ; or set those after the first aside."""
        rows, key = self.rows[relation], _KEYS.get(relation, ())
        if not rows or not key:
            return
        found = relations.conflicts(self.db, rows, key)
        self.tally.copies(relation, -len(found))
        if self.quarantine is None:
            says = f"rows with the same {' and '.join(part for part in key if rows.has(part))} say different things"
            fix = "Keep one, or give each a different valid_from." if "valid_from" in key else "Keep one."
            yield from relations.conflict_problems(rows, found, says, fix)
        else:
            self.quarantine.add(relation, relations.set_aside_conflicts(self.db, rows, found, key[0]))

    def _reps(self, reader: Reader) -> list[Problem]:
        """Write ``reps.json``, empty if the project names none; return what is wrong with them."""
        team: list[reps.Rep] = []
        wrong: list[Problem] = []
        for file in reps_files(self.project):
            team, wrong = reps.check(read_document(file.path, file.shown))
        rows = reader.read(REPS, self.found.origins)
        if rows:
            team, wrong = reps.from_rows(self.db, rows)
        data = [rep.model_dump(mode="json") for rep in team]
        (self.out / "reps.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
        return wrong

    def _identify(self) -> None:
        """Give people and accounts their codes."""
        self.progress("matching people and accounts", 0)
        if self.staying:
            who = remote.land_who(self.project.file.engine, self.staying, self.folder / "who")
            self.db.run("create temp table who_acts as select * from $who", who=who)
            strangers, mentioned = "select distinct person_id from who_acts", ["select distinct account_id from who_acts"]
        else:
            strangers, mentioned = _distinct(self.rows[Relation.ACTIVITIES], "person_id"), []
        self.tally.copies(Relation.ACCOUNTS, accounts.prepare(self.db, self.rows[Relation.ACCOUNTS]))
        self.tally.copies(Relation.PEOPLE, people.prepare(self.db, self.rows[Relation.PEOPLE], strangers))
        mentioning = (self.rows[relation] for relation in (Relation.PEOPLE, Relation.ACTIVITIES, Relation.DEALS))
        accounts.code(self.db, *mentioned, *(_distinct(rows, "account_id") for rows in mentioning if rows.has("account_id")))

    def _settle(self) -> tuple[Schema, Properties, tuple[Written, ...]]:
        """Derive what follows from the facts, and write every relation."""
        tally = self.tally
        person, tally.matched = people.settle(self.db, self.rows[Relation.PEOPLE])
        copies, tally.unmatched_deals, early = deals.settle(self.db, self.rows[Relation.DEALS])
        tally.copies(Relation.DEALS, copies)
        if early:
            says = f"{early:,} deals were closed before they were created; they count as never open."
            tally.warnings.append(Problem("closed-before-created", Place(path="deals"), says, "Look at closed_at.", Severity.WARNING))
        for relation in (Relation.DEAL_STAGES, Relation.LEAD_STAGES):
            tally.copies(relation, deals.settle_stages(self.db, self.rows[relation], f"{relation}_final"))
        account = accounts.settle(self.db, self.rows[Relation.ACCOUNTS])
        found, written = self._activities()
        self.progress("writing", 0.9)
        paths = [str(self.out / part.file) for part in written]
        person |= arrivals.settle(self.db, found, paths, list(person), self.project.file.own_domains)
        for table, file, order in _TABLES:
            self.db.write(table, self.out / file, order)
        types = {str(kind): int(count) for kind, count in self.db.rows(_TYPES, parts=database.texts(paths))}
        return Schema(person, account, {one.name: Column(one.type) for one in found.all}, types), found, written

    def _activities(self) -> tuple[Properties, tuple[Written, ...]]:
        rows = self.rows[Relation.ACTIVITIES]
        if not rows:
            nothing = Properties((), (), ())
            return nothing, (parts.write_empty(self.db, nothing, self.out),)
        self.progress("finding duplicates", 0)
        self.tally.copies(Relation.ACTIVITIES, activities.find_repeated(self.db, rows))
        self.progress("reading properties", 0.1)
        found = properties.find(self.db, rows)
        self.progress("ordering activities", 0.2)
        staged = activities.stage(self.db, rows, found, self.folder / "staged")

        def done(share: float) -> None:
            self.progress("ordering activities", 0.4 + 0.5 * share)

        written = tuple(parts.write(self.db, staged, found, self.out, done))
        return found, written or (parts.write_empty(self.db, found, self.out),)

    def _report(self, schema: Schema, written: tuple[Written, ...], cut: tuple[str, ...]) -> FactsReport:
        attributes = [("person", schema.person), ("account", schema.account)]
        return FactsReport(
            relations={str(relation): self._of_relation(relation, schema) for relation, rows in self.rows.items() if rows},
            people=self.db.count("person_codes"),
            accounts=self.db.count("account_codes"),
            unmatched_activities=sum(part.unmatched for part in written),
            unmatched_deals=self.tally.unmatched_deals,
            matched_by_domain=self.tally.matched,
            machine_activities=sum(part.machines for part in written),
            undated=tuple(f"{of}.{name}" for of, columns in attributes for name, column in columns.items() if column.undated),
            cut_properties=cut,
            warnings=tuple(self.tally.warnings),
        )

    def _of_relation(self, relation: Relation, schema: Schema) -> RelationReport:
        rows, aside = self.rows[relation], 0
        read, copies = rows.read, self.tally.duplicates.get(relation, 0)
        if self.quarantine:
            aside = self.quarantine.counts.get(relation, 0)
            read += self.quarantine.unread.get(relation, 0)
        known = {Relation.PEOPLE: schema.person, Relation.ACCOUNTS: schema.account}.get(relation, {})
        when = rows.column(SHAPES[relation].time or "", "bigint")
        first, last = self.db.row("select min($when), max($when) from ($rows)", when=when, rows=rows.select())
        undated = {name for name, column in known.items() if column.undated}
        columns = (ColumnReport(name, kind, rows.nulls(name), name in undated) for name, kind in rows.types.items())
        return RelationReport(rows.reports, read, read - aside - copies, copies, aside, tuple(columns), first, last)


def _distinct(rows: RelationRows, column: str) -> str:
    parts = {"column": rows.column(column), "name": column, "rows": rows.select()}
    return database.fill("select distinct $column as $name from ($rows)", **parts)
