"""Laws of a plan: whatever happened, its parts add up."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.outcomes.worlds import deal
from tests.unit.review.lives import IDS, setting, side

from leadline.outcomes.model import Said
from leadline.review import plan
from leadline.review.changes import Trial
from leadline.review.model import PlanReport, Stage
from leadline.review.overlap import Ids
from leadline.review.plan import Question

ANNA, BEN, CARL = 1, 2, 3
ACME = 7

people = st.integers(1, 8)
rows = st.lists(st.tuples(people, st.integers(10, 12), st.integers(80, 210), st.integers(1, 60), st.integers(0, 1)), max_size=20).map(
    lambda found: [(person, account, begin, begin + length, track) for person, account, begin, length, track in found]
)
deals = st.lists(
    st.tuples(people, st.integers(10, 12), st.integers(90, 210), st.booleans(), st.sampled_from([10.0, 20.0, float("nan")])), max_size=8
).map(
    lambda found: [
        deal(day, person=person, account=account, closed=day + 20, won=won, amount=amount, name=f"d{at}")
        for at, (person, account, day, won, amount) in enumerate(found)
    ]
)
said = st.lists(st.tuples(people, st.integers(90, 300), st.sampled_from([Said.ACCEPTED, Said.SQL, Said.REJECTED])), max_size=8)


@settings(max_examples=60)
@given(rows, rows, deals, said)
def test_the_parts_of_a_plan_add_up(old_rows, new_rows, of_deals, of_said):
    within = setting(*of_deals, said=of_said)
    sides = [side(name, found, within, ("hot", "mql")) for name, found in (("old", old_rows), ("new", new_rows))]
    report = plan.compare(Question(*sides, within, IDS, trials=(Trial("same", "Nothing.", sides[0].entries),)))
    _sides_add_up(report)
    _cells_add_up(report)
    _breakdowns_add_up(report)
    assert report.effects is not None
    together = report.effects.together
    assert together.entries == report.new.total.entries - report.old.total.entries
    assert together.gained - together.lost == report.new.total.people - report.old.total.people
    assert together.won == report.new.total.won - report.old.total.won
    assert report.effects.alone[0].entries == report.effects.alone[0].won == 0
    json.dumps(report.to_json(), allow_nan=False)


def _sides_add_up(report: PlanReport) -> None:
    for part in (report.old, report.new):
        total = part.total
        assert sum(week.entries for week in total.weeks) == total.entries
        assert sum(week.entries for load in part.loads for week in load.weeks) == total.entries
        assert total.entries <= sum(track.entries for track in part.tracks)
        assert len(part.caught) == total.won
        assert total.entries >= total.beside
        for conversion in total.conversion:
            if conversion.least is not None and conversion.most is not None:
                assert 0 <= conversion.least <= conversion.most <= 1
        reached = [total.stage(stage).reached for stage in Stage]
        assert reached == sorted(reached, reverse=True)
    every = [{one.deal_id for one in (*part.caught, *part.missed)} for part in (report.old, report.new)]
    assert every[0] == every[1]


def _cells_add_up(report: PlanReport) -> None:
    both, only_old, only_new = report.cells
    assert both.people + only_old.people == report.old.total.people
    assert both.people + only_new.people == report.new.total.people
    assert both.old_entries + only_old.old_entries == report.old.total.entries
    assert both.new_entries + only_new.new_entries == report.new.total.entries
    assert both.won + only_old.won == report.old.total.won
    assert both.won + only_new.won == report.new.total.won
    assert all(len(cell.entrants) == cell.people for cell in report.cells)


def _breakdowns_add_up(report: PlanReport) -> None:
    for found in report.breakdowns:
        assert sum(row.old.entries for row in found.rows) == report.old.total.entries
        assert sum(row.new.entries for row in found.rows) == report.new.total.entries
        assert sum(row.new.won for row in found.rows) == report.new.total.won


def test_deals_are_told_with_the_entry_they_are_credited_to_or_why_they_are_missed():
    within = setting(
        deal(150, person=ANNA, account=ACME, talked=140, closed=160, won=True, amount=10, name="caught"),
        deal(151, person=BEN, account=8, talked=120, closed=160, won=True, name="too late"),
        deal(152, person=CARL, account=9, closed=160, won=True, name="never", currency="USD"),
        deal(153, closed=160, won=True, name="nobody's"),
        deal(199, person=4, closed=299, won=True, name="long ago"),
    )
    named = replace(within.outcomes.deals, account_id=within.outcomes.deals.account_id.copy())
    named.account_id[[0, 1, 2, 4]] = ["a7", "a8", "a9", "a7"]
    within = replace(within, outcomes=replace(within.outcomes, deals=named))
    new = side("new", [(ANNA, ACME, 110, 120), (BEN, 8, 130, 140), (4, ACME, -200, -100)], within)
    report = plan.compare(Question(side("old", [], within), new, within, IDS))
    (caught,) = report.new.caught
    assert (caught.deal_id, caught.person_id, caught.track, caught.lead_days, caught.amount) == ("caught", "p1", "mql", 30, 10)
    assert {one.deal_id: one.why for one in report.new.missed} == {
        "too late": "nobody qualified before the first conversation",
        "never": "nobody had qualified",
        "long ago": "the last entry was more than 365 days before",
        "nobody's": "the deal names neither person nor account",
    }
    assert {one.deal_id: one.amount for one in report.new.missed}["never"] is None
    assert len(report.old.missed) == 5
    assert report.currency == "EUR"


def test_a_comparison_with_the_crms_record_has_no_changes():
    within = setting()
    report = plan.compare(Question(side("recorded", [], within), side("new", [], within), within, Ids({}, {})))
    assert report.effects is None
    assert report.sweep is None
    assert report.currency == ""


def test_json_holds_plain_values_and_instants_as_people_write_them():
    within = setting(deal(150, person=ANNA, closed=160, won=True))
    new = side("new", [(ANNA, ACME, 110, 120)], within)
    found = plan.compare(Question(side("old", [], within), new, within, IDS)).to_json()
    assert found["window"]["begin_at"] == "1970-04-11T00:00:00Z"
    assert found["new"]["caught"][0]["entered_at"] == "1970-04-21T00:00:00Z"
    assert found["cells"][2]["entrants"][0]["old_entered_at"] is None
    assert found["verdict"]["choice"] == "unclear"
