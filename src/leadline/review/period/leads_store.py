"""Reads from a mirror what is missing of new leads and before deals; what is made of it stands in :mod:`.completeness`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb
import numpy as np

from leadline import clock
from leadline.outcomes.model import NONE
from leadline.review.period.completeness import Leads
from leadline.review.period.entered import Label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.facts.model import Schema
    from leadline.outcomes.model import Deals, Flags, Whole

LOOK_BACK = 90 * clock.DAY
"""How long before a first conversation behaviour is looked for."""
FORMS = ("form", "form_name", "form_id")
"""Properties that say which form was filled in; the first that activities have."""
SOURCES = ("source", "first_source", "channel")
_OFFLINE: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
_NEW = """
with new as (
  select person_code, account_code, valid_from, created, $columns_of_people
  from read_parquet($people) where created >= $begin and created < $end and valid_from < $end and valid_to >= $end
)
select n.person_code::bigint as person, $columns
from new n left join read_parquet($accounts) a on a.account_code = n.account_code and a.valid_from < $end and a.valid_to >= $end
order by n.person_code
"""
_FORMS = """
select person_code::bigint as person, arg_min($form::varchar, occurred) as form
from read_parquet($files, union_by_name = true)
where person_code is not null and not machine and occurred < $end and nullif($form::varchar, '') is not null
group by person_code
"""
_SILENT = """
with did as (
  select person_code as person, account_code as account, occurred
  from read_parquet($files, union_by_name = true)
  where side <> 'sales' and not machine and not regexp_matches(type, '(^|_)(sent|delivered|bounced?|dropped|processed|deferred|queued)$')
), began as (select coalesce(min(occurred), $never) as first from did),
of_account as (
  select w.deal, count(*) as times from won w join did d on d.account = w.account
  where d.occurred < w.talked and d.occurred >= w.talked - $back group by w.deal
), of_person as (
  select w.deal, count(*) as times from won w join did d on d.person = w.person
  where d.occurred < w.talked and d.occurred >= w.talked - $back group by w.deal
)
select coalesce(a.times, 0) + coalesce(p.times, 0) = 0 as silent
from won w cross join began b left join of_account a using (deal) left join of_person p using (deal)
where w.talked - $back >= b.first order by w.deal
"""
_NEVER = 1 << 62


def leads(folder: Path, schema: Schema, begin: int, end: int, attributes: Sequence[str]) -> Leads:
    """Return the people created in [``begin``, ``end``), with what was known of them when it ended.

    Args:
        folder: ``Mirror.path``.
        schema: The facts' schema.
        begin: The period's beginning.
        end: Its end.
        attributes: What fit criteria read, called as in ``person.title``.
    """
    source = next((name for name in SOURCES if name in schema.person), "")
    form = next((name for name in FORMS if name in schema.properties), "")
    read = [name.partition(".")[2] for name in attributes if name.startswith("person.")]
    own = dict.fromkeys([*read, source] if source else read)
    columns = [f"{_column(name)} is not null as k{at}" for at, name in enumerate(attributes)]
    columns.append(f"n.{_quoted(source)}::varchar as source" if source else "null::varchar as source")
    query = _NEW.replace("$columns_of_people", ", ".join(map(_quoted, own)) or "1 as nothing").replace("$columns", ", ".join(columns))
    files = {name: str(folder / f"{name}.parquet") for name in ("people", "accounts")}
    with duckdb.connect(config=_OFFLINE) as con:
        found = _fetched(con, query, **files, begin=begin, end=end)
        forms = _forms(con, folder, form, end) if form else {}
    people: list[int] = found["person"].tolist()
    known = [found[f"k{at}"].astype(np.bool_) for at in range(len(attributes))]
    return Leads(
        attributes=tuple(attributes),
        known=np.stack(known, axis=1) if known else np.zeros((len(people), 0), np.bool_),
        form=_label(form, [forms.get(person) for person in people]),
        source=_label(f"person.{source}" if source else "", found["source"].tolist()),
    )


def silent(folder: Path, deals: Deals, chosen: Whole) -> Flags:
    """Return, of the chosen deals, whether nothing is recorded that their people did in the 90 days before the first conversation.

    Mails that were merely sent are nothing that people did. A deal whose 90 days reach back before the first activity isn't told of.
    """
    with duckdb.connect(config=_OFFLINE) as con:
        won = {"deal": np.arange(len(chosen)), "account": deals.account[chosen], "person": deals.person[chosen]}
        con.register("won", {**won, "talked": deals.conversation[chosen]})
        found = _fetched(con, _SILENT, files=str(folder / "activities-*.parquet"), back=LOOK_BACK, never=_NEVER)
    return found["silent"].astype(np.bool_)


def _forms(con: duckdb.DuckDBPyConnection, folder: Path, form: str, end: int) -> dict[int, str]:
    """Return by person the first form that they filled in."""
    query = _FORMS.replace("$form", _quoted(form))
    found = _fetched(con, query, files=str(folder / "activities-*.parquet"), end=end)
    return dict(zip(found["person"].tolist(), found["form"].tolist(), strict=True))


def _column(name: str) -> str:
    kind, _, column = name.partition(".")
    return f"{'n' if kind == 'person' else 'a'}.{_quoted(column)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _label(by: str, values: Sequence[Any]) -> Label:
    names = sorted({str(value) for value in values if value is not None})
    places = {name: at for at, name in enumerate(names)}
    codes = np.array([NONE if value is None else places[str(value)] for value in values], np.int64)
    return Label(by, undated=False, names=tuple(names), codes=codes)


def _fetched(con: duckdb.DuckDBPyConnection, query: str, **values: object) -> dict[str, NDArray[Any]]:
    """Return the columns of a query; texts as objects, ``None`` where there is none."""
    found = cast("dict[str, Any]", con.execute(query, values).fetchnumpy())
    return {name: _plain(array) for name, array in found.items()}


def _plain(array: Any) -> NDArray[Any]:
    held: Any = np.ma.getdata(array)
    if held.dtype == object:
        held[np.ma.getmaskarray(array)] = None
    return held
