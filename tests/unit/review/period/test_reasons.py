"""Why leads are rejected: counted now and before, held against what was agreed."""

from __future__ import annotations

import numpy as np
import pytest

from leadline.review.period import reasons
from leadline.review.period.reasons import Verdicts

GIVEN = ("Bad timing", "bad_timing", "competitor", "n/a", "rejected", "wrong region")
SOURCES = ("ads", "fair")
AGREED = ("bad_timing", "competitor")


def verdicts(rows):
    """Rows: how many, period (1 now, 0 before), the reason (None for none; "accepted" if it was accepted), the source."""
    told = [row[1:] for row in rows for _ in range(row[0])]
    now = np.array([row[0] == 1 for row in told], np.bool_)
    rejected = np.array([row[1] != "accepted" for row in told], np.bool_)
    reason = np.array([GIVEN.index(row[1]) if row[1] in GIVEN else -1 for row in told], np.int64)
    source = np.array([SOURCES.index(row[2]) if row[2] else -1 for row in told], np.int64)
    return Verdicts(rejected, reason, GIVEN, now, ~now, (("source", SOURCES, source),))


def counted(found):
    return {row.name: (row.before, row.now) for row in found.reasons}


def test_the_same_reason_in_other_letters_is_one():
    found = reasons.reasons(verdicts([(3, 1, "Bad timing", "ads"), (2, 1, "bad_timing", "ads"), (1, 0, "competitor", "ads")]), AGREED)
    assert counted(found) == {"bad_timing": (0, 5), "competitor": (1, 0)}
    assert found.reasons[0].share_now.value == 1
    assert found.not_agreed == ()


def test_reasons_nobody_agreed_on_are_named():
    found = reasons.reasons(verdicts([(1, 1, "wrong region", "ads"), (1, 1, "competitor", "ads")]), AGREED)
    assert found.not_agreed == ("wrong_region",)


def test_the_stage_and_words_that_say_nothing_are_no_usable_reasons():
    found = reasons.reasons(
        verdicts([(2, 1, "rejected", "ads"), (1, 1, "n/a", "ads"), (1, 1, None, "ads"), (4, 1, "competitor", "ads")]), AGREED
    )
    assert found.without.value == 0.5
    assert counted(found) == {"": (0, 4), "competitor": (0, 4)}
    assert [row.usable for row in found.reasons if not row.name] == [False]
    assert found.not_agreed == ()


def test_a_reason_that_was_agreed_on_is_usable_whatever_it_is_called():
    found = reasons.reasons(verdicts([(1, 1, "n/a", "ads")]), ("n_a",))
    assert found.without.value == 0


@pytest.mark.parametrize(("rejected", "calibrate"), [(10, False), (11, True)])
def test_more_than_half_rejected_asks_for_calibration(rejected, calibrate):
    found = reasons.reasons(verdicts([(rejected, 1, "competitor", "ads"), (10, 1, "accepted", "ads")]), AGREED)
    assert found.calibrate is calibrate
    assert found.now.value == pytest.approx(rejected / (rejected + 10))


def test_the_period_before_stands_beside():
    found = reasons.reasons(verdicts([(3, 0, "competitor", "ads"), (1, 0, "accepted", "ads"), (5, 1, "accepted", "ads")]), AGREED)
    assert (found.before.value, found.now.value) == (0.75, 0)
    assert found.without.value is None


def test_sources_are_told_apart_and_leads_of_none_are_left_out_of_them():
    found = reasons.reasons(
        verdicts([(1, 1, "competitor", "fair"), (3, 1, "accepted", "fair"), (2, 1, "Bad timing", "ads"), (1, 1, "competitor", "ads"),
                  (9, 0, "competitor", "ads"), (4, 1, "competitor", None)]), AGREED
    )  # fmt: skip
    assert [(row.name, row.decided, row.rejected.value, row.reasons) for row in found.groups] == [
        ("fair", 4, 0.25, (("competitor", 1),)),
        ("ads", 3, 1, (("bad_timing", 2), ("competitor", 1))),
    ]


def test_without_any_verdict_there_is_nothing_to_tell():
    assert reasons.reasons(verdicts([]), AGREED) is None
