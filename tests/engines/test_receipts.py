"""A receipt adds up: its lines make the score, whatever the definition and the facts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

from hypothesis import given, settings

from leadline import Project
from leadline.engine.model import MICRO
from tests.engines.agreement import NOW
from tests.oracle.files import write_project
from tests.oracle.strategies import Case, batches

PEOPLE = 8


@settings(max_examples=8)
@given(batches(6))
def test_the_lines_of_a_receipt_add_up_to_the_score(case: Case) -> None:
    as_of = case.as_ofs[0]
    with tempfile.TemporaryDirectory() as folder:
        project = Project(write_project(Path(folder), case.definition, case.facts, Random(0)), now=NOW)
        for row in list(project.score_rows(as_of).rows())[:PEOPLE]:
            receipt = project.explain(row["person_id"], as_of)
            lines = {line.name: line for line in receipt.lines if line.name not in ("scale", "floor", "cap")}
            assert sum(line.points for line in receipt.lines if line.in_score) == receipt.score == round(row["score"] * MICRO)
            assert {name: line.points for name, line in lines.items()} == {name: round(row[name] * MICRO) for name in lines}
            assert receipt.tracks == tuple(row["tracks"])
            for rule in receipt.judgements:
                held = rule.rule.removeprefix("tracks.") in row["tracks"] or row["disqualified"] or row["suspended"]
                assert not rule.rule.startswith("tracks.") or bool(held) or rule.answer != "yes"
            for line in lines.values():
                shares = [item.share for item in line.evidence if item.share is not None]
                assert not shares or abs(sum(shares) - (line.amount or 0)) < 1e-6
