"""The log of adopted definitions: what is written is read back, and each instant has one definition in force."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.definition.everything import EVERYTHING

from leadline.clock import DAY, parse_instant
from leadline.definition import fingerprint, history, load
from leadline.definition.history import Adoption, History, Standing
from leadline.definition.model import Signature
from leadline.errors import DefinitionRefused, UsageError

DEFINITION = load.parse(EVERYTHING).definition
JUNE = parse_instant("2026-06-01")
DIGITS = "0123456789abcdef"

# 0001-01-02 to 9999-12-30, so that every zone can write them
instants = st.integers(-62_135_510_400_000_000, 253_402_128_000_000_000)
prints = st.text(DIGITS, min_size=64, max_size=64)
owners = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
signatures = st.builds(
    Signature, owner=owners, signed=st.none() | st.dates(dt.date(1900, 1, 1)), fingerprint=st.none() | st.text(DIGITS, max_size=12)
)
adoptions = st.builds(
    Adoption,
    since=instants,
    name=owners,
    file=st.from_regex(r"\A[0-9a-z-]{1,20}\.yaml\Z"),
    fingerprint=prints,
    contract=prints,
    marketing=st.none() | signatures,
    sales=st.none() | signatures,
    adopted_at=instants,
)
logs = st.lists(adoptions, max_size=4).map(lambda found: History(adopted=tuple(sorted(found, key=lambda one: one.since))))


def entry(since: int, contract: str = "a" * 64, **given) -> Adoption:
    values = {"name": "Acme", "file": f"{contract[:8]}.yaml", "fingerprint": "f" * 64, "adopted_at": 0} | given
    return Adoption(since=since, contract=contract, **values)


def log(*entries: Adoption) -> History:
    return History(adopted=entries)


@given(logs)
def test_what_is_written_is_read_back_and_an_entry_more_leaves_the_others_as_they_were(found: History):
    text = history.write(found)
    assert history.read(text.encode(), "history.yaml") == found
    if found.adopted:
        assert text.startswith(history.write(History(adopted=found.adopted[:-1])).removesuffix(" []\n"))


@given(logs, instants)
def test_at_every_instant_exactly_one_definition_is_in_force_once_one_was_adopted(found: History, now: int):
    standing = [period.standing(now) for period in history.periods(found)]
    assert standing.count(Standing.PRESENT) == bool(found.adopted)
    counting = [period for period in history.periods(found) if period.counts]
    assert all(one.ends == two.begins for one, two in pairwise(counting))
    assert [period.begins for period in counting[:1]] == [None] * bool(counting)


def test_the_first_counts_from_the_start_and_the_last_of_one_instant_replaces_the_others():
    found = history.periods(log(entry(5, "a" * 64), entry(5, "b" * 64), entry(9, "c" * 64), entry(9, "d" * 64), entry(20, "e" * 64)))
    assert [(period.adoption.contract[0], period.begins, period.ends, str(period.standing(10))) for period in found] == [
        ("a", 5, 5, "replaced at once"),
        ("b", None, 9, "over"),
        ("c", 9, 9, "replaced at once"),
        ("d", 9, 20, "in force"),
        ("e", 20, None, "ahead"),
    ]


def test_a_log_without_entries_has_no_periods():
    assert history.periods(history.read(b"", "history.yaml")) == []


def test_an_entry_holds_what_identifies_the_definition_and_who_signed_it():
    made = history.adoption(DEFINITION, "a.yaml", JUNE, JUNE + DAY)
    assert (made.name, made.since, made.adopted_at) == ("Acme MQL", JUNE, JUNE + DAY)
    assert made.contract == fingerprint.contract_fingerprint(DEFINITION)
    assert made.fingerprint == fingerprint.definition_fingerprint(DEFINITION)
    assert made.marketing == DEFINITION.agreement.marketing
    assert made.sign_offs() == {"marketing": "2026-10-01, another text", "sales": "2026-10-02"}


def test_a_signature_counts_for_the_text_it_was_given_to():
    given = {"marketing": Signature(owner="Ann", signed="2026-01-02", fingerprint="AAAAAAAAAAAA"), "sales": Signature(owner="Bob")}
    assert entry(0, **given).sign_offs() == {"marketing": "2026-01-02", "sales": "not signed"}
    assert entry(0).sign_offs() == {"marketing": "not signed", "sales": "not signed"}


def told(text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(DefinitionRefused) as refused:
        history.read(text.encode(), "definitions/history.yaml")
    assert {problem.where.file for problem in refused.value.problems} == {"definitions/history.yaml"}
    return [(problem.code, problem.where.line) for problem in refused.value.problems]


def test_a_log_that_was_changed_by_hand_is_refused_at_its_lines():
    good = yaml.safe_load(history.write(log(entry(0), entry(DAY))))["adopted"]
    text = yaml.safe_dump({"adopted": [good[0] | {"file": "../a.yaml", "contract": "12"}, good[1] | {"since": "soon", "extra": 1}]})
    lines = {line.strip("- ").partition(":")[0]: number for number, line in enumerate(text.splitlines(), 1)}
    assert sorted(told(text)) == sorted([("bad-value", 3), ("bad-value", 4), ("bad-time", lines["since"]), ("unknown-key", lines["extra"])])
    assert [code for code, _ in told("adopted: [")] == ["yaml-syntax"]


def test_times_may_be_written_with_or_without_quotes():
    text = history.write(log(entry(JUNE)))
    for time in ("2026-06-01T00:00:00Z", "2026-06-01", "2026-06-01 02:00:00+02:00"):
        assert history.read(text.replace("'2026-06-01T00:00:00Z'", time).encode(), "h").adopted[0].since == JUNE


def test_entries_out_of_order_are_refused_each_at_its_line():
    text = history.write(log(entry(DAY), entry(0), entry(DAY), entry(DAY - 1)))
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "since:" in line]
    assert told(text) == [("history-order", lines[1]), ("history-order", lines[3])]


@pytest.mark.parametrize("prefix", ["ab12", "AB12", "ab12" + "0" * 60, "beef"])
def test_a_definition_is_found_by_how_either_fingerprint_begins(prefix: str):
    found = log(entry(1, "ab12" + "0" * 60), entry(2, "ab12" + "0" * 60, fingerprint="beef" + "1" * 60), entry(3, "cd" * 32))
    assert history.find(found, prefix).since == 2


def usage(find, *arguments) -> tuple[str, str]:
    with pytest.raises(UsageError) as refused:
        find(*arguments)
    return refused.value.code, str(refused.value)


def test_an_unknown_fingerprint_is_answered_with_the_one_that_is_close():
    code, says = usage(history.find, log(entry(0, "ab12" * 16), entry(1, "cd" * 32)), "ab12ab13ab12")
    assert (code, "Did you mean 'ab12ab12ab12'?" in says) == ("unknown-definition", True)
    assert "Known here: ab12ab12ab12" in usage(history.find, log(entry(0, "ab12" * 16)), "nowhere.yaml")[1]
    assert "Nothing has been adopted yet" in usage(history.find, log(), "abcd")[1]


def test_less_than_four_digits_are_no_fingerprint():
    assert usage(history.find, log(entry(0, "ab12" * 16)), "ab1")[0] == "unknown-definition"


def test_a_beginning_that_several_contracts_have_is_refused_with_their_names():
    code, says = usage(history.find, log(entry(0, "abcd1" * 12 + "0000"), entry(1, "abcd2" * 12 + "0000")), "abcd")
    assert (code, "abcd1abcd1" in says, "abcd2abcd2" in says) == ("ambiguous-fingerprint", True, True)


def test_the_past_cannot_be_changed():
    found = log(entry(0), entry(JUNE))
    history.refuse_earlier(found, JUNE)
    history.refuse_earlier(log(), -DAY)
    code, says = usage(history.refuse_earlier, found, JUNE - 1)
    assert (code, "--from 2026-06-01T00:00:00Z or later" in says) == ("earlier-than-last", True)


def test_a_kept_definition_is_what_was_adopted_whatever_its_comments_say():
    made = history.adoption(DEFINITION, "a.yaml", 0, 0)
    assert not list(history.edited(made, load.parse(EVERYTHING + "# a comment\n").definition, "a.yaml"))
    changed = load.parse(EVERYTHING.replace("90d", "91d", 1)).definition  # the cadence of reviews, which no score knows
    assert [(problem.code, problem.where.file) for problem in history.edited(made, changed, "a.yaml")] == [("edited-definition", "a.yaml")]


def test_a_file_is_called_by_its_day_and_fingerprint_and_never_takes_the_place_of_another():
    taken = {"2026-06-01-abcdabcd.yaml"}
    assert history.new_file(JUNE, "abcd" * 16, set()) == "2026-06-01-abcdabcd.yaml"
    assert history.new_file(JUNE + DAY - 1, "abcd" * 16, taken) == "2026-06-01-abcdabcd-2.yaml"
    assert history.new_file(JUNE, "abcd" * 16, taken | {"2026-06-01-abcdabcd-2.yaml"}) == "2026-06-01-abcdabcd-3.yaml"
