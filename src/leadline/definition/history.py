"""Which definition was in force from when: the log of what was adopted, and what follows from it.

What belongs here: the shape of ``definitions/history.yaml`` and decisions about it, as pure functions. Reading and writing
files belongs to :mod:`leadline.app.adopting`. An entry is only ever added, and never changed.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, TypeAlias

import yaml
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from leadline import clock, documents
from leadline.definition import fingerprint
from leadline.definition.model import Definition, Element, Signature
from leadline.errors import DefinitionRefused, Place, Problem, UsageError, did_you_mean

FOLDER = "definitions"
FILE = "history.yaml"
_IN_NAME = 8  # digits of the contract's fingerprint in the name of a file
_FEWEST = 4  # digits by which a fingerprint can be asked for
_HEAD = """\
# Which definition was in force from when. 'leadline adopt' adds an entry at the end, and nothing is ever taken away.
# The definitions themselves stand beside this file, as they were adopted. 'leadline history' shows it all.
"""
_untyped: Any = yaml  # its types are partly unknown


def _instant(value: Any) -> Any:
    """Return microseconds for a time as YAML hands it over."""
    if isinstance(value, dt.date):
        value = value.isoformat()
    try:
        return clock.parse_instant(value) if isinstance(value, str) else value
    except ValueError:
        fix = {"got": repr(value), "fix": "Write 2026-01-31 or 2026-01-31T09:30:00Z."}
        raise PydanticCustomError("bad-time", "{got} is no date or time", fix) from None


Instant: TypeAlias = Annotated[int, BeforeValidator(_instant)]
Fingerprint: TypeAlias = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Adoption(Element):
    """One entry of the log: from ``since``, the definition in ``file`` is in force.

    Attributes:
        since: Microseconds.
        name: What the definition calls itself.
        file: Its name in the folder of definitions.
        fingerprint: The definition's.
        contract: The contract's.
        marketing, sales: The sign-offs, as they stood in its agreement.
        adopted_at: When the entry was written, in microseconds.
    """

    since: Instant
    name: str
    file: Annotated[str, Field(pattern=r"^[^/\\]+\.yaml$")]
    fingerprint: Fingerprint
    contract: Fingerprint
    marketing: Signature | None = None
    sales: Signature | None = None
    adopted_at: Instant

    def sign_offs(self) -> dict[str, str]:
        """Return, by team, when it signed, or that it signed another text, or nothing."""
        return {"marketing": _signed(self.marketing, self.contract), "sales": _signed(self.sales, self.contract)}


class History(Element):
    """The log, in the order in which it was written."""

    adopted: tuple[Adoption, ...] = ()


class Standing(StrEnum):
    """Where an adoption stands at an instant."""

    OVER = "over"
    PRESENT = "in force"
    AHEAD = "ahead"
    NEVER = "replaced at once"


@dataclass(frozen=True)
class Period:
    """An adoption with the time in which it counts.

    Attributes:
        adoption: The entry of the log.
        begins: Microseconds; ``None`` if it counts from the start.
        ends: Microseconds; ``None`` if nothing follows. What ends where it begins never counts.
    """

    adoption: Adoption
    begins: int | None
    ends: int | None

    @property
    def counts(self) -> bool:
        """Return whether it is in force at any instant."""
        return self.ends != self.adoption.since

    def standing(self, now: int) -> Standing:
        """Return where it stands at an instant."""
        if not self.counts:
            return Standing.NEVER
        if self.begins is not None and now < self.begins:
            return Standing.AHEAD
        return Standing.PRESENT if self.ends is None or now < self.ends else Standing.OVER

    def as_dict(self, now: int) -> dict[str, Any]:
        """Return the JSON form."""
        began, ended = (None if at is None else clock.write_instant(at) for at in (self.begins, self.ends))
        return {"from": began, "until": ended, "standing": self.standing(now).value, **_plain(self.adoption)}


def read(text: bytes, file: str) -> History:
    """Return the log that a YAML text holds.

    Raises:
        DefinitionRefused: With everything that is wrong with its text or shape, or with the order of its entries.
    """
    document = documents.parse_document(text, file)
    found, problems = documents.check_model(document, History)
    if found is None:
        raise DefinitionRefused(problems)
    pairs = enumerate(itertools.pairwise(found.adopted), 1)
    early = [document.place("adopted", str(at), "since") for at, (one, two) in pairs if two.since < one.since]
    if early:
        says = "this lies before the 'since' of the entry above, so the two can't both be right."
        raise DefinitionRefused(
            Problem("history-order", place, says, "Put back the entries as 'leadline adopt' wrote them.") for place in early
        )
    return found


def write(history: History) -> str:
    """Return the log as YAML; what it says of entries that were there before doesn't change."""
    return _HEAD + ("adopted:\n" if history.adopted else "adopted: []\n") + "".join(map(_entry, history.adopted))


def _entry(adoption: Adoption) -> str:
    dump = partial(_untyped.safe_dump, [_plain(adoption)], sort_keys=False, width=1000)
    text = dump(allow_unicode=True)
    return dump() if re.search("[\x85\u2028\u2029]", text) else text  # line breaks to YAML, which it would fold


def _plain(adoption: Adoption) -> dict[str, Any]:
    """Return an entry as it is written: what isn't given is left out."""
    plain = adoption.model_dump(mode="json", exclude_none=True)
    times = {key: clock.write_instant(plain[key]) for key in ("since", "adopted_at")}
    return plain | times


def adoption(definition: Definition, file: str, since: int, now: int) -> Adoption:
    """Return the entry for a definition that is kept as ``file`` and in force from ``since``."""
    return Adoption(
        since=since,
        name=definition.name,
        file=file,
        fingerprint=fingerprint.definition_fingerprint(definition),
        contract=fingerprint.contract_fingerprint(definition),
        marketing=definition.agreement.marketing,
        sales=definition.agreement.sales,
        adopted_at=now,
    )


def periods(history: History) -> list[Period]:
    """Return every adoption with the time in which it counts, in the order of the log.

    The first counts from the start, as nothing else is known of the time before. Of several from the same instant the one
    that was adopted last counts.
    """
    ends = [adopted.since for adopted in history.adopted[1:]]
    pairs = itertools.zip_longest(history.adopted, ends)
    found = [Period(adopted, adopted.since, end) for adopted, end in pairs]
    first = next((at for at, period in enumerate(found) if period.counts), None)
    return [replace(period, begins=None) if at == first else period for at, period in enumerate(found)]


def is_prefix(text: str) -> bool:
    """Return whether a text can be the beginning of a fingerprint.

    >>> is_prefix("1F2e3d4c"), is_prefix("new.yaml")
    (True, False)
    """
    return re.fullmatch(rf"[0-9a-fA-F]{{{_FEWEST},64}}", text) is not None


def find(history: History, prefix: str) -> Adoption:
    """Return the last adoption of the definition whose fingerprint, or contract's fingerprint, begins so.

    Raises:
        UsageError: If there is none, or there are several that don't say the same.
    """
    wanted = prefix.lower()
    found = [
        one for one in history.adopted if is_prefix(prefix) and (one.contract.startswith(wanted) or one.fingerprint.startswith(wanted))
    ]
    contracts = {one.contract: one for one in found}
    if not found:
        says = f"'{prefix}' is neither a file nor the beginning of an adopted definition's fingerprint."
        known = [fingerprint.short(one.contract) for one in history.adopted]
        fix = did_you_mean(wanted, known) or "Nothing has been adopted yet: name a file."
        raise UsageError(says, fix, code="unknown-definition")
    if len(contracts) > 1:
        listed = ", ".join(f"{one.contract} ({one.file})" for one in contracts.values())
        fix = "Give more digits, of the contract's fingerprint."
        raise UsageError(f"'{prefix}' can be any of several contracts: {listed}.", fix, code="ambiguous-fingerprint")
    return found[-1]


def refuse_earlier(history: History, since: int) -> None:
    """Refuse an instant before the last adoption: what was in force then stays what it was.

    Raises:
        UsageError: If it is earlier.
    """
    if history.adopted and since < history.adopted[-1].since:
        last = history.adopted[-1]
        says = f"{clock.write_instant(since)} lies before {clock.write_instant(last.since)}, from when {last.file} is in force."
        fix = f"Give --from {clock.write_instant(last.since)} or later; what was in force before stays what it was."
        raise UsageError(says, fix, code="earlier-than-last")


def edited(adopted: Adoption, definition: Definition, file: str) -> Iterator[Problem]:
    """Yield a problem if a kept definition isn't what was adopted."""
    now = fingerprint.contract_fingerprint(definition)
    if (now, fingerprint.definition_fingerprint(definition)) != (adopted.contract, adopted.fingerprint):
        says = f"this was adopted as {fingerprint.short(adopted.contract)}, but its contract is now {fingerprint.short(now)}."
        fix = "Put back what was adopted; to change it, adopt the edits from a file of their own."
        yield Problem("edited-definition", Place(file), says, fix)


def new_file(adopted_on: int, contract: str, taken: Collection[str]) -> str:
    """Return a name that is free for a definition: the day from which it is in force, and how its fingerprint begins.

    >>> new_file(0, "1f2e3d4c5b6a", {"1970-01-01-1f2e3d4c.yaml"})
    '1970-01-01-1f2e3d4c-2.yaml'
    """
    stem = f"{clock.write_instant(adopted_on)[:10]}-{contract[:_IN_NAME]}"
    names = itertools.chain([stem], (f"{stem}-{at}" for at in itertools.count(2)))
    return next(f"{name}.yaml" for name in names if f"{name}.yaml" not in taken)


def _signed(signature: Signature | None, contract: str) -> str:
    if signature is None or signature.signed is None:
        return "not signed"
    other = signature.fingerprint is not None and not contract.startswith(signature.fingerprint.lower())
    return f"{signature.signed}{', another text' if other else ''}"
