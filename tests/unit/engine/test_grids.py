"""Numbers row by row, without numpy."""

from __future__ import annotations

import pickle
from array import array

import numpy as np
import pytest

from leadline.engine import grids
from leadline.engine.grids import Grid

GRID = Grid(array("q", [1, 2, 3, 4, 5, 6]), 2)


def test_rows_and_columns_are_those_of_numpy():
    same = np.array([[1, 2], [3, 4], [5, 6]])
    assert len(GRID) == 3
    assert np.array_equal(GRID.numpy(), same)
    assert np.array_equal(GRID.rows(1, 3).numpy(), same[1:3])
    assert list(GRID.column(1)) == list(same[:, 1])


@pytest.mark.parametrize("numbers", [np.arange(6).reshape(2, 3), np.zeros((0, 2)), np.zeros((3, 0)), np.linspace(0, 1, 4)])
def test_numpy_goes_there_and_back(numbers):
    found = grids.of(numbers).numpy()
    assert found.dtype == numbers.dtype
    assert found.ravel().tolist() == numbers.ravel().tolist()


def test_columns_are_woven_row_by_row():
    assert grids.woven([array("q", [1, 3, 5]), array("q", [2, 4, 6])], "q") == GRID
    assert grids.woven([], "d") == Grid(array("d"), 0)


def test_rows_are_put_where_they_belong():
    changed = GRID.copy()
    changed.put(1, Grid(array("q", [8, 9]), 2))
    assert list(changed.data) == [1, 2, 8, 9, 5, 6]
    assert list(GRID.data) == [1, 2, 3, 4, 5, 6]


def test_a_grid_can_be_kept():
    assert pickle.loads(pickle.dumps(GRID)) == GRID
