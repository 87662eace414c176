"""The condition language read a second time: trees, their values in three-valued logic, and the texts that say them.

Nothing here comes from Leadline or from a SQL library. A tree has two sides. ``text`` writes it as a person might, with
brackets and capitals where the language allows them; ``value`` says what it means. :func:`parse` goes from text back
to a tree by recursive descent, so that hand-written definitions can be read too, and so that writing and reading
check each other. From loose to tight: ``or``, ``and``, ``not``, comparisons, ``+ -``, ``* /``, unary minus.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import TypeAlias

DAY = 86_400_000_000
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
OR, AND, NOT, PREDICATE, SUM, PRODUCT, UNARY, ATOM = range(1, 9)


@dataclass(frozen=True, order=True)
class Instant:
    """A point in time, so that a time is never taken for a number."""

    micros: int

    @classmethod
    def read(cls, text: str) -> Instant:
        """Return the instant of an ISO 8601 text; without a zone it is UTC."""
        moment = dt.datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return cls((moment - EPOCH) // dt.timedelta(microseconds=1))


Value: TypeAlias = None | bool | float | int | str | Instant


@dataclass(frozen=True)
class Env:
    """What names stand for, at an instant. A name that is missing is unknown; ``orders`` lists labels from low to high."""

    values: Mapping[str, Value]
    as_of: int = 0
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Node:
    """A part of a condition. Subclasses say what it is worth and how it is written."""

    @property
    def strength(self) -> int:
        """Return how tightly the node binds; what binds less tightly inside it needs brackets."""
        return ATOM

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
        spare = not bare and not isinstance(node, Literal) and self.maybe(0.12)
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
        if self.rng is None or self.rng.random() < 0.85:  # noqa: PLR2004
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
        """Return the literal."""
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

    def write(self, pen: Pen) -> str:  # noqa: ARG002
        """Return the name."""
        return self.name


@dataclass(frozen=True)
class Negate(Node):
    """Unary minus."""

    of: Node

    @property
    def strength(self) -> int:
        """Bind tighter than any other operator."""
        return UNARY

    def value(self, env: Env) -> Value:
        """Return minus the number."""
        held = self.of.value(env)
        return None if held is None else -_number(held)

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
    def strength(self) -> int:
        """Bind as school teaches."""
        return PRODUCT if self.sign in "*/" else SUM

    def value(self, env: Env) -> Value:
        """Return the number."""
        left, right = self.left.value(env), self.right.value(env)
        if left is None or right is None:
            return None
        a, b = _number(left), _number(right)
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

    def value(self, env: Env) -> Value:
        """Return what the function gives; unknown goes in and out, but for coalesce."""
        held = [argument.value(env) for argument in self.arguments]
        if self.function == "coalesce":
            return next((one for one in held if one is not None), None)
        (text,) = held
        if text is None:
            return None
        return {"lower": str.lower, "upper": str.upper, "length": lambda t: float(len(t))}[self.function](_text(text))

    def write(self, pen: Pen) -> str:
        """Return the call."""
        inner = ("," + (pen.gap(1) or " ")).join(pen.put(argument, OR) for argument in self.arguments)
        return f"{pen.word(self.function)}({inner})"


@dataclass(frozen=True)
class DaysSince(Node):
    """``days_since(time)``: not a number by itself, it is only compared with one."""

    time: Name

    def value(self, env: Env) -> Value:
        """Return the microseconds since."""
        held = self.time.value(env)
        return None if held is None else env.as_of - _instant(held)

    def write(self, pen: Pen) -> str:
        """Return the call."""
        return f"{pen.word('days_since')}({self.time.name})"


@dataclass(frozen=True)
class Compare(Node):
    """A comparison by ``= <> < <= > >=``."""

    sign: str
    left: Node
    right: Node

    @property
    def strength(self) -> int:
        """Bind like every predicate."""
        return PREDICATE

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

    @property
    def strength(self) -> int:
        """Bind like every predicate."""
        return PREDICATE

    def value(self, env: Env) -> Value:
        """Return the two comparisons joined."""
        inside = both(Compare(">=", self.of, self.low).value(env), Compare("<=", self.of, self.high).value(env))
        return opposite(inside) if self.negated else inside

    def write(self, pen: Pen) -> str:
        """Return it."""
        words = [pen.word("not")] if self.negated else []
        ends = pen.put(self.low, SUM), pen.word("and"), pen.put(self.high, SUM)
        return pen.phrase(pen.put(self.of, SUM), *words, pen.word("between"), *ends)


@dataclass(frozen=True)
class In(Node):
    """``x in (…)`` over literals."""

    of: Node
    items: tuple[Node, ...]
    negated: bool = False

    @property
    def strength(self) -> int:
        """Bind like every predicate."""
        return PREDICATE

    def value(self, env: Env) -> Value:
        """Return the equalities joined by or."""
        found: Value = False
        for item in self.items:
            found = either(found, Compare("=", self.of, item).value(env))
        return opposite(found) if self.negated else found

    def write(self, pen: Pen) -> str:
        """Return it."""
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

    @property
    def strength(self) -> int:
        """Bind like every predicate."""
        return PREDICATE

    def value(self, env: Env) -> Value:
        """Return whether the whole text fits."""
        held = self.of.value(env)
        if held is None:
            return None
        text, pattern = _text(held), self.pattern
        if self.fold:
            text, pattern = text.lower(), pattern.lower()
        return fits(text, pattern) is not self.negated

    def write(self, pen: Pen) -> str:
        """Return it."""
        words = [pen.word("not")] if self.negated else []
        like = pen.word("ilike" if self.fold else "like")
        return pen.phrase(pen.put(self.of, SUM), *words, like, Literal(self.pattern).write(pen))


@dataclass(frozen=True)
class IsNull(Node):
    """``x is null``: the one question that is never unknown."""

    of: Node
    negated: bool = False

    @property
    def strength(self) -> int:
        """Bind like every predicate."""
        return PREDICATE

    def value(self, env: Env) -> Value:
        """Return whether it is unknown."""
        return (self.of.value(env) is None) is not self.negated

    def write(self, pen: Pen) -> str:
        """Return it."""
        words = [pen.word("not")] if self.negated else []
        return pen.phrase(pen.put(self.of, SUM), pen.word("is"), *words, pen.word("null"))


@dataclass(frozen=True)
class Not(Node):
    """``not x``."""

    of: Node

    @property
    def strength(self) -> int:
        """Bind less tightly than a comparison."""
        return NOT

    def value(self, env: Env) -> Value:
        """Return the opposite; unknown stays unknown."""
        return opposite(self.of.value(env))

    def write(self, pen: Pen) -> str:
        """Return it."""
        return pen.phrase(pen.word("not"), pen.put(self.of, NOT))


@dataclass(frozen=True)
class Join(Node):
    """``x and y`` or ``x or y``."""

    word: str
    left: Node
    right: Node

    @property
    def strength(self) -> int:
        """Let ``and`` bind tighter than ``or``."""
        return AND if self.word == "and" else OR

    def value(self, env: Env) -> Value:
        """Return the two joined in three-valued logic."""
        join = both if self.word == "and" else either
        return join(self.left.value(env), self.right.value(env))

    def write(self, pen: Pen) -> str:
        """Return it; either side may hold the same word without brackets, since it doesn't matter there."""
        return pen.phrase(pen.put(self.left, self.strength), pen.word(self.word), pen.put(self.right, self.strength))


def both(left: Value, right: Value) -> bool | None:
    """Return ``and``: false wins over unknown."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: Value, right: Value) -> bool | None:
    """Return ``or``: true wins over unknown."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def opposite(held: Value) -> bool | None:
    """Return ``not``: unknown stays unknown."""
    return None if held is None else not held


def compare(sign: str, left: Value, right: Value, order: Sequence[str] | None = None) -> bool | None:
    """Return whether the comparison holds. Labels compare by ``order``, times with texts as times, texts by code points."""
    if order is not None:
        left, right = (order.index(x) if isinstance(x, str) and x in order else None for x in (left, right))
    if left is None or right is None:
        return None
    if isinstance(left, Instant) or isinstance(right, Instant):
        left, right = _instant(left), _instant(right)
    if isinstance(left, bool) != isinstance(right, bool) or isinstance(left, str) != isinstance(right, str):
        message = f"{left!r} and {right!r} don't compare"
        raise TypeError(message)
    less, same = left < right, left == right  # type: ignore[operator]  # of one type by now
    return {"=": same, "<>": not same, "<": less, "<=": less or same, ">": not less and not same, ">=": not less}[sign]


def fits(text: str, pattern: str) -> bool:
    """Return whether a ``like`` pattern covers the whole text."""
    regex = "".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(regex, text, re.DOTALL) is not None


def _days(held: Value) -> Value:
    return None if held is None else round(_number(held) * DAY)


def _number(held: Value) -> float:
    if isinstance(held, bool) or not isinstance(held, int | float):
        message = f"{held!r} is not a number"
        raise TypeError(message)
    return float(held)


def _text(held: Value) -> str:
    if not isinstance(held, str):
        message = f"{held!r} is not a text"
        raise TypeError(message)
    return held


def _instant(held: Value) -> int:
    held = Instant.read(held) if isinstance(held, str) else held
    if not isinstance(held, Instant):
        message = f"{held!r} is not a time"
        raise TypeError(message)
    return held.micros


# --- from text to tree ---------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>'(?:[^']|'')*')"
    r"|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)|(?P<sign><=|>=|<>|!=|[-+*/=<>(),]))"
)
_FUNCTIONS = {"lower", "upper", "length", "coalesce"}


@cache
def parse(text: str) -> Node:
    """Return the tree of a condition, or of a value such as tiers have.

    Raises:
        SyntaxError: If the text is not of the language.
    """
    reader = _Reader(text)
    node = reader.any_of()
    if reader.ahead:
        raise reader.lost()
    return node


class _Reader:
    """Recursive descent, one method for each strength."""

    def __init__(self, text: str) -> None:
        self.source, self.ahead, at = text, list[tuple[str, str]](), 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if not match:
                message = f"can't read {text[at:]!r}"
                raise SyntaxError(message)
            self.ahead.append((str(match.lastgroup), match[str(match.lastgroup)]))
            at = match.end()
        self.ahead.reverse()

    def lost(self) -> SyntaxError:
        return SyntaxError(f"{self.source!r}: lost at {[token for _, token in reversed(self.ahead)]}")

    def next_is(self, *words: str) -> bool:
        """Return whether these keywords or signs come next, and take them if so."""
        coming = [token.lower() for kind, token in reversed(self.ahead[-len(words) :]) if kind in ("name", "sign")]
        if coming != list(words):
            return False
        del self.ahead[-len(words) :]
        return True

    def demand(self, word: str) -> None:
        if not self.next_is(word):
            raise self.lost()

    def any_of(self) -> Node:
        node = self.all_of()
        while self.next_is("or"):
            node = Join("or", node, self.all_of())
        return node

    def all_of(self) -> Node:
        node = self.denied()
        while self.next_is("and"):
            node = Join("and", node, self.denied())
        return node

    def denied(self) -> Node:
        return Not(self.denied()) if self.next_is("not") else self.predicate()

    def predicate(self) -> Node:
        left = self.sum()
        for sign in ("<=", ">=", "<>", "!=", "=", "<", ">"):
            if self.next_is(sign):
                return Compare("<>" if sign == "!=" else sign, left, self.sum())
        if self.next_is("is", "not", "null"):
            return IsNull(left, negated=True)
        if self.next_is("is", "null"):
            return IsNull(left)
        return self.membership(left)

    def membership(self, left: Node) -> Node:
        for words, negated in ((("not",), True), ((), False)):
            if self.next_is(*words, "in"):
                return In(left, self.listed(), negated)
            if self.next_is(*words, "between"):
                low = self.sum()
                self.demand("and")
                return Between(left, low, self.sum(), negated)
            for like in ("like", "ilike"):
                if self.next_is(*words, like):
                    return Like(left, _text(self.sum().value(Env({}))), like == "ilike", negated)
        return left

    def listed(self) -> tuple[Node, ...]:
        self.demand("(")
        items = [self.any_of()]
        while self.next_is(","):
            items.append(self.any_of())
        self.demand(")")
        return tuple(items)

    def sum(self) -> Node:
        node = self.product()
        while sign := next((s for s in "+-" if self.next_is(s)), None):
            node = Arithmetic(sign, node, self.product())
        return node

    def product(self) -> Node:
        node = self.unary()
        while sign := next((s for s in "*/" if self.next_is(s)), None):
            node = Arithmetic(sign, node, self.unary())
        return node

    def unary(self) -> Node:
        return Negate(self.unary()) if self.next_is("-") else self.atom()

    def atom(self) -> Node:
        if self.next_is("("):
            node = self.any_of()
            self.demand(")")
            return node
        if not self.ahead:
            raise self.lost()
        kind, token = self.ahead.pop()
        if kind == "number":
            return Literal(float(token))
        if kind == "text":
            return Literal(token[1:-1].replace("''", "'"))
        if kind == "sign":
            raise self.lost()
        return self.named(token)

    def named(self, token: str) -> Node:
        word = token.lower()
        if word in ("true", "false"):
            return Literal(word == "true")
        if word in _FUNCTIONS:
            return Call(word, self.listed())
        if word == "days_since":
            (inner,) = self.listed()
            if isinstance(inner, Name):
                return DaysSince(inner)
            raise self.lost()
        return Name(token)
