"""The 25 criteria in pandas, as a user of pandas would write them, over a mirror's Parquet.

python -m bench.pandas_user FOLDER AS_OF OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

DAY = 86_400_000_000


def micro(amount: pd.Series) -> pd.Series:
    """Round to a millionth, in millionths."""
    return np.floor(amount.fillna(0) * 1e6 + 0.501)


def score(folder: Path, as_of: int, out: Path) -> None:
    """Write everybody's points to ``out``, best first."""
    columns = ["person_code", "occurred", "type", "side", "path", "content", "form", "feature", "seats"]
    acts = pd.concat([pd.read_parquet(file, columns=columns) for file in sorted(folder.glob("activities-*.parquet"))])
    acts = acts[acts["occurred"] <= as_of]
    people = pd.read_parquet(folder / "people.parquet")
    accounts = pd.read_parquet(folder / "accounts.parquet")
    people = people[(people["valid_from"] <= as_of) & (people["valid_to"] > as_of)]
    accounts = accounts[(accounts["valid_from"] <= as_of) & (accounts["valid_to"] > as_of)]
    people = people[people["created"].isna() | (people["created"] <= as_of)]
    accounts = accounts[["account_code", "employees", "industry", "revenue"]]
    df = people.merge(accounts, on="account_code", how="left").set_index("person_code")
    result = pd.concat([attributes(df), activities(acts, df, as_of)], axis=1)
    fit = ["director", "manager", "size", "revenue", "industry", "region", "unknown_size", "very_small", "productive", "home_market"]
    usage = ["seats", "core_use", "logins", "hot_trial"]
    engagement = [name for name in result.columns if name not in fit + usage]
    result["fit"] = result[fit].sum(axis=1).clip(upper=60e6)
    result["engagement"] = result[engagement].sum(axis=1).clip(upper=120e6)
    result["usage"] = result[usage].sum(axis=1)
    result["score"] = result["fit"] + result["engagement"] + result["usage"]
    result /= 1e6
    result["grade"] = np.select([result["fit"] >= 40, result["fit"] >= 20], ["A", "B"], "C")
    result["grade"] += np.select([result["engagement"] >= 60, result["engagement"] >= 30], ["1", "2"], "3")
    result["disqualified"] = np.where(df["seniority"] == "intern", "student", None)
    result.insert(0, "person_id", df["person_id"])
    result.insert(1, "account_id", df["account_id"])
    result.sort_values(["score", "person_id"], ascending=[False, True]).to_parquet(out, index=False)


def attributes(df: pd.DataFrame) -> pd.DataFrame:
    """Return the points of the criteria on attributes."""
    employees, revenue = df["employees"], df["revenue"]
    us_software = (df["country"].str.lower() == "us") & (df["industry"] == "software")
    return pd.DataFrame({
        "director": 25e6 * (df["seniority"].isin(["director", "vp", "c_level"]) & (employees >= 100)),
        "manager": 10e6 * df["seniority"].isin(["senior", "manager"]),
        "size": np.select([employees >= 1001, employees >= 101, employees >= 11], [20e6, 10e6, 5e6], 0),
        "revenue": np.select([revenue >= 1e8, revenue >= 1e7, revenue >= 1e6], [10e6, 5e6, 2e6], 0),
        "industry": 10e6 * df["industry"].isin(["software", "finance", "healthcare"]),
        "region": 5e6 * df["country"].isin(["US", "GB", "DE", "FR"]),
        "unknown_size": -5e6 * employees.isna(),
        "very_small": -10e6 * (employees < 5),
        "productive": 7.5e6 * (revenue / employees > 150000),
        "home_market": 4e6 * us_software,
    }, index=df.index)  # fmt: skip


def activities(acts: pd.DataFrame, df: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Return the points of the criteria on activities."""
    person, kind, age = acts["person_code"], acts["type"], as_of - acts["occurred"]
    pricing_page = (kind == "page_view") & acts["path"].str.startswith("/pricing", na=False)
    comparison = (kind == "page_view") & acts["path"].str.startswith("/compare/", na=False)
    case_study = (kind == "content_download") & (acts["content"] == "case_study")
    demo = (kind == "form_submit") & (acts["form"] == "demo")
    core = (kind == "feature_used") & acts["feature"].isin(["workflow", "integration"])

    def count(mask: pd.Series, days: int) -> pd.Series:
        return person[mask & (age < days * DAY)].value_counts().reindex(df.index, fill_value=0)

    def decayed(mask: pd.Series, days: int, half_life: int) -> pd.Series:
        recent = mask & (age < days * DAY)
        return micro((0.5 ** (age[recent] / (half_life * DAY))).groupby(person[recent]).sum().reindex(df.index))

    seats = acts[(kind == "seat_invited") & (age < 30 * DAY)].groupby("person_code")["seats"].sum().reindex(df.index)
    last = acts[acts["side"].isin(["marketing", "product"])].groupby("person_code")["occurred"].max().reindex(df.index)
    quiet = as_of - pd.concat([last, df["created"]], axis=1).max(axis=1)
    quiet_points = np.where(quiet >= 14 * DAY, np.maximum(-20, -2 * (1 + (quiet - 14 * DAY) // (7 * DAY))), 0)
    return pd.DataFrame({
        "pricing": np.minimum(40e6, 20 * decayed(pricing_page, 30, 14)),
        "browsing": np.minimum(15e6, np.floor(0.5 * decayed(kind == "page_view", 60, 7) + 0.501)),
        "clicks": np.minimum(15e6, 3 * decayed(kind == "email_click", 90, 30)),
        "downloads": np.minimum(20e6, 5 * decayed(kind == "content_download", 180, 45)),
        "case_study": np.minimum(30e6, 15e6 * count(case_study, 90)),
        "demo": 40e6 * (count(demo, 30) >= 1),
        "webinar": np.minimum(30e6, 10e6 * count(kind == "webinar_attended", 90)),
        "comparing": np.minimum(24e6, 8e6 * count(comparison, 60)),
        "replies": np.minimum(30e6, 10e6 * count(kind == "email_reply", 60)),
        "hot_webinar": 30e6 * together(acts, age, kind == "webinar_attended", pricing_page, 90).reindex(df.index, fill_value=False),
        "gone_quiet": 1e6 * np.where(quiet.isna(), -2, quiet_points),
        "seats": 20e6 * (seats >= 5),
        "core_use": np.minimum(30e6, 2e6 * count(core, 30)),
        "logins": np.minimum(10e6, 1e6 * count(kind == "login", 30)),
        "hot_trial": 25e6 * together(acts, age, kind == "trial_started", core, 180).reindex(df.index, fill_value=False),
    }, index=df.index)  # fmt: skip


def together(acts: pd.DataFrame, age: pd.Series, first: pd.Series, second: pd.Series, days: int) -> pd.Series:
    """Return for each person whether one ``first`` and two ``second`` fell into 72 hours."""
    mask = (first | second) & (age < (days + 3) * DAY)
    rows = pd.DataFrame({
        "person_code": acts["person_code"][mask], "first": first[mask].astype(int), "second": second[mask].astype(int),
        "recent": age[mask] < days * DAY, "time": pd.to_datetime(acts["occurred"][mask], unit="us"),
    }).sort_values(["person_code", "time"])  # fmt: skip
    sums = rows.set_index("time").groupby("person_code")[["first", "second"]].rolling("72h", closed="both").sum()
    met = (sums["first"] >= 1) & (sums["second"] >= 2) & rows["recent"].to_numpy()
    return met.groupby("person_code").any()


if __name__ == "__main__":
    score(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
