"""The 25 criteria in Polars, lazily, as a user of Polars would write them, over a mirror's Parquet.

python -m bench.polars_user FOLDER AS_OF OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

DAY = 86_400_000_000
FIT = ("director", "manager", "size", "revenue", "industry", "region", "unknown_size", "very_small", "productive", "home_market")
ENGAGEMENT = (
    "pricing", "browsing", "clicks", "downloads", "case_study", "demo", "webinar", "comparing", "replies", "hot_webinar", "gone_quiet",
)  # fmt: skip
USAGE = ("seats", "core_use", "logins", "hot_trial")
KIND, OCCURRED = pl.col("type"), pl.col("occurred")
PRICING = (KIND == "page_view") & pl.col("path").str.starts_with("/pricing")
COMPARISON = (KIND == "page_view") & pl.col("path").str.starts_with("/compare/")
CORE = (KIND == "feature_used") & pl.col("feature").is_in(["workflow", "integration"])


def micro(amount: pl.Expr) -> pl.Expr:
    """Round to a millionth, in millionths."""
    return (amount * 1e6 + 0.501).floor()


def given(points: float, condition: pl.Expr) -> pl.Expr:
    """Points in millionths where the condition holds, else none."""
    return pl.when(condition).then(points * 1e6).otherwise(0.0)


def score(folder: Path, as_of: int, out: Path) -> None:
    """Write everybody's points to ``out``, best first."""
    acts = pl.scan_parquet(folder / "activities-*.parquet").filter(as_of >= OCCURRED)
    holds = (pl.col("valid_from") <= as_of) & (pl.col("valid_to") > as_of)
    people = pl.scan_parquet(folder / "people.parquet").filter(holds & (pl.col("created").is_null() | (pl.col("created") <= as_of)))
    accounts = pl.scan_parquet(folder / "accounts.parquet").filter(holds).select("account_code", "employees", "industry", "revenue")
    joined = (
        people.join(accounts, on="account_code", how="left")
        .join(sums(acts, as_of), on="person_code", how="left")
        .join(together(acts, as_of, KIND == "webinar_attended", PRICING, 90).rename({"met": "hot_webinar"}), on="person_code", how="left")
        .join(together(acts, as_of, KIND == "trial_started", CORE, 180).rename({"met": "hot_trial"}), on="person_code", how="left")
    )
    points = joined.select("person_id", "account_id", "seniority", *attributes(), *activities(as_of))
    fit = pl.min_horizontal(pl.sum_horizontal(FIT), 60e6)
    engagement = pl.min_horizontal(pl.sum_horizontal(ENGAGEMENT), 120e6)
    grouped = points.with_columns(fit=fit, engagement=engagement, usage=pl.sum_horizontal(USAGE)).with_columns(
        score=pl.col("fit") + pl.col("engagement") + pl.col("usage")
    )
    numbers = grouped.with_columns(pl.col("score", "fit", "engagement", "usage", *FIT, *ENGAGEMENT, *USAGE) / 1e6)
    letter = pl.when(pl.col("fit") >= 40).then(pl.lit("A")).when(pl.col("fit") >= 20).then(pl.lit("B")).otherwise(pl.lit("C"))
    digit = pl.when(pl.col("engagement") >= 60).then(pl.lit("1")).when(pl.col("engagement") >= 30).then(pl.lit("2"))
    result = numbers.with_columns(
        grade=letter + digit.otherwise(pl.lit("3")),
        disqualified=pl.when(pl.col("seniority") == "intern").then(pl.lit("student")),
    )
    result.drop("seniority").sort("score", "person_id", descending=[True, False]).collect().write_parquet(out)


def sums(acts: pl.LazyFrame, as_of: int) -> pl.LazyFrame:
    """Return counts and decayed amounts a person."""

    def count(mask: pl.Expr, days: int) -> pl.Expr:
        return (mask & (as_of - days * DAY < OCCURRED)).sum()

    def decayed(mask: pl.Expr, days: int, half_life: int) -> pl.Expr:
        weight = pl.lit(0.5) ** ((as_of - OCCURRED) / (half_life * DAY))
        return micro(weight.filter(mask & (as_of - days * DAY < OCCURRED)).sum())

    return acts.group_by("person_code").agg(
        last_seen=OCCURRED.filter(pl.col("side").is_in(["marketing", "product"])).max(),
        pricing=decayed(PRICING, 30, 14),
        browsing=decayed(KIND == "page_view", 60, 7),
        clicks=decayed(KIND == "email_click", 90, 30),
        downloads=decayed(KIND == "content_download", 180, 45),
        case_study=count((KIND == "content_download") & (pl.col("content") == "case_study"), 90),
        demo=count((KIND == "form_submit") & (pl.col("form") == "demo"), 30),
        webinar=count(KIND == "webinar_attended", 90),
        comparing=count(COMPARISON, 60),
        replies=count(KIND == "email_reply", 60),
        seats=pl.col("seats").filter((KIND == "seat_invited") & (as_of - 30 * DAY < OCCURRED)).sum(),
        core_use=count(CORE, 30),
        logins=count(KIND == "login", 30),
    )


def together(acts: pl.LazyFrame, as_of: int, first: pl.Expr, second: pl.Expr, days: int) -> pl.LazyFrame:
    """Return for each person whether one ``first`` and two ``second`` fell into 72 hours."""
    rows = acts.filter((first | second) & (as_of - (days + 3) * DAY < OCCURRED)).select(
        "person_code", "occurred", first=first.fill_null(value=False), second=second.fill_null(value=False)
    )
    windows = rows.sort("occurred").rolling(index_column="occurred", period=f"{3 * DAY}i", closed="both", group_by="person_code")
    counted = windows.agg(pl.col("first").sum(), pl.col("second").sum())
    met = (pl.col("first") >= 1) & (pl.col("second") >= 2) & (as_of - days * DAY < OCCURRED)
    return counted.group_by("person_code").agg(met.any().alias("met"))


def attributes() -> list[pl.Expr]:
    """Return the points of the criteria on attributes."""
    employees, revenue, seniority = pl.col("employees"), pl.col("revenue"), pl.col("seniority")
    size = pl.when(employees >= 1001).then(20e6).when(employees >= 101).then(10e6).when(employees >= 11).then(5e6).otherwise(0.0)
    income = pl.when(revenue >= 1e8).then(10e6).when(revenue >= 1e7).then(5e6).when(revenue >= 1e6).then(2e6).otherwise(0.0)
    software = pl.col("industry") == "software"
    return [
        given(25, seniority.is_in(["director", "vp", "c_level"]) & (employees >= 100)).alias("director"),
        given(10, seniority.is_in(["senior", "manager"])).alias("manager"),
        size.alias("size"),
        income.alias("revenue"),
        given(10, pl.col("industry").is_in(["software", "finance", "healthcare"])).alias("industry"),
        given(5, pl.col("country").is_in(["US", "GB", "DE", "FR"])).alias("region"),
        given(-5, employees.is_null()).alias("unknown_size"),
        given(-10, employees < 5).alias("very_small"),
        given(7.5, revenue / employees > 150000).alias("productive"),
        given(4, (pl.col("country").str.to_lowercase() == "us") & software).alias("home_market"),
    ]


def activities(as_of: int) -> list[pl.Expr]:
    """Return the points of the criteria on activities."""

    def held(most: float, points: float, name: str, unit: float = 1e6) -> pl.Expr:
        return pl.min_horizontal(pl.lit(most * 1e6), points * unit * pl.col(name).fill_null(0)).alias(name)

    quiet = as_of - pl.max_horizontal("last_seen", "created")
    steps = pl.max_horizontal(pl.lit(-20), -2 * (1 + (quiet - 14 * DAY) // (7 * DAY)))
    gone = pl.when(quiet.is_null()).then(-2).when(quiet >= 14 * DAY).then(steps).otherwise(0) * 1e6
    half = (0.5 * pl.col("browsing").fill_null(0) + 0.501).floor()
    return [
        held(40, 20, "pricing", 1),
        pl.min_horizontal(pl.lit(15e6), half).alias("browsing"),
        held(15, 3, "clicks", 1),
        held(20, 5, "downloads", 1),
        held(30, 15, "case_study"),
        given(40, pl.col("demo") >= 1).alias("demo"),
        held(30, 10, "webinar"),
        held(24, 8, "comparing"),
        held(30, 10, "replies"),
        given(30, pl.col("hot_webinar")).alias("hot_webinar"),
        gone.alias("gone_quiet"),
        given(20, pl.col("seats") >= 5).alias("seats"),
        held(30, 2, "core_use"),
        held(10, 1, "logins"),
        given(25, pl.col("hot_trial")).alias("hot_trial"),
    ]


if __name__ == "__main__":
    score(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
