"""Makes up cases for replays: definitions whose lines are crossed, and worlds that last.

A definition and a world are made as for scores. Then scores are looked at where something happens, and tracks are added whose
lines lie between them, so that people enter, fade out, come back and leave by another rule than the one by which they came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from tests.oracle import interpreter, strategies, validity, worlds
from tests.oracle.authors import DURATIONS
from tests.oracle.facts import Facts
from tests.oracle.interpreter import MILLION
from tests.oracle.strategies import Case
from tests.oracle.values import DAY

LOOKS = 12
MINUTE = 60_000_000


def make_life(rng: Random, size: int = 1) -> Case:
    """Return a case of so many worlds with tracks that are entered and left; its instants are those to replay until."""
    case = strategies.make_case(rng, size)
    if rng.random() < 0.3:
        case = replace(case, facts=prompt(case.facts))
    return replace(case, definition=with_lines(rng, case), as_ofs=(max(case.as_ofs) + rng.choice((0, 1, DAY, 30 * DAY)),))


def prompt(facts: Facts) -> Facts:
    """Return facts of which nothing is known late, or was done by a machine, as far as anybody says; an engine may then look less."""
    rows = {
        row["activity_id"]: {key: held for key, held in row.items() if key not in {"received_at", "machine"}} for row in facts.activities
    }
    return replace(facts, activities=list(rows.values()))


def with_lines(rng: Random, case: Case) -> dict[str, Any]:
    """Return the definition with tracks at lines that are crossed, some of them with a rule for leaving."""
    groups = {name: _lively(rng, group) for name, group in case.definition["groups"].items()}
    definition: dict[str, Any] = {**case.definition, "groups": groups}
    case = replace(case, definition=definition)
    seen = figures_seen(rng, case)
    names = [name for name in sorted(seen) if len(seen[name]) > 1]
    rules = [track["when"] for track in case.definition["tracks"].values()]
    tracks = {name: dict(track) for name, track in definition["tracks"].items()}
    for track in tracks.values():
        if rng.random() < 0.5:
            track["leave"] = rng.choice([*rules, line(rng, seen, rng.choice(names), "<>")] if names else rules)
    for at in range(rng.randint(1, 2) if names else 0):
        name = "score" if "score" in names and rng.random() < 0.6 else rng.choice(names)
        when = line(rng, seen, name, ">" if rng.random() < 0.75 else "<")
        leave = {"leave": line(rng, seen, name, "<" if ">" in when else ">")} if rng.random() < 0.5 else {}
        tracks[f"line_{at}"] = {"when": when, **leave}
    return validity.mended(definition | {"tracks": tracks}) or dict(case.definition)


def _lively(rng: Random, group: Mapping[str, Any]) -> dict[str, Any]:
    """Return a group in which more fades, and no silence counts for each second without end: points can't hold years of it."""
    criteria: dict[str, Any] = {}
    for name, criterion in group["criteria"].items():
        if "signal" in criterion and "half_life" not in criterion and "fades_over" not in criterion and rng.random() < 0.3:
            criteria[name] = {**criterion, rng.choice(("half_life", "fades_over")): rng.choice(DURATIONS)}
        elif "every" in criterion and interpreter.duration(criterion["every"]) < MINUTE:
            criteria[name] = {"max": 20, **criterion}
        else:
            criteria[name] = criterion
    return {**group, "criteria": criteria}


def figures_seen(rng: Random, case: Case) -> Mapping[str, Sequence[int]]:
    """Return the score, the groups' and the criteria's points that turn up, in millionths."""
    seen: dict[str, set[int]] = {}
    times = sorted({at for row in case.facts.activities for at in strategies.instants_of(row)} | set(case.as_ofs))
    longest = max(worlds.durations(case.definition), default=DAY)
    for event in rng.sample(times, min(LOOKS, len(times))):
        at = event + rng.choice((0, rng.randrange(longest)))
        for row in interpreter.score(case.definition, case.facts, at, case.trees):
            for name, points in {"score": row.score, **row.groups, **row.criteria}.items():
                seen.setdefault(name, set()).add(points)
    return {name: sorted(points) for name, points in seen.items()}


def line(rng: Random, seen: Mapping[str, Sequence[int]], name: str, signs: str) -> str:
    """Return a comparison of a figure with a number that it reaches, or with one between two of them."""
    one, two = rng.choice(seen[name]), rng.choice(seen[name])
    bound = one if rng.random() < 0.3 else (one + two) // 2
    number = bound / MILLION if rng.random() < 0.5 else round(bound / MILLION, 1)
    sign = rng.choice(signs) + rng.choice(("", "="))
    return f"{name} {sign} {number:f}" if number >= 0 else f"{name} {sign} -{-number:f}"
