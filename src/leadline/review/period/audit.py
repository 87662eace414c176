"""The audit score: what share of MQLs becomes SQLs, against the company's own past, the agreement, and what is published. Pure.

Published bands contradict each other, since companies mean different things by both words: they are shown with their source and the
kind of company, for reading, and nothing is decided by them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from leadline import clock
from leadline.outcomes.model import Stage
from leadline.review import figures, phrases
from leadline.review.model import Figure
from leadline.review.period import cohorts, velocity
from leadline.review.period.material import Material
from leadline.review.period.model import Audit, Band, Period

TARGET = "mql_to_sql"
LOW, REJECTED = 0.15, 0.5
"""Below this share of SQLs, or above this share of rejections, both teams should look at leads together."""
LEAST, PERIODS = 10, 4
"""Entries that a past period needs before its share is told, and periods before they say what is usual."""
_REVOPS = "The RevOps Report (Rome Thorndike), April 2026"
_SPIKE = "Spike, 2026"
BANDS = (
    Band(_REVOPS, "B2B SaaS, median", 0.13, 0.15),
    Band(_REVOPS, "B2B SaaS, deals above 50,000 dollars", 0.08, 0.12),
    Band(_REVOPS, "B2B SaaS, deals below 10,000 dollars", 0.18, 0.22),
    Band("Prooflytics, 2026", "B2B SaaS, average", 0.18, 0.22, "Below 15 %, the definition is mostly too permissive."),
    Band("Intentbench, 2026", "B2B, all motions", 0.13, 0.27),
    Band("GTM 80/20", "B2B, all motions", 0.12, 0.21, "The best come to 40 %."),
    Band(_SPIKE, "inbound from organic search", 0.28, 0.40),
    Band(_SPIKE, "content syndication", 0.05, 0.12),
    Band("Lot of Tools, April 2026", "B2B SaaS with strict MQLs, middle half", 0.32, 0.58),
)
"""What was found published in 2026; figures of unnamed samples, taken as their authors state them."""


def audit(found: Material) -> Audit:
    """Return the audit score of the last entries that are old enough, with what it can be compared with."""
    begin, end = latest(found)
    now = cohorts.rate(found, Stage.SQL, begin, end)
    past = tuple(_past(found, end))
    shares = [figure.value for _, figure in past if figure.value is not None and figure.n >= LEAST]
    low, median, high = np.quantile(shares, (0.1, 0.5, 0.9)).tolist() if len(shares) >= PERIODS else (None, None, None)
    inside = found.entered.within(begin, end) & found.entered.verdict
    rejected = figures.share(int((inside & found.entered.refused).sum()), int(inside.sum()))
    lag, target = found.lags[Stage.SQL], found.targets.get(TARGET)
    span = target if isinstance(target, tuple) else None if target is None else (target, 1.0)
    return Audit(
        now=now,
        now_at=begin,
        now_end_at=end,
        horizon_days=lag.days if lag else None,
        past=past,
        low=low,
        median=median,
        high=high,
        target=span,
        rejected=rejected,
        bands=BANDS,
        reading=tuple(_reading(now, (low, median, high), span, rejected)),
        calibrate=_calibrate(now, rejected),
    )


def latest(found: Material) -> tuple[int, int]:
    """Return the last span of which all entries are old enough to have become SQLs: as long as the period, a quarter at least."""
    lag = found.lags[Stage.SQL]
    end = min(found.period.end_at, found.period.until_at + 1 - round((lag.days if lag else 0.0) * clock.DAY))
    return end - velocity.span(found.period), end


def _past(found: Material, end: int) -> Iterator[tuple[Period, Figure]]:
    """Yield the share of each period whose entries are all old enough, since the record of sales begins."""
    since = cohorts.recorded_since(found)
    for one in found.periods:
        if since <= one.begin_at and one.end_at <= end:
            yield one, cohorts.rate(found, Stage.SQL, one.begin_at, one.end_at)


def _calibrate(now: Figure, rejected: Figure) -> bool:
    """Return whether it surely is below, or above: the whole interval."""
    return (now.high is not None and now.high < LOW) or (rejected.low is not None and rejected.low > REJECTED)


def _reading(
    now: Figure, past: tuple[float | None, float | None, float | None], target: tuple[float, float] | None, rejected: Figure
) -> Iterator[str]:
    """Yield what the score comes to: by the own past first, then by the agreement, then by what is published."""
    if now.value is None or now.low is None or now.high is None:
        yield "No worked entry is old enough to tell."
        return
    low, median, high = past
    if low is not None and median is not None and high is not None:
        place = "below" if now.value < low else "above" if now.value > high else "within"
        usual = f"{phrases.percent(low)} to {phrases.percent(high)}"
        yield f"By your own past it is {place} what is usual: eight of ten periods lie at {usual}, half above {phrases.percent(median)}."
    if target is not None:
        bounds = f"{phrases.percent(target[0])} to {phrases.percent(target[1])}"
        where = "below" if now.high < target[0] else "above" if now.low > target[1] else "compatible with"
        yield f"It is {where} what the agreement expects ({bounds})."
    inside = [band for band in BANDS if band.low <= now.high and now.low <= band.high]
    yield f"Of {len(BANDS)} published bands {len(inside)} overlap it; they contradict each other, so none of them decides anything."
    if now.high < 0.10:
        yield "Below a tenth, published advice calls the definition too loose."
    elif now.low > 0.40:
        yield "Above 40 %, published advice calls the definition too tight: who else would have bought?"
    if _calibrate(now, rejected):
        yield "Marketing and sales should look at rejected leads together, and sign the definition anew."
