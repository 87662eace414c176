"""From a file to a definition: all problems at once, at their lines, and nothing raised but a refusal."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.definition.everything import EVERYTHING

from leadline.clock import DAY
from leadline.definition import load
from leadline.definition.model import SignalCriterion
from leadline.errors import DefinitionRefused

SMALL = """name: Small
groups: {fit: {criteria: {big: {points: 10, when: account.employees > 100}}}}
tracks: {mql: {when: score >= 10}}
"""


def told(text: str) -> list[str]:
    with pytest.raises(DefinitionRefused) as refused:
        load.parse(text, "d.yaml")
    return [str(problem) for problem in refused.value.problems]


def test_a_definition_comes_with_the_document_that_knows_its_lines(tmp_path: Path):
    path = tmp_path / "definition.yaml"
    path.write_text(SMALL, encoding="utf-8")
    loaded = load.load(path)
    assert loaded.definition.name == "Small"
    assert loaded.document.file == str(path)
    assert loaded.document.place("tracks", "mql", "when").line == 3
    assert load.load(path, "shown.yaml").document.file == "shown.yaml"


def test_every_element_of_the_language_loads():
    definition = load.parse(EVERYTHING).definition
    criterion = definition.groups["engagement"].criteria["pricing_page"]
    assert isinstance(criterion, SignalCriterion)
    assert (criterion.max, criterion.within, criterion.half_life) == (40, 30 * DAY, 14 * DAY)
    assert definition.signals["pricing_page"].where == "path like '/pricing%'"
    assert definition.bands["engagement"] == {"1": 60, "2": 30, "3": 0}


def test_a_file_that_is_not_there_is_refused_like_any_other_fault(tmp_path: Path):
    with pytest.raises(DefinitionRefused) as refused:
        load.load(tmp_path / "nowhere.yaml", "nowhere.yaml")
    assert [(problem.code, problem.where.file) for problem in refused.value.problems] == [("missing-file", "nowhere.yaml")]


def test_a_folder_is_not_a_file(tmp_path: Path):
    with pytest.raises(DefinitionRefused) as refused:
        load.load(tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["unreadable-file"]


def test_all_faults_of_shape_are_told_at_once_each_at_its_line():
    text = """name: Faulty
groups:
  fit:
    floor: 5
    cap: 1
    criteria:
      a: {points: 1}
      b: {points: ten, when: "true"}
      c: {points: 1, when: "true", wehn: x}
      d: {signal: s, points: 1, within: 3 months}
      e: {signal: s, points: 1, at_least: .nan}
      score: {points: 1, when: "true"}
signals:
  s: "page_view where"
  t: ""
tracks:
  mql: {leave: "score < 1"}
"""
    found = [(problem.split(" ", 1)[0], problem.rsplit("[", 1)[1].rstrip("]")) for problem in told(text)]
    assert found == [
        ("d.yaml:7", "criterion-kind"),
        ("d.yaml:8", "bad-value"),
        ("d.yaml:9", "unknown-key"),
        ("d.yaml:10", "bad-duration"),
        ("d.yaml:11", "bad-value"),
        ("d.yaml:12", "bad-name"),
        ("d.yaml:14", "bad-value"),
        ("d.yaml:15", "bad-value"),
        ("d.yaml:17", "missing-key"),
    ]


@pytest.mark.parametrize(
    ("criterion", "code"),
    [
        ("{signal: s, points: 1, half_life: 1d, fades_over: 2d}", "clash"),
        ("{signal: s, points: 1, max: 5, at_least: 2}", "clash"),
        ("{signal: s, points: 1, at_least: 3, at_most: 2}", "clash"),
        ("{signal: s, points: 1, wait: 2d, within: 2d}", "clash"),
        ("{absent: s, for: 2d, points: 1, max: 5}", "clash"),
        ("{together: {}, points: 1}", "bad-value"),
        ("{in_order: [s], points: 1}", "bad-value"),
    ],
)
def test_a_criterion_that_contradicts_itself_is_refused(criterion: str, code: str):
    text = SMALL.replace("{points: 10, when: account.employees > 100}", criterion) + "signals: {s: page_view}\n"
    (said,) = told(text)
    assert said.startswith("d.yaml:2 groups.fit.criteria.big")
    assert said.endswith(f"[{code}]")


@pytest.mark.parametrize("text", ["", "- a list", "just text", "name: 'open"])
def test_what_is_no_definition_at_all_is_refused(text: str):
    assert told(text)
