"""The rival: the 25 criteria as DuckDB SQL by hand (``rival.sql``), one process from start to written result.

python -m bench.rival mirror FOLDER AS_OF OUT                # over a mirror's clustered, deduplicated Parquet
python -m bench.rival files+each_once FOLDER AS_OF OUT       # over the raw files
python -m bench.rival files+copies_alike FOLDER AS_OF OUT    # the same, trusting that copies are identical
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import duckdb


def blocks() -> dict[str, str]:
    """Return the named blocks of ``rival.sql``."""
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- name: (\w+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def score(source: str, folder: str, as_of: int, out: str) -> None:
    """Write everybody's points to ``out``, best first; ``source`` names the blocks of ``rival.sql`` that read."""
    sql = blocks()
    with duckdb.connect() as connection:
        connection.execute("set variable folder = $1", [folder])
        connection.execute("set variable as_of = $1::bigint", [as_of])
        connection.execute(sql["settings"])
        for block in source.split("+"):
            connection.execute(sql[block])
        connection.execute(sql["score"].format(out=out))


if __name__ == "__main__":
    score(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
