"""Conditions in words: ``person.seniority >= 'director'`` as "seniority is director or above".

Conservative: what has no plain wording is shown as code, so that nothing is said that the condition doesn't say. *Not*
is pushed down to the comparisons, which three-valued logic allows. What belongs here: wording of conditions and values,
read as a tree by :mod:`.conditions`; their meaning is that package's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from leadline.definition import english
from leadline.definition.conditions import syntax
from leadline.definition.conditions.canonical import write
from leadline.definition.conditions.tree import COMPARISONS, FLIPPED, Node, Op
from leadline.definition.model import Definition
from leadline.errors import Place
from leadline.facts.model import SENIORITY


@dataclass(frozen=True)
class Names:
    """What the wording of a condition depends on.

    Attributes:
        orders: Names of ordered text, with their labels from lowest to highest.
        groups: Names of groups.
        criteria: Names of criteria.
    """

    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    groups: frozenset[str] = frozenset()
    criteria: frozenset[str] = frozenset()


def names_of(definition: Definition) -> Names:
    """Return the names of attributes and rules that the definition itself gives a meaning."""
    bands = {f"band.{name}": tuple(sorted(bounds, key=bounds.__getitem__)) for name, bounds in definition.bands.items()}
    criteria = frozenset(name for _, name, _ in definition.criteria())
    orders: dict[str, tuple[str, ...]] = {"person.seniority": SENIORITY, **definition.ordered, **bands}
    return Names(orders, frozenset(definition.groups), criteria)


def in_words(text: str, names: Names) -> str:
    """Return a condition as a clause without a full stop, in Markdown.

    >>> in_words("person.seniority >= 'director' and account.employees >= 100", Names({"person.seniority": SENIORITY}))
    'seniority is director or above and the account has 100 or more employees'
    """
    tree = _tree(text)
    return _Wording(names).clause(tree) if tree else english.code(text)


def value_in_words(text: str, names: Names) -> str:
    """Return the value of tiers as a noun phrase: ``the account's employees``."""
    tree = _tree(text)
    return _Wording(names).subject(tree) if tree else english.code(text)


def order_of(text: str, names: Names) -> tuple[str, ...]:
    """Return the labels of a value that is ordered text, from lowest to highest; nothing for other values."""
    tree = _tree(text)
    return names.orders.get(str(tree.value), ()) if tree and tree.op is Op.NAME else ()


def _tree(text: str) -> Node | None:
    return syntax.read(text, Place())[0]


_NEGATED = {Op.EQ: Op.NE, Op.NE: Op.EQ, Op.LT: Op.GE, Op.GE: Op.LT, Op.GT: Op.LE, Op.LE: Op.GT}
_COMPARED = {Op.EQ: "{}", Op.NE: "not {}", Op.LT: "below {}", Op.LE: "{} or less", Op.GT: "above {}", Op.GE: "{} or more"}
_RANKED = {Op.LT: "below {}", Op.LE: "{} or below", Op.GT: "above {}", Op.GE: "{} or above"}
_AMOUNTS = {Op.EQ: "{}", Op.LT: "fewer than {}", Op.LE: "at most {}", Op.GT: "more than {}", Op.GE: "{} or more"}
_AGES = {Op.LT: "less than {}", Op.LE: "at most {}", Op.GT: "more than {}", Op.GE: "{} or more"}
_DATED = {Op.LT: "before {}", Op.LE: "{} or earlier", Op.GT: "later than {}", Op.GE: "{} or later"}
_EARNED = {Op.GT: "earned points", Op.EQ: "earned no points", Op.LT: "cost points"}
_LABELS = {"vp": "VP", "c_level": "C-level"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ][\d:.]+(Z|[+-]\d\d:?\d\d)?)?")
_PLAIN = re.compile(r"[^\W_]+(?:[ -][^\W_]+)*")
_TIME_NAME = re.compile(r"(?<=.)_(?:at|on|date|time)$")
_TIMES = {"created_at": "creation"}
_MARKED = {
    "account.is_customer": ("the account is a customer", "the account is not a customer"),
    "account.has_open_deal": ("the account has an open deal", "the account has no open deal"),
    "person.email_is_free": ("the e-mail address is a free one", "the e-mail address is not a free one"),
}
_SINCE = {
    "person.created_at": "the person has been known for {}",
    "account.customer_since": "the account has been a customer for {}",
    "account.open_deal_since": "the account has had an open deal for {}",
}
_OWNER = {"person": "", "account": "the account's "}
_HOLDER = {"person": "the person", "account": "the account"}


class _Wording:
    """Puts one tree into words."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def clause(self, node: Node, *, negate: bool = False) -> str:
        if node.op is Op.NOT:
            return self.clause(node.args[0], negate=not negate)
        if node.op in (Op.AND, Op.OR):
            word = "or" if (node.op is Op.OR) != negate else "and"
            return _joined([self._term(arg, negate=negate) for arg in node.args], word)
        found = self.comparison(node, negate=negate) if node.op in COMPARISONS else self._special(node, negate=negate)
        return found or self._code(node, negate=negate)

    def _term(self, node: Node, *, negate: bool) -> str:
        inner = node
        while inner.op is Op.NOT:
            inner = inner.args[0]
        clause = self.clause(node, negate=negate)
        return f"({clause})" if inner.op in (Op.AND, Op.OR) else clause

    def _code(self, node: Node, *, negate: bool) -> str:
        return english.code(write(Node(Op.NOT, (node,)) if negate else node))

    def _special(self, node: Node, *, negate: bool) -> str | None:
        return _CLAUSES[node.op](self, node, negate=negate) if node.op in _CLAUSES else None

    def comparison(self, node: Node, *, negate: bool) -> str | None:
        left, right = node.args
        op = _NEGATED[node.op] if negate else node.op
        if left.op is Op.LITERAL and right.op is not Op.LITERAL:
            left, right, op = right, left, FLIPPED[op]
        if left.op is Op.DAYS_SINCE:
            return self.age(left.args[0], _AGES.get(op), right)
        if right.op is not Op.LITERAL:
            return f"{self.subject(left)} {self.be(left)} {_COMPARED[op].format(self.subject(right))}"
        if isinstance(right.value, bool):
            same = op is Op.EQ if right.value else op is Op.NE
            return self.truth(left, negate=not same) if op in (Op.EQ, Op.NE) else None
        if isinstance(right.value, str):
            return self.with_text(left, op, right.value)
        return self.with_number(left, op, float(right.value or 0))

    def with_text(self, left: Node, op: Op, text: str) -> str | None:
        shown, forms = self.label(left, text), _COMPARED if op in (Op.EQ, Op.NE) else None
        if str(left.value) in self.names.orders:
            forms = forms or _RANKED
        elif _DATE.fullmatch(text):
            shown, forms = english.escaped(text), forms or _DATED
        return f"{self.subject(left)} {self.be(left)} {forms[op].format(shown)}" if forms else None

    def with_number(self, left: Node, op: Op, bound: float) -> str:
        name, shown = str(left.value), english.number(bound)
        if left.op is Op.NAME and name in self.names.criteria:
            return self.earned(left, op, bound)
        owner, _, attribute = name.partition(".")
        if left.op is Op.NAME and owner in _HOLDER and english.is_plural(attribute) and op in _AMOUNTS:
            noun = english.singular(english.spoken(attribute)) if bound == 1 and op is not Op.GE else english.spoken(attribute)
            return f"{_HOLDER[owner]} has {_AMOUNTS[op].format(shown)} {noun}"
        return f"{self.subject(left)} {self.be(left)} {_COMPARED[op].format(shown)}"

    def earned(self, left: Node, op: Op, bound: float) -> str:
        if bound == 0 and op in _EARNED:
            return f"{self.subject(left)} has {_EARNED[op]}"
        return f"the points of {self.subject(left)} are {_COMPARED[op].format(english.number(bound))}"

    def age(self, time: Node, form: str | None, days: Node) -> str | None:
        if form is None or not isinstance(days.value, float):
            return None
        return self._aged(time, form.format(english.counted(days.value, "day")))

    def _aged(self, time: Node, span: str) -> str:
        name = str(time.value)
        owner, _, attribute = name.partition(".")
        if name in _SINCE:
            return _SINCE[name].format(span)
        state = attribute.removesuffix("_since")
        if state != attribute and owner in _HOLDER and state.endswith(("ing", "ed")):
            return f"{_HOLDER[owner]} has been {english.spoken(state)} for {span}"
        return f"{self.subject(time)} was {span} ago"

    def between(self, node: Node, *, negate: bool) -> str | None:
        value, low, high = node.args
        if any(not isinstance(bound.value, float) for bound in (low, high)):
            return None
        span = f"between {english.number(float(low.value or 0))} and {english.number(float(high.value or 0))}"
        if value.op is Op.DAYS_SINCE:
            return None if negate else self._aged(value.args[0], f"{span} days")
        return f"{self.subject(value)} {self.be(value)} {'not ' if negate else ''}{span}"

    def one_of(self, node: Node, *, negate: bool) -> str | None:
        value, *items = node.args
        labels = [self.label(value, item.value) if isinstance(item.value, str) else self.subject(item) for item in items]
        verb = f"{self.subject(value)} {self.be(value)}"
        if len(labels) == 1:
            return f"{verb} {'not ' if negate else ''}{labels[0]}"
        return f"{verb} {'not ' if negate else ''}one of {english.listed(labels, 'or')}"

    def like(self, node: Node, *, negate: bool) -> str | None:
        value, pattern = node.args
        if not isinstance(pattern.value, str):
            return None
        text, does = pattern.value, "does not" if negate else ""
        core = text.strip("%")
        case = " (whatever its case)" if node.op is Op.ILIKE else ""
        if not core or "%" in core or "_" in core:
            verb, core = ("match" if negate else "matches") + " the pattern", text
        else:
            start, end = not text.startswith("%"), not text.endswith("%")
            if start and end:
                return f"{self.subject(value)} is {does and 'not '}{english.code(core)}{case}"
            plain = "begin" if start else "end" if end else "contain"
            verb = (plain if negate else plain + "s") + (" with" if start or end else "")
        return f"{self.subject(value)} {does + ' ' if does else ''}{verb} {english.code(core)}{case}"

    def known(self, node: Node, *, negate: bool) -> str:
        value = node.args[0]
        return f"{self.subject(value)} {self.be(value)} {'known' if negate else 'not known'}"

    def bare(self, node: Node, *, negate: bool) -> str | None:
        return self.truth(node, negate=negate)

    def truth(self, node: Node, *, negate: bool) -> str | None:
        """Return a yes-or-no attribute in words; one that stands in ``coalesce(…, false)`` is a no where it isn't known."""
        if node.op is Op.COALESCE and len(node.args) == 2 and node.args[1].value is False:
            found = self.truth(node.args[0], negate=negate)
            return found and (f"{found} as far as is known" if negate else found)
        if node.op is not Op.NAME:
            return None
        name = str(node.value)
        if name in _MARKED:
            return _MARKED[name][negate]
        owner, _, attribute = name.rpartition(".")
        words = english.spoken(re.sub(r"^(?:is|was)_(?=.)", "", attribute))
        return f"{_HOLDER.get(owner, 'it')} is {'not ' if negate else ''}marked “{words}”"

    def subject(self, node: Node) -> str:
        """Return a name, a literal or a call as a noun phrase; other calculations as code."""
        if node.op is Op.NAME:
            return self.name(str(node.value))
        if node.op is Op.LITERAL:
            return self._literal(node.value)
        first = self.subject(node.args[0])
        if node.op in (Op.LOWER, Op.UPPER):
            return f"{first} in {'small' if node.op is Op.LOWER else 'capital'} letters"
        if node.op is Op.LENGTH:
            return f"the length of {first}"
        if node.op is Op.COALESCE and len(node.args) == 2 and node.args[1].op is Op.LITERAL:
            return f"{first} ({self.subject(node.args[1])} if not known)"
        return english.code(write(node))

    def name(self, name: str) -> str:
        owner, _, attribute = name.rpartition(".")
        if owner == "band":
            return "the band of the score" if attribute == "score" else f"the band of *{english.spoken(attribute)}*"
        if owner and _TIME_NAME.search(attribute):
            return f"the {owner}'s {_TIMES.get(attribute) or english.spoken(_TIME_NAME.sub('', attribute))}"
        if owner:
            return f"{_OWNER.get(owner, '')}{english.spoken(attribute)}"
        if name in ("score", "grade") and self.names.groups:
            return f"the {name}"
        mark = "*" if name in self.names.groups | self.names.criteria else ""
        return f"{mark}{english.spoken(name)}{mark}" if mark else f"the {english.spoken(name)}"

    def be(self, node: Node) -> str:
        own = node.op is Op.NAME and str(node.value) not in self.names.groups | self.names.criteria
        return "are" if own and english.is_plural(str(node.value)) else "is"

    def label(self, value: Node, text: str) -> str:
        if str(value.value) in self.names.orders:
            return _LABELS.get(text, english.spoken(text))
        return self._literal(text)

    def _literal(self, value: object) -> str:
        if isinstance(value, str):
            return value if _PLAIN.fullmatch(value) else english.code(value) if value else "empty"
        if isinstance(value, bool):
            return "yes" if value else "no"
        return english.number(value) if isinstance(value, int | float) else ""


def _joined(terms: list[str], word: str) -> str:
    """Return clauses joined so that a list or a span inside one of them isn't taken for the next clause."""
    loose = [term for term in terms if not term.startswith("(")]
    if any(re.search(r", | one of ", term) for term in loose):
        return "; ".join(terms[:-1]) + f"; {word} {terms[-1]}"
    if any(f" {word} " in term for term in loose) or any(", " in term for term in terms):
        return ", ".join(terms[:-1]) + f", {word} {terms[-1]}"
    return english.listed(terms, word)


_CLAUSES: dict[Op, Callable[..., str | None]] = {
    Op.BETWEEN: _Wording.between, Op.IN: _Wording.one_of, Op.LIKE: _Wording.like, Op.ILIKE: _Wording.like,
    Op.IS_NULL: _Wording.known, Op.NAME: _Wording.bare, Op.COALESCE: _Wording.bare,
}  # fmt: skip
