"""The command line. Each command stands in a module of its own, loaded only when it is called."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import sys

import click

from leadline.errors import DefinitionRefused, FactsRefused, LeadlineError, ServiceFailed

COMMANDS = {
    "demo": "Write a believable company and run the main job on it.",
    "init": "Write an annotated project to start from.",
    "check": "Check the definition, or the facts, and list every problem.",
    "contract": "Show the definition as a page of prose that both teams can sign.",
    "diff": "Compare two definitions in words.",
    "adopt": "Put a definition in force, from now or another instant.",
    "history": "Show which definition was in force when, and who signed it.",
    "score": "Score everybody as of an instant, best first.",
    "explain": "Show the receipt of one person: what stands behind every point.",
    "replay": "Replay history: who would have qualified, from when to when, and why.",
    "plan": "Compare a new definition with the old one on history, before it is adopted.",
    "discover": "Learn from won deals what comes before them, and propose a definition.",
    "review": "Review the definition in force: what a week, a month or a quarter brought.",
}
_EXIT = {DefinitionRefused: 1, FactsRefused: 3, ServiceFailed: 4}
WRONG_USE = 2
BUG = 70


class Commands(click.Group):
    """The group of all commands; knows their one-line helps without loading them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which people use them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return importlib.import_module(f"leadline.faces.cli.{cmd_name}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one may have been meant."""
        from leadline.errors import did_you_mean

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"There is no command '{args[0]}'. {did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="leadline", message="%(prog)s %(version)s")
def cli() -> None:
    """Leadline turns the agreement on what a qualified lead is into a definition that a machine can evaluate.

    Start with 'leadline demo' to see it work, or 'leadline init' to begin with your own data.
    """


def main() -> None:
    """Run the command line as a process, which ends without being taken to pieces first: that would be a tenth of its time."""
    code = run()
    atexit._run_exitfuncs()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as the interpreter does before it ends
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BrokenPipeError):
            stream.flush()
    os._exit(code)


def run() -> int:
    """Run the command line and return its exit code; errors that Leadline raises on purpose become lines on stderr."""
    try:
        cli(prog_name="leadline")
    except SystemExit as end:
        return int(end.code or 0)
    except LeadlineError as error:
        for problem in error.as_problems():
            click.echo(f"{problem.severity}: {problem}", err=True)
        return exit_code(error)
    except BrokenPipeError:  # the reader of a pipe, such as head, has gone
        return 0
    except Exception as bug:  # noqa: BLE001 - a bug stays a bug, but its exit code mustn't be an answer
        sys.excepthook(type(bug), bug, bug.__traceback__)
        return BUG
    return 0


def exit_code(error: LeadlineError) -> int:
    """Return 1 for a definition that doesn't hold, 3 for refused data, 4 for a failed service, else 2."""
    return next((code for kind, code in _EXIT.items() if isinstance(error, kind)), WRONG_USE)
