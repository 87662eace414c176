"""Properties of activities: the keys found in their JSON and the plain columns beside it, flattened to one column each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadline.facts import columns, database
from leadline.facts.database import Database
from leadline.facts.model import Type
from leadline.facts.relations import RelationRows

MOST_KEYS = 300
FIXED = (
    "activity_id", "person_code", "person_id", "account_code", "account_id", "occurred", "known", "type", "side", "machine",
    "starts_visit", "part",
)  # fmt: skip
NOT_PROPERTIES = ("activity_id", "occurred_at", "type", "person_id", "account_id", "received_at", "side", "properties", "machine")
_KEYS = """
select key, count(*) from (select unnest(json_keys(properties)) as key from ($rows)) where key <> '' group by key order by 2 desc, 1
"""
_TYPES = """
select $tests from (select json_type(properties, [$paths]) as t from (select properties from $rows))
"""
_KINDS = ("in ('BIGINT', 'UBIGINT', 'DOUBLE')", "= 'BOOLEAN'")
_SAMPLE = 20_000


@dataclass(frozen=True)
class Property:
    """A property: its name in the mirror, its type, the plain column that gives it, and the JSON keys that do (numbers in the list)."""

    name: str
    type: Type
    column: str | None
    keys: tuple[int, ...]


@dataclass(frozen=True)
class Properties:
    """All properties, the JSON keys that they come from, and the keys left out because there were too many."""

    all: tuple[Property, ...]
    keys: tuple[str, ...]
    cut: tuple[str, ...]

    def paths(self) -> str:
        """Return the list of JSON pointers as SQL."""
        return f"[{database.texts(pointer(key) for key in self.keys)}]"


def pointer(key: str) -> str:
    """Return the JSON pointer (RFC 6901) of a key at the top.

    >>> pointer("a/b")
    '/a~1b'
    """
    return "/" + key.replace("~", "~0").replace("/", "~1")


def find(db: Database, rows: RelationRows) -> Properties:
    """Return the properties of the activities."""
    plain = {name: kind for name, kind in rows.types.items() if name not in NOT_PROPERTIES}
    keys, cut = _keys(db, rows) if rows.has("properties") else ([], [])
    types = _types(db, rows, keys) if keys else {}
    return Properties(tuple(combined(plain, keys, types)), tuple(keys), tuple(cut))


def combined(plain: Mapping[str, Type], keys: Sequence[str], types: Mapping[str, Type | None]) -> list[Property]:
    """Return properties from plain columns and JSON keys; names that differ only in capitals are one."""
    spelled: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        spelled.setdefault(key.lower(), []).append(at)
    found = [_plain(name, kind, spelled.get(name.lower(), []), keys, types) for name, kind in plain.items()]
    taken = {name.lower() for name in plain}
    found += [
        Property(_named(keys[group[0]]), one_type({types[keys[at]] for at in group}), None, tuple(group))
        for low, group in spelled.items()
        if low not in taken
    ]
    return found


def _plain(name: str, kind: Type, group: Sequence[int], keys: Sequence[str], types: Mapping[str, Type | None]) -> Property:
    return Property(_named(name), one_type({kind, *(types[keys[at]] for at in group)}), name, tuple(group))


def one_type(kinds: set[Type | None]) -> Type:
    """Return the one type of these, ``None`` not counted; text if they differ or there is none."""
    left = kinds - {None}
    return (left.pop() or Type.TEXT) if len(left) == 1 else Type.TEXT


def _named(name: str) -> str:
    return f"property_{name}" if name.lower() in FIXED else name


def _keys(db: Database, rows: RelationRows) -> tuple[list[str], list[str]]:
    """Return the keys to keep, the most frequent first, and the rest."""
    found = [str(key) for key, _ in db.rows(_KEYS, rows=rows.select())]
    return found[:MOST_KEYS], found[MOST_KEYS:]


def _types(db: Database, rows: RelationRows, keys: Sequence[str]) -> dict[str, Type | None]:
    """Return the type of each key; ``None`` where all values are null."""
    sample = _seen(db, keys, f"({rows.select()}) limit {_SAMPLE}")
    open_keys = [key for key in keys if sample[key] is not Type.TEXT]  # text in a few values is text in all
    return {**sample, **_seen(db, open_keys, f"({rows.select()})")}


def _seen(db: Database, keys: Sequence[str], rows: str) -> dict[str, Type | None]:
    if not keys:
        return {}
    tests = ", ".join(f"bool_and(t[{at}] {kind}) filter (t[{at}] <> 'NULL')" for at in range(1, len(keys) + 1) for kind in _KINDS)
    answers = db.row(_TYPES, tests=tests, paths=database.texts(map(pointer, keys)), rows=rows)
    return {key: verdict(*answers[2 * at : 2 * at + 2]) for at, key in enumerate(keys)}


def verdict(numbers: bool | None, booleans: bool | None) -> Type | None:  # noqa: FBT001 - answers of the database, in its order
    """Return the type of a JSON key from whether all its values are numbers, or booleans; ``None`` if it has none."""
    if numbers is None:
        return None
    return Type.NUMBER if numbers else Type.BOOLEAN if booleans else Type.TEXT


def value(found: Property, rows: RelationRows) -> str:
    """Return SQL of a property of the row ``r``: its plain column where that has a value, else what ``__x`` extracted from JSON."""
    parts: list[str] = []
    if found.column:
        parts.append(_plain_as(f"r.{database.name(found.column)}", rows.types[found.column], found.type))
    stored = columns.STORED[found.type]
    parts += [_finite(f"try_cast(r.__x[{at + 1}] as {stored})", found.type) for at in found.keys]
    return f"coalesce({', '.join(parts)})" if len(parts) > 1 else parts[0]


def _plain_as(name: str, kind: Type, to: Type) -> str:
    if kind is to:
        return name
    if kind is Type.TIME:
        return f"strftime(make_timestamp({name}), '%Y-%m-%dT%H:%M:%S.%fZ')"
    return f"cast({name} as varchar)"


def _finite(sql: str, kind: Type) -> str:
    return f"case when isfinite({sql}) then {sql} end" if kind is Type.NUMBER else sql
