"""The text of ``servers.sql`` for PostgreSQL or Spark."""

from __future__ import annotations

import re
from pathlib import Path

DAY = 86_400_000_000
NUMBERS = (
    "fit", "engagement", "usage",
    "director", "manager", "size", "revenue", "industry", "region", "unknown_size", "very_small", "productive", "home_market",
    "pricing", "browsing", "clicks", "downloads", "case_study", "demo", "webinar", "comparing", "replies", "hot_webinar", "gone_quiet",
    "seats", "core_use", "logins", "hot_trial",
)  # fmt: skip


def query(as_of: int, double: str) -> str:
    """Return the query over tables ``activities``, ``people`` and ``accounts`` in the mirror's layout."""
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    text = re.sub(r"ago\((\d+)\)", lambda days: str(as_of - int(days[1]) * DAY), re.sub(r"--.*", "", text))
    return text.format(
        double=double,
        half=f"cast(0.5 as {double})", guard=f"cast(0.501 as {double})",
        score=f"cast(fit + engagement + usage as {double}) / 1000000",
        numbers=", ".join(f"cast({name} as {double}) / 1000000 as {name}" for name in NUMBERS),
    )  # fmt: skip
