"""What is missing to judge leads by: attributes of new people, by form and source, and behaviour before deals that were won.

Pure; :mod:`.leads_store` reads what is counted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.outcomes.model import NONE
from leadline.review import figures
from leadline.review.model import Figure
from leadline.review.period.parts import Completeness, Gaps

if TYPE_CHECKING:
    from leadline.engine.model import Program
    from leadline.outcomes.matching import Outcomes
    from leadline.outcomes.model import Flags, Whole
    from leadline.review.period.entered import Label

MOST_ROWS = 15
"""Forms, and sources, that are told; rare ones are left out, and all are in the total."""
LEAST = 5
"""New leads that a form or a source needs to be told."""
UNKNOWN, NO_FORM = "unknown", "no form"
YEAR = 365 * clock.DAY


@dataclass(frozen=True)
class Leads:
    """The people who were created in a period (n people).

    Attributes:
        attributes: What fit criteria read: ``person.seniority``, …
        known: n × attribute: whether it was known when the period ended.
        form: The first form that each filled in; -1 for none.
        source: Where each came from.
    """

    attributes: tuple[str, ...]
    known: Flags
    form: Label
    source: Label


def read_by_fit(program: Program) -> tuple[str, ...]:
    """Return the attributes that criteria on attributes read, of groups that count in the score, called as in ``person.title``."""
    counted = {at for group in program.groups if group.in_score for at in group.criteria}
    read = [program.attributes[-1 - index] for at, (_, index) in enumerate(program.criteria) if index < 0 and at in counted]
    return tuple(sorted({name for attribute in read for condition, _ in attribute.steps for name in condition.names}))


def won_lately(outcomes: Outcomes, end: int) -> Whole:
    """Return the indices of the settled deals that were won in the year up to an instant."""
    deals = outcomes.deals
    return np.flatnonzero(deals.won & (deals.closed < end) & (deals.closed >= end - YEAR)).astype(np.int64)


def completeness(leads: Leads, silent: Flags) -> Completeness | None:
    """Return what is missing; ``None`` if there are neither new leads nor deals.

    Args:
        leads: The new ones.
        silent: By deal won, whether nothing is recorded that its account did in the time before the first conversation.
    """
    if not len(leads.known) and not len(silent):
        return None
    everybody = np.ones(len(leads.known), np.bool_)
    gaps = [*_by(leads, "form", leads.form), *_by(leads, "source", leads.source)]
    share = figures.share(int(silent.sum()), len(silent))
    return Completeness(leads.attributes, _gaps(leads, "all", "", everybody), tuple(gaps), share)


def _by(leads: Leads, by: str, label: Label) -> Iterator[Gaps]:
    """Yield the gaps of each form or source, the most frequent first."""
    counts = np.bincount(np.where(label.codes == NONE, len(label.names), label.codes), minlength=len(label.names) + 1)
    names = [*label.names, NO_FORM if by == "form" else UNKNOWN]
    order: list[int] = np.argsort(-counts, kind="stable")[:MOST_ROWS].tolist()
    for at in order:
        if counts[at] >= LEAST and label.by:
            yield _gaps(leads, by, names[at], label.codes == (at if at < len(label.names) else NONE))


def _gaps(leads: Leads, by: str, name: str, chosen: Flags) -> Gaps:
    unknown = ~leads.known[chosen]
    n = len(unknown)
    lacking = unknown.sum(axis=1)
    some, none = _share(lacking > 0, leads), _share(lacking == len(leads.attributes), leads)
    shares = [(attribute, int(missing) / n) for attribute, missing in zip(leads.attributes, unknown.sum(axis=0), strict=True) if missing]
    return Gaps(by, name, n, some, none, tuple(sorted(shares, key=lambda pair: (-pair[1], pair[0]))))


def _share(chosen: Flags, leads: Leads) -> Figure:
    """Return a share of leads; without criteria on attributes there is nothing that could be missing."""
    return figures.share(int(chosen.sum()) if leads.attributes else 0, len(chosen))
