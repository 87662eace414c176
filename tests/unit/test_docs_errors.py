"""docs/errors.md and the source name the same error codes.

A code is a literal that is handed to something as its ``code``: to ``Problem``, to a pydantic custom error, or to any
function or class of ours with a parameter or field of that name. Or it is a key of a table called ``…FAULTS``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "errors.md"
CODE = re.compile(r"[a-z]+[0-9]*(-[a-z0-9]+)*")
KEYWORDS = {"code", "custom_error_type"}
OUTSIDERS = {"PydanticCustomError": 0}  # callables of others that take a code, and at which place


def takers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield each callable that takes a ``code``, with the place of that argument as a caller counts it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
            names = names[1:] if names[:1] in (["self"], ["cls"]) else names
            if "code" in names:
                yield node.name, names.index("code")
        elif isinstance(node, ast.ClassDef):
            fields = [item.target.id for item in node.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
            inits = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"]
            names = [argument.arg for init in inits for argument in init.args.args[1:]] or fields
            if "code" in names:
                yield node.name, names.index("code")


def codes_in(tree: ast.AST, places: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Yield each code that the source hands out, with its line; a constant of the module stands for its value."""
    constants = {
        node.targets[0].id: node.value
        for node in getattr(tree, "body", [])
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = [word.value for word in node.keywords if word.arg in KEYWORDS]
            given += node.args[places[name] : places[name] + 1] if name in places else []
        elif isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["code"]:
            given = [node.value]
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and getattr(node.targets[0], "id", "").endswith("FAULTS"):
            given = [key for key in node.value.keys if key]
        for value in given:
            yield from _literals(constants.get(getattr(value, "id", ""), value))


def _literals(node: ast.expr) -> Iterator[tuple[str, int]]:
    """Yield the codes that an expression may come to: a literal, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
        yield node.value, node.lineno
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def codes_in_source() -> dict[str, str]:
    """Return each code with a place where it is handed out."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "src").rglob("*.py"))}
    places = OUTSIDERS | {name: place for tree in trees.values() for name, place in takers(tree) if not name.startswith("__")}
    return {code: f"{path.relative_to(ROOT)}:{line}" for path, tree in trees.items() for code, line in codes_in(tree, places)}


def sections() -> dict[str, str]:
    """Return each code that the page has a heading for, with the text below it."""
    parts = re.split(r"^### `([a-z0-9-]+)`$", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_error_code_has_a_heading_and_every_heading_a_code():
    source, page = codes_in_source(), sections()
    lacking = [f"docs/errors.md lacks `{code}`, raised at {place}" for code, place in sorted(source.items()) if code not in page]
    spare = [f"docs/errors.md explains `{code}`, which nothing raises" for code in sorted(set(page) - set(source))]
    assert not lacking + spare, "\n".join([*lacking, *spare])


def test_a_problem_gets_its_code_as_a_literal_or_through_something_called_code():
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem" and node.args
        if not list(_literals(node.args[0])) and getattr(node.args[0], "id", getattr(node.args[0], "attr", "")) != "code"
    ]
    assert not hidden, f"nobody can find which code these hand out: {hidden}"


def test_every_error_code_is_explained_with_its_fix():
    short = [code for code, text in sections().items() if not re.match(r"\s*[\w`].+?\n\n?\*Fix:\* \w", text, flags=re.DOTALL)]
    assert not short, f"no meaning, or no line that begins with *Fix:*, under {short}"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Problem('bad-thing', place, 'says')", ["bad-thing"]),
        ("errors.Problem(code='bad-thing', where=place)", ["bad-thing"]),
        ("Problem('one' if x else 'two-b', place)", ["one", "two-b"]),
        ("class Broken(Error):\n    code = 'broken'", ["broken"]),
        ("class A:\n  def say(self, where, code): ...\nA().say(here, 'odd-name')", ["odd-name"]),
        ("ODD = 'odd-row'\nProblem(ODD, place)", ["odd-row"]),
        ("FAULTS = {'odd-row': 'says', **MORE}", ["odd-row"]),
        ("Problem(f'made-{up}', place)", []),
        ("open('some-file')", []),
    ],
)
def test_codes_are_found_however_they_are_handed_out(source: str, found: list[str]):
    tree = ast.parse(source)
    places = {"Problem": 0} | dict(takers(tree))
    assert sorted(code for code, _ in codes_in(tree, places)) == found
