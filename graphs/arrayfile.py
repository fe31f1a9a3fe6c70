"""Files of named arrays that are mapped into memory, with a header and checksums."""

from __future__ import annotations

import json
import mmap
import os
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from graphs.errors import StoredInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

MAGIC = b"BOCHUM-ARRAYS/1\n"
"""First bytes of every file; the number is raised when the layout changes."""

ALIGNMENT = 64
"""Arrays begin at multiples of a cache line, so that mapped ones are as fast as others."""

_LENGTH_BYTES = 8


def write_arrays(
    path: Path, *, kind: str, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
) -> None:
    """Write a file; a reader sees the old one or the new one, never half of one.

    The same content gives the same bytes. Raises StoredInvalid G405 where nothing can be written.
    """
    solid = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    rows, offset = {}, 0
    for name, array in solid.items():
        rows[name] = {
            "dtype": array.dtype.str,
            "shape": list(array.shape),
            "offset": offset,
            "crc32": zlib.crc32(array.reshape(-1).view(np.uint8)),
        }
        offset = _aligned(offset + array.nbytes)
    head = json.dumps(
        {"kind": kind, "header": header, "arrays": rows, "size": offset},
        ensure_ascii=False,
        sort_keys=True,
    ).encode()
    draft = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as stream:
            stream.write(MAGIC)
            stream.write(len(head).to_bytes(_LENGTH_BYTES, "little"))
            stream.write(zlib.crc32(head).to_bytes(_LENGTH_BYTES, "little"))
            stream.write(head)
            for array in solid.values():
                stream.write(b"\0" * (_aligned(stream.tell()) - stream.tell()))
                stream.write(array.reshape(-1).view(np.uint8).data)
            stream.write(b"\0" * (_aligned(stream.tell()) - stream.tell()))
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise StoredInvalid(
            "G405",
            str(path),
            f"it cannot be written ({error.strerror})",
            "Use another folder, or end the programs that have the old file open",
        ) from error


def open_arrays(path: Path, *, kind: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the header and the arrays of a file, read-only and mapped into memory.

    Raises StoredInvalid: G403 for a file of another format, version or kind, G404 for a damaged
    one (cut off, or a checksum that does not match).
    """
    try:
        with path.open("rb") as stream:
            _check_magic(path, kind, stream.read(len(MAGIC)))
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise damaged(path, f"it cannot be read ({error.strerror})") from error
    head, begin = _head(path, mapped)
    if head.get("kind") != kind:
        raise foreign(path, kind)
    try:
        arrays = {
            name: _array(path, mapped, begin, name, row) for name, row in head["arrays"].items()
        }
        return dict(head["header"]), arrays
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged(path, f"its header does not fit ({error})") from error


def read_header(path: Path, *, kind: str) -> dict[str, Any]:
    """Return the header of a file without looking at its arrays; raises as `open_arrays` does."""
    try:
        with path.open("rb") as stream:
            _check_magic(path, kind, stream.read(len(MAGIC)))
            length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
            # A damaged length must not ask for all memory.
            rest = stream.read(min(length, path.stat().st_size) + _LENGTH_BYTES)
    except OSError as error:
        raise damaged(path, f"it cannot be read ({error.strerror})") from error
    head = _parsed(path, rest[_LENGTH_BYTES:], rest[:_LENGTH_BYTES], length)
    if head.get("kind") != kind or not isinstance(head.get("header"), dict):
        raise foreign(path, kind)
    return dict(head["header"])


def _check_magic(path: Path, kind: str, beginning: bytes) -> None:
    """Raise unless the file begins as ours do; one that breaks off before that is damaged."""
    if beginning != MAGIC:
        if MAGIC.startswith(beginning):
            raise damaged(path, "it is empty or cut off")
        raise foreign(path, kind)


def _head(path: Path, mapped: mmap.mmap) -> tuple[dict[str, Any], int]:
    """Return the parsed head and where the arrays begin."""
    start = len(MAGIC)
    length = int.from_bytes(mapped[start : start + _LENGTH_BYTES], "little")
    check = mapped[start + _LENGTH_BYTES : start + 2 * _LENGTH_BYTES]
    begin = start + 2 * _LENGTH_BYTES
    head = _parsed(path, mapped[begin : begin + length], check, length)
    begin = _aligned(begin + length)
    if len(mapped) != begin + int(head.get("size", -1)):
        raise damaged(path, "it is not as long as its header says")
    return head, begin


def _parsed(path: Path, text: bytes, check: bytes, length: int) -> dict[str, Any]:
    if len(text) != length or zlib.crc32(text) != int.from_bytes(check, "little"):
        raise damaged(path, "its header is cut off or changed")
    head = json.loads(text)
    if not isinstance(head, dict):
        raise damaged(path, "its header is no object")
    return head


def _array(
    path: Path, mapped: mmap.mmap, begin: int, name: str, row: Mapping[str, Any]
) -> NDArray[Any]:
    dtype, shape = np.dtype(row["dtype"]), tuple(row["shape"])
    count = int(np.prod(shape, dtype=np.int64))
    array = np.frombuffer(mapped, dtype=dtype, count=count, offset=begin + row["offset"])
    if zlib.crc32(array.view(np.uint8)) != row["crc32"]:
        raise damaged(path, f"its part '{name}' does not match its checksum")
    return array.reshape(shape)


def _aligned(offset: int) -> int:
    return -(-offset // ALIGNMENT) * ALIGNMENT


def foreign(path: Path, kind: str) -> StoredInvalid:
    """Return the error of a file that is something else."""
    return StoredInvalid(
        "G403",
        path.name,
        f"it is not a file of the kind {kind} in the format of this version",
        "Build the graph again",
    )


def damaged(path: Path, cause: str) -> StoredInvalid:
    """Return the error of a file that has lost or changed bytes."""
    return StoredInvalid("G404", path.name, cause, "Delete it and build the graph again")
