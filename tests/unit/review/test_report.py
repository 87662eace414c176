"""The page of a plan: it needs nothing else, shows data as text, draws every chart, and says what can't be known."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import vl_convert
from tests.unit.review import reports

from leadline.review import change_charts, charts, drawing, report, sweep_charts, tables
from leadline.review.model import Caution, PlanReport

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


class Page(HTMLParser):
    """What a browser finds in a page: tags, attributes, text, and the specs of charts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.specs: dict[str, dict] = {}
        self._spec = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += attrs
        self._spec = dict(attrs).get("id", "") if tag == "script" else ""

    def handle_data(self, data):
        if self._spec:
            self.specs[self._spec.removeprefix("spec-")] = json.loads(data)
        elif self.lasttag not in ("script", "style"):
            self.text.append(data)

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.text))


def read(found: PlanReport) -> Page:
    return Page(report.to_html(found))


@pytest.fixture(scope="module")
def page() -> Page:
    return read(reports.full())


def hostile(found: PlanReport) -> PlanReport:
    """Return a report whose every name tries to be markup."""
    entrants = tuple(replace(who, person_id=EVIL, account_id=EVIL) for who in found.cells[0].entrants)
    rows = tuple(replace(row, label=EVIL) for row in found.breakdowns[0].rows)
    missed = tuple(replace(deal, deal_id=EVIL, why=EVIL) for deal in found.new.missed)
    loads = tuple(replace(load, team=EVIL) for load in found.new.loads[:1])
    return replace(
        found, verdict=replace(found.verdict, sentence=EVIL), cautions=(Caution("evil", EVIL),),
        new=replace(found.new, title=EVIL, missed=missed, loads=loads), old=replace(found.old, title=EVIL),
        cells=(replace(found.cells[0], entrants=entrants), *found.cells[1:]),
        breakdowns=(replace(found.breakdowns[0], rows=rows), *found.breakdowns[1:]),
    )  # fmt: skip


def test_the_page_asks_for_nothing_outside_itself(page):
    loading = {"link", "img", "iframe", "object", "embed", "base", "video", "audio", "source"}
    assert not loading & set(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "href", "srcset", "action", "data")]
    style = report.to_html(reports.empty()).partition("<style>")[2].partition("</style>")[0]
    assert "@page" in style
    assert "url(" not in style
    assert "@import" not in style


def test_the_verdict_stands_first_then_cautions_then_pictures_then_tables(page):
    found = reports.full()
    places = [page.words.index(text) for text in (found.verdict.sentence, found.cautions[1].says, "How many enter", "The figures")]
    assert places == sorted(places)


def test_every_place_of_a_chart_has_its_spec_and_every_spec_is_one_that_vega_takes(page):
    places = [value for name, value in page.attributes if name == "id" and not (value or "").startswith("spec-")]
    assert sorted(places) == sorted(page.specs)
    assert {"weekly", "team-ae", "conversion", "revenue", "overlap", "sweep", "effects-entries", "breakdowns", "curve-won"} <= set(places)
    for spec in page.specs.values():
        assert vl_convert.vegalite_to_vega(spec)["marks"]
        assert "http" not in json.dumps({**spec, "$schema": ""})


def test_charts_hold_the_figures_of_the_report():
    found = reports.full()
    assert found.sweep is not None
    assert found.effects is not None
    weekly = rows_of(charts.weekly(found).spec)
    assert sum(row["entries"] for row in weekly if row["side"] == "new") == sum(w.entries for w in found.new.total.weeks if w.days == 7)
    steps = rows_of(sweep_charts.lines(found, found.sweep).spec)
    assert {row["line"]: row["revenue"] for row in steps if "revenue" in row} == {s.line: s.revenue.value for s in found.sweep.steps}
    bars = rows_of(next(iter(change_charts.effects(found, found.effects))).spec)
    assert [row["entries"] for row in bars] == [effect.entries for effect in (*found.effects.alone, found.effects.together)]


def test_a_side_keeps_its_colour_where_it_stands_alone():
    found = reports.recorded()
    spec = next(charts.teams(found)).spec
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == {"recorded": drawing.OLD, "new": drawing.NEW}


def rows_of(spec) -> list[dict]:
    """Return the rows of all data that stand anywhere in a spec."""
    if isinstance(spec, list):
        return [row for part in spec for row in rows_of(part)]
    if not isinstance(spec, dict):
        return []
    own = spec.get("data", {}).get("values", []) if isinstance(spec.get("data"), dict) else []
    return [*own, *(row for name, part in spec.items() if name != "data" for row in rows_of(part))]


def test_names_in_data_never_become_markup():
    evil = read(hostile(reports.full()))
    assert evil.tags["img"] == 0
    assert evil.tags["script"] == len(evil.specs) + 1
    assert evil.words.count("<img src=x onerror=alert(2)>") >= 402
    assert any(row.get("label") == EVIL for row in rows_of(evil.specs["breakdowns"]))


def test_the_people_and_deals_behind_the_figures_are_listed(page):
    found = reports.full()
    for cell in found.cells:
        assert all(who.person_id in page.words for who in cell.entrants)
    assert all(deal.deal_id in page.words for deal in found.new.missed)


def test_a_window_without_anything_is_a_page_without_charts_of_nothing():
    empty = read(reports.empty())
    assert set(empty.specs) == {"weekly", "team-ae"}
    assert "Nobody entered by either side" in empty.words
    assert "None" not in empty.words
    assert "nan" not in empty.words.lower().split()


def test_a_plan_against_the_record_speaks_of_the_record_and_of_no_changes():
    page = read(reports.recorded())
    assert "what the CRM recorded" in page.words
    assert "What each change does" not in page.words
    assert "sweep" in page.specs


def test_a_page_lists_no_more_people_than_it_can_carry_and_says_so():
    found = reports.full()
    crowd = replace(found.cells[0], entrants=found.cells[0].entrants * 3)
    table = tables.entrants(found, crowd)
    assert len(table.rows) == 1000
    assert f"{402 * 3 - 1000} more" in table.note


def test_where_no_amounts_are_known_deals_are_counted():
    page = read(reports.unpriced())
    assert "won deals caught" in page.words
    assert "41 and 44" not in page.words
    assert {"frontier-deals", "sweep"} <= set(page.specs)
    assert not {"revenue", "frontier-revenue", "effects-revenue"} & set(page.specs)
    assert all(vl_convert.vegalite_to_vega(spec)["marks"] for spec in page.specs.values())


def test_every_row_of_a_table_has_a_cell_for_each_column():
    for found in (reports.full(), reports.empty(), reports.recorded(), reports.unpriced()):
        for table in (*tables.in_full(found), *tables.in_short(found)):
            assert {len(row) for row in table.rows} == {len(table.columns)}, table.title


def test_the_terminal_shows_the_largest_changes_and_says_how_many_are_left_out():
    found = reports.full()
    assert found.effects is not None
    many = replace(found, effects=replace(found.effects, alone=found.effects.alone * 4))
    words = [row[0] for row in tables.effects(many, most=8).rows]
    assert words[8] == "… and 12 more"
    assert len(tables.effects(many).rows) == 20 + 2 + 1
