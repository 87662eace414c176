"""CSV as text: headers, lines of records, and records that no strict reader takes."""

from __future__ import annotations

import csv
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.facts import delimited
from leadline.facts.delimited import Header

FIELDS = st.text(st.sampled_from('ab ,;"\n\r\u00e9'), max_size=6)


@pytest.mark.parametrize(
    ("text", "names", "delimiter"),
    [
        ("a,b\n1,2\n", ("a", "b"), ","),
        ("a;b;c,d\n", ("a", "b", "c,d"), ";"),
        ("a\tb\n", ("a", "b"), "\t"),
        ('"a;b","c;d"\n', ("a;b", "c;d"), ","),
        ("alone\n", ("alone",), ","),
        ("\ufeff a , b\r\n", ("a", "b"), ","),
        ("\n\na,b\n", ("a", "b"), ","),
        ("a,,b\n", ("a", "column2", "b"), ","),
        ('"two\nlines",b\n', ("two\nlines", "b"), ","),
    ],
)
def test_the_header_gives_names_and_delimiter(tmp_path, text, names, delimiter):
    path = tmp_path / "f.csv"
    path.write_bytes(text.encode())
    assert delimited.read_header(path) == Header(names, delimiter)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"\n\n", "empty-file"),
        (b"caf\xe9,b\n", "not-utf8"),
        ("a,b\n".encode("utf-16"), "not-utf8"),
        (b'a,"b\n', "bad-quotes"),
    ],
)
def test_a_header_that_cannot_be_read_gives_the_reason(tmp_path, data, code):
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    assert delimited.read_header(path) == code


def test_a_compressed_file_reads_like_any_other(tmp_path):
    path = tmp_path / "f.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert delimited.read_header(path) == Header(("a", "b"), ",")
    assert [record.fields for record in delimited.records(path, Header(("a", "b"), ","))] == [("1", "2")]


def test_each_record_says_what_is_wrong_with_it_and_where_it_starts(tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(b'a,b\n1,2\n"x\ny",3\n\n1\n1,2,\n1,2,3\n\xff,1\n"p"q,1\n5,6\n"open,7\n8,9\n')
    found = [(record.line, record.fields, record.fault) for record in delimited.records(path, Header(("a", "b"), ","))]
    assert found == [
        (2, ("1", "2"), ""),
        (3, ("x\ny", "3"), ""),
        (6, ("1",), "ragged-row"),
        (7, ("1", "2"), ""),
        (8, ("1", "2", "3"), "ragged-row"),
        (9, ("\udcff", "1"), "not-utf8"),
        (10, ('"p"q,1',), "bad-quotes"),
        (11, ("5", "6"), ""),
        (12, ('"open,7',), "bad-quotes"),
        (13, ("8", "9"), ""),
    ]


@given(st.lists(st.tuples(FIELDS, FIELDS), max_size=20))
def test_what_was_written_is_read_with_the_line_it_stands_on(tmp_path_factory, rows):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["a", "b"])
    lines = []
    for row in rows:
        # \r alone, \n and \r\n all end a line
        lines.append(len(out.getvalue().replace("\r\n", "\n").replace("\r", "\n").split("\n")))
        writer.writerow(row)
    path = tmp_path_factory.mktemp("csv") / "f.csv"
    path.write_bytes(out.getvalue().encode())
    found = list(delimited.records(path, Header(("a", "b"), ",")))
    assert [record.fields for record in found] == rows
    assert [record.line for record in found] == lines
    assert delimited.lines_of(path, Header(("a", "b"), ","), set(range(len(rows)))) == dict(enumerate(lines))
