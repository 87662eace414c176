"""Draws that are the same on every machine and every Python: all of chance in the demo comes from here.

Only ``random.Random(int).random()`` is used, whose sequence Python guarantees, with comparisons and integer
arithmetic on top; the library's own distributions may change and are not touched.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

_MODULUS = (1 << 61) - 1


class Dice:
    """One stream of draws. Streams of different numbers don't disturb each other."""

    __slots__ = ("unit",)

    def __init__(self, seed: int, *stream: int) -> None:
        """Start the stream that belongs to a seed and some numbers, such as a purpose and an account."""
        key = seed % _MODULUS
        for step in stream:
            key = (key * 1_000_003 + step + 1) % _MODULUS
        self.unit = random.Random(key).random  # noqa: S311 - a demo keeps no secrets

    def chance(self, probability: float) -> bool:
        """Return true with this probability."""
        return self.unit() < probability

    def below(self, bound: int) -> int:
        """Return a whole number from 0 to ``bound - 1``."""
        return int(self.unit() * bound)

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + int(self.unit() * (high - low + 1))

    def mostly_low(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, small ones more often: the least of three draws."""
        return min(self.between(low, high), self.between(low, high), self.between(low, high))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, each as likely as another."""
        return items[int(self.unit() * len(items))]


class Lottery(Generic[T]):
    """Values with whole-number weights, to draw from."""

    __slots__ = ("_bounds", "_values")

    def __init__(self, weights: Mapping[T, int]) -> None:
        """Keep the values with their weights; a weight of 0 is never drawn."""
        self._values = tuple(weights)
        self._bounds: list[int] = []
        total = 0
        for weight in weights.values():
            total += weight
            self._bounds.append(total)

    def draw(self, dice: Dice) -> T:
        """Return one value, as likely as its weight."""
        return self._values[bisect_right(self._bounds, dice.below(self._bounds[-1]))]
