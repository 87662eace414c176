"""The definition as one page of plain prose that the two teams can sign, as Markdown or as HTML for print.

What belongs here: which sentences stand on the page, and in which order. How an element is said is :mod:`.words`'.
The page says everything that the contract's fingerprint covers, so that who signs it has read what they sign.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from leadline import clock
from leadline.definition import english, fingerprint, page, phrases, terms
from leadline.definition.model import Definition, Of, Signature, Track
from leadline.definition.words import FROM_ACCOUNT, Words


def to_markdown(definition: Definition, contract: str | None = None) -> str:
    """Return the contract as Markdown.

    Args:
        definition: What was agreed.
        contract: The contract's fingerprint; taken of the definition if not given.
    """
    contract = contract or fingerprint.contract_fingerprint(definition)
    words = Words(definition)
    sections = {
        "Who is scored": _who(definition, words),
        "What earns points": _points(definition, words),
        "How a score is read": _bands(definition),
        "When a lead qualifies": _tracks(definition, words),
        "Who never qualifies": _never(definition, words),
        "What sales may reject": _rejections(definition),
        "When a lead is an SQL": _framework(definition),
        "What the words mean": _glossary(definition, words),
        "What we expect, and when we look again": _expectations(definition),
        "What this contract leaves open": _open(definition),
        "Signatures": _signatures(definition, contract),
    }
    lines = [f"# {english.escaped(definition.name)}", "", *_opening(contract)]
    for title, body in sections.items():
        found = list(body)
        lines += ["", f"## {title}", "", *found] if found else []
    return "\n".join(lines) + "\n"


def to_html(definition: Definition, contract: str | None = None) -> str:
    """Return the contract as one HTML page that needs nothing else and prints on A4."""
    return page.render(definition.name, to_markdown(definition, contract))


def _opening(contract: str) -> Iterator[str]:
    yield "What marketing and sales agree on: which leads qualify, what happens to them then, and how we find out whether we were right."
    yield ""
    yield f"Contract {english.code(fingerprint.short(contract))}. The number changes with anything below but names and signatures."


def _who(definition: Definition, words: Words) -> Iterator[str]:
    yield f"Everybody for whom this holds: {words.condition(definition.only)}." if definition.only else "Everybody we know."
    yield ""
    yield "A condition that cannot be decided, because something is not known, does not hold. Machines do not count unless said so."


def _points(definition: Definition, words: Words) -> Iterator[str]:
    apart = [f"*{english.spoken(name)}*" for name, group in definition.groups.items() if not group.in_score]
    summed = [f"*{english.spoken(name)}*" for name, group in definition.groups.items() if group.in_score]
    if not summed:
        yield "There is no score: only rules decide."
    elif len(definition.groups) > 1:
        yield f"The score is the sum of {english.listed(summed)}." + (f" Not part of it: {english.listed(apart)}." if apart else "")
    for name, group in definition.groups.items():
        yield from ("", f"### {_title(name)}", "")
        yield from (f"- **{_lead_in(key)}** {words.criterion(criterion)}" for key, criterion in group.criteria.items())
        about = words.group(group)
        yield from ["", about] if about else []


def _bands(definition: Definition) -> Iterator[str]:
    for name, bounds in definition.bands.items():
        of = "The score" if name == "score" else f"*{english.spoken(name)}*"
        *upper, last = sorted(bounds.items(), key=lambda item: -item[1])
        steps = [f"**{english.escaped(label)}** from {english.number(bound)}" for label, bound in upper]
        yield f"- {of} is {english.listed([*steps, f'**{english.escaped(last[0])}** otherwise'])}."
    if definition.grade:
        parts = [f"*{english.spoken(name)}*" for name in definition.grade]
        yield f"- The grade puts the bands of {english.listed(parts)} side by side."


def _tracks(definition: Definition, words: Words) -> Iterator[str]:
    if len(definition.tracks) > 1:
        yield "The tracks stand in order of urgency; a lead can be on several."
        yield ""
    for name, track in definition.tracks.items():
        yield f"- **{_lead_in(name)}** {' '.join(map(english.sentence, _track(track, words)))}"
    if definition.nurture:
        lists = [f"as *{english.spoken(name)}* if {words.condition(text)}" for name, text in definition.nurture.items()]
        yield ""
        yield f"Who is on no track is nurtured: {'; else '.join(lists)}."
    if definition.requalify:
        yield ""
        yield f"Who was rejected or left a track can qualify again {terms.requalify(definition.requalify)}."


def _track(track: Track, words: Words) -> Iterator[str]:
    yield f"a lead qualifies when {words.condition(track.when)}"
    yield f"it stays qualified until {words.condition(track.leave)}" if track.leave else "it stays qualified as long as that holds"
    answer = f" within {track.respond_within}" if track.respond_within else ""
    if track.to:
        yield f"it goes to the {english.spoken(track.to)} team" + (f", who respond{answer}" if answer else "")
    elif answer:
        yield f"whoever takes it responds{answer}"
    if track.per is Of.ACCOUNT:
        yield "there is one handoff for the whole account"
    if track.counts_as:
        yield f"it counts as {english.an(english.spoken(track.counts_as))}"


def _never(definition: Definition, words: Words) -> Iterator[str]:
    yield from (f"- **{_lead_in(name)}** Disqualified if {words.condition(text)}." for name, text in definition.disqualify.items())
    for name, text in definition.suspend.items():
        yield f"- **{_lead_in(name)}** Suspended, that is, on no track, as long as {words.condition(text)}."


def _rejections(definition: Definition) -> Iterator[str]:
    if definition.reject_reasons:
        yield "Sales may reject a qualified lead for one of these reasons, and no other:"
        yield ""
    yield from (f"- **{_lead_in(name)}** {english.sentence(terms.reason(reason))}" for name, reason in definition.reject_reasons.items())


def _framework(definition: Definition) -> Iterator[str]:
    if definition.sql:
        yield f"When the rep has learned {terms.framework(definition.sql)}."


def _glossary(definition: Definition, words: Words) -> Iterator[str]:
    yield from (f"- **{_lead_in(name)}** {english.sentence(words.signal(name))}" for name in definition.signals)
    for name, labels in definition.ordered.items():
        order = english.listed([english.escaped(label) for label in labels])
        yield f"- **{english.sentence(phrases.value_in_words(name, words.names))}** From lowest to highest: {order}."
    said = [words.criterion(criterion) for _, _, criterion in definition.criteria()]
    said += [words.group(group) for group in definition.groups.values()]
    if any(FROM_ACCOUNT in text for text in said):
        yield "- **From the account.** By anybody while they were at the lead's account, or recorded for the account itself."


def _expectations(definition: Definition) -> Iterator[str]:
    agreement = definition.agreement
    for name, target in agreement.targets.items():
        yield f"- {_title(name)}: {terms.target(name, target)}."
    review, signed = agreement.review, _signed(definition)
    looks = {"The definition": review.definition, "How many qualified leads become SQLs": review.conversion}
    for what, every in looks.items():
        if every:
            due = f", next by {signed + dt.timedelta(microseconds=every)}" if signed and every % clock.DAY == 0 else ""
            yield f"- {what}: reviewed every {english.duration(every).removeprefix('1 ')}{due}."


def _signed(definition: Definition) -> dt.date | None:
    signatures = (definition.agreement.marketing, definition.agreement.sales)
    dates = [signature.signed for signature in signatures if signature and signature.signed]
    return max(dates) if len(dates) == len(signatures) else None


def _open(definition: Definition) -> Iterator[str]:
    agreement = definition.agreement
    slow = [f"*{english.spoken(name)}*" for name, track in definition.tracks.items() if not track.respond_within]
    missing = {
        f"how soon a lead is answered on {english.listed(slow)}": bool(slow),
        "for which reasons sales may reject a lead": not definition.reject_reasons,
        "what is expected of it (targets)": not agreement.targets,
        "when it is reviewed": not (agreement.review.definition or agreement.review.conversion),
        "who answers for it on both sides": not (agreement.marketing and agreement.sales),
    }
    yield from (f"- {english.sentence(text)}" for text, lacks in missing.items() if lacks)


def _signatures(definition: Definition, contract: str) -> Iterator[str]:
    teams: Mapping[str, Signature | None] = {"Marketing": definition.agreement.marketing, "Sales": definition.agreement.sales}
    yield "| | Owner | Signed on | Contract | Signature |"
    yield "|---|---|---|---|---|"
    for team, signature in teams.items():
        owner = english.escaped(signature.owner) if signature else ""
        signed = signature.signed.isoformat() if signature and signature.signed else ""
        yield f"| {team} | {owner} | {signed} | {_text_signed(signature, contract)} | |"


def _text_signed(signature: Signature | None, contract: str) -> str:
    """Return which text a team signed: this one, or an earlier one whose fingerprint is not this contract's."""
    if signature is None or not signature.signed:
        return "not signed yet"
    if not signature.fingerprint:
        return "not recorded"
    same = contract.startswith(signature.fingerprint) or signature.fingerprint.startswith(contract)
    return f"{'this text' if same else 'another text'}, {english.code(fingerprint.short(signature.fingerprint))}"


def _title(name: str) -> str:
    spoken = english.spoken(name)
    return spoken[:1].upper() + spoken[1:]


def _lead_in(name: str) -> str:
    return f"{_title(name)}."
