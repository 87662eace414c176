"""``leadline init``: an annotated project to start from."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
def command(folder: Path) -> None:
    """Write an annotated project into FOLDER: leadline.yaml, definition.yaml and a tiny example of data.

    Nothing that exists is overwritten.
    """
    from leadline.app import starter

    for path in starter.write(folder):
        click.echo(f"Wrote {path}")
    where = "" if folder == Path() else f" --project {folder}"
    click.echo(f"\nTry it:   leadline check{where}\n          leadline score{where} --as-of 2026-09-30")
    click.echo("Then put your exports in place of data/ and describe them in leadline.yaml.")
