"""Accounts: their codes, their domains, their versions over time, and what deals say of them.

Every account that anything refers to has a code, whether or not the data describes it.
"""

from __future__ import annotations

from leadline.facts import database, deals, derived, identity, versions
from leadline.facts.database import Database
from leadline.facts.model import Column, Type
from leadline.facts.relations import RelationRows

FIXED = ("account_code", "valid_from", "valid_to")
DERIVED = {"is_customer": Type.BOOLEAN, "customer_since": Type.TIME, "has_open_deal": Type.BOOLEAN, "open_deal_since": Type.TIME}

_DOMAINS = """
create temp table account_domains as
select c.company as domain, min(account_id) as account_id
from accounts_held h join company_domains c on c.domain = h.domain group by c.company
"""
_CODES = """
create temp table account_codes as
select account_id, cast(row_number() over (order by account_id) - 1 as integer) as account_code
from (select distinct account_id from ($ids)) where account_id is not null
"""
_VERSIONS = """
create temp table accounts_base as
select c.account_code, c.account_id, coalesce(v.valid_from, $begin) as valid_from, coalesce(v.valid_to, $end) as valid_to $attributes
from account_codes c left join accounts_versions v on v.account_id = c.account_id
"""


def names(rows: RelationRows) -> dict[str, str]:
    """Return column → name in the mirror of what the data has of accounts."""
    return versions.attribute_names(rows.types, "account_id", FIXED)


def prepare(db: Database, rows: RelationRows) -> int:
    """Make ``accounts_held`` and ``account_domains``; return how many rows were copies of another."""
    copies = 0
    if rows:
        copies = versions.hold(db, rows, "account_id", names(rows), "accounts_held")
    else:
        db.run("create temp table accounts_held (account_id varchar, __undated boolean, valid_from bigint)")
    has_domain = rows.has("domain")
    found = "select domain from accounts_held where domain is not null" if has_domain else "select null::varchar where false"
    derived.judge(db, "company_domains", found, (("domain", "VARCHAR"), ("company", "VARCHAR")), _company)
    if has_domain:
        db.run(_DOMAINS)
    else:
        db.run("create temp table account_domains (domain varchar, account_id varchar)")
    return copies


def _company(domain: str) -> tuple[str] | None:
    company = identity.company_domain(domain)
    return (company,) if company and not identity.is_free_mail(company) else None


def code(db: Database, *ids: str) -> None:
    """Make ``account_codes`` over all accounts that occur anywhere; ``ids`` are queries of ``account_id``."""
    db.run(_CODES, ids=" union all ".join(["select account_id from accounts_held", *ids]))


def settle(db: Database, rows: RelationRows) -> dict[str, Column]:
    """Make ``accounts_final``: every version with all attributes, those from deals included; return the attributes."""
    versions.follow(db, "accounts_held", "account_id", "accounts_versions")
    given = names(rows)
    attributes = "".join(f", v.{database.name(ours)}" for ours in given.values())
    db.run(_VERSIONS, begin=versions.START, end=versions.END, attributes=attributes)
    added = {name: kind for name, kind in DERIVED.items() if not rows.has(name)}
    deals.find_changes(db)
    values = {name: f"coalesce(c.{name}, false)" if kind is Type.BOOLEAN else f"c.{name}" for name, kind in added.items()}
    final = versions.split("accounts_base", "deal_changes", "account_code", values)
    db.run("create temp view accounts_final as $final", final=final)
    held = versions.undated(db, "accounts_held", list(given.values()))
    columns = {ours: Column(rows.types[name], (), ours in held and name != "created_at") for name, ours in given.items()}
    return columns | {name: Column(kind) for name, kind in added.items()}
