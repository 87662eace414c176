"""What each part of the report says, in one sentence that claims no more than the cases tell: titles of charts, tables and sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadline.review import phrases
from leadline.review.discover import told
from leadline.review.discover.model import Behaviour, DiscoverReport, Judged, Says, Standing, Worth
from leadline.review.model import Figure

PAIRS = 2
"""Pairs of activities that are shown at once."""
CLOSE = 0.02
"""Areas under the ROC curve no further apart than this are called nearly the same."""
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
_MODELS = ("logistic", "boosting")


def verdict(report: DiscoverReport) -> str:
    """Say what was learned, and how well it ranks; or why nothing is proposed."""
    if report.refused is not None:
        return f"{report.refused.says} No weights are proposed{'; this is the evidence' if report.behaviours else ''}."
    card = report.judged.get("card")
    head = f"{criteria(len(report.criteria))}, learned from {learned(report)}"
    if card is None or card.roc_auc.value is None:
        return f"{head}; there are no cases to judge them on."
    return f"{head}, {_ranks(report, card)} ({_areas(report, card)})."


def criteria(count: int) -> str:
    """Return how many criteria, as a sentence begins.

    >>> criteria(7), criteria(1)
    ('Seven criteria', 'One criterion')
    """
    number = _NUMBERS[count] if count < len(_NUMBERS) else phrases.count(count)
    return f"{number} {'criterion' if count == 1 else 'criteria'}"


def learned(report: DiscoverReport) -> str:
    """Return what was learned from: *212 won deals*."""
    return f"{phrases.count(report.counts.get('fit', {}).get('won', 0))} {told.DEALS[report.goal]}"


def leading(report: DiscoverReport) -> list[Behaviour]:
    """Return the evidence, of each signal or attribute the most telling."""
    first = {behaviour.source: behaviour for behaviour in reversed(report.behaviours)}
    return [behaviour for behaviour in report.behaviours if first[behaviour.source] is behaviour]


def telling(report: DiscoverReport, quotas: Mapping[Says, int]) -> list[Behaviour]:
    """Return what to show first: of each kind so many, in the order of the evidence.

    Of what is merely easy to track, and of what can't be told, what the current definition counts comes first, then what is most
    frequent. Of pairs within some hours only a few are shown: they mostly repeat what their halves tell.
    """
    shown: list[Behaviour] = []
    for says, most in quotas.items():
        found = [behaviour for behaviour in leading(report) if behaviour.says is says]
        if says in (Says.FREQUENT, Says.OPEN):
            found.sort(key=lambda behaviour: (not behaviour.used_by, -told.share(behaviour, "won")))
        pairs = [behaviour for behaviour in found if "together" in behaviour.criterion]
        shown += [behaviour for behaviour in found if behaviour not in pairs[PAIRS:]][:most]
    return shown


def behaviours(report: DiscoverReport) -> str:
    """Say how many signals and attributes tell a won deal, and how many are merely easy to track."""
    found = [behaviour.says for behaviour in leading(report)]
    parts = [f"{found.count(says)} {words[found.count(says) == 1]}" for says, words in _COMES_TO.items() if says in found]
    if not {Says.WINS, Says.AGAINST} & {*found}:
        return "Nothing that was recorded tells who will buy"
    return f"Of {phrases.count(len(found))} things that people did or were, {phrases.listed(parts)}"


_COMES_TO = {
    Says.WINS: ("win deals", "wins deals"), Says.AGAINST: ("speak against one", "speaks against one"),
    Says.FREQUENT: ("are merely easy to track", "is merely easy to track"),
}  # fmt: skip


def prevalence(report: DiscoverReport) -> str:
    """Say how the most telling behaviour divides the won from the others."""
    found = next((behaviour for behaviour in leading(report) if behaviour.says is Says.WINS), None)
    if found is None:
        return "How many had it, by what became of them"
    won, never = (phrases.percent(told.share(found, kind)) for kind in ("won", "never"))
    kinds = told.KINDS[report.goal]
    return f"{_capital(found.words)}: {won} of those {kinds['won']}, {never} of those {kinds['never']}"


def areas(report: DiscoverReport) -> str:
    """Say where the card stands between the current definition and what models can do."""
    card = report.judged.get("card")
    if card is None or card.roc_auc.value is None:
        return f"How well today's definition ranks {told.unseen(report)}"
    return f"The card {_ranks(report, card).replace('rank', 'ranks', 1)}"


def in_pairs(report: DiscoverReport) -> str:
    """Say what the areas under the ROC curve mean: for the card, and for the current definition."""
    found = [(told.RIVALS[name], report.judged[name].roc_auc.value) for name in ("card", "current") if name in report.judged]
    parts = [f"{who} in {100 * area:.0f}" for who, area in found if area is not None]
    return f"Of a hundred pairs of a case that was won and one that wasn't, the won one gets the higher score by {phrases.listed(parts)}."


def reliability(report: DiscoverReport, found: Judged) -> str:
    """Say whether predicted chances come true."""
    bins = [(predicted, figure) for predicted, figure in found.reliability if figure.low is not None and figure.high is not None]
    kept = sum((figure.low or 0.0) <= predicted <= (figure.high or 0.0) for predicted, figure in bins)
    return f"In {kept} of {len(bins)} groups of {told.unseen(report)}, the share won agrees with the chance that the card gave"


def path(report: DiscoverReport) -> str:
    """Say why there are so many criteria."""
    return f"{criteria(len(report.criteria))}: more wouldn't have told the cases apart measurably better"


def worth(report: DiscoverReport) -> str:
    """Say what the highest scores are worth against the lowest."""
    known = [band for band in report.worth if band.per_month.value]
    if len(known) < 2:
        return "With how many a conversation that will be won begins within 30 days"
    low, high = ((told.chance(found.per_month.value), band(found)) for found in (known[0], known[-1]))
    return f"A conversation that will be won begins within 30 days with {high[0]} of those at {high[1]}, {low[0]} at {low[1]}"


def revenue(report: DiscoverReport) -> str:
    """Say what a lead in the highest band is worth."""
    known = [band for band in report.worth if band.revenue.value is not None]
    if not known:
        return "What is to be expected within 30 days"
    return (
        f"A lead with a score of {band(known[-1])} is worth about {phrases.about(known[-1].revenue.value, report.currency)} within 30 days"
    )


def priced(report: DiscoverReport) -> bool:
    """Return whether a won deal's amount is known."""
    return any(band.revenue.value for band in report.worth)


def band(found: Worth) -> str:
    """Return a band of scores as words."""
    low = phrases.line(found.low).replace("-", "−")
    if found.high is None:
        return f"{low} or more"
    return low if found.high == found.low else f"{low} to {phrases.line(found.high).replace('-', '−')}"


def current(report: DiscoverReport) -> str:
    """Say how many of the current criteria the won deals support."""
    if not report.current:
        return "The current definition has no criteria"
    counts = {kind: sum(found.standing is kind for found in report.current) for kind in Standing}
    parts = [f"{counts[kind]} {words[counts[kind] == 1]}" for kind, words in _STANDINGS.items() if counts[kind]]
    return f"Of the {criteria(len(report.current)).lower()} of today's definition, held to what was won: {phrases.listed(parts)}"


_STANDINGS = {
    Standing.SUPPORTED: ("are supported", "is supported"), Standing.HARMFUL: ("are harmful", "is harmful"),
    Standing.UNSUPPORTED: ("make no difference that can be told", "makes no difference that can be told"),
    Standing.UNSEEN: ("were hardly ever met", "was hardly ever met"),
}  # fmt: skip


def line(report: DiscoverReport) -> str:
    """Say which line is proposed, and why."""
    return report.line.says if report.line is not None else ""


def best(report: DiscoverReport) -> Figure | None:
    """Return the area of the best model; ``None`` if there is none."""
    areas: Sequence[Figure] = [report.judged[name].roc_auc for name in _MODELS if name in report.judged]
    return max((area for area in areas if area.value is not None), key=lambda area: area.value or 0.0, default=None)


def _ranks(report: DiscoverReport, card: Judged) -> str:
    area, ceiling = card.roc_auc.value or 0.0, best(report)
    rank = f"rank {told.unseen(report)}"
    if card.roc_auc.low is not None and card.roc_auc.low <= 0.5:
        return f"{rank} hardly better than chance"
    today = report.judged.get("current")
    if today is not None and (today.roc_auc.value or 0.0) >= area:
        return f"{rank} no better than today's definition does"
    if ceiling is None or ceiling.value is None:
        return rank
    if area >= ceiling.value:
        return f"{rank} as well as any model tried"
    if ceiling.value - area <= CLOSE:
        return f"{rank} nearly as well as any model tried"
    return f"{rank} less well than a model could, at {ceiling.value:.2f}"


def _areas(report: DiscoverReport, card: Judged) -> str:
    area = card.roc_auc
    span = "" if area.low is None or area.high is None else f", {area.low:.2f}–{area.high:.2f}"
    now = report.judged.get("current")
    today = "" if now is None or now.roc_auc.value is None else f"; today's definition {now.roc_auc.value:.2f}"
    return f"ROC AUC {area.value or 0.0:.2f}{span}{today}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
