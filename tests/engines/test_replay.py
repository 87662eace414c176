"""A replay tells who was inside which track, from when to when, to the microsecond.

Held to the oracle's reading on every engine, and to the law that ties it to ``score``: whoever is inside a spell at an instant is
whom a score as of that instant lets in, or has not thrown out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from leadline.engine.rehearsal import ALWAYS
from tests.engines import agreement
from tests.engines.spells import Periods, Times, differences, opened, replayed
from tests.engines.tables import KEPT_AS, write_tables
from tests.engines.test_spark import write_spark
from tests.oracle import lives, strategies, validity
from tests.oracle.files import write_project
from tests.oracle.strategies import Case

seeds = st.integers(0, 2**48)
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]  # a smaller seed is no smaller case; tests.oracle.strategies.smallest is for that


@settings(max_examples=12, phases=PHASES)
@given(seeds)
def test_duckdb_follows_people_as_the_oracle_does(seed: int):
    with tempfile.TemporaryDirectory() as folder:
        assert not differences(lives.make_life(Random(seed), 20), Path(folder), seed)


@pytest.mark.parametrize("seed", range(4))
def test_postgres_follows_people_as_the_oracle_does(seed, postgres, tmp_path):
    write = partial(write_tables, postgres, properties=KEPT_AS[seed])
    assert not differences(lives.make_life(Random(seed), 30), tmp_path, seed, write)


@pytest.mark.parametrize(("seed", "form"), [(3, "csv"), (17, "views")])
def test_spark_follows_people_as_the_oracle_does(seed, form, spark, tmp_path):
    assert not differences(lives.make_life(Random(seed), 15), tmp_path, seed, partial(write_spark, form, spark))


# --- courses ---------------------------------------------------------------------------------------------------------


def two_definitions(rng: Random, size: int) -> tuple[Case, Case]:
    """Return a case, and another with the same facts and a definition that may have tracks of the same names."""
    one = lives.make_life(rng, size)
    definition, trees = strategies.make_definition(rng, one.as_ofs[0])
    other = replace(one, definition=definition, trees={**one.trees, **trees})
    other = replace(other, definition=lives.with_lines(rng, other))
    return replace(one, trees=other.trees), other


def eras(rng: Random, case: Case, *definitions: Mapping[str, Any]) -> Periods:
    """Return a course of definitions, each in force from an instant at which something happens, or near it."""
    instants = sorted({at for row in case.facts.activities for at in strategies.instants_of(row)})
    begins = sorted(rng.choice(instants) + rng.choice((-1, 0, 1)) for _ in definitions[1:])
    first = rng.choice((ALWAYS, ALWAYS, begins[0] - rng.choice((1, 3_600_000_000))))
    return [*dict(zip([first, *begins], definitions, strict=True)).items()]


@settings(max_examples=12, phases=PHASES)
@given(seeds)
def test_each_instant_is_judged_by_the_definition_in_force(seed: int):
    rng = Random(seed)
    one, other = two_definitions(rng, 12)
    with tempfile.TemporaryDirectory() as folder:
        assert not differences(one, Path(folder), seed, periods=eras(rng, one, one.definition, other.definition, one.definition))


@settings(max_examples=5, phases=PHASES)
@given(seeds)
def test_courses_in_one_pass_are_what_each_is_alone(seed: int):
    rng = Random(seed)
    one, other = two_definitions(rng, 8)
    both = eras(rng, one, one.definition, other.definition)
    moved = one.definition | {"tracks": {**one.definition["tracks"], "line_9": {"when": "score >= 1.5", "leave": "score < 0.5"}}}
    courses: list[Periods] = [[(ALWAYS, one.definition)], [(ALWAYS, other.definition)], both, [(ALWAYS, moved)], [(ALWAYS, one.definition)]]
    courses = [course for course in courses if not any(validity.errors(definition) for _, definition in course)]
    with tempfile.TemporaryDirectory() as folder:
        project, until = opened(Path(folder), one, seed), one.as_ofs[0]
        together = replayed(project, courses, until)
        assert together == [replayed(project, [course], until)[0] for course in courses]


# --- the law ---------------------------------------------------------------------------------------------------------


def inside(spells: Sequence[Times], at: int) -> set[tuple[str, str]]:
    """Return who is inside which track at an instant."""
    begun = [spell for spell in spells if spell[2] is None or spell[2] <= at]
    return {(person, track) for person, track, _, left in begun if left is None or at < left}


def with_leaving(definition: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the definition with a track ``NAME_gone`` that holds where NAME's rule for leaving does."""
    tracks = dict(definition["tracks"])
    gone = {f"{name}_gone": {"when": track["leave"]} for name, track in tracks.items() if "leave" in track}
    whole = {**definition, "tracks": {**tracks, **gone}}
    return None if validity.errors(whole) else whole


@settings(max_examples=5, phases=PHASES)
@given(seeds)
def test_whoever_is_inside_is_whom_a_score_lets_in_or_has_not_thrown_out(seed: int):
    rng = Random(seed)
    case = lives.make_life(rng, 10)
    whole = with_leaving(case.definition)
    definition = whole or {
        **case.definition,
        "tracks": {name: {"when": track["when"]} for name, track in case.definition["tracks"].items()},
    }
    case = replace(case, definition=definition)
    names = [name for name in definition["tracks"] if not name.endswith("_gone")]
    with tempfile.TemporaryDirectory() as folder:
        project = opened(Path(folder), case, seed, write_project)
        spells = list(replayed(project, [[(ALWAYS, definition)]], case.as_ofs[0])[0])
        ends = sorted({at for spell in spells for at in spell[2:] if at is not None})
        asked = rng.sample(ends, min(6, len(ends)))
        asked += [at - 1 for at in asked] + [rng.choice(ends) + rng.randint(-(10**11), 10**11) for _ in ends[:3]]
        for at in (at for at in asked if at <= case.as_ofs[0]):
            now, before = inside(spells, at), inside(spells, at - 1)
            for person, row in agreement.answered(project, at).items():
                free, tracks = row["disqualified"] is None and row["suspended"] is None, row["tracks"]
                for name in names:
                    lets_in, throws_out = name in tracks, f"{name}_gone" in tracks
                    stays = (person, name) in before and f"{name}_gone" in definition["tracks"] and free
                    assert ((person, name) in now) == ((lets_in or stays) and not throws_out), (person, name, at)
            assert {person for person, _ in now} <= set(agreement.answered(project, at))
