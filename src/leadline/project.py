"""Opening a project: from a folder with a ``leadline.yaml`` to its settings.

What the file says stands in :mod:`leadline.settings`, how it is read in :mod:`leadline.project_file`.
"""

from __future__ import annotations

import os
from pathlib import Path

from leadline import kept
from leadline.errors import Place, Problem, ProjectRefused
from leadline.settings import FILE, VARIABLE, WORK, OnBadRows, ProjectConfig, Source, concealed

__all__ = ["FILE", "WORK", "OnBadRows", "ProjectConfig", "Source", "concealed", "load"]


def load(root: Path) -> ProjectConfig:
    """Return the project in the folder ``root``.

    Raises:
        ProjectRefused: If ``leadline.yaml`` is missing or has problems; all of them are listed.
    """
    root = root.resolve()
    path = root / FILE
    if not path.is_file():
        says = "there is no project here." if root.is_dir() else "there is no such folder."
        raise ProjectRefused([Problem("missing-file", Place(str(path)), says, "Give --project DIR, or make one: leadline init.")])
    text = path.read_bytes()
    if b"engine:" in text.replace(b"engine: duckdb", b""):  # the address may hold a password, which is never kept
        return _read(root)
    variables = {name: os.environ.get(name) for name in VARIABLE.findall(text.decode(errors="replace"))}
    return kept.kept(root / WORK, "project", (text, repr((str(root), variables)).encode()), lambda: _read(root))


def _read(root: Path) -> ProjectConfig:
    from leadline import project_file

    return project_file.read(root)
