"""Names, values and attributes as a definition writes them. Pure.

What belongs here: how a piece of data becomes a piece of the definition language. What is worth writing is decided elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from leadline.definition.model import RESERVED

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST = 48
_WORDS = frozenset({"between", "if", "ilike", "in", "is", "isnull", "like", "not", "notnull", "select"})
"""Words that mean something even behind ``person.``."""
LONGEST_VALUE = 80
"""A value that is longer than this isn't one of few that many have."""


def slug(text: str) -> str:
    """Return a text as part of a name: lower case, of letters, digits and ``_``; empty if nothing is left.

    >>> slug("Événement: Q3 (live)"), slug("/docs/integrations")
    ('evenement_q3_live', 'docs_integrations')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def name(parts: Iterable[str]) -> str:
    """Return a name made of parts that begins with a letter, and that the language doesn't take for something else.

    >>> name(["case_study", "download"]), name(["404", "page"]), name(["score"])
    ('case_study_download', 'is_404_page', 'is_score')
    """
    joined = "_".join(filter(None, map(slug, parts)))[:_LONGEST].strip("_")
    return f"is_{joined}".rstrip("_") if not joined[:1].isalpha() or joined in RESERVED else joined


class Names:
    """Gives names out, each once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Keep what is taken already."""
        self._taken = set(taken)

    def give(self, wanted: str) -> str:
        """Return a name, or it with the lowest number behind it that makes it new."""
        found, number = wanted, 1
        while found in self._taken:
            number += 1
            found = f"{wanted}_{number}"
        self._taken.add(found)
        return found


def literal(value: str | float | bool) -> str:  # noqa: FBT001 - a value of the data, not a switch
    """Return a value as a condition writes it.

    >>> literal("it's"), literal(0.5), literal(3.0), literal(True)
    ("'it''s'", '0.5', '3', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return number(value)


def number(value: float) -> str:
    """Return a number without an exponent, as people write it.

    >>> number(1000000.0), number(0.25), number(-3)
    ('1000000', '0.25', '-3')
    """
    return str(int(value)) if float(value).is_integer() else f"{value:.10f}".rstrip("0").rstrip(".")


def reference(dotted: str) -> str:
    """Return an attribute or a property as a condition names it; words of SQL and odd names go into double quotes.

    >>> reference("person.title"), reference("account.group"), reference("from"), reference("account.Number of seats")
    ('person.title', 'account.group', '"from"', 'account."Number of seats"')
    """
    owner, dot, own = dotted.partition(".") if dotted.startswith(("person.", "account.")) else ("", "", dotted)
    return f"{owner}{dot}{own if _is_plain(own, dot) else _quoted(own)}"


def _is_plain(own: str, dot: str) -> bool:
    from sqlglot.tokens import Tokenizer

    means_more = own.lower() in _WORDS if dot else own.upper() in Tokenizer.KEYWORDS
    return bool(_PLAIN.fullmatch(own)) and not means_more


def _quoted(own: str) -> str:
    return '"' + own.replace('"', '""') + '"'


def is_writable(value: object) -> bool:
    """Return whether a value can stand in a condition that people read: not too long, and without line breaks and the like."""
    return not isinstance(value, str) or (0 < len(value) <= LONGEST_VALUE and value.isprintable())
