"""Why sales rejects leads, now and before, and whether the reasons are those that both teams agreed on.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from leadline.outcomes.model import NONE
from leadline.review import figures
from leadline.review.period.parts import Reason, Reasons, Rejected

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, Whole
    from leadline.review.period.material import Material

HALF = 0.5
"""More than this share of rejections says that marketing and sales don't mean the same by a qualified lead."""
MOST_ROWS = 12
NOTHING = frozenset({
    "", "none", "null", "n_a", "na", "nan", "unknown", "other", "others", "misc", "miscellaneous", "tbd", "test", "x", "xx", "see_notes",
    "no_reason", "not_specified", "unspecified", "not_given",
})  # fmt: skip
"""What stands where a reason should, and is none."""
STAGES = frozenset({
    "rejected", "sales_rejected", "returned", "recycled", "recycle", "nurture", "nurturing", "disqualified", "unqualified",
    "closed_not_converted",
})  # fmt: skip
"""A rejection without a reason has the name of its stage for one, see ``docs/outcomes.md``."""


@dataclass(frozen=True)
class Verdicts:
    """Leads with a verdict (n leads).

    Attributes:
        rejected: Rejected, and never accepted.
        reason: Index of ``reasons``; -1 if none.
        reasons: As in the data.
        now: Of the period; ``before``: of the one before it.
        groups: By what leads are told apart: what it is called, its names, and the index of each lead's (-1 for unknown).
    """

    rejected: Flags
    reason: Whole
    reasons: tuple[str, ...]
    now: Flags
    before: Flags
    groups: tuple[tuple[str, tuple[str, ...], Whole], ...]


def of(found: Material) -> Reasons | None:
    """Return why the leads of the period and of the one before it were rejected; ``None`` if nobody gave a verdict on any."""
    entered, period = found.entered, found.period
    before = next((each for each in reversed(found.periods) if each.end_at <= period.begin_at), None)
    earlier = entered.within(before.begin_at, before.end_at) if before else np.zeros(len(entered), np.bool_)
    groups = (("source", entered.source.names, entered.source.codes), ("track", entered.tracks, entered.track))
    told = entered.verdict
    held = Verdicts(
        entered.refused & told,
        entered.came.reason,
        entered.reasons,
        entered.within(period.begin_at, period.end_at) & told,
        earlier & told,
        groups,
    )
    return reasons(held, found.reject_reasons)


def reasons(found: Verdicts, agreed: Collection[str]) -> Reasons | None:
    """Return why leads were rejected; ``agreed`` are the names of the reasons in the definition."""
    if not (found.now.any() or found.before.any()):
        return None
    found = _named(found, agreed)
    now, before = found.rejected & found.now, found.rejected & found.before
    rows = [*_rows(found, now, before, agreed)]
    share_now, share_before = (
        figures.share(int(part.sum()), int(whole.sum())) for part, whole in ((now, found.now), (before, found.before))
    )
    useless = sum(row.now for row in rows if not row.usable)
    return Reasons(
        before=share_before,
        now=share_now,
        reasons=tuple(sorted(rows, key=lambda row: (-row.now, -row.before, row.name))),
        groups=tuple(_groups(found, now)),
        not_agreed=tuple(sorted(row.name for row in rows if row.usable and not row.agreed)),
        without=figures.share(useless, int(now.sum())),
        calibrate=(share_now.value or 0.0) > HALF,
    )


def _named(found: Verdicts, agreed: Collection[str]) -> Verdicts:
    """Return the same with reasons as a definition writes them; all that say nothing are one, without a name, the last."""
    known = {written(name) for name in agreed}
    named = [written(name) if usable(name, known) else "" for name in found.reasons]
    names = (*dict.fromkeys(name for name in named if name), "")
    place = np.array([*(names.index(name) for name in named), len(names) - 1], np.int64)  # the last is that of NONE
    return replace(found, reasons=names, reason=place[found.reason])


def _rows(found: Verdicts, now: Flags, before: Flags, agreed: Collection[str]) -> Iterator[Reason]:
    known = {written(name) for name in agreed}
    counts: list[list[int]] = [np.bincount(found.reason[chosen], minlength=len(found.reasons)).tolist() for chosen in (before, now)]
    of = [int(chosen.sum()) for chosen in (before, now)]
    for name, old, new in zip(found.reasons, *counts, strict=True):
        if old or new:
            yield Reason(name, old, new, figures.share(old, of[0]), figures.share(new, of[1]), name in known, bool(name))


def _groups(found: Verdicts, now: Flags) -> Iterator[Rejected]:
    """Yield the rejections of the period by what leads are told apart, the most frequent values first."""
    for by, names, codes in found.groups:
        counts = np.bincount(codes[found.now & (codes != NONE)], minlength=len(names))
        order: list[int] = np.argsort(-counts, kind="stable")[:MOST_ROWS].tolist()
        for at in order:
            if counts[at]:
                mine = now & (codes == at)
                share = figures.share(int(mine.sum()), int(counts[at]))
                yield Rejected(by, names[at], int(counts[at]), share, tuple(_counted(found, mine)))


def _counted(found: Verdicts, chosen: Flags) -> Iterator[tuple[str, int]]:
    """Yield reasons with how often they were given, the most frequent first."""
    counts = np.bincount(found.reason[chosen], minlength=len(found.reasons))
    order: list[int] = np.argsort(-counts, kind="stable").tolist()
    for at in order:
        if counts[at]:
            yield found.reasons[at], int(counts[at])


def written(reason: str) -> str:
    """Return a reason as a name of the definition: small, with ``_`` between words.

    >>> written("Bad timing!")
    'bad_timing'
    """
    return re.sub(r"[\W_]+", "_", reason.lower()).strip("_")


def usable(reason: str, agreed: Collection[str] = ()) -> bool:
    """Return whether a reason says anything; one that was agreed on does.

    >>> usable("Bad timing"), usable("rejected"), usable("n/a"), usable("other", {"other"})
    (True, False, False, True)
    """
    name = written(reason)
    return name in agreed or name not in NOTHING | STAGES
