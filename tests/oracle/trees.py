"""Conditions as trees: what they mean in three-valued logic, and how they may be written.

The condition language read a second time; nothing here comes from Leadline or from a SQL library. A tree has two sides.
``text`` writes it as a person might, with brackets, capitals and spaces where the language allows them; ``value`` says
what it means. From loose to tight: ``or``, ``and``, ``not``, comparisons, ``+ -``, ``* /``, unary minus.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar

from tests.oracle.values import DAY, Env, Value, as_instant, as_number, as_text, both, compare, either, fits, opposite

OR, AND, NOT, PREDICATE, SUM, PRODUCT, UNARY, ATOM = range(1, 9)


@dataclass(frozen=True)
class Node:
    """A part of a condition. Subclasses say what it is worth and how it is written."""

    strength: ClassVar[int] = ATOM  # how tightly it binds; what binds less tightly inside it needs brackets

    def value(self, env: Env) -> Value:
        """Return the value in ``env``; None is unknown."""
        raise NotImplementedError

    def order(self, env: Env) -> Sequence[str] | None:  # noqa: ARG002
        """Return the order of the labels that the node gives, if they have one."""
        return None

    def write(self, pen: Pen) -> str:
        """Return the text without outer brackets."""
        raise NotImplementedError

    def text(self, rng: Random | None = None) -> str:
        """Return the condition as text; with ``rng`` brackets, capitals and spaces vary."""
        return Pen(rng).put(self, OR)


@dataclass(frozen=True)
class Pen:
    """Writes nodes; ``rng`` decides about what the language leaves open."""

    rng: Random | None = None

    def put(self, node: Node, need: int, *, bare: bool = False) -> str:
        """Return the node's text where ``need`` is the least strength; ``bare`` forbids brackets that aren't needed."""
        text = node.write(self)
        spare = not bare and self.maybe(0.04 if isinstance(node, Literal) else 0.12)
        if node.strength < need or spare:
            text = f"({self.gap(0)}{text}{self.gap(0)})"
        return text

    def maybe(self, share: float) -> bool:
        """Return True in this share of cases, never without ``rng``."""
        return self.rng is not None and self.rng.random() < share

    def word(self, text: str) -> str:
        """Return a keyword in some capitals."""
        if self.rng is None:
            return text
        return self.rng.choice((text, text, text.upper(), text.capitalize()))

    def gap(self, least: int) -> str:
        """Return white space, at least so much."""
        if self.rng is None or self.rng.random() < 0.85:
            return " " * least
        return self.rng.choice((" ", "  ", "\n", "\t "))

    def phrase(self, *words: str) -> str:
        """Return the words with white space between them; keywords come from :meth:`word`."""
        text = words[0]
        for word in words[1:]:
            text += self.gap(1) + word
        return text


@dataclass(frozen=True)
class Literal(Node):
    """A number (not negative), a text, true or false."""

    held: float | str | bool

    def value(self, env: Env) -> Value:  # noqa: ARG002
        return self.held

    def write(self, pen: Pen) -> str:
        """Return it as SQL writes it."""
        if isinstance(self.held, bool):
            return pen.word("true" if self.held else "false")
        if isinstance(self.held, str):
            return "'" + self.held.replace("'", "''") + "'"
        return f"{self.held:g}" if self.held == int(self.held) and not pen.maybe(0.2) else repr(float(self.held))


@dataclass(frozen=True)
class Name(Node):
    """An attribute, a property or a figure of the score."""

    name: str

    def value(self, env: Env) -> Value:
        """Return what the name stands for; a label that its order doesn't know is unknown."""
        held = env.values.get(self.name)
        order = env.orders.get(self.name)
        return None if order is not None and held not in order else held

    def order(self, env: Env) -> Sequence[str] | None:
        """Return the order of its labels."""
        return env.orders.get(self.name)

    def write(self, pen: Pen) -> str:
        """Return the name, its last part in quotes now and then."""
        owner, dot, last = self.name.rpartition(".")
        return f'{owner}{dot}"{last}"' if pen.maybe(0.05) else self.name


@dataclass(frozen=True)
class Negate(Node):
    """Unary minus."""

    of: Node

    strength: ClassVar[int] = UNARY

    def value(self, env: Env) -> Value:
        """Return minus the number."""
        held = self.of.value(env)
        return None if held is None else -as_number(held)

    def write(self, pen: Pen) -> str:
        """Return it with brackets around another minus: two in a row begin a comment."""
        return "-" + pen.put(self.of, ATOM)


@dataclass(frozen=True)
class Arithmetic(Node):
    """``+ - * /`` on IEEE doubles; what is divided by zero is unknown."""

    sign: str
    left: Node
    right: Node

    @property
    def strength(self) -> int:  # type: ignore[override]
        """Return that of school."""
        return PRODUCT if self.sign in "*/" else SUM

    def value(self, env: Env) -> Value:
        left, right = self.left.value(env), self.right.value(env)
        if left is None or right is None:
            return None
        a, b = as_number(left), as_number(right)
        if self.sign == "/":
            return None if b == 0 else a / b
        return {"+": a + b, "-": a - b, "*": a * b}[self.sign]

    def write(self, pen: Pen) -> str:
        """Return it; the right side binds tighter, since both sides aren't the same."""
        right = pen.put(self.right, self.strength + 1)
        space = pen.gap(1) or " "
        return f"{pen.put(self.left, self.strength)}{space}{self.sign}{space}{right}"


@dataclass(frozen=True)
class Call(Node):
    """``lower``, ``upper``, ``length``, ``coalesce``."""

    function: str
    arguments: tuple[Node, ...]

    def order(self, env: Env) -> Sequence[str] | None:
        """Return the order that the first of coalesced labels has."""
        return self.arguments[0].order(env) if self.function == "coalesce" else None

    def value(self, env: Env) -> Value:
        """Return what the function gives; unknown goes in and out, but for coalesce."""
        held = [argument.value(env) for argument in self.arguments]
        if self.function == "coalesce":
            return next((one for one in held if one is not None), None)
        (text,) = held
        if text is None:
            return None
        return {"lower": str.lower, "upper": str.upper, "length": lambda t: float(len(t))}[self.function](as_text(text))

    def write(self, pen: Pen) -> str:
        inner = ("," + (pen.gap(1) or " ")).join(pen.put(argument, OR) for argument in self.arguments)
        return f"{pen.word(self.function)}({inner})"


@dataclass(frozen=True)
class DaysSince(Node):
    """``days_since(time)``: not a number by itself, it is only compared with one."""

    time: Name

    def value(self, env: Env) -> Value:
        """Return the microseconds since."""
        held = self.time.value(env)
        return None if held is None else env.as_of - as_instant(held)

    def write(self, pen: Pen) -> str:
        return f"{pen.word('days_since')}({self.time.write(pen)})"


@dataclass(frozen=True)
class Compare(Node):
    """A comparison by ``= <> < <= > >=``."""

    sign: str
    left: Node
    right: Node

    strength: ClassVar[int] = PREDICATE

    def value(self, env: Env) -> Value:
        """Return whether it holds; unknown if either side is."""
        left, right = self.left.value(env), self.right.value(env)
        if isinstance(self.left, DaysSince):
            right = _days(right)
        elif isinstance(self.right, DaysSince):
            left = _days(left)
        return compare(self.sign, left, right, self.left.order(env) or self.right.order(env))

    def write(self, pen: Pen) -> str:
        """Return it; not-equal has two spellings."""
        sign = pen.rng.choice(("<>", "!=")) if pen.rng and self.sign == "<>" else self.sign
        bare = isinstance(self.left, DaysSince) or isinstance(self.right, DaysSince)
        space = pen.gap(1)
        return f"{pen.put(self.left, SUM, bare=bare)}{space}{sign}{space}{pen.put(self.right, SUM, bare=bare)}"


@dataclass(frozen=True)
class Between(Node):
    """``x between low and high``, both ends included."""

    of: Node
    low: Node
    high: Node
    negated: bool = False

    strength: ClassVar[int] = PREDICATE

    def value(self, env: Env) -> Value:
        """Return the two comparisons joined."""
        inside = both(Compare(">=", self.of, self.low).value(env), Compare("<=", self.of, self.high).value(env))
        return opposite(inside) if self.negated else inside

    def write(self, pen: Pen) -> str:
        words = [pen.word("not")] if self.negated else []
        ends = pen.put(self.low, SUM), pen.word("and"), pen.put(self.high, SUM)
        return pen.phrase(pen.put(self.of, SUM), *words, pen.word("between"), *ends)


@dataclass(frozen=True)
class In(Node):
    """``x in (…)`` over literals."""

    of: Node
    items: tuple[Node, ...]
    negated: bool = False

    strength: ClassVar[int] = PREDICATE

    def value(self, env: Env) -> Value:
        """Return the equalities joined by or."""
        found: Value = False
        for item in self.items:
            found = either(found, Compare("=", self.of, item).value(env))
        return opposite(found) if self.negated else found

    def write(self, pen: Pen) -> str:
        words = [pen.word("not")] if self.negated else []
        inner = ("," + pen.gap(1)).join(pen.put(item, SUM, bare=True) for item in self.items)
        return pen.phrase(pen.put(self.of, SUM), *words, pen.word("in"), f"({inner})")


@dataclass(frozen=True)
class Like(Node):
    """``x like pattern``: ``%`` is any text, ``_`` any one character; ``ilike`` compares both in small letters."""

    of: Node
    pattern: str
    fold: bool = False
    negated: bool = False

    strength: ClassVar[int] = PREDICATE

    def value(self, env: Env) -> Value:
        """Return whether the whole text fits."""
        held = self.of.value(env)
        if held is None:
            return None
        text, pattern = as_text(held), self.pattern
        if self.fold:
            text, pattern = text.lower(), pattern.lower()
        return fits(text, pattern) is not self.negated

    def write(self, pen: Pen) -> str:
        words = [pen.word("not")] if self.negated else []
        like = pen.word("ilike" if self.fold else "like")
        return pen.phrase(pen.put(self.of, SUM), *words, like, Literal(self.pattern).write(pen))


@dataclass(frozen=True)
class IsNull(Node):
    """``x is null``: the one question that is never unknown."""

    of: Node
    negated: bool = False

    strength: ClassVar[int] = PREDICATE

    def value(self, env: Env) -> Value:
        return (self.of.value(env) is None) is not self.negated

    def write(self, pen: Pen) -> str:
        words = [pen.word("not")] if self.negated else []
        return pen.phrase(pen.put(self.of, SUM), pen.word("is"), *words, pen.word("null"))


@dataclass(frozen=True)
class Not(Node):
    """``not x``."""

    of: Node

    strength: ClassVar[int] = NOT

    def value(self, env: Env) -> Value:
        """Return the opposite; unknown stays unknown."""
        return opposite(self.of.value(env))

    def write(self, pen: Pen) -> str:
        return pen.phrase(pen.word("not"), pen.put(self.of, NOT))


@dataclass(frozen=True)
class Join(Node):
    """``x and y`` or ``x or y``."""

    word: str
    left: Node
    right: Node

    @property
    def strength(self) -> int:  # type: ignore[override]
        """Return more for ``and`` than for ``or``."""
        return AND if self.word == "and" else OR

    def value(self, env: Env) -> Value:
        """Return the two joined in three-valued logic."""
        join = both if self.word == "and" else either
        return join(self.left.value(env), self.right.value(env))

    def write(self, pen: Pen) -> str:
        """Return it; either side may hold the same word without brackets, since it doesn't matter there."""
        return pen.phrase(pen.put(self.left, self.strength), pen.word(self.word), pen.put(self.right, self.strength))


def _days(held: Value) -> Value:
    return None if held is None else round(as_number(held) * DAY)
