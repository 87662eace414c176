"""Runs the commands that docs/real-data.md shows and writes what they print below them.

Like docs/refresh.py, with two differences: a page asks for output with ``<!-- real: command -->``, and commands run in this repository,
since they need its examples and the data in ``LEADLINE_DATA``. ``python docs/real_data.py`` writes the page; with ``--check`` it writes
nothing and fails if the page isn't what it would write.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import refresh

ROOT = refresh.ROOT
PAGE = ROOT / "docs" / "real-data.md"
MARK = re.compile(r"^(?P<mark><!-- real: (?P<command>.+) -->)\n(?:\n```text\n(?s:.*?)^```\n)?", re.MULTILINE)


def refreshed(page: str, data: Path) -> str:
    """Return the page's text with the output of its commands as it is now, and the folder of the data by its variable's name."""

    def replace(match: re.Match[str]) -> str:
        shown = refresh.run(match["command"], ROOT).replace(str(data), "$LEADLINE_DATA")
        return f"{match['mark']}\n\n```text\n{shown}\n```\n"

    return MARK.sub(replace, page)


def main() -> None:
    """Refresh the page, or check that it doesn't need it."""
    data = Path(os.environ.setdefault("LEADLINE_DATA", str(ROOT.parent / "shared" / "data")))
    if not data.is_dir():
        sys.exit(f"There is no folder {data}: set LEADLINE_DATA, as {PAGE.name} tells.")
    old = PAGE.read_text("utf-8")
    new = refreshed(old, data)
    if new != old and "--check" in sys.argv[1:]:
        sys.exit(f"{PAGE.name} is to be refreshed with python docs/real_data.py")
    PAGE.write_text(new, "utf-8")


if __name__ == "__main__":
    main()
