"""Figures as people write them: with their interval where they have one, and a dash where there is nothing to count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from leadline import clock
from leadline.review.model import Figure

NONE = "–"


def count(value: int) -> str:
    """Return a whole number.

    >>> count(12345)
    '12,345'
    """
    return f"{value:,}"


def number(value: float | None) -> str:
    """Return a number with one decimal where it is small.

    >>> number(12.34), number(1234.5), number(None)
    ('12.3', '1,234', '–')
    """
    if value is None:
        return NONE
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def size(value: float | None) -> str:
    """Return a number with a decimal only where it has one.

    >>> size(18.0), size(2.25)
    ('18', '2.2')
    """
    return number(value).removesuffix(".0")


def line(value: float | None) -> str:
    """Return the line of a track without decimals that say nothing.

    >>> line(50.0), line(2.5)
    ('50', '2.5')
    """
    return NONE if value is None else f"{value:g}"


def percent(value: float | None) -> str:
    """Return a share; small ones with a decimal.

    >>> percent(0.314), percent(0.064), percent(0)
    ('31 %', '6.4 %', '0 %')
    """
    if value is None:
        return NONE
    return f"{value:.1%}".replace("%", " %") if 0 < value < 0.0995 else f"{value:.0%}".replace("%", " %")


def money(value: float | None, currency: str) -> str:
    """Return an amount with its currency, without cents.

    >>> money(688000, "EUR"), money(-1200, "")
    ('EUR 688,000', '−1,200')
    """
    if value is None:
        return NONE
    return f"{currency} {'−' if round(value) < 0 else ''}{abs(value):,.0f}".lstrip()


def about(value: float | None, currency: str) -> str:
    """Return an amount as it is said aloud.

    >>> about(2438200, "EUR"), about(688400, "EUR"), about(-2438200, "")
    ('EUR 2.44 million', 'EUR 688,000', '−2.44 million')
    """
    if value is None or abs(value) < 999_500:
        return money(None if value is None else float(f"{value:.3g}"), currency)
    size = f"{abs(value) / 1e6:,.2f}" if abs(value) < 1e8 else f"{abs(value) / 1e6:,.0f}"
    return f"{currency} {'−' if value < 0 else ''}{size} million".lstrip()


def signed(value: float) -> str:
    """Return a difference with its sign.

    >>> signed(12), signed(-3.25), signed(0)
    ('+12', '−3.2', '±0')
    """
    size = f"{abs(value):,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{abs(value):.1f}"
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{size}"


def signed_money(value: float | None, currency: str) -> str:
    """Return a difference of money with its sign.

    >>> signed_money(12000, "EUR"), signed_money(-500, "EUR"), signed_money(0, "")
    ('EUR +12,000', 'EUR −500', '±0')
    """
    if value is None:
        return NONE
    sign = "+" if round(value) > 0 else "−" if round(value) < 0 else "±"
    return f"{currency} {sign}{abs(value):,.0f}".lstrip()


def rate(figure: Figure) -> str:
    """Return a share with its interval.

    >>> rate(Figure(0.31, 0.24, 0.39, 120))
    '31 % (24–39 %)'
    """
    if figure.value is None:
        return NONE
    return percent(figure.value) + _span(figure, lambda value: percent(value).removesuffix(" %"), " %")


def level(figure: Figure) -> str:
    """Return a number with its interval.

    >>> level(Figure(12.1, 11, 13.2, 600))
    '12.1 (11.0–13.2)'
    """
    return NONE if figure.value is None else number(figure.value) + _span(figure, number)


def amount(figure: Figure, currency: str) -> str:
    """Return money with its interval.

    >>> amount(Figure(688000, 480123, 914567, 40), "EUR")
    'EUR 688,000 (480,000–915,000)'
    """
    return NONE if figure.value is None else money(figure.value, currency) + _span(figure, lambda value: money(float(f"{value:.3g}"), ""))


def day(micros: int | None) -> str:
    """Return the day of an instant.

    >>> day(0)
    '1970-01-01'
    """
    return NONE if micros is None else (clock.EPOCH + dt.timedelta(microseconds=micros)).strftime("%Y-%m-%d")


def words(name: str) -> str:
    """Return a name of the definition or an attribute as words.

    >>> words("person.source"), words("only_old")
    ('person source', 'only old')
    """
    return name.replace("_", " ").replace(".", " ")


def listed(items: Iterable[str], word: str = "and") -> str:
    """Return items as a sentence lists them.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed(["a", "b"], "or")
    ('a', 'a, b and c', 'a or b')
    """
    held = [*items]
    return f" {word} ".join([", ".join(held[:-1]), held[-1]] if len(held) > 1 else held)


def plain(markdown: str) -> str:
    """Return a sentence in Markdown as plain text.

    >>> plain("The points of *pricing* go from `20` to 15.")
    'The points of pricing go from 20 to 15.'
    """
    from markdown_it import MarkdownIt

    parts = MarkdownIt("commonmark").parseInline(markdown)[0].children or []
    return "".join(" " if part.type == "softbreak" else part.content for part in parts)


def _span(figure: Figure, write: Callable[[float], str], unit: str = "") -> str:
    if figure.low is None or figure.high is None:
        return ""
    low, high = write(figure.low), write(figure.high)
    between = " to " if "−" in f"{low}{high}" else "–"
    return f" ({low}{between}{high}{unit})"
