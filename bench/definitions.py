"""The definitions of the benchmark and the project around them.

``definition.yaml`` beside this module is the one of 25 criteria. The one of 100 is four times as much of everything:
the same kinds of criteria over other activities, with other windows, weights and bounds.
"""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

import yaml

DEFINITION = Path(__file__).with_name("definition.yaml")
VARIANTS = (
    {
        "pricing_page": "page_view where path = '/pricing/enterprise'", "page": "page_view where path like '/blog/%'",
        "email_click": "email_open", "download": "content_download where content = 'whitepaper'",
        "case_study": "content_download where content = 'buyers_guide'", "demo_request": "form_submit where form = 'contact'",
        "webinar": "webinar_registered", "comparison": "page_view where path = '/compare/other'", "reply": "chat_started",
        "seat": "seat_invited where seats >= 2", "core_use": "feature_used where feature = 'workflow'",
        "login": "feature_used", "trial": "form_submit where form = 'demo'",
    },
    {
        "pricing_page": "page_view where path = '/pricing'", "page": "page_view where path like '/docs/%'",
        "email_click": "ad_click", "download": "content_download where content in ('checklist', 'report')",
        "case_study": "content_download where content like '%guide'", "demo_request": "form_submit where form = 'newsletter'",
        "webinar": {"activity": ["webinar_registered", "webinar_attended"]}, "comparison": "page_view where path = '/compare/another'",
        "reply": {"any_of": ["reply", "reply_2"]}, "seat": "seat_invited where seats between 1 and 3",
        "core_use": "feature_used where feature = 'integration'", "login": "login", "trial": "chat_started",
    },
    {
        "pricing_page": "page_view where path in ('/', '/product')", "page": "page_view where path not like '/blog/%'",
        "email_click": "social_engagement", "download": "content_download where content <> 'report'",
        "case_study": "content_download where content = 'checklist'", "demo_request": "form_submit where form in ('demo', 'contact')",
        "webinar": "ad_click", "comparison": "page_view where path like '%other'", "reply": "call",
        "seat": "seat_invited where seats > 3", "core_use": "feature_used where feature like 'feature_%'",
        "login": {"any_of": ["login", "core_use"]}, "trial": "trial_started",
    },
)  # fmt: skip
CONDITIONS = {
    "director": "person.seniority >= 'vp' and account.employees >= {0}00",
    "manager": "person.seniority between 'senior' and 'director' and account.employees < {0}000",
    "industry": "account.industry in ('retail', 'education') and account.employees > {0}0",
    "region": "person.country not in ('US', 'GB', 'IN') and account.revenue >= {0}000000",
    "unknown_size": "account.revenue is null or account.employees < {0}",
    "very_small": "account.employees between {0} and 1{0}",
    "productive": "account.revenue > {0}0000 * account.employees",
    "home_market": "person.country like 'D%' and account.industry <> 'software' and account.employees > {0}",
}


def write_project(raw: Path, folder: Path) -> None:
    """Write a project over the raw files: ``leadline.yaml``, ``definition.yaml``, ``definition-100.yaml`` and ``definition-next.yaml``."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = {
        "people": str((raw / "people.parquet").resolve()),
        "accounts": str((raw / "accounts.parquet").resolve()),
        "activities": str((raw / "activities").resolve() / "*.parquet"),
    }
    (folder / "leadline.yaml").write_text(yaml.safe_dump({"definition": "definition.yaml", "facts": facts}), encoding="utf-8")
    shutil.copy(DEFINITION, folder / "definition.yaml")
    (folder / "definition-100.yaml").write_text(yaml.safe_dump(hundred(), sort_keys=False), encoding="utf-8")
    (folder / "definition-next.yaml").write_text(yaml.safe_dump(proposed(), sort_keys=False), encoding="utf-8")


def proposed() -> dict[str, Any]:
    """Return the definition that is planned: a higher line, and two other weights."""
    new: dict[str, Any] = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))
    new["name"] += ", proposed"
    new["groups"]["engagement"]["criteria"]["pricing"]["points"] = 15
    new["groups"]["engagement"]["criteria"]["case_study"]["points"] = 20
    new["tracks"]["mql"]["when"] = new["tracks"]["mql"]["when"].replace("75", "80")
    return new


def hundred() -> dict[str, Any]:
    """Return the definition of 100 criteria as plain data."""
    base: dict[str, Any] = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))
    grown = copy.deepcopy(base)
    grown["name"] += " of 100 criteria"
    for number, signals in enumerate(VARIANTS, start=2):
        for name, signal in signals.items():
            grown["signals"][f"{name}_{number}"] = signal
        for group, element in base["groups"].items():
            for name, criterion in element["criteria"].items():
                grown["groups"][group]["criteria"][f"{name}_{number}"] = _varied(name, criterion, number)
    return grown


def _varied(name: str, criterion: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a criterion like ``criterion`` that no other one equals."""
    new = dict(criterion)
    if "points" in new:
        new["points"] = round(new["points"] / number, 2)
    if "when" in new:
        new["when"] = CONDITIONS[name].format(number)
    if "tiers" in new:
        new["tiers"] = {bound * number: points / number for bound, points in new["tiers"].items()}
    if "signal" in new:
        new["signal"] += f"_{number}"
    if "together" in new:
        new["together"] = {f"{signal}_{number}": count for signal, count in new["together"].items()}
    if "absent" in new:
        new["absent"] = "page" if number == 2 else f"page_{number}"
    for key in ("within", "half_life", "for"):
        if key in new:
            new[key] = f"{int(new[key][:-1]) - number}d"
    return new
