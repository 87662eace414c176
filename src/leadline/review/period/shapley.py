"""What each of several things did to a figure that they change together, whatever order they are taken in.

Pure: a game in, shares out. What a game is made of is decided in :mod:`.inflation`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from leadline.outcomes.model import Real


def shares(values: Real) -> Real:
    """Return what each of k players brings, on average over all orders in which they may come (Shapley 1953).

    The shares add up to what all of them do together; players that do the same get the same; one that never changes anything gets 0.

    Args:
        values: 2^k × …: the figure with exactly those players whose bits are set in the index.

    Returns:
        k × …: the shares.

    Examples:
        One doubles, the other adds ten to a hundred: 100, 200, 110, 220.

        >>> shares(np.array([100.0, 200.0, 110.0, 220.0])).tolist()
        [105.0, 15.0]
    """
    players = len(values).bit_length() - 1
    found = np.zeros((players, *values.shape[1:]))
    for player in range(players):
        for others in range(len(values)):
            if not others >> player & 1:
                found[player] += _weight(others.bit_count(), players) * (values[others | 1 << player] - values[others])
    return found


def _weight(before: int, players: int) -> float:
    """Return the share of all orders in which exactly some players, so many of them, come before another one."""
    return 1 / (players * math.comb(players - 1, before))
