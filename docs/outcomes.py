"""Tells how often companies and leads bought that an example had scored, with counts and intervals.

``python docs/outcomes.py hubspot_free_crm`` and ``python docs/outcomes.py olist`` print what docs/real-data.md shows. They score
with Leadline as of an instant, and only then open the file that says who bought. ``python docs/outcomes.py crm_exports`` counts what
was read of the exports. ``LEADLINE_DATA`` is the folder of the data; see docs/real-data.md.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from leadline import Project

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
Z = 1.959964  # 95 % of the normal distribution
Row = Mapping[str, Any]


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the bounds of the 95 % interval of a share (Wilson 1927); nothing is known of a share of none.

    >>> [round(bound, 3) for bound in wilson(8, 474)]
    [0.009, 0.033]
    """
    if not of:
        return 0.0, 1.0
    share, spread = hits / of, Z * Z / of
    middle, half = share + spread / 2, Z * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)


def cell(hits: int, of: int) -> str:
    """Return a count, its share and the interval as they stand in a table.

    >>> cell(8, 474)
    '8 = 1.7% (0.9–3.3)'
    """
    low, high = wilson(hits, of)
    return f"{hits} = {hits / of:.1%} ({low * 100:.1f}–{high * 100:.1f})" if of else "-"


def top(rows: Sequence[Row], by: str, share: float) -> list[Row]:
    """Return the best rows, as many as fit into a share of all without parting those with equal scores.

    Who of two equals comes first would be told by their ids, and ids can know more than they should: here those of customers are
    the lowest.

    >>> [row["score"] for row in top([{"score": score} for score in (9, 5, 5, 5, 1)], "score", 0.5)]
    [9]
    """
    best = sorted(rows, key=lambda row: row[by], reverse=True)
    places = int(len(rows) * share)
    return best if places >= len(best) else [row for row in best[:places] if row[by] > best[places][by]]


def days_of(name: str, key: str, day: str) -> dict[str, dt.date]:
    """Return key → day of a file of the data; of several rows with one key the earliest."""
    with (Path(os.environ["LEADLINE_DATA"]) / name).open(encoding="utf-8-sig", newline="") as lines:
        found = sorted(((row[key], dt.date.fromisoformat(row[day][:10])) for row in csv.DictReader(lines)), key=lambda one: one[1])
    return dict(reversed(found))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, the first column to the left and the others to the right."""
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    for row in [head, *rows]:
        yield "  ".join(text.rjust(width) if at else text.ljust(width) for at, (text, width) in enumerate(zip(row, widths, strict=True)))


def scored(example: str, as_of: dt.date) -> list[Row]:
    """Return the rows of ``leadline score`` for an example."""
    return Project(EXAMPLES / example).score(as_of).to_pylist()


def hubspot_free_crm() -> Iterator[str]:
    """Yield how many companies closed in the months after 2020-01-01, the top tenth against the rest."""
    as_of = dt.date(2020, 1, 1)
    ends = [dt.date(2020, 2, 1), dt.date(2020, 4, 1), dt.date(2020, 7, 1)]
    rows = [row for row in scored("hubspot_free_crm", as_of) if row["disqualified"] is None]
    closed = days_of("hubspot_takehome/customers.csv", "id", "CLOSEDATE")
    began = days_of("hubspot_takehome/usage_actions.csv", "id", "WHEN_TIMESTAMP")
    best = top(rows, "score", 0.1)
    chosen = {row["person_id"] for row in best}
    rest = [row for row in rows if row["person_id"] not in chosen]

    def seen(group: Sequence[Row]) -> list[Row]:
        return [row for row in group if row["person_id"] in began and began[row["person_id"]] + dt.timedelta(days=7) <= as_of]

    groups = {
        "top tenth": best,
        "the rest": rest,
        "top tenth, seen in the product": seen(best),
        "the rest, seen in the product": seen(rest),
        "on track pql": [row for row in rows if row["tracks"]],
        "top tenth by usage alone": top(rows, "usage", 0.1),
    }
    yield f"{len(rows):,} companies that weren't customers on {as_of}; the top tenth scored {best[-1]['score']:g} or more.\n"
    head = ["", "companies", *(f"closed before {end}" for end in ends)]
    yield from table(head, [[name, f"{len(group):,}", *_closed(group, closed, ends)] for name, group in groups.items()])


def _closed(group: Sequence[Row], closed: Mapping[str, dt.date], ends: Sequence[dt.date]) -> Iterator[str]:
    for end in ends:
        yield cell(sum(closed.get(row["person_id"], end) < end for row in group), len(group))


def olist() -> Iterator[str]:
    """Yield how many leads were won within 90 days of their first contact, by band and time of that contact."""
    rows = scored("olist", dt.date(2018, 6, 1))
    came = days_of("olist_funnel/olist_marketing_qualified_leads_dataset.csv", "mql_id", "first_contact_date")
    won = days_of("olist_funnel/olist_closed_deals_dataset.csv", "mql_id", "won_date")
    cohorts = {
        "to 2017-11": (dt.date(2017, 6, 1), dt.date(2017, 12, 1)),
        "2017-12 to 2018-02": (dt.date(2017, 12, 1), dt.date(2018, 3, 1)),
        "2018-03 to 2018-05": (dt.date(2018, 3, 1), dt.date(2018, 6, 1)),
    }

    def bought(person: str) -> bool:
        return person in won and won[person] < came[person] + dt.timedelta(days=90)

    def line(name: str, bands: Collection[str]) -> Iterator[str]:
        yield name
        for begin, end in cohorts.values():
            people = [row["person_id"] for row in rows if row["score.band"] in bands and begin <= came[row["person_id"]] < end]
            yield from (f"{len(people):,}", cell(sum(map(bought, people)), len(people)))

    bands = sorted({row["score.band"] for row in rows})
    head = ["band", *(part for cohort in cohorts for part in ("leads", cohort))]
    yield f"Won within 90 days of the first contact, by the month of that contact; {len(rows):,} leads.\n"
    yield from table(head, [*([*line(band, band)] for band in bands), [*line("all", bands)]])
    days = sorted((won[person] - came[person]).days for person in won if person in came)
    half, most = days[len(days) // 2], days[-(-len(days) * 9 // 10) - 1]
    yield f"\n{len(days)} were won in all, half of them within {half} days and nine in ten within {most}, the first on {min(won.values())}."


def crm_exports() -> Iterator[str]:
    """Yield how many rows of each relation of each system were read, kept and set aside."""
    rows: list[list[str]] = []
    for folder in sorted((EXAMPLES / "crm_exports").iterdir()):
        for name, one in Project(folder).facts().relations.items():
            rows.append([f"{folder.name} {name}", f"{one.read:,}", f"{one.kept:,}", f"{one.duplicates:,}", f"{one.quarantined:,}"])
    yield from table(["", "rows read", "kept", "duplicates", "quarantined"], rows)


SHOWN: Mapping[str, Callable[[], Iterator[str]]] = {"hubspot_free_crm": hubspot_free_crm, "olist": olist, "crm_exports": crm_exports}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in SHOWN:
        sys.exit(f"Name one of: {', '.join(SHOWN)}.")
    print(*SHOWN[sys.argv[1]](), sep="\n")
