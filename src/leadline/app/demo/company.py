"""The accounts of the demo: who is out there, how well they fit, and when they need what the company sells."""

from __future__ import annotations

from collections.abc import Iterable

from leadline.app.demo import names, truth
from leadline.app.demo.dice import Dice, Lottery
from leadline.app.demo.records import Account, Kind
from leadline.app.demo.times import DAY, Span

_STREAM = 1
_KINDS = Lottery({Kind.PROSPECT: 905, Kind.CUSTOMER: 48, Kind.COMPETITOR: 10, Kind.UNIVERSITY: 14, Kind.AGENCY: 23})
_INDUSTRIES = Lottery({
    "software": 22, "financial services": 11, "business services": 16, "manufacturing": 15, "logistics": 8, "healthcare": 8,
    "retail": 8, "media": 4, "telecommunications": 3, "public sector": 3, "education": 2,
})  # fmt: skip
_BANDS = Lottery({(2, 10): 16, (11, 50): 27, (51, 200): 25, (201, 1000): 18, (1001, 5000): 10, (5001, 40000): 4})
_COUNTRIES = Lottery({"DE": 26, "US": 22, "GB": 13, "FR": 7, "NL": 7, "AT": 5, "CH": 6, "SE": 4, "ES": 3, "IT": 3, "IN": 2, "BR": 2})
_INDUSTRY_OF = {Kind.COMPETITOR: "software", Kind.UNIVERSITY: "education", Kind.AGENCY: "business services"}
_CRMS = Lottery({"salesforce": 38, "hubspot": 28, "dynamics": 14, "none": 20})  # means nothing, see truth
_OWNERS = {"DE": "ae-1", "AT": "ae-1", "CH": "ae-1", "US": "ae-3", "BR": "ae-3"}
_EVERYBODY_ELSE = "ae-2"
_STRIDE = 37  # shares no factor with the number of combinations, so that names come mixed and each once
_ESTABLISHED = 1200  # days that an account may have been in the CRM before the span


def draw_accounts(seed: int, count: int, span: Span) -> list[Account]:
    """Return so many accounts, numbered from 1."""
    accounts = [_draw_account(Dice(seed, _STREAM, number), number, span) for number in range(1, count + 1)]
    _name(accounts)
    return accounts


def nobody(country: str, created: int) -> Account:
    """Return the stand-in for the account of somebody who writes from free mail; it is never exported."""
    return Account(0, Kind.ALONE, "", "", "business services", 1, 0, country, created)


def _draw_account(dice: Dice, number: int, span: Span) -> Account:
    kind = _KINDS.draw(dice)
    industry = _INDUSTRY_OF.get(kind) or _INDUSTRIES.draw(dice)
    employees = dice.mostly_low(*_BANDS.draw(dice))
    country = _COUNTRIES.draw(dice)
    account = Account(
        number=number,
        kind=kind,
        name="",
        domain="",
        industry=industry,
        employees=employees,
        revenue=employees * dice.between(70, 260) * 1000,
        country=country,
        created=span.start - dice.below(_ESTABLISHED * DAY) if dice.chance(0.72) else span.start + dice.below(span.end - span.start),
    )
    if dice.chance(0.6):
        account.owner = _OWNERS.get(country, _EVERYBODY_ELSE)
    account.crm = _CRMS.draw(dice)
    account.scans_mail = dice.chance(0.015 if employees < 200 else 0.05)
    if kind is Kind.CUSTOMER:
        account.created = min(account.created, span.start - 200 * DAY)
    if kind is Kind.PROSPECT:
        account.needs = _needs(dice, truth.account_fit(account), span)
    return account


def _name(accounts: Iterable[Account]) -> None:
    """Give each account a name of its own that suits its industry, and the domain that goes with it."""
    taken: dict[str, int] = {}
    for account in accounts:
        suffixes = names.SUFFIXES[account.industry]
        turn = taken.get(account.industry, len(taken) * 11)
        taken[account.industry] = turn + 1
        again, place = divmod(turn, len(names.STEMS) * len(suffixes))
        suffix, stem = divmod(place * _STRIDE % (len(names.STEMS) * len(suffixes)), len(names.STEMS))
        account.name = f"{names.STEMS[stem]} {suffixes[suffix]}" + (f" {again + 1}" if again else "")
        account.domain = account.name.lower().replace(" ", "-") + ".example"


def _needs(dice: Dice, fit: float, span: Span) -> tuple[tuple[int, int], ...]:
    """Return when the account looks for such a product: seldom if it fits badly, twice at most."""
    found: list[tuple[int, int]] = []
    for chance in (min(0.75, 0.2 + 0.17 * fit), 0.12):
        if dice.chance(chance):
            start = span.start - 40 * DAY + dice.below(span.end - span.start + 20 * DAY)
            found.append((start, start + dice.between(50, 130) * DAY))
    return tuple(sorted(found))
