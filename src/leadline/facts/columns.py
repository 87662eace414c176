"""From the columns of the data to the columns of a relation: mapping, types, and the SQL that converts a value.

Types come from typed sources as they are; from text they are inferred over all values. Values arrive in the mirror as
VARCHAR, DOUBLE, BOOLEAN, or BIGINT microseconds (for times).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from leadline.errors import Problem, did_you_mean
from leadline.facts import database
from leadline.facts.canonical import SHAPES
from leadline.facts.database import Database
from leadline.facts.landing import Landed
from leadline.facts.model import Relation, Type

STORED = {Type.TEXT: "VARCHAR", Type.NUMBER: "DOUBLE", Type.BOOLEAN: "BOOLEAN", Type.TIME: "BIGINT"}
_NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
FLOATS = ("FLOAT", "DOUBLE")
_TRUE, _FALSE = ("true", "t", "yes"), ("false", "f", "no")
# A code such as 00123, and what begins with + (a telephone number), stays text.
NUMBER_TEXT = r"-?((0|[1-9]\d*)(\.\d+)?|\.\d+)([eE][+-]?\d+)?"
TIME_TEXT = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|UTC|[+-]\d{2}(:?\d{2})?))?)?"
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a source: its name with us, its name in the data, its type there, and the type it gets (if known yet)."""

    name: str
    raw: str
    stored: str
    type: Type | None

    @property
    def sql(self) -> str:
        """Return the column of the data, as SQL."""
        return database.name(self.raw)

    @property
    def filled(self) -> str:
        """Return SQL that is true where the data has a value."""
        return f"({self.sql} is not null and {self.sql} <> '')" if self.stored == "VARCHAR" else f"({self.sql} is not null)"


def fields(landed: Landed) -> tuple[list[Field], list[Problem]]:
    """Return the columns of a source under our names, and what is wrong with the mapping."""
    origin, shape = landed.origin, SHAPES[landed.origin.relation]
    actual = {raw.lower(): raw for raw in landed.columns}
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    for ours, theirs in origin.columns:
        raw = actual.get(theirs.strip().lower())
        if raw is None:
            says = f"{origin.label} has no column '{theirs}' (for {ours})."
            problems.append(Problem("unknown-column", origin.where, says, did_you_mean(theirs, landed.columns)))
        elif raw in taken.values():
            says = f"the column '{theirs}' of {origin.label} is mapped twice."
            fix = 'Keep one, or write a query if both are meant: {query: "select email as person_id, email from …"}.'
            problems.append(Problem("column-mapped-twice", origin.where, says, fix))
        taken[ours] = raw or ""
    known = {column.lower(): column for column in shape.columns}
    for raw in landed.columns:
        ours = known.get(raw.lower(), raw)
        if raw not in taken.values() and ours.lower() not in map(str.lower, taken):
            taken[ours] = raw
    problems += _missing(landed, taken)
    return [_field(landed, ours, raw) for ours, raw in taken.items() if raw], problems


def _field(landed: Landed, ours: str, raw: str) -> Field:
    stored = landed.columns[raw]
    known = SHAPES[landed.origin.relation].columns.get(ours)
    return Field(ours, raw, stored, known or (None if landed.is_text else type_of(stored)))


def _missing(landed: Landed, taken: Mapping[str, str]) -> Iterator[Problem]:
    origin = landed.origin
    wanted: list[tuple[str, ...]] = [(column,) for column in SHAPES[origin.relation].required]
    if origin.relation == Relation.ACTIVITIES:
        wanted.append(("person_id", "account_id"))
    for options in wanted:
        if not any(option in taken for option in options):
            wanted_names = " or ".join(f"'{option}'" for option in options)
            says = f"{origin.label} has no column {wanted_names}, which {origin.relation} need."
            fix = f"Map it: columns: {{{options[0]}: its name there}}. {did_you_mean(options[0], landed.columns)}"
            yield Problem("missing-column", origin.where, says, fix)


def type_of(stored: str) -> Type:
    """Return our type for a DuckDB type; what is nested or unusual is text."""
    if stored in FLOATS or stored in _NUMERIC or stored.startswith("DECIMAL"):
        return Type.NUMBER
    if stored == "BOOLEAN":
        return Type.BOOLEAN
    return Type.TIME if stored == "DATE" or stored.startswith("TIMESTAMP") else Type.TEXT


def infer(db: Database, landed: Landed, found: Sequence[Field]) -> list[Field]:
    """Return the columns of a text source with their types, inferred over all values; without any value the type stays open."""
    asked = [(field, kind) for field in found if field.type is None for kind in _TESTS]
    sample = _answers(db, f"(from {landed.scan} limit {_SAMPLE})", asked)  # most columns are ruled out without reading everything
    answers = _answers(db, landed.scan, [one for one in asked if sample[one] is not False])
    return [field if field.type else replace(field, type=_verdict(field, answers)) for field in found]


_TESTS = {
    Type.NUMBER: f"regexp_full_match($x, '{NUMBER_TEXT}') and isfinite(try_cast($x as double))",
    Type.BOOLEAN: f"lower($x) in {(*_TRUE, *_FALSE)}",
    Type.TIME: f"regexp_full_match($x, '{TIME_TEXT}') and try_cast($x as timestamptz) is not null",
}


def _answers(db: Database, scan: str, asked: Sequence[tuple[Field, Type]]) -> dict[tuple[Field, Type], bool | None]:
    """Return whether all values of a column are of a type; ``None`` if there is no value."""
    if not asked:
        return {}
    tests = ", ".join(f"bool_and({database.fill(_TESTS[kind], x=field.sql)}) filter ({field.filled})" for field, kind in asked)
    return dict(zip(asked, db.row("select $tests from $scan", tests=tests, scan=scan), strict=True))


def _verdict(field: Field, answers: Mapping[tuple[Field, Type], bool | None]) -> Type | None:
    found = {kind: answers[field, kind] for kind in _TESTS if (field, kind) in answers}
    if found and all(answer is None for answer in found.values()):
        return None
    return next((kind for kind, answer in found.items() if answer), Type.TEXT)


def agree(sources: Sequence[Sequence[Field]]) -> dict[str, Type]:
    """Return one type for each column over all sources of a relation: text where they differ, or where no value shows one.

    Names that differ only in capitals are one column, written as in the first source that has it.
    """
    types: dict[str, set[Type]] = {}
    for field in (field for source in sources for field in source):
        kinds = types.setdefault(_same(field.name, types), set())
        if field.type:
            kinds.add(field.type)
    return {name: kinds.copy().pop() if len(kinds) == 1 else Type.TEXT for name, kinds in types.items()}


def _same(name: str, names: Iterable[str]) -> str:
    return next((other for other in names if other.lower() == name.lower()), name)


def converted(field: Field, to: Type) -> str:
    """Return SQL of a column's value in the type it gets; NULL where it can't be read as that."""
    x, stored = field.sql, field.stored
    if stored == "VARCHAR":
        return {
            Type.TEXT: f"nullif({x}, '')",
            Type.NUMBER: f"try_cast(nullif({x}, '') as double)",
            Type.BOOLEAN: f"case when lower({x}) in {_TRUE} then true when lower({x}) in {_FALSE} then false end",
            Type.TIME: instant(x),
        }[to]
    if to is Type.TIME:
        return f"epoch_us({x})" if type_of(stored) is Type.TIME else "cast(null as bigint)"
    if to is Type.TEXT:
        return _as_text(x, stored)
    return f"try_cast({x} as {STORED[to]})"


def instant(text: str) -> str:
    """Return SQL of the microseconds of an ISO time in text; without a zone it is UTC."""
    return f"case when regexp_full_match({text}, '{TIME_TEXT}') then epoch_us(try_cast({text} as timestamptz)) end"


def _as_text(x: str, stored: str) -> str:
    if stored in FLOATS:  # ids that were whole numbers before a tool with missing values turned them into floats
        return f"case when {x} = trunc({x}) and abs({x}) < 1e15 then cast(cast({x} as bigint) as varchar) else cast({x} as varchar) end"
    if type_of(stored) is Type.TIME:
        return f"strftime(cast({x} as timestamp), '%Y-%m-%dT%H:%M:%S.%fZ')"
    if stored.startswith(("STRUCT", "MAP")) or stored.endswith("[]"):
        return f"cast(to_json({x}) as varchar)"
    return f"nullif(cast({x} as varchar), '')"
