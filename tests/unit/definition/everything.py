"""A definition that uses every element of the language, as text, and its variations by one leaf."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import ValidationError

from leadline.definition.model import Definition

EVERYTHING = """
name: Acme MQL
agreement:
  marketing: {owner: head of demand generation, signed: 2026-10-01, fingerprint: 0123456789ab}
  sales: {owner: head of sales development, signed: 2026-10-02}
  review: {definition: 90d, conversion: 30d}
  targets: {mql_to_sql: [15%, 30%], win_rate: 20%, mql_per_week: 40}
ordered: {person.tier: [bronze, silver, gold]}
only: "person.country is not null"
suspend: {partner: "person.with_partner"}

signals:
  pricing_page: "page_view where path like '/pricing%'"
  case_study: "content_download where content = 'case_study'"
  demo_request: "form_submit where form = 'demo'"
  webinar: webinar_attended
  trial_started: trial_started
  seat_invited: seat_invited
  activated: "feature_used where feature in ('workflow', 'integration')"
  engaged: {any_of: [pricing_page, case_study, demo_request, webinar]}
  surge: {activity: [intent_surge, intent_spike], where: "score >= 60", of: account}
  scan: {activity: email_click, machines: true}

groups:
  fit:
    cap: 50
    floor: -20
    criteria:
      director_at_100: {points: 25, when: "person.seniority >= 'director' and account.employees >= 100"}
      size: {value: account.employees, tiers: {11: 5, 101: 10, 1001: 20}}
      tier: {value: person.tier, tiers: {1: 3, 2: 6}}
      free_mail: {points: -10, when: "person.email_is_free"}
  engagement:
    cap: 100
    scale: {by: 0.5, absent: engaged, for: 84d, of: account}
    criteria:
      pricing_page: {signal: pricing_page, points: 20, max: 40, within: 30d, half_life: 14d}
      case_study: {signal: case_study, points: 15, once_per: day, within: 90d, fades_over: 90d, of: account}
      asked_for_demo: {signal: demo_request, points: 40, at_least: 1, within: 30d}
      few_scans: {signal: scan, points: 1, at_most: 3, wait: 1h}
      surge: {signal: surge, points: 20, cooldown: 90d, wait: 6d, within: 180d}
      hot_trial: {together: {webinar: 1, pricing_page: 2, trial_started: 1, activated: 1}, span: 72h, within: 90d, points: 30, of: account}
      path: {in_order: [pricing_page, demo_request], span: 2d, within: 60d, points: 5, of: account}
      gone_quiet: {absent: any, for: 14d, every: 7d, points: -2, max: 20, of: account}
  usage:
    in_score: false
    criteria:
      seats: {signal: seat_invited, sum: seats, at_least: 5, points: 20, within: 30d}
      each_seat: {signal: seat_invited, sum: seats, points: 0.5}

disqualify:
  competitor: "account.is_competitor"
  student: "person.seniority = 'intern'"

bands: {score: {hot: 90, engaged: 70, nurtured: 30, captured: 0}, fit: {A: 40, B: 20, C: 0}, engagement: {1: 60, 2: 30, 3: 0}}
grade: [fit, engagement]

tracks:
  hot: {when: "hot_trial > 0 and fit > 0", to: ae, respond_within: 1 business hour}
  mql: {when: "score >= 75 and fit > 0 and not account.is_customer", leave: "score < 50", to: sdr, respond_within: 4 business hours}
  expansion: {when: "account.is_customer and score >= 150", to: am, respond_within: 1 business day, counts_as: mql}
  pql: {when: "usage >= 20 and account.employees >= 50", per: account}
nurture: {warm: "score >= 25", cold: "score >= 0"}
reject_reasons:
  not_icp: {then: disqualify}
  bad_timing: {then: nurture, requalify_after: 90d}
  no_answer: {after_attempts: 5, within: 10 business days, then: nurture}
  duplicate: {then: merge}
requalify: {after: 30d, needs: new_activity}
sql: {framework: BANT, needs: 3}
"""
DATA: dict[str, Any] = yaml.safe_load(EVERYTHING)


def parsed(data: dict[str, Any]) -> Definition:
    """Return plain data as a definition."""
    return Definition.model_validate(data)


def changed(*path: str | int, to: Any) -> Definition:
    """Return everything with one place changed; ``...`` takes the place out."""
    data = copy.deepcopy(DATA)
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return parsed(data)


def variations(data: dict[str, Any]) -> Iterator[tuple[str, Definition]]:
    """Yield each definition that differs in one leaf or lacks one key, as far as it loads, with the path of the change."""
    for path, held in list(_places(data, ())):
        for other in (..., *_others(held)):
            copied = copy.deepcopy(data)
            place: Any = copied
            for key in path[:-1]:
                place = place[key]
            if other is ...:
                del place[path[-1]]
            else:
                place[path[-1]] = other
            try:
                yield f"{'.'.join(map(str, path))} → {'gone' if other is ... else other}", parsed(copied)
            except ValidationError:
                continue


def _places(data: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, held in items:
        yield (*path, key), held
        yield from _places(held, (*path, key))


def _others(held: Any) -> Iterator[Any]:
    if isinstance(held, bool):
        yield not held
    elif isinstance(held, int | float):
        yield held + 1
        yield held / 2
    elif isinstance(held, list):
        yield held[::-1]
    elif isinstance(held, dict):
        yield dict(reversed(held.items()))
    elif isinstance(held, str):
        yield from (f"({held}) or person.other", "31d", "webinar", "person", "week", "nurture", "MEDDIC", "5 business days", "nothing")
