from __future__ import annotations

import pytest

from leadline.definition import english


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("visit", "a visit"),
        ("e-mail click", "an e-mail click"),
        ("MQL", "an MQL"),
        ("PQL", "a PQL"),
        ("SQL", "an SQL"),
        ("user", "a user"),
        ("upsell call", "an upsell call"),
        ("unsubscribe", "an unsubscribe"),
        ("hour", "an hour"),
        ("university form", "a university form"),
        ("uninstall", "an uninstall"),
        ("European event", "a European event"),
        ("one pager", "a one pager"),
        ("“activated” activity", "an “activated” activity"),
        ("8 day trial", "an 8 day trial"),
    ],
)
def test_the_article_goes_by_the_sound(phrase, expected):
    assert english.an(phrase) == expected


@pytest.mark.parametrize(
    "noun", ["visit", "case study", "business", "day", "box", "search", "reply", "seat", "white paper", "address", "buzz"]
)
def test_the_singular_of_a_plural_is_the_noun(noun):
    assert english.singular(english.plural(noun)) == noun
    assert english.plural(noun) != noun


@pytest.mark.parametrize("word", ["status", "business", "analysis", "news", "analytics", "access"])
def test_not_every_final_s_is_a_plural(word):
    assert english.singular(word) == word


@pytest.mark.parametrize(
    ("value", "expected"),
    [(20.0, "20"), (-0.0, "0"), (0.1, "0.1"), (1 / 3, "0.333333"), (9999, "9999"), (10_000, "10,000"), (1_234_567.5, "1,234,567.5")],
)
def test_numbers_have_no_empty_decimals(value, expected):
    assert english.number(value) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c"), (["a, b", "c", "d"], "a, b; c; or d")],
)
def test_lists_within_a_sentence_stay_apart(items, expected):
    assert english.listed(items, "or") == expected


@pytest.mark.parametrize("text", ["a*b*", "_x_", "[link](there)", "<b>", "a|b", "`x`", "R&amp;D", "\\*", "two\nlines"])
def test_what_users_write_shows_as_it_is(text):
    from markdown_it import MarkdownIt

    shown = MarkdownIt("commonmark", {"html": False}).enable("table").renderInline(english.escaped(text))
    import html

    assert html.unescape(shown) == " ".join(text.split())


@pytest.mark.parametrize("text", ["plain", "with ` one", "``two``", "`edge", ""])
def test_code_keeps_its_backticks(text):
    import html

    from markdown_it import MarkdownIt

    shown = MarkdownIt("commonmark").renderInline(english.code(text))
    assert html.unescape(shown) == f"<code>{text or ' '}</code>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("*fit* is new", "*Fit* is new."), ("“x” counts!", "“X” counts!"), ("`x` is y", "`x` is y."), ("done.", "Done.")],
)
def test_a_sentence_begins_large_and_ends(text, expected):
    assert english.sentence(text) == expected
