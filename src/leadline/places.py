"""A file that was read, and where everything in it stands. Light, so that whoever only names places loads no parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from leadline.errors import Place, Problem

KeyPath: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A YAML file as plain data, with the line of every path of keys in it.

    Attributes:
        file: The name to show in problems.
        data: Mappings, lists and scalars; every key is a string.
        lines: Path of keys → line, from 1.
        problems: What the text itself got wrong: syntax, a key written twice.
    """

    file: str
    data: Any
    lines: Mapping[KeyPath, int] = field(default_factory=dict[KeyPath, int])
    problems: tuple[Problem, ...] = ()

    def place(self, *path: str) -> Place:
        """Return the place of a path of keys, or of its closest ancestor that stands in the file."""
        for size in range(len(path), -1, -1):
            if path[:size] in self.lines:
                return Place(self.file, self.lines[path[:size]], ".".join(path))
        return Place(self.file, 1 if self.lines else None, ".".join(path))
