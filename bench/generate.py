"""Raw data as a company would have it: people, accounts, and a year of activities as a collector wrote them.

Text keys, activities in the order of their arrival in monthly files, one in fifty sent twice, a long tail of
activities a person, visits in bursts. The same seed and size give the same rows.

    python -m bench.generate 100k bench/data/100k
"""

from __future__ import annotations

import itertools
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_735_689_600_000_000  # 2025-01-01
END = START + 365 * DAY
AS_OF_TEXT = "2025-12-20T09:30:00Z"
YEAR_BEFORE_TEXT = "2024-12-21T09:30:00Z"
AS_OF = START + 353 * DAY + 9 * HOUR + 30 * MINUTE
SENT_TWICE = 50
BLOCK = 100_000


@dataclass(frozen=True)
class Size:
    """How much data, and how often each contender runs."""

    name: str
    people: int
    activities: int
    runs: int


SIZES = {
    size.name: size
    for size in (
        Size("tiny", 200, 10_000, 1),
        Size("small", 10_000, 500_000, 5),
        Size("100k", 100_000, 5_000_000, 7),
        Size("1m", 1_000_000, 50_000_000, 3),
    )
}


class Kind(NamedTuple):
    """One kind of activity, with its share in ordinary visits and in visits of those about to buy."""

    cold: float
    hot: float
    type: str
    side: str = "marketing"
    path: str | None = None
    content: str | None = None
    form: str | None = None
    feature: str | None = None


KINDS = (
    *(Kind(share, 2, "page_view", path=path) for share, path in ((10, "/"), (4, "/about"), (3, "/careers"), (6, "/product"))),
    *(Kind(0.8, 0.2, "page_view", path=f"/blog/post-{number:02}") for number in range(30)),
    *(Kind(0.3, 0.3, "page_view", path=f"/docs/page-{number:02}") for number in range(20)),
    Kind(0.8, 14, "page_view", path="/pricing"),
    Kind(0.2, 6, "page_view", path="/pricing/enterprise"),
    Kind(0.5, 4, "page_view", path="/compare/other"),
    Kind(0.3, 3, "page_view", path="/compare/another"),
    Kind(14, 4, "email_open"),
    Kind(6, 5, "email_click"),
    Kind(0.2, 2, "email_reply"),
    Kind(3, 1, "ad_click"),
    *(Kind(1.2, 1, "content_download", content=content) for content in ("whitepaper", "checklist", "report")),
    Kind(0.4, 4, "content_download", content="case_study"),
    Kind(0.4, 3, "content_download", content="buyers_guide"),
    Kind(1.5, 0.5, "form_submit", form="newsletter"),
    Kind(0.3, 1, "form_submit", form="contact"),
    Kind(0.1, 3, "form_submit", form="demo"),
    Kind(1.2, 3, "webinar_registered"),
    Kind(0.8, 3, "webinar_attended"),
    Kind(2, 1, "social_engagement"),
    Kind(0.4, 3, "chat_started"),
    Kind(0.1, 2, "trial_started", "product"),
    Kind(8, 8, "login", "product"),
    *(Kind(0.7, 0.7, "feature_used", "product", feature=f"feature_{number}") for number in range(10)),
    Kind(0.5, 3, "feature_used", "product", feature="workflow"),
    Kind(0.3, 3, "feature_used", "product", feature="integration"),
    Kind(0.4, 2, "seat_invited", "product"),
    Kind(0.5, 1, "call", "sales"),
)
SENIORITY = ("intern", "individual", "senior", "manager", "director", "vp", "c_level")
COUNTRIES = ("US", "GB", "DE", "FR", "IN", "BR", "CA", "NL", "ES", "AU", "JP", "SE")
INDUSTRIES = ("software", "finance", "healthcare", "retail", "manufacturing", "education", "media", "logistics")


@dataclass(frozen=True)
class Timeline:
    """Activities as columns of numbers: person, time in µs, kind and number of seats."""

    person: NDArray[np.int32]
    occurred: NDArray[np.int64]
    kind: NDArray[np.int16]
    seats: NDArray[np.int8]


def write_raw(folder: Path, size: Size, seed: int = 1) -> None:
    """Write ``people.parquet``, ``accounts.parquet`` and ``activities/<month>.parquet`` to ``folder``."""
    (folder / "activities").mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng([seed, size.people, size.activities])
    with duckdb.connect() as connection:
        created = _write_people(connection, folder, size, random)
        _write_activities(connection, folder, _timelines(size, created, random), random)


def _write_people(connection: duckdb.DuckDBPyConnection, folder: Path, size: Size, random: np.random.Generator) -> NDArray[np.int64]:
    accounts = max(1, size.people // 5)
    employees = np.maximum(1, random.lognormal(3.5, 1.8, accounts)).astype(np.int64)
    table = pa.table({
        "code": np.arange(accounts),
        "employees": pa.array(employees.astype(float), mask=random.random(accounts) < 0.05),
        "industry": pa.array(np.array(INDUSTRIES)[random.integers(0, len(INDUSTRIES), accounts)], mask=random.random(accounts) < 0.05),
        "revenue": pa.array(np.round(employees * random.lognormal(11.5, 1.0, accounts)), mask=random.random(accounts) < 0.1),
    })  # fmt: skip
    _copy(connection, "select format('a{:07d}', code) as account_id, * exclude code from rows", table, folder / "accounts.parquet")
    created = START - 200 * DAY + random.integers(0, 560 * DAY, size.people)
    table = pa.table({
        "code": np.arange(size.people),
        "account": pa.array(random.integers(0, accounts, size.people), mask=random.random(size.people) < 0.08),
        "created": pa.array(created, mask=random.random(size.people) < 0.03),
        "seniority": pa.array(
            np.array(SENIORITY)[random.choice(len(SENIORITY), size.people, p=(0.05, 0.3, 0.2, 0.2, 0.12, 0.08, 0.05))],
            mask=random.random(size.people) < 0.1,
        ),
        "country": np.array(COUNTRIES)[np.minimum(random.geometric(0.2, size.people) - 1, len(COUNTRIES) - 1)],
    })  # fmt: skip
    query = """select format('p{:07d}', code) as person_id, format('a{:07d}', account) as account_id,
                      make_timestamp(created) as created_at, seniority, country from rows"""
    _copy(connection, query, table, folder / "people.parquet")
    return created


def _timelines(size: Size, created: NDArray[np.int64], random: np.random.Generator) -> Timeline:
    """Return everybody's activities, person by person, made in blocks so that memory stays small."""
    weights = random.lognormal(0, 1.3, size.people)
    counts = np.floor(weights / weights.sum() * size.activities + random.random(size.people)).astype(np.int64)
    counts[np.argmax(counts)] += size.activities - counts.sum()
    blocks = [_block(first, counts[first : first + BLOCK], created, random) for first in range(0, size.people, BLOCK)]
    return Timeline(*(np.concatenate(columns) for columns in zip(*blocks, strict=True)))


def _block(
    first: int, counts: NDArray[np.int64], created: NDArray[np.int64], random: np.random.Generator
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int16], NDArray[np.int8]]:
    """Return the activities of people ``first …``: visits at random times, each with activities over some hours."""
    total = int(counts.sum())
    visits = 1 + counts // 6
    owner = np.repeat(np.arange(len(counts)), visits)
    begin = np.maximum(START, created[first : first + len(counts)] - 30 * DAY)[owner]
    at = begin + (random.random(len(owner)) * (END - begin)).astype(np.int64)
    hot = random.random(len(owner)) < 0.1
    person = np.repeat(np.arange(len(counts)), counts)
    visit = (np.cumsum(visits) - visits)[person] + (random.random(total) * visits[person]).astype(np.int64)
    occurred = at[visit] + (random.exponential(5 * HOUR, total)).astype(np.int64)
    occurred = np.clip(np.where(occurred >= END, 2 * END - occurred - 1, occurred), START, END - 1)
    mixes = np.cumsum([[kind.cold for kind in KINDS], [kind.hot for kind in KINDS]], axis=1)
    mixes /= mixes[:, -1:]
    drawn = random.random(total)
    kind = np.where(hot[visit], np.searchsorted(mixes[1], drawn), np.searchsorted(mixes[0], drawn))
    return (person + first).astype(np.int32), occurred, kind.astype(np.int16), random.integers(1, 6, total).astype(np.int8)


def _write_activities(connection: duckdb.DuckDBPyConnection, folder: Path, rows: Timeline, random: np.random.Generator) -> None:
    """Write one file a month, in the order of arrival; one row in fifty arrives again within a day."""
    again = np.flatnonzero(random.random(len(rows.person)) < 1 / SENT_TWICE)
    number = np.concatenate([np.arange(len(rows.person)), again])
    arrived = rows.occurred[number] + random.integers(0, 2 * MINUTE, len(number))
    arrived[len(rows.person) :] += random.integers(0, DAY, len(again))
    order = np.argsort(arrived)
    number, arrived = number[order], arrived[order]
    months = [START, *(START + np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30]) * DAY), END + 10 * DAY]
    bounds = np.searchsorted(arrived, months)
    for month, (low, high) in enumerate(itertools.pairwise(bounds), start=1):
        _write_month(connection, folder / "activities" / f"2025-{month:02}.parquet", rows, number[low:high])


def _write_month(connection: duckdb.DuckDBPyConnection, path: Path, rows: Timeline, number: NDArray[np.int64]) -> None:
    kind = rows.kind[number]
    seats = pa.array(rows.seats[number].astype(float), mask=np.array([kind.type != "seat_invited" for kind in KINDS])[kind])
    table = pa.table({
        "number": number, "person": rows.person[number], "occurred": rows.occurred[number], "seats": seats,
        **{name: _texts(kind, name) for name in ("type", "side", "path", "content", "form", "feature")},
    })  # fmt: skip
    query = """select md5('activity ' || number) as activity_id, format('p{:07d}', person) as person_id,
                      make_timestamp(occurred) as occurred_at, type::varchar as type, side::varchar as side, path::varchar as path,
                      content::varchar as content, form::varchar as form, feature::varchar as feature, seats from rows"""
    _copy(connection, query, table, path)


def _texts(kind: NDArray[np.int16], name: str) -> pa.DictionaryArray:
    values = sorted({value for kind in KINDS if (value := getattr(kind, name)) is not None})
    place = np.array([values.index(value) if (value := getattr(kind, name)) is not None else -1 for kind in KINDS], np.int32)[kind]
    return pa.DictionaryArray.from_arrays(pa.array(place, mask=place < 0), pa.array(values))


def _copy(connection: duckdb.DuckDBPyConnection, query: str, rows: pa.Table, path: Path) -> None:
    connection.register("rows", rows)
    connection.execute(f"copy ({query}) to '{path}' (format parquet, compression zstd)")
    connection.unregister("rows")


if __name__ == "__main__":
    write_raw(Path(sys.argv[2]), SIZES[sys.argv[1]])
