"""What a plan worked out, kept for the next one, which most often asks for nearly the same.

What belongs here: how long something is kept. What is the same is decided by whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass
class Keeping:
    """Results by what they came from, of the present plan and, if it ``lasts``, of the one before.

    A key may name objects by their identity: they are held as long as the result, so that it stays theirs.
    """

    lasts: bool
    now: dict[Hashable, tuple[object, Any]] = field(default_factory=dict[Hashable, "tuple[object, Any]"])
    before: dict[Hashable, tuple[object, Any]] = field(default_factory=dict[Hashable, "tuple[object, Any]"])

    def turn(self) -> None:
        """Begin another plan: what the present one didn't ask for is let go of."""
        self.now, self.before = {}, self.now if self.lasts else {}

    def once(self, key: Hashable, come_from: object, make: Callable[[], T]) -> T:
        """Return what was made for a key, making it if neither plan has.

        Args:
            key: What it is, and what it comes from.
            come_from: The objects that the key names by their identity.
            make: Makes it.
        """
        known = self.now.get(key) or self.before.get(key) or (come_from, make())
        self.now[key] = known
        return known[1]
