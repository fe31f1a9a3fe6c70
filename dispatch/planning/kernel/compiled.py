"""Compiling by numba, kept on disk under a key of all compiled sources."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar, cast, get_type_hints

import numba
import numpy as np
from numba.extending import typeof_impl
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

Compiled = TypeVar("Compiled", bound="Callable[..., Any]")

Ints = Annotated[NDArray[np.int64], 1]
Grid = Annotated[NDArray[np.int64], 2]
Cube = Annotated[NDArray[np.int64], 3]
"""Arrays without gaps, of one, two and three dimensions: all that compiled functions take."""

_HERE = Path(__file__).parent


def _cache_folder() -> str:
    """Return where compiled code is kept: a changed source of any file gets a new folder.

    Numba itself looks only at the file of a function, not at those that it calls.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted(_HERE.glob("*.py")):
        digest.update(source.read_bytes())
    owned = _HERE / "__pycache__"
    writable = os.access(_HERE, os.W_OK)
    base = owned if writable else Path(tempfile.gettempdir()) / f"dispatch-kernel-{os.getuid()}"
    return str(base / digest.hexdigest()[:16])


numba.config.OPT = type(numba.config.OPT)(1)  # type: ignore[attr-defined]
# Higher levels compile for a third longer and run no faster: the inner calls are inlined already.
numba.config.CACHE_DIR = _cache_folder()  # type: ignore[attr-defined]


class Lazy:
    """A function that is compiled, or read from disk, when it is first needed.

    Loading all of them takes seconds, and most commands need none. A compiled caller brings the
    code of what it calls along.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        ALL.append(self)

    @cached_property
    def machine_code(self) -> Any:
        """Numba's dispatcher, for the types of the annotations.

        One signature: without it numba would compile again for every constant that the function
        is called with. Without numba's own memory (`_nrt`): counting who holds which array took
        four fifths of the time. So compiled functions make no arrays and return none.
        """
        compiler = cast("Any", numba.njit)
        options = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
        return compiler(_signature(self.function), **options)(self.function)

    def __call__(self, *args: Any) -> Any:
        """Call the machine code."""
        return self.machine_code(*args)


ALL: list[Lazy] = []


def compile_all() -> None:
    """Compile every function that has been imported, so that no plan has to wait for it."""
    for function in ALL:
        _ = function.machine_code


@typeof_impl.register(Lazy)
def _type_of_lazy(value: Lazy, _: Any) -> Any:
    """Tell numba what a compiled function is, when another one calls it."""
    return numba.types.Dispatcher(value.machine_code)


def compiled(function: Compiled) -> Compiled:
    """Return the function as machine code, made when it is first called."""
    return cast("Compiled", Lazy(function))


def inlined(function: Compiled) -> Compiled:
    """Return a function whose code goes into its compiled callers.

    For the small functions of the inner loops: a call hands over every array of its tuples anew,
    which takes longer than most of them do.
    """
    return cast("Compiled", numba.njit(inline="always", error_model="numpy")(function))


def _signature(function: Callable[..., Any]) -> tuple[Any, ...]:
    known = vars(sys.modules[function.__module__])
    hints = get_type_hints(function, globalns=known, include_extras=True)
    return tuple(
        numba.typeof(_sample(hint))  # type: ignore[no-untyped-call]
        for name, hint in hints.items()
        if name != "return"
    )


def _sample(hint: Any) -> Any:
    """Return a value of an annotation: a number, an array, or a tuple of them."""
    if hint in (int, bool, float):
        return hint(0)
    if issubclass(getattr(hint, "__origin__", hint), tuple):
        hints = get_type_hints(hint, include_extras=True)
        return hint(**{name: _sample(field) for name, field in hints.items()})
    return np.zeros((1,) * hint.__metadata__[0], dtype=np.int64)
