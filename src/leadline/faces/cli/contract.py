"""``leadline contract``: the definition as a page of prose."""

from __future__ import annotations

from pathlib import Path

import click

from leadline.faces.cli import options

FORMATS = ("markdown", "html")


@click.command("contract")
@options.project
@options.definition
@options.form(*FORMATS)
@options.out
def command(folder: Path, file: Path | None, form: str | None, out: Path | None) -> None:
    """Show the definition as one page of plain prose that both teams can sign.

    The page names the contract's fingerprint; a signature in the definition counts for that fingerprint only.
    """
    chosen = options.chosen_format(form, out, FORMATS)
    options.write_text(options.open_project(folder, file).contract(html=chosen == "html"), out)
