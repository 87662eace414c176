"""What to do next: each rule by itself, and all of them in order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.review.period import blank

from leadline.outcomes.model import Stage
from leadline.review.model import Figure
from leadline.review.period import actions, model, parts
from leadline.review.period.model import Kind
from leadline.review.period.parts import Drift, Standing, Trend

FIGURE = Figure(0.5, 0.4, 0.6, 100)


def step(start, stage, now=FIGURE, **more):
    return blank.blank(model.Step, start=start, stage=stage, now=now, past=Figure(0.6, 0.5, 0.7, 400), **more)


def funnel(*steps, worst=None):
    return blank.blank(model.Bottleneck, steps=steps, worst=worst)


def reps(*rows, of="accepted"):
    found = parts.Consistency(of, FIGURE, 0.5, rows)
    return blank.blank(parts.Reps, accepted=found if of == "accepted" else None, wasted=found if of == "wasted" else None)


def reasons(**given):
    return blank.blank(parts.Reasons, **given)


def reason(name, now, *, share=FIGURE, agreed=True):
    return parts.Reason(name, 0, now, blank.NONE, share, agreed, bool(name))


def drift(*rows):
    return blank.blank(parts.Drifts, criteria=rows)


def criterion(name, trend, *, then=0.1, now=0.3, power=(1.0, 0.6, 1.7)):
    shares = [Figure(share, share / 2, share * 2, 200) for share in (then, now)]
    return Drift(name, *shares, 0.3, 0.01, Figure(3.0, 2.0, 4.5, 40), Figure(*power, 60), 0.01, trend)


def gap(name, leads, unknown, by="form"):
    return parts.Gaps(by, name, leads, Figure(unknown, unknown - 0.1, unknown + 0.1, leads), blank.NONE,
                      (("person.seniority", unknown), ("account.employees", unknown / 2)))  # fmt: skip


def complete(*gaps, silent=blank.NONE):
    return parts.Completeness(("person.seniority",), gap("", 100, 0.1), gaps, silent)


def test_where_nothing_stands_out_there_is_nothing_to_do():
    assert actions.recommended(blank.report()) == ()


def test_a_bottleneck_comes_with_what_closing_it_brings():
    found = funnel(step("entry", Stage.ACCEPTED, sqls=4.0, revenue=9000.0), worst=Stage.ACCEPTED)
    action = actions.bottleneck(blank.report(bottleneck=found))
    assert (action.code, action.sqls, action.revenue) == ("bottleneck", 4, 9000)
    assert action.figure == "50 % (40–60 %) instead of 60 % (50–70 %)"
    assert actions.bottleneck(blank.report(bottleneck=funnel(step("entry", Stage.SQL)))) is None


def sla(share, overdue, *, known=True, since=()):
    waiting = tuple(blank.blank(model.Overdue, entered_at=at) for at in since)
    return blank.blank(model.Sla, known=known, total=blank.blank(model.Response, in_time=share, overdue=overdue), overdue=waiting)


def test_people_who_wait_and_slow_response_ask_for_time():
    audit = blank.blank(model.Audit, now=Figure(0.25, 0.2, 0.3, 90))
    period = replace(blank.PERIOD, begin_at=100)
    held = sla(Figure(0.9, 0.85, 0.94, 200), 8, since=(50, 100, 120, 130, 140))
    action = actions.late(blank.report(sla=held, audit=audit, period=period))
    assert action.says.startswith("Touch the 8 who are overdue first")
    assert action.sqls == 1  # four of them since this period
    slow = actions.late(blank.report(sla=sla(Figure(0.6, 0.5, 0.7, 200), 0)))
    assert slow.says.startswith("Respond in time")
    assert slow.sqls is None
    assert actions.late(blank.report(sla=sla(Figure(0.75, 0.6, 0.85, 30), 0))) is None
    assert actions.late(blank.report(sla=sla(Figure(0.2, 0.1, 0.3, 30), 9, known=False))) is None


def test_a_rep_who_rejects_costs_sqls():
    found = reps(blank.rep("sdr-2", 130, 20, 56.0, Standing.BELOW), blank.rep("sdr-1", 90, 50, 48.0, Standing.INSIDE))
    action = actions.too_strict(blank.report(reps=found, bottleneck=funnel(step(Stage.ACCEPTED, Stage.SQL))))
    assert action.sqls == pytest.approx(36 / 12 * 0.5)
    assert action.figure == "sdr-2: 20 of 130 accepted, 56 to be expected"
    assert actions.too_lenient(blank.report(reps=found)) is None


def test_a_rep_who_accepts_everything_costs_hours():
    found = reps(blank.rep("sdr_6", 120, 114, 66.0, Standing.ABOVE))
    action = actions.too_lenient(blank.report(reps=found))
    assert action.hours == pytest.approx(48 / 12 * 0.5)
    assert "sdr_6" in action.says
    assert actions.too_strict(blank.report(reps=found)) is None


def test_accepted_leads_that_come_to_nothing_are_asked_after():
    found = reps(blank.rep("sdr-6", 120, 100, 70.0, Standing.ABOVE), of="wasted")
    assert actions.wasted(blank.report(reps=found)).sqls == pytest.approx(2.5)
    fewer = reps(blank.rep("sdr-2", 30, 5, 20.0, Standing.BELOW), of="wasted")
    assert actions.wasted(blank.report(reps=fewer)) is None


def test_more_than_half_rejected_asks_for_calibration():
    found = reasons(now=Figure(0.6, 0.5, 0.7, 100), calibrate=True)
    assert actions.calibrate(blank.report(reasons=found)).hours == pytest.approx(30)
    quarter = replace(blank.PERIOD, kind=Kind.QUARTER)
    assert actions.calibrate(blank.report(reasons=found, period=quarter)).hours == pytest.approx(10)
    assert actions.calibrate(blank.report(reasons=replace(found, calibrate=False))) is None


def test_one_reason_behind_a_third_of_rejections_belongs_in_the_definition():
    found = reasons(reasons=(reason("", 60), reason("not_icp", 40, share=Figure(0.45, 0.35, 0.55, 90))))
    action = actions.one_reason(blank.report(reasons=found))
    assert "'not icp'" in action.says
    assert action.hours == 20
    some = reasons(reasons=(reason("not_icp", 40, share=Figure(0.4, 0.3, 0.5, 90)),))
    assert actions.one_reason(blank.report(reasons=some)) is None


def test_rejections_without_reasons_and_with_others_than_agreed():
    assert actions.no_reason(blank.report(reasons=reasons(without=Figure(0.2, 0.12, 0.3, 90)))).code == "reason-missing"
    assert actions.no_reason(blank.report(reasons=reasons(without=Figure(0.1, 0.05, 0.2, 90)))) is None
    rows = (reason("wrong_region", 20, share=Figure(0.2, 0.1, 0.3, 100), agreed=False),)
    named = reasons(reasons=rows, not_agreed=("wrong_region",))
    assert "'wrong region'" in actions.other_reasons(blank.report(reasons=named)).says
    rare = reasons(reasons=(reason("wrong_region", 2, share=Figure(0.02, 0, 0.1, 100), agreed=False),), not_agreed=("wrong_region",))
    assert actions.other_reasons(blank.report(reasons=rare)) is None


def test_a_looser_definition_is_told_by_what_it_did_alone():
    volume = blank.split(definition=(30.0, 20.0, 41.0))
    worse = blank.split("conversion", definition=(-0.1, -0.2, -0.02))
    action = actions.looser(blank.report(inflation=blank.inflation(volume, worse)))
    assert action.figure == "+30 entries (+20 to +41) by the definition alone"
    assert "smaller share of them converts" in action.says
    unknown = actions.looser(blank.report(inflation=blank.inflation(volume)))
    assert "nobody knows yet" in unknown.says
    chance = blank.split(definition=(5.0, -2.0, 12.0))
    assert actions.looser(blank.report(inflation=blank.inflation(chance))) is None
    assert actions.looser(blank.report(inflation=blank.inflation(replace(volume, same_definition=True)))) is None


def test_a_worse_mix_names_where_more_come_from():
    cells = (
        parts.Cell("ads", 20, 60, FIGURE, Figure(0.05, 0, 0.1, 60)), parts.Cell("fair", 20, 90, FIGURE, Figure(0.6, 0.5, 0.7, 90)),
        parts.Cell("web", 50, 40, FIGURE, Figure(0.1, 0, 0.2, 40)),
    )  # fmt: skip
    conversion = blank.split("conversion", now=(0.2, 0.15, 0.25), before=(0.3, 0.2, 0.4), mix=(-0.05, -0.09, -0.01), cells=cells)
    cohort = blank.blank(model.Cohort, entries=100)
    held = blank.report(inflation=blank.inflation(None, conversion), funnel=blank.blank(model.Funnel, cohorts=(cohort,)))
    action = actions.mix(held)
    assert "above all ads" in action.says
    assert action.sqls == pytest.approx(5)
    better = blank.split("conversion", mix=(-0.05, -0.09, 0.01))
    assert actions.mix(blank.report(inflation=blank.inflation(None, better))) is None


def test_criteria_that_lost_their_power_lose_points():
    action = actions.powerless(blank.report(drift=drift(criterion("guide", Trend.LOST), criterion("pricing", Trend.STEADY))))
    assert "'guide'" in action.says
    assert action.figure == "guide: odds ratio 3.0 (2.0–4.5) then, 1.0 (0.6–1.7) now"
    assert actions.powerless(blank.report(drift=drift(criterion("pricing", Trend.STEADY)))) is None


def test_criteria_that_many_more_have_are_asked_after_unless_they_tell_something():
    action = actions.swollen(blank.report(drift=drift(criterion("guide", Trend.MORE))))
    assert action.figure == "10 % of entries then, 30 % now"
    assert actions.swollen(blank.report(drift=drift(criterion("guide", Trend.MORE, power=(3.0, 2.0, 4.0))))) is None
    assert actions.swollen(blank.report(drift=drift(criterion("guide", Trend.RARER)))) is None


def test_what_is_unknown_of_most_new_leads_is_asked_for():
    found = complete(gap("quiz", 10, 0.9), gap("newsletter", 60, 0.5), gap("fair", 40, 0.6, by="source"))
    action = actions.unjudged(blank.report(completeness=found))
    assert action.says.startswith("Ask for person seniority and account employees, or look it up, for the form 'newsletter'")
    assert actions.unjudged(blank.report(completeness=complete(gap("newsletter", 60, 0.25)))) is None
    none = actions.unjudged(blank.report(completeness=complete(gap("no form", 60, 0.5))))
    assert "people who filled in no form" in none.says


def test_deals_that_nobody_saw_coming_ask_for_records():
    assert actions.silent(blank.report(completeness=complete(silent=Figure(0.4, 0.3, 0.5, 80)))).code == "wins-unseen"
    assert actions.silent(blank.report(completeness=complete(silent=Figure(0.2, 0.1, 0.3, 80)))) is None


def test_what_is_overdue_in_the_agreement_is_to_be_renewed():
    due = (model.Due("overdue-review", "agreement", "The review is 20 days overdue.", "Review it."), model.Due("unsigned", "a", "b", "c"))
    action = actions.overdue(blank.report(due=due))
    assert (action.says, action.figure) == ("Renew the agreement. Review it.", "The review is 20 days overdue. (1 more)")


def everything():
    cohort = blank.blank(model.Cohort, entries=100, stages=(blank.blank(model.Reached, stage=Stage.SQL, reached=50),))
    return blank.report(
        funnel=blank.blank(model.Funnel, cohorts=(cohort,)),
        money=blank.blank(model.Money, year_revenue=Figure(500_000.0, 1.0, 2.0, 20)),
        bottleneck=funnel(step(Stage.ACCEPTED, Stage.SQL, sqls=4.0, revenue=90_000.0), worst=Stage.SQL),
        reps=reps(blank.rep("sdr-2", 130, 20, 56.0, Standing.BELOW), blank.rep("sdr-6", 120, 114, 66.0, Standing.ABOVE)),
        reasons=reasons(now=Figure(0.6, 0.5, 0.7, 100), calibrate=True, without=Figure(0.2, 0.12, 0.3, 90)),
        drift=drift(criterion("guide", Trend.LOST), criterion("visit", Trend.MORE)),
        completeness=complete(gap("newsletter", 60, 0.5), silent=Figure(0.4, 0.3, 0.5, 80)),
        due=(model.Due("unsigned", "agreement", "Nobody signed.", "Sign it."),),
    )


def test_actions_stand_by_what_they_bring_and_are_seven_at_most():
    found = actions.recommended(everything())
    assert [action.code for action in found] == [
        "bottleneck", "rep-rejects", "calibrate", "rep-accepts", "criterion-lost", "criterion-inflating", "fit-unknown",
    ]  # fmt: skip
    assert found[1].revenue == pytest.approx(1.5 * 10_000)
    assert all(action.figure for action in found)
    week = replace(everything(), period=replace(blank.PERIOD, kind=Kind.WEEK))
    assert actions.recommended(week)[1].revenue is None


def test_every_rule_has_its_own_code_and_is_told_in_the_list():
    assert len({rule.__name__ for rule in actions.RULES}) == len(actions.RULES) == 16
