"""English as the contract and the diff need it: numbers, durations, articles, plurals, lists and names.

What belongs here: grammar that knows nothing of leads. What elements of the definition mean in words belongs to
:mod:`.words`, conditions to :mod:`.phrases`. Text is Markdown: what the user wrote comes in escaped or as code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from leadline import clock

_CAPITALS = {
    "ae", "ai", "am", "api", "arr", "bant", "bdr", "ceo", "cfo", "cio", "cmo", "crm", "csm", "cta", "cto", "faq", "gtm", "hr",
    "icp", "id", "ip", "meddic", "mql", "mrr", "nda", "nps", "pdf", "poc", "pql", "roi", "saas", "sal", "sdr", "seo", "sms",
    "sql", "ui", "url", "utm", "vp",
}  # fmt: skip
_SPELLED = {"email": "e-mail", "emails": "e-mails", "saas": "SaaS"}
_NAMED_VOWELS = frozenset("AEFHILMNORSX")  # letters whose names begin with a vowel
_LIKE_A_CONSONANT = re.compile(r"(?:eu|one\b|once\b|ub|uk|uni(?!n|m)|us[aeiu]|ut[ei])", re.IGNORECASE)
_SILENT_H = re.compile(r"(?:hour|honest|honou?r|heir)", re.IGNORECASE)
_SINGULAR_S = ("ss", "us", "is", "ics", "news", "series")
_ESCAPED = re.compile(r"[\\`*_\[\]<>|]|&(?=#?\w+;)")


def number(value: float) -> str:
    """Return a number as people write it: no empty decimals, separators from 10,000 up.

    >>> number(20.0), number(-0.5), number(1667), number(1000000)
    ('20', '-0.5', '1667', '1,000,000')
    """
    digits = f"{value:,.6f}" if abs(value) >= 10_000 else f"{value:.6f}"
    found = digits.rstrip("0").rstrip(".")
    return "0" if found == "-0" else found


def counted(value: float, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "point"), counted(2.5, "point"), counted(0, "point")
    ('1 point', '2.5 points', '0 points')
    """
    return f"{number(value)} {noun if abs(value) == 1 else plural(noun)}"


def points(value: float) -> str:
    """Return points without their sign, ``no points`` for zero."""
    return counted(abs(value), "point") if value else "no points"


def duration(micros: int) -> str:
    """Return a duration in its largest exact unit, up to days.

    >>> duration(clock.DAY), duration(72 * clock.HOUR), duration(90 * clock.MINUTE)
    ('1 day', '3 days', '90 minutes')
    """
    for noun, unit in (("day", clock.DAY), ("hour", clock.HOUR), ("minute", clock.MINUTE)):
        if micros % unit == 0:
            return counted(micros // unit, noun)
    return counted(micros / clock.SECOND, "second")


def plural(noun: str) -> str:
    """Return the plural of a noun by its last word.

    >>> plural("case study"), plural("visit"), plural("business"), plural("day")
    ('case studies', 'visits', 'businesses', 'days')
    """
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|x|z|ch|sh)$", noun) else "s")


def singular(noun: str) -> str:
    """Return the singular of a noun by its last word; what isn't plural stays.

    >>> singular("seats"), singular("case studies"), singular("status"), singular("visit")
    ('seat', 'case study', 'status', 'visit')
    """
    if not is_plural(noun):
        return noun
    if re.search(r"[^aeiou]ies$", noun):
        return noun[:-3] + "y"
    return noun[:-2] if re.search(r"(?:ss|x|z|ch|sh)es$", noun) else noun[:-1]


def is_plural(noun: str) -> bool:
    """Return whether a noun looks like a plural."""
    return noun.endswith("s") and not noun.endswith(_SINGULAR_S)


def an(phrase: str) -> str:
    """Return a phrase with its indefinite article, by the sound that it begins with.

    >>> an("MQL"), an("PQL"), an("hour"), an("user"), an("e-mail click"), an("“engaged” activity")
    ('an MQL', 'a PQL', 'an hour', 'a user', 'an e-mail click', 'an “engaged” activity')
    """
    word = re.sub(r"^\W+", "", phrase).partition(" ")[0]
    if re.match(r"[A-Z]{2,}\b|[A-Z]\b", word):
        vowel = word[0] in _NAMED_VOWELS
    elif word[:1].isdigit():
        vowel = word.startswith("8") or word in ("11", "18")
    else:
        vowel = (word[:1].lower() in "aeiou" and not _LIKE_A_CONSONANT.match(word)) or bool(_SILENT_H.match(word))
    return f"{'an' if vowel and word else 'a'} {phrase}"


def listed(items: Sequence[str], word: str = "and") -> str:
    """Return items as a list within a sentence; semicolons part those that have commas inside.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or"), listed(["a, b", "c"])
    ('a', 'a and b', 'a, b or c', 'a, b; and c')
    """
    if len(items) < 2:
        return "".join(items)
    if any(", " in item for item in items):
        return "; ".join(items[:-1]) + f"; {word} {items[-1]}"
    return ", ".join(items[:-1]) + f" {word} {items[-1]}"


def spoken(name: str) -> str:
    """Return a name of the definition as words, escaped for Markdown.

    >>> spoken("pricing_page"), spoken("mql"), spoken("email_is_free")
    ('pricing page', 'MQL', 'e-mail is free')
    """
    words = (_SPELLED.get(word.lower()) or (word.upper() if word.lower() in _CAPITALS else word) for word in name.split("_") if word)
    return escaped(" ".join(words) or name)


def escaped(text: str) -> str:
    """Return the user's text so that Markdown shows it as it is, on one line."""
    return _ESCAPED.sub(r"\\\g<0>", " ".join(text.split()))


def code(text: str) -> str:
    """Return text as Markdown code, whatever backticks are in it."""
    text = " ".join(text.split()) or " "
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence, edge = "`" * (longest + 1), " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{edge}{text}{edge}{fence}"


def sentence(text: str) -> str:
    """Return text as a sentence: its first letter large (unless it opens with code), a full stop at its end."""
    start = re.match(r"[*“\"(]*", text)
    at = start.end() if start else 0
    text = text[:at] + text[at : at + 1].upper() + text[at + 1 :]
    return text if text.endswith((".", "!", "?", ":")) else text + "."
