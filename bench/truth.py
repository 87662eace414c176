"""Does discover find what was planted? The demo company, made up anew from many seeds, each learned from as a user would.

    python -m bench.truth --seeds 20 [--first 1] [--people 5000 --accounts 900] FOLDER

Keeps what each seed came to as ``FOLDER/seed-N.json``, so that it can be run in parts, and prints a table. What counts as found: the best
evidence about one of a behaviour's signals says that it wins deals (or speaks against, where that was planted), or a criterion of the
card looks at it with points of that sign. Behaviours that were planted without effect tell how often something false is taken.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOUND = {"wins deals": 1, "speaks against": -1}
TRACKED = "merely easy to track"


@dataclass(frozen=True)
class Planted:
    """Something planted: which way it counts (0 for not at all), and the sources of features by which discover may tell it."""

    sign: int
    sources: frozenset[str]


def _planted(sign: int, *sources: str) -> Planted:
    return Planted(sign, frozenset(sources))


PLANTED: Mapping[str, Planted] = {
    "comparison_page": _planted(1, "comparison_page", "compare_page"),
    "pricing_page": _planted(1, "pricing_page"),
    "integration_docs": _planted(1, "integration_docs", "docs_integrations_page"),
    "core_feature": _planted(1, "core_feature_use", "workflow_feature_used", "integration_feature_used"),
    "seat_invited": _planted(1, "invitation"),
    "limit_hit": _planted(1, "limit_reached"),
    "demo_request": _planted(1, "demo_request"),
    "case_study": _planted(1, "case_study", "case_study_download"),
    "buyers_guide": _planted(1, "guide", "buyers_guide_download"),
    "contact_form": _planted(1, "contact_request"),
    "intent_surge": _planted(1, "any_intent_surge", "intent_surge"),
    "badge_scan": _planted(1, "trade_fair_visit"),
    "webinar_followed_up": _planted(1, "pricing_page + webinar"),
    "colleagues": _planted(1, "colleagues"),
    "unsubscribe": _planted(-1, "unsubscribe"),
    "careers_page": _planted(-1, "careers_page"),
    "account: employees": _planted(1, "account.employees"),
    "account: industry": _planted(1, "account.industry"),
    "account: country": _planted(1, "account.country"),
    "contact: seniority": _planted(1, "person.seniority"),
    "contact: function": _planted(1, "person.function"),
    "blog": _planted(0, "blog_page"),
    "newsletter_form": _planted(0, "newsletter_form_submit"),
    "email_open": _planted(0, "email_open"),
    "email_click": _planted(0, "email_click"),
    "ebook": _planted(0, "ebook_download", "whitepaper_download"),
    "social_engagement": _planted(0, "social_engagement"),
    "webinar_registered": _planted(0, "webinar_registered"),
    "webinar_attended": _planted(0, "webinar"),
    "cta_click": _planted(0, "cta_click"),
    "login": _planted(0, "login"),
    "account: crm": _planted(0, "account.crm"),
}
COLUMNS = ("could be tested", "said so", "merely easy to track", "said the opposite", "in the card", "with the wrong sign")
ATTRIBUTES = ("account.", "person.")


def main() -> None:
    """Learn from each seed's company, and print what came of it."""
    parser = argparse.ArgumentParser(description="Does discover find what was planted?")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--accounts", type=int, default=900)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    learned: list[dict[str, Any]] = []
    for seed in range(asked.first, asked.first + asked.seeds):
        kept = asked.folder / f"seed-{seed}.json"
        if not kept.exists():
            kept.write_text(json.dumps(learn(seed, asked.people, asked.accounts)), "utf-8")
        learned.append(json.loads(kept.read_text("utf-8")))
        print(f"seed {seed}: {learned[-1]['won']} won", flush=True)
    print("\n".join(table(learned)))


def learn(seed: int, people: int, accounts: int) -> dict[str, Any]:
    """Return what discover says of the company of a seed: by source what its best evidence says, the card, and how well it ranks."""
    from leadline.app import demo
    from leadline.app.discovering import Wish
    from leadline.app.wiring import Project

    folder = Path(tempfile.mkdtemp(prefix="leadline-truth-"))
    try:
        demo.write(folder / "company", seed, people, accounts)
        report = Project(folder / "company").discover(Wish(include=("undated",))).report.to_json()
    finally:
        shutil.rmtree(folder)
    says: dict[str, str] = {}
    for behaviour in report["behaviours"]:
        says.setdefault(behaviour["source"], behaviour["says"])  # the first of a source is its best
    return {
        "seed": seed,
        "won": sum(part["won"] for part in report["counts"].values()),
        "refused": report["refused"] is not None,
        "says": says,
        "card": [[sorted(looked_at(item["criterion"])), item["points"]] for item in report["criteria"]],
        "roc_auc": {name: judged["roc_auc"]["value"] for name, judged in report["judged"].items()},
    }


def looked_at(criterion: Mapping[str, Any]) -> Iterator[str]:
    """Yield the sources that a criterion looks at."""
    if "signal" in criterion:
        yield criterion["signal"]
    if "together" in criterion:
        yield " + ".join(sorted(criterion["together"]))
        yield from criterion["together"]
    written = str(criterion.get("when", criterion.get("value", "")))
    yield from (word for word in written.replace("(", " ").replace(")", " ").split() if word.startswith(ATTRIBUTES))


def table(learned: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of a table of what was found, and of how well the cards rank."""
    yield f"\n{len(learned)} companies, {statistics.median(item['won'] for item in learned):.0f} won cases each (median)."
    yield f"\n| planted | effect | {' | '.join(COLUMNS)} |\n| --- | --- |{' --- |' * len(COLUMNS)}"
    for name, planted in PLANTED.items():
        cells = map(str, counted(planted, learned))
        yield f"| {name} | {('none', 'for', 'against')[planted.sign]} | {' | '.join(cells)} |"
    for name in ("card", "logistic", "boosting", "current"):
        values = [item["roc_auc"][name] for item in learned if item["roc_auc"].get(name) is not None]
        if values:
            yield f"{name}: ROC AUC {statistics.median(values):.3f} (median of {len(values)}; {min(values):.3f} to {max(values):.3f})"
    sizes = [len(item["card"]) for item in learned if not item["refused"]]
    yield f"criteria of a card: {min(sizes, default=0)} to {max(sizes, default=0)}; refused: {sum(item['refused'] for item in learned)}"


def counted(planted: Planted, learned: Iterable[dict[str, Any]]) -> tuple[int, ...]:
    """Return in how many companies what :data:`COLUMNS` say holds for something planted."""
    tested = said = tracked = opposite = taken = wrong = 0
    for item in learned:
        says = {item["says"][source] for source in planted.sources if source in item["says"]}
        signs = {FOUND[word] for word in says if word in FOUND}
        points = {1 if points > 0 else -1 for sources, points in item["card"] if planted.sources.intersection(sources)}
        tested += bool(says)
        said += bool(signs) if not planted.sign else planted.sign in signs
        tracked += TRACKED in says and not signs
        opposite += planted.sign != 0 and -planted.sign in signs and planted.sign not in signs
        taken += bool(points) if not planted.sign else planted.sign in points
        wrong += planted.sign != 0 and -planted.sign in points
    return tested, said, tracked, opposite, taken, wrong


if __name__ == "__main__":
    main()
