"""Reports of a made-up plan, for tests of what shows them: one with everything, one with nothing to count, one without definitions."""

from __future__ import annotations

import math
from dataclasses import replace

from leadline import clock
from leadline.review.model import (
    Breakdown,
    BreakdownRow,
    Caution,
    Cell,
    Choice,
    Conversion,
    Curve,
    Effect,
    Effects,
    Entrant,
    Figure,
    LeadTime,
    Load,
    PlanReport,
    Point,
    Results,
    Side,
    Skipped,
    Slice,
    Stage,
    Step,
    Sweep,
    Verdict,
    Week,
    Window,
    WonDeal,
)

BEGIN = clock.parse_instant("2025-10-01")
END = clock.parse_instant("2026-10-01")
NOTHING = Figure(None, None, None, 0)
RATES = {Stage.ACCEPTED: (0.52, 0.61), Stage.SQL: (0.24, 0.33), Stage.OPPORTUNITY: (0.18, 0.27), Stage.WON: (0.06, 0.1)}
LAGS = {Stage.ACCEPTED: 4.0, Stage.SQL: 21.0, Stage.OPPORTUNITY: 34.0, Stage.WON: 96.0}


def rate(value: float, n: int) -> Figure:
    wide = 1.96 * math.sqrt(max(value * (1 - value), 0.001) / max(n, 1))
    return Figure(value, max(0.0, value - wide), min(1.0, value + wide), n)


def money(value: float, n: int) -> Figure:
    return Figure(value, value * 0.7, value * 1.35, n)


def weeks(level: float, wave: float) -> tuple[Week, ...]:
    begins = range(BEGIN, END, clock.WEEK)
    return tuple(
        Week(begin, min(7.0, (END - begin) / clock.DAY), round(level + wave * math.sin(at / 5) + wave / 2 * math.cos(at * 1.7)))
        for at, begin in enumerate(begins)
    )


def conversions(entries: int, new: bool) -> tuple[Conversion, ...]:
    return tuple(
        Conversion(
            stage, round(entries * 0.8 * rates[new]), rate(rates[new], round(entries * 0.7)), rate(rates[new] * 1.03, round(entries * 0.8)),
            rates[new] * 0.8, min(1.0, rates[new] + 0.2), round(entries * 0.05), LAGS[stage],
        )
        for stage, rates in RATES.items()
    )  # fmt: skip


def curve(stage: Stage, new: bool) -> Curve:
    top, lag = RATES[stage][new], LAGS[stage]
    days = [lag * at / 6 for at in range(13)]
    shares = [top * (1 - math.exp(-2.3 * day / lag)) for day in days]
    steps = zip(days, shares, range(400, 0, -25), strict=False)
    return Curve(stage, tuple(Point(day, share, max(0.0, share - 0.03), share + 0.04, risk) for day, share, risk in steps))


def results(name: str, level: float, wave: float, *, new: bool) -> Results:
    series = weeks(level, wave)
    entries = sum(week.entries for week in series)
    return Results(
        name=name, entries=entries, people=round(entries * 0.8), reentries=round(entries * 0.2), beside=round(entries * 0.1),
        worked=round(entries * 0.75), per_week=Figure(entries / 52.1, level * 0.9, level * 1.1, entries), weeks=series,
        conversion=conversions(entries, new), won=41 if new else 44, revenue=money(688_000.0 if new else 701_500.0, 40),
        lead_time=LeadTime(Figure(9.5 if new else 14.0, 7.0, 17.0, 40), 40.0), curves=tuple(curve(stage, new) for stage in Stage),
    )  # fmt: skip


def load(team: str, tracks: tuple[str, ...], level: float, wave: float, capacity: float | None) -> Load:
    series = weeks(level, wave)
    room = tuple(capacity * week.days / 7 * (0.8 if at % 13 == 12 else 1) for at, week in enumerate(series)) if capacity else ()
    over = sum(week.entries > most for week, most in zip(series, room, strict=False))
    return Load(team, tracks, sum(week.entries for week in series) / 52.1, capacity, series, room, over)


def deal(number: int, caught: bool) -> WonDeal:
    created = BEGIN + number * 8 * clock.DAY
    entered = created - 12 * clock.DAY if caught else None
    return WonDeal(
        f"d{number:03}", f"a{number}", f"p{number:04}", 9_000.0 + 1_250 * number, "EUR", created, created + 40 * clock.DAY, entered,
        "mql" if caught else "", 12.0 if caught else None, "" if caught else "nobody of the account had entered before",
    )  # fmt: skip


def side(name: str, *, new: bool) -> Side:
    level = 12.0 if new else 26.0
    tracks = tuple(results(track, level * part, 5 * part, new=new) for track, part in (("hot", 0.3), ("pql", 0.2), ("mql", 0.6)))
    loads = (load("ae", ("hot",), level * 0.3, 3, 26.0), load("sdr", ("pql", "mql"), level * 0.8, 6, 18.0))
    caught = tuple(deal(number, caught=True) for number in range(41 if new else 44))
    missed = tuple(deal(number, caught=False) for number in range(41 if new else 44, 50))
    title = "Quillstone MQL, proposal for autumn 2026" if new else "Quillstone MQL, summer 2026"
    return Side(name, title, ("b7d2" if new else "5f42") * 16, results("any", level, 6, new=new), tracks, loads, caught, missed)


def entrants(count: int, old: bool, new: bool) -> tuple[Entrant, ...]:
    begins = [BEGIN + at * 3 * clock.DAY for at in range(count)]
    return tuple(
        Entrant(
            f"p{at:04}",
            f"a{at}" if at % 3 else None,
            begin + clock.DAY if old else None,
            begin if new else None,
            int(at < 5),
            9000.0 * (at < 5),
        )
        for at, begin in enumerate(begins)
    )


def cell(name: str, people: int, *, old: bool, new: bool) -> Cell:
    earlier = 1.25 if old and new else None
    return Cell(
        name, people, people * old, people * new, conversions(people, new), people // 12, money(people * 900.0, people // 12), earlier,
        people // 9 * (old != new), entrants(people, old, new),
    )  # fmt: skip


def part(entries: int, factor: float) -> Slice:
    return Slice(
        entries, entries, rate(0.25 * factor, entries), rate(0.06 * factor, entries), entries // 15, money(entries * 800.0, entries // 15)
    )


def breakdown(by: str, labels: tuple[str, ...], *, undated: bool = False) -> Breakdown:
    rows = tuple(BreakdownRow(label, part(400 // (at + 1), 1), part(260 // (at + 2), 1.4)) for at, label in enumerate(labels))
    return Breakdown(by, undated, rows)


def effect(path: str, words: str, entries: int, won: int) -> Effect:
    revenue = Figure(won * 15_000.0, won * 15_000.0 - 20_000, won * 15_000.0 + 22_000, abs(won))
    return Effect(path, words, entries, entries / 52.1, max(entries, 0) + 9, max(-entries, 0) + 9, won, revenue)


def effects() -> Effects:
    alone = (
        effect("tracks.mql.when", "Track **mql** now asks for `score >= 70` (before: `score >= 50`).", -610, -4),
        effect("groups.engagement.criteria.pricing", "The points of *pricing* go from 20 to 15, at most 45 instead of 50.", -144, -1),
        effect("groups.engagement.criteria.guide", "*guide* no longer counts.", -97, 0),
        effect(
            "groups.engagement.criteria.colleagues_too", "New: *colleagues too* earns 15 points for pricing pages of the account.", 120, 2
        ),
        effect("groups.fit.criteria.size", "The tiers of *size* begin at 51 employees.", -12, 0),
    )
    skipped = (Skipped("tracks.pql.when", "Track **pql** asks for more.", "it names a criterion that only the new definition has"),)
    return Effects(alone, effect("", "All of them together.", -729, -3), 14, 0, skipped)


def sweep() -> Sweep:
    falls = {line: math.exp(-line / 42) for line in map(float, range(30, 115, 5))}
    steps = tuple(
        Step(
            line, round(2600 * left), Figure(50 * left, 46 * left, 54 * left, 90), 44 * left, rate(0.15 + line / 400, 300),
            rate(0.03 + line / 1200, 300), round(50 - line / 9), money(760_000 - 1_900 * line, 40),
        )
        for line, left in falls.items()
    )  # fmt: skip
    return Sweep("mql", "score", steps, 50.0, 70.0, "sdr", 18.0, 40.0, 45.0)


CAUTIONS = (
    Caution("undated", "`account.employees` and `account.industry` have no history: they may have been filled in after the deal was won."),
    Caution("small-numbers", "Only 41 won deals stand behind the new side's revenue."),
    Caution("beside", "96 old and 41 new entries began after the first conversation or beside an open deal; nothing is credited to them."),
)


def full() -> PlanReport:
    """A report with everything in it."""
    sentence = (
        "The new definition catches EUR 688,000 of won revenue with 12.1 entries a week, the old one EUR 701,500 with 26.2: "
        "less than half of the work for about the same money. The difference in revenue is within chance."
    )
    cells = (
        cell("both", 402, old=True, new=True), cell("only_old", 511, old=True, new=False), cell("only_new", 77, old=False, new=True),
    )  # fmt: skip
    breakdowns = (
        breakdown("track", ("mql", "hot", "pql")),
        breakdown("person.source", ("paid search", "webinar", "organic", "referral", "event", "unknown", "other")),
        breakdown("account.employees", ("1,000–4,999", "200–999", "50–199", "10–49", "unknown"), undated=True),
    )
    return PlanReport(
        verdict=Verdict(Choice.UNCLEAR, sentence, Figure(-13_500.0, -96_000.0, 74_000.0, 7), Figure(-14.1, -15.2, -12.9, 990)),
        window=Window(BEGIN, END, END, 52.14), currency="EUR", credited_days=365.0, old=side("old", new=False), new=side("new", new=True),
        cells=cells, breakdowns=breakdowns, effects=effects(), sweep=sweep(), cautions=CAUTIONS,
    )  # fmt: skip


def _emptied(found: Results) -> Results:
    conversion = tuple(Conversion(stage, 0, NOTHING, NOTHING, None, None, 0, None) for stage in Stage)
    still = tuple(replace(week, entries=0) for week in found.weeks)
    return Results(
        found.name, 0, 0, 0, 0, 0, Figure(0.0, 0.0, 0.1, 0), still, conversion, 0, NOTHING, LeadTime(NOTHING, None),
        tuple(Curve(stage, ()) for stage in Stage),
    )  # fmt: skip


def empty() -> PlanReport:
    """A report of a window in which nothing happened."""
    found = full()

    def hollow(side: Side) -> Side:
        loads = tuple(replace(load, entries_per_week=0.0, capacity_per_week=None, capacity=(), weeks_over=0) for load in side.loads[:1])
        return replace(side, total=_emptied(side.total), tracks=tuple(map(_emptied, side.tracks)), loads=loads, caught=(), missed=())

    cells = tuple(Cell(cell.name, 0, 0, 0, (), 0, NOTHING, None, 0, ()) for cell in found.cells)
    verdict = Verdict(Choice.UNCLEAR, "Nobody entered by either side, so there is nothing to compare.", NOTHING, NOTHING)
    return replace(
        found, verdict=verdict, currency="", old=hollow(found.old), new=hollow(found.new), cells=cells, breakdowns=(), effects=None,
        sweep=None, cautions=(),
    )  # fmt: skip


def recorded() -> PlanReport:
    """A report against what the CRM recorded: no old definition, so no effects and no current line."""
    found = full()
    assert found.sweep is not None
    old = replace(found.old, name="recorded", title="what the CRM recorded", fingerprint="", tracks=(), loads=())
    return replace(found, old=old, effects=None, sweep=replace(found.sweep, current=None, capacity_line=None, capacity_per_week=None))


def unpriced() -> PlanReport:
    """A report of deals without amounts."""
    found = full()
    assert found.sweep is not None

    def poor(side: Side) -> Side:
        caught, missed = (tuple(replace(deal, amount=None) for deal in deals) for deals in (side.caught, side.missed))
        return replace(side, total=replace(side.total, revenue=NOTHING), caught=caught, missed=missed)

    steps = tuple(replace(step, revenue=NOTHING) for step in found.sweep.steps)
    return replace(found, currency="", old=poor(found.old), new=poor(found.new), sweep=replace(found.sweep, steps=steps))
