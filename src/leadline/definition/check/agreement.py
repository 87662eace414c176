"""The contract's side: signatures, the cadence of review, response times, routes and reasons to reject."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from leadline import clock
from leadline.definition import fingerprint
from leadline.definition.check.subject import Subject
from leadline.definition.model import Signature
from leadline.errors import Problem


def check_agreement(subject: Subject, today: dt.date) -> Iterator[Problem]:
    """Yield what keeps the definition from being an agreement in force."""
    agreement = subject.definition.agreement
    now = fingerprint.contract_fingerprint(subject.definition)
    for team, signature in (("marketing", agreement.marketing), ("sales", agreement.sales)):
        yield from _signature(subject, team, signature, now)
    yield from _review(subject, today)
    yield from _handoff(subject)


def _signature(subject: Subject, team: str, signature: Signature | None, now: str) -> Iterator[Problem]:
    path = ("agreement", team)
    if signature is None or signature.signed is None:
        fix = f"agreement.{team}: {{owner: …, signed: YYYY-MM-DD, fingerprint: {fingerprint.short(now)}}}"
        yield subject.warning("unsigned", path, f"{team} has not signed.", fix)
    elif signature.fingerprint is None:
        says = f"the signature of {team} doesn't say what was signed."
        fix = f"If it is the present contract, add fingerprint: {fingerprint.short(now)}"
        yield subject.warning("unbound-signature", path, says, fix)
    elif len(signature.fingerprint) < fingerprint.SHORT or not now.startswith(signature.fingerprint.lower()):
        says = f"{team} signed {signature.fingerprint[: fingerprint.SHORT]}, but the contract is now {fingerprint.short(now)}."
        yield subject.warning("stale-signature", path, says, "Show them 'leadline diff' and have it signed anew.")


def _review(subject: Subject, today: dt.date) -> Iterator[Problem]:
    agreement = subject.definition.agreement
    signed = [one.signed for one in (agreement.marketing, agreement.sales) if one and one.signed]
    cadence = agreement.review.definition
    if not signed or cadence is None:
        return
    due = max(signed) + dt.timedelta(microseconds=cadence)
    if today > due:
        says = f"the review was due on {due}: last signed on {max(signed)}, to be reviewed every {clock.write_duration(cadence)}."
        yield subject.warning("overdue-review", ("agreement", "review", "definition"), says, "Run 'leadline review', then sign anew.")


def _handoff(subject: Subject) -> Iterator[Problem]:
    for name, track in subject.definition.tracks.items():
        if track.respond_within is None:
            says = f"'{name}' has no response time."
            yield subject.warning("missing-sla", ("tracks", name), says, "Add respond_within: 4 business hours")
        if track.to is None:
            yield subject.warning("missing-route", ("tracks", name), f"'{name}' goes to nobody.", "Add to: sdr")
    if not subject.definition.reject_reasons:
        says = "no reasons to reject are agreed, so rejections will teach nothing."
        yield subject.warning("missing-reject-reasons", ("reject_reasons",), says, "Add reject_reasons: {not_icp: {then: disqualify}, …}")
