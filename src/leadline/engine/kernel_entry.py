"""The kernels' entries for :mod:`leadline.engine.native`: bare addresses in, so that they can be called without numba."""

# pyright: basic
# pyright: reportCallIssue=false, reportArgumentType=false, reportPrivateImportUsage=false, reportAttributeAccessIssue=false
# ruff: noqa: ANN202
# Numba reads these functions, not Python: addresses have no Python type.

from __future__ import annotations

from typing import Any

from numba import carray, cfunc, njit, types
from numba.extending import intrinsic

from leadline.engine import kernel, kernel_bounds, kernel_replay
from leadline.engine.kernel_memory import Facts, Links, Out, Work
from leadline.engine.rehearsal import Rules
from leadline.engine.terms import State, Table

_SIGNATURE = types.int64(types.CPointer(types.int64), types.CPointer(types.int64), types.int64, types.int64)


def compile_entry(name: str) -> Any:
    """Return an entry, compiled: a numba callback with an address, a name, and LLVM code to keep."""
    return cfunc(_SIGNATURE, error_model="numpy")({"score": _score, "bounds": _bounds, "replay": _replay}[name])


def _pointer(kind: types.Type) -> Any:
    @intrinsic
    def pointer(_typing, address):
        def generate(context, builder, _signature, arguments):
            return builder.inttoptr(arguments[0], context.get_value_type(types.CPointer(kind)))

        return types.CPointer(kind)(address), generate

    return pointer


_whole, _real, _code = _pointer(types.int64), _pointer(types.float64), _pointer(types.int32)


@njit
def _line(at, shape, i):
    return carray(_whole(at[i]), shape[2 * i])


@njit
def _grid(at, shape, i):
    return carray(_whole(at[i]), (shape[2 * i], shape[2 * i + 1]))


@njit
def _codes(at, shape, i):
    return carray(_code(at[i]), shape[2 * i])


@njit
def _reals(at, shape, i):
    return carray(_real(at[i]), shape[2 * i])


@njit
def _real_grid(at, shape, i):
    return carray(_real(at[i]), (shape[2 * i], shape[2 * i + 1]))


@njit
def _table(at, shape, i):
    return Table(
        _grid(at, shape, i), _real_grid(at, shape, i + 1), _grid(at, shape, i + 2), _line(at, shape, i + 3), _grid(at, shape, i + 4)
    )


@njit
def _state(at, shape, i):
    return State(_grid(at, shape, i), _real_grid(at, shape, i + 1), _line(at, shape, i + 2), _line(at, shape, i + 3))


def _score(at, shape, as_of, _unused):
    kernel.score_people(
        _table(at, shape, 0), _state(at, shape, 5), _line(at, shape, 9), _grid(at, shape, 10), _real_grid(at, shape, 11),
        _line(at, shape, 12), _line(at, shape, 13), _line(at, shape, 14), _line(at, shape, 15), _grid(at, shape, 16), as_of,
        _real_grid(at, shape, 17), _grid(at, shape, 18),
    )  # fmt: skip
    return 0


def _bounds(at, shape, _first, _second):
    return kernel_bounds.find(
        _codes(at, shape, 0), _line(at, shape, 1), _codes(at, shape, 2), _line(at, shape, 3), _line(at, shape, 4),
    )  # fmt: skip


def _replay(at, shape, first, until):
    rules = Rules(
        _grid(at, shape, 9), _reals(at, shape, 10), _grid(at, shape, 11), _grid(at, shape, 12), _grid(at, shape, 13), _reals(at, shape, 14),
        _line(at, shape, 15), _grid(at, shape, 16), _grid(at, shape, 17), _grid(at, shape, 18),
    )  # fmt: skip
    links = Links(
        _line(at, shape, 19), _line(at, shape, 20), _grid(at, shape, 21), _line(at, shape, 22), _grid(at, shape, 23), _line(at, shape, 24)
    )
    facts = Facts(
        _line(at, shape, 25), _line(at, shape, 26), _grid(at, shape, 27), _grid(at, shape, 28), _line(at, shape, 29),
        _real_grid(at, shape, 30), _grid(at, shape, 31), _line(at, shape, 32), _line(at, shape, 33), _line(at, shape, 34),
        _line(at, shape, 35), _grid(at, shape, 36), _real_grid(at, shape, 37),
    )  # fmt: skip
    work = Work(
        _line(at, shape, 38), _line(at, shape, 39), _grid(at, shape, 40), _real_grid(at, shape, 41), _line(at, shape, 42),
        _line(at, shape, 43), _line(at, shape, 44), _line(at, shape, 45), _reals(at, shape, 46), _grid(at, shape, 47),
        _real_grid(at, shape, 48), _line(at, shape, 49), _line(at, shape, 50), _grid(at, shape, 51), _line(at, shape, 52),
        _line(at, shape, 53), _line(at, shape, 54), _real_grid(at, shape, 55),
    )  # fmt: skip
    out = Out(_grid(at, shape, 56), _grid(at, shape, 57), _line(at, shape, 58))
    return kernel_replay.replay_people(_table(at, shape, 0), _state(at, shape, 5), rules, links, facts, work, out, first, until)
