"""Any page as Markdown, for a wiki or a message: tables as pipes, and of a picture the sentence that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadline.review import page
from leadline.review.page import Fact, Page, Tile
from leadline.review.tables import Table

_MARKS = re.compile(r"^(\d+)([.)])(?=\s|$)|[\\`*_\[\]<>|~&]|^[#+=-]")
_BREAKS = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")


def to_markdown(found: Page) -> str:
    """Return the page."""
    return "\n\n".join(_parts(found)) + "\n"


def escaped(text: str) -> str:
    r"""Return text that Markdown shows as it is, on one line.

    >>> escaped("a_b <c> | d*"), escaped("1. no list")
    ('a\\_b \\<c\\> \\| d\\*', '1\\. no list')
    """
    return _MARKS.sub(_escape, _BREAKS.sub(" ", text.strip()))


def _escape(mark: re.Match[str]) -> str:
    number, sign = mark.groups()
    return f"{number}\\{sign}" if number else f"\\{mark[0]}"


def _parts(found: Page) -> Iterator[str]:
    """Yield what has an empty line between."""
    yield f"# {escaped(found.headline)}"
    yield escaped(found.kicker)
    if found.facts:
        yield "\n".join(f"- {_fact(fact)}" for fact in found.facts)
    if found.tiles:
        yield "\n".join(f"- {_tile(tile)}" for tile in found.tiles)
    if found.cautions:
        yield "## Before you believe it"
        yield "\n".join(f"- {_BREAKS.sub(' ', caution.says)}" for caution in found.cautions)
    for section, filled in page.shown(found):
        yield f"## {escaped(section.title)}"
        yield from section.says
        if section.pictures:
            yield "\n".join(f"- {escaped(picture.title)}" for picture in section.pictures)
        for table in filled:
            yield from _table(table)
    if found.foot:
        yield "---"
        yield from map(escaped, found.foot)


def _fact(fact: Fact) -> str:
    name = f"**{escaped(fact.name)}**: " if fact.name else ""
    return f"{name}{escaped(fact.text)}" + (f" `{fact.code}`" if fact.code else "")


def _tile(tile: Tile) -> str:
    span = f" ({escaped(tile.span)} at 95 %)" if tile.span else ""
    beside = f"; {escaped(tile.beside)}" if tile.beside else ""
    return f"{escaped(tile.label)}: **{escaped(tile.value)}**{span}{beside}"


def _table(table: Table) -> Iterator[str]:
    yield f"### {escaped(table.title)}"
    rule = ["---" if at < table.left else "---:" for at in range(len(table.columns))]
    rows = [[*map(escaped, table.columns)], rule, *([*map(escaped, row)] for row in table.rows)]
    yield "\n".join(f"| {' | '.join(row)} |" for row in rows)
    if table.note:
        yield escaped(table.note)
