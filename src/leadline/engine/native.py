"""The compiled kernel without its compiler.

Numba takes longer to import than most questions take to answer. So it compiles the kernel once a machine; the object
code is kept in the user's cache, and later processes link it with llvmlite alone, in a tenth of the time. The code is
known by the kernel's source, the versions of numba, llvmlite, numpy and Python, and the processor: what doesn't match is
compiled anew. Where nothing can be kept, as in a read-only home, every process compiles for itself.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# llvmlite has no types; it is touched in this module only.

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llvmlite.binding as llvm
import numpy as np

from leadline.engine.terms import KINDS, State, Table, new_state

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DTYPES = {"whole": np.int64, "real": np.float64}
# Numba's code calls these only where something went wrong that can't go wrong here: exceptions, memory of its own.
_NEVER_CALLED = (
    "NRT_Free", "NRT_MemInfo_call_dtor", "numba_do_raise", "numba_gil_ensure", "numba_gil_release", "numba_unpickle",
    "numba_runtime_build_excinfo_struct",
)  # fmt: skip


def score_people(  # noqa: PLR0913, PLR0917 - as the kernel's own
    table: Table,
    timelines: Sequence[NDArray[Any]],
    people: Sequence[NDArray[Any]],
    as_of: int,
    points: NDArray[np.int64],
    shares: NDArray[np.float64] | None = None,
) -> State:
    """Fill ``points`` as :func:`leadline.engine.kernel.score_people` does, with the GIL released.

    Args:
        table: The terms.
        timelines: ``times, masks, values``.
        people: ``begins, ends, created, absent, latest``.
        as_of: The instant.
        points: Micro-points, person × term, to be filled; contiguous.
        shares: What each activity adds to an amount, activity × term, to be filled if given; contiguous.

    Returns:
        The state in which the last person left the kernel.
    """
    state = new_state(table)
    given = [*table, *state, *timelines, *people, np.zeros((0, 0)) if shares is None else shares, points]
    call("score", [np.ascontiguousarray(array, _DTYPES[kind]) for array, kind in zip(given, KINDS.values(), strict=True)], as_of)
    return state


def call(name: str, arrays: Sequence[NDArray[Any]], first: int, second: int = 0) -> int:
    """Call the entry ``score`` or ``replay`` with contiguous arrays of int64 and float64, in its order, and two numbers."""
    addresses = np.array([array.ctypes.data for array in arrays], np.int64)
    shapes = np.array([(len(array), array.shape[1] if array.ndim > 1 else 1) for array in arrays], np.int64)
    return entry(name)(addresses.ctypes.data, shapes.ctypes.data, first, second)


@cache
def entry(name: str = "score") -> Callable[..., int]:
    """Return an entry of the kernel: it takes the address of addresses, that of shapes, and two numbers."""
    kept = cache_folder() / f"{name}-{_key(name)}"
    address = _link(kept.read_bytes()) if kept.exists() else _compile(name, kept)
    return ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)(address)


def cache_folder() -> Path:
    """Return where compiled code is kept: ``$XDG_CACHE_HOME/leadline`` or ``~/.cache/leadline``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "leadline"


_SOURCES = {
    "score": ("kernel", "kernel_entry", "native", "terms", "model"),
    "replay": ("kernel", "kernel_entry", "native", "terms", "model", "kernel_replay", "judge", "instructions", "rehearsal"),
}


def _key(name: str) -> str:
    here = Path(__file__).parent
    sources = [(here / f"{source}.py").read_text(encoding="utf-8") for source in _SOURCES[name]]
    versions = [metadata.version(name) for name in ("numba", "llvmlite", "numpy")]
    return hashlib.sha256("\0".join([sys.version, llvm.get_host_cpu_name(), *versions, *sources]).encode()).hexdigest()[:32]


def _machine() -> llvm.TargetMachine:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    return llvm.Target.from_default_triple().create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=3, jit=True)


def _link(kept: bytes) -> int:
    """Return the address of the entry in object code that :func:`_compile` kept: a name, a zero, the code."""
    name, _, code = kept.partition(b"\0")
    nothing = ctypes.cast(ctypes.CDLL(None).abort, ctypes.c_void_p).value or 0
    for symbol in _NEVER_CALLED:
        llvm.add_symbol(symbol, nothing)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _LINKED.append(engine)  # the code lives as long as its engine
    return int(engine.get_function_address(name.decode()))


_LINKED: list[Any] = []


def _compile(name: str, keep: Path) -> int:
    from leadline.engine import kernel_entry

    callback = kernel_entry.compile_entry(name)
    code = _machine().emit_object(llvm.parse_assembly(callback.inspect_llvm()))
    with contextlib.suppress(OSError):
        keep.parent.mkdir(parents=True, exist_ok=True)
        part = keep.with_name(f"{keep.name}.{os.getpid()}")
        part.write_bytes(callback.native_name.encode() + b"\0" + code)
        part.replace(keep)
    return int(callback.address)
