"""The compiled kernel is kept, and found again with and without a linker on the machine."""

from __future__ import annotations

import subprocess
import sys
from array import array

import pytest

from leadline.engine import linking, native
from leadline.engine.grids import Grid

PERSON, TIMES, CODES = Grid(array("i", [1, 1, 4])), Grid(array("q", [5, 6, 5])), Grid(array("i", [1, 3, 4]))


def bounds() -> list[list[int]]:
    begins, ends = Grid(array("q", bytes(24))), Grid(array("q", bytes(24)))
    assert native.run("bounds", [PERSON, TIMES, CODES, begins, ends]) == 0
    return [list(begins.data), list(ends.data)]


@pytest.mark.parametrize("linker", [True, False])
def test_kept_code_does_what_compiled_code_does(linker, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if not linker:
        monkeypatch.setattr(linking.shutil, "which", lambda _: None)
    elif linking.shutil.which("cc") is None:
        pytest.skip("this machine has no linker")
    for _ in ("compiled", "kept"):
        native.entry.cache_clear()
        assert bounds() == [[0, 2, 2], [2, 2, 3]]
    kept = {path.suffix for path in native.cache_folder().iterdir()}
    assert kept == ({"", ".so"} if linker else {""})
    native.entry.cache_clear()


def test_neither_numpy_nor_llvm_is_loaded_to_find_the_kernel():
    native.entry("bounds")
    heavy = "{'numpy', 'numba', 'llvmlite'} & set(sys.modules)"
    code = f"import sys; from leadline.engine import native; native.entry('bounds'); sys.exit(str({heavy}) if {heavy} else 0)"
    if linking.shutil.which("cc"):
        assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True).stderr == ""
