"""Writing the demo: draw the accounts and people, tell their journeys, spoil the data a little, and export it all."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

from leadline.app.demo import blemishes, company, journeys, people, tables, times, truth
from leadline.app.demo.journey import Journey
from leadline.app.demo.records import Account, Conversation, Person
from leadline.app.demo.times import Span
from leadline.errors import UsageError

FILES = ("leadline.yaml", "definition.yaml", "definition-next.yaml", "reps.yaml")
_TELLING = 0.6  # share of the work; the rest is writing


@dataclass(frozen=True, slots=True)
class World:
    """Everything that was made up."""

    span: Span
    accounts: Sequence[Account]
    people: Sequence[Person]
    journeys: Sequence[Journey]


def write(  # noqa: PLR0913, PLR0917 - the sizes of a world, each with a default
    directory: Path,
    seed: int = 7,
    people: int = 5000,
    accounts: int = 900,
    months: int = 15,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write the demo project: data, definitions, reps, and the planted truth. The same seed gives the same bytes.

    Args:
        directory: A folder that is empty or doesn't exist yet.
        seed: Chooses the world.
        people: How many people to make up.
        accounts: How many accounts.
        months: How many whole months up to the end of September 2026.
        progress: Called with the share of the work that is done, up to 1.

    Raises:
        UsageError: If the folder has something in it, which is never overwritten.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory} is not an empty folder.", "Name one that is empty, or that doesn't exist yet.", code="folder-in-use")
    tell = progress or _quietly
    world = _make_up(seed, (people, accounts, months), tell)
    counts = blemishes.Counts()
    (directory / "data").mkdir(parents=True, exist_ok=True)
    _write_activities(directory / "data", world, seed, counts)
    tell(0.95)
    _write_records(directory / "data", world, seed)
    _write_text(directory / "truth.json", json.dumps(_truth(world, seed, counts), indent=1, ensure_ascii=False) + "\n")
    for name in FILES:
        _write_text(directory / name, (resources.files("leadline.app.demo") / "files" / name).read_text("utf-8"))
    tell(1.0)


def _quietly(done: float) -> None:
    del done


def _make_up(seed: int, sizes: tuple[int, int, int], progress: Callable[[float], None]) -> World:
    count, companies, months = sizes
    span = times.span_of(months)
    accounts = company.draw_accounts(seed, companies, span)
    known = people.draw_people(seed, count, accounts, span)
    told: list[Journey] = []
    for at, journey in enumerate(journeys.tell(seed, accounts, known, span)):
        told.append(journey)
        progress(min(at / max(companies, 1), 1.0) * _TELLING)
    return World(span, accounts, known, told)


def _write_activities(folder: Path, world: World, seed: int, counts: blemishes.Counts) -> None:
    told = [activity for journey in world.journeys for activity in journey.activities]
    spoiled = blemishes.spoil(told, world.span, seed, counts)
    for at, (system, export) in enumerate(tables.EXPORTS.items()):
        rows = tables.activities(export, [one for one in spoiled if one.kind in export.kinds])
        blemishes.repeat_some(rows, seed, at, counts)
        _write_csv(folder / f"activities-{system}.csv", export.columns, rows)


def _write_records(folder: Path, world: World, seed: int) -> None:
    deals, deal_stages = tables.deals([deal for journey in world.journeys for deal in journey.deals], world.span)
    stages = [stage for journey in world.journeys for stage in journey.lead_stages]
    _write_csv(folder / "people.csv", tables.PEOPLE, tables.people(world.people, stages, world.span, seed))
    _write_csv(folder / "accounts.csv", tables.ACCOUNTS, tables.accounts(world.accounts, world.span, seed))
    _write_csv(folder / "deals.csv", tables.DEALS, deals)
    _write_csv(folder / "deal_stages.csv", tables.DEAL_STAGES, deal_stages)
    _write_csv(folder / "lead_stages.csv", tables.LEAD_STAGES, tables.lead_stages(stages))


def _truth(world: World, seed: int, counts: blemishes.Counts) -> dict[str, object]:
    conversations = [one for journey in world.journeys for one in journey.conversations]
    return {
        "about": "What was planted in this made-up company. No command reads this file. Factors multiply odds; 1 means no effect.",
        "seed": seed,
        "from": times.write(world.span.start),
        "to": times.write(world.span.end),
        "factors": truth.factors(),
        "traps": truth.TRAPS,
        "blemishes": asdict(counts),
        "accounts": {account.account_id: _drawn(account) for account in world.accounts},
        "conversations": [_conversation(one) for one in sorted(conversations, key=lambda one: (one.at, one.account_id))],
    }


def _drawn(account: Account) -> dict[str, object]:
    return {
        "kind": account.kind, "employees": account.employees, "fit_per_mille": truth.per_mille(truth.account_fit(account)),
        "needs": [[times.write(start), times.write(end)] for start, end in account.needs], "scans_mail": account.scans_mail,
    }  # fmt: skip


def _conversation(one: Conversation) -> dict[str, object]:
    return {
        "account_id": one.account_id, "at": times.write(one.at), "hazard_per_mille": truth.per_mille(one.hazard),
        "win_chance_per_mille": truth.per_mille(one.win_chance), "ends": one.outcome,
    }  # fmt: skip


def _write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
