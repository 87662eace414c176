"""What cases did and were, as columns of figures that criteria can be made of. Pure.

What cases did becomes features in :mod:`.activity_features` and :mod:`.pair_features`, what they were in :mod:`.attribute_features`.
Here those are kept that can tell cases apart: which of two that are the same, never by who was won.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from leadline.review.discover import activity_features, attribute_features, naming, pair_features
from leadline.review.discover.model import Attribute, Cases, Events, Feature, Features

if TYPE_CHECKING:
    from leadline.outcomes.model import Whole
    from leadline.review.discover.activity_features import Made

FEWEST, LEAST_SHARE = 10, 0.01
"""A feature holds for so many cases at least, and for such a share of them; and so it must not hold."""


def features(cases: Cases, events: Events, attributes: Sequence[Attribute], before: int, created: Whole | None = None) -> Features:
    """Return the features of cases, the simplest first.

    Args:
        cases: The cases.
        events: What they did, as far back as ``before``.
        attributes: What they were.
        before: In microseconds.
        created: By case, when its person was created, in microseconds; ``ALWAYS`` if unknown. Only then is a silence no silence of
            somebody who wasn't there. Without it everybody has been there for long.
    """
    did = activity_features.of_cases(cases, events, before, created)
    return _kept(chain(attribute_features.made(attributes), did.made(), pair_features.made(did)), len(cases))


def _kept(made: Iterable[Made], cases: int) -> Features:
    """Return the features that hold for some and not for others; of several that are the same for every case, the first."""
    least = max(FEWEST, LEAST_SHARE * cases)
    seen, names = set[bytes](), naming.Names()
    kept: list[Feature] = []
    rows: list[activity_features.Row] = []
    for feature, row in made:
        held = int(np.count_nonzero(row))
        told = hashlib.blake2b(row.tobytes(), digest_size=16).digest()
        if held < least or cases - held < LEAST_SHARE * cases or told in seen:
            continue
        seen.add(told)
        kept.append(replace(feature, name=names.give(feature.name)))
        rows.append(row)
    values = np.stack(rows).T if rows else np.zeros((cases, 0), np.float32)
    return Features(tuple(kept), values)
