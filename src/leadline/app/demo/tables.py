"""The world as rows of the files that a user would export from a CRM, a web tracker, an e-mail tool and the product."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from leadline.app.demo import times
from leadline.app.demo.dice import Dice
from leadline.app.demo.records import Account, Activity, Deal, Job, Kind, LeadStage, Person, System
from leadline.app.demo.times import Span

Rows = list[list[str]]
_STREAM = 8

PEOPLE = ("person_id", "email", "name", "title", "country", "account_id", "source", "campaign", "lead_status", "created_at", "valid_from")
ACCOUNTS = (
    "account_id", "name", "domain", "industry", "employees", "revenue", "country", "crm", "is_competitor", "owner", "csm", "created_at",
)  # fmt: skip
DEALS = (
    "deal_id", "account_id", "person_id", "kind", "amount", "currency", "created_at", "first_conversation_at", "closed_at", "outcome",
    "stage", "source",
)  # fmt: skip
DEAL_STAGES = ("deal_id", "stage", "entered_at")
LEAD_STAGES = ("person_id", "stage", "entered_at", "rep", "reason")


@dataclass(frozen=True, slots=True)
class Export:
    """The file of one system: its columns, and which properties fill those that aren't the same everywhere.

    Attributes:
        prefix: What its activity ids begin with.
        kinds: The types of activity it holds.
        columns: The header. What isn't a key, a time or the side is a property of that name.
        side: The side it belongs to, if not marketing.
        as_json: All properties go into one column of JSON.
        names: Column → the name it has for us, for a system with headers of its own.
    """

    prefix: str
    kinds: tuple[str, ...]
    columns: tuple[str, ...]
    side: str = ""
    as_json: bool = False
    names: Mapping[str, str] = field(default_factory=dict[str, str])


_KEYS = ("activity_id", "person_id", "occurred_at", "received_at", "type")
EXPORTS: dict[System, Export] = {
    System.WEB: Export(
        "w", ("page_view", "form_submit", "content_download", "cta_click"),
        (*_KEYS, "path", "form", "content", "cta", "referrer", "utm_source", "utm_medium", "utm_campaign", "user_agent"),
    ),
    System.EMAIL: Export("m", ("email_sent", "email_open", "email_click", "unsubscribe"), (*_KEYS, "campaign", "link", "user_agent")),
    System.EVENTS: Export(
        "v", ("webinar_registered", "webinar_attended", "badge_scan"), (*_KEYS, "webinar", "kind", "minutes", "event"),
    ),
    System.SOCIAL: Export("s", ("social_engagement",), (*_KEYS, "network", "action")),
    System.PRODUCT: Export(
        "u", ("trial_started", "login", "feature_used", "seat_invited", "limit_hit"), (*_KEYS, "side", "properties"),
        side="product", as_json=True,
    ),
    System.SALES: Export(
        "c", ("call", "meeting", "sales_email"),
        ("Activity ID", "Contact ID", "Date", "Type", "side", "Outcome", "Direction", "Rep"),
        side="sales",
        names={
            "Activity ID": "activity_id", "Contact ID": "person_id", "Date": "occurred_at", "Type": "type",
            "Outcome": "outcome", "Direction": "direction", "Rep": "rep",
        },
    ),
    System.INTENT: Export(
        "i", ("intent_surge",), ("activity_id", "account_id", *_KEYS[2:], "side", "topic", "score"), side="third_party",
    ),
}  # fmt: skip
_NEW, _LEAD_STATUS = "New", {"mql": "Attempting", "accepted": "Connected", "rejected": "Unqualified", "sql": "Qualified"}


def activities(export: Export, known: Iterable[Activity]) -> Rows:
    """Return the rows of a system in the order of time, numbered so that equal instants keep their order."""
    ordered = sorted(known, key=lambda one: (one.at, one.person_id, one.account_id, one.kind))
    fields = [export.names.get(column, column) for column in export.columns]
    return [_activity(export, fields, number, activity) for number, activity in enumerate(ordered, 1)]


def _activity(export: Export, fields: Sequence[str], number: int, activity: Activity) -> list[str]:
    own = {
        "activity_id": f"{export.prefix}{number:06}", "person_id": activity.person_id, "account_id": activity.account_id,
        "occurred_at": times.write(activity.at), "received_at": _when(activity.received), "type": activity.kind, "side": export.side,
    }  # fmt: skip
    if export.as_json:
        own["properties"] = json.dumps(activity.properties) if activity.properties else ""
    return [own[field] if field in own else str(activity.properties.get(field, "")) for field in fields]


def people(known: Sequence[Person], stages: Iterable[LeadStage], span: Span, seed: int) -> Rows:
    """Return a row for each person; with ``valid_from``, two for somebody whose title or account changed."""
    last = {stage.person_id: stage.stage for stage in sorted(stages, key=lambda one: one.at)}
    dice = Dice(seed, _STREAM)
    rows: Rows = []
    for person in known:
        country = "" if dice.chance(0.05) else person.country
        for at, job in enumerate(person.jobs):
            since = "" if len(person.jobs) == 1 else times.write(job.since if at else person.created)
            status = _lead_status(job, last.get(person.person_id), span)
            account_id = job.account.account_id if person.knows_account else ""
            rows.append([
                person.person_id, job.email, person.name, job.title, country, account_id, person.source, person.campaign, status,
                times.write(person.created), since,
            ])  # fmt: skip
    return rows


def _lead_status(job: Job, last: str | None, span: Span) -> str:
    """Return what reps set by hand, and set to Customer once a deal is won: the present state, useless for prediction."""
    return "Customer" if _is_customer(job.account, span) else _LEAD_STATUS.get(last or "", _NEW)


def _is_customer(account: Account, span: Span) -> bool:
    return account.customer_since is not None and account.customer_since < span.end


def accounts(known: Sequence[Account], span: Span, seed: int) -> Rows:
    """Return a row for each account, with domains as they are typed and figures that are missing here and there."""
    dice = Dice(seed, _STREAM, 1)
    return [_account(dice, account, span) for account in known]


def _account(dice: Dice, account: Account, span: Span) -> list[str]:
    written = (account.domain,) * 15 + (f"www.{account.domain}", f"https://www.{account.domain}/", account.domain.upper(), "")
    employees = "" if dice.chance(0.05) else str(account.employees)
    revenue = "" if dice.chance(0.25) else str(account.revenue)
    csm = dice.pick(("am-1", "am-2")) if _is_customer(account, span) else ""
    is_competitor = "true" if account.kind is Kind.COMPETITOR else "false"
    return [
        account.account_id, account.name, dice.pick(written), account.industry, employees, revenue, account.country, account.crm,
        is_competitor, account.owner, csm, times.write(account.created),
    ]  # fmt: skip


def deals(known: Iterable[Deal], span: Span) -> tuple[Rows, Rows]:
    """Return the rows of deals and of their stages as they stand at the end of the span."""
    begun = sorted((deal for deal in known if deal.created < span.end), key=lambda deal: (deal.created, deal.account_id))
    rows, stages = list[list[str]](), list[list[str]]()
    for number, deal in enumerate(begun, 1):
        deal_id = f"d{number:04}"
        past = [(name, at) for name, at in deal.stages if at < span.end]
        closed = deal.closed if deal.closed is not None and deal.closed < span.end else None
        rows.append([
            deal_id, deal.account_id, deal.person_id, deal.kind, str(deal.amount), deal.currency, times.write(deal.created),
            times.write(deal.talked), _when(closed), deal.outcome if closed else "open", past[-1][0], deal.source,
        ])  # fmt: skip
        stages += [[deal_id, name, times.write(at)] for name, at in past]
    return rows, stages


def lead_stages(known: Iterable[LeadStage]) -> Rows:
    """Return what the CRM recorded of leads, in the order of time."""
    return [[one.person_id, one.stage, times.write(one.at), one.rep, one.reason] for one in _in_order(known)]


def _in_order(known: Iterable[LeadStage]) -> Iterator[LeadStage]:
    return iter(sorted(known, key=lambda one: (one.at, one.person_id, one.stage)))


def _when(at: int | None) -> str:
    return times.write(at) if at is not None else ""
