"""The demo company: the same on every machine, consistent in itself, and with its truth to be found in the data."""

from __future__ import annotations

import ast
import csv
import hashlib
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from leadline import Project, project
from leadline.app import demo
from leadline.app.demo import leads, times, truth
from leadline.app.demo.dice import Dice, Lottery
from leadline.app.demo.records import Activity
from leadline.definition import load
from leadline.errors import UsageError

Row = dict[str, str]
SMALL = {"people": 400, "accounts": 80}
HERE = Path(demo.__file__).parent
START, END = "2025-07-01T00:00:00Z", "2026-10-01T00:00:00Z"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo")
    demo.write(made, **SMALL)
    return made


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("company")
    demo.write(made, people=2200, accounts=400)
    return made


def rows(folder: Path, name: str) -> list[Row]:
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def activities(folder: Path) -> list[Row]:
    """Return all activities once, under the canonical names."""
    columns = yaml.safe_load((folder / "leadline.yaml").read_text("utf-8"))["facts"]["activities"][-1]["columns"]
    names = {theirs: ours for ours, theirs in columns.items()}
    found: dict[str, Row] = {}
    for path in sorted((folder / "data").glob("activities-*.csv")):
        for row in rows(folder, path.stem):
            renamed = {names.get(key, key): value for key, value in row.items()}
            found.setdefault(renamed["activity_id"], renamed)
    return list(found.values())


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files that were written, by name; not the mirror that other tests have made since."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(project.WORK)}


def planted(folder: Path) -> dict[str, object]:
    return json.loads((folder / "truth.json").read_text("utf-8"))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# The same everywhere


def test_two_writes_with_one_seed_give_the_same_bytes_and_another_seed_gives_others(tmp_path: Path):
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        demo.write(tmp_path / name, seed, people=60, accounts=12, months=3)
    one, again, other = (contents(tmp_path / name) for name in ("one", "again", "other"))
    assert one == again
    assert one["data/people.csv"] != other["data/people.csv"]


def test_a_small_world_is_what_it_has_always_been(tmp_path: Path):
    demo.write(tmp_path, 7, people=150, accounts=30, months=6)
    made = {name: data for name, data in contents(tmp_path).items() if name.startswith("data/") or name == "truth.json"}
    digest = hashlib.sha256(b"".join(name.encode() + b"\0" + data for name, data in made.items())).hexdigest()
    pinned = "52d7a72fa1fe4616de3a372b30cb10103120ba7b2cf32073278364bac41f8d0f"
    assert digest == pinned, "every demo that anybody wrote down would change: mean it, then pin it anew"


def test_chance_comes_from_the_dice_alone_and_nothing_needs_a_library_of_mathematics():
    imports: dict[str, set[str]] = {}
    for path in HERE.glob("*.py"):
        nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Import)]
        imports[path.name] = {alias.name for node in nodes for alias in node.names}
    assert [name for name, found in imports.items() if "random" in found] == ["dice.py"]
    assert not [name for name, found in imports.items() if found & {"math", "numpy", "secrets", "time"}]


@given(st.integers(0, 2**64), st.lists(st.integers(0, 5), min_size=1, max_size=8).filter(any))
def test_a_lottery_draws_only_what_has_a_weight(seed: int, weights: list[int]):
    lottery, dice = Lottery(dict(enumerate(weights))), Dice(seed)
    assert all(weights[lottery.draw(dice)] for _ in range(20))


@given(st.integers(0, 2**64), st.integers(-50, 50), st.integers(0, 50))
def test_a_number_drawn_lies_between_its_bounds(seed: int, low: int, more: int):
    dice = Dice(seed)
    drawn = [draw(low, low + more) for _ in range(10) for draw in (dice.between, dice.mostly_low)]
    assert all(low <= number <= low + more for number in drawn)


@given(st.integers(0, 30_000), st.sampled_from(["DE", "US", "GB", "IN", "BR", "SE"]))
def test_sales_works_on_weekdays(day: int, country: str):
    at = times.desk_time(Dice(day), day * times.DAY, country)
    assert date.fromisoformat(times.day_text(at)).weekday() < 5
    assert at >= day * times.DAY


@given(st.integers(0, 4 * 10**9))
def test_times_are_written_as_python_writes_them(at: int):
    assert times.write(at) == datetime.fromtimestamp(at, tz=moment(START).tzinfo).isoformat().replace("+00:00", "Z")


# Written with care


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "definition.yaml").write_text("name: mine\n", encoding="utf-8")
    with pytest.raises(UsageError, match="not an empty folder") as caught:
        demo.write(tmp_path, **SMALL)
    assert caught.value.code == "folder-in-use"
    assert contents(tmp_path) == {"definition.yaml": b"name: mine\n"}


@pytest.mark.parametrize(("people", "accounts"), [(0, 0), (5, 0), (3, 7), (0, 4)])
def test_even_an_odd_world_can_be_written(tmp_path: Path, people: int, accounts: int):
    demo.write(tmp_path, people=people, accounts=accounts, months=1)
    assert len({row["person_id"] for row in rows(tmp_path, "people")}) == people
    assert len(rows(tmp_path, "accounts")) == accounts


def test_progress_is_told_from_start_to_end(tmp_path: Path):
    heard: list[float] = []
    demo.write(tmp_path, people=30, accounts=6, months=1, progress=heard.append)
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0, 1)


def test_files_end_lines_the_same_way_everywhere(folder: Path):
    assert not [name for name, data in contents(folder).items() if b"\r" in data or not data.endswith(b"\n")]


# Consistent in itself


def test_whatever_is_referred_to_exists(folder: Path):
    people = {row["person_id"] for row in rows(folder, "people")}
    accounts = {row["account_id"] for row in rows(folder, "accounts")} | {""}
    happened = activities(folder)
    assert {row["person_id"] for row in happened if row.get("person_id")} <= people
    assert {row["account_id"] for row in happened if row.get("account_id")} <= accounts
    assert all(row.get("person_id") or row.get("account_id") for row in happened)
    assert {row["account_id"] for row in rows(folder, "people")} <= accounts
    deals = rows(folder, "deals")
    assert {row["person_id"] for row in deals} <= people | {""}
    assert {row["account_id"] for row in deals} <= accounts - {""}
    assert {row["deal_id"] for row in rows(folder, "deal_stages")} == {row["deal_id"] for row in deals}
    assert {row["person_id"] for row in rows(folder, "lead_stages")} <= people


def test_everything_happens_within_the_fifteen_months_and_is_received_after_it_happened(folder: Path):
    happened = activities(folder)
    assert all(START <= row["occurred_at"] < END for row in happened)
    received = [row for row in happened if row.get("received_at")]
    assert received
    assert all(row["occurred_at"] <= row["received_at"] < END for row in received)
    assert all(row["entered_at"] < END for name in ("deal_stages", "lead_stages") for row in rows(folder, name))


def test_a_deal_follows_its_conversation_and_its_stages_follow_each_other(folder: Path):
    stages: dict[str, list[Row]] = {}
    for row in rows(folder, "deal_stages"):
        stages.setdefault(row["deal_id"], []).append(row)
    for deal in rows(folder, "deals"):
        entered = [row["entered_at"] for row in stages[deal["deal_id"]]]
        assert deal["first_conversation_at"] < deal["created_at"] == entered[0]
        assert entered == sorted(entered)
        assert stages[deal["deal_id"]][-1]["stage"] == deal["stage"]
        assert (deal["closed_at"] == "") == (deal["outcome"] == "open")
        assert deal["closed_at"] in ("", entered[-1])
        assert int(deal["amount"]) > 0


def test_a_first_conversation_is_an_activity_of_sales_with_somebody_of_the_account(folder: Path):
    held = {(row["account_id"], row["at"]) for row in planted(folder)["conversations"]}
    talks = {row["occurred_at"] for row in activities(folder) if row["type"] in ("call", "meeting")}
    new = [row for row in rows(folder, "deals") if row["kind"] == "new" and row["first_conversation_at"] >= START]
    assert new
    assert all((row["account_id"], row["first_conversation_at"]) in held for row in new)
    assert {row["first_conversation_at"] for row in new} <= talks


def test_whoever_changed_has_dated_rows_and_whoever_did_not_has_one_undated(folder: Path):
    history: dict[str, list[Row]] = {}
    for row in rows(folder, "people"):
        history.setdefault(row["person_id"], []).append(row)
    changed = [found for found in history.values() if len(found) > 1]
    assert changed
    assert all([row["valid_from"] for row in found] == sorted(filter(None, (row["valid_from"] for row in found))) for found in changed)
    assert all(found[0]["valid_from"] == "" for found in history.values() if len(found) == 1)


def test_the_crm_knows_only_agreed_reasons_or_none_and_only_reps_of_the_file(folder: Path):
    reps = set(yaml.safe_load((folder / "reps.yaml").read_text("utf-8")))
    agreed = [load.load(folder / name).definition.reject_reasons for name in ("definition.yaml", "definition-next.yaml")]
    recorded = rows(folder, "lead_stages")
    assert {row["reason"] for row in recorded} - {""} <= set(agreed[0]) & set(agreed[1])
    assert {row["rep"] for row in recorded} <= reps
    assert {row.get("rep") for row in activities(folder)} - {None, ""} <= reps
    assert {row[column] for row in rows(folder, "accounts") for column in ("owner", "csm")} - {""} <= reps


def test_nobody_can_be_written_to_by_accident(folder: Path):
    free = {"gmail.com", "outlook.com", "yahoo.com", "gmx.de", "web.de", "hotmail.com", "icloud.com"}
    for row in rows(folder, "people"):
        local, _, domain = row["email"].partition("@")
        assert domain.lower().endswith(".example") or (domain in free and local.endswith(row["person_id"][1:]))


def test_the_project_and_both_definitions_can_be_read(folder: Path):
    files = {source.from_ for source in project.load(folder).file.facts.activities}
    assert files == {f"data/{path.name}" for path in (folder / "data").glob("activities-*.csv")}
    now, later = (load.load(folder / name).definition for name in ("definition.yaml", "definition-next.yaml"))
    assert set(now.tracks) == set(later.tracks) == {"hot", "pql", "mql", "expansion"}
    assert len(list(later.criteria())) < len(list(now.criteria()))


def test_the_person_to_explain_qualifies_with_points_from_the_most_criteria(folder: Path):
    found = demo.example_person(folder, "2026-09-30")
    scored = Project(folder).score("2026-09-30").to_pylist()
    criteria = [name for _, name, _ in load.load(folder / "definition.yaml").definition.criteria()]
    qualified = {row["person_id"]: sum(row[name] != 0 for name in criteria) for row in scored if row["tracks"]}
    assert qualified[found] == max(qualified.values())


def test_nobody_can_be_explained_before_anybody_was_there(folder: Path):
    with pytest.raises(UsageError, match="Nobody"):
        demo.example_person(folder, "1999-01-01")


def test_a_plausible_share_of_people_qualifies_and_the_proposal_is_stricter(company: Path):
    now, later = (Project(company, definition=company / name).score("2026-09-30") for name in ("definition.yaml", "definition-next.yaml"))
    share, stricter = (sum(bool(tracks) for tracks in table["tracks"].to_pylist()) / table.num_rows for table in (now, later))
    assert 0.02 < share < 0.08
    assert 0 < stricter < share


# Spoiled as real data is


def test_a_few_rows_were_exported_twice(folder: Path):
    files = [path.stem for path in (folder / "data").glob("activities-*.csv")]
    exported = Counter(row.get("activity_id") or row["Activity ID"] for name in files for row in rows(folder, name))
    again = sum(count - 1 for count in exported.values())
    assert again == planted(folder)["blemishes"]["rows_exported_twice"] > 0


def test_gateways_click_on_every_link_in_one_second_soon_after_the_mail_was_sent(folder: Path):
    happened = activities(folder)
    sent = {(row["person_id"], row["campaign"]): row["occurred_at"] for row in happened if row["type"] == "email_sent"}
    clicks = Counter((row["person_id"], row["campaign"], row["occurred_at"]) for row in happened if row["type"] == "email_click")
    bursts = [key for key, count in clicks.items() if count >= 3]
    assert bursts
    assert all((moment(at) - moment(sent[person, campaign])).total_seconds() < 10 for person, campaign, at in bursts)


def test_some_addresses_need_the_domain_to_be_matched_and_some_titles_are_a_mess(folder: Path):
    people = rows(folder, "people")
    assert [row for row in people if not row["account_id"] and row["email"].endswith(".example")]
    titles = {row["title"] for row in people}
    assert "" in titles
    assert any(title.islower() for title in titles)
    assert any("ä" in title or "leiter" in title.lower() for title in titles)


def test_weekends_and_nights_are_quiet(folder: Path):
    views = [moment(row["occurred_at"]) for row in activities(folder) if row["type"] == "page_view"]
    assert sum(at.weekday() >= 5 for at in views) < 0.1 * len(views)
    assert sum(at.hour < 5 for at in views) < 0.1 * len(views)


# The truth is in the data


def before_conversations(folder: Path) -> dict[str, list[set[str]]]:
    """Return by outcome the behaviours of each account's people in the 90 days before its first conversation."""
    account_of = {row["person_id"]: row["email"].rpartition("@")[2].lower().removeprefix("mail.") for row in rows(folder, "people")}
    names = {row["account_id"]: row["name"].lower().replace(" ", "-") + ".example" for row in rows(folder, "accounts")}
    seen: dict[str, list[tuple[datetime, str]]] = {}
    for row in activities(folder):
        found = truth.behaviours_of(Activity(0, row["type"], "", properties={key: value for key, value in row.items() if value}))
        account = account_of.get(row.get("person_id", ""), "")
        seen.setdefault(account, []).extend((moment(row["occurred_at"]), name) for name in found)
    by_outcome: dict[str, list[set[str]]] = {}
    for deal in rows(folder, "deals"):
        talked = moment(deal["first_conversation_at"])
        past = {name for at, name in seen.get(names[deal["account_id"]], []) if 0 < (talked - at).days < 90}
        if deal["kind"] == "new" and deal["first_conversation_at"] > START:
            by_outcome.setdefault(deal["outcome"], []).append(past)
    return by_outcome


def test_what_was_planted_parts_won_from_lost_deals_and_what_is_merely_frequent_does_not(company: Path):
    found = before_conversations(company)

    def gap(name: str) -> float:
        won, lost = (sum(name in past for past in found[outcome]) / len(found[outcome]) for outcome in ("won", "lost"))
        return won - lost

    assert min(len(found["won"]), len(found["lost"])) > 25
    strong = [gap(name) for name in ("pricing_page", "comparison_page", "integration_docs", "case_study")]
    idle = [gap(name) for name in ("newsletter_form", "ebook", "email_click", "social_engagement")]
    assert min(strong) > 0.1
    assert sum(strong) / len(strong) > 2 * max(sum(idle) / len(idle), 0.05)


def test_a_deal_is_won_more_often_where_the_truth_says_so(company: Path):
    ends: dict[str, list[int]] = {}
    for one in planted(company)["conversations"]:
        ends.setdefault(one["ends"], []).append(one["win_chance_per_mille"])
    mean = {outcome: sum(chances) / len(chances) for outcome, chances in ends.items()}
    assert mean["won"] > 1.5 * mean["lost"]


def test_customers_use_the_product_more_after_the_close_than_anybody_before_it(company: Path):
    closed = {row["account_id"]: row["closed_at"] for row in rows(company, "deals") if row["outcome"] == "won" and row["kind"] == "new"}
    account_of = {row["person_id"]: row["account_id"] for row in rows(company, "people")}
    used = [(closed[account_of[row["person_id"]]], row["occurred_at"]) for row in activities(company)
            if row["type"] == "feature_used" and account_of[row["person_id"]] in closed]  # fmt: skip
    after = sum(at > close for close, at in used)
    assert after > 5 * (len(used) - after) > 0


def test_the_recorded_mqls_seldom_become_an_sql_and_are_mostly_rejected(company: Path):
    stages = Counter(row["stage"] for row in rows(company, "lead_stages"))
    assert 0.02 < stages["sql"] / stages["mql"] < 0.13
    assert stages["rejected"] > 0.5 * stages["mql"]
    assert stages["accepted"] + stages["rejected"] <= stages["mql"]


def test_each_recorded_mql_had_a_form_just_before_it_however_little_it_meant(folder: Path):
    forms = Counter(row["person_id"] for row in activities(folder) if row["type"] in leads.NAIVE_RULE)
    mqls = Counter(row["person_id"] for row in rows(folder, "lead_stages") if row["stage"] == "mql")
    assert mqls
    assert all(forms[person] >= count for person, count in mqls.items())


def test_the_buyers_guide_and_its_publisher_change_in_april(company: Path):
    guide = truth.BEHAVIOURS["buyers_guide"]
    march, april = times.instant("2026-03-31"), times.instant("2026-04-01")
    assert truth.effect({"buyers_guide": 1}, march, on_winning=True) == guide.win > 1
    assert truth.effect({"buyers_guide": 1}, april, on_winning=True) == 1
    syndicated = [row["created_at"] for row in rows(company, "people") if row["source"] == "Content Syndication"]
    assert syndicated
    assert min(syndicated) >= "2026-04-13"
