"""What the people of the cases did and were, read from a mirror; the only place of discover that asks a database.

Activities of side ``sales``, of machines, and those that weren't known strictly before a case's instant are never read, save by
:func:`Looked.first_after`, which asks what came only then.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import duckdb
import numpy as np
from sqlglot import exp

from leadline.definition.model import Definition
from leadline.engine import compile as compiler
from leadline.engine import gather
from leadline.engine.model import BITS, FOREVER
from leadline.engine.rehearsal import ALWAYS
from leadline.facts.model import Schema, Type
from leadline.outcomes.model import NONE
from leadline.review.discover.candidates import Count
from leadline.review.discover.cases import Members
from leadline.review.discover.model import Attribute, Events

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

    from leadline.outcomes.model import Whole
    from leadline.review.discover.model import Cases, Signal

FEWEST = 5
"""Cases that a value of a property needs to be counted."""
VALUES, BOUNDS = 200, (0.25, 0.5, 0.75, 0.9)
"""At most so many values of a property, the most frequent; and at which quantiles of its numbers bounds are looked for."""
UNASKED = frozenset({"is_customer", "customer_since", "has_open_deal", "open_deal_since", "account_id"})
"""Attributes that follow from deals, and so from the outcome; and what is a key."""
OF_BROWSERS = frozenset({"user_agent"})
"""Properties that tell who made the browser."""
_Columns: TypeAlias = "Mapping[str, NDArray[Any]]"
_OFFLINE: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
_MEMBERS = """
with versions as (select person_code, account_code, greatest(coalesce(created, $always), valid_from, $always) as since
                  from read_parquet($people)),
at_some as (select distinct person_code from versions where account_code is not null)
select coalesce(account_code, -1)::bigint as account, person_code::bigint as person, min(since)::bigint as since
from versions v where account_code is not null or not exists (select 1 from at_some s where s.person_code = v.person_code)
group by all order by all
"""
_SEEN = """
create temp table $name as
select c.k, c.instant, c.won, x.* from read_parquet(getvariable('files'), union_by_name = true) x join cases c on x.account_code = c.account
where x.side <> 'sales' and not x.machine and $when
union all by name
select c.k, c.instant, c.won, x.* from read_parquet(getvariable('files'), union_by_name = true) x
join (from cases where account < 0) c on x.person_code = c.person
where x.side <> 'sales' and not x.machine and $when
"""
_BEFORE = "x.known < c.instant and c.instant - x.occurred <= getvariable('before')"
_EVER = "c.won"
_EACH = ("k", "instant - occurred as age", "coalesce(person_code, -1)::bigint as person")
_WHEN = ("k", "known < instant as early")
_STANDING = """
with there as (
  select c.k, c.person, c.instant, p.person_code, p.created from cases c join read_parquet(getvariable('people')) p
  on p.account_code = c.account and p.valid_from < c.instant and p.valid_to >= c.instant
), did as (select k, person_code, count(*) as activities from seen where person_code is not null group by k, person_code)
select k, person_code::bigint as person from there t left join did d using (k, person_code)
qualify row_number() over (
  partition by k order by person_code = t.person desc, coalesce(t.created < t.instant, true) desc, coalesce(d.activities, 0) desc,
                          t.created nulls first, person_code
) = 1
"""
_CREATED = """
select coalesce(p.created, $always)::bigint as created
from cases c left join (select distinct person_code, created from read_parquet(getvariable('people'))) p on p.person_code = c.person
order by c.k
"""
_TYPES = """
select kind as type, any_value(side) as side, count(distinct k) as cases, count(distinct k) filter (won) as won
from (select type as kind, side, k, won from seen union all select 'visit', side, k, won from seen where starts_visit)
group by kind having cases >= $fewest order by kind
"""
_VALUES = """
select type, any_value(side) as side, value, count(distinct k) as cases, count(distinct k) filter (won) as won
from (select type, side, k, won, $value as value from seen) where value is not null and value <> ''
group by type, value having cases >= $fewest
qualify row_number() over (partition by type order by cases desc, value) <= $most order by type, value
"""
_NUMBERS = """
with told as (select type, any_value(side) as side, quantile_disc($value, $bounds) filter (isfinite($value)) as bounds,
                     count(distinct $value) as different, min($value) as least
              from seen where $value is not null group by type having count(distinct k) >= $fewest),
asked as (select type, side, unnest(list_distinct(bounds)) as bound, '>=' as test from told where different > 1
          union all select type, side, 0, '>' from told where least <= 0)
select a.type, a.side, a.test, a.bound as value, count(distinct s.k) as cases, count(distinct s.k) filter (s.won) as won
from asked a join seen s on s.type = a.type and case a.test when '>' then s.$value > a.bound else s.$value >= a.bound end
group by all having cases >= $fewest order by all
"""
_ATTRIBUTES = """
select $columns from (select *, $instant as asked from cases) c
asof left join (select * from read_parquet(getvariable('people'))) p on p.person_code = c.person and c.asked >= p.valid_from
asof left join (select * from read_parquet(getvariable('accounts'))) a on a.account_code = c.account and c.asked >= a.valid_from
order by c.k
"""


def members(folder: Path) -> Members:
    """Return who is at which account, from a mirror's folder."""
    with duckdb.connect(config=_OFFLINE) as con:
        return Members(**_fetched(con, _MEMBERS, people=str(folder / "people.parquet"), always=ALWAYS))


@contextlib.contextmanager
def look(folder: Path, schema: Schema, cases: Cases, before: int) -> Generator[Looked]:
    """Yield what can be asked about some cases.

    Args:
        folder: ``Mirror.path``.
        schema: The facts' schema.
        cases: The cases; those whose ``person`` is -1 have an account.
        before: How far back activities are looked at, in microseconds.
    """
    files = sorted(map(str, folder.glob("activities-*.parquet")))
    paths = {name: str(folder / f"{name}.parquet") for name in ("people", "accounts")}
    with duckdb.connect(config=_OFFLINE) as con:
        for name, value in {"files": files, "before": before, **paths}.items():
            con.execute(f"set variable {name} = $value", {"value": value})
        _hold(con, cases)
        con.execute(_filled(_SEEN, name="seen", when=_BEFORE))
        yield Looked(con, schema, cases)


@dataclass(frozen=True)
class Looked:
    """What some cases did and were: a connection that has ``cases`` and, as ``seen``, what they did before their instants."""

    con: DuckDBPyConnection
    schema: Schema
    cases: Cases

    def standing(self) -> Whole:
        """Return, by case, who of those at its account just before the instant stands for it; -1 if nobody was there, or it has none.

        That is the deal's person, else who did most (existing people before others), else who was created first.
        """
        found = np.full(len(self.cases), NONE)
        rows = _fetched(self.con, _STANDING)
        found[rows["k"]] = rows["person"]
        return found

    def standing_for(self, cases: Cases) -> Looked:
        """Return the same for cases whose people have been found; nothing that they did is read again."""
        self.con.execute("drop table cases")
        _hold(self.con, cases)
        return Looked(self.con, self.schema, cases)

    def created(self) -> Whole:
        """Return, by case, when its person was created; ``ALWAYS`` if unknown."""
        return _fetched(self.con, _CREATED, always=ALWAYS)["created"]

    def counts(self) -> list[Count]:
        """Return how many cases had each kind of activity before: of types, of values and groups of pages, and above bounds of numbers."""
        rows = [Count(row["type"], row["side"], "", "", "", row["cases"], row["won"]) for row in self._rows(_TYPES)]
        for name, column in self.schema.properties.items():
            if name in OF_BROWSERS:
                continue
            if column.type is Type.NUMBER:
                rows += self._bounds(name)
            elif column.type in {Type.TEXT, Type.BOOLEAN}:
                found = self._values(name, f"{_quoted(name)}::varchar")
                truths = [count._replace(value=count.value == "true") for count in found]
                rows += truths if column.type is Type.BOOLEAN else [*found, *self._prefixes(name)]
        return rows

    def events(self, signals: Sequence[Signal]) -> Events:
        """Return what fits the signals, by case and from the latest on."""
        found = _fetched(self.con, self._masked(signals, "seen", _EACH))
        rows, bits = _unpacked(found, len(signals))
        order = np.lexsort((bits, rows))
        rows, bits = rows[order], bits[order]
        return Events(tuple(signals), found["k"][rows], bits, found["age"][rows], found["person"][rows])

    def first_after(self, signals: Sequence[Signal]) -> dict[str, tuple[int, int]]:
        """Return, by signal, of how many won units the first ever came only at the instant or after it, and how many ever had it."""
        self.con.execute(_filled(_SEEN, name="ever", when=_EVER))
        found = _fetched(self.con, self._masked(signals, "ever", _WHEN))
        rows, bits = _unpacked(found, len(signals))
        pairs = bits * len(self.cases) + found["k"][rows]
        ever, before = np.unique(pairs), np.unique(pairs[found["early"][rows]])
        later = np.setdiff1d(ever, before, assume_unique=True)
        size = max(len(self.cases), 1)
        had, after = (np.bincount(some // size, minlength=len(signals)).tolist() for some in (ever, later))
        return {signal.name: (after[at], had[at]) for at, signal in enumerate(signals)}

    def attributes(self, until: int) -> list[Attribute]:
        """Return what the cases' people and accounts were just before their instants, and at ``until``; times are left out."""
        columns = {
            f"{owner}.{name}": column
            for owner, held in (("person", self.schema.person), ("account", self.schema.account))
            for name, column in held.items()
            if column.type is not Type.TIME and name not in UNASKED
        }
        if not columns:
            return []
        listed = ", ".join(f"{name[0]}.{_quoted(name.partition('.')[2])} as c{at}" for at, name in enumerate(columns))
        then, later = (
            _fetched(self.con, _filled(_ATTRIBUTES, columns=listed, instant=instant)) for instant in ("instant - 1", f"{until}::bigint")
        )
        return [
            Attribute(name, _objects(then[f"c{at}"]), _objects(later[f"c{at}"]), column.undated, column.order)
            for at, (name, column) in enumerate(columns.items())
        ]

    def _rows(self, query: str, **values: object) -> Iterator[dict[str, Any]]:
        columns = _fetched(self.con, query, fewest=FEWEST, **values)
        for row in zip(*(column.tolist() for column in columns.values()), strict=True):
            yield dict(zip(columns, row, strict=True))

    def _values(self, name: str, value: str) -> list[Count]:
        """Return the values of a property, or of what an expression makes of it, as equal to it."""
        rows = self._rows(_filled(_VALUES, value=value), most=VALUES)
        return [Count(row["type"], row["side"], name, "=", row["value"], row["cases"], row["won"]) for row in rows]

    def _prefixes(self, name: str) -> list[Count]:
        """Return the groups of pages that a property names: the first part of its paths, and the first two."""
        found = [count for parts in (1, 2) for count in self._values(name, f"regexp_extract({_quoted(name)}, '^(/[^/?#]+){{{parts}}}', 0)")]
        return [count._replace(test="prefix") for count in found]

    def _bounds(self, name: str) -> list[Count]:
        rows = self._rows(_filled(_NUMBERS, value=_quoted(name)), bounds=list(BOUNDS))
        return [Count(row["type"], row["side"], name, row["test"], row["value"], row["cases"], row["won"]) for row in rows]

    def _masked(self, signals: Sequence[Signal], table: str, columns: Sequence[str]) -> str:
        """Return the query for ``columns`` and masks of the activities in a table that fit any of the signals."""
        properties = {name: exp.column(name, quoted=True) for name in self.schema.properties}
        program = compiler.compile_program(_definition(signals), self.schema, "")
        ask = gather.Ask(program, None, gather.number(0), [FOREVER] * len(program.bits), properties)
        masks = [gather.mask(ask, word).as_(gather.mask_name(word)) for word in range(program.words)]
        inner = exp.select(*columns, *masks).from_(table)
        some = exp.or_(*(exp.NEQ(this=exp.column(gather.mask_name(word)), expression=gather.number(0)) for word in range(program.words)))
        return exp.select("*").with_("masked", as_=inner, materialized=True).from_("masked").where(some).sql("duckdb")


def _definition(signals: Sequence[Signal]) -> Definition:
    """Return a definition whose n-th criterion counts the n-th signal, so that the engine itself tells which activities fit."""
    named = {f"s{at}": {"activity": signal.type, **({"where": signal.where} if signal.where else {})} for at, signal in enumerate(signals)}
    criteria = {f"c{at}": {"signal": f"s{at}", "points": 1} for at in range(len(signals))}
    groups = {"all": {"criteria": criteria or {"nothing": {"points": 0, "when": "1 = 0"}}}}
    return Definition.model_validate({"name": "signals", "signals": named, "groups": groups, "tracks": {"all": {"when": "score > 0"}}})


def _unpacked(found: _Columns, signals: int) -> tuple[Whole, Whole]:
    """Return which rows fit which signals."""
    parts = [np.flatnonzero(found[gather.mask_name(at // BITS)] >> (at % BITS) & 1) for at in range(signals)]
    rows = np.concatenate([*parts, np.zeros(0, np.int64)]).astype(np.int64)
    return rows, np.repeat(np.arange(signals), [len(part) for part in parts])


def _hold(con: DuckDBPyConnection, cases: Cases) -> None:
    columns = {"account": cases.account, "person": cases.person, "instant": cases.at, "won": cases.won}
    con.register("given", {"k": np.arange(len(cases)), **columns})
    con.execute("create temp table cases as from given")
    con.unregister("given")


def _fetched(con: DuckDBPyConnection, query: str, **values: object) -> dict[str, NDArray[Any]]:
    used = {name: value for name, value in values.items() if f"${name}" in query}
    return cast("dict[str, NDArray[Any]]", con.execute(query, used).fetchnumpy())


def _filled(query: str, **parts: str) -> str:
    """Return a named text with names and expressions of ours put in; values that users gave are bound instead."""
    for name, part in parts.items():
        query = query.replace(f"${name}", part)
    return query


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql("duckdb")


def _objects(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column as objects: text, booleans, floats; ``None`` for NULL and NaN."""
    unknown = np.ma.getmaskarray(column) if isinstance(column, np.ma.MaskedArray) else np.zeros(len(column), np.bool_)
    held: Any = np.ma.getdata(column)
    found = np.empty(len(held), object)
    found[:] = held.tolist()
    if held.dtype.kind == "f":
        unknown = unknown | np.isnan(held)
    found[unknown] = None
    return found
