"""Small worlds for a review: entries, deals and what sales did as rows in, material out. Times are days since 2026-01-01, a Thursday."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from tests.unit.outcomes import worlds
from tests.unit.review.lives import lives

from leadline import clock
from leadline.clock import BusinessTime
from leadline.engine.rehearsal import ALWAYS
from leadline.outcomes import matching
from leadline.outcomes.model import NONE, NOT_YET, Lag, Stage
from leadline.review import entries
from leadline.review.model import Window
from leadline.review.overlap import Ids
from leadline.review.period.completeness import Leads
from leadline.review.period.entered import Active, Both, Entered, Era, Label
from leadline.review.period.material import Activity, Handing, Material
from leadline.review.period.model import Kind, Period

ZERO = clock.parse_instant("2026-01-01") // clock.DAY
NOTHING = np.zeros(0, np.int64)
NO_LABEL = Label("", undated=False, names=(), codes=NOTHING)
IDS = Ids({code: f"p{code}" for code in range(3000)}, {code: f"a{code}" for code in range(3000)})
LAGS = dict.fromkeys(Stage, Lag(30.0, 50))


def day(number: float) -> int:
    return round((ZERO + number) * clock.DAY)


def deal(created: float, **given: Any) -> dict[str, Any]:
    """A deal as in the worlds of outcomes, with days since 2026-01-01."""
    moved = {name: given[name] + ZERO if given.get(name) is not None else None for name in ("talked", "closed") if name in given}
    return worlds.deal(created + ZERO, **{**given, **moved, "name": given.get("name", f"d{created:g}-{given.get('person', '')}")})


def outcomes(deals: Sequence[Any] = (), said: Sequence[Any] = (), touched: Sequence[Any] = (), *, until: float = 200.0) -> Any:
    moved = [(row[0], row[1] + ZERO, *row[2:]) for row in said], [(*row[:2], row[2] + ZERO, *row[3:]) for row in touched]
    return matching.settle(worlds.happened(deals, *moved), day(until))


def month(begin: float = 90, end: float = 120, until: float = 200) -> Period:
    return Period(Kind.MONTH, "the month", day(begin), day(end), day(until))


def label(by: str, codes: Sequence[int], *names: str) -> Label:
    return Label(by, undated=False, names=names, codes=np.array(codes, np.int64))


def entered(rows: Sequence[Any], happened: Any, tracks: Sequence[str] = ("mql",), **given: Any) -> Entered:
    """Rows: person, account, day of entry, day of exit, track."""
    spells = lives([(person, account, begin + ZERO, end + ZERO, *track) for person, account, begin, end, *track in rows])
    window = Window(day(0), day(1000), happened.until, 1.0)
    found = entries.entries(spells, window, happened)
    n = len(found.spells.person)
    unknown = np.full(n, NONE, np.int64)
    nothing = replace(NO_LABEL, codes=unknown)
    plain = {
        "source": nothing, "campaign": nothing, "content": nothing, "segment": nothing, "rep": unknown,
        "touched": np.full(n, NOT_YET, np.int64), "reps": (), "horizons": LAGS,
    }  # fmt: skip
    return Entered(
        person=found.spells.person, account=found.spells.account, entered=found.spells.entered, left=found.spells.left,
        again=found.again, track=found.spells.track, tracks=tuple(tracks), era=np.zeros(n, np.int64),
        eras=(Era(ALWAYS, "The definition", "f" * 64, ("visit",)),), score=np.full(n, 80.0), criteria=("visit",),
        points=np.ones((n, 1)), came=found.came, reasons=happened.said.reasons, **{**plain, **given},
    )  # fmt: skip


def activity(**given: Any) -> Activity:
    """Accounts with nothing known of them but what is given."""
    n = len(given.get("account", ()))
    plain = {
        "account": NOTHING, "people": np.ones(n, np.int64), "recent": np.ones(n, np.int64), "earlier": np.zeros(n, np.int64),
        "engagement": np.zeros(n), "fit": np.zeros(n), "customer": np.zeros(n, np.bool_), "open_deal": np.zeros(n, np.bool_),
        "segment": replace(NO_LABEL, codes=np.full(n, NONE, np.int64)), "name": ("",) * n,
    }  # fmt: skip
    return Activity(**{**plain, **given})


def material(found: Entered, happened: Any, period: Period | None = None, **given: Any) -> Material:
    period = period or month()
    length = period.end_at - period.begin_at
    earlier = [replace(period, name=f"before {back}", begin_at=period.begin_at - back * length, end_at=period.end_at - back * length)
               for back in (2, 1)]  # fmt: skip
    nobody = Active(NOTHING, NO_LABEL, NO_LABEL)
    plain = {
        "lags": LAGS, "usual": LAGS, "wins_segment": np.full(len(happened.deals), NONE, np.int64), "activity": activity(),
        "handing": (Handing("mql", "sdr", BusinessTime(4, "hour")),), "clocks": (), "ids": IDS, "recorded": (), "told": None,
        "targets": {}, "reject_reasons": (), "leads": Leads((), np.zeros((0, 0), np.bool_), NO_LABEL, NO_LABEL),
        "silent": np.zeros(0, np.bool_), "both": Both(nobody, nobody, found, found, same=True), "periods": (*earlier, period),
    }  # fmt: skip
    return Material(period=period, entered=found, outcomes=happened, **{**plain, **given})
