"""The definition as people write it: frozen types, one for each element of the language, and no I/O.

The elements and their meaning stand in ``docs/language.md``. What belongs here: the shape, and what one element can
know to be wrong about itself. What needs other elements or the schema of the facts belongs to
:mod:`leadline.definition.check`. Times are microseconds; points stay as written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, LiteralString, TypeAlias, TypeVar, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from leadline import clock

T = TypeVar("T")
MOST_POINTS = 1_000_000
ANY = "any"
RESERVED = frozenset(
    {
        "score", "grade", "band", "person", "account", "any", "true", "false", "null", "and", "or", "not",
        "person_id", "account_id", "tracks", "disqualified", "suspended",
    }
)  # fmt: skip


def _parsed(parse: Callable[[str], T], code: LiteralString, fix: str) -> BeforeValidator:
    def read(value: Any) -> T:
        try:
            return parse(str(value)) if isinstance(value, str | int | float) else value
        except ValueError:
            raise PydanticCustomError(code, "{got} can't be read here", {"got": repr(value), "fix": fix}) from None

    return BeforeValidator(read)


def _percent(text: str) -> float:
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def _name(text: str) -> str:
    if not text.isidentifier() or text in RESERVED:
        raise ValueError
    return text


Duration: TypeAlias = Annotated[
    int, _parsed(clock.parse_duration, "bad-duration", "Write a number and a unit: 90m, 72h, 30d, 12w."), Field(gt=0)
]
Business: TypeAlias = Annotated[
    clock.BusinessTime,
    _parsed(clock.parse_business_time, "bad-duration", "Write '4 business hours' or '1 business day'."),
]
Share: TypeAlias = Annotated[float, _parsed(_percent, "bad-share", "Write 15% or 0.15."), Field(ge=0, le=1)]
Points: TypeAlias = Annotated[float, Field(ge=-MOST_POINTS, le=MOST_POINTS, allow_inf_nan=False)]
Bound: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]
Name: TypeAlias = Annotated[
    str, _parsed(_name, "bad-name", "Use letters, digits and _ (not a reserved word such as 'score'), so that rules can refer to it.")
]
Label: TypeAlias = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int | bool) else value)]
Condition: TypeAlias = Annotated[str, Field(min_length=1)]


class Of(StrEnum):
    """Whose activities count."""

    PERSON = "person"
    ACCOUNT = "account"


class Bucket(StrEnum):
    """The calendar buckets of ``once_per``, in UTC; weeks start on Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Element(BaseModel):
    """What all elements share: frozen, no unknown keys, aliases for words that Python reserves."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Signature(Element):
    """One team's side of the agreement; ``fingerprint`` is the contract's, as it was when they signed."""

    owner: str
    signed: dt.date | None = None
    fingerprint: str | None = None


class ReviewCadence(Element):
    """How often the definition and the conversion are looked at."""

    definition: Duration | None = None
    conversion: Duration | None = None


class Agreement(Element):
    """Who agreed to the definition, and what they expect of it. Never affects a score."""

    marketing: Signature | None = None
    sales: Signature | None = None
    review: ReviewCadence = ReviewCadence()
    targets: Mapping[str, Share | Annotated[float, Field(ge=0)] | tuple[Share, Share]] = {}


class Signal(Element):
    """A named kind of activity: one or several types with a condition, or any of other signals."""

    activity: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    where: Condition | None = None
    any_of: tuple[str, ...] = ()
    of: Of = Of.PERSON
    machines: bool = False

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, str):
            activity, keyword, where = (part.strip() for part in _split_where(value))
            return {"activity": (activity,), **({"where": where} if keyword else {})}
        if isinstance(value, dict):
            found = cast("dict[str, Any]", value)
            return {**found, "activity": (found["activity"],)} if isinstance(found.get("activity"), str) else found
        return value

    @model_validator(mode="after")
    def _one_kind(self) -> Signal:
        if bool(self.activity) == bool(self.any_of) or (self.any_of and (self.where or self.machines)):
            raise PydanticCustomError(
                "signal-kind",
                "a signal is either an activity (with where, machines) or any_of other signals",
                {"fix": "Write \"page_view where path like '/pricing%'\" or {any_of: [a, b]}."},
            )
        return self


def _split_where(text: str) -> tuple[str, str, str]:
    words = text.split()
    at = next((i for i, word in enumerate(words) if word.lower() == "where"), None)
    if at is None:
        return text, "", ""
    head, sep, tail = text.partition(words[at])
    while sep and not (head[-1:].isspace() and (not tail or tail[:1].isspace())):  # 'where' inside another word
        more, sep, tail = tail.partition(words[at])
        head += words[at] + more
    return head, sep, tail


class AttributeCriterion(Element):
    """Points if a condition on attributes holds."""

    tag: Literal["<when>"] = Field(default="<when>", exclude=True, repr=False)
    points: Points
    when: Condition


class TierCriterion(Element):
    """The points of the highest bound that a value reaches."""

    tag: Literal["<value>"] = Field(default="<value>", exclude=True, repr=False)
    value: Condition
    tiers: Annotated[Mapping[Bound, Points], Field(min_length=1)]


class SignalCriterion(Element):
    """Points for each activity of a signal, or once if their amount lies between bounds."""

    tag: Literal["<signal>"] = Field(default="<signal>", exclude=True, repr=False)
    signal: str
    points: Points
    max: Annotated[float, Field(gt=0, le=MOST_POINTS)] | None = None
    within: Duration | None = None
    wait: Duration | None = None
    once_per: Bucket | None = None
    cooldown: Duration | None = None
    half_life: Duration | None = None
    fades_over: Duration | None = None
    sum: str | None = None
    at_least: Bound | None = None
    at_most: Bound | None = None
    of: Of | None = None

    @model_validator(mode="after")
    def _agrees(self) -> SignalCriterion:
        counted = self.at_least is not None or self.at_most is not None
        if self.half_life and self.fades_over:
            raise _clash("half_life and fades_over are two ways to fade", "Keep one of them.")
        if counted and self.max is not None:
            raise _clash("max has no effect beside at_least or at_most: points are given once", "Remove max.")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise _clash("at_least is above at_most, so no amount fits", "Swap them.")
        if self.wait and self.within and self.wait >= self.within:
            raise _clash("wait is not shorter than within, so nothing ever counts", "Lengthen within.")
        return self


class TogetherCriterion(Element):
    """Points once if so many of each signal fall into one span."""

    tag: Literal["<together>"] = Field(default="<together>", exclude=True, repr=False)
    together: Annotated[Mapping[str, Annotated[int, Field(ge=1)]], Field(min_length=1)]
    points: Points
    span: Duration | None = None
    within: Duration | None = None
    of: Of | None = None


class SequenceCriterion(Element):
    """Points once if signals came in this order within a span."""

    tag: Literal["<in_order>"] = Field(default="<in_order>", exclude=True, repr=False)
    in_order: Annotated[tuple[str, ...], Field(min_length=2)]
    points: Points
    span: Duration | None = None
    within: Duration | None = None
    of: Of | None = None


class AbsenceCriterion(Element):
    """Points once, or for each further interval, while a signal (or ``any``) has been absent."""

    tag: Literal["<absent>"] = Field(default="<absent>", exclude=True, repr=False)
    absent: str
    for_: Annotated[Duration, Field(alias="for")]
    points: Points
    every: Duration | None = None
    max: Annotated[float, Field(gt=0, le=MOST_POINTS)] | None = None
    of: Of | None = None

    @model_validator(mode="after")
    def _agrees(self) -> AbsenceCriterion:
        if self.max is not None and not self.every:
            raise _clash("max has no effect without every: points are given once", "Remove max or add every.")
        return self


def _clash(says: str, fix: str) -> PydanticCustomError:
    return PydanticCustomError("clash", "{says}", {"says": says, "fix": fix})


# In angle brackets, so that a tag is never taken for a key of the file when a problem is located.
KINDS: tuple[type[Element], ...] = (
    AttributeCriterion, TierCriterion, SignalCriterion, TogetherCriterion, SequenceCriterion, AbsenceCriterion,
)  # fmt: skip
_TAGS = tuple(str(kind.model_fields["tag"].default) for kind in KINDS)


def _kind(value: Any) -> str | None:
    if isinstance(value, Element):
        return str(getattr(value, "tag", ""))
    found = [tag for tag in _TAGS if isinstance(value, dict) and tag.strip("<>") in value]
    return found[0] if found else None


Criterion: TypeAlias = Annotated[
    Annotated[AttributeCriterion, Tag("<when>")]
    | Annotated[TierCriterion, Tag("<value>")]
    | Annotated[SignalCriterion, Tag("<signal>")]
    | Annotated[TogetherCriterion, Tag("<together>")]
    | Annotated[SequenceCriterion, Tag("<in_order>")]
    | Annotated[AbsenceCriterion, Tag("<absent>")],
    Discriminator(
        _kind,
        custom_error_type="criterion-kind",
        custom_error_message="this is no criterion",
        custom_error_context={"fix": f"Give it one of: {', '.join(tag.strip('<>') for tag in _TAGS)}."},
    ),
]


class Scale(Element):
    """Multiplies a group's sum while a signal (or ``any``) has been absent."""

    by: Annotated[float, Field(ge=0, le=1000)]
    absent: str
    for_: Annotated[Duration, Field(alias="for")]
    of: Of | None = None


class Group(Element):
    """A sum of criteria, scaled, then held between floor and cap.

    ``in_score: false`` keeps the group out of the score: rules still see it and its criteria.
    """

    criteria: Annotated[Mapping[Name, Criterion], Field(min_length=1)]
    cap: Points | None = None
    floor: Points | None = None
    scale: Scale | None = None
    in_score: bool = True

    @model_validator(mode="after")
    def _agrees(self) -> Group:
        if self.cap is not None and self.floor is not None and self.floor > self.cap:
            raise _clash("floor is above cap", "Swap them.")
        return self


class Track(Element):
    """A rule over scores that qualifies, and the handoff that follows from it."""

    when: Condition
    leave: Condition | None = None
    to: str | None = None
    respond_within: Business | None = None
    counts_as: str | None = None
    per: Of = Of.PERSON


class RejectReason(Element):
    """An agreed reason to reject, and what happens to the lead then."""

    then: Literal["nurture", "disqualify", "merge"]
    requalify_after: Duration | None = None
    after_attempts: Annotated[int, Field(ge=1)] | None = None
    within: Business | None = None


class Requalify(Element):
    """When somebody rejected or gone may qualify again."""

    after: Duration
    needs: Literal["new_activity", "nothing"] = "nothing"


class SqlFramework(Element):
    """What a rep must have learned before a lead is an SQL."""

    framework: Literal["BANT", "MEDDIC"]
    needs: Annotated[int, Field(ge=1)]


class Definition(Element):
    """The written contract, as one value."""

    name: str
    agreement: Agreement = Agreement()
    ordered: Mapping[str, Annotated[tuple[Label, ...], Field(min_length=2)]] = {}
    only: Condition | None = None
    suspend: Mapping[Name, Condition] = {}
    signals: Mapping[Name, Signal] = {}
    groups: Annotated[Mapping[Name, Group], Field(min_length=1)]
    disqualify: Mapping[Name, Condition] = {}
    bands: Mapping[str, Annotated[Mapping[Label, Bound], Field(min_length=1)]] = {}
    grade: tuple[str, ...] = ()
    tracks: Annotated[Mapping[Name, Track], Field(min_length=1)]
    nurture: Mapping[Name, Condition] = {}
    reject_reasons: Mapping[Name, RejectReason] = {}
    requalify: Requalify | None = None
    sql: SqlFramework | None = None

    def criteria(self) -> Iterator[tuple[str, str, Criterion]]:
        """Yield (group, criterion, its element) in the order of the file."""
        for group, element in self.groups.items():
            for name, criterion in element.criteria.items():
                yield group, name, criterion
