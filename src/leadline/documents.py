"""YAML files that people write: read with the line of every key, and checked against a pydantic model.

What belongs here: getting from text to a checked model, with *all* problems and their places. What the fields mean
belongs to the model that is passed in.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from leadline.errors import Place, Problem, did_you_mean
from leadline.places import Document, KeyPath

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_untyped: Any = yaml  # its types are partly unknown
Model = TypeVar("Model", bound=BaseModel)


def read_document(path: Path, file: str | None = None) -> Document:
    """Return the YAML file at ``path``; what is wrong with its text is in ``problems``, never raised."""
    return parse_document(path.read_bytes(), file or str(path))


def parse_document(text: str | bytes, file: str) -> Document:
    """Return the YAML text as a :class:`Document`."""
    reader = _Reader(file)
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        root: yaml.Node | None = _untyped.compose(text, Loader=yaml.SafeLoader)
        data = reader.read(root, ()) if root is not None else None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        says = "the file is not UTF-8."
        return Document(file, None, {}, (Problem("not-utf8", Place(file, line), says, "Save it as UTF-8."),))
    except yaml.YAMLError as error:
        trouble = getattr(error, "problem", None) or str(error).splitlines()[0]
        # What is never closed is looked for where it begins, not at the end of the file.
        mark = getattr(error, "context_mark" if "end of stream" in trouble else "problem_mark", None)
        place = Place(file, mark.line + 1 if mark else None)
        says = f"this is not YAML: {trouble}."
        return Document(file, None, {}, (Problem("yaml-syntax", place, says, "Check indentation, quotes and colons."),))
    except RecursionError:
        says = "this is nested too deeply, or an alias leads back to itself."
        return Document(file, None, {}, (Problem("yaml-syntax", Place(file), says, "Write it without aliases."),))
    return Document(file, data, reader.lines, tuple(reader.problems))


MOST_PARTS = 100_000
"""Keys and values that one file may hold, aliases counted each time."""
_MERGE = "tag:yaml.org,2002:merge"
_OLD_NUMBER = re.compile(r"[-+]?(0[0-9_]+|.*:.*)")


class _Reader:
    """Walks the node tree once, building plain data and noting lines."""

    def __init__(self, file: str) -> None:
        self.file, self.lines, self.problems = file, dict[KeyPath, int](), list[Problem]()
        self.scalars: Any = yaml.SafeLoader("")
        self.parts = 0

    def refuse(self, code: str, node: yaml.Node, path: KeyPath, says: str, fix: str) -> None:
        self.problems.append(Problem(code, Place(self.file, node.start_mark.line + 1, ".".join(path)), says, fix))

    def read(self, node: yaml.Node, path: KeyPath) -> Any:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise yaml.YAMLError(f"it has more than {MOST_PARTS} parts, counting aliases each time")
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node.tag not in yaml.SafeLoader.yaml_constructors:
            self.refuse("yaml-syntax", node, path, f"the tag '{node.tag}' has no meaning here.", "Remove it.")
        if isinstance(node, yaml.MappingNode):
            return dict(self._items(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, str(at))) for at, item in enumerate(node.value)]
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        """Return a scalar's value. Where YAML 1.1 reads more into plain text than 1.2 (no, 12:30, 010), it stays text."""
        if node.tag.endswith(":bool") and node.value.lower() not in ("true", "false"):
            return node.value
        if node.tag.endswith((":int", ":float")) and _OLD_NUMBER.fullmatch(node.value):
            return node.value
        try:
            return self.scalars.construct_object(node)
        except (ValueError, yaml.YAMLError):  # a date such as 2026-13-45
            return node.value

    def _items(self, node: yaml.MappingNode, path: KeyPath) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in self._pairs(node, path):
            key = str(key_node.value)
            if key in seen:
                says = f"'{key}' is written twice in one place; only one of them could count."
                self.refuse("duplicate-key", key_node, (*path, key), says, "Remove or rename one.")
                continue
            seen.add(key)
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            yield key, self.read(value_node, (*path, key))

    def _pairs(self, node: yaml.MappingNode, path: KeyPath) -> list[tuple[yaml.Node, yaml.Node]]:
        """Return the keys of a mapping with their values; its own go before those that ``<<`` takes over."""
        own, inherited = list[tuple[yaml.Node, yaml.Node]](), dict[str, tuple[yaml.Node, yaml.Node]]()
        for key, value in node.value:
            if key.tag == _MERGE:
                sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for source in reversed([source for source in sources if isinstance(source, yaml.MappingNode)]):
                    inherited |= {str(pair[0].value): pair for pair in self._pairs(source, path)}
            elif isinstance(key, yaml.ScalarNode):
                own.append((key, value))
            else:
                self.refuse("bad-key", key, path, "a key is a list or a mapping.", "Use text as the key.")
        names = {str(key.value) for key, _ in own}
        return [*(pair for name, pair in inherited.items() if name not in names), *own]


def check_model(document: Document, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """Return the document as ``model``, or ``None``, with every problem that stands in the way.

    Validators report their own code and fix by raising :class:`pydantic_core.PydanticCustomError` with the code as
    type and ``{"fix": …}`` as context; a plain ``ValueError`` becomes ``bad-value``.
    """
    problems = list(document.problems)
    if document.data is None and problems:
        return None, problems
    try:
        checked = model.model_validate(document.data if document.data is not None else {})
    except ValidationError as error:
        found = [_problem(document, model, details) for details in error.errors()]
        problems += _one_a_place(found, {(problem.where, problem.code) for problem in problems})
        return None, sorted(problems, key=lambda p: p.where.line or 0)
    return (checked if not problems else None), problems


def _one_a_place(found: list[Problem], told: set[tuple[Place, str]]) -> Iterator[Problem]:
    """Yield the problems without those told before, and only the first of what each member of a union says of a value."""
    values: set[Place] = set()
    for problem in found:
        of_keys = problem.code in ("missing-key", "unknown-key")
        if (problem.where, problem.code) not in told and (of_keys or problem.where not in values):
            yield problem
        if not of_keys:
            values.add(problem.where)


def _problem(document: Document, model: type[BaseModel], details: ErrorDetails) -> Problem:
    # Pydantic puts the tags of unions and "[key]" into a location; only what stands in the file is a place.
    known = set(document.lines)
    path: KeyPath = ()
    last = ""
    for part in map(str, details["loc"]):
        last = part
        if (*path, part) in known:
            path = (*path, part)
    kind, value = details["type"], details["input"]
    context: dict[str, Any] = details.get("ctx", {})
    if kind == "extra_forbidden":
        names = field_names(model, details["loc"])
        return Problem("unknown-key", document.place(*path), f"'{last}' means nothing here.", did_you_mean(last, names))
    if kind == "missing":
        return Problem("missing-key", document.place(*path), f"'{last}' is missing.", f"Add '{last}: …'.")
    if kind in _LIMITS:
        says = _LIMITS[kind].format(value=value, **context)
        return Problem("bad-value", document.place(*path), f"{says}.")
    if "fix" in context or kind not in _PLAIN:
        code = kind if "fix" in context else "bad-value"
        says = details["msg"].removeprefix("Value error, ").rstrip(".")
        shown = "" if isinstance(value, dict | list) or "fix" in context else f" (got {value!r})"
        return Problem(code, document.place(*path), f"{says}{shown}.", str(context.get("fix", "")))
    return Problem("bad-value", document.place(*path), f"{value!r} is not {_PLAIN[kind]}.", "")


_PLAIN = {
    "string_type": "text", "int_type": "a whole number", "int_parsing": "a whole number", "float_type": "a number",
    "int_from_float": "a whole number", "float_parsing": "a number", "bool_type": "true or false",
    "bool_parsing": "true or false", "dict_type": "a mapping (key: value)", "list_type": "a list",
    "model_type": "a mapping (key: value)", "date_from_datetime_parsing": "a date (2026-10-01)",
    "tuple_type": "a list", "date_type": "a date (2026-10-01)", "date_parsing": "a date (2026-10-01)", "finite_number": "a finite number",
}  # fmt: skip


_LIMITS = {
    "greater_than": "{value!r} is not above {gt:g}", "greater_than_equal": "{value!r} is below {ge:g}",
    "less_than_equal": "{value!r} is above {le:g}", "string_too_short": "this is empty",
    "literal_error": "{value!r} is not one of {expected}", "enum": "{value!r} is not one of {expected}",
    "too_short": "this has {actual_length} entries, fewer than {min_length}",
    "too_long": "this has {actual_length} entries, more than {max_length}",
}  # fmt: skip


def field_names(model: type[BaseModel], path: tuple[int | str, ...]) -> set[str]:
    """Return the keys that ``model`` knows at the place ``path`` leads to (its last part is the unknown key)."""
    found: list[Any] = [model]
    for part in path[:-1]:
        found = [inner for outer in found for inner in _step(outer, str(part))] or found
    return {
        info.alias or name
        for kind in found
        if isinstance(kind, type) and issubclass(kind, BaseModel)
        for name, info in kind.model_fields.items()
        if name != "tag"
    }


def _step(outer: Any, part: str) -> Iterator[Any]:
    if isinstance(outer, type) and issubclass(outer, BaseModel):
        for name, info in outer.model_fields.items():
            if part in (name, info.alias):
                yield from _models(info.annotation)
        if "tag" in outer.model_fields and part == outer.model_fields["tag"].default:
            yield outer


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for inner in typing.get_args(annotation):
        yield from _models(inner)
