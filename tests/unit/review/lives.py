"""Small worlds of spells for tests of a plan: rows in, sides and settings out. Times are days since 1970, a Thursday."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from tests.unit.outcomes import worlds
from tests.unit.outcomes.worlds import instant, whole

from leadline import clock
from leadline.engine.rehearsal import Spells
from leadline.outcomes import matching
from leadline.outcomes.model import Lag, Stage
from leadline.review import contender, entries, results
from leadline.review.contender import Contender, Route
from leadline.review.entries import Entries
from leadline.review.model import Window
from leadline.review.overlap import Ids
from leadline.review.results import Setting

BEGIN, END, UNTIL = 100, 200, 400
WINDOW = Window(instant(BEGIN), instant(END), instant(UNTIL), (END - BEGIN) / 7)
LAG = Lag(50.0, 20)
LAGS = dict.fromkeys(Stage, LAG)
IDS = Ids({code: f"p{code}" for code in range(50)}, {code: f"a{code}" for code in range(50)})
Row = tuple[int, int, float, float] | tuple[int, int, float, float, int]


def lives(rows: Sequence[Row]) -> Spells:
    """Rows: person, account, day of entry, day of exit, track."""
    spells = worlds.spells([(row[0], row[1], row[2], row[4] if len(row) > 4 else 0) for row in rows])
    return replace(spells, left=whole([instant(row[3]) for row in rows]))


def setting(
    *deals: Mapping[str, Any], said: Sequence[Any] = (), touched: Sequence[Any] = (), window: Window = WINDOW, currency: str = "EUR"
) -> Setting:
    happened = worlds.happened(deals, said, touched, currency)
    return results.setting(window, matching.settle(happened, window.until_at), LAGS)


def entered(rows: Sequence[Row], within: Setting) -> Entries:
    return entries.entries(lives(rows), within.window, within.outcomes)


def side(
    name: str,
    rows: Sequence[Row],
    within: Setting,
    tracks: Sequence[str] = ("mql",),
    teams: Mapping[str, str] | None = None,
    shared: Sequence[str] = (),
) -> Contender:
    names = dict(enumerate(tracks))
    head = (name, f"the {name} one", "" if name == "recorded" else f"fingerprint of {name}")
    routes = {track: Route((teams or {}).get(track, "sdr"), track in shared) for track in tracks}
    return contender.contender(head, lives(rows), names, routes, (within.window, within.outcomes))


def days(instants: Any) -> list[float]:
    return (np.asarray(instants) / clock.DAY).tolist()
