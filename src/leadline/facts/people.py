"""People: their versions over time, whose account they belong to, and what follows from their title and e-mail address."""

from __future__ import annotations

from leadline.facts import database, derive, derived, identity, versions
from leadline.facts.database import Database
from leadline.facts.model import SENIORITY, Column, Type
from leadline.facts.relations import RelationRows

FIXED = ("person_code", "person_id", "valid_from", "valid_to", "created", "account_code")
ACCOUNT = "__account"  # the account that the data gives, before matching by domain
DERIVED = {"email_domain": Type.TEXT, "email_is_free": Type.BOOLEAN, "seniority": Type.TEXT, "function": Type.TEXT}
_FROM = {"email_domain": "email", "email_is_free": "email", "seniority": "title", "function": "title"}
_EMAILS = (("email", "VARCHAR"), ("email_domain", "VARCHAR"), ("email_is_free", "BOOLEAN"), ("company", "VARCHAR"))
_TITLES = (("title", "VARCHAR"), ("seniority", "VARCHAR"), ("function", "VARCHAR"))

_STRANGERS = """
create or replace temp table people_held as
select person_id, null as __nothing, false as __undated, cast($begin as bigint) as valid_from from ($strangers) where person_id is not null
"""
_CODES = """
create temp table person_codes as
select person_id, cast(row_number() over (order by person_id) - 1 as integer) as person_code
from (select distinct person_id from people_held)
"""
_BASE = """
create temp table people_base as
select c.person_code, v.person_id, v.valid_from, v.valid_to, $created as created, a.account_code,
       coalesce($account, d.account_id) as account_id, $account is null and d.account_id is not null as __matched $attributes
from people_versions v
join person_codes c on c.person_id = v.person_id
left join emails e on e.email = $email
left join titles t on t.title = $title
left join account_domains d on $account is null and d.domain = e.company
left join account_codes a on a.account_id = coalesce($account, d.account_id)
"""


def names(rows: RelationRows) -> dict[str, str]:
    """Return column → name in the mirror of what the data has of people."""
    return {**versions.attribute_names(rows.types, "person_id", FIXED), **({"account_id": ACCOUNT} if rows.has("account_id") else {})}


def prepare(db: Database, rows: RelationRows, strangers: str) -> int:
    """Make ``person_codes`` and ``people_versions``; return how many rows were copies of another.

    Args:
        db: The database.
        rows: The people; without any source, ``strangers`` are the people.
        strangers: SQL of distinct ``person_id``s in the activities.
    """
    copies = 0
    if rows:
        copies = versions.hold(db, rows, "person_id", names(rows), "people_held")
    else:
        db.run(_STRANGERS, strangers=strangers, begin=versions.START)
    db.run(_CODES)
    versions.follow(db, "people_held", "person_id", "people_versions")
    return copies


def settle(db: Database, rows: RelationRows) -> tuple[dict[str, Column], int]:
    """Make ``people_base``: every version with its account and all attributes but those of arrival.

    Returns:
        The attributes, and how many people belong to an account by the domain of their e-mail address.
    """
    _judge(db, rows)
    given = {column: ours for column, ours in names(rows).items() if ours != ACCOUNT}
    added = {name: kind for name, kind in DERIVED.items() if not rows.has(name)}
    attributes = [f"v.{database.name(ours)}" for ours in given.values()]
    attributes += [f"{'e' if _FROM[name] == 'email' else 't'}.{name}" for name in added]
    parts = {part: f"v.{held}" if rows.has(column) else "cast(null as varchar)" for part, (column, held) in _HELD.items()}
    earliest = "min(v.created_at) over (partition by v.person_id)" if rows.has("valid_from") else "v.created_at"
    created = earliest if rows.has("created_at") else "cast(null as bigint)"
    db.run(_BASE, created=created, attributes="".join(f", {part}" for part in attributes), **parts)
    columns = _columns(db, rows, given, added)
    matched = db.row("select count(distinct person_code) from people_base where __matched")[0]
    db.run("alter table people_base drop column __matched")
    return columns, int(matched)


_HELD = {"account": ("account_id", ACCOUNT), "email": ("email", "email"), "title": ("title", "title")}


def _columns(db: Database, rows: RelationRows, given: dict[str, str], added: dict[str, Type]) -> dict[str, Column]:
    held = dict(names(rows).items())
    found = versions.undated(db, "people_held", list(held.values()))
    undated = {column for column, ours in held.items() if ours in found and column != "created_at"}
    columns = {ours: Column(rows.types[name], _order(name, rows.types[name]), name in undated) for name, ours in given.items()}
    columns["account_id"] = Column(Type.TEXT, undated=bool(undated & {"account_id", "email"}))
    return columns | {name: Column(kind, _order(name, kind), _FROM[name] in undated) for name, kind in added.items()}


def _order(name: str, kind: Type) -> tuple[str, ...]:
    return SENIORITY if name == "seniority" and kind is Type.TEXT else ()


def _judge(db: Database, rows: RelationRows) -> None:
    """Make ``emails`` and ``titles``: what each distinct address and title tells."""
    email = "select email from people_held where email is not null" if rows.has("email") else "select null::varchar where false"
    title = "select title from people_held where title is not null" if rows.has("title") else "select null::varchar where false"
    derived.judge(db, "emails", email, _EMAILS, _of_email)
    derived.judge(db, "titles", title, _TITLES, _of_title)


def _of_email(email: str) -> tuple[str, bool, str | None] | None:
    domain = identity.email_domain(email)
    if domain is None:
        return None
    free = identity.is_free_mail(domain)
    return domain, free, None if free else identity.company_domain(domain)


def _of_title(title: str) -> tuple[str | None, str | None]:
    return derive.seniority(title), derive.function(title)
