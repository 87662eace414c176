"""Names get their types: every operation is checked for what it is done to, and spelled out until both renderings agree.

What is settled here, once for SQL and Python: ordered text compares by rank, times compare as microseconds,
``days_since(x) > n`` asks ``x < as_of - n days``, ``between`` is two comparisons, ``ilike`` is ``like`` on lower case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from leadline import clock
from leadline.definition.conditions.canonical import write
from leadline.definition.conditions.tree import ARITHMETIC, COMPARISONS, FLIPPED, Node, Op
from leadline.errors import Place, Problem, did_you_mean
from leadline.facts.model import Column, Type

LONGEST_AGE = 1_000_000
_ATTRIBUTES = ("person.", "account.")
_SAID = {Type.TEXT: "text", Type.NUMBER: "a number", Type.BOOLEAN: "true or false", Type.TIME: "a time"}


class OpenScope(dict[str, Column]):
    """A scope for facts that aren't at hand: any ``person.`` or ``account.`` attribute, or property, may exist.

    A condition read in it is checked as far as that goes, and can't be rendered.
    """

    def __init__(self, known: Mapping[str, Column], *, properties: bool = False) -> None:
        """Keep what is known; ``properties`` says that bare names are properties, which may be anything."""
        super().__init__(known)
        self.properties = properties

    def admits(self, name: str) -> bool:
        """Return whether a name that isn't known may yet exist."""
        return name.startswith(_ATTRIBUTES) is not self.properties


def resolve(node: Node, scope: Mapping[str, Column], where: Place, wanted: Type) -> tuple[Node | None, list[Problem]]:
    """Return the tree with types, spelled out, or all that is wrong with it; the whole is to be of type ``wanted``."""
    resolver = _Resolver(scope, where)
    found = resolver.resolve(node)
    if found is not None and found.order and wanted is Type.NUMBER:
        found = resolver.ranked(found, found.order)
    else:
        found = resolver.expect(found, wanted)
    return (None if resolver.problems else found), list(dict.fromkeys(resolver.problems))


class _Resolver:
    """Resolves bottom-up; ``None`` stands for a part whose problem has been noted already."""

    def __init__(self, scope: Mapping[str, Column], where: Place) -> None:
        self.scope, self.where, self.problems = scope, where, list[Problem]()

    def refuse(self, code: str, says: str, fix: str = "") -> None:
        self.problems.append(Problem(code, self.where, says, fix))

    def resolve(self, node: Node) -> Node | None:
        if node.op in _TAKES_GIVES:
            takes, gives = _TAKES_GIVES[node.op]
            return self.apply(node, takes, gives)
        return self.comparison(node) if node.op in COMPARISONS else _SPECIAL[node.op](self, node)

    def literal(self, node: Node) -> Node:
        value = node.value
        kind = Type.TEXT if isinstance(value, str) else Type.BOOLEAN if isinstance(value, bool) else Type.NUMBER
        return replace(node, type=kind)

    def name(self, node: Node) -> Node | None:
        name = str(node.value)
        column = self.scope.get(name)
        if column is not None:
            return replace(node, type=column.type, order=column.order)
        if isinstance(self.scope, OpenScope) and self.scope.admits(name):
            return node
        self.refuse_name(name)
        return None

    def refuse_name(self, name: str) -> None:
        """Note an unknown name; what the scope has tells where the condition stands."""
        scope, is_open = self.scope, isinstance(self.scope, OpenScope) and not self.scope.properties
        sees_attributes = is_open or any(other.startswith(_ATTRIBUTES) for other in scope)
        if name.startswith(_ATTRIBUTES) and not sees_attributes:
            self.refuse("unknown-property", f"'{name}' can't be asked of an activity.", "A signal's condition sees properties only.")
            return
        if name.startswith(_ATTRIBUTES):
            kind, _, attribute = name.partition(".")
            known = [other.removeprefix(f"{kind}.") for other in scope if other.startswith(f"{kind}.")]
            self.refuse("unknown-attribute", f"'{attribute}' is not an attribute of {kind}.", did_you_mean(attribute, known))
            return
        meant = next((f"{prefix}{name}" for prefix in _ATTRIBUTES if f"{prefix}{name}" in scope), "")
        fix = f"Did you mean '{meant}'?" if meant else did_you_mean(name, scope)
        if not sees_attributes:
            self.refuse("unknown-property", f"'{name}' is not a property of activities.", fix)
        elif "score" in scope:
            self.refuse("unknown-name", f"'{name}' is neither score, group nor criterion.", fix)
        else:
            self.refuse("unknown-attribute", f"'{name}' is not an attribute.", fix or "Write person.… or account.… in front.")

    def expect(self, node: Node | None, wanted: Type) -> Node | None:
        ranked = node is not None and node.type is Type.NUMBER and bool(node.order)
        if node is None or (node.type in (None, wanted) and not ranked):
            return node
        says = "an ordered text" if ranked else _SAID[node.type or wanted]
        fix = "Compare it with something." if wanted is Type.BOOLEAN else ""
        self.refuse("type-mismatch", f"{write(node)} is {says} where {_SAID[wanted]} is needed.", fix)
        return None

    def apply(self, node: Node, takes: Type, gives: Type) -> Node | None:
        args = [self.expect(self.resolve(arg), takes) for arg in node.args]
        return _rebuilt(node, args, gives)

    def comparison(self, node: Node) -> Node | None:
        left, right = node.args
        if right.op is Op.DAYS_SINCE and left.op is not Op.DAYS_SINCE:
            left, right, node = right, left, replace(node, op=FLIPPED[node.op])
        if left.op is Op.DAYS_SINCE:
            return self.age(node.op, left, right)
        args = self.alike([self.resolve(left), self.resolve(right)])
        if args and args[0].type is Type.BOOLEAN and node.op not in (Op.EQ, Op.NE):
            self.refuse("type-mismatch", f"{write(args[0])} is true or false, which has no order.", "Use '=' or '<>'.")
            return None
        return replace(node, args=tuple(args), type=Type.BOOLEAN) if args else None

    def age(self, op: Op, call: Node, days: Node) -> Node | None:
        time = self.expect(self.resolve(call.args[0]), Type.TIME)
        if call.args[0].op is not Op.NAME or days.op is not Op.LITERAL or not isinstance(days.value, float):
            fix = "Write: days_since(person.created_at) >= 30"
            self.refuse("unsupported-condition", "days_since of an attribute is compared with a number, and nothing else.", fix)
            return None
        if abs(days.value) > LONGEST_AGE:
            self.refuse("unsupported-condition", f"{days.value:g} days are more than the {LONGEST_AGE} that can be asked for.")
            return None
        ago = Node(Op.AGO, value=round(days.value * clock.DAY), type=Type.TIME)
        return time and Node(FLIPPED[op], (time, ago), type=Type.BOOLEAN)

    def days_since(self, node: Node) -> None:
        self.age(Op.EQ, node, node)

    def between(self, node: Node) -> Node | None:
        value, low, high = node.args
        both = [self.comparison(Node(Op.GE, (value, low))), self.comparison(Node(Op.LE, (value, high)))]
        return _rebuilt(Node(Op.AND), both, Type.BOOLEAN)

    def membership(self, node: Node) -> Node | None:
        args = self.alike([self.resolve(arg) for arg in node.args])
        return replace(node, args=tuple(args), type=Type.BOOLEAN) if args else None

    def coalesce(self, node: Node) -> Node | None:
        args = self.alike([self.resolve(arg) for arg in node.args])
        known = next((arg for arg in args or () if arg.type is not None), None)
        return replace(node, args=tuple(args), type=known and known.type, order=known.order if known else ()) if args else None

    def is_null(self, node: Node) -> Node | None:
        arg = self.resolve(node.args[0])
        if arg is not None and arg.order:
            arg = self.ranked(arg, arg.order)
        return _rebuilt(node, [arg], Type.BOOLEAN)

    def like(self, node: Node) -> Node | None:
        value = self.expect(self.resolve(node.args[0]), Type.TEXT)
        pattern = self.resolve(node.args[1])
        if pattern is None or pattern.op is not Op.LITERAL or pattern.type is not Type.TEXT:
            self.refuse("unsupported-condition", "'like' takes a pattern in quotes.", "Write: path like '/pricing%'")
            return None
        if "\\" in str(pattern.value):
            says = f"the pattern {write(pattern)} has a backslash, which engines read differently."
            self.refuse("unsupported-condition", says, "Use '_' for a character that can't be written.")
            return None
        if value is None or node.op is Op.LIKE:
            return _rebuilt(node, [value, pattern], Type.BOOLEAN)
        folded = [Node(Op.LOWER, (part,), type=Type.TEXT) for part in (value, pattern)]
        return Node(Op.LIKE, tuple(folded), type=Type.BOOLEAN)

    def alike(self, found: list[Node | None]) -> list[Node] | None:
        """Return the operands brought to one type: ranks if one has an order, times if one is a time."""
        args = [arg for arg in found if arg is not None]
        order = next((arg.order for arg in args if arg.order), ())
        if order:
            args = [ranked for arg in args if (ranked := self.ranked(arg, order)) is not None]
        elif any(arg.type is Type.TIME for arg in args):
            args = [time for arg in args if (time := self.timed(arg)) is not None]
        if len(args) < len(found):
            return None
        known = [arg for arg in args if arg.type is not None]
        if other := next((arg for arg in known if arg.type is not known[0].type), None):
            says = f"{write(known[0])} is {_SAID[known[0].type or Type.TEXT]}, {write(other)} is {_SAID[other.type or Type.TEXT]}."
            self.refuse("type-mismatch", says, "Compare like with like.")
            return None
        return args

    def ranked(self, node: Node, order: tuple[str, ...]) -> Node | None:
        if node.op is Op.LITERAL and node.type is Type.TEXT:
            if node.value in order:
                return Node(Op.LITERAL, value=float(order.index(str(node.value))), type=Type.NUMBER, order=order)
            self.refuse("unknown-value", f"{write(node)} is not a label of {' < '.join(order)}.", did_you_mean(str(node.value), order))
            return None
        if node.type is None or (node.order == order and node.type is Type.NUMBER):
            return node
        if node.order == order:
            return Node(Op.RANK, (node,), type=Type.NUMBER, order=order)
        says = f"{write(node)} has not the order {' < '.join(order)}, so they can't be compared."
        self.refuse("type-mismatch", says, "Compare with one of these labels.")
        return None

    def timed(self, node: Node) -> Node | None:
        if node.op is not Op.LITERAL or node.type is not Type.TEXT:
            return node
        try:
            return replace(node, value=clock.parse_instant(str(node.value)), type=Type.TIME)
        except ValueError:
            self.refuse("bad-time", f"{write(node)} is not a date or time.", "Write '2026-01-31' or '2026-01-31T09:30:00Z'.")
            return None


_TAKES_GIVES = {
    **dict.fromkeys((Op.AND, Op.OR, Op.NOT), (Type.BOOLEAN, Type.BOOLEAN)),
    **dict.fromkeys((Op.LOWER, Op.UPPER), (Type.TEXT, Type.TEXT)),
    **dict.fromkeys(ARITHMETIC, (Type.NUMBER, Type.NUMBER)),
    Op.LENGTH: (Type.TEXT, Type.NUMBER),
}
_SPECIAL: dict[Op, Callable[[_Resolver, Node], Node | None]] = {
    Op.NAME: _Resolver.name, Op.LITERAL: _Resolver.literal, Op.BETWEEN: _Resolver.between, Op.IN: _Resolver.membership,
    Op.COALESCE: _Resolver.coalesce, Op.IS_NULL: _Resolver.is_null, Op.LIKE: _Resolver.like, Op.ILIKE: _Resolver.like,
    Op.DAYS_SINCE: _Resolver.days_since,
}  # fmt: skip


def _rebuilt(node: Node, args: list[Node | None], gives: Type) -> Node | None:
    whole = [arg for arg in args if arg is not None]
    return replace(node, args=tuple(whole), type=gives) if len(whole) == len(args) else None
