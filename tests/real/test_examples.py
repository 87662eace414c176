"""The examples on real data load, score, and come to what docs/real-data.md says of them."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from leadline import Project, clock
from leadline.errors import Severity

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PAGE = (ROOT / "docs" / "real-data.md").read_text("utf-8")
AS_OF = {
    "hubspot_free_crm": "2020-01-01",
    "olist": "2018-06-01",
    "flinn_hubspot_crm": "2026-01-01",
    "crm_exports/hubspot": "2023-11-05",
    "crm_exports/salesforce": "2019-12-01",
    "crm_exports/marketo": "2020-05-15",
    "crm_exports/pardot": "2020-05-15",
}


@pytest.fixture(autouse=True)
def data(real_data, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = real_data("hubspot_takehome").parent
    monkeypatch.setenv("LEADLINE_DATA", str(folder))
    return folder


def project(name: str) -> Project:
    return Project(EXAMPLES / name)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def scores(name: str) -> dict[str, dict[str, object]]:
    return {row["person_id"]: row for row in project(name).score(AS_OF[name]).to_pylist()}


def test_every_example_that_names_the_data_is_tested_here():
    named = {
        path.parent.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("leadline.yaml") if "LEADLINE_DATA" in path.read_text()
    }
    assert named == set(AS_OF)


@pytest.mark.parametrize("name", AS_OF)
def test_an_example_loads_and_its_definition_has_no_errors(name: str):
    found = project(name)
    assert [str(problem) for problem in found.check() if problem.severity is Severity.ERROR] == []
    report = found.facts()
    assert report.people
    for one in report.relations.values():
        assert one.read == one.kept + one.duplicates + one.quarantined


@pytest.mark.parametrize("name", AS_OF)
def test_an_example_scores_somebody_above_nothing_and_the_receipt_agrees(name: str):
    found = scores(name)
    best = max(found.values(), key=lambda row: row["score"])
    receipt = project(name).explain(str(best["person_id"]), AS_OF[name])
    assert best["score"] > 0
    assert receipt.score == round(best["score"] * 1e6)


def test_the_page_shows_what_the_commands_print_now():
    done = subprocess.run([sys.executable, "docs/real_data.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


class TestHubspotFreeCrm:
    def test_a_week_counts_once_it_is_over_and_not_before(self, data: Path):
        """The company's week from Monday 2019-12-23 is known on Monday the 30th, at midnight."""
        weeks = [row for row in rows(data / "hubspot_takehome/usage_actions.csv") if row["WHEN_TIMESTAMP"].startswith("2019-12-23")]
        company = next(row["id"] for row in weeks if int(row["ACTIONS_CRM_CONTACTS"]) > 0)
        over = clock.parse_instant("2019-12-30")
        known = [_weeks_behind(company, at) for at in (over - 1, over)]
        assert "2019-12-23" not in known[0]
        assert "2019-12-23" in known[1]

    def test_whoever_closed_by_then_is_a_customer_and_nobody_else(self, data: Path):
        closed = {row["id"] for row in rows(data / "hubspot_takehome/customers.csv") if row["CLOSEDATE"] <= "2020-01-01"}
        found = scores("hubspot_free_crm")
        assert {person for person, row in found.items() if row["disqualified"]} == closed
        assert all(not row["tracks"] for person, row in found.items() if person in closed)

    def test_what_happens_after_the_instant_changes_no_score(self, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        """With usage cut off at the end of 2019 and without later customers, all scores are the same."""
        before = scores("hubspot_free_crm")
        _cut(data / "hubspot_takehome", tmp_path / "hubspot_takehome")
        monkeypatch.setenv("LEADLINE_DATA", str(tmp_path))
        monkeypatch.setattr(sys.modules[__name__], "EXAMPLES", _copied(tmp_path, "hubspot_free_crm"))
        assert scores("hubspot_free_crm") == before

    def test_the_rows_that_say_less_are_set_aside(self):
        assert project("hubspot_free_crm").facts().relations["accounts"].quarantined == 3
        aside = rows(EXAMPLES / "hubspot_free_crm" / ".leadline" / "quarantine" / "accounts.csv")
        assert [(row["account_id"], row["industry"]) for row in aside] == [("278", ""), ("279", ""), ("280", "")]

    def test_figures_in_the_text_are_right(self, data: Path):
        folder = data / "hubspot_takehome"
        sizes = [sum(not row["EMPLOYEE_RANGE"] for row in rows(folder / f"{name}.csv")) for name in ("customers", "noncustomers")]
        assert f"missing for {sizes[0]} customers of 200, and for {sizes[1]} of the" in _flat()
        assert sum(float(row["MRR"]) < 0 for row in rows(folder / "customers.csv")) == 4
        shown = _table("hubspot_free_crm")
        times = [_share(best) / _share(rest) for best, rest in zip(shown["top tenth"], shown["the rest"], strict=True)]
        assert "the top tenth bought {:.0f}, {:.0f} and {:.0f} times as often".format(*times) in _flat()
        found, missed = (shown[f"{group}, seen in the product"][2][0] for group in ("top tenth", "the rest"))
        unseen = shown["top tenth"][2][0] + shown["the rest"][2][0] - found - missed
        assert f"Of the {found + missed} that had, {found} were in the top tenth" in _flat()
        assert 0.4 < unseen / (unseen + found + missed) < 0.5
        of_track = shown["on track pql"][1]
        assert f"Of the {of_track[1]} that were on the track that day, {of_track[0]} bought within three months" in _flat()
        still = [row for row in scores("hubspot_free_crm").values() if not row["disqualified"]]
        by_fit = [row["person_id"] for row in still if row["score"] > 13 and not row["usage"]]
        closed = {row["id"] for row in rows(folder / "customers.csv") if row["CLOSEDATE"] < "2020-07-01"}
        assert (
            f"Only {sum(row['usage'] > 0 for row in still)} companies have points for usage, so {len(by_fit)} of the top tenth" in _flat()
        )
        assert f"{len(closed.intersection(by_fit))} of these bought within six months" in _flat()
        tied = Counter(row["score"] for row in still)[13.0]
        assert f"the top tenth has {shown['top tenth'][0][1]} companies and not 509, because {tied} have the next lower score" in _flat()


class TestOlist:
    def test_only_what_is_known_of_everybody_is_mapped(self, data: Path):
        mapped = (EXAMPLES / "olist" / "leadline.yaml").read_text("utf-8")
        only_of_won = set(rows(data / "olist_funnel/olist_closed_deals_dataset.csv")[0]) - {"mql_id", "seller_id", "won_date"}
        assert not {column for column in only_of_won if re.search(rf"\b{column}\b", mapped)}

    def test_points_for_pages_follow_from_what_was_known_on_2018_03_01(self, data: Path):
        won = {row["mql_id"] for row in rows(data / "olist_funnel/olist_closed_deals_dataset.csv") if row["won_date"] < "2018-03-01"}
        leads = rows(data / "olist_funnel/olist_marketing_qualified_leads_dataset.csv")
        known = [row for row in leads if "2017-12-01" <= row["first_contact_date"] < "2018-03-01"]
        came = Counter(row["landing_page_id"] for row in known)
        sold = Counter(row["landing_page_id"] for row in known if row["mql_id"] in won)
        rates = {page: sold[page] / count for page, count in came.items() if count >= 50}
        definition = (EXAMPLES / "olist" / "definition.yaml").read_text("utf-8")
        strong, weak = (set(re.findall("[0-9a-f]{32}", part)) for part in definition.split("strong_page: >-")[1].split("weak_page: >-"))
        assert strong == {page for page, rate in rates.items() if rate > 0.1}
        assert weak == {page for page, rate in rates.items() if rate < 0.05}
        assert (len(strong), len(weak), len(rates)) == (4, 5, 9)

    def test_no_deal_is_recorded_before_december_2017(self, data: Path):
        assert min(row["won_date"] for row in rows(data / "olist_funnel/olist_closed_deals_dataset.csv")) >= "2017-12-01"

    def test_figures_in_the_text_are_right(self):
        shown = _table("olist")
        (won, of), (all_won, all_of) = shown["A"][2], shown["all"][2]
        assert (round(of / all_of, 2), won / all_won > 0.5) == (0.3, True)
        a, b, d = (round(100 * _share(shown[band][2])) for band in "ABD")
        assert f"{a} % of band A became sellers within 90 days, {b} % of B and {d} % of D" in _flat()


class TestCrmExports:
    def test_marketo_counts_a_day_of_clicks_once(self, data: Path):
        clicks = rows(data / "crm_exports/marketo/seeds/marketo_activity_click_email_data.csv")
        most, count = Counter(row["lead_id"] for row in clicks).most_common(1)[0]
        assert scores("crm_exports/marketo")[most]["webinar"] == 30
        assert f"clicked {count} times in three days" in _flat()
        assert f"it would be {count * 15:,}" in _flat()

    def test_salesforce_history_is_dated(self):
        schema = project("crm_exports/salesforce").mirror.schema
        assert not schema.person["title"].undated
        assert not schema.account["employees"].undated

    def test_what_a_merged_marketo_lead_did_is_the_others(self, data: Path):
        merged = rows(data / "crm_exports/marketo/seeds/marketo_activity_merge_leads_data.csv")
        gone = {was.strip() for row in merged for was in row["merge_ids"].strip("[]").split(",")}
        assert gone
        assert not {person for person, row in scores("crm_exports/marketo").items() if person in gone and row["engagement"]}

    def test_hubspot_meetings_without_a_contact_are_set_aside(self):
        project("crm_exports/hubspot").facts()
        aside = rows(EXAMPLES / "crm_exports/hubspot/.leadline/quarantine/activities.csv")
        assert {(row["code"], row["type"]) for row in aside} == {("missing-person", "meeting")}


def test_fit_from_titles_and_deals_reads_as_a_person_would():
    found = scores("flinn_hubspot_crm")
    assert found["500001"] | {"tracks": None} == found["500001"] | {
        "director": 20,
        "in_charge": 25,
        "size": 5,
        "in_reach": 10,
        "tracks": None,
    }
    assert found["500001"]["disqualified"] == "customer"


def _weeks_behind(company: str, at: int) -> str:
    return str(project("hubspot_free_crm").explain(company, at))


def _cut(source: Path, target: Path) -> None:
    """Copy the data as it was at the end of 2019: without later weeks, and with those who bought later among the others."""
    target.mkdir()
    usage = rows(source / "usage_actions.csv")
    _write(target / "usage_actions.csv", [row for row in usage if row["WHEN_TIMESTAMP"] <= "2019-12-25"])
    customers = rows(source / "customers.csv")
    later = [row for row in customers if row["CLOSEDATE"] > "2020-01-01"]
    _write(target / "customers.csv", [row for row in customers if row not in later])
    others = rows(source / "noncustomers.csv")
    _write(target / "noncustomers.csv", others + [{key: row[key] for key in others[0]} for row in later])


def _write(path: Path, found: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(found[0]))
        writer.writeheader()
        writer.writerows(found)


def _copied(target: Path, name: str) -> Path:
    """Return a folder with a copy of an example, so that the copy has a mirror of its own."""
    folder = target / "examples"
    (folder / name).mkdir(parents=True)
    for file in (EXAMPLES / name).glob("*.yaml"):
        (folder / name / file.name).write_text(file.read_text("utf-8"), "utf-8")
    return folder


def _flat() -> str:
    return re.sub(r"\s+", " ", PAGE)


def _share(cell: tuple[int, int]) -> float:
    return cell[0] / cell[1]


def _table(name: str) -> dict[str, list[tuple[int, int]]]:
    """Return the table that the page shows: first column → for each share, how many of how many."""
    text = PAGE.partition(f"<!-- real: python docs/outcomes.py {name} -->")[2].split("```")[1]
    found: dict[str, list[tuple[int, int]]] = {}
    for line in text.splitlines()[4:]:
        label, *parts = re.split(r"\s{2,}", line)
        numbers = [int(part.split(" = ")[0].replace(",", "")) for part in parts]
        totals, counts = (numbers[::2], numbers[1::2]) if name == "olist" else (numbers[:1] * len(numbers[1:]), numbers[1:])
        found[label] = list(zip(counts, totals, strict=True))
    return found
