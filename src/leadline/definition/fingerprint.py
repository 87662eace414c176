"""The identity of a definition: SHA-256 of its canonical form.

Two fingerprints are taken. The *definition's* covers what affects a score or a track, so that two results with the same
one came from the same rules. The *contract's* covers what the two teams agree on besides: response times, routes,
reasons, targets. Comments, layout, spelling of conditions, names of people and signatures are in neither, and where the
order of keys has no meaning it has no effect.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from leadline.definition import conditions, signals
from leadline.definition.model import Definition

# What `model_dump` gives: mappings, sequences and scalars of any kind.
Plain: TypeAlias = Mapping[str, Any]
SHORT = 12
_SCORING = ("ordered", "only", "suspend", "signals", "groups", "disqualify", "bands", "grade", "tracks")
_TRACK_SCORING = ("when", "leave")
_SIGNATURES = ("marketing", "sales")


def definition_fingerprint(definition: Definition) -> str:
    """Return the fingerprint, in hexadecimal, of everything that affects a score or a track."""
    plain, used = _plain(definition), signals.used(definition)
    kept = {key: plain[key] for key in _SCORING if key in plain}
    kept["signals"] = {name: part for name, part in plain.get("signals", {}).items() if name in used}
    kept["tracks"] = {name: _picked(track, _TRACK_SCORING) for name, track in plain["tracks"].items()}
    return _hash("definition", kept)


def contract_fingerprint(definition: Definition) -> str:
    """Return the fingerprint, in hexadecimal, of everything but the name, the owners and their signatures."""
    plain = _plain(definition)
    kept = {key: part for key, part in plain.items() if key not in ("name", "agreement")}
    kept["agreement"] = {key: part for key, part in plain.get("agreement", {}).items() if key not in _SIGNATURES}
    return _hash("contract", kept)


def short(fingerprint: str) -> str:
    """Return a fingerprint as it is shown to people: its first twelve digits."""
    return fingerprint[:SHORT]


def _plain(definition: Definition) -> Plain:
    """Return the definition as plain data; what equals a default is left out, as if it had not been written."""
    return definition.model_dump(exclude_defaults=True, by_alias=True)


def _hash(kind: str, kept: Plain) -> str:
    forms = {key: _FORMS[key](part) if key in _FORMS else part for key, part in kept.items()}
    text = json.dumps({kind: _one_form(forms)}, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _picked(plain: Plain, keys: tuple[str, ...]) -> Plain:
    return {key: plain[key] for key in keys if key in plain}


def _conditions(plain: Plain) -> Plain:
    """Return a mapping with its conditions, where it has any under their usual keys, in canonical form."""
    return {key: conditions.canonical(part) if key in ("when", "where", "leave", "value") else part for key, part in plain.items()}


def _named_conditions(plain: Plain) -> Plain:
    return {name: conditions.canonical(text) for name, text in plain.items()}


def _in_order(form: Callable[[Plain], Plain]) -> Callable[[Plain], list[Any]]:
    """Return a form for mappings whose order has a meaning: pairs instead of keys, which JSON would sort."""
    return lambda plain: [list(item) for item in form(plain).items()]


def _signal(plain: Plain) -> Plain:
    sets = {key: sorted(set(plain[key])) for key in ("activity", "any_of") if key in plain}
    return {**_conditions(plain), **sets}


def _group(plain: Plain) -> Plain:
    return {**plain, "criteria": {name: _conditions(criterion) for name, criterion in plain["criteria"].items()}}


def _bounds(plain: Plain) -> list[Any]:
    """Return a band's (label, bound) from the highest, which is how they are asked."""
    return sorted(map(list, plain.items()), key=lambda pair: -pair[1])


# Only what needs more than sorted keys is listed. Tracks stand in order of urgency, of two reasons to disqualify the
# first is told, and of two kinds of nurture the first that holds is taken.
_FORMS: Mapping[str, Callable[[Any], Any]] = {
    "only": conditions.canonical,
    "suspend": _named_conditions,
    "disqualify": _in_order(_named_conditions),
    "nurture": _in_order(_named_conditions),
    "signals": lambda plain: {name: _signal(part) for name, part in plain.items()},
    "groups": lambda plain: {name: _group(part) for name, part in plain.items()},
    "bands": lambda plain: {name: _bounds(part) for name, part in plain.items()},
    "tracks": _in_order(lambda plain: {name: _conditions(part) for name, part in plain.items()}),
}


def _one_form(value: Any) -> Any:
    """Return plain data with text as keys, no empty parts and one form for each number, however deep they lie."""
    if isinstance(value, Mapping):
        parts = {str(_one_form(key)): _one_form(part) for key, part in cast("Mapping[Any, Any]", value).items()}
        return {key: part for key, part in parts.items() if part not in ({}, [], None)}
    if isinstance(value, list | tuple):
        return [_one_form(part) for part in cast("list[Any]", value)]
    return value + 0.0 if isinstance(value, float) else value  # -0.0 is 0.0
