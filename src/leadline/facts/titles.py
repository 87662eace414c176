"""What a job title tells, as people write titles: the rank and the function.

How a title is read: it is folded (case, accents, ``ae`` for ``ä``, gender endings, dotted abbreviations); what belongs to
somebody else or to another time is left out (``assistant to the CEO``, ``former``, ``ex-``, ``aspiring``, ``at Acme``); the rest
is split into roles at ``/ | & , ;`` and the like; in each role the longest known phrase at each place counts. English, German,
French, Spanish, Italian, Dutch and Portuguese, with a little of Scandinavia and Poland.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from leadline.facts import vocabulary
from leadline.facts.model import SENIORITY
from leadline.facts.phrases import Phrases, Words, fold

_KEPT = 1 << 16
_LONGEST = 300
_NOTHING = "-"


@lru_cache(maxsize=_KEPT)
def seniority(title: str | None) -> str | None:
    """Return the rank of a title, one of :data:`leadline.facts.model.SENIORITY`, or ``None`` if it tells none.

    Of several roles the highest counts. Where the world disagrees about a title, this is the reading:

    - ``c_level``: C?O, founders, owners, presidents, managing directors, board members, managing partners, *Geschäftsführer*.
    - ``vp``: vice presidents of any kind, general counsel, a plain *partner*.
    - ``director``: director, *head of*, *Leiter*, general and country manager, chief of staff, a *chief* who is no officer,
      *Prokurist*. An associate, assistant, deputy or interim director is a director; so at every rank.
    - ``manager``: manager, supervisor, leader of a team, *Teamleiter*, *jefe*, *gerente*, *responsable*.
    - ``senior``: senior, lead, principal and staff members of a craft, experts.
    - ``individual``: everybody else with an occupation, among them those who manage a thing rather than people: account,
      product, project, community, office, case, relationship, territory and customer success managers. *Senior* lifts them.
    - ``intern``: interns, students, trainees and apprentices, whatever else the role says.

    >>> seniority("Vice-President of Sales, EMEA"), seniority("Assistant to the CEO"), seniority("Marketing")
    ('vp', 'individual', None)
    """
    ranks = [role.rank for role in _roles(title) if role.rank is not None]
    return SENIORITY[max(ranks)] if ranks else None


@lru_cache(maxsize=_KEPT)
def function(title: str | None) -> str | None:
    """Return the function that a title belongs to, or ``None`` if it tells none.

    One of ``engineering``, ``product``, ``design``, ``data``, ``it``, ``security``, ``research``, ``quality_regulatory``,
    ``marketing``, ``sales``, ``customer_success``, ``support``, ``finance``, ``legal``, ``hr``, ``procurement``, ``operations``
    (with office, projects, supply chain and production), ``education``, ``healthcare``, ``consulting``, and ``leadership`` of the
    whole company where no function is named. Of several roles the highest counts, of equals the first that is more than
    leadership.

    >>> function("CTO & Co-Founder"), function("Sr. IT Sales Mgr."), function("CEO")
    ('engineering', 'sales', 'leadership')
    """
    roles = _roles(title)
    found = [(-1 if role.rank is None else role.rank, what) for role in roles if (what := _function_of(role.words))]
    return max(found, key=lambda pair: (pair[0], pair[1] != "leadership"))[1] if found else None


@dataclass(frozen=True, slots=True)
class _Role:
    """One role of a title: its folded words and its place in SENIORITY, if it tells one."""

    words: Words
    rank: int | None


_CHIEF = r"\b(?:c[a-z]{1,3}o|founder|owner|president)"
_AIDE = r"\w*(?:assisten[tz]|assistant|asistente|sekret|secr[eé]tai?r|referent)\w*"
# In order, on the title in lower case.
_REWRITES = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"\(?\b[mwfdhx](?:\s?[/|]\s?[mwfdhx*]){1,3}(?!\w)\)?", " "),  # (m/w/d)
        (r"(?<=[^\W\d_])(?:[:*_·]|/-?|\()(?:in|innen)\b\)?", ""),  # Leiter:in, Leiter/-in
        (r"(?<=[^\W\d_]{3})(?:[(/·]-?|\.)(?:e|ne|a|o|rice|trice|euse)\b\)?", ""),  # chargé(e), director/a
        (r"\bi ?\+ ?d\b", "rnd"),
        (r"\b([a-z]|fp) ?[&+] ?([a-z])\b", r"\1n\2"),  # R&D
        (r"\b([a-z])\.([a-z])\.?(?:([a-z])\.?)?(?:([a-z])\.?)?(?![a-z])", r"\1\2\3\4"),  # C.E.O.
        (r"\b(vice|co|ex|sub) ?[-–—] ?", r"\1 "),
        (r"\((?:ex|former|retired|ret\.?|i\.? ?r\.?|a\.? ?d\.?)\)", " retired "),
        (r"\bchief\b(?! of\b)(?=[\w &-]{0,60}?\bofficer\b)", "cxo"),
        (r"(\b(?:(?:assist|asist|sekret|secr|advis|counsel|support|staff|aide)\w*|right hand|ea|pa)) to\b[^|;]*", r"\1"),
        (rf"(\b{_AIDE}) (?:de[rs]?|du|zur|di|del\w*|van|of|da|do) [^|;]*", r"\1"),
        (r"\b(?:office|büro) (?:of|de[rs]) [^|;,]*", " "),
        (rf"{_CHIEF}['’]s? (?=[a-z])", " "),  # the CEO's driver
        (rf"{_CHIEF} (?=(?:office|assistant|advisory|services|support|staff|liaison|club|network)\b)", " "),
        (r"\bc[a-z]{1,3}o (?=(?:specialist|manager|analyst|consultant|coach|advisor)\b)", " "),  # CRO specialist
        (r"@", " at "),
    )
)
_BETWEEN = re.compile(r"([|;,•()\[\]{}\"“”«»:/+&]|\s[-–—~]+|[-–—~]+\s|—|\b(?:and|und|et|y)\b)")
_GLUE = frozenset(("/", "&", "and", "und", "et", "y"))
_ANOTHER_TIME = re.compile(r"former\w*|ex|previous\w*|past|aspiring|ehem|ehemals|ehemalig\w*|ancien|ancienne|antiguo|seeking|looking")
_OVER = frozenset(("retired", "emeritus", "emerita", "ruhestand", "rentner", "retraite", "jubilado", "pensionista"))
_ELSEWHERE = frozenset(("at", "bei", "chez", "presso"))
_MEDICAL = re.compile(r"physician|doctor|surgeon|clinician|phd|nurse|\w+ologist|medical (?:director|officer)")


@lru_cache(maxsize=_KEPT)
def _roles(title: str | None) -> tuple[_Role, ...]:
    text = unicodedata.normalize("NFKC", title or "")[:_LONGEST].lower()
    text = " ".join(re.sub(r"[\r\n]+", " | ", text.strip()).split())
    for pattern, instead in _REWRITES:
        text = pattern.sub(instead, text)
    not_a_rank = {"md"} if _MEDICAL.search(text) else set[str]()
    roles: list[_Role] = []
    words: Words = ()
    parts = [*_BETWEEN.split(text), ""]
    for part, between in zip(parts[::2], parts[1::2], strict=True):
        words += tuple(word for word in _here_and_now(fold(part)) if word not in not_a_rank)
        rank = _rank_of(words)
        if words and (rank is not None or between not in _GLUE):  # "sales" in "Sales & Marketing Director" goes on
            roles.append(_Role(words, rank))
            words = ()
    return tuple(roles)


def _here_and_now(words: Words) -> Words:
    if not _OVER.isdisjoint(words):
        return ()
    for at, word in enumerate(words):
        if _ANOTHER_TIME.fullmatch(word) or (at and word in _ELSEWHERE):
            return words[:at]
    return words


def _rank_of(words: Words) -> int | None:
    found = set(_ranks().find(words)) - {_NOTHING}
    if "intern" in found:
        return SENIORITY.index("intern")
    if "junior" in found:
        return SENIORITY.index("individual")
    return max(map(SENIORITY.index, found), default=None)


def _function_of(words: Words) -> str | None:
    return next((found for step in _functions() for found in step.find(words) if found != _NOTHING), None)


@cache
def _ranks() -> Phrases:
    return Phrases(vocabulary.RANKS)


@cache
def _functions() -> tuple[Phrases, ...]:
    return tuple(map(Phrases, vocabulary.FUNCTIONS))
