"""Cells of alike people or entries: by source and segment where there are enough of them, else by source, else all the others.

Pure. A split by mix compares what alike ones did, so a cell must hold enough in both periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadline.outcomes.model import NONE

if TYPE_CHECKING:
    from leadline.outcomes.model import Whole

OTHER, UNKNOWN = "other", "unknown"
MOST = 40
"""Cells at most; the least frequent ones are taken together."""


@dataclass(frozen=True)
class Kinds:
    """A label of each row: ``codes`` index ``names``, ``NONE`` where it is unknown."""

    names: tuple[str, ...]
    codes: Whole


@dataclass(frozen=True)
class Cells:
    """The cell of each row: ``codes`` index ``names``."""

    names: tuple[str, ...]
    codes: Whole


def cells(first: Kinds, second: Kinds | None, period: Whole, least: int) -> Cells:
    """Return the cell of each row.

    Args:
        first: The label that is kept longest, such as the source.
        second: The label by which it is divided further, such as the segment; ``None`` for no division.
        period: 0 or 1 of each row; other rows don't count, but get a cell too.
        least: How many rows of each period a cell needs to stand by itself.
    """
    tops = np.where(first.codes == NONE, len(first.names), first.codes)
    width = 1 if second is None else len(second.names) + 1
    fine = tops if second is None else tops * width + np.where(second.codes == NONE, len(second.names), second.codes)
    alone = _enough(fine, (len(first.names) + 1) * width, period, least)
    rest = ~alone[fine]
    coarse = _enough(np.where(rest, tops, len(first.names) + 1), len(first.names) + 2, period, least)[: len(first.names) + 1]
    keys = np.where(rest, np.where(coarse[tops], tops * width, NONE), fine)
    kinds = np.where(rest, np.where(coarse[tops], 1, 2), 0)
    return _named(keys, kinds, first, second)


def _enough(codes: Whole, size: int, period: Whole, least: int) -> Whole:
    """Return by code whether each period has enough rows of it, and it is among the most frequent."""
    counts = np.stack([np.bincount(codes[period == at], minlength=size) for at in (0, 1)])
    smaller = counts.min(axis=0)
    frequent = np.zeros(size, np.bool_)
    frequent[np.argsort(-smaller, kind="stable")[:MOST]] = True
    return (smaller >= least) & frequent


def _named(keys: Whole, kinds: Whole, first: Kinds, second: Kinds | None) -> Cells:
    if not len(keys):
        return Cells((), keys)
    pairs, codes = np.unique(np.stack([kinds, keys]), axis=1, return_inverse=True)
    names = [_name(int(kind), int(key), first, second) for kind, key in pairs.T]
    return Cells(tuple(names), codes.reshape(-1).astype(np.int64))


def _name(kind: int, key: int, first: Kinds, second: Kinds | None) -> str:
    if kind == 2:
        return OTHER
    width = 1 if second is None else len(second.names) + 1
    top = _label(first.names, key // width)
    if second is None:
        return top
    return f"{top}, {OTHER}" if kind == 1 else f"{top}, {_label(second.names, key % width)}"


def _label(names: Sequence[str], at: int) -> str:
    return names[at] if at < len(names) else UNKNOWN
