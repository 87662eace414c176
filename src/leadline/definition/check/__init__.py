"""Check a definition: everything that is wrong or odd about it, at once, each with its place and a way to mend it.

Errors stop the work: names that lead nowhere, conditions that can't be read, tracks no one can reach. Warnings are for
the reader to weigh: what demographics alone can satisfy, what counts twice, who has not signed. Pure; the day is
passed in. The parts: :mod:`.subject` prepares, :mod:`.references`, :mod:`.reach`, :mod:`.overlap` and
:mod:`.agreement` judge, with :mod:`.ranges` and :mod:`.feasible` behind the second and third.
"""

from __future__ import annotations

import datetime as dt

from leadline.definition.check.agreement import check_agreement
from leadline.definition.check.overlap import check_overlap
from leadline.definition.check.reach import check_reach
from leadline.definition.check.references import check_references
from leadline.definition.check.subject import examine
from leadline.definition.load import Loaded
from leadline.errors import Problem
from leadline.facts.model import Schema

__all__ = ["check"]


def check(loaded: Loaded, schema: Schema | None, today: dt.date) -> list[Problem]:
    """Return every problem of a definition, in the order of the file.

    Args:
        loaded: The definition, with the document that knows its lines.
        schema: The schema of the facts; without it attributes, properties and types of activity aren't checked.
        today: The day, which decides whether a review is overdue.
    """
    subject = examine(loaded, schema)
    checks = (check_references(subject), check_reach(subject), check_overlap(subject), check_agreement(subject, today))
    problems = [*subject.problems, *(problem for found in checks for problem in found)]
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.where.line or 0)
