"""Reads from a mirror what a review needs besides spells and outcomes: contents, reps, who was active, accounts and working hours."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb
import numpy as np

from leadline import clock
from leadline.facts.model import Column, Schema, Type
from leadline.handoff.sla import Calendar, Shift
from leadline.outcomes.model import NONE
from leadline.review.period.entered import Label
from leadline.review.period.entering import Named
from leadline.review.period.material import Activity, Clock

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.engine.scored import Scored
    from leadline.outcomes.model import Whole

LOOK_BACK = 90 * clock.DAY
"""How long before an entry a content is looked for."""
LATELY = 30 * clock.DAY
"""How far back an account's engagement is counted, and compared with as long before."""
BOUNDS = (1, 11, 51, 201, 1001, 5001)
"""Where bands of numbers begin; they are meant for employees."""
_CONTENTS = ("content", "webinar", "form", "event")
_SEGMENTS = ("segment", "employees", "industry")
_OFFLINE: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
_BEHAVIOUR = "side in ('marketing', 'product') and not machine and person_code is not null"
_CONTENT = """
with seen as (
  select person_code, occurred, coalesce($contents) as content
  from read_parquet($files, union_by_name = true) where $behaviour and coalesce($contents) is not null
)
select e.at, case when s.occurred >= e.entered - $back then s.content end as content
from entries e asof left join seen s on s.person_code = e.person and e.entered >= s.occurred
order by e.at
"""
_ACTIVE = """
with active as (
  select distinct person_code as person
  from read_parquet($files, union_by_name = true) where $behaviour and occurred >= $begin and occurred < $until
  union select unnest($entrants::bigint[])
), known as (
  select person, greatest($begin, coalesce(min(valid_from), $begin)) as at
  from active left join read_parquet($people) on person_code = person group by person
)
select k.person::bigint as person, coalesce(p.account_code, -1)::bigint as account, k.at
from known k asof left join read_parquet($people) p on p.person_code = k.person and k.at >= p.valid_from
order by k.person
"""
_BY_STAGE = """
select person_code::bigint as person, entered_at as at, rep from read_parquet($file)
where person_code is not null and nullif(trim(rep), '') is not null order by person_code, entered_at, rep
"""
_BY_TOUCH = """
select person_code::bigint as person, occurred as at, rep from read_parquet($file, union_by_name = true)
where person_code is not null and side = 'sales' and not machine and nullif(trim(rep), '') is not null order by person_code, occurred, rep
"""
_ACCOUNTS = """
with homes as (
  select person_code, account_code from read_parquet($people) where valid_from <= $now and valid_to > $now and account_code is not null
), done as (
  select h.account_code as account, person_code, occurred > $now - $lately as recent
  from read_parquet($files, union_by_name = true) join homes h using (person_code)
  where $behaviour and occurred <= $now and occurred > $now - 2 * $lately
), counted as (
  select account, count(distinct person_code) filter (recent) as people, count(*) filter (recent) as recent,
         count(*) filter (not recent) as earlier
  from done group by account having count(*) filter (recent) > 0
)
select c.account::bigint as account, c.people, c.recent, c.earlier, a.is_customer as customer, a.has_open_deal as open_deal,
       a.account_id, $columns
from counted c left join read_parquet($accounts) a on a.account_code = c.account and a.valid_from <= $now and a.valid_to > $now
order by c.account
"""
_STANDING = "account_id, sum(greatest($behaviour, 0)) as engagement, max($fit) as fit"


def contents(folder: Path, person: Whole, entered: Whole) -> Label:
    """Return the last content (webinar, form, event) that each person had to do with, in the 90 days before they entered.

    Args:
        folder: ``Mirror.path``; activities that stay in a database aren't there.
        person: Codes.
        entered: When each entered.
    """
    files = folder / "activities-*.parquet"
    with duckdb.connect(config=_OFFLINE) as con:
        held = _columns(con, files)
        known = [f"nullif(\"{name}\"::varchar, '')" for name in _CONTENTS if name in held]  # names of _CONTENTS alone
        if not known:
            return Label("", undated=False, names=(), codes=np.full(len(person), NONE, np.int64))
        con.register("entries", {"at": np.arange(len(person)), "person": person, "entered": entered})
        found = _fetched(con, _CONTENT.replace("$contents", ", ".join(known)), files=files, back=LOOK_BACK)["content"]
    return _named("content", found, undated=False)


def active(folder: Path, begin: int, end: int, entrants: Whole) -> tuple[Whole, Whole, Whole]:
    """Return who did anything in [``begin``, ``end``), with those who entered: people, their accounts, and when these are looked at."""
    files = {"files": folder / "activities-*.parquet", "people": folder / "people.parquet"}
    with duckdb.connect(config=_OFFLINE) as con:
        found = _fetched(con, _ACTIVE, **files, begin=begin, until=end, entrants=np.unique(entrants).tolist())
    return found["person"], found["account"], found["at"]


def named_reps(folder: Path) -> tuple[Named, Named]:
    """Return which rep wrote which stage of a person, and which rep touched whom when; nobody where the facts don't tell."""
    with duckdb.connect(config=_OFFLINE) as con:
        staged = _BY_STAGE if "rep" in _columns(con, folder / "lead_stages.parquet") else None
        touched = _BY_TOUCH if "rep" in _columns(con, folder / "activities-*.parquet") else None
        sources = ((staged, "lead_stages.parquet"), (touched, "activities-*.parquet"))
        rows = [_fetched(con, query, file=folder / file) if query else None for query, file in sources]
    names = tuple(sorted({str(rep) for found in rows if found for rep in found["rep"].tolist()}))
    codes = {name: at for at, name in enumerate(names)}
    nobody = np.zeros(0, np.int64)
    stages, touches = (
        Named(names, row["person"], row["at"], np.array([codes[rep] for rep in row["rep"].tolist()], np.int64))
        if row
        else Named(names, nobody, nobody, nobody)
        for row in rows
    )
    return stages, touches


def activity(folder: Path, schema: Schema, now: int, standing: Mapping[str, tuple[float, float]]) -> Activity:
    """Return what accounts did lately, as of an instant.

    Args:
        folder: ``Mirror.path``.
        schema: The facts' schema.
        now: The instant.
        standing: By id of the account, what :func:`standing` returned.
    """
    by = next((name for name in _SEGMENTS if name in schema.account), "")
    columns = [f'a."{by}"::varchar as segment' if by else "null::varchar as segment"]
    if by and schema.account[by].type is Type.NUMBER:
        columns = [f'a."{by}"::double as segment']
    columns.append("a.name" if "name" in schema.account else "null::varchar as name")
    files = {"files": "activities-*.parquet", "people": "people.parquet", "accounts": "accounts.parquet"}
    paths = {name: folder / file for name, file in files.items()}
    with duckdb.connect(config=_OFFLINE) as con:
        rows = _fetched(con, _ACCOUNTS.replace("$columns", ", ".join(columns)), **paths, now=now, lately=LATELY)
    points = [standing.get(str(account), (0.0, 0.0)) for account in rows["account_id"].tolist()]
    return Activity(
        account=rows["account"], people=rows["people"].astype(np.int64), recent=rows["recent"].astype(np.int64),
        earlier=rows["earlier"].astype(np.int64), engagement=np.array([one[0] for one in points], np.float64),
        fit=np.array([one[1] for one in points], np.float64), customer=_true(rows["customer"]), open_deal=_true(rows["open_deal"]),
        segment=_segment(by, schema, rows["segment"]), name=tuple("" if name is None else str(name) for name in rows["name"].tolist()),
    )  # fmt: skip


def segments(folder: Path, schema: Schema, accounts: Whole, now: int, like: Label) -> Whole:
    """Return the segment of each account as of an instant, as an index of the names of another label; -1 where it is unknown."""
    column = like.by.partition(".")[2]
    if not column:
        return np.full(len(accounts), NONE, np.int64)
    cast_to = "double" if schema.account[column].type is Type.NUMBER else "varchar"
    query = f"""
        select s.at, a."{column}"::{cast_to} as segment
        from wanted s left join read_parquet($file) a on a.account_code = s.account and a.valid_from <= $now and a.valid_to > $now
        order by s.at
    """  # noqa: S608 - a name of _SEGMENTS
    with duckdb.connect(config=_OFFLINE) as con:
        con.register("wanted", {"at": np.arange(len(accounts)), "account": accounts})
        found = _segment(like.by, schema, _fetched(con, query, file=folder / "accounts.parquet", now=now)["segment"])
    places = {name: at for at, name in enumerate(like.names)}
    moved = np.array([*(places.get(name, NONE) for name in found.names), NONE], np.int64)
    return moved[found.codes]


def standing(scored: Scored, behaviours: Sequence[str], attributes: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return by id of the account the points that its people have of what they did, and the most that one has of what they are.

    Args:
        scored: Everybody, as of an instant.
        behaviours: The names of criteria that look at activities.
        attributes: Those that look at attributes.
    """
    sums = {"$behaviour": behaviours, "$fit": attributes}
    text = _STANDING
    for place, names in sums.items():
        text = text.replace(place, " + ".join(f'coalesce("{name}", 0)' for name in names) or "0")
    rows = scored.relation.filter("account_id is not null").aggregate(text).fetchall()
    return {str(account): (float(engagement), float(fit)) for account, engagement, fit in rows}


def clocks(folder: Path) -> tuple[Clock, ...]:
    """Return when reps work; nobody if the project says nothing of it."""
    file = folder / "reps.json"
    return tuple(_clock(row) for row in json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else ()


def _clock(row: Mapping[str, Any]) -> Clock:
    shifts = tuple(Shift(tuple(shift["days"]), shift["begin"], shift["end"]) for shift in row["hours"])
    off = tuple((dt.date.fromisoformat(span["first"]), dt.date.fromisoformat(span["last"])) for span in row["days_off"])
    return Clock(row["id"], row["team"], Calendar(row["time_zone"], shifts, off))


def _segment(by: str, schema: Schema, values: NDArray[Any]) -> Label:
    name = by.rpartition(".")[2]
    if not name:
        return Label("", undated=False, names=(), codes=np.full(len(values), NONE, np.int64))
    column = schema.account[name]
    if column.type is Type.NUMBER:
        return _banded(name, values.astype(np.float64), column)
    return _named(f"account.{name}", values, undated=column.undated)


def _banded(name: str, numbers: NDArray[Any], column: Column) -> Label:
    codes = np.searchsorted(np.array(BOUNDS), numbers, side="right") - 1
    names = (*(f"{begin:,}–{following - 1:,}" for begin, following in pairwise(BOUNDS)), f"{BOUNDS[-1]:,} or more")
    return Label(f"account.{name}", column.undated, names, np.where(np.isnan(numbers), NONE, codes).astype(np.int64))


def _named(by: str, values: NDArray[Any], *, undated: bool) -> Label:
    """Return texts as a label; the names are sorted."""
    held = values.tolist()
    names = sorted({str(value) for value in held if value is not None})
    places = {name: at for at, name in enumerate(names)}
    codes = np.array([NONE if value is None else places[str(value)] for value in held], np.int64)
    return Label(by, undated, tuple(names), codes)


def _true(values: NDArray[Any]) -> NDArray[np.bool_]:
    return np.array([bool(value) for value in values.tolist()], np.bool_)


def _columns(con: duckdb.DuckDBPyConnection, file: Path) -> list[str]:
    return [
        str(row[0])
        for row in con.execute("describe select * from read_parquet($file, union_by_name = true)", {"file": str(file)}).fetchall()
    ]


def _fetched(con: duckdb.DuckDBPyConnection, query: str, **values: object) -> dict[str, NDArray[Any]]:
    """Return the columns of a query; texts as objects, ``None`` where there is none, numbers NaN."""
    held = {name: str(value) if isinstance(value, Path) else value for name, value in values.items()}
    found = cast("dict[str, Any]", con.execute(query.replace("$behaviour", _BEHAVIOUR), held).fetchnumpy())
    return {name: _plain(array) for name, array in found.items()}


def _plain(array: Any) -> NDArray[Any]:
    mask, data = np.ma.getmaskarray(array), np.ma.getdata(array)
    if not mask.any():
        return data
    if data.dtype.kind == "f":
        return np.where(mask, np.nan, data)
    held = data.astype(object)
    held[mask] = None
    return held
