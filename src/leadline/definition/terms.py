"""The terms around the score in English: what a rejection does, when somebody may qualify again, what an SQL is, targets.

What belongs here: elements that never affect a score, one in, a clause out, in Markdown. What scores is :mod:`.words`'.
"""

from __future__ import annotations

from leadline.definition import english
from leadline.definition.model import RejectReason, Requalify, SqlFramework

ANSWERS = {
    "BANT": ("budget", "authority", "need", "timeline"),
    "MEDDIC": ("metrics", "economic buyer", "decision criteria", "decision process", "identified pain", "champion"),
}
_FATES = {
    "nurture": "the lead goes to nurture",
    "disqualify": "the lead is disqualified",
    "merge": "the lead is merged with its other record",
}
_RATES = ("_to_", "_rate_", "_share_")


def reason(rule: RejectReason) -> str:
    """Return when a reason to reject may be given and what happens to the lead then."""
    allowed = [f"after {english.counted(rule.after_attempts, 'attempt')}"] if rule.after_attempts else []
    allowed += [f"within {rule.within}"] if rule.within else []
    text = f"only {' '.join(allowed)}; {_FATES[rule.then]}" if allowed else _FATES[rule.then]
    return text + (f" and can qualify again after {english.duration(rule.requalify_after)}" if rule.requalify_after else "")


def requalify(rule: Requalify) -> str:
    """Return when somebody rejected or gone can qualify again."""
    needs = ", and only on a new activity" if rule.needs == "new_activity" else ""
    return f"after {english.duration(rule.after)}{needs}"


def framework(rule: SqlFramework) -> str:
    """Return what a rep must have learned before a lead is an SQL."""
    answers = ANSWERS[rule.framework]
    some = "all" if rule.needs >= len(answers) else f"at least {rule.needs}"
    return f"{some} of the {len(answers)} answers of {rule.framework}: {english.listed(answers)}"


def target(name: str, value: float | tuple[float, float]) -> str:
    """Return a target's value: a rate, as its name says, or a span in percent, else a plain number."""
    if isinstance(value, tuple):
        return f"between {_percent(value[0])} and {_percent(value[1])}"
    return _percent(value) if any(part in f"_{name}_" for part in _RATES) else english.number(value)


def _percent(share: float) -> str:
    return f"{english.number(share * 100)} %"
