"""What our pages show works as shown."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from leadline.definition import check, load
from leadline.errors import Severity

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def definitions() -> list[tuple[str, str]]:
    blocks = [
        (page, block) for page in PAGES for block in re.findall(r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    ]
    return [(page.name, block) for page, block in blocks if re.search(r"^groups:", block, re.MULTILINE)]


@pytest.mark.parametrize(("page", "text"), definitions())
def test_a_definition_that_a_page_shows_has_no_errors(page: str, text: str):
    problems = check.check(load.parse(text, page), None, dt.date(2026, 10, 1))
    assert not [str(problem) for problem in problems if problem.severity is Severity.ERROR]


def test_the_readme_shows_a_definition():
    assert any(page == "README.md" for page, _ in definitions())
