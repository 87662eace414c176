"""Rehearsals of a single definition, and what engines gathered for them as plain rows, for tests that compare them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import numpy as np

from leadline import Project
from leadline.engine import backends
from leadline.engine.backends import Backend
from leadline.engine.model import Program
from leadline.engine.rehearsal import ALWAYS, Bundle, Course, History, Rehearsal, Rules, Segments
from tests.engines.agreement import NOW
from tests.oracle import interpreter
from tests.oracle.files import write_project
from tests.oracle.strategies import Case

NOTHING, NO_NUMBERS = np.empty((0, 0), np.int64), np.empty((0, 0))
NO_RULES = Rules(NOTHING, NO_NUMBERS, NOTHING, NOTHING, NOTHING, NO_NUMBERS, NOTHING, NOTHING, NOTHING, NOTHING)


def bundle_of(program: Program) -> Bundle:
    """Return one definition as a bundle that decides nothing; its slots are all that rules say of attributes alone."""
    rules = [rule.when for rule in (*program.disqualify, *program.suspend, *program.tracks)]
    slots = [when for when in rules if all(name.startswith(("person.", "account.")) for name in when.names)]
    slots += [program.only] if program.only else []
    slots += [step for item in program.attributes for step, _ in item.steps]
    registers = {name: at for at, (name, _) in enumerate(program.criteria)}
    return Bundle((Course("new", ((ALWAYS, program),)),), program, tuple(slots), NO_RULES, (), ((registers,),))


def opened(folder: Path, case: Case, seed: int = 0, write: Callable[..., Path] = write_project) -> tuple[Project, Backend, Rehearsal]:
    """Return a case as a project of an engine, with the rehearsal of its definition."""
    project = Project(write(folder, case.definition, case.facts, Random(seed)), now=NOW)
    backend = backends.of(project.config, project.mirror)
    return project, backend, backend.rehearsal(bundle_of(project.program), (("a title",),))


def codes(project: Project, name: str) -> dict[str, int]:
    """Return the mirror's codes of people (``person``) or accounts (``account``)."""
    file = project.mirror.path / {"person": "people.parquet", "account": "accounts.parquet"}[name]
    with duckdb.connect() as con:
        return dict(con.read_parquet(str(file)).project(f"{name}_id, {name}_code").distinct().fetchall())


def subject(case: Case, person: str, at: int) -> interpreter.Subject:
    """Return what the oracle knows of a person at an instant."""
    facts = case.facts
    account = facts.account_of(person, at)
    values = dict(facts.person_values(person, at)) | dict(facts.account_values(account, at))
    return interpreter.Subject(case.definition, facts, person, account, facts.created(person), at, values, case.trees)


def rows_of_history(found: History) -> Counter[Any]:
    """Return activities as plain rows, whatever their order."""
    theirs = found.account_masks if len(found.account_masks) else np.zeros_like(found.masks)
    account = found.account if len(found.account) else np.full(len(found.times), -1)
    columns = (found.person, found.times, found.known, found.masks, theirs, account, found.values)
    return Counter(zip(*(map(str, column.tolist()) for column in columns), strict=True))


def rows_of_segments(found: Segments) -> list[Any]:
    """Return segments as plain rows, in their order."""
    return list(zip(*(map(str, column.tolist()) for column in found), strict=True))
