"""``leadline demo``: a believable company, and the main job done on it."""

from __future__ import annotations

from pathlib import Path

import click

from leadline.faces.cli import cli

AS_OF = "2026-09-30"
SINCE = "2026-04-01"
TRUTH = "truth.json"  # only a demo has one


@click.command("demo")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default="demo")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed writes the same bytes on every machine.")
@click.option("--write-only", is_flag=True, help="Write the company and stop there.")
def command(folder: Path, seed: int, write_only: bool) -> None:
    """Write a company of about 5,000 people into FOLDER, then do the main job on it, from checking its data to reviewing its definition.

    What is printed after each '$' is what you would type yourself.
    """
    from leadline.app import demo
    from leadline.faces.cli.progress import Progress

    if (folder / TRUTH).exists():
        click.echo(f"Using the demo company in {folder}/; remove the folder to have it written anew.")
    else:
        progress = Progress()
        demo.write(folder, seed=seed, progress=lambda done: progress("write the demo company", done))
        progress.close()
        click.echo(f"Wrote the demo company into {folder}/ (seed {seed}).")
    if write_only:
        return
    place = ["--project", str(folder)]
    _show(["check", "--facts", *place])
    _show(["score", *place, "--as-of", AS_OF, "--top", "10"])
    best = demo.example_person(folder, AS_OF)
    _show(["explain", best, *place, "--as-of", AS_OF])
    _show(["replay", *place, "--from", SINCE, "--to", AS_OF, "--top", "5"])
    plan, learned, review = folder / "plan.html", folder / "discovered", folder / "review.html"
    _show(["plan", str(folder / "definition-next.yaml"), *place, "--out", str(plan)])
    _show(["discover", *place, "--include", "undated", "--out", str(learned)])
    _show(["review", *place, "--out", str(review)])
    click.secho("\nOpen these pages in a browser: the pictures and tables behind those sentences.", bold=True)
    for page, shows in ((plan, "what the next definition would have done"), (learned / "report.html", "what precedes won deals"),
                        (review, "how the definition in force did")):  # fmt: skip
        click.echo(f"  {page}: {shows}")
    click.echo(f"Next: leadline contract {' '.join(place)} --out contract.html, or edit {learned}/definition.yaml and plan it.")


def _show(arguments: list[str]) -> None:
    click.secho(f"\n$ leadline {' '.join(arguments)}", bold=True)
    cli.main(arguments, prog_name="leadline", standalone_mode=False)
