"""The house keeps its own rules, as far as a machine can tell and neither ruff, pyright nor import-linter do."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LONGEST_FILE, LONGEST_FUNCTION = 400, 50
TAKEN = ["utils", "helpers", "common", "misc", "manager", "base"]
HEAVY = [
    "adbc_driver_postgresql",
    "altair",
    "duckdb",
    "llvmlite",
    "numba",
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "pydantic",
    "pyspark",
    "rich",
    "scipy",
    "sklearn",
    "sqlglot",
    "vl_convert",
    "yaml",
]


def lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def functions() -> Iterator[tuple[str, int]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[0]
                documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
                said = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1 - said


def test_no_source_file_is_too_long_to_read_in_one_sitting():
    long = {str(path.relative_to(ROOT)): len(lines_of(path)) for path in SOURCES if len(lines_of(path)) > LONGEST_FILE}
    assert not long


def test_no_function_is_longer_than_a_screen_not_counting_its_docstring():
    assert not {name: length for name, length in functions() if length > LONGEST_FUNCTION}


def test_modules_are_named_for_what_they_hold():
    assert not [str(path.relative_to(ROOT)) for path in SOURCES if set(TAKEN) & set(path.stem.strip("_").split("_"))]


def test_nothing_in_the_source_is_unfinished():
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|# pragma: no cover|To be described")
    marks = [
        f"{path.relative_to(ROOT)}:{number}" for path in SOURCES for number, line in enumerate(lines_of(path), 1) if unfinished.search(line)
    ]
    assert not marks


def test_a_rule_silenced_in_one_place_says_why():
    lines = [(path, number, line) for path in SOURCES for number, line in enumerate(lines_of(path), 1) if "# noqa" in line]
    assert not [f"{path.relative_to(ROOT)}:{number}" for path, number, line in lines if not re.search(r"# noqa: [A-Z0-9, ]+\W+[a-z]", line)]


def test_every_ignored_rule_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    rules = re.findall(r'^    "[A-Z]+[0-9]*",.*$', text, re.MULTILINE)
    assert rules
    assert not [rule for rule in rules if "# " not in rule]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout, so what belongs to the project isn't known")
def test_nothing_names_a_folder_of_somebodys_machine_or_a_registry():
    # Written in pieces, so that this file doesn't name them either.
    told = re.compile(
        r"(^|[^\w.~-])/(work|farm|root|home/\w+)/"
        r"|py" + r"pi\.org|pythonhosted" + r"\.org|registry\.npm" + r"js|-index" + r"-url|--find" + r"-links"
    )
    assert not [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        for number, line in enumerate(path.read_bytes().decode("utf-8", "ignore").splitlines(), 1)
        if told.search(line)
    ]


def test_the_makefile_explains_each_of_its_few_targets():
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    explained = re.findall(r"^([a-z]+):.*## \w", text, re.MULTILINE)
    assert explained == phony
    assert len(phony) <= 12


@pytest.mark.parametrize("lock", ["run.txt", "test.txt"])
def test_the_lock_holds_what_pyproject_asks_for(lock: str):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = [project["project"]["dependencies"], project["dependency-groups"]["build"]]
    if lock == "test.txt":
        groups += [project["dependency-groups"]["dev"], *project["project"]["optional-dependencies"].values()]
    pins = re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements" / lock).read_text("utf-8"), re.MULTILINE)
    locked = {canonicalize_name(name): version for name, version in pins}
    wanted = [Requirement(text) for group in groups for text in group]
    off = [str(need) for need in wanted if locked.get(canonicalize_name(need.name), "") not in need.specifier]
    assert not off, "run make lock"


def test_what_the_source_imports_is_asked_for_in_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {canonicalize_name(Requirement(text).name) for text in sum(project["optional-dependencies"].values(), project["dependencies"])}
    nodes = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    outside = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"leadline"}
    owners = metadata.packages_distributions()
    owned = {name: {canonicalize_name(owner) for owner in owners.get(name, [])} for name in outside}
    # pydantic_core comes with pydantic, at the one version that fits it
    assert not {name for name, given in owned.items() if not given & asked} - {"pydantic_core"}


def test_what_runs_and_what_tests_are_locked_to_the_same_versions():
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[\w.]+", (ROOT / "requirements" / lock).read_text("utf-8"), re.MULTILINE))

    assert pins("run.txt") <= pins("test.txt")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_in_pages_lead_somewhere(page: Path):
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]


def test_every_page_stands_in_the_index():
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    assert not [page.name for page in (ROOT / "docs").glob("*.md") if page.name != "index.md" and f"({page.name})" not in index]


def test_every_decision_gives_context_choice_and_consequence_and_stands_in_the_index():
    folder = ROOT / "docs" / "decisions"
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    for record in sorted(folder.glob("*.md")):
        assert re.findall(r"^## (.+)$", record.read_text("utf-8"), re.MULTILINE) == ["Context", "Choice", "Consequence"], record.name
        assert f"(decisions/{record.name})" in index


def test_changelog_fragments_are_named_so_that_towncrier_takes_them():
    kinds = {kind["directory"] for kind in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]["type"]}
    names = [path.name for path in (ROOT / "changelog.d").glob("*.md") if path.name != "README.md"]
    assert not [name for name in names if not re.fullmatch(rf"\+?[\w-]+\.({'|'.join(kinds)})\.md", name)]


def loaded_by(code: str) -> set[str]:
    """Return which heavy libraries a fresh Python has loaded after running some code."""
    ask = f"import sys\n{code}\nprint(' '.join(set({HEAVY!r}) & set(sys.modules)))"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, env=environment)
    return set(done.stdout.split())


def test_importing_leadline_loads_nothing_heavy():
    assert loaded_by("import leadline") == set()


def test_asking_for_help_loads_nothing_heavy():
    help_quietly = "import contextlib, io\nfrom leadline.faces.cli import cli\nwith contextlib.redirect_stdout(io.StringIO()):\n    "
    assert loaded_by(help_quietly + "cli(['--help'], standalone_mode=False)") == set()


def test_every_stage_describes_itself():
    for path in SOURCES:
        words = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split()
        assert len(words) >= 5, path.relative_to(ROOT)
