"""Runs the commands that our pages show and writes what they print below them.

A page asks for output with a comment, ``<!-- output: leadline score --project demo -->``, on a line of its own; the block of text
that follows it is what the command printed. ``<!-- run: leadline demo -->`` runs a command without showing anything. Commands run in a
shell, in the order of the pages, in one scratch folder that begins empty.

``python docs/refresh.py`` writes the pages; with ``--check`` it writes nothing and fails if a page isn't what it would write.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MARK = re.compile(r"^<!-- (?P<kind>output|run): (?P<command>.+) -->\n(?:\n```text\n(?s:.*?)^```\n)?", re.MULTILINE)
PLAIN = {"COLUMNS": "110", "NO_COLOR": "1", "TERM": "dumb", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def refreshed(page: str, scratch: Path) -> str:
    """Return a page's text with the output of its commands as it is now."""

    def replace(match: re.Match[str]) -> str:
        shown = run(match["command"], scratch)
        mark = match[0].splitlines()[0] + "\n"
        return f"{mark}\n```text\n{shown}\n```\n" if match["kind"] == "output" else mark

    return MARK.sub(replace, page)


def run(command: str, scratch: Path) -> str:
    """Return what a command prints, without trailing blanks, and with the scratch folder called ``.``."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=scratch, env=os.environ | PLAIN | {"PATH": path}, capture_output=True, text=True,
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode not in (0, 1):  # 1 is an answer: no
        sys.exit(f"{command}\n{done.stdout}{done.stderr}exit code {done.returncode}")
    return "\n".join(line.rstrip() for line in done.stdout.replace(str(scratch), ".").splitlines()).strip("\n")


def main() -> None:
    """Refresh every page, or check that none needs it."""
    checking, stale = "--check" in sys.argv[1:], list[str]()
    with tempfile.TemporaryDirectory() as folder:
        for page in PAGES:
            old = page.read_text("utf-8")
            new = refreshed(old, Path(folder))
            if new != old:
                stale.append(str(page.relative_to(ROOT)))
                if not checking:
                    page.write_text(new, "utf-8")
    if stale:
        print("to be refreshed with make docs:" if checking else "refreshed:", *stale)
    sys.exit(1 if stale and checking else 0)


if __name__ == "__main__":
    main()
