"""The spells that the CRM recorded, so that a definition can be compared with what is done today.

Rows of ``lead_stages`` have no end, so one is given to them here: who was called qualified stays so until they are rejected, won
or out of the funnel, or are called qualified anew. A rep who accepts a lead doesn't end its spell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadline.engine.rehearsal import STILL, Spells
from leadline.outcomes.model import NONE, Said

if TYPE_CHECKING:
    from leadline.outcomes.model import Flags, LeadStages, Whole

CAUSES = ("recorded",)
_ENDS = (Said.QUALIFIED, Said.REJECTED, Said.WON, Said.ENDED)


def spells(recorded: LeadStages, until: int) -> Spells:
    """Return the recorded spells as far as they were known at ``until``, as of a track with index 0, without points."""
    known = np.flatnonzero((recorded.at <= until) & (recorded.person != NONE))
    known = known[~_repeats(recorded.person[known], recorded.at[known], recorded.said[known])]
    person, at, said = recorded.person[known], recorded.at[known], recorded.said[known]
    begins = np.flatnonzero(said == Said.QUALIFIED)
    left = _ends(person, at, said, begins)
    return _without_points(person[begins], recorded.account[known][begins], at[begins], left)


def _repeats(person: Whole, at: Whole, said: Whole) -> Flags:
    """Return which rows say the same as the row before: two names for one thing at one instant."""
    same = np.zeros(len(at), np.bool_)
    same[1:] = (np.diff(person) == 0) & (np.diff(at) == 0) & (np.diff(said) == 0)
    return same


def _ends(person: Whole, at: Whole, said: Whole, begins: Whole) -> Whole:
    """Return when each spell ended: at its person's next row that ends one, ``STILL`` if there is none."""
    ending = np.flatnonzero(np.isin(said, _ENDS))
    place = np.searchsorted(ending, begins, side="right")
    following = np.append(ending, NONE)[place]
    ended = (following != NONE) & (person[following] == person[begins])
    return np.where(ended, at[following], STILL)


def _without_points(person: Whole, account: Whole, entered: Whole, left: Whole) -> Spells:
    nothing, points = np.zeros(len(person), np.int64), np.zeros((len(person), 0), np.int64)
    return Spells(
        person=person, account=account, track=nothing, entered=entered, left=left,
        score=nothing, left_score=nothing, points=points, left_points=points,
        cause=nothing, left_cause=np.where(left == STILL, -1, 0), causes=CAUSES,
    )  # fmt: skip
