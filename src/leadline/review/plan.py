"""Two sides compared over one window: what comes in, and the report that comes out. Pure.

The story: entries of both sides (:mod:`.entries`), what came of them (:mod:`.results`), what it means for teams (:mod:`.workload`), whom
each takes (:mod:`.overlap`, :mod:`.breakdown`), what each change does (:mod:`.changes`), what other lines would do (:mod:`.sweep`), and
what it comes to (:mod:`.verdict`), with what to know before believing it (:mod:`.cautions`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline import clock
from leadline.engine.rehearsal import ALWAYS
from leadline.outcomes.model import NONE
from leadline.review import breakdown, cautions, changes, figures, overlap, results, sweep, verdict, workload
from leadline.review.breakdown import Labels
from leadline.review.changes import Trial
from leadline.review.contender import Contender
from leadline.review.entries import Entries
from leadline.review.model import Caution, Figure, PlanReport, Side, Skipped, WonDeal
from leadline.review.overlap import Ids
from leadline.review.results import Setting
from leadline.review.sweep import Swept
from leadline.review.workload import Rep

if TYPE_CHECKING:
    from leadline.engine.terms import Real, Whole
    from leadline.outcomes.model import Deal, Flags

_Z = 1.96


@dataclass(frozen=True)
class Question:
    """Everything that a comparison looks at.

    Attributes:
        old: One side.
        new: The other.
        setting: What all parts have in common.
        ids: What the codes of people and accounts stand for.
        reps: Who works leads.
        attributes: Attributes at entry, for breakdowns.
        trials: The old definition with each single change; none where the CRM's record is compared.
        skipped: Changes that can't be tried alone.
        swept: The new definition with other lines; ``None`` if it has no line.
        known: What is known to be wary of from the start.
    """

    old: Contender
    new: Contender
    setting: Setting
    ids: Ids
    reps: tuple[Rep, ...] = ()
    attributes: tuple[Labels, ...] = ()
    trials: tuple[Trial, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    swept: Swept | None = None
    known: tuple[Caution, ...] = ()


def compare(question: Question) -> PlanReport:
    """Return the report on two sides."""
    setting, entries = question.setting, (question.old.entries, question.new.entries)
    old, new = _side(question.old, question), _side(question.new, question)
    cells = overlap.cells(*entries, setting, question.ids)
    swept = sweep.sweep(question.swept, question.old, question.new, question.reps, setting) if question.swept else None
    inside = (caution for side in (question.old, question.new) for caution in cautions.of_entries(side, setting))
    known = (*question.known, *inside, *cautions.of_sides(old, new, cells), *cautions.of_changes(question.skipped))
    currency = setting.outcomes.currency if bool(np.any(~np.isnan(setting.amounts))) else None
    return PlanReport(
        verdict=verdict.verdict(old, new, _difference(*entries, setting, currency), currency, swept),
        window=setting.window,
        currency=currency or "",
        credited_days=setting.outcomes.windows.credit / clock.DAY,
        old=old,
        new=new,
        cells=cells,
        breakdowns=breakdown.breakdown(question.old, question.new, question.attributes, setting),
        effects=changes.effects(*entries, question.trials, question.skipped, setting) if question.trials or question.skipped else None,
        sweep=swept,
        cautions=tuple(dict.fromkeys(known)),
    )


def _side(side: Contender, question: Question) -> Side:
    setting = question.setting
    deals = _won_deals(side, setting, question.ids)
    return Side(
        name=side.name,
        title=side.title,
        fingerprint=side.fingerprint,
        total=results.results(results.ANY, side.entries, setting),
        tracks=tuple(results.results(name, entries, setting) for name, entries in side.tracks.items()),
        loads=workload.loads(side, question.reps, setting.window),
        caught=tuple(deal for deal in deals if not deal.why),
        missed=tuple(deal for deal in deals if deal.why),
    )


def _won_deals(side: Contender, setting: Setting, ids: Ids) -> list[WonDeal]:
    """Return the deals that were won in the window, by creation, with the entries that they are credited to."""
    spells, came = side.entries.spells, side.entries.came
    days = results.lead_days(side.entries, setting)
    found: list[WonDeal] = []
    for at, (index, spell) in enumerate(zip(setting.wins.tolist(), came.spell[setting.wins].tolist(), strict=True)):
        deal = setting.outcomes.deals.row(index)
        caught = spell != NONE
        person = ids.people.get(int(spells.person[spell])) if caught else None
        won = WonDeal(
            deal_id=deal.deal_id,
            account_id=deal.account_id,
            person_id=deal.person_id or person,
            amount=deal.amount if deal.currency == setting.outcomes.currency else None,
            currency=deal.currency,
            created_at=deal.created,
            closed_at=deal.closed,
            entered_at=_since_facts(int(spells.entered[spell])) if caught else None,
            track=side.names[int(spells.track[spell])] if caught else "",
            lead_days=figures.number(float(days[at])),
            why="" if caught else _why(side.entries, index, deal, setting),
        )
        found.append(won)
    return found


def _since_facts(entered: int) -> int | None:
    return entered if entered > ALWAYS else None


def _why(entries: Entries, index: int, deal: Deal, setting: Setting) -> str:
    """Return why a deal is missed."""
    spells, deals = entries.spells, setting.outcomes.deals
    days = f"{setting.outcomes.windows.credit / clock.DAY:g} days"
    theirs = _of(spells.person, int(deals.person[index])) | _of(spells.account, int(deals.account[index]))
    if int(entries.came.apart[index]) != NONE:
        return "nobody qualified before the first conversation"
    if deal.person_id is None and deal.account_id is None:
        return "the deal names neither person nor account"
    if bool(np.any(theirs & (spells.entered < deal.conversation))):
        return f"the last entry was more than {days} before"
    return "nobody had qualified"


def _of(codes: Whole, code: int) -> Flags:
    return (codes == code) & (code != NONE)


def _difference(old: Entries, new: Entries, setting: Setting, currency: str | None) -> tuple[Figure, Figure]:
    """Return new minus old: revenue caught (deals, if no amounts are known), and entries a week."""
    amounts = np.ones(len(setting.amounts)) if currency is None else setting.amounts
    change = results.catches(new, setting).astype(np.float64) - results.catches(old, setting)
    revenue = figures.totals(np.where(change != 0, amounts * change, np.nan).reshape(1, -1))[0]
    return revenue, _more_per_week(old, new, setting.window.weeks)


def _more_per_week(old: Entries, new: Entries, weeks: float) -> Figure:
    """Return by how many entries a week two sides differ; who enters as often by both has no part in how unsure that is."""
    people, index = np.unique(np.concatenate([side.spells.person[side.inside] for side in (old, new)]), return_inverse=True)
    signs: Real = np.concatenate([np.full(int(old.inside.sum()), -1.0), np.ones(int(new.inside.sum()))])
    change = np.bincount(index, weights=signs, minlength=len(people))
    more, spread = float(change.sum()), math.sqrt(float((change**2).sum())) * _Z
    return Figure(more / weeks, (more - spread) / weeks, (more + spread) / weeks, int((change != 0).sum()))
