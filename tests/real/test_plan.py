"""What docs/real-data.md says of fit, usage and both, from plans of HubSpot's free CRM; reckoned from the raw files where that is easy."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from leadline import Project, clock
from leadline.definition import load
from leadline.review.model import Choice, PlanReport, Side

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "hubspot_free_crm"
SECTION = re.sub(r"\s+", " ", (ROOT / "docs" / "real-data.md").read_text("utf-8").split("### Fit, usage, or both?")[1].split("\n## ")[0])
BEGIN, END = "2019-07-01", "2020-07-01"
WEEK = dt.timedelta(days=7)
NAMES = ("fit", "usage", "both")
PAIRS = (("usage", "fit"), ("both", "fit"), ("both", "usage"))

Pair = tuple[str, str]


@pytest.fixture(scope="module", autouse=True)
def data(real_data: Callable[[str], Path]) -> Iterator[Path]:
    folder = real_data("hubspot_takehome")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEADLINE_DATA", str(folder.parent))
        yield folder


@pytest.fixture(scope="module")
def plans() -> Mapping[Pair, PlanReport]:
    """(new, old) → their plan."""
    return {pair: planned(EXAMPLE, *pair) for pair in PAIRS}


@pytest.fixture(scope="module")
def closed(data: Path) -> Mapping[str, str]:
    """Customer → the day of the close."""
    return {row["id"]: row["CLOSEDATE"] for row in rows(data / "customers.csv")}


def planned(folder: Path, new: str, old: str) -> PlanReport:
    return Project(folder).plan(folder / f"{new}.yaml", folder / f"{old}.yaml", BEGIN, END)


def sides(plans: Mapping[Pair, PlanReport]) -> dict[str, Side]:
    return {"fit": plans["usage", "fit"].old, "usage": plans["usage", "fit"].new, "both": plans["both", "fit"].new}


def entries(name: str) -> list[tuple[str, str]]:
    """Return (company, instant) of every entry by a definition since the first fact."""
    found = Project(EXAMPLE, definition=EXAMPLE / f"{name}.yaml").replay().rows()
    return [(spell["person_id"], clock.write_instant(spell["entered_at"])) for spell in found]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def copied(target: Path, change: Callable[[str, str], str]) -> Path:
    """Return a copy of the example, which has a mirror of its own, with each file changed by its name."""
    for file in EXAMPLE.glob("*.yaml"):
        (target / file.name).write_text(change(file.name, file.read_text("utf-8")), "utf-8")
    return target


def alone(plan: PlanReport) -> tuple[int, int]:
    """Return the deals that only the old side catches, and those that only the new one does."""
    won = {cell.name: cell.won for cell in plan.cells}
    return won["only_old"], won["only_new"]


def sign_test(one: int, other: int) -> float:
    """Return how often a fair coin splits as unevenly as this, either way."""
    n = one + other
    return min(1, 2 * sum(math.comb(n, k) for k in range(min(one, other) + 1)) / 2**n)


def listed(numbers: list[int]) -> str:
    return f"{numbers[0]}, {numbers[1]} and {numbers[2]}"


@pytest.mark.parametrize("name", NAMES)
def test_criteria_are_those_of_the_examples_definition(name: str):
    shared, own = (load.load(EXAMPLE / f"{file}.yaml").definition for file in ("definition", name))
    groups = {"fit": ["fit"], "usage": ["usage"], "both": ["fit", "usage"]}[name]
    assert {group: own.groups[group] for group in groups} == {group: shared.groups[group] for group in groups}
    assert set(own.groups) - {*groups, "presence"} == set()
    assert own.disqualify == shared.disqualify


def test_all_three_make_the_same_workload_at_the_sweeps_equal_line(plans: Mapping[Pair, PlanReport]):
    made = [side.total.entries for side in sides(plans).values()]
    assert max(made) <= 1.03 * min(made)
    assert listed(made) in SECTION
    for name in ("usage", "both"):
        sweep = plans[name, "fit"].sweep
        assert sweep is not None
        assert sweep.equal_line == sweep.proposed


def test_the_money_can_not_be_told_apart(plans: Mapping[Pair, PlanReport]):
    for pair in PAIRS:
        revenue = plans[pair].verdict.revenue
        assert plans[pair].verdict.choice is Choice.UNCLEAR
        assert revenue.low is not None
        assert revenue.high is not None
        assert revenue.low <= 0 < revenue.high
    amounts = sorted((deal.amount or 0 for deal in (*plans["both", "fit"].new.caught, *plans["both", "fit"].new.missed)), reverse=True)
    assert sum(amounts[: len(amounts) // 4]) == pytest.approx(sum(amounts) / 2, rel=0.05)
    caught = {name: round(side.total.revenue.value or 0) for name, side in sides(plans).items()}
    assert f"Usage alone catches {caught['usage']:,} of monthly revenue, fit alone {caught['fit']:,}" in SECTION
    assert caught["fit"] < caught["usage"] < caught["both"]


def test_usage_catches_more_deals_than_fit_and_three_are_all_that_both_adds(plans: Mapping[Pair, PlanReport]):
    split = {pair: alone(plan) for pair, plan in plans.items()}
    fit, usage = split["usage", "fit"]
    assert f"{usage} that fit misses, against {fit} that only fit catches" in SECTION
    assert "for both against fit, {1} to {0}".format(*split["both", "fit"]) in SECTION
    assert sign_test(fit, usage) == pytest.approx(1 / 70, rel=0.05)
    assert sign_test(*split["both", "fit"]) == pytest.approx(1 / 350, rel=0.1)
    assert split["both", "usage"] == (0, 3)
    money = {cell.name: (cell.revenue.value or 0) / cell.revenue.n for cell in plans["usage", "fit"].cells}
    assert money["only_old"] > money["only_new"]


def test_usage_at_40_catches_what_fit_does_with_two_thirds_of_the_work(plans: Mapping[Pair, PlanReport]):
    plan = plans["usage", "fit"]
    step = plan.sweep and plan.sweep.at(40)
    assert step
    assert f"it makes {step.entries} entries ({step.per_week.value:.1f} a week) and catches {step.won} deals" in SECTION
    assert f"and {step.revenue.value:,.0f}: about what fit catches with {plan.old.total.entries}" in SECTION
    assert step.entries < 0.67 * plan.old.total.entries
    assert step.won > plan.old.total.won
    assert step.revenue.value == pytest.approx(plan.old.total.revenue.value, rel=0.02)


@pytest.mark.parametrize("name", NAMES)
def test_deals_caught_are_those_with_an_entry_in_the_year_before_by_the_raw_files(
    name: str, plans: Mapping[Pair, PlanReport], closed: Mapping[str, str]
):
    began: dict[str, list[dt.datetime]] = {}
    for person, at in entries(name):
        began.setdefault(person, []).append(dt.datetime.fromisoformat(at))
    caught: set[str] = set()
    for person, day in closed.items():
        close = dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC)
        if BEGIN <= day < END and any(dt.timedelta() < close - at <= dt.timedelta(days=365) for at in began.get(person, ())):
            caught.add(person)
    assert {deal.deal_id for deal in sides(plans)[name].caught} == caught


@pytest.mark.parametrize("name", NAMES)
def test_nobody_enters_from_the_close_on(name: str, plans: Mapping[Pair, PlanReport], closed: Mapping[str, str]):
    entered = [(at, closed[person]) for person, at in entries(name) if person in closed]
    assert entered
    assert [pair for pair in entered if pair[0] >= pair[1]] == []
    assert sides(plans)[name].total.beside == 0


def test_weeks_after_the_close_change_nothing(
    plans: Mapping[Pair, PlanReport], closed: Mapping[str, str], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Weeks that were known by the close stay; the others of customers are most of their rows, and go."""
    usage = rows(data / "usage_actions.csv")
    kept = [row for row in usage if str(dt.date.fromisoformat(row["WHEN_TIMESTAMP"][:10]) + WEEK) <= closed.get(row["id"], "9")]
    assert len(usage) - len(kept) > sum(row["id"] in closed for row in kept)
    target = tmp_path / "hubspot_takehome"
    target.mkdir()
    for name in ("customers.csv", "noncustomers.csv"):
        (target / name).write_bytes((data / name).read_bytes())
    with (target / "usage_actions.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(usage[0]))
        writer.writeheader()
        writer.writerows(kept)
    monkeypatch.setenv("LEADLINE_DATA", str(tmp_path))
    folder = copied(tmp_path, lambda _, text: text)
    for pair in (("usage", "fit"), ("both", "fit")):
        again = planned(folder, *pair)
        for one, other in ((again.old, plans[pair].old), (again.new, plans[pair].new)):
            assert (one.total.weeks, one.caught, one.missed) == (other.total.weeks, other.caught, other.missed)


def test_customers_who_are_not_left_out_are_work_to_which_nothing_is_credited(plans: Mapping[Pair, PlanReport], tmp_path: Path):
    folder = copied(tmp_path, lambda name, text: re.sub(r"(?m)^disqualify:\n.+\n", "", text) if name == "usage.yaml" else text)
    kept, out = planned(folder, "usage", "fit").new, plans["usage", "fit"].new
    assert f"makes {kept.total.entries} entries instead of {out.total.entries}, and catches the same {kept.total.won} deals" in SECTION
    assert kept.total.entries > 1.1 * out.total.entries
    assert kept.caught == out.caught


def test_conversations_30_days_before_the_close_leave_the_order(tmp_path: Path, plans: Mapping[Pair, PlanReport]):
    said = "CLOSEDATE as created_at"

    def earlier(name: str, text: str) -> str:
        if name != "leadline.yaml":
            return text
        assert said in text
        return text.replace(said, f"CLOSEDATE - interval 30 days as first_conversation_at, {said}")

    folder = copied(tmp_path, earlier)
    found = {pair: planned(folder, *pair) for pair in (("usage", "fit"), ("both", "fit"))}
    side = {"fit": found["usage", "fit"].old, "usage": found["usage", "fit"].new, "both": found["both", "fit"].new}
    assert (
        "{} entries of fit, {} of usage and {} of both would stand beside".format(*(side[name].total.beside for name in NAMES)) in SECTION
    )
    caught = [side[name].total.won for name in NAMES]
    assert f"{listed(caught)} deals would be caught" in SECTION
    assert caught == sorted(caught)
    assert [side[name].total.entries for name in NAMES] == [one.total.entries for one in sides(plans).values()]
    assert {plan.verdict.choice for plan in found.values()} == {Choice.UNCLEAR}
    assert all(sign_test(*alone(plan)) < 0.05 for plan in found.values())


def test_other_figures_in_the_text_are_right(plans: Mapping[Pair, PlanReport], closed: Mapping[str, str], data: Path):
    known: dict[str, str] = {}
    for row in rows(data / "usage_actions.csv"):
        over = str(dt.date.fromisoformat(row["WHEN_TIMESTAMP"][:10]) + WEEK)
        known[row["id"]] = min(over, known.get(row["id"], over))
    bought = {person: day for person, day in closed.items() if BEGIN <= day < END}
    unseen = sum(known.get(person, END) >= day for person, day in bought.items())
    assert f"Of the {len(bought)} customers, {unseen} had no week" in SECTION
    days = [deal.lead_days or 0 for deal in sides(plans)["usage"].caught]
    within = [sum(day <= most for day in days) for most in (30, 7)]
    assert f"Of the {len(days)} deals that usage catches, {within[0]} closed within 30 days of the entry, {within[1]} of them" in SECTION
    begin = plans["usage", "fit"].window.begin_at
    before = [sum((deal.entered_at or 0) < begin for deal in side.caught) for side in sides(plans).values()]
    inside = [side.total.won - count for side, count in zip(sides(plans).values(), before, strict=True)]
    assert "{} of fit's deals, {} of usage's and {} of both's".format(*before) in SECTION
    assert "alone caught {} deals, {} and {}".format(*inside) in SECTION
    half = [sum("2019-01-01" <= at < BEGIN for _, at in entries(name)) for name in NAMES]
    assert "fit made {} entries, usage {}, both {}".format(*half) in SECTION
