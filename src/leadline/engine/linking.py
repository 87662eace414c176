"""Compiled kernels kept as shared libraries, or as object code where a machine has no linker.

A library is ready as soon as it is opened. Object code is linked by llvmlite, which takes longer to load than most
questions take to answer.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# llvmlite has no types; it is touched in this module only.

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm

# Numba's code calls these only where something went wrong that can't go wrong here: exceptions, memory of its own.
_NEVER_CALLED = (
    "NRT_Free", "NRT_MemInfo_call_dtor", "numba_do_raise", "numba_gil_ensure", "numba_gil_release", "numba_unpickle",
    "numba_runtime_build_excinfo_struct",
)  # fmt: skip
_LINKED: list[Any] = []


def processor() -> str:
    """Return the processor's name, as LLVM has it."""
    return str(llvm.get_host_cpu_name())


def link(code: bytes, symbol: str) -> int:
    """Return the address of a function in object code."""
    nothing = ctypes.cast(ctypes.CDLL(None).abort, ctypes.c_void_p).value or 0
    for name in _NEVER_CALLED:
        llvm.add_symbol(name, nothing)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _LINKED.append(engine)  # the code lives as long as its engine
    return int(engine.get_function_address(symbol))


def compile_entry(name: str, symbol: str, keep: Path) -> int:
    """Return the address of a kernel's entry, compiled, and keep its code: in ``keep``, and as a library beside it."""
    from leadline.engine import kernel_entry

    callback = kernel_entry.compile_entry(name)
    module = llvm.parse_assembly(callback.inspect_llvm())
    module.get_function(callback.native_name).name = symbol
    with contextlib.suppress(OSError):
        keep.parent.mkdir(parents=True, exist_ok=True)
        part = keep.with_name(f"{keep.name}.{os.getpid()}")
        part.write_bytes(_machine().emit_object(module))
        _make_library(part, keep.with_suffix(".so"))
        part.replace(keep)
    return int(callback.address)


def _machine() -> llvm.TargetMachine:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    cpu, features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    return llvm.Target.from_default_triple().create_target_machine(cpu=cpu, features=features, opt=3, reloc="pic", codemodel="small")


def _make_library(code: Path, library: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        return
    nothing = "".join(f"void {name}(void) {{ __builtin_trap(); }}\n" for name in _NEVER_CALLED)
    part = library.with_name(f"{library.name}.{os.getpid()}")
    command = [compiler, "-shared", "-o", str(part), str(code), "-x", "c", "-", "-lm"]
    done = subprocess.run(command, input=nothing.encode(), capture_output=True, check=False)  # noqa: S603 - our own words
    if done.returncode == 0:
        part.replace(library)
