"""A review from what it is made of: every part, then what it comes to. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from leadline import clock
from leadline.engine.rehearsal import ALWAYS
from leadline.errors import Problem
from leadline.outcomes.model import Stage
from leadline.review import phrases
from leadline.review.model import Caution
from leadline.review.period import (
    accounts,
    actions,
    audit,
    cohorts,
    completeness,
    crowds,
    drift,
    due,
    headline,
    money,
    periods,
    reasons,
    reps,
    response,
    velocity,
)
from leadline.review.period.material import Material
from leadline.review.period.model import InForce, Kind, ReviewReport

FEW = 10
"""Entries below which a period's shares say little."""


def review(found: Material, known: Sequence[Caution], problems: Sequence[Problem]) -> ReviewReport:
    """Return the report of a period.

    Args:
        found: What it is made of.
        known: What there is to know of the facts.
        problems: What is overdue or missing in the agreement.
    """
    period = found.period
    audited = audit.audit(found)
    before = cohorts.rate(found, Stage.SQL, 2 * audited.now_at - audited.now_end_at, audited.now_at)
    report = ReviewReport(
        period=period,
        before=periods.before(period),
        currency=found.outcomes.currency,
        definitions=_in_force(found),
        headline="",
        funnel=cohorts.funnel(found),
        money=money.money(found),
        velocity=velocity.velocity(found),
        bottleneck=velocity.bottleneck(found),
        audit=audited,
        sla=response.response(found),
        accounts=accounts.ranked(found, min(period.end_at - 1, period.until_at)),
        targets=due.targets(found, audited.now, before),
        due=due.due(problems),
        inflation=crowds.divided(found),
        drift=drift.of(found),
        reps=reps.of(found),
        reasons=reasons.of(found),
        completeness=completeness.completeness(found.leads, found.silent),
        actions=(),
        cautions=(*known, *_cautions(found)),
    )
    report = replace(report, actions=actions.recommended(report))
    return replace(report, headline=headline.sentence(report))


def _in_force(found: Material) -> tuple[InForce, ...]:
    """Return the definitions that were in force at some instant of the period."""
    eras, period = found.entered.eras, found.period
    ends = [*(era.since for era in eras[1:]), period.end_at]
    inside = [era for era, end in zip(eras, ends, strict=True) if era.since < period.end_at and end > period.begin_at]
    return tuple(InForce(era.title, era.fingerprint, None if era.since == ALWAYS else era.since) for era in inside)


def _cautions(found: Material) -> Iterator[Caution]:
    period, entered = found.period, found.entered
    if period.until_at < period.end_at - 1:
        days = (period.end_at - 1 - period.until_at) / clock.DAY
        if days >= 1:
            yield Caution("period-under-way", f"The facts end {days:.0f} days before {period.name} does: counts are of a shorter time.")
    entries = int(entered.within(period.begin_at, period.end_at).sum())
    if entries < FEW:
        yield Caution("few-entries", f"Only {entries} entered in {period.name}: read the intervals, not the shares.")
    changed = [era for era in entered.eras if era.since > period.begin_at - periods.YEAR and era.since != ALWAYS]
    if changed:
        days = ", ".join(phrases.day(era.since) for era in changed)
        says = f"The definition changed in the year before the period ended ({days}), so cohorts are of different ones."
        yield Caution("definition-changed", says)
    if period.kind is Kind.WEEK:
        yield Caution("a-week", "A week holds few entries: what differs from the week before is mostly chance unless intervals part.")
