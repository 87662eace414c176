"""From a file to a definition. Nothing is judged here that needs more than one element: that is :mod:`.check`'s."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from leadline import documents
from leadline.definition.model import Definition
from leadline.documents import Document
from leadline.errors import DefinitionRefused, Place, Problem


@dataclass(frozen=True)
class Loaded:
    """A definition together with the document it was read from, which knows the line of every key."""

    definition: Definition
    document: Document


def load(path: Path, file: str | None = None) -> Loaded:
    """Return the definition at ``path``.

    Args:
        path: A YAML file.
        file: The name to show in problems; the path if not given.

    Raises:
        DefinitionRefused: With everything that is wrong with its text or shape, or because it can't be read.
    """
    shown = file or str(path)
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        says = "there is no such file."
        problem = Problem("missing-file", Place(shown), says, "Run 'leadline init', or name the file in leadline.yaml.")
        raise DefinitionRefused([problem]) from None
    except OSError as error:
        raise DefinitionRefused([Problem("unreadable-file", Place(shown), f"the file can't be read: {error.strerror}.")]) from error
    return parse(text, shown)


def parse(text: str | bytes, file: str = "definition.yaml") -> Loaded:
    """Return the definition that a YAML text writes.

    Raises:
        DefinitionRefused: With everything that is wrong with its text or shape.
    """
    document = documents.parse_document(text, file)
    definition, problems = documents.check_model(document, Definition)
    if definition is None:
        raise DefinitionRefused(problems)
    return Loaded(definition, document)
