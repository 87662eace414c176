"""``leadline diff``: two definitions compared in words."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leadline.faces.cli import options

FORMATS = ("markdown", "json")


@click.command("diff")
@click.argument("old", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(dir_okay=False, path_type=Path))
@options.form(*FORMATS)
@options.out
def command(old: Path, new: Path, form: str | None, out: Path | None) -> None:
    """Compare two definitions in words: what earns points, who qualifies, and what was promised."""
    from leadline.app import comparing

    chosen = options.chosen_format(form, out, FORMATS)
    found = comparing.compare(old, new)
    text = json.dumps(found.as_dict(), indent=2, ensure_ascii=False) if chosen == "json" else found.text
    options.write_text(text, out)
