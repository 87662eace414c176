"""YAML files that people write: every problem at once, each at its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from leadline import documents
from leadline.documents import Document
from leadline.errors import Place


def read(text: str | bytes) -> Document:
    return documents.parse_document(text, "f.yaml")


def told(text: str | bytes) -> list[tuple[str, int | None, str]]:
    return [(problem.code, problem.where.line, problem.where.path) for problem in read(text).problems]


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_document_knows_the_line_of_every_key():
    document = read("a:\n  b: 1\n\n  c:\n    - x\n    - {d: 2}\n")
    assert document.data == {"a": {"b": 1, "c": ["x", {"d": 2}]}}
    assert document.lines[("a", "b")] == 2
    assert document.lines[("a", "c", "1")] == 6
    assert document.place("a", "c", "1", "d") == Place("f.yaml", 6, "a.c.1.d")


def test_a_place_that_is_not_in_the_file_is_that_of_its_closest_ancestor():
    document = read("a:\n  b:\n    c: 1\n")
    assert document.place("a", "b", "nowhere", "x") == Place("f.yaml", 2, "a.b.nowhere.x")
    assert document.place("elsewhere").line == 1
    assert read("").place("a") == Place("f.yaml", None, "a")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 'open\n", "yaml-syntax", 1),
        ("a: 1\n\tb: 2\n", "yaml-syntax", 2),
        ("a: 1\n---\nb: 2\n", "yaml-syntax", 2),
        ("a: b\x00", "yaml-syntax", None),
        ("[" * 3000, "yaml-syntax", None),
        ("a: &a [*a]\n", "yaml-syntax", None),
        ("a: &a {<<: *a}\n", "yaml-syntax", None),
        ("a: *nobody\n", "yaml-syntax", 1),
        ("a: 1\nb: !secret x\n", "yaml-syntax", 2),
        ("a: !!python/name:os.system x\n", "yaml-syntax", 1),
        (b"a: 1\nb: \xff\n", "not-utf8", 2),
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3),
        ("x:\n  ? [a, b]\n  : 1\n", "bad-key", 2),
    ],
)
def test_text_that_is_no_document_is_told_where(text: str | bytes, code: str, line: int | None):
    ((found, at, _),) = told(text)
    assert (found, at) == (code, line)
    assert all("\n" not in str(problem) for problem in read(text).problems)


def test_aliases_that_grow_beyond_measure_are_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert [code for code, _, _ in told("\n".join(lines))] == ["yaml-syntax"]


def test_all_keys_written_twice_are_told():
    assert told("a: {x: 1, x: 2}\nb:\n  y: 1\n  y: 2\n  y: 3\n") == [
        ("duplicate-key", 1, "a.x"), ("duplicate-key", 4, "b.y"), ("duplicate-key", 5, "b.y"),
    ]  # fmt: skip


def test_what_is_merged_in_gives_way_to_own_keys_and_earlier_ones_to_later():
    document = read("a: &a {x: 1, y: 1, z: 1}\nb: &b {<<: *a, y: 2}\nc:\n  <<: [{y: 3}, *b]\n  z: 3\nd: *b\n")
    assert not document.problems
    assert document.data["b"] == {"x": 1, "y": 2, "z": 1}
    assert document.data["c"] == {"x": 1, "y": 3, "z": 3}
    assert document.data["d"] == document.data["b"]


@pytest.mark.parametrize("word", ["no", "NO", "yes", "on", "Off", "12:30", "1:30:00", "010", "2026-13-45", "-0123"])
def test_what_only_old_yaml_reads_as_something_else_stays_text(word: str):
    assert read(f"a: {word}\n{word}: 1").data == {"a": word, word: 1}


@pytest.mark.parametrize(
    ("word", "value"), [("true", True), ("False", False), ("0", 0), ("-10", -10), ("0.5", 0.5), ("~", None), ("null", None)]
)
def test_other_scalars_have_their_types(word: str, value: object):
    assert read(f"a: {word}").data == {"a": value}


# PyYAML writes U+0085 as it stands between quotes, where YAML 1.1 reads it as the end of a line.
TEXT = st.text(st.characters(exclude_characters="\x85"), max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(allow_nan=False, allow_infinity=False, width=32) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)


@given(PLAIN, st.booleans())
def test_whatever_yaml_writes_reads_back_as_it_was(data: Any, flow: bool):
    document = read(yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True))
    assert document.problems == ()
    assert document.data == data


@given(st.text(max_size=60) | st.text("ab:-[]{}&*!|>?'\"#\n %@~<,", max_size=40) | st.binary(max_size=30))
def test_no_text_breaks_the_reader(text: str | bytes):
    document = read(text)
    assert document.problems or documents.check_model(document, Shop)[1] is not None


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path):
    path = tmp_path / "x.yaml"
    path.write_bytes("\ufeffname: é\n".encode())
    assert documents.read_document(path).data == {"name": "é"}
    assert documents.read_document(path).file == str(path)
    assert documents.read_document(path, "shown").file == "shown"


# --- checking --------------------------------------------------------------------------------------------------------


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    price: float = Field(ge=0)
    for_: str | None = Field(default=None, alias="for")
    size: int | tuple[int, int] | None = None


class Shop(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1)
    items: dict[str, Item] = Field(min_length=1)
    colour: str = "red"

    @field_validator("colour")
    @classmethod
    def _known(cls, value: str) -> str:
        if value == "plain":
            raise ValueError("too plain")
        if value not in {"red", "blue"}:
            raise PydanticCustomError("unknown-colour", "no such colour", {"fix": "Take red."})
        return value


def problems(text: str) -> list[str]:
    shop, found = documents.check_model(read(text), Shop)
    assert (shop is None) == bool(found)
    return [str(problem) for problem in found]


def test_a_document_that_fits_becomes_its_model():
    shop, found = documents.check_model(read("name: x\nitems: {pen: {price: 1.5, for: writing}}"), Shop)
    assert found == []
    assert shop
    assert shop.items["pen"].for_ == "writing"


def test_all_problems_come_at_once_in_the_order_of_the_file_with_their_fixes():
    assert problems("colour: green\nname: ''\nitems:\n  pen: {prize: 1}\n  ink:\n    price: a\n    fro: b\nnaem: x\n") == [
        "f.yaml:1 colour: no such colour. Take red. [unknown-colour]",
        "f.yaml:2 name: this is empty. [bad-value]",
        "f.yaml:4 items.pen: 'price' is missing. Add 'price: …'. [missing-key]",
        "f.yaml:4 items.pen.prize: 'prize' means nothing here. Did you mean 'price'? [unknown-key]",
        "f.yaml:6 items.ink.price: 'a' is not a number. [bad-value]",
        "f.yaml:7 items.ink.fro: 'fro' means nothing here. Did you mean 'for'? [unknown-key]",
        "f.yaml:8 naem: 'naem' means nothing here. Did you mean 'name'? [unknown-key]",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: x\nitems: {}", "f.yaml:2 items: this has 0 entries, fewer than 1. [bad-value]"),
        ("name: x\nitems: {a: {price: -1}}", "f.yaml:2 items.a.price: -1 is below 0. [bad-value]"),
        ("name: x\nitems: [1]", "f.yaml:2 items: [1] is not a mapping (key: value). [bad-value]"),
        ("name: x\nitems: {a: 1}", "f.yaml:2 items.a: 1 is not a mapping (key: value). [bad-value]"),
        ("name: x\nitems: {a: {price: 1, size: big}}", "f.yaml:2 items.a.size: 'big' is not a whole number. [bad-value]"),
        ("name: x\nitems: {a: {price: 1}}\ncolour: plain", "f.yaml:3 colour: too plain (got 'plain'). [bad-value]"),
        ("- x", "f.yaml:1: ['x'] is not a mapping (key: value). [bad-value]"),
    ],
)
def test_a_value_that_does_not_fit_is_told_once_in_plain_words(text: str, says: str):
    assert problems(text) == [says]


def test_an_empty_file_lacks_what_is_required():
    assert problems("") == [
        "f.yaml: 'name' is missing. Add 'name: …'. [missing-key]",
        "f.yaml: 'items' is missing. Add 'items: …'. [missing-key]",
    ]


def test_a_key_written_twice_is_a_problem_even_if_the_rest_fits():
    assert problems("name: x\nname: y\nitems: {a: {price: 1}}") == [
        "f.yaml:2 name: 'name' is written twice in one place; only one of them could count. Remove or rename one. [duplicate-key]"
    ]


def test_text_that_is_no_yaml_is_not_checked_further():
    assert [problem.split("[")[-1] for problem in problems("name: 'x")] == ["yaml-syntax]"]
