"""The condition language read from text by recursive descent, one method for each strength of binding.

Independent of Leadline and of any SQL library. What comes out is a tree of :mod:`tests.oracle.trees`; writing a tree and
reading it again check each other.
"""

from __future__ import annotations

import re
from functools import cache

from tests.oracle.trees import Arithmetic, Between, Call, Compare, DaysSince, In, IsNull, Join, Like, Literal, Name, Negate, Node, Not
from tests.oracle.values import Env, as_text

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>'(?:[^']|'')*')"
    r"|(?P<name>[^\W\d]\w*(?:\.(?:[^\W\d]\w*|\"[^\"]*\"))*)|(?P<quoted>\"[^\"]*\")|(?P<sign><=|>=|<>|!=|[-+*/=<>(),]))"
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
                    return Like(left, as_text(self.sum().value(Env({}))), like == "ilike", negated)
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
        return Name(token[1:-1]) if kind == "quoted" else self.named(token)

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
        return Name(token.replace('"', ""))
