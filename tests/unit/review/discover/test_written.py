"""The definition that is written: it loads, checks without errors, says what the card says, and keeps what isn't learned."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.review.discover import reports

from leadline import clock, documents
from leadline.definition import check, load
from leadline.errors import Severity
from leadline.facts.model import Column, Schema, Type
from leadline.review.discover import written, yaml_lines
from leadline.review.discover.model import CardCriterion, Goal, Group, Signal
from leadline.review.discover.written import Proposal

STARTER = Path("src/leadline/app/starter/files/definition.yaml")
TODAY = dt.date(2026, 11, 1)
# Its rules to keep people out look at a criterion, at attributes, at the score, at a group; and one of its names is a card's.
CURRENT = """
name: Before
agreement:
  marketing: {owner: "head of: demand # generation", signed: 2026-01-02, fingerprint: abcdefabcdef}
  sales: {owner: head of sales, signed: 2026-01-03}
  review: {definition: 90d}
  targets: {mql_to_sql: [15%, 30%], mql_per_week: 5}
ordered: {person.tier: [bronze, silver, "1", "yes"], account.size: [small, large]}
only: "person.tier >= 'silver'"
suspend: {partner: "person.with_partner"}
signals:
  unsubscribed: {activity: unsubscribed, machines: true}
  complained: "form_submit where form = 'complaint'"
  annoyed: {any_of: [unsubscribed, complained]}
  pricing: "page_view where path = '/prices'"
groups:
  engagement:
    criteria:
      pricing: {signal: pricing, points: 20}
      surge: {signal: annoyed, points: -30, at_least: 1}
  fit: {criteria: {tier: {points: 5, when: "person.tier = 'silver'"}}}
disqualify:
  annoyed: "surge < 0"
  cold: "score < -20"
  graded: "band.fit >= 'A' and engagement > 3"
  competitor: "account.is_competitor and person.title <> 'score'"
bands: {fit: {A: 5, B: 0}}
tracks:
  hot: {when: "engagement > 70", to: ae, respond_within: 1 business hour}
  mql: {when: "score >= 50 and fit > 0", leave: "score < 20", to: sdr, respond_within: 4 business hours, per: account}
nurture: {warm: "score > 20", far: "person.title is null"}
reject_reasons:
  not_icp: {then: disqualify}
  bad_timing: {then: nurture, requalify_after: 90d}
requalify: {after: 30d, needs: new_activity}
sql: {framework: BANT, needs: 3}
"""


def schema() -> Schema:
    text = {name: Column(Type.TEXT) for name in ("title", "tier")}
    person = {**text, "with_partner": Column(Type.BOOLEAN), "email_is_free": Column(Type.BOOLEAN)}
    flags = {name: Column(Type.BOOLEAN) for name in ("is_customer", "is_competitor")}
    account = {"employees": Column(Type.NUMBER), "size": Column(Type.TEXT), **flags}
    properties = {"path": Column(Type.TEXT), "form": Column(Type.TEXT), "content": Column(Type.TEXT), "score": Column(Type.NUMBER)}
    types = dict.fromkeys(("page_view", "form_submit", "unsubscribed", "trial_started", "seat_invited", "intent_surge"), 9)
    return Schema(person, account, properties, {**types, "webinar_attended": 9, "content_download": 9})


def proposal(text: str = CURRENT, **changes) -> Proposal:
    held = Proposal("Learned", reports.card(), reports.SIGNALS, load.parse(text).document.data, "mql", 35.0, reports.behaviours())
    return replace(held, **changes)


def loaded(text: str):
    """Return a definition that has no errors; one with errors raises."""
    found = load.parse(text)
    assert not [str(problem) for problem in check.check(found, schema(), TODAY) if problem.severity is Severity.ERROR]
    return found.definition


def test_the_points_and_windows_of_the_card_are_those_of_the_definition():
    found = loaded(written.definition(proposal()))
    assert [*found.groups] == ["fit", "engagement", "usage", "intent", "looked_at"]
    twice = found.groups["engagement"].criteria["pricing_twice"]
    assert (twice.points, twice.at_least, twice.within) == (20, 2, 30 * clock.DAY)
    assert found.groups["usage"].criteria["seats"].max == 20
    assert found.groups["fit"].criteria["size"].tiers == {100: 10, 500: 15}
    assert found.groups["intent"].criteria["surge_2"].of == "account"


def test_what_is_not_learned_is_taken_over_and_nobody_has_signed():
    before, found = load.parse(CURRENT).definition, loaded(written.definition(proposal()))
    assert found.only == before.only
    assert found.suspend == before.suspend
    assert (found.reject_reasons, found.requalify, found.sql) == (before.reject_reasons, before.requalify, before.sql)
    assert found.agreement.targets == before.agreement.targets
    assert found.agreement.review == before.agreement.review
    assert before.agreement.marketing is not None
    assert found.agreement.marketing == before.agreement.marketing.model_copy(update={"signed": None, "fingerprint": None})
    assert found.ordered == {"person.tier": before.ordered["person.tier"]}


def test_the_track_that_is_replaced_keeps_its_team_and_its_clock():
    before, found = load.parse(CURRENT).definition, loaded(written.definition(proposal()))
    assert [*found.tracks] == ["mql"]
    held, was = found.tracks["mql"], before.tracks["mql"]
    assert (held.to, held.respond_within, held.per) == (was.to, was.respond_within, was.per)
    asked = "score >= 35 and fit >= 0 and (engagement > 0 or usage > 0 or intent > 0) and not coalesce(account.is_customer, false)"
    assert held.when == asked
    assert held.leave == "score < 17"


@pytest.mark.parametrize("of", [{"of": "account"}, {}])
def test_where_what_colleagues_did_counts_an_account_is_handed_over_once(of):
    asked = {"signal": "pricing", "at_least": 1, "within": "30d", **of}
    card = (CardCriterion("looked_at_prices", Group.ENGAGEMENT, "looked at prices", asked, 10, ("a",), 1.0),)
    text = written.definition(proposal(CURRENT.replace(", per: account}", "}"), criteria=card, line=5.0))
    found = loaded(text)
    assert found.tracks["mql"].per == of.get("of", "person")
    assert ("took_part > 0" in found.tracks["mql"].when) is bool(of)  # points of colleagues alone qualify nobody
    assert not of or found.groups["looked_at"].criteria["took_part"].within == 30 * clock.DAY


def test_rules_that_keep_out_come_with_the_criteria_and_signals_they_look_at():
    found = loaded(written.definition(proposal()))
    assert [*found.disqualify] == ["annoyed", "competitor"]
    assert not found.groups["looked_at"].in_score
    assert [*found.groups["looked_at"].criteria] == ["surge"]
    assert found.signals["unsubscribed"].machines
    assert {"annoyed", "complained", "pricing"} <= {*found.signals}
    assert found.nurture == {"far": "person.title is null"}


def words(text: str) -> str:
    """Return the comments of a definition in one line."""
    return " ".join(line.strip()[2:] for line in text.splitlines() if line.strip().startswith("# "))


def test_rules_that_speak_of_the_old_score_are_named_instead():
    left = "Not taken over, since they speak of the old groups or points: tracks.hot, disqualify.cold, disqualify.graded, nurture.warm"
    assert left in words(written.definition(proposal()))


def test_a_signal_that_is_taken_over_keeps_its_name_and_the_card_gets_another():
    current = CURRENT.replace("{any_of: [unsubscribed, complained]}", "{any_of: [unsubscribed, pricing]}")
    found = loaded(written.definition(proposal(current)))
    assert found.signals["pricing"].where == "path = '/prices'"
    assert found.signals["pricing_2"].where == "path like '/pricing%'"
    assert found.groups["engagement"].criteria["pricing_twice"].signal == "pricing_2"


def test_customers_are_not_kept_out_twice_nor_where_nobody_knows_them():
    customers = CURRENT.replace(
        'competitor: "account.is_competitor and', 'customer: "account.is_customer"\n  competitor: "account.is_competitor and'
    )
    assert "coalesce" not in written.definition(proposal(customers))
    assert "is_customer" not in written.definition(proposal(customers=False))


@pytest.mark.parametrize(
    ("has", "free_mail", "asked"),
    [(0.3, 0.5, ""), (0.3, 0.1, "fit >= 0"), (0.9, 0.5, "fit > 0"), (None, None, "fit > 0")],
)
def test_who_they_are_is_asked_for_only_as_most_of_the_won_have_it(has, free_mail, asked):
    size, free, pricing = reports.card()[4], reports.card()[5], reports.card()[0]
    known = [(size, has), (free, free_mail)]
    held = tuple(
        replace(reports.behaviours()[0], feature=item.features[0], prevalence={"won": reports.share(value, 282)})
        for item, value in known if value is not None
    )  # fmt: skip
    when = loaded(written.definition(proposal(criteria=(size, free, pricing), behaviours=held))).tracks["mql"].when
    assert [part for part in when.split(" and ") if part.startswith("fit")] == [asked] * bool(asked)


def test_each_criterion_has_its_evidence_above_it_and_the_head_says_where_it_comes_from():
    command = "leadline discover --months 12"
    text = written.definition(proposal(head=written.head(reports.full(), command)))
    lines = [line.strip() for line in text.splitlines()]
    twice = lines.index("pricing_twice: {points: 20, signal: pricing, at_least: 2, within: 30d}")
    assert lines[twice - 1].startswith(
        "# visited /pricing… at least twice within 30 days: won 41 %, never sold to 9.0 %, odds ratio 7.0 (5.4"
    )
    top = words(text.partition("name:")[0])
    for part in (
        command,
        "212 won",
        "280 never sold to",
        "2026-07-01",
        "the card 0.81 (0.77–0.85)",
        "the team can take 18",
        "leadline plan",
    ):
        assert part in top


def test_without_a_current_definition_there_is_still_one_that_checks():
    found = loaded(written.definition(proposal(current={})))
    assert found.agreement.marketing is None
    assert found.tracks["mql"].to is None


def test_the_starter_of_a_new_project_is_taken_over_whole():
    current = load.load(STARTER).document.data
    found = loaded(written.definition(proposal(current=current)))
    assert found.disqualify == {"student": "person.title like '%tudent%'"}


def test_a_card_that_asks_for_fit_alone_says_so_when_checked():
    found = load.parse(written.definition(proposal(criteria=(reports.card()[4],), line=10.0)))
    codes = {problem.code for problem in check.check(found, schema(), TODAY)}
    assert "demographics-only" in codes
    assert not codes & {"unreachable-track", "leave-contradicts"}


odd = st.text(
    st.one_of(st.sampled_from("'\"#:{}[],&*!|>%@`\\ -?\n\t\x85\u2028\ufeff é漢😀"), st.characters(exclude_categories=["Cs"])), max_size=12
)
windows = st.sampled_from(["7d", "30d", "90d"])


@st.composite
def cards(draw) -> tuple[tuple[CardCriterion, ...], tuple[Signal, ...]]:
    """Draw a card of all kinds of criteria over signals, with odd names, values and words."""

    def quoted(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    types = draw(
        st.lists(st.sampled_from(["page_view", "form_submit", "a type", "where", "x:y #z"]) | odd.filter(bool), min_size=1, max_size=4)
    )
    signals = tuple(
        Signal(
            f"s{at}",
            kind,
            draw(st.just("") | odd.map(lambda text: f"path = {quoted(text)}") | st.just("score >= 1.5")),
            "marketing",
            draw(odd),
            9,
        )
        for at, kind in enumerate(types)
    )
    signal = st.sampled_from([item.name for item in signals])
    some = st.one_of(
        st.builds(lambda name, least, within: {"signal": name, "at_least": least, "within": within}, signal, st.integers(1, 3), windows),
        st.builds(
            lambda name, most, within: {"signal": name, "max": most, "within": within, "half_life": "14d"},
            signal,
            st.integers(50, 90),
            windows,
        ),
        st.builds(lambda one, other: {"together": {one: 1, other: 2}, "span": "72h", "within": "90d"}, signal, signal),
        st.just({"absent": "any", "for": "30d"}),
    )
    about = st.one_of(
        odd.map(lambda text: {"when": f"person.title = {quoted(text)}"}), st.just({"when": "account.employees is null"}),
        st.just({"value": "account.employees", "tiers": {10: 5, 250.5: 60}}),
    )  # fmt: skip
    made = [
        CardCriterion(
            draw(odd), group, draw(odd), draw(about if group is Group.FIT else some), draw(st.integers(-50, 50).filter(bool)), (), 0.1
        )
        for group in draw(st.lists(st.sampled_from(Group), max_size=8))
    ]
    sure = CardCriterion("sure", Group.ENGAGEMENT, "sure", {"signal": signals[0].name, "at_least": 1, "within": "30d"}, 50, (), 0.1)
    return (*made, sure), signals


@given(card=cards(), line=st.integers(1, 50) | st.sampled_from([0.5, 12.5]), title=odd, head=st.lists(odd, max_size=2))
@settings(max_examples=80, deadline=None)
def test_whatever_stands_in_a_card_the_definition_checks_and_says_the_same(card, line, title, head):
    criteria, signals = card
    text = written.definition(proposal(criteria=criteria, signals=signals, line=line, behaviours=(), name=title, head=tuple(head)))
    found = loaded(text)
    assert found.name == title
    read = [(group, part) for group, _, part in found.criteria() if group != "looked_at"]
    told = [item for group in Group for item in criteria if item.group is group]
    assert [group for group, _ in read] == [item.group for item in told]
    for (_, part), item in zip(read, told, strict=True):
        assert getattr(part, "points", item.points) == item.points
        assert getattr(part, "when", None) == item.criterion.get("when")
        if "signal" in item.criterion:
            kept = found.signals[part.signal]
            asked = next(signal for signal in signals if signal.name == item.criterion["signal"])
            assert (kept.activity, kept.where or "") == ((asked.type,), asked.where)


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e9, 1e9) | odd | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd.filter(bool), inner, max_size=3), max_leaves=8,
)  # fmt: skip


@given(value=plain)
@settings(max_examples=120, deadline=None)
def test_a_line_of_yaml_is_read_back_as_what_was_written(value):
    def same(one, other) -> bool:
        if isinstance(one, dict):
            return [*map(str, one)] == [*map(str, other)] and all(map(same, one.values(), other.values()))
        if isinstance(one, list):
            return len(one) == len(other) and all(map(same, one, other))
        return one == other and (isinstance(one, str) is isinstance(other, str))

    assert same(value, documents.parse_document(f"a: {yaml_lines.value(value)}", "a").data["a"])


@given(words=odd)
def test_a_comment_never_ends_early(words):
    lines = [*yaml_lines.comment(words, "  ")]
    assert yaml.safe_load("\n".join([*lines, "a: 1", *lines])) == {"a": 1}


@pytest.mark.parametrize(("goal", "kind"), [(Goal.WON, "won 41 %"), (Goal.SQL, "became an SQL 41 %")])
def test_evidence_speaks_of_the_goal(goal, kind):
    assert kind in written.definition(proposal(goal=goal))
