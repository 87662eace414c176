"""Any page as HTML that needs nothing else: styles, charts and the JavaScript that draws them stand in it, and it asks no network.

It prints on A4: figures, tiles and rows aren't cut, and what is folded stays away.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from xml.etree.ElementTree import Element

from leadline.review import markup, page
from leadline.review.drawing import Picture
from leadline.review.markup import element
from leadline.review.page import Fact, Page, Section, Tile
from leadline.review.tables import Table


def to_html(found: Page) -> str:
    """Return the page."""
    sections = [*page.shown(found)]
    pictures = [picture for section, _ in sections for picture in section.pictures]
    foot = element("footer", *(element("p", text) for text in found.foot)) if found.foot else None
    parts = [_header(found), _tiles(found), _cautions(found), *(_section(section, filled) for section, filled in sections), foot]
    specs = [markup.data(f"spec-{picture.name}", picture.spec) for picture in pictures]
    code = [markup.script(_code())] if pictures else []
    head = element(
        "head", element("meta", charset="utf-8"), element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", found.title), element("style", _file("page.css")),
    )  # fmt: skip
    body = element("body", element("main", *parts), *specs, *code)
    return "<!doctype html>\n" + markup.write(element("html", head, body, lang="en")) + "\n"


def _header(found: Page) -> Element:
    kicker = element("p", found.kicker, class_="kicker")
    return element("header", kicker, element("h1", found.headline), *map(_fact, found.facts))


def _fact(fact: Fact) -> Element:
    name = [element("b", fact.name, class_=fact.side) if fact.side else element("b", fact.name), ": "] if fact.name else []
    code = [element("span", " ", element("code", fact.code))] if fact.code else []
    return element("p", *name, fact.text, *code)


def _tiles(found: Page) -> Element | None:
    return element("ul", *map(_tile, found.tiles), class_="tiles") if found.tiles else None


def _tile(tile: Tile) -> Element:
    return element(
        "li", element("div", tile.label, class_="label"), element("div", tile.value, class_="new"),
        element("div", f"{tile.span} at 95 %", class_="span") if tile.span else None,
        element("div", tile.beside, class_="old") if tile.beside else None,
    )  # fmt: skip


def _cautions(found: Page) -> Element | None:
    if not found.cautions:
        return None
    lines = [element("li", *markup.inline(caution.says)) for caution in found.cautions]
    return element("aside", element("h2", "Before you believe it"), element("ul", *lines), class_="cautions")


def _section(section: Section, filled: tuple[Table, ...]) -> Element:
    says = [element("p", *markup.inline(text), class_="says") for text in section.says]
    pictures = element("div", *map(_figure, section.pictures), class_="pictures") if section.pictures else None
    grids = element("div", *(_table(table, section.folds) for table in filled), class_="tables") if filled else None
    return element("section", element("h2", section.title), *says, pictures, grids)


def _figure(picture: Picture) -> Element:
    caption = element("figcaption", element("h3", picture.title), element("p", picture.note) if picture.note else None)
    return element("figure", caption, element("div", id=picture.name, class_="chart"), class_="wide" if picture.wide else "")


def _table(table: Table, folds: int) -> Element:
    head = element("tr", *(element("th", name, scope="col", **_kind(table, at)) for at, name in enumerate(table.columns)))
    rows = [element("tr", *(_cell(table, at, cell) for at, cell in enumerate(row))) for row in table.rows]
    note = element("p", table.note, class_="note") if table.note else None
    if len(rows) <= folds:
        grid = element("table", element("caption", table.title), element("thead", head), element("tbody", *rows))
        return element("div", element("div", grid, class_="table"), note)
    grid = element("table", element("thead", head), element("tbody", *rows))
    return element("details", element("summary", table.title), element("div", grid, class_="table"), note, class_="list")


def _cell(table: Table, at: int, text: str) -> Element:
    """Return a cell; a figure may be broken before its interval, and nowhere else."""
    if at < table.left:
        return element("td", text, class_="words")
    figure, bracket, span = text.partition(" (")
    parts = [" ", element("span", f"({span}")] if bracket else []
    return element("td", element("span", figure), *parts)


def _kind(table: Table, at: int) -> dict[str, str]:
    return {"class_": "words"} if at < table.left else {}


def _file(name: str) -> str:
    return (resources.files("leadline.review") / "files" / name).read_text("utf-8")


@cache
def _code() -> str:
    """Return the script of the page, with Vega, Vega-Lite and Vega-Embed in it."""
    import vl_convert

    return vl_convert.javascript_bundle(_file("page.js"))
