"""The language reference has an entry for every element and key, and its examples are right."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from leadline.definition import check, load, model
from leadline.definition.conditions.tree import FUNCTIONS
from leadline.definition.model import Element
from leadline.errors import Severity
from leadline.facts.model import SENIORITY

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
HEADINGS: dict[type[Element], str] = {
    model.Signature: "Signatures",
    model.ReviewCadence: "Review",
    model.Agreement: "`agreement`",
    model.Signal: "`signals`",
    model.AttributeCriterion: "`when`",
    model.TierCriterion: "`value`",
    model.SignalCriterion: "`signal`",
    model.TogetherCriterion: "`together`",
    model.SequenceCriterion: "`in_order`",
    model.AbsenceCriterion: "`absent`",
    model.Scale: "`scale`",
    model.Group: "`groups`",
    model.Track: "`tracks`",
    model.RejectReason: "`reject_reasons`",
    model.Requalify: "`requalify`",
    model.SqlFramework: "`sql`",
}
BASE = yaml.safe_load("""
name: Base
signals:
  case_study: "content_download where content = 'case_study'"
groups:
  fit: {criteria: {known: {points: 100, when: "person.title is not null"}}}
  engagement: {criteria: {case_study: {signal: case_study, points: 15}}}
  usage: {criteria: {used: {signal: case_study, points: 20}}}
tracks:
  mql: {when: "score >= 75", to: sdr, respond_within: 4 business hours}
""")


def keys(element: type[Element]) -> set[str]:
    return {info.alias or name for name, info in element.model_fields.items() if name != "tag"}


def sections() -> dict[str, str]:
    parts = re.split(r"^#{2,3} (.*)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def entries(text: str) -> set[str]:
    """Return the keys that a section's list explains: the bold code at the start of an entry."""
    heads = re.findall(r"^- ((?:\*\*`\w+`\*\*(?:, )?)+)", text, re.MULTILINE)
    return {key for head in heads for key in re.findall(r"`(\w+)`", head)}


def all_elements() -> set[type[Element]]:
    return {kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, Element)} - {Element, model.Definition}


def test_every_element_has_a_section():
    assert set(HEADINGS) == all_elements()
    assert set(HEADINGS.values()) <= set(sections())


@pytest.mark.parametrize("element", HEADINGS, ids=lambda element: element.__name__)
def test_a_section_explains_the_keys_of_its_element_and_no_others(element):
    own = (
        {HEADINGS[element].strip("`")}
        if element in (model.Agreement, model.Signal, model.Group, model.Track, model.RejectReason)
        else set()
    )
    assert entries(sections()[HEADINGS[element]]) - own == keys(element)


def test_every_key_of_the_file_has_a_section_that_explains_it():
    for key in keys(model.Definition) - {"agreement", "requalify", "sql"}:  # sections of elements, which explain their own keys
        assert key in entries(sections()[f"`{key}`"]), key
    for key in keys(model.Definition):
        assert f"`{key}`" in sections(), key


@pytest.mark.parametrize("words", [model.Of, model.Bucket], ids=lambda words: words.__name__)
def test_every_choice_is_named(words: type[StrEnum]):
    assert {word for word in words if f"`{word.value}`" not in PAGE} == set()


@pytest.mark.parametrize(("element", "key"), [(model.RejectReason, "then"), (model.Requalify, "needs"), (model.SqlFramework, "framework")])
def test_every_fixed_word_is_named(element, key):
    assert {word for word in get_args(element.model_fields[key].annotation) if f"`{word}`" not in sections()[HEADINGS[element]]} == set()


def test_every_function_and_rank_is_named():
    assert {function for function in FUNCTIONS if f"`{function.value}`" not in sections()["Conditions"]} == set()
    assert re.sub(r"\s+", " ", " < ".join(SENIORITY)) in re.sub(r"\s+", " ", PAGE)


def test_links_within_the_page_lead_somewhere():
    anchors = {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in sections()}
    assert set(re.findall(r"\]\(#([^)]*)\)", PAGE)) <= anchors


def examples() -> list[tuple[str, str]]:
    return re.findall(r"^```yaml( criteria)?\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def signals() -> dict[str, Any]:
    return yaml.safe_load(next(text for _, text in examples() if text.startswith("signals:")))["signals"]


@pytest.mark.parametrize(("kind", "text"), examples())
def test_an_example_loads_and_has_no_errors(kind, text):
    found = yaml.safe_load(text)
    if kind:
        groups = BASE["groups"] | {"example": {"criteria": found}}
        data = BASE | {"signals": BASE["signals"] | signals(), "groups": groups}
    else:
        data = found if "groups" in found else BASE | found
        data = data if "groups" in found else data | {"signals": BASE["signals"] | found.get("signals", {})}
    loaded = load.parse(yaml.safe_dump(data, sort_keys=False), "example")
    problems = check.check(loaded, None, dt.date(2026, 10, 1))
    assert [str(problem) for problem in problems if problem.severity is Severity.ERROR] == []


def test_every_key_is_used_in_some_example():
    used = {key for _, text in examples() for key in re.findall(r"(\w+):", text)}
    untold = {"fingerprint", "grade"}
    assert {key for element in HEADINGS for key in keys(element)} | keys(model.Definition) <= used | untold
