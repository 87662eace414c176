"""An annotated project to start from, with a tiny example in ``files/data``."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from leadline.errors import UsageError


def write(folder: Path) -> list[Path]:
    """Write the project into a folder and return its files; nothing that exists is overwritten.

    Raises:
        UsageError: If one of the files is there already; then nothing is written.
    """
    root = resources.files("leadline.app.starter") / "files"
    with resources.as_file(root) as source:
        names = sorted(path.relative_to(source) for path in source.rglob("*") if path.is_file())
        there = [str(folder / name) for name in names if (folder / name).exists()]
        if there:
            raise UsageError(f"{', '.join(there)} would be overwritten.", "Choose an empty folder.", code="would-overwrite")
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((source / name).read_bytes())
    return [folder / name for name in names]
