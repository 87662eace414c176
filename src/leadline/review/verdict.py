"""What a plan comes to, in one sentence that doesn't claim more than the history tells."""

from __future__ import annotations

from dataclasses import dataclass

from leadline.review.model import Choice, Figure, Side, Sweep, Verdict

LEAST_DEALS = 6
"""Deals that only one side catches, below which chance alone may have dealt them."""
CLOSE = 0.1
"""Workloads that differ by no more than this share are called the same."""
NAMES = {"old": "the old definition", "new": "the new definition", "recorded": "what the CRM recorded"}


def verdict(old: Side, new: Side, difference: tuple[Figure, Figure], currency: str | None, sweep: Sweep | None) -> Verdict:
    """Return the verdict.

    Args:
        old: One side.
        new: The other.
        difference: New minus old: the revenue caught, over the deals that only one of them catches (or the deals won, where no amounts
            are known), and the entries a week.
        currency: Of money, empty if it has no name; ``None`` where no amounts are known, so that deals are counted.
        sweep: The new definition's line, moved.
    """
    revenue, per_week = difference
    one_sided = bool(old.total.entries) != bool(new.total.entries)  # as where everybody was inside since before the first fact
    choice = Choice.UNCLEAR if one_sided else choose(old, new, revenue)
    return Verdict(choice, _Words(old, new, currency, sweep).sentence(choice, revenue), revenue, per_week)


def choose(old: Side, new: Side, revenue: Figure) -> Choice:
    """Return which side catches more, if the interval of the difference and the number of deals behind it allow to say so."""
    same_deals = {deal.deal_id for deal in old.caught} == {deal.deal_id for deal in new.caught}
    if same_deals and old.total.weeks == new.total.weeks and old.total.people == new.total.people:
        return Choice.SAME
    if revenue.n < LEAST_DEALS or revenue.low is None or revenue.high is None or revenue.low <= 0 <= revenue.high:
        return Choice.UNCLEAR
    return Choice.NEW if revenue.low > 0 else Choice.OLD


@dataclass(frozen=True)
class _Words:
    """Two sides, for a sentence about them."""

    old: Side
    new: Side
    currency: str | None
    sweep: Sweep | None

    def sentence(self, choice: Choice, revenue: Figure) -> str:
        one, two = NAMES[self.old.name], NAMES[self.new.name]
        if choice is Choice.SAME:
            return "Both make the same entries and catch the same deals."
        if not (self.old.caught or self.old.missed):
            return f"No deal was won in this window, so nobody can tell which catches more. {self.workload()}"
        idle = [name for side, name in ((self.old, one), (self.new, two)) if not side.total.entries]
        if idle and choice is Choice.UNCLEAR:
            return f"Nobody enters by {' or by '.join(idle)} in this window, so nobody can tell which catches more. {self.workload()}"
        before, after, won = self.caught(self.old), self.caught(self.new), self.won()
        if choice is Choice.UNCLEAR:
            found = f"The history can't tell which catches more {self.what()}: of {won} won {two} catches {after}, {one} {before}"
        else:
            more = "more" if choice is Choice.NEW else "less" if self.priced() else "fewer"
            found = f"{_capital(two)} catches {more} {self.what()} than {one}: {after} instead of {before}, of {won} won"
        return f"{found}{self.between(revenue)}. {self.workload()}{self.at_equal_workload()}"

    def priced(self) -> bool:
        """Return whether money is told, and not the number of deals."""
        return self.currency is not None

    def what(self) -> str:
        return "revenue" if self.priced() else "deals"

    def between(self, revenue: Figure) -> str:
        """Return how sure the difference is."""
        if revenue.n < LEAST_DEALS or revenue.low is None or revenue.high is None:
            return f" (only {revenue.n} deal{'' if revenue.n == 1 else 's'} caught by one of them alone)"
        low, high = (self.amount(bound, signed=True) for bound in (revenue.low, revenue.high))
        return f" (the difference lies between {low} and {high})"

    def workload(self) -> str:
        before, after = self.old.total.per_week.value or 0.0, self.new.total.per_week.value or 0.0
        two = _capital(NAMES[self.new.name])
        if abs(after - before) <= CLOSE * before:
            return f"The workload stays about the same: {after:.1f} entries a week, so far {before:.1f}."
        share = f" ({(after - before) / before:+.0%})".replace("-", "−") if before else ""
        return f"{two} makes {after:.1f} entries a week instead of {before:.1f}{share}."

    def at_equal_workload(self) -> str:
        """Return what the new side would catch with as many entries as the old one, if a line does that."""
        step = self.sweep.at(self.sweep.equal_line) if self.sweep else None
        entries = self.old.total.entries
        if not self.sweep or not step or step.line == self.sweep.proposed or abs(self.new.total.entries - entries) <= CLOSE * entries:
            return ""
        caught = self.amount(step.revenue.value or 0.0 if self.priced() else step.won)
        return f" With its line at {step.line:g} it would make about as many entries as {NAMES[self.old.name]} and catch {caught}."

    def caught(self, side: Side) -> str:
        return self.amount(side.total.revenue.value or 0.0 if self.priced() else side.total.won)

    def won(self) -> str:
        deals = (*self.old.caught, *self.old.missed)
        return self.amount(sum(deal.amount or 0.0 for deal in deals) if self.priced() else len(deals))

    def amount(self, amount: float, *, signed: bool = False) -> str:
        """Return an amount of money, or a number of deals."""
        sign = "−" if amount < 0 else "+" if signed and amount > 0 else ""
        size = abs(amount)
        if self.currency is None:
            return f"{sign}{size:,.0f} deal{'' if size == 1 else 's'}"
        told = f"{sign}{size / 1e6:,.2f} million" if size >= 1e6 else f"{sign}{size:,.0f}"
        return f"{self.currency} {told}".lstrip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
