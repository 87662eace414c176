"""Columns of numbers out of a database and into it: Arrow's C data interface, spoken without pyarrow and numpy.

Structures and rules are those of https://arrow.apache.org/docs/format/CDataInterface.html and its PyCapsule interface.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Callable, Mapping, Sequence
from ctypes import POINTER, byref, c_char, c_char_p, c_int, c_int64, c_void_p
from typing import Any, ClassVar, Protocol

from leadline.engine.grids import CODE, REAL, WHOLE
from leadline.errors import ServiceFailed

_KINDS = {b"i": CODE, b"l": WHOLE, b"g": REAL}
_FORMATS = {kind: name for name, kind in _KINDS.items()}


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    _fields_: ClassVar[Any] = [
        (name, c_void_p) for name in ("get_schema", "get_next", "get_last_error", "release", "private_data")
    ]  # fmt: skip


_Schema._fields_ = [
    ("format", c_char_p), ("name", c_char_p), ("metadata", c_char_p), ("flags", c_int64), ("n_children", c_int64),
    ("children", POINTER(POINTER(_Schema))), ("dictionary", c_void_p), ("release", c_void_p), ("private_data", c_void_p),
]  # fmt: skip
_Array._fields_ = [
    ("length", c_int64), ("null_count", c_int64), ("offset", c_int64), ("n_buffers", c_int64), ("n_children", c_int64),
    ("buffers", POINTER(c_void_p)), ("children", POINTER(POINTER(_Array))), ("dictionary", c_void_p), ("release", c_void_p),
    ("private_data", c_void_p),
]  # fmt: skip
_Release = ctypes.CFUNCTYPE(None, c_void_p)
_Get = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)
_LastError = ctypes.CFUNCTYPE(c_char_p, c_void_p)
_inside = ctypes.PYFUNCTYPE(c_void_p, ctypes.py_object, c_char_p)(("PyCapsule_GetPointer", ctypes.pythonapi))
_capsule = ctypes.PYFUNCTYPE(ctypes.py_object, c_void_p, c_char_p, c_void_p)(("PyCapsule_New", ctypes.pythonapi))
_STREAM, _SCHEMA, _ARRAY = b"arrow_array_stream", b"arrow_schema", b"arrow_array"


class Rows(Protocol):
    """What gives its rows as a stream of Arrow batches, as a relation of DuckDB does."""

    def __arrow_c_stream__(self) -> object:
        """Return the capsule of a stream."""


def read(rows: Rows) -> dict[str, array[Any]]:
    """Return the columns that hold int32, int64 or float64 and no NULLs; others are left out.

    Raises:
        ServiceFailed: If the rows end with an error.
    """
    capsule = rows.__arrow_c_stream__()  # the stream lives as long as this
    stream = _Stream.from_address(_inside(capsule, _STREAM))
    schema = _Schema()
    _get(stream, stream.get_schema, schema)
    fields = [schema.children[at].contents for at in range(schema.n_children)]
    found: dict[int, tuple[str, array[Any]]] = {
        at: (field.name.decode(), array(_KINDS[field.format])) for at, field in enumerate(fields) if field.format in _KINDS
    }
    _Release(schema.release)(ctypes.addressof(schema))
    while True:
        batch = _Array()
        _get(stream, stream.get_next, batch)
        if not batch.release:
            return dict(found.values())
        for at, (_, column) in found.items():
            _append(column, batch.children[at].contents)
        _Release(batch.release)(ctypes.addressof(batch))


def _get(stream: _Stream, get: int, into: ctypes.Structure) -> None:
    if _Get(get)(byref(stream), byref(into)):
        says = (_LastError(stream.get_last_error)(byref(stream)) or b"no reason given").decode(errors="replace")
        raise ServiceFailed(f"the database gave up: {says}", "Look whether memory or the disk is full, and try again.")


def _append(column: array[Any], values: Any) -> None:
    if values.length:
        begin = values.buffers[1] + values.offset * column.itemsize
        column.frombytes((c_char * (values.length * column.itemsize)).from_address(begin))


class Table:
    """Columns of numbers as something that a connection can register; they stay as they are while it does."""

    def __init__(self, columns: Mapping[str, array[Any]]) -> None:
        """Note the columns, which are of one length."""
        self._columns = columns
        self._lent: list[object] = []  # structures, which must stay where they are until the last scan is over

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Return the capsules of the schema and of all rows."""
        del requested_schema
        count, rows = len(self._columns), len(next(iter(self._columns.values())))
        fields = [_Schema(_FORMATS[column.typecode], name.encode(), release=_FORGET) for name, column in self._columns.items()]
        columns = [
            _Array(rows, 0, 0, 2, 0, _buffers(0, column.buffer_info()[0]), release=_FORGET_ROWS) for column in self._columns.values()
        ]
        schema = _Schema(b"+s", b"", None, 0, count, _pointers(_Schema, fields), release=_FORGET)
        whole = _Array(rows, 0, 0, 1, count, _buffers(0), _pointers(_Array, columns), release=_FORGET_ROWS)
        self._lent += [schema, whole]
        return _capsule(ctypes.addressof(schema), _SCHEMA, None), _capsule(ctypes.addressof(whole), _ARRAY, None)


def _buffers(*addresses: int) -> object:
    return (c_void_p * len(addresses))(*addresses)


def _pointers(kind: type[ctypes.Structure], structures: Sequence[ctypes.Structure]) -> object:
    return (POINTER(kind) * len(structures))(*map(ctypes.pointer, structures))


def _released(kind: Any) -> Callable[[int], None]:
    def release(address: int) -> None:
        kind.from_address(address).release = None  # the memory itself belongs to the Table

    return release


_CALLBACKS = _Release(_released(_Schema)), _Release(_released(_Array))
_FORGET, _FORGET_ROWS = (ctypes.cast(callback, c_void_p).value for callback in _CALLBACKS)
