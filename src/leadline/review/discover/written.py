"""The card as the text of a ``definition.yaml``: a line for each element, and above each criterion the evidence for it. Pure.

What isn't learned (owners, targets, teams, response times, who is kept out, reasons to reject) is taken over from the current
definition, unsigned. The text loads and checks without errors, whatever stands in the data.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from leadline import clock
from leadline.review import phrases
from leadline.review.discover import carried, told, yaml_lines
from leadline.review.discover.carried import Carried
from leadline.review.discover.model import Behaviour, CardCriterion, DiscoverReport, Goal, Group, Signal

MOST_HAVE = 0.8
"""Fit is asked for if at least about this share of the won has points of it: else the rule would turn away too many like them."""
_LOOKED_AT = "looked_at"
_KEPT = ("requalify", "sql")
_TAKEN = frozenset(
    {
        "score", "grade", "band", "person", "account", "any", "true", "false", "null", "and", "or", "not",
        "person_id", "account_id", "tracks", "disqualified", "suspended",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """What goes into a proposed definition.

    Attributes:
        name: Its title.
        criteria: The card.
        signals: What the card's criteria may count; those that none counts are left out.
        current: The current definition as plain data, as its file says it (``Loaded.document.data``); empty if there is none.
        track: The track that is replaced: it keeps its team, its response time, and what a handoff of it is for.
        line: The score that qualifies.
        behaviours: The evidence, written above the criteria.
        goal: What a success is.
        customers: The facts know who is a customer, so customers are kept out.
        head: Lines of a comment at the head.
    """

    name: str
    criteria: tuple[CardCriterion, ...]
    signals: tuple[Signal, ...]
    current: Mapping[str, Any]
    track: str
    line: float
    behaviours: tuple[Behaviour, ...] = ()
    goal: Goal = Goal.WON
    customers: bool = True
    head: tuple[str, ...] = ()


def definition(proposal: Proposal) -> str:
    """Return the text of the definition."""
    return "\n".join(_Written(proposal).lines()) + "\n"


def head(report: DiscoverReport, command: str) -> tuple[str, ...]:
    """Return the lines of a comment at the head: where the definition comes from, and how well it does."""
    window = report.window
    cases = f"{phrases.day(window.begin_at)} to {phrases.day(window.end_at)}, looking back {phrases.size(report.before_days)} days"
    fit = told.counts(report.counts.get("fit", {}), report.goal)
    lines = [
        f"Learned by '{command}' from what people did before sales first spoke with them.",
        f"Cases from {cases}. Fitted on {fit}. {told.judging(report)}",
    ]
    areas = [f"{told.RIVALS[name]} {told.area(report.judged[name])}" for name in told.RIVALS if name in report.judged]
    lines += [f"Area under the ROC curve on {told.unseen(report)}: {', '.join(areas)}."] if areas else []
    lines += [report.line.says] if report.line else []
    return (*lines, "Edit freely, then rehearse it on history: leadline plan definition.yaml")


class _Written:
    """A proposal with what is taken over, and the names that everything goes by."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self.groups = {
            group.value: [criterion for criterion in proposal.criteria if criterion.group is group]
            for group in Group
            if any(criterion.group is group for criterion in proposal.criteria)
        }
        self.carried: Carried = carried.carried(proposal.current, self.groups)

    def lines(self) -> Iterator[str]:
        held = self.proposal
        for line in held.head:
            yield from yaml_lines.comment(line)
        yield f"name: {yaml_lines.text(held.name)}"
        yield from yaml_lines.section("agreement", self.agreement())
        yield from yaml_lines.section("ordered", yaml_lines.pairs(self.ordered()))
        yield from self.only()
        yield from yaml_lines.section("suspend", yaml_lines.pairs(self.carried.rules["suspend"]))
        yield from yaml_lines.section("signals", self.signals())
        yield from yaml_lines.section("groups", self.group_lines())
        yield from yaml_lines.section("disqualify", yaml_lines.pairs(self.carried.rules["disqualify"]))
        yield from yaml_lines.section("tracks", self.track())
        yield from yaml_lines.section("nurture", yaml_lines.pairs(self.carried.rules["nurture"]))
        yield from yaml_lines.section("reject_reasons", yaml_lines.pairs(carried.part(held.current, "reject_reasons")))
        yield from self.kept()

    def agreement(self) -> Iterator[str]:
        """Yield the owners without their signatures, and what was agreed on besides."""
        agreed = carried.part(self.proposal.current, "agreement")
        for team in ("marketing", "sales"):
            if owner := carried.part(agreed, team).get("owner"):
                yield f"{team}: {yaml_lines.value({'owner': owner})} # not signed yet"
        yield from yaml_lines.pairs({name: agreed[name] for name in ("review", "targets") if agreed.get(name)})

    def ordered(self) -> Mapping[str, Any]:
        """Return the orders of the current definition that some condition may need."""
        orders = carried.part(self.proposal.current, "ordered")
        asked = {name for text in self.conditions() for name in carried.names(text)}
        return {name: labels for name, labels in orders.items() if name in asked}

    def conditions(self) -> Iterator[str]:
        """Yield every condition on attributes."""
        for criterion in (*(item.criterion for item in self.proposal.criteria), *self.carried.criteria.values()):
            yield from (str(criterion[key]) for key in ("when", "value") if key in criterion)
        yield from (str(text) for rules in self.carried.rules.values() for text in rules.values())
        yield str(self.proposal.current.get("only") or "")

    def only(self) -> Iterator[str]:
        if only := self.proposal.current.get("only"):
            yield from ("", f"only: {yaml_lines.text(str(only))}")

    @cached_property
    def called(self) -> Mapping[str, str]:
        """Return what each signal of the card is called: as it was, unless a signal that is taken over has the name."""
        used = [name for criterion in self.proposal.criteria for name in carried.signals_of(criterion.criterion)]
        known = {signal.name: signal for signal in self.proposal.signals}
        taken, found = {*self.carried.signals, self.own}, dict[str, str]()
        for name in dict.fromkeys(used):
            same = self.carried.signals.get(name) == _signal(known[name])
            found[name] = name if same else free(name, taken)
            taken.add(found[name])
        return found

    @cached_property
    def done(self) -> list[CardCriterion]:
        """Return the criteria that give points for what people did; a surge of interest is an account's and nobody's own."""
        did = (Group.ENGAGEMENT, Group.USAGE)
        return [item for item in self.proposal.criteria if item.group in did and most(item) > 0 and carried.signals_of(item.criterion)]

    @property
    def shared(self) -> bool:
        """Return whether points are given to people for what their colleagues did."""
        return any(item.criterion.get("of") == "account" for item in self.done)

    @cached_property
    def own(self) -> str:
        """Return what the criterion is called that asks whether a person did any of that."""
        return free("took_part", {*self.groups, *self.carried.criteria, *(item.name for item in self.proposal.criteria)})

    def looked_at(self) -> Iterator[tuple[str, Any]]:
        """Yield criteria that give no points to the score: those that rules look at."""
        yield from self.carried.criteria.items()
        if self.shared:
            longest = max((str(item.criterion.get("within", "1d")) for item in self.done), key=clock.parse_duration)
            yield self.own, {"signal": self.own, "points": 1, "at_least": 1, "within": longest}

    def signals(self) -> Iterator[str]:
        if self.shared:
            counted = [self.called[name] for item in self.done for name in carried.signals_of(item.criterion)]
            yield f"{yaml_lines.key(self.own)}: {yaml_lines.value({'any_of': list(dict.fromkeys(counted))})}"
        for signal in self.proposal.signals:
            name = self.called.get(signal.name)
            if name is not None and name not in self.carried.signals:
                yield f"{yaml_lines.key(name)}: {yaml_lines.value(_signal(signal))}"
        yield from yaml_lines.pairs(self.carried.signals)

    def group_lines(self) -> Iterator[str]:
        taken = {*self.groups, *self.carried.criteria, _LOOKED_AT}
        for group, criteria in self.groups.items():
            yield from (f"{group}:", "  criteria:")
            for criterion in criteria:
                name = free(criterion.name, taken)
                taken.add(name)
                yield from yaml_lines.comment(self.evidence(criterion), "    ")
                worth = {} if "tiers" in criterion.criterion else {"points": criterion.points}
                asked = carried.with_signals(criterion.criterion, self.called)
                yield f"    {yaml_lines.key(name)}: {yaml_lines.value({**worth, **asked})}"
        if looked_at := dict(self.looked_at()):
            yield from yaml_lines.comment("Worth nothing by themselves: rules look at them.")
            yield from (f"{free(_LOOKED_AT, taken - {_LOOKED_AT})}:", "  in_score: false", "  criteria:")
            yield from (f"    {line}" for line in yaml_lines.pairs(looked_at))

    def evidence(self, criterion: CardCriterion) -> str:
        found = told.behind(criterion, self.proposal.behaviours)
        return criterion.words if found is None else f"{criterion.words}: {told.evidence(found, self.proposal.goal)}"

    def track(self) -> Iterator[str]:
        """Yield the track that is replaced, with its new line; of what isn't taken over, the names."""
        held = self.proposal
        tracks, kept = carried.part(held.current, "tracks"), ("to", "respond_within", "per")
        parts: dict[str, Any] = {"when": " and ".join(self.asked())}
        if held.line > 0:
            parts["leave"] = f"score < {yaml_lines.number(math.floor(held.line / 2) or held.line / 2)}"
        parts |= {key: part for key, part in carried.part(tracks, held.track).items() if key in kept}
        if self.shared:  # whatever a colleague did counts for all of them
            parts["per"] = "account"
        yield f"{yaml_lines.key(held.track)}:"
        yield from (f"  {line}" for line in yaml_lines.pairs(parts))
        left = [*(f"tracks.{name}" for name in tracks if name != held.track), *self.carried.left]
        if left:
            yield from yaml_lines.comment(f"Not taken over, since they speak of the old groups or points: {', '.join(left)}")

    def asked(self) -> Iterator[str]:
        """Yield what the track asks for: the line, who they are, and that they themselves did something; never who they are alone."""
        yield f"score >= {yaml_lines.number(self.proposal.line)}"
        gives = {name for name, criteria in self.groups.items() if any(most(criterion) > 0 for criterion in criteria)}
        if (fit := Group.FIT.value) in self.groups:
            yield from self.fits(self.groups[fit])
        did = [f"{name} > 0" for name in self.groups if name in gives and name != Group.FIT]
        if self.shared:
            yield f"{self.own} > 0"
        elif did:
            yield did[0] if len(did) == 1 else f"({' or '.join(did)})"
        out = [*self.carried.rules["suspend"].values(), *self.carried.rules["disqualify"].values()]
        if self.proposal.customers and "account.is_customer" not in out:
            yield "not coalesce(account.is_customer, false)"

    def fits(self, criteria: Sequence[CardCriterion]) -> Iterator[str]:
        """Yield what is asked of who they are: points, or else that none are taken away, or nothing, as most of the won have it.

        The shares are those of the evidence, criteria taken as independent; where there is none, all have it.
        """
        found = [(criterion, told.behind(criterion, self.proposal.behaviours)) for criterion in criteria]
        shares = {item.name: told.share(behaviour, "won") for item, behaviour in found if behaviour is not None}
        gives, takes = ([item.name for item in criteria if sign * most(item) > 0] for sign in (1, -1))
        if gives and 1 - math.prod(1 - shares.get(name, 1.0) for name in gives) >= MOST_HAVE:
            yield f"{Group.FIT} > 0"
        elif takes and math.prod(1 - shares.get(name, 0.0) for name in takes) >= MOST_HAVE:
            yield f"{Group.FIT} >= 0"

    def kept(self) -> Iterator[str]:
        """Yield what the teams agreed on besides."""
        for name in _KEPT:
            if part := carried.part(self.proposal.current, name):
                yield from ("", f"{name}: {yaml_lines.value(part)}")


def most(criterion: CardCriterion) -> float:
    """Return the most points that somebody gets for a criterion at once, whatever its ``max``."""
    tiers: Mapping[float, float] = criterion.criterion.get("tiers", {})
    return max(tiers.values(), key=abs, default=criterion.points)


def free(name: str, taken: Iterable[str]) -> str:
    """Return a name that rules may use and that isn't taken, as like the one asked for as can be.

    >>> free("pricing", {"pricing"}), free("2nd visit", ()), free("score", ())
    ('pricing_2', '_2nd_visit', 'score_2')
    """
    plain = "".join(letter if letter.isalnum() or letter == "_" else "_" for letter in name) or "criterion"
    plain = plain if plain.isidentifier() else f"_{plain}"
    plain = plain if plain.isidentifier() else "criterion"
    held, number, found = {*taken, *_TAKEN}, 2, plain
    while found in held:
        found, number = f"{plain}_{number}", number + 1
    return found


def _signal(signal: Signal) -> object:
    """Return a signal as the language writes it: in short, unless its type would be read as more than a type."""
    if signal.type.split() != [signal.type] or signal.type.lower() == "where":
        return {"activity": signal.type, **({"where": signal.where} if signal.where else {})}
    return f"{signal.type} where {signal.where}" if signal.where else signal.type
