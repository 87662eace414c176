"""Where the activities of each person begin and end, compiled."""

# pyright: basic
# Numba types these functions itself.

from __future__ import annotations

from typing import TYPE_CHECKING

from leadline.engine.kernel import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.engine.terms import Whole


@compiled
def find(person: NDArray, times: Whole, codes: NDArray, begins: Whole, ends: Whole) -> int:
    """Fill in the bounds of each person's activities; return 1 without doing so if those aren't in order.

    Args:
        person: The code of whoever an activity is of; rising.
        times: When it occurred; rising for each person.
        codes: The people to look for; rising.
        begins: To be filled: the first activity of each.
        ends: To be filled: one past the last activity of each.
    """
    for at in range(1, person.size):
        if person[at] < person[at - 1] or (person[at] == person[at - 1] and times[at] < times[at - 1]):
            return 1
    at = 0
    for i in range(codes.size):
        while at < person.size and person[at] < codes[i]:
            at += 1
        begins[i] = at
        end = at
        while end < person.size and person[end] == codes[i]:
            end += 1
        ends[i] = end
    return 0
