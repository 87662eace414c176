"""What activities that stay in PostgreSQL must fulfil, as rules that the database counts.

The same rules as :mod:`leadline.facts.validation` has for rows that are read, in PostgreSQL's SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadline import clock
from leadline.errors import Problem
from leadline.facts.database import name, texts
from leadline.facts.model import Held, HeldAs, Side
from leadline.facts.sources import Origin
from leadline.facts.validation import EARLIEST, LATEST


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that is wrong with a row: a stable code, SQL that is true where it is wrong, words, and a fix."""

    code: str
    broken: str
    says: str
    fix: str

    def problem(self, origin: Origin, count: int) -> Problem:
        """Return the problem that so many rows of a source have."""
        rows = "one row" if count == 1 else f"{count:,} rows"
        fix = f"{self.fix} Rows of a database can't be set aside: leave them out in a query."
        return Problem(self.code, origin.where, f"{self.says}: {rows} of {origin.label}.", fix)


def rules(held: Mapping[str, Held], now: int) -> Iterator[Rule]:
    """Yield the rules for a source with these columns."""
    at = micros(held["occurred_at"])
    for column in ("activity_id", "type"):
        yield Rule("missing-value", f"not {_filled(held[column])}", f"'{column}' is empty", "Every row needs one.")
    yield Rule("missing-value", f"{name(held['occurred_at'].name)} is null", "'occurred_at' is empty", "Every row needs one.")
    whose = [held[column] for column in ("person_id", "account_id") if column in held]
    nobody = " and ".join(f"not {_filled(one)}" for one in whose)
    yield Rule("missing-person", nobody, "neither person_id nor account_id is given", "Every activity needs one of them.")
    yield Rule("time-out-of-range", f"not ({in_range(at)})", "'occurred_at' lies before 1970 or after 2199", "Look at the source.")
    fix = "Look at the time zone and the clock of the source."
    yield Rule("future-time", f"{at} > {now + clock.DAY} and {in_range(at)}", "'occurred_at' lies in the future", fix)
    if "side" in held:
        side = f"lower(trim(cast({name(held['side'].name)} as text)))"
        says = f"'side' is none of {', '.join(Side)}"
        yield Rule("unknown-side", f"{side} not in ('', {texts(Side)})", says, "Leave it empty for marketing.")
    if "properties" in held:
        column, kind = name(held["properties"].name), held["properties"].kind
        fix = 'Write an object: {"path": "/pricing"}.'
        broken = f"jsonb_typeof(cast({column} as jsonb)) not in ('object', 'null')"
        if kind is HeldAs.JSON_TEXT:
            broken = f"{column} is not json object and {column} not in ('', 'null')"
        yield Rule("bad-json", broken, "'properties' is not a JSON object", fix)


def _filled(held: Held) -> str:
    return f"(nullif(cast({name(held.name)} as text), '') is not null)"


def micros(held: Held) -> str:
    """Return SQL of a time in microseconds, as a number of PostgreSQL's that also holds infinity."""
    return f"(extract(epoch from {name(held.name)}) * 1000000)"


def in_range(micros: str) -> str:
    """Return SQL that a time is one that facts may have."""
    return f"{micros} >= {EARLIEST} and {micros} < {LATEST}"
