"""What is learned, in short phrases: the words that the report, its charts, its tables and the definition have in common. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadline.review import phrases
from leadline.review.discover.model import Behaviour, CardCriterion, DiscoverReport, Goal, Judged
from leadline.review.model import Figure

KINDS: Mapping[Goal, Mapping[str, str]] = {
    Goal.WON: {"won": "won", "lost": "lost", "stalled": "stalled", "never": "never sold to"},
    Goal.SQL: {"won": "became an SQL", "lost": "rejected", "stalled": "stalled", "never": "never worked"},
}
"""What became of a case, by goal."""
DEALS: Mapping[Goal, str] = {Goal.WON: "won deals", Goal.SQL: "leads that became SQLs"}
RIVALS: Mapping[str, str] = {
    "card": "the card", "logistic": "logistic regression", "boosting": "gradient boosting", "current": "today's definition",
}  # fmt: skip
"""What ranks the cases that judge."""


def unseen(report: DiscoverReport) -> str:
    """Return what judges: *later cases*, unless too few of them were won."""
    return "left-out cases" if any(caution.code == "judged-by-folds" for caution in report.cautions) else "later cases"


def judging(report: DiscoverReport) -> str:
    """Return what judges in a sentence, with how many there are."""
    if unseen(report) != "later cases":
        return "Judged on the same cases, each left out of the fit that ranks it."
    held = counts(report.counts.get("judge", {}), report.goal)
    return f"Judged on later ones, from {phrases.day(report.judged_from_at)}: {held}."


def counts(held: Mapping[str, int], goal: Goal) -> str:
    """Return how many cases there are of each kind.

    >>> counts({"won": 212, "lost": 0, "never": 1048}, Goal.WON)
    '212 won, 1,048 never sold to'
    """
    found = [f"{phrases.count(held[kind])} {words}" for kind, words in KINDS[goal].items() if held.get(kind)]
    return ", ".join(found) or "none"


def behind(criterion: CardCriterion, behaviours: Sequence[Behaviour]) -> Behaviour | None:
    """Return the evidence of a criterion: of its features the one that most of the won have; ``None`` if there is none.

    What counts each time is no feature that somebody has or hasn't: there it is the evidence of having had the signal at all.
    """
    found = [behaviour for behaviour in behaviours if behaviour.feature in criterion.features]
    if not found and "signal" in criterion.criterion:
        once = [behaviour for behaviour in behaviours if _at_all(behaviour.criterion, criterion.criterion["signal"])]
        found = [behaviour for behaviour in once if behaviour.criterion.get("within") == criterion.criterion.get("within")] or once
    return max(found, key=lambda behaviour: (share(behaviour, "won"), behaviour.feature), default=None)


def _at_all(asked: Mapping[str, object], signal: str) -> bool:
    return asked.get("signal") == signal and asked.get("at_least") == 1


def share(behaviour: Behaviour, kind: str) -> float:
    """Return the share of a kind that has it, 0 where that isn't known."""
    held = behaviour.prevalence.get(kind)
    return 0.0 if held is None else held.value or 0.0


def evidence(behaviour: Behaviour, goal: Goal) -> str:
    """Return the evidence in a line: *won 41 %, never sold to 9 %, odds ratio 6.1 (4.0–9.3)*."""
    kinds = [
        f"{KINDS[goal][kind]} {phrases.percent(behaviour.prevalence[kind].value)}"
        for kind in ("won", "never")
        if kind in behaviour.prevalence
    ]
    return ", ".join([*kinds, f"odds ratio {odds(behaviour.odds_ratio)}"])


def odds(ratio: Figure) -> str:
    """Return an odds ratio with its interval; small ones with two decimals.

    >>> odds(Figure(6.12, 4.0, 9.34, 87)), odds(Figure(0.214, 0.12, 0.36, 9)), odds(Figure(None, None, None, 0))
    ('6.1 (4.0–9.3)', '0.21 (0.12–0.36)', '–')
    """
    if ratio.value is None:
        return phrases.NONE
    if ratio.low is None or ratio.high is None:
        return _odds(ratio.value)
    return f"{_odds(ratio.value)} ({_odds(ratio.low)}–{_odds(ratio.high)})"


def chance(value: float | None) -> str:
    """Return a chance, however small, with two digits that count.

    >>> chance(0.112), chance(0.0132), chance(0.00042), chance(0.0)
    ('11 %', '1.3 %', '0.042 %', '0 %')
    """
    if value is None or value >= 0.0095 or not value:
        return phrases.percent(value)
    return f"{float(f'{100 * value:.2g}'):.10f}".rstrip("0") + " %"


def chances(figure: Figure) -> str:
    """Return a chance with its interval.

    >>> chances(Figure(0.00042, 0.0002, 0.0011, 40))
    '0.042 % (0.02–0.11 %)'
    """
    if figure.value is None or figure.low is None or figure.high is None:
        return chance(figure.value)
    return f"{chance(figure.value)} ({chance(figure.low).removesuffix(' %')}–{chance(figure.high)})"


def area(judged: Judged) -> str:
    """Return the area under the ROC curve with its interval."""
    return two(judged.roc_auc)


def two(figure: Figure) -> str:
    """Return a figure below 1 with two decimals, and its interval.

    >>> two(Figure(0.8123, 0.77, 0.85, 300))
    '0.81 (0.77–0.85)'
    """
    if figure.value is None:
        return phrases.NONE
    span = "" if figure.low is None or figure.high is None else f" ({figure.low:.2f}–{figure.high:.2f})"
    return f"{figure.value:.2f}{span}"


def _odds(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 0.95 else f"{value:.2f}"
