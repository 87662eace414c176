"""Writes random definitions and conditions, valid and nasty.

Everything is drawn from a ``Random``, so that one seed is one definition: hypothesis hands in its own kind of Random
when it is to shrink, a plain one does when hundreds of worlds are wanted quickly. Points have at most two decimals and
amounts at most two, so that no exact product comes near the guard of the rounding, where doubles may differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from tests.oracle.trees import Arithmetic, Between, Call, Compare, DaysSince, In, IsNull, Join, Like, Literal, Name, Negate, Node, Not
from tests.oracle.values import DAY, EPOCH

T = TypeVar("T")
SIGNS = ("=", "<>", "<", "<=", ">", ">=")
TIERS = ("bronze", "silver", "gold")
SENIORITY = ("intern", "individual", "senior", "manager", "director", "vp", "c_level")
TYPES = ("page_view", "form_submit", "login", "intent_surge", "téléchargement")
DURATIONS = ("1s", "30m", "1h", "90 minutes", "12h", "1d", "1.5d", "2d", "3d", "7d", "2 weeks", "30d")
POINTS = (1, 2, 5, 10, 20, 7, -1, -5, -10, 0.5, -0.25, 2.75, 0.01, 33.33, -12.5)
BOUNDS = (-20, -5, -0.25, 0, 0.5, 1, 2, 5, 10, 20, 33.33, 40, 75)
DAYS = (0.5, 1, 7, 30)


@dataclass(frozen=True)
class Kind:
    """What a name can hold: its type, values that turn up both in data and in conditions, and the order of labels."""

    type: str
    values: tuple[Any, ...] = ()
    order: tuple[str, ...] = ()


NUMBERS = Kind("number", (0, 1, 2, 5, 10, -1, 0.5, 2.25, 100))
TEXTS = Kind("text", ("AT", "DE", "de", "é", "É", "o'neil", "a%b", "a_b", "aXb", "/pricing", "/pricing/é", "日本", "two words"))
FLAGS = Kind("boolean", (True, False))
TIMES = Kind("time")
PERSON = {
    "person.country": TEXTS,
    "person.tier": Kind("text", (*TIERS, "platinum")),
    "person.seniority": Kind("ordered", SENIORITY, SENIORITY),
    "person.logins": NUMBERS,
    "person.budget": NUMBERS,
    "person.is_student": FLAGS,
    "person.trial_ends": TIMES,
}
ACCOUNT = {
    "account.industry": TEXTS,
    "account.grade_of": Kind("text", ("low", "mid", "high", "other")),
    "account.employees": NUMBERS,
    "account.is_competitor": FLAGS,
    "account.renewal": TIMES,
}
DERIVED = {
    "person.created_at": TIMES,
    "account.created_at": TIMES,
    "account.is_customer": FLAGS,
    "account.customer_since": TIMES,
    "account.has_open_deal": FLAGS,
    "account.open_deal_since": TIMES,
}
PROPERTIES = {"path": TEXTS, "form": TEXTS, "seats": NUMBERS, "score": NUMBERS, "trial": FLAGS}
ORDERABLE = {"person.tier": TIERS, "account.grade_of": ("low", "mid", "high")}


@dataclass
class Author:
    """Writes conditions over a scope; remembers the tree of each text."""

    rng: Random
    as_of: int
    trees: dict[str, Node] = field(default_factory=dict)

    def maybe(self, share: float) -> bool:
        """Return True in this share of cases."""
        return self.rng.random() < share

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return self.rng.choice(options)

    def condition(self, scope: Mapping[str, Kind], depth: int = 2) -> str:
        """Return the text of a condition, its tree remembered."""
        return self.say(self.boolean(scope, depth))

    def say(self, node: Node) -> str:
        """Return a text of the tree, which is remembered under it."""
        text = node.text(self.rng)
        self.trees[text] = node
        return text

    def boolean(self, scope: Mapping[str, Kind], depth: int) -> Node:
        """Return a condition, joined and negated down to ``depth``."""
        if depth == 0 or self.maybe(0.35):
            return self.predicate(scope)
        if self.maybe(0.25):
            return Not(self.boolean(scope, depth - 1))
        return Join(self.pick(("and", "or")), self.boolean(scope, depth - 1), self.boolean(scope, depth - 1))

    def predicate(self, scope: Mapping[str, Kind]) -> Node:
        """Return a condition about one name, or about numbers."""
        name = self.pick(sorted(scope))
        kind = scope[name]
        if self.maybe(0.12):
            return IsNull(Name(name), self.maybe(0.5))
        write = {"number": self._number, "text": self._text, "ordered": self._ordered, "time": self._time, "boolean": self._flag}
        return write[kind.type](name, kind, scope)

    def number(self, scope: Mapping[str, Kind], depth: int, name: str | None = None) -> Node:
        """Return a number; with ``name`` one that it leads."""
        names = [name] if name else [n for n, kind in scope.items() if kind.type == "number"]
        if depth == 0:
            return Name(self.pick(names)) if names and (name or self.maybe(0.5)) else self._digits()
        if self.maybe(0.2):
            return Negate(self.number(scope, depth - 1, name))
        if names and self.maybe(0.15):
            return Call("coalesce", (Name(self.pick(names)), self._digits()))
        return Arithmetic(self.pick("+-*/"), self.number(scope, depth - 1, name), self.number(scope, depth - 1))

    def _digits(self) -> Node:
        held = self.pick(NUMBERS.values)
        return Literal(float(held)) if held >= 0 else Negate(Literal(float(-held)))

    def _number(self, name: str, kind: Kind, scope: Mapping[str, Kind]) -> Node:
        left = self.number(scope, self.pick((0, 0, 0, 1, 2, 3)), name)
        values = [self._literal(held) for held in self.rng.sample(kind.values, 2)]
        if self.maybe(0.1):
            return In(left, tuple(values), self.maybe(0.3))
        if self.maybe(0.15):
            return Between(left, *values, self.maybe(0.3))
        right = values[0] if self.maybe(0.7) else self.number(scope, 1)
        return Compare(self.pick(SIGNS), *((right, left) if self.maybe(0.2) else (left, right)))

    def _text(self, name: str, kind: Kind, scope: Mapping[str, Kind]) -> Node:
        left: Node = Name(name)
        one, two = (Literal(held) for held in self.rng.sample(kind.values, 2))
        if self.maybe(0.2):
            return Like(left, self._pattern(one.held), self.maybe(0.4), self.maybe(0.3))
        if self.maybe(0.1):
            return Compare(self.pick(SIGNS), Call("length", (left,)), Literal(float(self.pick((1, 2, 3, 6)))))
        if self.maybe(0.3):
            left = Call("coalesce", (left, two)) if self.maybe(0.5) else Call(self.pick(("lower", "upper")), (left,))
        if self.maybe(0.25):
            return In(left, (one, two), self.maybe(0.3))
        if self.maybe(0.1):
            return Between(left, one, two, self.maybe(0.3))
        others = [other for other, its in scope.items() if its.type == "text" and other != name]
        right = Name(self.pick(others)) if others and self.maybe(0.1) else one
        return Compare(self.pick(("=", "=", "<>", *SIGNS)), left, right)

    def _pattern(self, held: Any) -> str:
        text = str(held)
        cut = self.rng.randint(0, len(text))
        return self.pick((text[:cut] + "%", "%" + text[cut:], "%" + text[cut : cut + 1] + "%", "_" * len(text), text.replace("X", "_")))

    def _ordered(self, name: str, kind: Kind, scope: Mapping[str, Kind]) -> Node:
        del scope
        one, two = (Literal(label) for label in self.rng.sample(kind.order, 2))
        if self.maybe(0.15):
            return In(Name(name), (one, two), self.maybe(0.3))
        if self.maybe(0.15):
            return Between(Name(name), one, two, self.maybe(0.3))
        left = Call("coalesce", (Name(name), two)) if self.maybe(0.15) else Name(name)
        return Compare(self.pick(SIGNS), *((one, left) if self.maybe(0.15) else (left, one)))

    def _time(self, name: str, kind: Kind, scope: Mapping[str, Kind]) -> Node:
        del kind
        if self.maybe(0.6):
            days: Node = Literal(float(self.pick(DAYS)))
            sides = DaysSince(Name(name)), Negate(days) if self.maybe(0.1) else days
            return Compare(self.pick(SIGNS), *(sides if self.maybe(0.8) else sides[::-1]))
        if self.maybe(0.2):
            return Between(Name(name), self._moment(30), self._moment(0), self.maybe(0.3))
        others = [other for other, its in scope.items() if its.type == "time" and other != name]
        right = Name(self.pick(others)) if others and self.maybe(0.2) else self._moment(self.pick((0, 1, 7)))
        return Compare(self.pick(SIGNS), Name(name), right)

    def _moment(self, days: int) -> Node:
        moment = EPOCH + dt.timedelta(microseconds=self.as_of - days * DAY)
        plain = moment.replace(tzinfo=None)
        return Literal(self.pick((plain.date().isoformat(), plain.isoformat(), plain.isoformat(" "), plain.isoformat() + "Z")))

    def _flag(self, name: str, kind: Kind, scope: Mapping[str, Kind]) -> Node:
        del kind, scope
        if self.maybe(0.3):
            return Compare(self.pick(("=", "<>")), Name(name), Literal(self.maybe(0.5)))
        return Call("coalesce", (Name(name), Literal(self.maybe(0.5)))) if self.maybe(0.1) else Name(name)

    def _literal(self, held: float) -> Node:
        return Literal(float(held)) if held >= 0 else Negate(Literal(float(-held)))


@dataclass
class DefinitionAuthor(Author):
    """Writes a definition, element by element."""

    durations: tuple[str, ...] = ()

    def definition(self) -> dict[str, Any]:
        """Return a definition that uses each option of the language now and then."""
        self.durations = tuple(self.rng.sample(DURATIONS, 4))
        ordered = {name: list(labels) for name, labels in ORDERABLE.items() if self.maybe(0.6)}
        attributes = {**PERSON, **ACCOUNT, **DERIVED}
        attributes |= {name: Kind("ordered", attributes[name].values, ORDERABLE[name]) for name in ordered}
        signals = self.signals()
        groups = self.groups(signals, attributes)
        bands = self.bands(list(groups))
        rules = attributes | self.figures(groups, bands)
        written: dict[str, Any] = {"name": "Nasty, but valid"}
        written |= {"ordered": ordered} if ordered else {}
        written |= {"only": self.condition(attributes, 1)} if self.maybe(0.2) else {}
        written |= {"suspend": self.rules("paused", rules)} if self.maybe(0.2) else {}
        written |= {"signals": signals, "groups": groups}
        written |= {"disqualify": self.rules("out", rules)} if self.maybe(0.3) else {}
        written |= {"bands": bands} if bands else {}
        written |= {"grade": self.rng.sample(sorted(bands), self.rng.randint(1, len(bands)))} if bands and self.maybe(0.7) else {}
        tracks = {name: {"when": self.rule(rules)} for name in ("hot", "mql", "pql")[: self.rng.randint(1, 3)]}
        return written | {"tracks": tracks}

    def rules(self, prefix: str, scope: Mapping[str, Kind]) -> dict[str, str]:
        """Return one or two named rules."""
        return {f"{prefix}_{at}": self.rule(scope) for at in range(self.rng.randint(1, 2))}

    def rule(self, scope: Mapping[str, Kind]) -> str:
        """Return a rule, mostly about the score's figures."""
        figures = {name: kind for name, kind in scope.items() if not name.startswith(("person.", "account."))}
        return self.condition(figures if self.maybe(0.6) else scope)

    def figures(self, groups: Mapping[str, Any], bands: Mapping[str, Mapping[Any, float]]) -> dict[str, Kind]:
        """Return what rules see beside attributes."""
        points = Kind("number", BOUNDS)
        found = dict.fromkeys(("score", *groups, *(name for group in groups.values() for name in group["criteria"])), points)
        for name, rungs in bands.items():
            labels = tuple(str(label) for label in reversed(rungs))
            found[f"band.{name}"] = Kind("ordered", labels, labels)
        return found

    def signals(self) -> dict[str, Any]:
        """Return a few kinds of activity, and some that are any of others."""
        written: dict[str, Any] = {name: self.signal() for name in ("first", "second", "third", "fourth")[: self.rng.randint(2, 4)]}
        for name in ("either", "all_of_it")[: self.rng.choice((0, 1, 2))]:
            members = self.rng.sample(sorted(written), self.rng.randint(1, 2))
            written[name] = {"any_of": members} | self.option("of", 0.3, ("account", "account", "person"))
        return written

    def signal(self) -> str | dict[str, Any]:
        """Return one kind of activity, short or long."""
        kind = self.pick(("visit", "page_view", *TYPES))
        where = self.condition(PROPERTIES, self.pick((0, 0, 1, 2))) if self.maybe(0.35) else None
        if self.maybe(0.4):
            return f"{kind} {self.pick(('where', 'WHERE'))} {where}" if where else kind
        kinds = [kind, self.pick(TYPES)] if self.maybe(0.3) else kind
        written: dict[str, Any] = {"activity": kinds} | ({"where": where} if where else {})
        return written | self.option("of", 0.35, ("account", "account", "person")) | self.option("machines", 0.2, (True, False))

    def groups(self, signals: Mapping[str, Any], attributes: Mapping[str, Kind]) -> dict[str, Any]:
        """Return one to three groups with a few criteria each."""
        written: dict[str, Any] = {}
        for group in ("fit", "engagement", "usage")[: self.rng.randint(1, 3)]:
            criteria = {f"{group}_{at}": self.criterion(list(signals), attributes) for at in range(self.rng.randint(1, 3))}
            floor, cap = sorted(self.rng.sample(BOUNDS, 2))
            written[group] = (
                {"criteria": criteria}
                | ({"floor": floor} if self.maybe(0.25) else {})
                | ({"cap": cap} if self.maybe(0.3) else {})
                | ({"scale": self.scale(list(signals))} if self.maybe(0.3) else {})
                | self.option("in_score", 0.2, (False,))
            )
        return written

    def scale(self, signals: Sequence[str]) -> dict[str, Any]:
        """Return a scale."""
        written = {"by": self.pick((0, 0.5, 0.25, 0.33, 1.5, 2)), "absent": self.pick(("any", *signals)), "for": self.duration()}
        return written | self.option("of", 0.3, ("account", "person"))

    def criterion(self, signals: Sequence[str], attributes: Mapping[str, Kind]) -> dict[str, Any]:
        """Return a criterion of any kind."""
        kind = self.pick(("when", "tiers", "signal", "signal", "signal", "signal", "together", "in_order", "absent"))
        if kind == "when":
            return {"points": self.pick(POINTS), "when": self.condition(attributes)}
        if kind == "tiers":
            return self.tiers(attributes)
        if kind == "signal":
            return self.counted(signals)
        if kind == "absent":
            return self.absence(signals)
        timed = {key: self.duration() for key in ("span", "within") if self.maybe(0.5)} | self.option("of", 0.25, ("account", "person"))
        if kind == "in_order":
            steps = [self.pick(signals) for _ in range(self.pick((2, 2, 3, 4)))]
            return {"in_order": steps, "points": self.pick(POINTS)} | timed
        asked = self.rng.sample(signals, self.rng.randint(1, min(3, len(signals))))
        return {"together": {name: self.pick((1, 1, 1, 2, 3)) for name in asked}, "points": self.pick(POINTS)} | timed

    def tiers(self, attributes: Mapping[str, Kind]) -> dict[str, Any]:
        """Return points by the height of a number."""
        numbers = [name for name, kind in attributes.items() if kind.type == "number"]
        ranked = [name for name, kind in attributes.items() if kind.type == "ordered"]
        node = Name(self.pick(ranked)) if self.maybe(0.2) else self.number(attributes, self.pick((0, 0, 1)), self.pick(numbers))
        value = self.say(node)
        return {"value": value, "tiers": {bound: self.pick(POINTS) for bound in self.rng.sample(BOUNDS, self.rng.randint(1, 3))}}

    def counted(self, signals: Sequence[str]) -> dict[str, Any]:
        """Return a criterion on the amount of a signal, with any options that go together."""
        written: dict[str, Any] = {"signal": self.pick(signals), "points": self.pick(POINTS)}
        written |= self.ages()
        written |= self.option("once_per", 0.25, ("hour", "day", "week", "month"))
        written |= {"cooldown": self.duration()} if self.maybe(0.25) else {}
        written |= self.option("sum", 0.35, ("seats", "score"))
        written |= self.option("of", 0.25, ("account", "person"))
        written |= {self.pick(("half_life", "fades_over")): self.duration()} if self.maybe(0.4) else {}
        if self.maybe(0.4):
            low, high = sorted(self.rng.sample((-1, 0, 0.5, 1, 1.25, 2, 3, 5), 2))
            return written | self.pick(({"at_least": low}, {"at_most": high}, {"at_least": low, "at_most": high}))
        return written | self.option("max", 0.35, (0.75, 1, 5, 10, 40))

    def ages(self) -> dict[str, str]:
        """Return ``wait`` and ``within``, the one shorter than the other."""
        if self.maybe(0.2):
            wait, within = sorted(self.rng.sample(DURATIONS, 2), key=DURATIONS.index)
            return {"wait": wait, "within": within}
        if self.maybe(0.6):
            return {"within": self.duration()}
        return {"wait": self.duration()} if self.maybe(0.2) else {}

    def absence(self, signals: Sequence[str]) -> dict[str, Any]:
        """Return a criterion on silence."""
        written = {"absent": self.pick(("any", *signals)), "for": self.duration(), "points": self.pick(POINTS)}
        every = {"every": self.duration()} if self.maybe(0.6) else {}
        return written | every | (self.option("max", 0.7, (5, 10, 20)) if every else {}) | self.option("of", 0.25, ("account", "person"))

    def bands(self, groups: Sequence[str]) -> dict[str, dict[Any, float]]:
        """Return bands of the score and of groups, their bounds descending."""
        labels = {"score": ("hot", "warm", "cold"), "fit": ("A", "B", "C"), "engagement": (1, 2, 3), "usage": ("é", "e")}
        written: dict[str, dict[Any, float]] = {}
        for name in ("score", *groups):
            if self.maybe(0.4):
                bounds = sorted(self.rng.sample(BOUNDS, len(labels[name])), reverse=True)
                written[name] = dict(zip(labels[name], bounds, strict=True))
        return written

    def duration(self) -> str:
        """Return one of the few durations of this definition, so that edges meet."""
        return self.pick(self.durations)

    def option(self, key: str, share: float, values: Sequence[Any]) -> dict[str, Any]:
        """Return the option in this share of cases."""
        return {key: self.pick(values)} if self.maybe(share) else {}
