"""Whether what was planted was found is counted rightly, and the command that asks it still runs."""

from __future__ import annotations

import pytest
from bench import truth

from leadline.app.demo import truth as planted_truth


def learned(says: dict[str, str], card: list[tuple[list[str], int]]) -> dict:
    return {"seed": 1, "won": 70, "refused": False, "says": says, "card": card, "roc_auc": {"card": 0.8, "logistic": None}}


@pytest.mark.parametrize(
    ("says", "card", "counted"),
    [
        ({"pricing_page": "wins deals"}, [(["pricing_page"], 20)], (1, 1, 0, 0, 1, 0)),
        ({"pricing_page": "merely easy to track"}, [], (1, 0, 1, 0, 0, 0)),
        ({"pricing_page": "speaks against"}, [(["pricing_page"], -5)], (1, 0, 0, 1, 0, 1)),
        ({"visit": "wins deals"}, [(["visit"], 5)], (0, 0, 0, 0, 0, 0)),
    ],
)
def test_what_was_planted_is_counted_by_what_is_said_and_taken(says, card, counted):
    assert truth.counted(truth.PLANTED["pricing_page"], [learned(says, card)]) == counted


def test_what_has_no_effect_is_false_whichever_way_it_is_taken():
    found = [learned({"login": word}, [(["login"], points)]) for word, points in (("wins deals", 5), ("speaks against", -5))]
    assert truth.counted(truth.PLANTED["login"], found) == (2, 2, 0, 0, 2, 0)


def test_criteria_tell_what_they_look_at():
    assert set(truth.looked_at({"signal": "a", "within": "30d"})) == {"a"}
    assert set(truth.looked_at({"together": {"b": 1, "a": 1}})) == {"a + b", "a", "b"}
    assert set(truth.looked_at({"when": "account.industry in ('x y', 'z')"})) == {"account.industry"}
    assert set(truth.looked_at({"value": "account.employees", "tiers": {10: 5}})) == {"account.employees"}


def test_every_planted_behaviour_is_asked_for():
    asked = {name for name in truth.PLANTED if ":" not in name} - {"colleagues", planted_truth.FOLLOWED_UP}
    assert asked == set(planted_truth.BEHAVIOURS)
    for name in asked:
        effect = planted_truth.BEHAVIOURS[name]
        strength = effect.conversation * effect.win
        assert truth.PLANTED[name].sign == (strength > 1) - (strength < 1), name


def test_the_command_runs_on_a_small_company(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["truth", str(tmp_path), "--seeds", "1", "--people", "500", "--accounts", "90"])
    truth.main()
    truth.main()  # what is kept isn't learned again
    assert (tmp_path / "seed-1.json").exists()
    assert "| pricing_page | for |" in capsys.readouterr().out
