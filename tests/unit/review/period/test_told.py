"""The second half of a review as people read it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.review.period import blank

from leadline.review import page, page_html, page_markdown
from leadline.review.model import Figure
from leadline.review.page import Page
from leadline.review.period import parts, told
from leadline.review.period.parts import Cell, Standing, Trend
from leadline.review.period.told import completeness, drift, inflation, reasons, reps

HALF = Figure(0.5, 0.4, 0.6, 100)
ODD = "<b>*odd* | name_"


def rich():
    cells = (Cell("ads, big", 50, 60, HALF, HALF), Cell(ODD, 5, 90, HALF, blank.NONE))
    volume = blank.split(traffic=(12.4, 5.0, 20.0), mix=(-3.1, -9.0, 2.0), definition=(31.7, 20.0, 44.0), cells=cells)
    came = blank.split("conversion", same=True, before=(0.25, 0.2, 0.3), now=(0.2, 0.15, 0.25), mix=(-0.05, -0.1, 0.01), cells=cells)
    consistency = parts.Consistency(
        "accepted", HALF, 0.5,
        (blank.rep("sdr_2", 130, 20, 56.0, Standing.BELOW), blank.rep("sdr-1", 90, 50, 48.0, Standing.INSIDE),
         blank.rep("sdr-3", 90, 60, 48.0, Standing.EDGE), blank.rep("am", 3, 1, 1.5, Standing.FEW)),
    )  # fmt: skip
    return blank.report(
        inflation=blank.inflation(volume, came),
        drift=blank.blank(parts.Drifts, criteria=(criterion("guide", Trend.LOST), criterion("visit", Trend.STEADY)), score_psi=0.3),
        reps=blank.blank(parts.Reps, accepted=consistency, wasted=replace(consistency, of="wasted")),
        reasons=rejected(),
        completeness=gaps(),
        actions=(
            parts.Action("calibrate", f"Do {ODD}.", "half of them", hours=10.0),
            parts.Action("late", "Be quick.", "now", 4.0, 90_000.0),
        ),
        currency="EUR",
    )


def criterion(name, trend):
    return parts.Drift(name, Figure(0.1, 0.05, 0.2, 200), Figure(0.3, 0.2, 0.4, 100), 0.3, 0.0001, Figure(3.0, 2.0, 4.5, 40),
                       Figure(1.0, 0.6, 1.7, 60), 0.01, trend)  # fmt: skip


def rejected(**given):
    rows = (
        parts.Reason("not_icp", 4, 8, HALF, HALF, agreed=True, usable=True), parts.Reason("", 1, 2, HALF, HALF, agreed=False, usable=False)
    )  # fmt: skip
    group = parts.Rejected("source", ODD, 20, HALF, (("not_icp", 8), ("", 2)))
    held = {"before": HALF, "now": Figure(0.6, 0.5, 0.7, 45), "reasons": rows, "groups": (group,), "without": HALF, "calibrate": True}
    return blank.blank(parts.Reasons, **{**held, **given})


def gaps(silent=HALF):
    rows = [parts.Gaps(by, name, 60, HALF, HALF, (("person.seniority", 0.5),)) for by, name in (("form", ODD), ("form", "no form"))]
    total = parts.Gaps("all", "", 185, HALF, HALF, (("person.seniority", 0.3), ("account.employees", 0.2)))
    return parts.Completeness(("person.seniority",), total, tuple(rows), silent)


def of(report):
    return Page("t", "k", "h", sections=(told.first(report), *told.sections(report)))


def test_every_part_has_its_sentence_picture_and_table():
    for section in told.sections(rich()):
        assert section.says
        assert section.pictures
        assert all(table.rows for table in section.tables)
        assert all(len(row) == len(table.columns) for table in section.tables for row in table.rows)


def test_pictures_have_names_of_their_own():
    names = [picture.name for section in told.sections(rich()) for picture in section.pictures]
    assert len(set(names)) == len(names) == 8


def test_where_nothing_is_known_nothing_is_shown_but_that_nothing_stands_out():
    assert [section.title for section, _ in page.shown(of(blank.report()))] == ["What to do next"]


def test_names_from_data_become_no_markup():
    html, markdown = page_html.to_html(of(rich())), page_markdown.to_markdown(of(rich()))
    assert "<b>*odd*" not in html.replace("\\u003cb", "")
    assert "\\<b\\>\\*odd\\*" in markdown


def test_a_split_is_said_as_the_teams_would_say_it():
    volume = blank.split(traffic=(12.4, 5.0, 20.0), mix=(-3.1, -9.0, 2.0), definition=(31.7, 20.0, 44.0))
    assert inflation.sentence(volume) == (
        "MQLs rose by 41, from 100 to 141: +12 by more people, −3 by a poorer mix of them, +32 by a looser definition. "
        "Beyond chance are only what traffic and definition did."
    )


def test_a_change_within_chance_is_called_so():
    assert inflation.sentence(blank.split(same=True, behaviour=(41.0, -5.0, 90.0))) == (
        "MQLs rose by 41, from 100 to 141: +41 by what people did. All of it may be chance. The definition is the same in both."
    )


def test_a_picture_names_what_moved_the_figure_its_way():
    split = blank.split(same=True, traffic=(50.0, 40.0, 60.0), behaviour=(-67.0, -80.0, -50.0), now=(83.0, 70.0, 95.0))
    title = inflation.section(blank.report(inflation=blank.inflation(split))).pictures[0].title
    assert title == "MQLs −17: most of it by what people did"
    rise = replace(split, now=Figure(120.0, 110.0, 130.0, 500), change=Figure(20.0, 5.0, 35.0, 500))
    assert "by more people" in inflation.section(blank.report(inflation=blank.inflation(rise))).pictures[0].title


def test_conversion_is_told_in_points():
    came = blank.split("conversion", same=True, before=(0.25, 0.2, 0.3), now=(0.2, 0.15, 0.25), mix=(-0.05, -0.1, -0.01))
    assert "20 % became SQLs" in inflation.sentence(came)
    assert "−5 points: −5 points by a poorer mix of MQLs. Beyond chance is only what mix did." in inflation.sentence(came)


def test_one_definition_has_no_bar():
    section = inflation.section(blank.report(inflation=blank.inflation(blank.split(same=True, mix=(41.0, 1.0, 90.0)))))
    assert [row[0] for row in section.tables[0].rows] == ["before", "traffic", "mix", "behaviour", "now", "change"]
    bars = next(iter(section.pictures[0].spec["datasets"].values())) if "datasets" in section.pictures[0].spec else None
    names = [row["name"] for row in bars or section.pictures[0].spec["data"]["values"]]
    assert names == ["before", "traffic", "mix", "behaviour", "now"]


@pytest.mark.parametrize(
    ("trends", "says"),
    [
        ((Trend.LOST,), "*guide* no longer tells who becomes an SQL as it did."),
        ((Trend.GAINED,), "*guide* tells better than it did who becomes an SQL."),
        ((Trend.MORE, Trend.MORE), "Each of *guide* and *visit* is more frequent among entries than in the year before."),
        (
            (Trend.STEADY, Trend.FEW),
            "No criterion has changed beyond chance; of 1 of 2 there are too few entries to compare what they tell.",
        ),
    ],
)
def test_drift_is_said_by_what_changed(trends, says):
    rows = tuple(criterion(name, trend) for name, trend in zip(("guide", "visit"), trends, strict=False))
    found = blank.blank(parts.Drifts, criteria=rows)
    assert drift.section(blank.report(drift=found)).says[0] == says


@pytest.mark.parametrize(
    ("psi", "chance", "says"),
    [
        (0.02, 0.6, "show no shift"), (0.15, 0.01, "show moderate shift"), (0.3, 0.01, "show large shift"),
        (0.3, 0.2, "which so few entries reach by chance"),
    ],
)  # fmt: skip
def test_a_shift_of_scores_is_read_as_usual_and_tested(psi, chance, says):
    found = blank.blank(parts.Drifts, criteria=(criterion("guide", Trend.STEADY),), score_psi=psi, score_p=chance)
    assert says in drift.section(blank.report(drift=found)).says[-1]


def test_reps_outside_the_limits_are_named_and_the_others_not():
    first = reps.section(rich()).says[0]
    assert first.startswith("**sdr\\_2** accepted 20 of 130, where 56 were to be expected of the same leads.")
    assert "sdr-3 stands at the edge" in first
    assert "Of am there are too few leads to tell." in first
    assert "sdr-1" not in first


def test_where_reps_decide_alike_it_is_said():
    found = parts.Consistency("accepted", HALF, 0.5, (blank.rep("sdr-1", 90, 50, 48.0, Standing.INSIDE),) * 2)
    assert reps.section(blank.report(reps=blank.blank(parts.Reps, accepted=found))).says == (
        "Nobody accepts more or fewer leads than chance allows, given the leads they got.",
    )


def test_rejections_are_told_with_their_most_frequent_reason():
    says = reasons.section(blank.report(reasons=rejected(not_agreed=("wrong_region",)))).says
    assert says[0].endswith("More than half: marketing and sales should look at leads together.")
    assert says[1] == "The most frequent: *not icp*, 50 % (40–60 %) of rejections."
    assert says[3] == "Not among the agreed reasons: *wrong region*."
    young = reasons.section(blank.report(reasons=rejected(now=blank.NONE, reasons=(), groups=(), without=blank.NONE)))
    assert young.says[0].startswith("No lead of this period has a verdict yet")
    assert young.pictures == ()


def test_deals_seen_coming_are_told_too():
    says = completeness.section(blank.report(completeness=gaps(Figure(0.0, 0.0, 0.04, 97)))).says
    assert says[-1].startswith("None of the 97 deals won in the year that can be told of came without any recorded behaviour")


def test_what_an_action_brings_is_told_in_what_is_known():
    rows = told.first(rich()).tables[0].rows
    assert rows[0][3] == "about 10.0 hours of work saved"
    assert rows[1][3] == "about 4.0 SQLs, about EUR 90,000"
