"""What a row must fulfil, as rules that DuckDB counts; the rows that break one become problems or are set aside.

All problems of all relations are reported at once, grouped by rule, with a count and a few examples with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadline import clock
from leadline.errors import Problem
from leadline.facts import columns, database
from leadline.facts.canonical import SHAPES
from leadline.facts.columns import Field
from leadline.facts.database import Database
from leadline.facts.landing import Landed
from leadline.facts.model import Outcome, Relation, Side, Type
from leadline.facts.quarantine import SetAside

EARLIEST, LATEST = 0, clock.parse_instant("2200-01-01")
FUTURE = "future-time"
_EXAMPLES = 3
_FIRST = "select filename, file_row_number, $shown from $scan where $broken order by all limit $limit"
_BROKEN = "select filename, file_row_number, case $first end, $values from $scan where $any order by 1, 2"
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that is wrong with a row: a stable code, the column, SQL that is true where it is wrong, words, and a fix.

    ``field`` is the column whose value is shown, if a value is what is wrong.
    """

    code: str
    column: str
    broken: str
    says: str
    fix: str
    field: Field | None = None


def rules(relation: str, found: Sequence[Field], now: int) -> list[Rule]:
    """Return the rules for a source with these columns."""
    by_name = {field.name: field for field in found}
    made: list[Rule] = []
    for name in SHAPES[relation].required:
        made += _must_have(by_name, name)
    if relation == Relation.ACTIVITIES:
        made += [*_must_have(by_name, "activity_id"), *_somebody(by_name), *_of_activities(by_name, now)]
    if relation == Relation.DEALS and "outcome" in by_name:
        made.append(_one_of(by_name["outcome"], list(Outcome), "unknown-outcome", "Map your stages to won, lost or open in a query."))
    for field in found:
        canonical = field.name in SHAPES[relation].columns  # the type of others was inferred, so they fit
        if field.type is Type.TIME and canonical:
            made += _times(field)
        elif field.type is Type.NUMBER:
            made += _numbers(field, canonical=canonical)
    return made


def _must_have(by_name: dict[str, Field], name: str) -> Iterator[Rule]:
    if name in by_name:
        says = f"'{name}' is empty"
        yield Rule("missing-value", name, f"not {by_name[name].filled}", says, "Every row needs one.")


def _somebody(by_name: dict[str, Field]) -> Iterator[Rule]:
    present = [by_name[name] for name in ("person_id", "account_id") if name in by_name]
    if present:
        broken = " and ".join(f"not {field.filled}" for field in present)
        yield Rule(
            "missing-person", present[0].name, broken, "neither person_id nor account_id is given", "Every activity needs one of them."
        )


def _of_activities(by_name: dict[str, Field], now: int) -> Iterator[Rule]:
    if "side" in by_name:
        fix = "Use marketing, product, sales or third_party, or leave it empty for marketing."
        yield _one_of(by_name["side"], list(Side), "unknown-side", fix)
    if "occurred_at" in by_name:
        field = by_name["occurred_at"]
        broken = f"{columns.converted(field, Type.TIME)} > {now + clock.DAY}"
        yield Rule(
            FUTURE, field.name, broken, "'occurred_at' lies in the future", "Look at the time zone and the clock of the source.", field
        )
    if "properties" in by_name and by_name["properties"].stored in {"VARCHAR", "JSON"}:
        field = by_name["properties"]
        broken = (
            f"({field.filled} and not (json_valid({field.sql}) and (starts_with(ltrim({field.sql}), '{{') or trim({field.sql}) = 'null')))"
        )
        yield Rule("bad-json", field.name, broken, "'properties' is not a JSON object", 'Write an object: {"path": "/pricing"}.', field)


def _one_of(field: Field, known: Sequence[str], code: str, fix: str) -> Rule:
    value = f"lower(trim(cast({field.sql} as varchar)))"
    return Rule(
        code,
        field.name,
        f"({field.filled} and {value} not in ({database.texts(known)}))",
        f"'{field.name}' is none of {', '.join(known)}",
        fix,
        field,
    )


def _times(field: Field) -> Iterator[Rule]:
    value = columns.converted(field, Type.TIME)
    fix = "Write ISO 8601: 2026-01-31 or 2026-01-31T09:30:00Z; a number must be converted in a query."
    yield Rule("bad-time", field.name, f"({field.filled} and ({value}) is null)", f"'{field.name}' is not a time", fix, field)
    outside = f"({value} < {EARLIEST} or {value} >= {LATEST})"
    fix = "Leave it empty if it isn't known."
    yield Rule("time-out-of-range", field.name, outside, f"'{field.name}' lies before 1970 or after 2199", fix, field)


def _numbers(field: Field, *, canonical: bool) -> Iterator[Rule]:
    value = columns.converted(field, Type.NUMBER)
    if field.stored in columns.FLOATS:
        says = f"'{field.name}' is not finite"
        yield Rule("non-finite-number", field.name, f"not isfinite({field.sql})", says, "Leave it empty if it isn't known.", field)
    elif field.stored == "VARCHAR" and canonical:
        broken = f"({field.filled} and coalesce(not isfinite({value}), true))"
        yield Rule(
            "bad-number",
            field.name,
            broken,
            f"'{field.name}' is not a number",
            "Write 1234.56, without thousands separators or currency.",
            field,
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """What one look at all rows of a source counts: rows, those with a value in each column, and those that break each rule."""

    rows: int
    filled: Mapping[str, int]
    broken: Sequence[tuple[Rule, int]]


def count(db: Database, landed: Landed, found: Sequence[Field], made: Sequence[Rule]) -> Counted:
    """Return the counts of a source; every value of every column is read, so a damaged file shows here.

    Raises:
        SqlFailed: If a file can't be read to its end.
    """
    filled = [f"count(nullif({item.sql}, ''))" if item.stored == "VARCHAR" else f"count({item.sql})" for item in found]
    broken = [f"count_if({rule.broken})" for rule in made]
    # What statistics of the file can answer is not read, and damage would show later, without its place; of texts nullif reads all.
    read = [f"max(hash({item.sql}))" for item in found if item.stored != "VARCHAR"]
    rows, *counted = db.row("select count(*), $counts from $scan", counts=", ".join([*filled, *broken, *read]), scan=landed.scan)
    by_name = dict(zip((item.name for item in found), map(int, counted), strict=False))
    by_rule = zip(made, counted[len(found) : len(found) + len(made)], strict=True)
    return Counted(int(rows), by_name, [(rule, int(number)) for rule, number in by_rule if number])


def as_problem(db: Database, landed: Landed, rule: Rule, count: int) -> Problem:
    """Return a broken rule as a problem, placed at the first row that breaks it."""
    shown = f"cast({rule.field.sql} as varchar)" if rule.field else "null"
    found = db.rows(_FIRST, shown=shown, scan=landed.scan, broken=rule.broken, limit=_EXAMPLES)
    places = landed.places([(str(file), int(row)) for file, row, _ in found])
    examples = [
        f"{place.file}:{place.line}" + (f" {_short(value)!r}" if rule.field else "")
        for place, (_, _, value) in zip(places, found, strict=True)
    ]
    rows = "one row" if count == 1 else f"{count:,} rows"
    more = ", …" if count > len(examples) else ""
    return Problem(rule.code, places[0], f"{rule.says}: {rows} ({', '.join(examples)}{more}).", rule.fix)


def _short(value: object) -> str:
    shown = str(value)
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"


def set_aside(db: Database, landed: Landed, broken: Sequence[Rule]) -> Iterator[SetAside]:
    """Yield the rows that break a rule, each once, under the first rule it breaks."""
    any_of = any_broken(broken)
    first = " ".join(f"when {rule.broken} then {at}" for at, rule in enumerate(broken))
    raw = list(landed.columns)
    values = ", ".join(f"cast({database.name(column)} as varchar)" for column in raw)
    rows: list[tuple[Any, ...]] = db.rows(_BROKEN, first=first, values=values, scan=landed.scan, any=any_of)
    places = landed.places([(str(row[0]), int(row[1])) for row in rows])
    for place, (_, _, at, *fields) in zip(places, rows, strict=True):
        rule, original = broken[int(at)], dict(zip(raw, fields, strict=True))
        value = str(original[rule.field.raw] or "") if rule.field else ""
        yield SetAside(place.file, place.line or 0, rule.code, rule.column, value, original)


def any_broken(broken: Sequence[Rule]) -> str:
    """Return SQL that is true where any of the rules is broken, and never NULL."""
    return f"coalesce({' or '.join(f'coalesce({rule.broken}, false)' for rule in broken) or 'false'}, false)"
