"""What may know the outcome, and is kept out for it: undated or late attributes, what sales sets, what follows the sale. Pure.

An alarm is about a source: an attribute or a signal, with all that is made of it. Whoever insists may include it by its name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from leadline.review import phrases
from leadline.review.discover.attribute_features import is_known
from leadline.review.discover.model import Attribute, Cases, Excluded, Features, Group
from leadline.review.discover.odds import Tables
from leadline.review.discover.pair_features import BESIDE
from leadline.review.model import Caution

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadline.outcomes.model import Flags, Real

UNDATED = "undated"
"""What includes all attributes without dates."""
BY_SALES = (
    (r"status|(?<!funding_)stage|lifecycle\w*|disposition", "sales moves it on as a deal goes on"),
    (r"owner|rep|csm|assignee|assigned\w*|account_manager", "somebody is assigned once sales takes it on"),
    (r"converted|opportunit(y|ies)|deals?|won|lost|closed?|customer", "it is written when a deal comes of it"),
    (r"lead_(score|grade|rating)|mql|sql|sal|pql|(is_)?qualified", "it says what another definition made of it"),
)
"""Parts of the names of attributes that sales sets, with the reason."""
_BY_SALES = tuple((re.compile(rf"(^|_)({words})(_|$)"), reason) for words, reason in BY_SALES)
LATE_SHARE, LATE_TIMES, LATE_CHANCE = 0.2, 2.0, 0.001
"""Filled in afterwards: for such a share of the won, so many times as often as for others, and seldom so by chance."""
FEWEST_WON, FEWEST_EVER = 30, 10
AFTER_SHARE, BEFORE_SHARE = 0.8, 0.1
"""Follows the sale: of the won that ever had it such a share had it first afterwards, and fewer of all won than this before."""
TOO_GOOD_AUC, TOO_GOOD_SHARE, COMMON_SHARE = 0.95, 0.98, 0.6


def excluded(
    cases: Cases, features: Features, attributes: Sequence[Attribute], seen_after: Mapping[str, tuple[int, int]], include: Collection[str]
) -> tuple[Excluded, ...]:
    """Return what is to be kept out; ``feature`` is the source's name.

    Args:
        cases: All cases.
        features: All features of all cases.
        attributes: What they are made of.
        seen_after: Signal → of how many won units the first ever came only at the instant or after it, and how many ever had it.
        include: Names of sources that are wanted all the same; ``undated`` for all attributes without dates.
    """
    return tuple(alarm for alarm in _alarms(cases, features, attributes, seen_after) if not _is_wanted(alarm, include))


def kept(features: Features, found: Iterable[Excluded], include: Collection[str]) -> Features:
    """Return the features that are left, or wanted by their own name; a pair goes with either of its signals."""
    out = {alarm.feature for alarm in found}
    chosen = [not out.intersection(feature.source.split(BESIDE)) or feature.name in include for feature in features.features]
    return features.only(np.array(chosen, np.bool_))


def cautions(
    cases: Cases, features: Features, attributes: Sequence[Attribute], seen_after: Mapping[str, tuple[int, int]], include: Collection[str]
) -> Iterator[Caution]:
    """Yield what was included though it may know the outcome, what follows the sale mostly, and names that include nothing."""
    wanted = [alarm for alarm in _alarms(cases, features, attributes, seen_after) if _is_wanted(alarm, include)]
    if wanted:
        names = phrases.listed(list(dict.fromkeys(alarm.feature for alarm in wanted)))
        yield Caution("included-by-will", f"{names} may know the outcome, and {_are(wanted)} included because somebody insisted.")
    often = [name for name, (after, ever) in seen_after.items() if _is_after(after, ever) and not _is_rare(cases, ever - after)]
    if often:
        says = (
            f"Most won units that ever had {phrases.listed(often)} had it first after the conversation. Only what came before counts here, "
            "but a definition meets customers, too: keep them out of the track."
        )
        yield Caution("mostly-after-the-sale", says)
    known = {UNDATED, *(attribute.name for attribute in attributes), *(feature.name for feature in features.features), *seen_after}
    nothing = sorted(set(include) - known - {feature.source for feature in features.features})
    if nothing:
        yield Caution("nothing-to-include", f"There is no {phrases.listed(nothing)} to include. The report lists what was kept out.")


def _is_wanted(alarm: Excluded, include: Collection[str]) -> bool:
    return alarm.feature in include or (alarm.code == "undated" and UNDATED in include)


def _alarms(cases: Cases, features: Features, attributes: Sequence[Attribute], seen_after: Mapping[str, tuple[int, int]]) -> list[Excluded]:
    """Return the alarm of each source that has one: the gravest."""
    sources = {feature.source for feature in features.features}
    found: dict[str, Excluded] = {}
    for alarm in (
        *_set_by_sales(attributes),
        *_filled_afterwards(cases, attributes),
        *_follow_the_sale(cases, seen_after, sources),
        *_too_good(cases, features),
        *_undated(attributes, sources),
    ):
        found.setdefault(alarm.feature, alarm)
    return list(found.values())


def _set_by_sales(attributes: Iterable[Attribute]) -> Iterator[Excluded]:
    for attribute in attributes:
        own = attribute.name.partition(".")[2].lower()
        reason = next((reason for pattern, reason in _BY_SALES if pattern.search(own)), None)
        if reason:
            yield Excluded(attribute.name, f"By its name sales sets it: {reason}.", "set-by-sales")


def _filled_afterwards(cases: Cases, attributes: Iterable[Attribute]) -> Iterator[Excluded]:
    """Yield attributes that were unknown at the instant and are known now, for won cases far more often than for others."""
    for attribute in attributes:
        late = ~_known(attribute.values) & _known(attribute.later)
        won, others = late[cases.won], late[~cases.won]
        if attribute.undated or int(won.sum()) < FEWEST_EVER or not len(others):
            continue
        chance = Tables(*(np.array([int(count)]) for count in (won.sum(), len(won), others.sum(), len(others)))).chances()[0]
        if won.mean() >= max(LATE_SHARE, LATE_TIMES * others.mean()) and chance <= LATE_CHANCE:
            shares = f"{phrases.percent(float(won.mean()))} of the won and {phrases.percent(float(others.mean()))} of the others"
            yield Excluded(
                attribute.name, f"It was unknown before the conversation and filled in afterwards for {shares}.", "filled-afterwards"
            )


def _known(values: NDArray[np.object_]) -> Flags:
    held: list[object] = values.tolist()
    return np.array([is_known(value) for value in held], np.bool_)


def _follow_the_sale(cases: Cases, seen_after: Mapping[str, tuple[int, int]], sources: Collection[str]) -> Iterator[Excluded]:
    for name, (after, ever) in seen_after.items():
        if name in sources and _is_after(after, ever) and _is_rare(cases, ever - after):
            why = f"It follows the sale: of {ever:,} won units that ever had it, {after:,} had it first after the conversation."
            yield Excluded(name, why, "follows-the-sale")


def _is_after(after: int, ever: int) -> bool:
    return ever >= FEWEST_EVER and after >= AFTER_SHARE * ever


def _is_rare(cases: Cases, before: int) -> bool:
    return before < BEFORE_SHARE * int(cases.won.sum())


def _too_good(cases: Cases, features: Features) -> Iterator[Excluded]:
    """Yield sources of features that tell won cases from others all by themselves."""
    won = cases.won
    if int(won.sum()) < FEWEST_WON or won.all():
        return
    has = features.values != 0
    among_won, among_others = has[won].mean(axis=0), has[~won].mean(axis=0)
    for at, feature in enumerate(features.features):
        area = _area(features.values[:, at], won, float(among_won[at]), float(among_others[at]))
        if area >= TOO_GOOD_AUC:
            yield Excluded(
                feature.source, f"Alone it tells won cases from others with a ROC AUC of {area:.2f}: too good to be true.", "too-good"
            )
        elif feature.group is Group.FIT and won.mean() <= COMMON_SHARE:
            had, all_had = int((has[:, at] & won).sum()), int(has[:, at].sum())
            if had >= FEWEST_WON and had >= TOO_GOOD_SHARE * all_had:
                why = f"Of {all_had:,} cases of which holds “{feature.words}”, {had:,} were won: too good to be true."
                yield Excluded(feature.source, why, "too-good")


def _area(values: NDArray[np.float32], won: Flags, among_won: float, among_others: float) -> float:
    """Return the area under the ROC curve of a feature in either direction; roughly, where it can't be large."""
    neither = (1 - among_won) * (1 - among_others) / 2
    most, least = among_won + neither, among_won * (1 - among_others) + neither  # if among those who have it all or nothing is in order
    if max(most, 1 - least) < TOO_GOOD_AUC:
        return 0.5
    levels, places = np.unique(values, return_inverse=True)
    of_won: Real = np.bincount(places[won], minlength=len(levels)) / max(int(won.sum()), 1)
    of_others: Real = np.bincount(places[~won], minlength=len(levels)) / max(int((~won).sum()), 1)
    below = np.cumsum(of_others) - of_others
    area = float((of_won * (below + of_others / 2)).sum())
    return max(area, 1 - area)


def _undated(attributes: Iterable[Attribute], sources: Collection[str]) -> Iterator[Excluded]:
    for attribute in attributes:
        if attribute.undated and attribute.name in sources:
            yield Excluded(attribute.name, "It carries no dates, so it may have been filled in after the outcome.", UNDATED)


def _are(found: Sequence[Excluded]) -> str:
    return "is" if len(found) == 1 else "are"
