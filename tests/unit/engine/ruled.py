"""A small definition's worth of names for rules, people to judge by them, and what their rules say in plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

import numpy as np
from tests.oracle.authors import ACCOUNT, BOUNDS, DERIVED, PERSON, Author, Kind

from leadline import clock
from leadline.definition import conditions
from leadline.definition.conditions import Condition
from leadline.engine import judge
from leadline.engine.code import Code
from leadline.engine.model import MICRO, Band, Program, Rule, TrackRule, micro
from leadline.engine.truths import Legend, Pool
from leadline.facts.model import Column, Type

AS_OF = clock.parse_instant("2026-03-31T12:00:00Z")
REGISTERS = {"demo": 0, "pricing": 1, "size": 2, "fit": 3, "usage": 4, "score": 5}
BANDS = {
    "score": Band("score", (("hot", 75.0), ("warm", 20.0), ("cold", 0.0))),
    "fit": Band("fit", (("A", 40.0), ("B", 20.0), ("C", 5.0), ("D", 0.0))),
    "usage": Band("usage", (("only", 10.0),)),
}
LEGEND = Legend(REGISTERS, BANDS, ("fit", "score"))
LABELS = {of: tuple(label for label, _ in reversed(band.bounds)) for of, band in BANDS.items()}
GRADES = tuple(fit + score for fit in LABELS["fit"] for score in LABELS["score"])
FIGURES = dict.fromkeys(REGISTERS, Kind("number", BOUNDS))
KINDS = {
    **FIGURES,
    **{f"band.{of}": Kind("ordered", labels, labels) for of, labels in LABELS.items() if len(labels) > 1},
    "grade": Kind("text", GRADES),
    **PERSON, **ACCOUNT, **DERIVED,
}  # fmt: skip
TYPES = {"number": Type.NUMBER, "text": Type.TEXT, "ordered": Type.TEXT, "boolean": Type.BOOLEAN, "time": Type.TIME}
SCOPE = {name: Column(TYPES[kind.type], kind.order) for name, kind in KINDS.items()}
SCOPE["band.usage"] = Column(Type.TEXT, LABELS["usage"])
# A label that a person has as well, so that both kinds of text meet.
SCOPE["person.letter"] = Column(Type.TEXT)
SCOPE["person.fit"] = Column(Type.TEXT, LABELS["fit"])


def parsed(text: str) -> Condition:
    condition, problems = conditions.parse(text, SCOPE)
    assert not problems
    assert condition
    return condition


def program(track: TrackRule, *, only: str = "", disqualify: Sequence[str] = (), suspend: Sequence[str] = ()) -> Program:
    """Return a program of nothing but rules."""
    barred = [tuple(Rule(f"rule_{at}", parsed(text)) for at, text in enumerate(texts)) for texts in (disqualify, suspend)]
    return Program(
        fingerprint="", bits=(), values=(), properties={}, terms=(), attributes=(), criteria=(), groups=(), bands=tuple(BANDS.values()),
        grade=LEGEND.grade, only=parsed(only) if only else None, disqualify=barred[0], suspend=barred[1], tracks=(track,), person={},
        account={},
    )  # fmt: skip


def track(when: str, leave: str = "") -> TrackRule:
    return TrackRule("mql", parsed(when), parsed(leave) if leave else None)


def condition(rng: Random, depth: int = 3) -> str:
    """Return the text of a rule, mostly about figures and labels."""
    author = Author(rng, AS_OF)
    some = {name: kind for name, kind in KINDS.items() if not name.startswith(("person.", "account."))}
    return author.condition(some if author.maybe(0.5) else KINDS, depth)


def attributes(rng: Random) -> dict[str, Any]:
    """Return somebody's attributes, some of them unknown."""
    found: dict[str, Any] = {"person.letter": rng.choice(LABELS["fit"]), "person.fit": rng.choice(LABELS["fit"])}
    for name, kind in KINDS.items():
        if name.startswith(("person.", "account.")):
            found[name] = AS_OF - rng.randint(0, 40) * clock.DAY if kind.type == "time" else rng.choice(kind.values or kind.order)
    return {name: None if rng.random() < 0.25 else float(held) if type(held) is int and SCOPE[name].type is Type.NUMBER else held
            for name, held in found.items()}  # fmt: skip


def points(rng: Random) -> list[int]:
    """Return micro-points of all registers, often on a bound or just beside it."""
    return [micro(rng.choice(BOUNDS)) + rng.choice((0, 0, 0, -1, 1, rng.randint(-40 * MICRO, 40 * MICRO))) for _ in REGISTERS]


def row(held: Sequence[int], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a condition's closure looks at: numbers, labels and attributes."""
    figures = {name: held[at] / MICRO for name, at in REGISTERS.items()}
    labels = {of: _label(band, figures[of]) for of, band in BANDS.items()}
    grade = "".join(labels[of] for of in LEGEND.grade)
    return {**figures, **{f"band.{of}": label for of, label in labels.items()}, "grade": grade, **known}


def _label(band: Band, value: float) -> str:
    return next((label for label, bound in band.bounds if value >= bound), band.bounds[-1][0])


def true(found: Condition, about: Mapping[str, Any]) -> bool:
    """Return whether a condition is true, and not just unknown."""
    return conditions.to_python(found)(about, AS_OF) is True


class Bench:
    """Judges code over somebody's attributes."""

    def __init__(self, code: Code, pool: Pool, known: Mapping[str, Any]) -> None:
        self.ops = np.array(code, np.int64).reshape(-1, 3)
        self.constants = np.array(list(pool.constants), np.float64)
        self.slots = np.array([[_slot(slot, known) for slot in pool.conditions()]], np.float64).reshape(1, -1)
        self.stack = np.zeros((judge.DEPTH, 3))

    def between(self, low: Sequence[int], high: Sequence[int]) -> int:
        """Return the answer for points that lie between bounds."""
        bounds = (np.array(side, np.int64) for side in (low, high))
        return int(judge.judge(self.ops, self.constants, 0, *bounds, self.slots, 0, self.stack))

    def at(self, held: Sequence[int]) -> int:
        """Return the answer for points that are known."""
        return self.between(held, held)


def _slot(slot: Condition, known: Mapping[str, Any]) -> float:
    value = conditions.to_python(slot)(known, AS_OF)
    return np.nan if value is None else float(value)


def bounds(rng: Random) -> tuple[list[int], list[int]]:
    """Return bounds of all registers, some of them equal."""
    low = points(rng)
    return low, [least + rng.choice((0, 0, 1, rng.randint(0, 60 * MICRO))) for least in low]


def among(rng: Random, low: Sequence[int], high: Sequence[int], count: int) -> Iterator[list[int]]:
    """Yield points between bounds, often on them."""
    for _ in range(count):
        yield [rng.choice((least, most, rng.randint(least, most))) for least, most in zip(low, high, strict=True)]
