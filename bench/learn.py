"""Deals for the benchmark's people, and a project of them: what ``discover`` and ``review`` are measured on.

2,000 won deals, 3,000 lost and 1,000 open ones, each of another account. Three in four won deals follow what was planted: a demo
request, or a second look at pricing within 30 days. The same raw data and seed give the same rows.

    python -m bench.learn bench/data/100k
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

WON, LOST, OPEN = 2_000, 3_000, 1_000
PLANTED = 0.75
SEED = 5
_SEEN = """
select p.account_id, arg_min(x.person_id, hash(x.activity_id)) as person_id, arg_min(x.occurred_at, hash(x.activity_id)) as last
from (
  select *, form = 'demo' or (path like '/pricing%' and occurred_at - lag(occurred_at) over (
      partition by person_id, path like '/pricing%' order by occurred_at, activity_id) < interval 30 days) as hot
  from read_parquet($activities)
) x join read_parquet($people) p using (person_id)
where p.account_id is not null and x.side <> 'sales' and x.occurred_at between '2025-03-01' and '2025-11-20' and (x.hot or not $hot)
group by 1 order by 1
"""
_DEALS = """
select format('d{:05d}', code) as deal_id, person_id, account_id, last + to_hours(talked) as first_conversation_at,
       last + to_hours(created) as created_at, case when outcome <> 'open' then last + to_hours(closed) end as closed_at,
       outcome, amount, 'EUR' as currency
from deals join drawn using (code) order by code
"""
_PROJECT = """\
definition: definition.yaml
facts:
  accounts: {raw}/accounts.parquet
  activities: {raw}/activities/*.parquet
  people: {raw}/people.parquet
  deals: deals.parquet
"""


def write_project(raw: Path, folder: Path, definition: Path) -> Path:
    """Write the deals and a project of them into ``folder``, unless they are there; return the folder."""
    folder.mkdir(exist_ok=True)
    deals = folder / "deals.parquet"
    if not deals.exists():
        _write_deals(raw, deals)
    (folder / "leadline.yaml").write_text(_PROJECT.format(raw=raw.resolve()), encoding="utf-8")
    (folder / "definition.yaml").write_text(definition.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def _write_deals(raw: Path, out: Path) -> None:
    files = {"activities": str(raw / "activities" / "*.parquet"), "people": str(raw / "people.parquet")}
    random = np.random.default_rng(SEED)
    with duckdb.connect() as con:
        hot, others = (con.sql(_SEEN, params={**files, "hot": hot}).to_arrow_table() for hot in (True, False))
        share = min(1.0, others.num_rows / 19_000)
        won, lost, still = (max(1, round(number * share)) for number in (WON, LOST, OPEN))
        planted = hot.take(random.permutation(hot.num_rows)[: round(won * PLANTED)])
        left = others.filter(pc.invert(pc.is_in(others["account_id"], planted["account_id"])))
        by_chance = left.take(random.permutation(left.num_rows)[: won - planted.num_rows + lost + still])
        deals = pa.concat_tables([planted, by_chance])
        count = deals.num_rows
        con.register("deals", deals.append_column("code", pa.array(range(count))))
        con.register("drawn", _drawn(count, won, lost, random))
        con.execute(f"copy ({_DEALS}) to '{out}' (format parquet)")


def _drawn(count: int, won: int, lost: int, random: np.random.Generator) -> pa.Table:
    """Return how each deal ended, after how many hours what happened, and what it brought."""
    ends = np.where(np.arange(count) < won, "won", np.where(np.arange(count) < won + lost, "lost", "open"))
    talked = random.integers(2, 60, count)
    created = talked + random.integers(1, 100, count)
    return pa.table({
        "code": np.arange(count), "outcome": ends, "talked": talked, "created": created,
        "closed": created + random.integers(100, 900, count), "amount": np.round(random.lognormal(9.5, 0.8, count)),
    })  # fmt: skip


if __name__ == "__main__":
    where = Path(sys.argv[1])
    print(write_project(where, where / "learn", where / "project" / "definition.yaml"))
