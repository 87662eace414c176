"""A review from what it is made of: every part, then what it comes to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadline.engine.rehearsal import ALWAYS
from leadline.errors import Problem
from leadline.outcomes.model import Stage
from leadline.review.model import Caution
from leadline.review.period import (
    accounts,
    actions,
    audit,
    cautions,
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
from leadline.review.period.model import InForce, ReviewReport


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
        cautions=(*known, *cautions.cautions(found)),
    )
    report = replace(report, actions=actions.recommended(report))
    return replace(report, headline=headline.sentence(report))


def _in_force(found: Material) -> tuple[InForce, ...]:
    """Return the definitions that were in force at some instant of the period."""
    eras, period = found.entered.eras, found.period
    ends = [*(era.since for era in eras[1:]), period.end_at]
    inside = [era for era, end in zip(eras, ends, strict=True) if era.since < period.end_at and end > period.begin_at]
    return tuple(InForce(era.title, era.fingerprint, None if era.since == ALWAYS else era.since) for era in inside)
