"""What each change does, alone and together."""

from __future__ import annotations

from tests.unit.outcomes.worlds import deal
from tests.unit.review.lives import WINDOW, entered, setting

from leadline.review import changes
from leadline.review.changes import Trial
from leadline.review.model import Skipped

ANNA, BEN, CARL = 1, 2, 3
ACME = 7


def test_effects_are_counted_against_the_old_side_and_what_is_left_is_told():
    within = setting(
        deal(150, person=ANNA, closed=160, won=True, amount=10),
        deal(151, person=BEN, closed=160, won=True, amount=20),
        deal(152, person=CARL, closed=160, won=True, amount=float("nan")),
    )
    old = entered([(ANNA, ACME, 110, 120), (ANNA, ACME, 130, 140)], within)
    more = entered([(ANNA, ACME, 110, 120), (ANNA, ACME, 130, 140), (BEN, ACME, 110, 120), (CARL, ACME, 110, 120)], within)
    none = entered([], within)
    new = entered([(BEN, ACME, 110, 120)], within)
    skipped = (Skipped("tracks.mql", "The line moves.", "'x' is not a name"),)
    found = changes.effects(old, new, [Trial("a", "More.", more), Trial("b", "None.", none), Trial("c", "Same.", old)], skipped, within)
    assert [(one.path, one.entries, one.gained, one.lost, one.won, one.revenue.value) for one in found.alone] == [
        ("a", 2, 2, 0, 2, 20), ("b", -2, 0, 1, -1, -10), ("c", 0, 0, 0, 0, 0),
    ]  # fmt: skip
    assert [one.revenue.n for one in found.alone] == [1, 1, 0]
    together = found.together
    assert (together.entries, together.gained, together.lost, together.won, together.revenue.value) == (-1, 1, 1, 0, 10)
    assert together.per_week == -1 / WINDOW.weeks
    assert (found.remainder, found.remainder_won) == (-1 - (2 - 2), 0 - (2 - 1))
    assert found.skipped == skipped
