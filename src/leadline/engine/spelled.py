"""Spells under the names that people know, as rows of a database: pyarrow and pandas take longer to import than these rows to write."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import duckdb
import numpy as np

from leadline.engine.arrow import Table
from leadline.engine.grids import WHOLE
from leadline.engine.model import MICRO
from leadline.engine.rehearsal import ALWAYS

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from leadline.engine.rehearsal import Rehearsal, Spells
    from leadline.engine.terms import Whole

    Rows: TypeAlias = DuckDBPyRelation
    """Rows that a database holds, to be written or handed over."""

_UNKNOWN = -(1 << 63)
_ROWS = """
select p.person_id, a.account_id, $tracks[s.track + 1] as track, make_timestamptz(nullif(s.entered, $unknown)) as entered_at,
       make_timestamptz(nullif(s.ended, $unknown)) as left_at, s.reentry, s.score / $micro as score,
       nullif(s.left_score, $unknown) / $micro as left_score, $causes[s.cause + 1] as cause, $causes[s.left_cause + 1] as left_cause,
       $fingerprints[s.era + 1] as fingerprint{points}
from spells s left join people p on p.code = s.person left join accounts a on a.code = s.account
order by s.place
"""


class Asked(NamedTuple):
    """What a course's rows are made of: the rehearsal, its course, the last instant of which anything is known, and the mirror's folder."""

    rehearsal: Rehearsal
    course: int
    until: int
    folder: Path


def ids(folder: Path, of: str) -> dict[int, str]:
    """Return the ids of ``person`` or ``account`` by code, from a mirror's folder."""
    return dict(_coded(duckdb.connect(), folder, of).fetchall())


def touching(spells: Spells, since: int | None, until: int) -> Whole:
    """Return the indices of the spells that touch a window, by entry."""
    shown = np.flatnonzero((spells.entered <= until) & (spells.left > (ALWAYS if since is None else since)))
    return shown[np.argsort(spells.entered[shown], kind="stable")]


def reentries(spells: Spells) -> Whole:
    """Return how many spells of the same person and track came before each; spells stand by person, track and entry."""
    new = np.ones(len(spells.person), np.bool_)
    new[1:] = (np.diff(spells.person) != 0) | (np.diff(spells.track) != 0)
    place = np.arange(len(new))
    return place - np.maximum.accumulate(np.where(new, place, 0))


def relation(spells: Spells, chosen: Sequence[int], asked: Asked) -> Rows:
    """Return chosen spells of a course as rows, in that order: keys, then the points of each criterion at entry and at exit.

    Points are NULL where the criterion's definition wasn't in force then, or the spell hasn't come so far.

    Args:
        spells: All of the course.
        chosen: Indices of those to return.
        asked: What they are of.
    """
    again, shown = reentries(spells)[chosen], spells.where(chosen)
    ended = shown.left <= asked.until
    since = np.array(asked.rehearsal.since[asked.course])
    eras = [np.maximum(np.searchsorted(since, at, side="right") - 1, 0) for at in (shown.entered, shown.left)]
    columns: dict[str, Any] = {
        "place": np.arange(len(shown.person)), "person": shown.person, "account": shown.account, "track": shown.track,
        "entered": np.where(shown.entered == ALWAYS, _UNKNOWN, shown.entered), "ended": np.where(ended, shown.left, _UNKNOWN),
        "reentry": again, "score": shown.score, "left_score": np.where(ended, shown.left_score, _UNKNOWN), "cause": shown.cause,
        "left_cause": np.where(ended, shown.left_cause, -1), "era": eras[0],
    }  # fmt: skip
    names: dict[str, str] = {}
    for prefix, points, era, counts in (("", shown.points, eras[0], True), ("left_", shown.left_points, eras[1], ended)):
        for name, found in _criteria(points, era, counts, asked).items():
            columns[key := f"points_{len(names)}"] = found
            names[key] = f"{prefix}points.{name}"
    return _named(columns, names, shown.causes, asked)


def _criteria(points: Whole, era: Whole, counts: Any, asked: Asked) -> Mapping[str, Whole]:
    """Return the points of each criterion of every definition that was in force."""
    found: dict[str, Whole] = {}
    layouts, registers_of = asked.rehearsal.layouts[asked.course], asked.rehearsal.registers[asked.course]
    for at, (layout, registers) in enumerate(zip(layouts, registers_of, strict=True)):
        here = (era == at) & counts
        for name, register in zip(layout.criteria, registers, strict=True):
            found[name] = np.where(here, points[:, register], found.get(name, _UNKNOWN))
    return found


def _named(columns: Mapping[str, Any], names: Mapping[str, str], causes: Sequence[str], asked: Asked) -> Rows:
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.register("spells", Table({name: _column(values) for name, values in columns.items()}))
    for of, table in (("person", "people"), ("account", "accounts")):
        _coded(con, asked.folder, of).create_view(table)
    quoted = ((key, title.replace('"', '""')) for key, title in names.items())
    points = "".join(f', nullif(s.{key}, $unknown) / $micro as "{title}"' for key, title in quoted)
    values = {
        "tracks": [track.name for track in asked.rehearsal.tracks], "causes": list(causes), "unknown": _UNKNOWN, "micro": float(MICRO),
        "fingerprints": [layout.fingerprint for layout in asked.rehearsal.layouts[asked.course]],
    }  # fmt: skip
    return con.sql(_ROWS.format(points=points), params=values)


def _column(values: Any) -> array[int]:
    held = array(WHOLE)
    held.frombytes(np.ascontiguousarray(values, np.int64).tobytes())
    return held


def _coded(con: duckdb.DuckDBPyConnection, folder: Path, of: str) -> Rows:
    file = folder / f"{ {'person': 'people', 'account': 'accounts'}[of] }.parquet"
    return con.read_parquet(str(file)).aggregate(f"{of}_code as code, any_value({of}_id) as {of}_id")
