"""What to know before the figures are believed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.unit.outcomes.worlds import deal, instant
from tests.unit.review.lives import IDS, setting, side

from leadline.engine.rehearsal import ALWAYS
from leadline.facts.model import Column, Type
from leadline.outcomes.model import Note, Said
from leadline.review import cautions, plan
from leadline.review.model import Skipped, Window
from leadline.review.plan import Question
from leadline.review.workload import Rep

ANNA, BEN = 1, 2
ACME = 7


def test_undated_attributes_and_those_that_sales_fills_in_are_named():
    used = {
        "person.title": Column(Type.TEXT, undated=True),
        "person.lead_status": Column(Type.TEXT, undated=True),
        "account.owner": Column(Type.TEXT),
        "account.is_customer": Column(Type.BOOLEAN),
        "person.grown_up": Column(Type.BOOLEAN),
    }
    undated, by_sales = cautions.of_attributes(used)
    assert undated.code == "undated-attributes"
    assert undated.says.startswith("person.title and person.lead_status carry no dates,")
    assert by_sales.code == "assigned-by-sales"
    assert by_sales.says.startswith("person.lead_status and account.owner look like")
    assert not [*cautions.of_attributes({"account.employees": Column(Type.NUMBER)})]


def test_notes_on_the_data_a_late_beginning_and_nothing_won_are_told():
    within = setting()
    found = {one.code: one.says for one in cautions.of_data([Note("several-currencies", "Two.")], instant(130), within)}
    assert found["several-currencies"] == "Two."
    assert found["window-before-facts"].startswith("The facts begin 30 days after the window")
    assert "nothing-won" in found
    won = setting(deal(150, person=ANNA, closed=160, won=True))
    assert not [*cautions.of_data([], instant(90), won)]


def told(old_rows, new_rows, within, reps=()):
    report = plan.compare(Question(side("old", old_rows, within), side("new", new_rows, within), within, IDS, reps))
    return {one.code: one.says for one in report.cautions}


def test_few_outcomes_entries_beside_deals_young_ones_and_missing_capacity_are_told():
    window = Window(instant(100), instant(200), instant(200), 100 / 7)
    within = setting(deal(120, person=ANNA, account=ACME, closed=150, won=True), window=window)
    found = told([(ANNA, ACME, 130, 140), (BEN, 8, 170, 180)], [], within)
    assert found["beside-deals"].startswith("1 of 2 entries of the old side began after a first conversation or beside an open deal.")
    assert found["small-numbers"].startswith("Of the entries of the old side only 0 became SQLs and 0 were won:")
    assert found["young-entries"] == (
        "Of 2 entries of the old side some are too young, 1 to become an SQL, 1 to become a customer; they are in no rate."
    )
    assert found["no-capacity"].startswith("The team 'sdr' states no capacity a week")
    assert found["no-entries"] == "Nobody enters by the new side in the window."
    reps = (Rep("sdr", 20, (0, 1, 2, 3, 4)),)
    assert "no-capacity" not in told([(ANNA, ACME, 130, 140)], [], within, reps)


def test_those_whom_only_the_new_side_takes_and_nobody_ever_worked_make_it_unsure():
    within = setting(said=[(ANNA, 112, Said.REJECTED, "no")])
    assert "never-worked" not in told([], [(ANNA, ACME, 110, 120)], within)
    found = told([], [(ANNA, ACME, 110, 120), (BEN, ACME, 110, 120)], within)
    assert found["never-worked"] == (
        "Of the 2 entries that only the new side makes some were never worked by sales, "
        "so nobody knows more than that 0.0% to 50.0% of them would have been won."
    )
    assert told([], [(BEN, ACME, 110, 120)], within)["never-worked"].endswith("so nobody knows what would have come of them.")


def test_many_who_were_inside_all_along_are_told():
    within = setting()
    found = told([(ANNA, ACME, 90, 150), (BEN, ACME, 90, 99)], [], within)
    assert found["inside-already"].startswith("1 person was inside a spell of the old side already when the window began.")
    always = side("old", [(ANNA, ACME, 90, 150)], within)
    spells = replace(always.entries.spells, entered=np.full(1, ALWAYS))
    always = replace(always, entries=replace(always.entries, spells=spells))
    (caution,) = cautions.of_entries(always, within)
    assert "began, 1 of them before the first fact (give people a created_at)." in caution.says
    assert "inside-already" not in told([(ANNA, ACME, 90, 150), (BEN, ACME, 110, 120)], [], within)


def test_changes_that_can_not_be_tried_alone_are_listed():
    skipped = [Skipped(path, "…", "…") for path in ("tracks.mql", "disqualify.x", "tracks.hot")]
    (found,) = cautions.of_changes(skipped)
    assert found.says.startswith("tracks.mql, disqualify.x and tracks.hot can't be tried alone")
    assert not [*cautions.of_changes([])]
