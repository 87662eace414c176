"""Hypothesis strategies over definitions and facts together, and a cheap way to many worlds at once.

``cases()`` is for tests that can afford an example each: it shrinks. ``batches()`` merges many small worlds under one
definition, so that a single run of an engine is checked on hundreds of people; when one of them differs, :func:`alone`
and :func:`smallest` cut the case down to what matters.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.oracle import validity, worlds
from tests.oracle.authors import ACCOUNT, DERIVED, ORDERABLE, PERSON, PROPERTIES, Author, DefinitionAuthor, Kind
from tests.oracle.facts import Facts
from tests.oracle.trees import Node
from tests.oracle.values import DAY, Env, Instant


@dataclass(frozen=True)
class Case:
    """A definition, facts, and the instants to ask about; ``trees`` are those that its conditions were written from."""

    definition: Mapping[str, Any]
    facts: Facts
    as_ofs: tuple[int, ...]
    trees: Mapping[str, Node] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class ConditionCase:
    """A condition, its tree, the names it may use, and values to try it on."""

    text: str
    tree: Node
    scope: Mapping[str, Kind]
    envs: tuple[Env, ...]


def make_definition(rng: Random, as_of: int, *, checked: bool = True) -> tuple[dict[str, Any], dict[str, Node]]:
    """Return a definition, and the trees of its conditions; unless ``checked``, rules may be ones that nobody can meet."""
    while True:
        author = DefinitionAuthor(rng, as_of)
        definition = author.definition()
        if not checked:
            return definition, author.trees
        if mended := validity.mended(definition):
            return mended, author.trees


def make_case(rng: Random, size: int = 1, *, checked: bool = True) -> Case:
    """Return a case of so many worlds, and one person who is there so that every column has its type."""
    as_ofs = worlds.moments(rng)
    definition, trees = make_definition(rng, as_ofs[0], checked=checked)
    explicit = rng.random() < 0.2
    lengths, types = worlds.durations(definition), worlds.types(definition)
    prefixes = [f"w{at:03}-" for at in range(size)] if size > 1 else [""]
    made = [worlds.World(rng, as_ofs, lengths, types, prefix, explicit).facts() for prefix in prefixes]
    facts = worlds.side_by_side([*made, worlds.anchor(as_ofs[0], explicit_customers=explicit)])
    return Case(definition, facts, as_ofs, trees)


def make_condition(rng: Random, rows: int = 20) -> ConditionCase:
    """Return a condition of a signal or of a rule, and so many rows of values for it."""
    as_of = worlds.moments(rng)[0]
    ordered = {name: Kind("ordered", PERSON["person.tier"].values, labels) for name, labels in ORDERABLE.items()}
    scope = rng.choice((PROPERTIES, {**PERSON, **ACCOUNT, **DERIVED, **ordered}))
    author = Author(rng, as_of)
    tree = author.boolean(scope, rng.randint(0, 3))
    world = worlds.World(rng, (as_of,), (DAY, 7 * DAY))
    world.instants = [as_of, as_of - 1, as_of - DAY, as_of - 30 * DAY]
    orders = {name: kind.order for name, kind in scope.items() if kind.order}
    values = [{name: world.held(kind) for name, kind in scope.items()} for _ in range(rows)]
    floats = [
        {name: float(held) if isinstance(held, int) and not isinstance(held, bool) else held for name, held in row.items()}
        for row in values
    ]
    return ConditionCase(author.say(tree), tree, scope, tuple(Env(row, as_of, orders) for row in floats))


def cases() -> st.SearchStrategy[Case]:
    """Return a strategy of single small worlds, which shrinks."""
    return st.randoms(use_true_random=False).map(make_case)


def batches(size: int = 200) -> st.SearchStrategy[Case]:
    """Return a strategy of many worlds under one definition; only its seed is drawn."""
    return st.integers(0, 2**48).map(lambda seed: make_case(Random(seed), size))


def condition_cases(rows: int = 20) -> st.SearchStrategy[ConditionCase]:
    """Return a strategy of conditions with values to try them on."""
    return st.randoms(use_true_random=False).map(lambda rng: make_condition(rng, rows))


# --- cutting a case down ---------------------------------------------------------------------------------------------


def alone(case: Case, person: str) -> Case:
    """Return the case with only the world of this person, and the anchor."""
    prefix = person.partition("-")[0] + "-"
    kept = {name: [row for row in getattr(case.facts, name) or () if _of_world(row, prefix)] for name in _RELATIONS}
    return replace(case, facts=Facts(**kept))


def smallest(case: Case, fails: Callable[[Case], bool], most: int = 500) -> Case:
    """Return a case that still fails, with as little in it as greedy cutting finds in ``most`` attempts.

    Rows go first, then parts of the definition, then single properties. ``fails`` must be False, not raise, for a case
    that the engine refuses.
    """
    tries = 0
    progress = True
    while progress:
        progress = False
        for candidate in _cuts(case):
            tries += 1
            if tries > most:
                return case
            if fails(candidate):
                case, progress = candidate, True
                break
    return case


_RELATIONS = ("people", "accounts", "activities", "deals")


def _of_world(row: Mapping[str, Any], prefix: str) -> bool:
    return any(str(row.get(key) or "").startswith((prefix, "zz-")) for key in ("person_id", "account_id", "activity_id", "deal_id"))


def _cuts(case: Case) -> Iterator[Case]:
    for name in _RELATIONS:
        rows = list(getattr(case.facts, name) or ())
        size = len(rows) * 2
        while size := size // 2:
            for at in range(0, len(rows), size):
                yield _with_rows(case, name, rows[:at] + rows[at + size :])
    for path in _paths(case.definition, ()):
        yield replace(case, definition=_without(case.definition, path))
    for at, row in enumerate(case.facts.activities):
        for key in row.get("properties") or {}:
            less = {**row, "properties": {name: held for name, held in row["properties"].items() if name != key}}
            yield _with_rows(case, "activities", [*case.facts.activities[:at], less, *case.facts.activities[at + 1 :]])


def _with_rows(case: Case, name: str, rows: list[Any]) -> Case:
    return replace(case, facts=Facts(**{key: rows if key == name else getattr(case.facts, key) for key in _RELATIONS}))


def _paths(element: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(element, Mapping):
        for key, inner in element.items():
            yield (*path, key)
            yield from _paths(inner, (*path, key))


def _without(definition: Mapping[str, Any], path: tuple[Any, ...]) -> Mapping[str, Any]:
    changed = copy.deepcopy(dict(definition))
    inner: Any = changed
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return changed


def instants_of(row: Mapping[str, Any]) -> list[int]:
    """Return the instants in a row, for tests that ask about every edge."""
    own = [held for key, held in row.items() if key.endswith("_at") or key == "valid_from"]
    return sorted({held.micros if isinstance(held, Instant) else held for held in own if held is not None})
