"""The people of the demo: names, titles, addresses, where they came from, and who changes jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadline.app.demo import company, names, programme, times
from leadline.app.demo.dice import Dice, Lottery
from leadline.app.demo.records import Account, Involvement, Job, Kind, Person
from leadline.app.demo.times import DAY, Span
from leadline.app.demo.titles import GERMAN, TITLES

_STREAM, _SEATING = 2, 3
_ALONE = 0.07
_SEATS = {1: 2, 11: 4, 51: 7, 201: 10, 1001: 13, 5001: 16}  # weight by employees from so many on

_OFFICE = Lottery({
    ("leadership", "c_level"): 3, ("operations", "c_level"): 2, ("operations", "vp"): 2, ("operations", "director"): 6,
    ("operations", "manager"): 9, ("operations", "senior"): 3, ("operations", "individual"): 8, ("sales", "c_level"): 1,
    ("sales", "vp"): 3, ("sales", "director"): 5, ("sales", "manager"): 6, ("sales", "senior"): 3, ("sales", "individual"): 8,
    ("marketing", "c_level"): 1, ("marketing", "vp"): 2, ("marketing", "director"): 4, ("marketing", "manager"): 6,
    ("marketing", "individual"): 5, ("finance", "c_level"): 2, ("finance", "vp"): 1, ("finance", "director"): 3,
    ("finance", "manager"): 3, ("finance", "individual"): 4, ("it", "c_level"): 2, ("it", "vp"): 1, ("it", "director"): 3,
    ("it", "manager"): 4, ("it", "senior"): 2, ("it", "individual"): 4, ("engineering", "director"): 1,
    ("engineering", "manager"): 2, ("engineering", "senior"): 4, ("engineering", "individual"): 7, ("product", "director"): 1,
    ("product", "manager"): 4, ("support", "manager"): 3, ("support", "individual"): 4, ("hr", "director"): 1,
    ("hr", "manager"): 2, ("hr", "individual"): 3,
})  # fmt: skip
_SMALL_OFFICE = Lottery({
    ("leadership", "c_level"): 30, ("operations", "manager"): 10, ("sales", "manager"): 10, ("sales", "individual"): 10,
    ("marketing", "manager"): 8, ("marketing", "individual"): 8, ("engineering", "individual"): 8, ("it", "c_level"): 8,
})  # fmt: skip
_CAMPUS = Lottery({("education", "intern"): 75, ("education", "individual"): 25})
_AGENCY = Lottery({("consulting", "senior"): 30, ("consulting", "individual"): 40, ("consulting", "c_level"): 30})
_LONERS = Lottery({
    ("education", "intern"): 30, ("consulting", "individual"): 25, ("leadership", "c_level"): 12, ("marketing", "individual"): 12,
    ("engineering", "individual"): 12, ("sales", "individual"): 9,
})  # fmt: skip
_STAFF = {Kind.UNIVERSITY: _CAMPUS, Kind.AGENCY: _AGENCY, Kind.ALONE: _LONERS}
_SMALL = 12
_CONCERNED = frozenset({"leadership", "operations", "sales", "marketing", "finance", "it"})
_PART = {
    "c_level": Involvement.DECIDER, "vp": Involvement.DECIDER, "director": Involvement.DECIDER,
    "manager": Involvement.CHAMPION, "senior": Involvement.CHAMPION,
}  # fmt: skip
_COUNTRIES = Lottery({"DE": 30, "US": 22, "GB": 14, "FR": 8, "NL": 5, "AT": 5, "IN": 10, "BR": 6})
_ADDRESSES = Lottery({"{first}.{last}": 70, "{first[0]}.{last}": 12, "{first}": 6, "{first[0]}{last}": 12})

# Where people come from: what the CRM says, the campaign, and weights by what they are.
SOURCES: dict[tuple[str, str], tuple[int, int, int]] = {
    # (source, campaign): (accounts that will need it, other accounts, students and the like)
    ("Organic Search", ""): (24, 18, 22),
    ("Direct", ""): (10, 9, 8),
    ("Paid Search", "brand-search"): (9, 2, 1),
    ("Paid Search", "generic-automation"): (6, 11, 8),
    ("LinkedIn Ads", "abm-ops-directors"): (10, 6, 1),
    ("LinkedIn Ads", "ebook-promo"): (4, 13, 16),
    ("Webinar", "webinar-series"): (10, 8, 7),
    ("Event", "trade-shows"): (8, 10, 3),
    ("Referral", "customer-referral"): (9, 1, 0),
    ("Review Site", "comparison-listing"): (6, 2, 1),
    ("List Import", "zoomfox-2025"): (4, 20, 2),
}
SYNDICATION = ("Content Syndication", "syndication-2026")
SYNDICATION_FROM = "2026-04-13"
_BY_SEGMENT = tuple(Lottery({key: weights[at] for key, weights in SOURCES.items()}) for at in range(3))
_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari/604.1",
)


def draw_people(seed: int, count: int, accounts: Sequence[Account], span: Span) -> list[Person]:
    """Return so many people, numbered from 1: a few stand alone, every account has at least one while there are enough."""
    seats = _seats(Dice(seed, _SEATING), count, accounts)
    return [_draw_person(Dice(seed, _STREAM, at), at + 1, seat, accounts, span) for at, seat in enumerate(seats)]


def _seats(dice: Dice, count: int, accounts: Sequence[Account]) -> list[Account | None]:
    alone = int(count * _ALONE) if accounts else count
    seats: list[Account | None] = [None] * alone
    seats += accounts[: count - alone]
    if len(seats) < count:
        sizes = Lottery({at: _at_least(_SEATS, one.employees) for at, one in enumerate(accounts)})
        seats += [accounts[sizes.draw(dice)] for _ in range(count - len(seats))]
    # Shuffled by hand: numbers should tell nothing.
    for at in range(len(seats) - 1, 0, -1):
        other = dice.below(at + 1)
        seats[at], seats[other] = seats[other], seats[at]
    return seats


def _at_least(table: Mapping[int, int], value: int) -> int:
    return table[max(bound for bound in table if bound <= value)]


def _draw_person(dice: Dice, number: int, seat: Account | None, accounts: Sequence[Account], span: Span) -> Person:
    country = seat.country if seat else _COUNTRIES.draw(dice)
    account = seat or company.nobody(country, span.start)
    region = names.REGIONS[country]
    name = f"{dice.pick(names.FIRST_NAMES[region])} {dice.pick(names.LAST_NAMES[region])}"
    created = _created(dice, account, span)
    source, campaign = _source(dice, account, created)
    if source == "Event":
        created = min(programme.fair_before(created)[0] + dice.between(3, 8) * DAY + dice.below(DAY), span.end - DAY)
    person = Person(
        number=number,
        name=name,
        country=country,
        created=created,
        seen=created - (dice.below(25 * DAY) if source not in ("List Import", "Event", SYNDICATION[0]) else 0),
        source=source,
        campaign=campaign,
        browser=dice.pick(_BROWSERS),
        reads_mail=dice.chance(0.7),
        knows_account=dice.chance(0.9),
    )
    person.jobs.append(_job(dice, person, account, person.seen))
    if dice.chance(0.07):
        _change_job(dice, person, accounts, span)
    return person


def _created(dice: Dice, account: Account, span: Span) -> int:
    """Return when the CRM got to know somebody: often before the span, often when the account needs something."""
    length = span.end - span.start
    if dice.chance(0.42) and account.kind is not Kind.ALONE:
        return min(span.start - dice.below(700 * DAY), span.end - 30 * DAY)
    if account.needs and dice.chance(0.45):
        start, end = dice.pick(account.needs)
        at = start + dice.below(end - start)
        if span.holds(at):
            return times.desk_time(dice, at, account.country)
    return times.some_time(dice, (span.start + dice.below(length)) // DAY, account.country)


def _source(dice: Dice, account: Account, created: int) -> tuple[str, str]:
    wants = any(start - 30 * DAY <= created < end for start, end in account.needs)
    segment = 0 if wants else 2 if account.kind in (Kind.ALONE, Kind.UNIVERSITY, Kind.COMPETITOR) else 1
    if segment and created >= times.instant(SYNDICATION_FROM) and dice.chance(0.3):
        return SYNDICATION
    return _BY_SEGMENT[segment].draw(dice)


def _job(dice: Dice, person: Person, account: Account, since: int) -> Job:
    staff = _STAFF.get(account.kind) or (_SMALL_OFFICE if account.employees < _SMALL else _OFFICE)
    function, senior = staff.draw(dice)
    title, email = _title(dice, person, function, senior), _email(dice, person, account)
    return Job(since, account, title, email, _part(dice, account, function, senior), senior, function)


def _title(dice: Dice, person: Person, function: str, senior: str) -> str:
    if dice.chance(0.06):
        return ""
    german = names.REGIONS[person.country] == "german" and dice.chance(0.55)
    spellings = (german and GERMAN.get((function, senior))) or TITLES[function, senior]
    return dice.pick(spellings)


def _part(dice: Dice, account: Account, function: str, senior: str) -> Involvement:
    if account.kind in (Kind.ALONE, Kind.UNIVERSITY, Kind.AGENCY) or function not in _CONCERNED or dice.chance(0.3):
        return Involvement.BYSTANDER
    return _PART.get(senior, Involvement.USER)


def _email(dice: Dice, person: Person, account: Account) -> str:
    first, _, last = _plain(person.name).partition(".")
    local = _ADDRESSES.draw(dice).format(first=first, last=last)
    if account.kind is Kind.ALONE or dice.chance(0.025):
        return f"{first}.{last}.{person.number:05}@{dice.pick(names.FREE_MAIL)}"
    domain = f"mail.{account.domain}" if dice.chance(0.03) else account.domain
    return f"{local}@{domain}".title() if dice.chance(0.02) else f"{local}@{domain}"


def _plain(name: str) -> str:
    first, _, last = name.partition(" ")
    return ".".join("".join(names.ASCII.get(letter, letter) for letter in part).lower() for part in (first, last))


def _change_job(dice: Dice, person: Person, accounts: Sequence[Account], span: Span) -> None:
    """Add a second job: promoted where they are, or gone to another account."""
    first = person.jobs[0]
    since = max(person.created, span.start) + 20 * DAY
    if since >= span.end or first.account.kind not in (Kind.PROSPECT, Kind.CUSTOMER):
        return
    since = times.desk_time(dice, since + dice.below(span.end - since), person.country)
    stays = dice.chance(0.55)
    account = first.account if stays else dice.pick(accounts)
    job = _job(dice, person, account, since)
    if stays:
        job.email = first.email
    if job.title and job.title != first.title:
        person.jobs.append(job)
