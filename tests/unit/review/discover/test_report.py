"""The report of what was learned: the verdict first, every figure with its interval, nothing claimed that the cases don't tell."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import vl_convert
from tests.unit.review.discover import reports

from leadline.review import page_markdown
from leadline.review.discover import charts, findings, report, tables, told, written
from leadline.review.discover.model import DiscoverReport, Excluded, Goal, Says, Standing
from leadline.review.model import Caution, Figure

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
NOTHING = Figure(None, None, None, 0)


def words(found: DiscoverReport) -> str:
    """Return what stands on the page for people."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", report.to_html(found), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", body)))


def specs(found: DiscoverReport) -> dict[str, dict]:
    return {picture.name: dict(picture.spec) for section in report.page(found).sections for picture in section.pictures}


def rows_of(spec) -> list[dict]:
    """Return the rows of all data that stand anywhere in a spec."""
    if isinstance(spec, list):
        return [row for part in spec for row in rows_of(part)]
    if not isinstance(spec, dict):
        return []
    own = spec.get("data", {}).get("values", []) if isinstance(spec.get("data"), dict) else []
    return [*own, *(row for name, part in spec.items() if name != "data" for row in rows_of(part))]


def judged_as(card: float, **others: float) -> DiscoverReport:
    held = {name: reports.judged(area) for name, area in {"card": card, **others}.items()}
    return replace(reports.full(), judged=held)


def hostile(found: DiscoverReport) -> DiscoverReport:
    """Return a report whose every name tries to be markup."""
    return replace(
        found, title=EVIL, cautions=(Caution("evil", EVIL),), excluded=(Excluded(EVIL, EVIL, "evil"),),
        behaviours=tuple(replace(item, words=f"{EVIL}{at}", used_by=(EVIL,)) for at, item in enumerate(found.behaviours)),
        criteria=tuple(replace(item, words=EVIL) for item in found.criteria),
        current=tuple(replace(item, name=EVIL, group=EVIL) for item in found.current),
    )  # fmt: skip


def test_the_verdict_stands_first_then_what_wins_then_what_counts_today_then_the_card_and_its_worth():
    text = words(reports.full())
    parts = ["Seven criteria, learned from 212 won deals, rank later cases nearly as well as any model tried", "0.77–0.85 at 95 %",
             "Before you believe it", "Which behaviours win deals", "What counts today", "The card", "How well it ranks later cases",
             "What a score is worth", "What was kept out", "All the evidence", "A case is an account"]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("areas", "says"),
    [
        ({"card": 0.81, "logistic": 0.80}, "as well as any model tried"),
        ({"card": 0.81, "logistic": 0.80, "boosting": 0.825}, "nearly as well as any model tried"),
        ({"card": 0.81, "logistic": 0.86}, "less well than a model could, at 0.86"),
        ({"card": 0.53, "logistic": 0.52}, "hardly better than chance"),
        ({"card": 0.61, "logistic": 0.62, "current": 0.64}, "no better than today's definition does"),
        ({"card": 0.81}, "rank later cases (ROC AUC 0.81, 0.77–0.85)"),
        ({"card": 0.81, "current": 0.66}, "(ROC AUC 0.81, 0.77–0.85; today's definition 0.66)"),
    ],
)
def test_the_verdict_claims_no_more_than_the_intervals_tell(areas, says):
    assert says in findings.verdict(judged_as(**areas))


def test_where_nothing_is_proposed_the_page_says_why_and_shows_the_evidence():
    text = words(reports.refused())
    assert "Only 17 won deals are there to learn from" in text
    assert "No weights are proposed; this is the evidence." in text
    assert "about 60 are needed" in text
    assert "visited /pricing…" in text
    assert "What a score is worth" not in text
    assert set(specs(reports.refused())) == {"behaviours", "prevalence", "areas"}


def test_where_nothing_was_won_there_are_no_charts_of_nothing():
    text = words(reports.empty())
    assert specs(reports.empty()) == {}
    assert "No deal of this time was won. No weights are proposed." in text
    assert "more of the same wouldn't help" in text
    assert not {"None", "nan"} & {*text.split()}
    assert tables.in_short(reports.empty()) == ()


def test_every_chart_is_one_that_vega_takes_and_fetches_nothing():
    for found in (reports.full(), reports.refused(), judged_as(0.7), hostile(reports.full())):
        for spec in specs(found).values():
            assert vl_convert.vegalite_to_vega(spec)["marks"]
            assert "http" not in json.dumps({**spec, "$schema": ""})


def test_figures_without_values_are_dashes_and_gaps():
    unknown = replace(reports.judged(0.5), roc_auc=NOTHING, pr_auc=NOTHING, lift_top_decile=NOTHING, brier=NOTHING, reliability=())
    hollow = tuple(replace(item, odds_ratio=NOTHING, against_sold=NOTHING, prevalence={}) for item in reports.behaviours())
    bands = tuple(replace(band, per_month=NOTHING, revenue=NOTHING, won_of_sold=NOTHING) for band in reports.worth())
    found = replace(reports.full(), judged={"card": unknown, "current": unknown}, behaviours=hollow, worth=bands)
    text = words(found)
    assert "there are no cases to judge them on" in text
    assert "None" not in text
    assert "nan" not in text.split()
    assert all(vl_convert.vegalite_to_vega(spec)["marks"] for spec in specs(found).values())


def test_charts_hold_the_figures_of_the_report():
    found = reports.full()
    drawn = {row["words"]: row["value"] for row in rows_of(charts.behaviours(found).spec) if "words" in row}
    assert drawn == {item.words: item.odds_ratio.value for item in findings.leading(found)}
    bands = rows_of(charts.worth(found).spec)
    assert [row["value"] for row in bands] == [band.per_month.value for band in found.worth]
    assert [row["over"] for row in bands] == [False] * 4 + [True] * 2
    areas = {row["name"]: row["value"] for row in rows_of(charts.areas(found).spec)}
    assert areas == {name: judged.roc_auc.value for name, judged in found.judged.items()}
    assert [row["size"] for row in rows_of(charts.path(found).spec) if row["chosen"]] == [len(found.criteria)]


def test_two_behaviours_with_the_same_words_are_two_rows_of_a_chart():
    twins = tuple(replace(item, words="the same words") for item in reports.behaviours())
    names = [row["what"] for row in rows_of(charts.behaviours(replace(reports.full(), behaviours=twins)).spec) if "what" in row]
    assert len({*names}) == len(findings.leading(reports.full()))


def test_names_in_data_never_become_markup():
    tags: Counter[str] = Counter()
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: tags.update([tag])  # noqa: ARG005 (the parser's own signature)
    reader.feed(report.to_html(hostile(reports.full())))
    assert tags["img"] == 0
    assert tags["script"] == len(specs(reports.full())) + 1


def test_every_row_of_a_table_has_a_cell_for_each_column():
    for found in (reports.full(), reports.refused(), reports.empty()):
        shown = [table for section in report.page(found).sections for table in section.tables]
        for table in (*shown, *tables.in_short(found)):
            assert {len(row) for row in table.rows} <= {len(table.columns)}, table.title


def test_points_read_as_they_are_given():
    each, steps, takes = (reports.card()[at] for at in (3, 4, 5))
    assert tables.points(each) == "10 each, up to 20"
    assert tables.points(steps) == "10 from 100, 15 from 500"
    assert tables.points(takes) == "−20"
    fading = replace(each, points=-2, criterion={"signal": "blog", "max": 6, "half_life": "14d"})
    assert tables.points(fading) == "−2 each, up to −6, fading"


def test_of_each_source_the_most_telling_is_shown_and_all_of_it_is_listed():
    sources = [item.source for item in findings.leading(reports.full())]
    assert len(sources) == len({*sources}) == 11
    assert len(tables.everything(reports.full()).rows) == len(reports.behaviours()) == 13


def test_what_is_easy_to_track_is_shown_however_many_behaviours_win():
    many = tuple(replace(reports.behaviours()[0], feature=f"f{at}", source=f"s{at}") for at in range(50))
    shown = findings.telling(replace(reports.full(), behaviours=(*many, *reports.behaviours())), tables.SHOWN)
    kinds = [item.says for item in shown]
    assert (kinds.count(Says.WINS), kinds.count(Says.FREQUENT), kinds.count(Says.AGAINST)) == (9, 2, 2)


def test_pairs_within_some_hours_do_not_crowd_out_what_they_are_made_of():
    pair = replace(reports.behaviours()[0], criterion={"together": {"pricing": 1, "guide": 1}, "span": "72h"})
    pairs = tuple(replace(pair, feature=f"p{at}", source=f"p{at}") for at in range(20))
    shown = findings.telling(replace(reports.full(), behaviours=(*pairs, *reports.behaviours())), tables.SHOWN)
    assert sum("together" in item.criterion for item in shown) == findings.PAIRS


def test_what_counts_each_time_has_the_evidence_of_having_had_it_at_all():
    each = replace(reports.card()[0], features=("pricing.count3.30d",), criterion={"signal": "pricing", "max": 60, "within": "30d"})
    found = told.behind(each, reports.behaviours())
    assert found is not None
    assert found.feature == "pricing.1.30d"
    longer = replace(reports.behaviours()[1], feature="pricing.1.90d", criterion={"signal": "pricing", "at_least": 1, "within": "90d"})
    assert told.behind(each, (longer, *reports.behaviours())) == found
    assert told.behind(each, (longer,)) == longer
    assert told.behind(replace(each, criterion={"signal": "another"}), reports.behaviours()) is None


def test_what_was_kept_out_for_one_reason_stands_in_one_line():
    twice = replace(reports.full(), excluded=tuple(Excluded(name, "it has no history", "undated") for name in ("a", "b")))
    table = tables.excluded(twice)
    assert table.rows == (("a, b", "it has no history"),)
    assert table.title == "Kept out: 2"


def test_the_current_definition_is_told_in_plain_words():
    says = findings.current(reports.full())
    assert says == (
        "Of the five criteria of today's definition, held to what was won: 2 are supported, 1 is harmful, 1 makes no difference that can "
        "be told and 1 was hardly ever met"
    )
    only = replace(reports.full(), current=tuple(item for item in reports.current() if item.standing is Standing.HARMFUL))
    assert findings.current(only).endswith("one criterion of today's definition, held to what was won: 1 is harmful")


def test_another_goal_is_told_in_its_own_words():
    text = words(replace(reports.full(), goal=Goal.SQL))
    assert "212 leads that became SQLs" in text
    assert "never sold to" not in text


def test_where_too_few_later_cases_were_won_nothing_is_said_of_later_ones():
    folds = replace(reports.full(), cautions=(Caution("judged-by-folds", "All cases judge."),))
    text = words(folds)
    assert "rank left-out cases nearly as well" in text
    assert "Judged on the same cases, each left out of the fit that ranks it." in text
    assert "later" not in text.replace("later in", "")
    assert "later" not in " ".join(written.head(folds, "leadline discover"))


def test_the_report_is_markdown_too():
    text = page_markdown.to_markdown(report.page(reports.full()))
    assert text.startswith("# Seven criteria, learned from 212 won deals")
    assert "| usage | each seat invited within 30 days, up to 2 | 10 each, up to 20 |" in text


def test_the_terminal_shows_the_card_before_anything_else():
    assert next(iter(tables.in_short(reports.full()))).title == "The card: seven criteria"
