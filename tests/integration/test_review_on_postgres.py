"""A review of activities that stay in PostgreSQL: the entries are the same, and what only activities tell is left out and said."""

from __future__ import annotations

import pytest

from leadline import Project
from tests.engines.tables import cursor
from tests.integration.test_plan_on_postgres import both

__all__ = ["both"]


@pytest.mark.parametrize("more", ["", "content", "form", "rep"])
def test_a_review_on_postgres_has_the_cohorts_of_one_on_duckdb(both: tuple[Project, Project], postgres, more):
    if more:
        with cursor(postgres) as there:
            there.execute(f"alter table visits add column {more} text default 'guide'")
    here, there = (project.review("month", "2026-05") for project in both)
    assert here.funnel.now.entries > 0
    assert [cohort.entries for cohort in there.funnel.cohorts][-4:] == [cohort.entries for cohort in here.funnel.cohorts][-4:]
    assert "remote-activities" in {caution.code for caution in there.cautions}
    assert there.accounts.rows == ()
