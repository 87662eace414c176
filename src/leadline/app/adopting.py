"""Putting a definition in force, and knowing which one was in force when.

Definitions are kept in ``definitions/`` as they were adopted, byte for byte, beside the log ``history.yaml``; what follows
from the log is decided in :mod:`leadline.definition.history`. Order of writing: first what would be lost, then the log, last
the project's own definition. So a stop on the way loses nothing, and the same command again finishes the work.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadline import clock
from leadline.engine.rehearsal import ALWAYS
from leadline.errors import DefinitionRefused, Place, Problem, UsageError

if TYPE_CHECKING:
    from leadline.definition.history import Adoption, History, Period
    from leadline.definition.load import Loaded
    from leadline.settings import ProjectConfig

_ASIDE = "aside"


@dataclass(frozen=True)
class Adopted:
    """What came of adopting.

    Attributes:
        period: The last entry of the log, with the time in which it counts.
        again: Whether it was the last before.
        kept: The file that holds it.
        replaced: The file that holds what the project's definition held before, if that is something else.
    """

    period: Period
    again: bool
    kept: str
    replaced: str | None


@dataclass(frozen=True)
class Record:
    """The log as it is shown.

    Attributes:
        periods: Every adoption, with the time in which it counts.
        definition: The project's definition, as the project file names it.
        held: The kept file whose text it has; ``None`` if that text was never adopted.
        problems: Kept definitions that are gone, or aren't what was adopted.
        now: The present instant.
    """

    periods: tuple[Period, ...]
    definition: str
    held: str | None
    problems: tuple[Problem, ...]
    now: int

    @property
    def present(self) -> str | None:
        """Return the kept file that is in force now; ``None`` if nothing was ever adopted."""
        counting = (period for period in self.periods if period.counts and (period.begins is None or period.begins <= self.now))
        return next((_shown(period.adoption.file) for period in reversed(list(counting))), None)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "definitions": [period.as_dict(self.now) for period in self.periods],
            "held": self.held,
            "problems": [problem.as_dict() for problem in self.problems],
        }


def chosen(project: ProjectConfig, what: str | None) -> Path | None:
    """Return the file meant by a path, or by how the fingerprint of an adopted definition begins; ``None`` for the project's own.

    Raises:
        UsageError: If it is neither, or can be several.
        DefinitionRefused: If the log has problems, or what was adopted was edited since.
    """
    if what is None or Path(what).is_file():
        return Path(what) if what else None
    from leadline.definition import history

    adoption = history.find(_log(project), what)
    _text(project, adoption)
    return _folder(project) / adoption.file


def adopt(project: ProjectConfig, file: Path | None, since: int | None, now: int, *, keep: bool = False) -> Adopted:
    """Put a definition in force, and make it the project's.

    Args:
        project: The project.
        file: The definition, already checked; the project's own if ``None``.
        since: From when it is in force, in microseconds; from now on if ``None``.
        now: The present instant in microseconds.
        keep: Write edits of the project's definition that were never adopted aside, instead of refusing.

    Raises:
        UsageError: If ``since`` lies before the last adoption, edits would be lost, or a file can't be written.
        DefinitionRefused: If the definition or the log can't be read, or a kept definition was edited.
    """
    import filelock

    from leadline.definition import history, load

    path = file or project.definition
    loaded = load.load(path, None if file else project.file.definition)
    text = path.read_bytes()
    project.work.mkdir(exist_ok=True)
    with filelock.FileLock(project.work / "adopt.lock"):
        shelf = _open(project)
        log = shelf.log
        again = bool(log.adopted) and shelf.texts[log.adopted[-1].file] == text
        if since is not None or not again:
            history.refuse_earlier(log, now if since is None else since)
        replaced = _safe(shelf, text, now, keep=keep)
        if not again:
            log = _added(shelf, loaded, text, now if since is None else since, now)
        if _held(project) != text:
            _write(project.definition.resolve(), text)
    last = history.periods(log)[-1]
    return Adopted(last, again, _shown(last.adoption.file), replaced)


def in_force(project: ProjectConfig) -> Sequence[tuple[int, Loaded]]:
    """Return (from when, in microseconds; the definition in force), in the order of time; the first is ``ALWAYS``.

    Where nothing was ever adopted that is the project's definition.

    Raises:
        DefinitionRefused: If the log or a definition has problems, or a kept definition isn't what was adopted.
    """
    from leadline.definition import history, load

    log = _log(project)
    if not log.adopted:
        return [(ALWAYS, load.load(project.definition, project.file.definition))]
    counting = [period for period in history.periods(log) if period.counts]
    texts = [(period, _text(project, period.adoption)) for period in counting]
    return [(ALWAYS if period.begins is None else period.begins, load.parse(text, _shown(period.adoption.file))) for period, text in texts]


def record(project: ProjectConfig, now: int) -> Record:
    """Return which definition was in force when, with what is wrong with the kept files.

    Raises:
        DefinitionRefused: If the log itself can't be read.
    """
    from leadline.definition import history

    log = _log(project)
    texts, problems = dict[str, bytes](), list[Problem]()
    for adoption in {adoption.file: adoption for adoption in log.adopted}.values():
        try:
            texts[adoption.file] = _text(project, adoption)
        except DefinitionRefused as refused:
            problems += refused.problems
    file = _Shelf(project, log, texts).file_of(_held(project))
    held = _shown(file) if file else None
    return Record(tuple(history.periods(log)), project.file.definition, held, tuple(problems), now)


@dataclass(frozen=True)
class _Shelf:
    """The folder of definitions: the log, and the text of each kept file that it names."""

    project: ProjectConfig
    log: History
    texts: Mapping[str, bytes]

    def file_of(self, text: bytes | None) -> str | None:
        """Return the name of the file that has a text, the one adopted last if there are several."""
        return next((file for file in reversed(list(self.texts)) if self.texts[file] == text), None)


def _open(project: ProjectConfig) -> _Shelf:
    log = _log(project)
    return _Shelf(project, log, {adoption.file: _text(project, adoption) for adoption in log.adopted})


def _folder(project: ProjectConfig) -> Path:
    from leadline.definition import history

    return project.root / history.FOLDER


def _shown(file: str) -> str:
    from leadline.definition import history

    return f"{history.FOLDER}/{file}"


def _log(project: ProjectConfig) -> History:
    from leadline.definition import history

    path = _folder(project) / history.FILE
    return history.read(path.read_bytes(), _shown(history.FILE)) if path.is_file() else history.History()


def _text(project: ProjectConfig, adoption: Adoption) -> bytes:
    """Return the text of an adopted definition, if it still says what was adopted."""
    from leadline.definition import history, load

    path, shown = _folder(project) / adoption.file, _shown(adoption.file)
    if not path.is_file():
        says = "this was adopted, and the file is gone."
        raise DefinitionRefused([Problem("missing-file", Place(shown), says, "Put it back: version control or a backup has it.")])
    text = path.read_bytes()
    problems = list(history.edited(adoption, load.parse(text, shown).definition, shown))
    if problems:
        raise DefinitionRefused(problems)
    return text


def _held(project: ProjectConfig) -> bytes | None:
    return project.definition.read_bytes() if project.definition.is_file() else None


def _safe(shelf: _Shelf, text: bytes, now: int, *, keep: bool) -> str | None:
    """Return the file that holds what the project's definition will hold no longer; what was never adopted is written aside."""
    held = _held(shelf.project)
    if held is None or held == text:
        return None
    safe = shelf.file_of(held)
    if safe is None and not keep:
        says = f"{shelf.project.file.definition} holds what was never adopted, and would be replaced."
        fix = "Adopt it first (leadline adopt), or give --keep to have it written aside."
        raise UsageError(says, fix, code="unadopted-edits")
    if safe is None:
        safe = f"{_ASIDE}/{clock.write_instant(now)[:10]}-{hashlib.sha256(held).hexdigest()[:8]}.yaml"
        _write(_folder(shelf.project) / safe, held)
    return _shown(safe)


def _added(shelf: _Shelf, loaded: Loaded, text: bytes, since: int, now: int) -> History:
    """Write a definition and its entry, and return the log with it; a text that was kept before isn't kept twice."""
    from leadline.definition import fingerprint, history

    folder, file = _folder(shelf.project), shelf.file_of(text)
    if file is None:
        there = [path.name for path in folder.glob("*.yaml")]
        file = history.new_file(since, fingerprint.contract_fingerprint(loaded.definition), there)
        _write(folder / file, text)
    added = history.History(adopted=(*shelf.log.adopted, history.adoption(loaded.definition, file, since, now)))
    _write(folder / history.FILE, history.write(added).encode())
    return added


def _write(path: Path, text: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(text)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        says = f"'{path}' can't be written: {error.strerror}."
        raise UsageError(says, "Look at the permissions of its folder, and whether the disk is full.", code="unwritable-file") from error
