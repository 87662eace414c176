"""A page is the same report whoever writes it: HTML for a browser and paper, Markdown for a wiki, tables for a terminal."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from leadline.review import drawing, page, page_html, page_markdown
from leadline.review.page import Caution, Fact, Page, Picture, Section, Table, Tile

EVIL = "</script><b>x</b> | *a* _b_ `c` [d](e) &amp; # \\ \"'"
SPEC = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "mark": "bar", "data": {"values": []}, "encoding": {}}
GRID = Table("Grid", ("name", "share"), (("a | b", "12 % (8–17 %)"), ("c", "–")), note="How to read *it*.")
FOUND = Page(
    title="A report",
    kicker="A made-up report",
    headline="Things went up.",
    facts=(Fact("the summer", "new", "abc123", "new"), Fact("From May to June.")),
    tiles=(page.tile("shares", "12 % (8–17 %)", "old: 9 %"), Tile("deals", "4")),
    cautions=(Caution("few", "There are *few* of them."),),
    sections=(
        Section("What grew", ("It grew by **4**.",), (Picture("bars", "Bars rise", "Hover.", SPEC),), (GRID,)),
        Section("Nothing at all", tables=(Table("Empty", ("a",), ()),)),
    ),
    foot=("Counted by hand.",),
)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(str.strip)


def visible(markup: str) -> str:
    """Return what stands on a page for people, without what only a browser reads."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", markup, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "\n", body))


def test_all_parts_stand_on_the_page_in_their_order():
    shown = visible(page_html.to_html(FOUND))
    parts = ["A made-up report", "Things went up.", "the summer", "From May", "shares", "8–17 % at 95 %", "old: 9 %", "few", "What grew",
             "It grew by", "Bars rise", "Hover.", "a | b", "(8–17 %)", "How to read *it*.", "Counted by hand."]  # fmt: skip
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)


def test_all_parts_but_the_charts_stand_in_markdown_in_their_order():
    shown = page_markdown.to_markdown(FOUND)
    parts = ["# Things went up.", "A made-up report", "- **new**: the summer `abc123`", "- From May", "- shares: **12 %** (8–17 % at 95 %)",
             "; old: 9 %", "- deals: **4**", "## Before", "- There are *few* of them.", "## What grew", "It grew by **4**.", "- Bars rise",
             "### Grid", "| name | share |", "| --- | ---: |", "| a \\| b | 12 % (8–17 %) |", "How to read \\*it\\*.",
             "Counted by hand."]  # fmt: skip
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)
    assert "Hover." not in shown


def test_markdown_is_read_back_as_the_tables_that_were_written():
    read = MarkdownIt("commonmark").enable("table").render(page_markdown.to_markdown(FOUND))
    cells = [html.unescape(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", read)]
    assert cells == ["name", "share", "a | b", "12 % (8–17 %)", "c", "–"]


def test_sections_without_anything_in_them_are_nowhere():
    assert "Nothing at all" not in page_html.to_html(FOUND)
    assert "Nothing at all" not in page_markdown.to_markdown(FOUND)
    assert [title for title, _ in page.tables(FOUND)] == ["What grew"]


def test_a_page_without_charts_carries_no_script():
    plain = replace(FOUND, sections=(Section("Words", ("Only words.",)),))
    assert "<script" not in page_html.to_html(plain)


def test_long_tables_are_folded():
    long = replace(GRID, rows=GRID.rows * 10)
    written = page_html.to_html(replace(FOUND, sections=(Section("Long", tables=(long,)),)))
    assert "<details" in written
    assert "<summary>Grid</summary>" in written


def test_what_stands_in_data_never_becomes_markup():
    fact, grid = Fact(EVIL, EVIL, EVIL), Table(EVIL, (EVIL,), ((EVIL,),), note=EVIL)
    found = Page(EVIL, EVIL, EVIL, (fact,), (Tile(EVIL, EVIL, EVIL, EVIL),), (Caution("evil", EVIL),), (Section(EVIL, tables=(grid,)),))
    written = page_html.to_html(found)
    assert "<b>x" not in written
    assert visible(written).count(EVIL) == 15


@given(text=texts)
@settings(max_examples=200, deadline=None)
def test_escaped_text_reads_as_itself_in_markdown(text):
    read = (
        MarkdownIt("commonmark")
        .enable("table")
        .render(f"{page_markdown.escaped(text)}\n\n| a |\n| --- |\n| {page_markdown.escaped(text)} |")
    )
    words = re.sub(r"\s+", " ", text)
    paragraph, cell = re.search(r"<p>(.*?)</p>", read, re.DOTALL), re.search(r"<td>(.*?)</td>", read)
    assert words in ("", re.sub(r"\s+", " ", html.unescape(paragraph[1])) if paragraph else "")
    assert cell is not None
    assert re.sub(r"\s+", " ", html.unescape(cell[1])) == words


@pytest.mark.parametrize(
    "text", ["# a", "- a", "+ a", "1. a", "23) a", "> a", "| a | b |", "a\n# b", "---", "===", "    code", "~~~", "&lt;"]
)
def test_nothing_becomes_a_heading_a_list_or_code_by_how_it_begins(text):
    tokens = MarkdownIt("commonmark").enable("table").parse("before\n\n" + page_markdown.escaped(text))
    assert [token.type for token in tokens if token.type.endswith("_open")] == ["paragraph_open"] * 2


def test_pictures_of_a_page_are_specs_that_vega_takes():
    import altair as alt

    chart = alt.Chart(drawing.rows([{"a": 1}])).mark_bar().encode(x="a:Q")
    made = drawing.picture("one", "One", "", chart)
    assert vl_convert.vegalite_to_vega(made.spec)["marks"]
