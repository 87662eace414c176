"""The raw data in the layout of Leadline's mirror, written by SQL alone: what the rival reads where no mirror was built.

Only the columns that the benchmark's data has; dated attributes don't occur in it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

PART_ROWS = 2_000_000

PEOPLE = """
copy (
    select (row_number() over (order by person_id) - 1)::integer as person_code, person_id,
           -9223372036854775807 as valid_from, 9223372036854775807 as valid_to, epoch_us(created_at) as created,
           account_code, p.account_id, seniority, country
    from read_parquet('{raw}/people.parquet') p
    left join read_parquet('{out}/accounts.parquet') a on a.account_id = p.account_id
    order by person_code
) to '{out}/people.parquet' (format parquet, compression zstd)
"""
ACCOUNTS = """
copy (
    select (row_number() over (order by account_id) - 1)::integer as account_code, account_id,
           -9223372036854775807 as valid_from, 9223372036854775807 as valid_to, employees, industry, revenue
    from read_parquet('{raw}/accounts.parquet')
    order by account_code
) to '{out}/accounts.parquet' (format parquet, compression zstd)
"""
ACTIVITIES = """
create table clustered as
select activity_id, person_code, account_code, epoch_us(occurred_at) as occurred, epoch_us(occurred_at) as known, type, side,
       false as machine, false as starts_visit, path, content, form, feature, seats
from (select distinct on (activity_id) * from read_parquet('{raw}/activities/*.parquet')) a
left join read_parquet('{out}/people.parquet') p on p.person_id = a.person_id
order by person_code nulls last, occurred, activity_id
"""
BOUNDS = """
select part, min(person_code), max(person_code)
from (select person_code, min(rowid) // {rows} as part from clustered group by person_code) group by part order by part
"""
PART = """
copy (select * from clustered where person_code between {first} and {last})
to '{out}/activities-{part:04}.parquet' (format parquet, compression zstd)
"""


def write_mirror(raw: Path, out: Path) -> None:
    """Write ``people.parquet``, ``accounts.parquet`` and ``activities-*.parquet`` to ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for text in (ACCOUNTS, PEOPLE, ACTIVITIES):
            connection.execute(text.format(raw=raw, out=out))
        for part, first, last in connection.execute(BOUNDS.format(rows=PART_ROWS)).fetchall():
            connection.execute(PART.format(out=out, part=part, first=first, last=last))


if __name__ == "__main__":
    write_mirror(Path(sys.argv[1]), Path(sys.argv[2]))
