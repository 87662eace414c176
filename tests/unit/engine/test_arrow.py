"""Columns of numbers go into a connection and come back as they were."""

from __future__ import annotations

from array import array

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.engine import arrow
from leadline.errors import ServiceFailed

rows = st.lists(
    st.tuples(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False)), min_size=1, max_size=50
)


def table(listed: list[tuple[int, int, float]]) -> arrow.Table:
    codes, whole, real = zip(*listed, strict=True)
    return arrow.Table({"code": array("i", codes), "whole": array("q", whole), "real": array("d", real)})


@settings(max_examples=25, deadline=None)
@given(rows)
def test_what_goes_in_comes_out(listed):
    with duckdb.connect() as con:
        con.register("given", table(listed))
        assert con.sql("from given").fetchall() == listed
        found = arrow.read(con.sql("from given"))
    assert {name: column.typecode for name, column in found.items()} == {"code": "i", "whole": "q", "real": "d"}
    assert list(zip(*found.values(), strict=True)) == listed


def test_rows_of_many_batches_stay_in_their_order():
    with duckdb.connect() as con:
        con.register("given", arrow.Table({"whole": array("q", range(400_000))}))
        assert arrow.read(con.sql("select whole from given where whole % 2 = 1"))["whole"] == array("q", range(1, 400_000, 2))


def test_a_query_without_rows_has_empty_columns_and_text_is_left_out():
    with duckdb.connect() as con:
        found = arrow.read(con.sql("select 1::bigint as whole, 'x' as word where false"))
    assert found == {"whole": array("q")}


def test_a_query_that_breaks_off_is_a_failed_service():
    with duckdb.connect() as con, pytest.raises(ServiceFailed, match="boo"):
        arrow.read(con.sql("select case when range > 300000 then error('boo')::bigint else range end as whole from range(400000)"))
