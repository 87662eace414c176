from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracle import strategies
from tests.unit.definition.everything import DATA, changed, parsed, variations

from leadline.definition import contract, fingerprint

PAGE = contract.to_markdown(parsed(DATA))


def section(title: str, page: str = PAGE) -> str:
    found = re.search(rf"^## {re.escape(title)}\n\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def test_the_contract_says_what_earns_points():
    text = section("What earns points")
    assert "The score is the sum of *fit* and *engagement*. Not part of it: *usage*." in text
    assert "- **Director at 100.** Earns 25 points if seniority is director or above and the account has 100 or more employees." in text
    assert "A visit to a pricing page earns 20 points, at most 40 in all; only the last 30 days count" in text


def test_the_contract_says_when_a_lead_qualifies_who_gets_it_and_how_soon():
    text = section("When a lead qualifies")
    assert "- **MQL.** A lead qualifies when the score is 75 or more, *fit* is above 0 and the account is not a customer." in text
    assert "It stays qualified until the score is below 50. It goes to the SDR team, who respond within 4 business hours." in text
    assert "It stays qualified as long as that holds. There is one handoff for the whole account." in text
    assert "It counts as an MQL." in text
    assert "as *warm* if the score is 25 or more; else as *cold* if the score is 0 or more." in text
    assert "can qualify again after 30 days, and only on a new activity." in text


def test_the_contract_says_what_sales_may_reject():
    text = section("What sales may reject")
    assert "- **Not ICP.** The lead is disqualified." in text
    assert "- **Bad timing.** The lead goes to nurture and can qualify again after 90 days." in text
    assert "- **No answer.** Only after 5 attempts within 10 business days; the lead goes to nurture." in text


def test_the_contract_says_who_never_qualifies_and_what_an_sql_is():
    assert "- **Competitor.** Disqualified if the account is marked “competitor”." in section("Who never qualifies")
    assert "- **Partner.** Suspended, that is, on no track, as long as the person is marked “with partner”." in section(
        "Who never qualifies"
    )
    assert section("When a lead is an SQL") == (
        "When the rep has learned at least 3 of the 4 answers of BANT: budget, authority, need and timeline."
    )


def test_bands_are_read_from_the_highest_whatever_their_order_in_the_file():
    reordered = parsed(DATA | {"bands": {"score": {"cold": 0, "hot": 90, "warm": 30}}, "grade": ["score"]})
    assert "The score is **hot** from 90, **warm** from 30 and **cold** otherwise." in contract.to_markdown(reordered)


def test_reviews_are_due_from_the_later_signature():
    text = section("What we expect, and when we look again")
    assert "- The definition: reviewed every 90 days, next by 2026-12-31." in text
    assert "- MQL to SQL: between 15 % and 30 %." in text
    assert "- Win rate: 20 %." in text
    assert "- MQL per week: 40." in text


def test_a_review_has_no_date_until_both_have_signed():
    page = contract.to_markdown(changed("agreement", "sales", "signed", to=...))
    assert "reviewed every 90 days." in page


def test_a_signature_tells_which_text_was_signed():
    mine = fingerprint.contract_fingerprint(parsed(DATA))
    page = contract.to_markdown(changed("agreement", "sales", "fingerprint", to=mine[:12]))
    rows = section("Signatures", page)
    assert f"| Sales | head of sales development | 2026-10-02 | this text, `{mine[:12]}` | |" in rows
    assert "| Marketing | head of demand generation | 2026-10-01 | another text, `0123456789ab` | |" in rows
    assert "| Sales |  |  | not signed yet | |" in contract.to_markdown(changed("agreement", "sales", to=...))


def test_the_contract_carries_its_fingerprint():
    mine = fingerprint.contract_fingerprint(parsed(DATA))
    assert f"Contract `{mine[:12]}`." in PAGE
    assert "Contract `fedcba987654`." in contract.to_markdown(parsed(DATA), "fedcba9876543210")


def test_what_is_not_agreed_is_left_open_in_so_many_words():
    bare = parsed({"name": "Bare", "groups": DATA["groups"], "signals": DATA["signals"], "tracks": {"mql": {"when": "score > 1"}}})
    text = section("What this contract leaves open", contract.to_markdown(bare))
    assert text.splitlines() == [
        "- How soon a lead is answered on *MQL*.",
        "- For which reasons sales may reject a lead.",
        "- What is expected of it (targets).",
        "- When it is reviewed.",
        "- Who answers for it on both sides.",
    ]
    assert section("What sales may reject", contract.to_markdown(bare)) == ""


def test_every_change_that_the_fingerprint_sees_shows_in_the_text():
    """Who signs a text has read everything that its fingerprint covers."""
    one = parsed(DATA)
    mine, text, count = fingerprint.contract_fingerprint(one), contract.to_markdown(one, "same"), 0
    for path, other in variations(DATA):
        lowest = path.startswith(("bands.score.captured", "bands.fit.C", "bands.engagement.3"))  # who is below all has the last band
        if fingerprint.contract_fingerprint(other) != mine and not lowest:
            count += 1
            assert contract.to_markdown(other, "same") != text, path
    assert count > 300


@given(st.randoms(use_true_random=False), st.integers(0, 2_000_000_000_000_000))
def test_any_definition_has_a_contract(rng, as_of):
    definition = parsed(strategies.make_definition(rng, as_of)[0])
    page = contract.to_markdown(definition)
    assert page.count("\n- **") >= len(list(definition.criteria()))
    assert "None" not in page.replace("None of this", "")
    assert not re.search(r" ,|\.\.|  |\b1 (?:points|days|hours|activities)\b|\ba [aeio]", page.partition("## Signatures")[0])


class Tags(HTMLParser):
    """Collects the tags, and what would be loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.loads += [value for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_else():
    html = contract.to_html(parsed(DATA))
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    assert tags.loads == []
    assert {"h1", "h2", "h3", "li", "table", "code", "em", "strong", "style"} <= tags.seen
    assert "script" not in tags.seen
    assert "url(" not in html
    assert "@page { size: A4" in html


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "A & B", "{body}", "*bold*"])
def test_a_name_is_shown_as_written(name):
    html = contract.to_html(changed("name", to=name))
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"<title>{escaped}</title>" in html
    assert f"<h1>{escaped}</h1>" in html
