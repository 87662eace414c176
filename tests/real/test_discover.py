"""Discoveries on real data: HubSpot's free CRM, learned on 2019 and judged on 2020, and Olist, whose early wins are missing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from leadline import Project, clock
from leadline.app import criteria
from leadline.app.discovered import Discovered
from leadline.app.discovering import Wish
from leadline.outcomes import matching
from leadline.review.discover import candidates, cases, features, store
from leadline.review.discover.cases import Question
from leadline.review.discover.model import Cases, Features, Goal
from leadline.review.model import Window

ROOT = Path(__file__).parents[2]
HUBSPOT, OLIST = ROOT / "examples" / "hubspot_free_crm", ROOT / "examples" / "olist"
JUDGED_FROM, BEGIN, UNTIL = "2020-01-01", "2019-01-01", "2020-07-31"
CLOSE = 0.02
"""How much of the ROC AUC of logistic regression a card may lose."""
USAGE = "from read_csv('${LEADLINE_DATA}/hubspot_takehome/usage_actions.csv', types = {'id': 'varchar', 'WHEN_TIMESTAMP': 'timestamp'})"
CLOSED = "(select id as customer, CLOSEDATE as closed from read_csv('${LEADLINE_DATA}/hubspot_takehome/customers.csv', types = {'id': 'varchar', 'CLOSEDATE': 'date'}))"  # noqa: E501 - as long as the query
BEFORE_THE_CLOSE = f"{USAGE} left join {CLOSED} on customer = id where closed is null or WHEN_TIMESTAMP + interval 7 days < closed"


@pytest.fixture(scope="module", autouse=True)
def data(real_data: Callable[[str], Path]) -> Iterator[Path]:
    folder = real_data("hubspot_takehome")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEADLINE_DATA", str(folder.parent))
        yield folder


@pytest.fixture(scope="module")
def found(data: Path) -> Mapping[str, Discovered]:
    """What is learned from usage alone, and from fit and usage."""
    del data
    wish = Wish(months=19, until=UNTIL, judge_from=JUDGED_FROM)
    both = Wish(months=19, until=UNTIL, judge_from=JUDGED_FROM, include=("undated",))
    return {"usage": Project(HUBSPOT).discover(wish), "both": Project(HUBSPOT).discover(both)}


def area(held: Discovered, name: str) -> float:
    value = held.report.judged[name].roc_auc.value
    assert value is not None
    return value


@pytest.mark.parametrize("name", ["usage", "both"])
def test_ten_criteria_come_up_to_logistic_regression(found: Mapping[str, Discovered], name: str):
    held = found[name]
    assert held.report.refused is None
    assert 1 <= len(held.report.criteria) <= 10
    assert area(held, "card") >= area(held, "logistic") - CLOSE
    assert held.report.counts["judge"]["won"] > 50


def test_fit_adds_to_usage_if_one_insists_on_what_carries_no_date(found: Mapping[str, Discovered]):
    assert area(found["both"], "logistic") > area(found["usage"], "logistic")
    assert {item.feature for item in found["usage"].report.excluded if item.code == "undated"} >= {"account.alexa_rank"}
    assert not found["both"].report.excluded
    assert "included-by-will" in {caution.code for caution in found["both"].report.cautions}


def test_nothing_from_the_close_on_reaches_a_feature(tmp_path: Path):
    whole = learned_from(Project(HUBSPOT))
    folder = tmp_path / "cut"
    shutil.copytree(HUBSPOT, folder, ignore=shutil.ignore_patterns(".leadline"))
    text = (folder / "leadline.yaml").read_text(encoding="utf-8")
    assert USAGE in text
    (folder / "leadline.yaml").write_text(text.replace(USAGE, BEFORE_THE_CLOSE), encoding="utf-8")
    cut_project = Project(folder)
    assert cut_project.mirror.schema.types["usage_week"] < Project(HUBSPOT).mirror.schema.types["usage_week"] - 1000
    cut = learned_from(cut_project)
    assert len(whole[0]) == len(cut[0])
    assert whole[0].at.tolist() == cut[0].at.tolist()
    assert [feature.name for feature in whole[1].features] == [feature.name for feature in cut[1].features]
    assert np.array_equal(whole[1].values, cut[1].values)


def learned_from(project: Project) -> tuple[Cases, Features]:
    """Return the cases and features that a discovery sees, before anything is fitted."""
    planning, mirror = project.planning, project.mirror
    begin, until = (clock.parse_instant(text) for text in (BEGIN, UNTIL))
    members = store.members(mirror.path)
    outcomes = matching.settle(planning.happened, until)
    question = Question(Goal.WON, Window(begin, until + 1, until, 82.0), clock.parse_instant(JUDGED_FROM), 7)
    drawn = cases.draw(outcomes, planning.happened.touches, members, question).cases
    with store.look(mirror.path, mirror.schema, drawn, 90 * clock.DAY) as seen:
        held = cases.represented(drawn, seen.standing(), members)
        looked = seen.standing_for(held)
        signals = candidates.signals(looked.counts(), list(criteria.defined(project.loaded.definition)), len(held))
        events, attributes = looked.events(signals), looked.attributes(until)
        return held, features.features(held, events, attributes, 90 * clock.DAY, looked.created())


def test_olist_is_told_that_its_early_wins_are_missing():
    held = Project(OLIST).discover()
    says = {caution.code: caution.says for caution in held.report.cautions}
    assert "before 2017-12-05" in says["wins-begin-late"]
    assert "since 2017-06-14" in says["wins-begin-late"]
