"""An independent reading of docs/language.md: plain, quadratic, exact where that matters.

It takes the definition as plain YAML data and the facts as plain rows, and asks every question anew for every person,
criterion and instant. Nothing is shared with the engine that it judges, so that the two can't make one mistake.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

from tests.oracle import conditions
from tests.oracle.facts import Activity, Facts
from tests.oracle.trees import Node
from tests.oracle.values import EPOCH, Env, Value

Element: TypeAlias = Mapping[str, Any]
MILLION = 1_000_000
GUARD = Fraction(501, 1000)
SENIORITY = ["intern", "individual", "senior", "manager", "director", "vp", "c_level"]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


@dataclass(frozen=True)
class Row:
    """A person's score at an instant; all points are whole millionths."""

    person_id: str
    account_id: str | None
    score: int
    groups: Mapping[str, int]
    criteria: Mapping[str, int]
    tracks: tuple[str, ...] = ()
    bands: Mapping[str, str] = field(default_factory=dict)
    grade: str | None = None
    disqualified: str | None = None
    suspended: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the row as ``leadline score --format json`` shows it."""
        shown = {name: getattr(self, name) for name in ("person_id", "account_id", "grade", "disqualified")}
        points = {key: {name: micro / MILLION for name, micro in getattr(self, key).items()} for key in ("groups", "criteria")}
        return {**shown, **points, "score": self.score / MILLION, "tracks": list(self.tracks)}


@dataclass(frozen=True)
class Subject:
    """One person at one instant: everything that the rules below ask about."""

    definition: Element
    facts: Facts
    person: str
    account: str | None
    created: int | None
    as_of: int
    values: Mapping[str, Value]
    trees: Mapping[str, Node]

    def holds(self, text: str, figures: Mapping[str, Value] | None = None) -> bool:
        """Return whether a condition is true; unknown is not."""
        return self.value(text, figures) is True

    def value(self, text: str, figures: Mapping[str, Value] | None = None) -> Value:
        """Return a condition's value; ``figures`` are the person's points, where rules may ask for them."""
        return self.tree(text).value(Env({**self.values, **(figures or {})}, self.as_of, orders(self.definition)))

    def tree(self, text: str) -> Node:
        """Return the tree of a condition: the one it was written from, if that is known."""
        return self.trees.get(text) or conditions.parse(text)


def score(definition: Element, facts: Facts, as_of: int, trees: Mapping[str, Node] | None = None) -> list[Row]:
    """Return a row for everybody who exists at ``as_of`` and passes ``only``, in the order of their ids.

    ``trees`` gives the trees of generated conditions by their text; all other texts are parsed.
    """
    subjects = [subject_of(definition, facts, person, as_of, trees or {}) for person in sorted(facts.persons)]
    return [
        row_of(subject)
        for subject in subjects
        if (subject.created is None or subject.created <= as_of) and ("only" not in definition or subject.holds(definition["only"]))
    ]


def subject_of(definition: Element, facts: Facts, person: str, as_of: int, trees: Mapping[str, Node]) -> Subject:
    """Return a person at an instant."""
    account = facts.account_of(person, as_of)
    values = dict(facts.person_values(person, as_of)) | dict(facts.account_values(account, as_of))
    return Subject(definition, facts, person, account, facts.created(person), as_of, values, trees)


def row_of(subject: Subject) -> Row:
    """Return the row of somebody who is scored."""
    definition = subject.definition
    criteria: dict[str, int] = {}
    groups: dict[str, int] = {}
    for name, group in definition["groups"].items():
        points = {key: criterion_points(subject, element) for key, element in group["criteria"].items()}
        criteria |= points
        groups[name] = group_points(subject, group, sum(points.values()))
    total = sum(points for name, points in groups.items() if definition["groups"][name].get("in_score", True))
    figures = {"score": total, **groups}
    bands = {name: band(rungs, figures[name]) for name, rungs in definition.get("bands", {}).items()}
    grade = "".join(bands[name] for name in definition.get("grade", ())) or None
    seen: dict[str, Value] = {name: points / MILLION for name, points in {**figures, **criteria}.items()}
    seen |= {f"band.{name}": label for name, label in bands.items()} | {"grade": grade}
    disqualified, suspended = (
        next((name for name, text in definition.get(key, {}).items() if subject.holds(text, seen)), None)
        for key in ("disqualify", "suspend")
    )
    met = tuple(name for name, track in definition["tracks"].items() if subject.holds(track["when"], seen))
    tracks = met if disqualified is None and suspended is None else ()
    return Row(subject.person, subject.account, total, groups, criteria, tracks, bands, grade, disqualified, suspended)


def band(rungs: Mapping[Any, float], points: int) -> str:
    """Return the label of the first bound that the points reach, else the last label."""
    labels = [str(label) for label in rungs]
    reached = [str(label) for label, bound in rungs.items() if Fraction(points, MILLION) >= exact(bound)]
    return reached[0] if reached else labels[-1]


def orders(definition: Element) -> Mapping[str, Sequence[str]]:
    """Return the labels of what compares by rank, from low to high: seniority, what the definition orders, bands."""
    ordered = {name: [str(label) for label in labels] for name, labels in definition.get("ordered", {}).items()}
    bands = {f"band.{name}": [str(label) for label in reversed(list(rungs))] for name, rungs in definition.get("bands", {}).items()}
    return {"person.seniority": SENIORITY} | ordered | bands


def group_points(subject: Subject, group: Element, total: int) -> int:
    """Return a group's points: scaled, then held between floor and cap."""
    scale = group.get("scale")
    if scale and silent_for(subject, scale) is not None:
        total = round6(Fraction(total, MILLION) * exact(scale["by"]))
    if group.get("floor") is not None:
        total = max(total, round6(exact(group["floor"])))
    if group.get("cap") is not None:
        total = min(total, round6(exact(group["cap"])))
    return total


def criterion_points(subject: Subject, criterion: Element) -> int:
    """Return what one criterion gives."""
    if "when" in criterion:
        return round6(exact(criterion["points"])) if subject.holds(criterion["when"]) else 0
    if "value" in criterion:
        return tier_points(subject, criterion)
    if "signal" in criterion:
        return signal_points(subject, criterion)
    if "absent" in criterion:
        return absence_points(subject, criterion)
    met = came_together(subject, criterion) if "together" in criterion else came_in_order(subject, criterion)
    return round6(exact(criterion["points"])) if met else 0


def tier_points(subject: Subject, criterion: Element) -> int:
    """Return the points of the highest bound that the value reaches."""
    tree = subject.tree(criterion["value"])
    held = subject.value(criterion["value"])
    order = tree.order(Env({}, orders=orders(subject.definition)))
    number = order.index(held) if order is not None and isinstance(held, str) else held
    if not isinstance(number, int | float):
        return 0
    reached = [(float(bound), points) for bound, points in criterion["tiers"].items() if number >= float(bound)]
    return round6(exact(max(reached)[1])) if reached else 0


# --- signals -------------------------------------------------------------------------------------------------------


def is_of(subject: Subject, name: str, activity: Activity, of: str | None) -> bool:
    """Return whether an activity is one of a signal, for this person; ``of`` is what stands above the signal."""
    written = subject.definition["signals"][name]
    signal = read_short(written) if isinstance(written, str) else written
    of = of or ("account" if signal.get("of") == "account" else None)
    if "any_of" in signal:
        return any(is_of(subject, member, activity, of) for member in signal["any_of"])
    if not belongs(subject, activity, of) or (activity.machine and not signal.get("machines")):
        return False
    kinds = [signal["activity"]] if isinstance(signal["activity"], str) else signal["activity"]
    if not any(activity.type == kind or (kind == "visit" and activity.starts_visit) for kind in kinds):
        return False
    return "where" not in signal or subject.tree(signal["where"]).value(Env(readable(activity.properties), subject.as_of)) is True


def is_any(subject: Subject, activity: Activity, of: str | None) -> bool:
    """Return whether an activity counts as ``any``: a person's, on the side of marketing or product."""
    return belongs(subject, activity, of) and not activity.machine and activity.side in ("marketing", "product")


def belongs(subject: Subject, activity: Activity, of: str | None) -> bool:
    """Return whether an activity is the person's, or of the account that the person is at."""
    if of == "account":
        return subject.account is not None and activity.account_id == subject.account
    return activity.person_id == subject.person


@cache
def read_short(text: str) -> Element:
    """Return a signal written as ``type where condition`` in its long form."""
    match = re.fullmatch(r"\s*(.*?)(?:\s+where\s+(.*))?", text, re.DOTALL | re.IGNORECASE)
    if match is None:
        raise ValueError(text)
    return {"activity": [match[1].strip()]} | ({"where": match[2].strip()} if match[2] else {})


def readable(properties: Mapping[str, Any]) -> Mapping[str, Value]:
    """Return the properties as conditions see them: numbers are doubles."""
    return {name: float(held) if isinstance(held, int) and not isinstance(held, bool) else held for name, held in properties.items()}


def near(subject: Subject) -> Iterator[Activity]:
    """Yield what the person did and what belongs to the account, as far as it is known."""
    own = subject.facts.by_person.get(subject.person, ())
    others = subject.facts.by_account.get(subject.account or "", ())
    for activity in (*own, *(a for a in others if a.person_id != subject.person)):
        if activity.known <= subject.as_of:
            yield activity


def activities_of(subject: Subject, name: str, of: str | None) -> list[Activity]:
    """Return the known activities of a signal, or of ``any``, in the order of time."""
    fits = is_any if name == "any" else None
    found = [a for a in near(subject) if (fits(subject, a, of) if fits else is_of(subject, name, a, of))]
    return sorted(found, key=lambda a: a.occurred)


def signal_points(subject: Subject, criterion: Element) -> int:
    """Return the points of a signal: for its amount, or once if the amount lies between bounds."""
    standing = chosen(activities_of(subject, criterion["signal"], criterion.get("of")), criterion)
    points, total = exact(criterion["points"]), amount(subject, criterion, standing)
    low, high = criterion.get("at_least"), criterion.get("at_most")
    if low is None and high is None:
        return held_to(criterion.get("max"), round6(points * Fraction(total, MILLION)))
    enough = low is None or Fraction(total, MILLION) >= exact(low)
    few = high is None or Fraction(total, MILLION) <= exact(high)
    return round6(points) if enough and few else 0


def chosen(activities: Sequence[Activity], criterion: Element) -> list[Activity]:
    """Return the activities that stand: once a bucket, then none too close to a kept one."""
    best_first = sorted(activities, key=lambda a: (a.occurred, -worth(a, criterion)))
    if "once_per" in criterion:
        first: dict[object, Activity] = {}
        for activity in best_first:
            first.setdefault(bucket(activity.occurred, criterion["once_per"]), activity)
        best_first = [a for a in best_first if a in first.values()]
    if "cooldown" not in criterion:
        return best_first
    kept: list[Activity] = []
    for activity in best_first:
        if all(activity.occurred - other.occurred >= duration(criterion["cooldown"]) for other in kept):
            kept.append(activity)
    return kept


def bucket(at: int, per: str) -> object:
    """Return the calendar bucket of an instant, in UTC; weeks begin on Monday."""
    moment = EPOCH + dt.timedelta(microseconds=at)
    if per == "week":
        return tuple(moment.isocalendar())[:2]
    return {
        "hour": (moment.date(), moment.hour),
        "day": moment.date(),
        "month": (moment.year, moment.month),
    }[per]


def worth(activity: Activity, criterion: Element) -> Fraction:
    """Return how much one activity adds: one, or the property that is summed; what isn't a finite number adds nothing."""
    if "sum" not in criterion:
        return Fraction(1)
    held = activity.properties.get(criterion["sum"])
    if isinstance(held, bool) or not isinstance(held, int | float) or not math.isfinite(held):
        return Fraction(0)
    return exact(held)


def amount(subject: Subject, criterion: Element, standing: Sequence[Activity]) -> int:
    """Return the amount in millionths: of those that count now, how much each is still worth."""
    wait = duration(criterion["wait"]) if "wait" in criterion else 0
    within = duration(criterion["within"]) if "within" in criterion else None
    ages = [(subject.as_of - a.occurred, worth(a, criterion)) for a in standing]
    counting = [(age, held) for age, held in ages if wait <= age and (within is None or age < within)]
    if "half_life" in criterion:
        half = duration(criterion["half_life"])
        return round6_float(math.fsum(0.5 ** (age / half) * float(held) for age, held in counting))
    if "fades_over" in criterion:
        over = duration(criterion["fades_over"])
        return round6(sum((max(Fraction(0), 1 - Fraction(age, over)) * held for age, held in counting), Fraction(0)))
    return round6(sum((held for _, held in counting), Fraction(0)))


# --- patterns and silence --------------------------------------------------------------------------------------------


def came_together(subject: Subject, criterion: Element) -> bool:
    """Return whether some window that ends at one of the activities holds enough of each signal."""
    asked = {name: activities_of(subject, name, criterion.get("of")) for name in criterion["together"]}
    ends = {a.occurred for found in asked.values() for a in found}
    return any(
        is_within(subject, criterion, end)
        and all(
            sum(1 for a in asked[name] if a.occurred <= end and spans(criterion, a.occurred, end)) >= count
            for name, count in criterion["together"].items()
        )
        for end in ends
    )


def came_in_order(subject: Subject, criterion: Element) -> bool:
    """Return whether some chain of activities goes through the steps; every chain is tried."""
    steps: Sequence[str] = criterion["in_order"]
    times = [sorted({a.occurred for a in activities_of(subject, name, criterion.get("of"))}) for name in steps]

    def goes_on(step: int, start: int, before: int) -> bool:
        if step == len(steps):
            return spans(criterion, start, before) and is_within(subject, criterion, before)
        later = steps[step] in steps[:step]
        return any(goes_on(step + 1, start, at) for at in times[step] if (at > before if later else at >= before))

    return any(goes_on(1, start, start) for start in times[0])


def spans(criterion: Element, start: int, end: int) -> bool:
    """Return whether two instants lie in one closed span."""
    return "span" not in criterion or end - start <= duration(criterion["span"])


def is_within(subject: Subject, criterion: Element, at: int) -> bool:
    """Return whether an instant is recent enough; one exactly ``within`` ago is not."""
    return "within" not in criterion or subject.as_of - at < duration(criterion["within"])


def silent_for(subject: Subject, element: Element) -> int | None:
    """Return how many full intervals after the first the silence has lasted, None if it isn't long enough."""
    last = [a.occurred for a in activities_of(subject, element["absent"], element.get("of"))]
    start = max([*last, *([] if subject.created is None else [subject.created])], default=None)
    if start is None:
        return 0
    beyond = subject.as_of - start - duration(element["for"])
    if beyond < 0:
        return None
    return beyond // duration(element["every"]) if "every" in element else 0


def absence_points(subject: Subject, criterion: Element) -> int:
    """Return the points of a silence, once more for each further interval."""
    further = silent_for(subject, criterion)
    if further is None:
        return 0
    return held_to(criterion.get("max"), round6(exact(criterion["points"]) * (1 + further)))


# --- numbers ---------------------------------------------------------------------------------------------------------


def exact(number: float) -> Fraction:
    """Return a number as it is written: 0.1 is a tenth."""
    return Fraction(str(number))


def round6(number: Fraction) -> int:
    """Return millionths, ties away from zero, with the guard of docs/language.md."""
    sign = -1 if number < 0 else 1
    return sign * math.floor(abs(number) * MILLION + GUARD)


def round6_float(number: float) -> int:
    """Return millionths of a double by the same formula."""
    sign = -1 if number < 0 else 1
    return sign * math.floor(abs(number) * 1e6 + 0.501)


def held_to(most: float | None, points: int) -> int:
    """Return the points, held to ``most`` on either side of zero."""
    if most is None:
        return points
    limit = round6(exact(most))
    return max(-limit, min(limit, points))


def duration(text: str) -> int:
    """Return the microseconds of ``30d``, ``90 minutes``, ``1.5 weeks``."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*", str(text).lower())
    if match is None:
        raise ValueError(text)
    return round(Fraction(match[1]) * UNITS[match[2][0]] * MILLION)
