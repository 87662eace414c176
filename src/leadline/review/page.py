"""A report as a page: what it says first, its figures, its sections of pictures and tables. No layout, no I/O.

Whatever has a report builds a :class:`Page` of it; :mod:`.page_html` and :mod:`.page_markdown` write any of them, and a terminal takes
:func:`tables`. Text is shown as it is, wherever it comes from; only what is called a sentence is Markdown (emphasis and code), so names
from data that stand in one go through :func:`~leadline.review.page_markdown.escaped`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadline.review.drawing import Picture
from leadline.review.model import Caution
from leadline.review.tables import Table

__all__ = ["Caution", "Fact", "Page", "Picture", "Section", "Table", "Tile", "tables", "tile"]


@dataclass(frozen=True)
class Fact:
    """A line under the headline.

    Attributes:
        text: The line.
        name: What it is about, in front of it.
        code: Such as a fingerprint, after it.
        side: ``old`` or ``new`` where the name has the colour of a side.
    """

    text: str
    name: str = ""
    code: str = ""
    side: str = ""


@dataclass(frozen=True)
class Tile:
    """A figure that the headline rests on.

    Attributes:
        label: What is counted.
        value: The figure.
        span: Its 95 % interval; empty if it has none.
        beside: What to compare it with: ``old: 26.1 (24.0–28.2)``.
    """

    label: str
    value: str
    span: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a page.

    Attributes:
        title: What it answers.
        says: Sentences in Markdown, a paragraph each.
        pictures: Charts; their names are theirs alone on the page.
        tables: Tables; those without rows aren't shown.
        folds: A table with more rows than this is folded.
    """

    title: str
    says: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    folds: int = 15


@dataclass(frozen=True)
class Page:
    """A report for people to read together.

    Attributes:
        title: Of the window of a browser.
        kicker: What kind of report it is.
        headline: What it comes to, in a sentence or two.
        facts: What it is about: which definitions, which time.
        tiles: The figures that the headline rests on.
        cautions: What to know before it is believed.
        sections: The parts, the most important first; one without anything in it isn't shown.
        foot: How the figures were made, a paragraph each.
    """

    title: str
    kicker: str
    headline: str
    facts: tuple[Fact, ...] = ()
    tiles: tuple[Tile, ...] = ()
    cautions: tuple[Caution, ...] = ()
    sections: tuple[Section, ...] = ()
    foot: tuple[str, ...] = ()


def tile(label: str, figure: str, beside: str = "") -> Tile:
    """Return a tile of a figure that is written with its interval in brackets.

    >>> tile("become SQLs", "31 % (24–39 %)", "old: 24 %")
    Tile(label='become SQLs', value='31 %', span='24–39 %', beside='old: 24 %')
    """
    value, _, span = figure.partition(" (")
    return Tile(label, value, span.removesuffix(")"), beside)


def shown(found: Page) -> Iterator[tuple[Section, tuple[Table, ...]]]:
    """Yield the sections that have something in them, with their tables that have rows."""
    for section in found.sections:
        filled = tuple(table for table in section.tables if table.rows)
        if section.says or section.pictures or filled:
            yield section, filled


def tables(found: Page) -> Iterator[tuple[str, tuple[Table, ...]]]:
    """Yield the titles of sections that have tables, with their tables, for a terminal."""
    for section, filled in shown(found):
        if filled:
            yield section.title, filled
