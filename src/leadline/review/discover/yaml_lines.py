"""Plain values as YAML on one line, so that each element of a definition is a line that people can move about.

What belongs here: scalars, keys, mappings in braces, comments. Which lines a definition has belongs to :mod:`.written`.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

WIDTH = 118
"""Of a comment."""
_BARE = re.compile(r"[A-Za-z_]\w*(?:[ /-][\w/-]*\w)*|\d+(?:\.\d+)?(?:%|[smhdw]| business (?:hours?|days?))", re.ASCII)
_KEY = re.compile(r"\w[\w.]*", re.ASCII)
_TAKEN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""Words that some readers of YAML take for something else than text."""
_ESCAPES = {'"': '\\"', "\\": "\\\\"}


def value(plain: object) -> str:
    """Return a plain value on one line.

    >>> value({"points": 20, "when": "person.seniority >= 3", "labels": ["a b", "10%", "no"]})
    '{points: 20, when: "person.seniority >= 3", labels: [a b, 10%, "no"]}'
    """
    if plain is None:
        return "null"
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, int | float):
        return number(plain)
    if isinstance(plain, Mapping):
        parts = cast("Mapping[object, object]", plain)
        return "{" + ", ".join(f"{key(str(name))}: {value(part)}" for name, part in parts.items()) + "}"
    if isinstance(plain, Sequence) and not isinstance(plain, str):
        return "[" + ", ".join(value(part) for part in cast("Sequence[object]", plain)) + "]"
    return plain.isoformat() if isinstance(plain, dt.date) else text(str(plain))


def text(words: str) -> str:
    r"""Return text, in quotes unless every reader of YAML takes it for itself without them.

    >>> text("case study"), text('say "a: b" # c'), text("12"), text("a\u2028b")
    ('case study', '"say \\"a: b\\" # c"', '"12"', '"a\\u2028b"')
    """
    if _BARE.fullmatch(words) and words.lower() not in _TAKEN:
        return words
    return '"' + "".join(map(_escaped, words)) + '"'


def key(name: str) -> str:
    """Return a key, which is read as text whatever it looks like.

    >>> key("account.tier"), key("101"), key("a: b")
    ('account.tier', '101', '"a: b"')
    """
    return name if _KEY.fullmatch(name) else '"' + "".join(map(_escaped, name)) + '"'


def number(size: float) -> str:
    """Return a number without decimals that say nothing.

    >>> number(20.0), number(-2.5), number(1e-7)
    ('20', '-2.5', '1.0e-07')
    """
    if float(size).is_integer() and abs(size) < 1e15:
        return str(int(size))
    digits, power, exponent = repr(float(size)).partition("e")
    return f"{digits if '.' in digits else digits + '.0'}{power}{exponent}" if power else digits


def comment(words: str, indent: str = "") -> Iterator[str]:
    """Yield the lines of a comment; nothing in it can end it."""
    plain = "".join(letter if letter.isprintable() else " " for letter in words)
    for line in textwrap.wrap(plain, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False):
        yield f"{indent}# {line}"


def section(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield a key with lines below it, after an empty line; nothing, if there are none."""
    inside = [*lines]
    if inside:
        yield from ("", f"{key(name)}:", *(f"  {line}" for line in inside))


def pairs(parts: Mapping[str, Any]) -> Iterator[str]:
    """Yield each part of a mapping on a line."""
    return (f"{key(name)}: {value(part)}" for name, part in parts.items())


def _escaped(letter: str) -> str:
    if letter in _ESCAPES or letter.isprintable():
        return _ESCAPES.get(letter, letter)
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
