"""Options that several commands share, so that they mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from leadline import clock
from leadline.errors import UsageError

if TYPE_CHECKING:
    from leadline.app.wiring import Project

Function = TypeVar("Function", bound=Callable[..., None])


class Instant(click.ParamType[int]):
    """An ISO 8601 date or time, as microseconds."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return microseconds since 1970."""
        if isinstance(value, int):
            return value
        try:
            return clock.parse_instant(str(value))
        except ValueError:
            self.fail(f"{value!r} is no date or time. Write 2026-09-30 or 2026-09-30T14:00:00Z.", param, ctx)


def project(function: Function) -> Function:
    """``--project DIR``."""
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option("--project", "folder", type=kind, default=".", show_default=True, help="Folder with leadline.yaml.")(function)


def definition(function: Function) -> Function:
    """``--definition FILE``."""
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option("--definition", "file", type=kind, help="Use this definition instead of the project's.")(function)


def as_of(function: Function) -> Function:
    """``--as-of INSTANT``."""
    text = "The instant to ask at: 2026-09-30 or 2026-09-30T14:00:00Z (UTC if no zone is given).  [default: now]"
    return click.option("--as-of", "as_of", type=Instant(), help=text)(function)


def window(begin: str, end: str) -> Callable[[Function], Function]:
    """``--from INSTANT --to INSTANT``, with what they mean and are by default."""

    def decorate(function: Function) -> Function:
        function = click.option("--to", "until", type=Instant(), help=end)(function)
        return click.option("--from", "since", type=Instant(), help=begin)(function)

    return decorate


def out(function: Function) -> Function:
    """``--out FILE``."""
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option("--out", "out", type=kind, help="Write to this file instead of the terminal.")(function)


def form(*formats: str) -> Callable[[Function], Function]:
    """``--format``, from those that a command offers; the first is the default."""
    text = f"How to write the answer.  [default: {formats[0]}, or by the ending of --out]"
    return click.option("--format", "form", type=click.Choice(formats), help=text)


def chosen_format(form: str | None, out: Path | None, formats: tuple[str, ...]) -> str:
    """Return the format asked for, else the one that the file's ending names, else the first."""
    if form:
        return form
    ending = out.suffix.lower().lstrip(".") if out else ""
    name = {"md": "markdown", "htm": "html"}.get(ending, ending)
    if name in formats:
        return name
    if ending:
        endings = ", ".join(f".{name}" for name in formats if name != "table")
        raise UsageError(f"The ending of '{out}' names no format.", f"Use one of {endings}, or --format.", code="unknown-format")
    return formats[0]


def open_project(folder: Path, file: Path | None = None) -> Project:
    """Return the project in a folder, with progress shown on stderr."""
    from leadline.app.wiring import Project
    from leadline.faces.cli.progress import Progress

    return Project(folder, definition=file, progress=Progress())


def write_text(text: str, out: Path | None) -> None:
    """Print a text, or write it to a file whole or not at all."""
    if out is None:
        click.echo(text)
        return
    part = out.with_name(f".{out.name}.part")
    part.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
    part.replace(out)
    click.echo(f"Wrote {out}", err=True)
