"""Reviews of data that nobody made for it: what such records can't tell is said, and nothing is made up."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from leadline import Project

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def project(real_data: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Project]:
    def copied(example: str, folder: str) -> Project:
        monkeypatch.setenv("LEADLINE_DATA", str(real_data(folder).parent))
        return Project(shutil.copytree(EXAMPLES / example, tmp_path / example, ignore=shutil.ignore_patterns(".leadline")))

    return copied


def test_olist_records_wins_only_from_december_2017_and_only_wins(project):
    report = project("olist", "olist_funnel").review()
    assert report.period.name == "2018-05"  # the last month of leads, though deals were closed until November
    says = {caution.code: caution.says for caution in report.cautions}
    assert "No win is recorded before 2017-12" in says["wins-begin-late"]
    assert "only-wins" in says
    assert (report.velocity, report.money.revenue.n) == (None, 0)
    assert report.headline.endswith("deals won came from MQLs.")
    assert all(one.begin_at >= 1_512_000_000_000_000 for one, _ in report.audit.past)  # none before December 2017


def test_hubspot_free_crm_has_sales_that_take_no_time(project):
    report = project("hubspot_free_crm", "hubspot_takehome").review("month", "2020-07")
    assert "only-wins" in {caution.code for caution in report.cautions}
    assert report.velocity is None
    assert report.money.all_deals >= report.money.deals > 0
    assert not report.sla.known
