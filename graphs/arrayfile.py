"""Files of named arrays that are mapped into memory, with a header and checksums."""

from __future__ import annotations

import json
import math
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
    from typing import BinaryIO

    from numpy.typing import NDArray

MAGIC = b"BOCHUM-ARRAYS/1\n"
"""First bytes of every file; the number is raised when the layout changes."""

ALIGNMENT = 64
"""Arrays begin at multiples of a cache line, so that mapped ones are as fast as others."""

_NUMBER_BYTES = 8


def write_arrays(
    path: Path, *, kind: str, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
) -> None:
    """Write a file; a reader sees the old one or the new one, never half of one.

    The same content gives the same bytes. Several processes may write the same file at once: the
    last one wins. Raises StoredInvalid G405 where nothing can be written; on Windows also where
    arrays of the old file are still mapped.
    """
    # Not ascontiguousarray, which makes a list of a single number.
    solid = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    head = _head_of(kind, header, solid)
    draft = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as stream:
            stream.write(MAGIC)
            stream.write(len(head).to_bytes(_NUMBER_BYTES, "little"))
            stream.write(zlib.crc32(head).to_bytes(_NUMBER_BYTES, "little"))
            stream.write(head)
            for array in solid.values():
                stream.write(b"\0" * (_aligned(stream.tell()) - stream.tell()))
                stream.write(_bytes_of(array))
            stream.write(b"\0" * (_aligned(stream.tell()) - stream.tell()))
        draft.replace(path)
    except OSError as error:
        raise StoredInvalid(
            "G405",
            str(path),
            f"it cannot be written ({error.strerror})",
            "Use another folder, or end the programs that have the old file open",
        ) from error
    finally:
        # Whatever went wrong, an interrupt included, no half file stays behind.
        with suppress(OSError):
            draft.unlink()


def open_arrays(path: Path, *, kind: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the header and the arrays of a file, read-only and mapped into memory.

    The file stays mapped as long as one of the arrays lives. Raises StoredInvalid: G403 for a file
    of another format, version or kind, G404 for a damaged one (cut off, or a checksum that does
    not match).
    """
    try:
        with path.open("rb") as stream:
            head, begin = _read_head(path, stream, kind)
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise damaged(path, f"it cannot be read ({error.strerror})") from error
    try:
        rows = head["arrays"].items()
        arrays = {name: _array(path, mapped, begin, name, row) for name, row in rows}
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise damaged(path, f"its header does not fit ({error})") from error
    return head["header"], arrays


def read_header(path: Path, *, kind: str) -> dict[str, Any]:
    """Return the header of a file without looking at its arrays; raises as `open_arrays` does."""
    try:
        with path.open("rb") as stream:
            return dict(_read_head(path, stream, kind)[0]["header"])
    except OSError as error:
        raise damaged(path, f"it cannot be read ({error.strerror})") from error


def _head_of(kind: str, header: Mapping[str, Any], solid: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the head of a file: what it is, and where which array begins after the head."""
    rows, offset = {}, 0
    for name, array in solid.items():
        rows[name] = {
            "dtype": array.dtype.str,
            "shape": list(array.shape),
            "offset": offset,
            "crc32": zlib.crc32(_bytes_of(array)),
        }
        offset = _aligned(offset + array.nbytes)
    head = {"kind": kind, "header": header, "arrays": rows, "size": offset}
    return json.dumps(head, ensure_ascii=False, sort_keys=True).encode()


def _read_head(path: Path, stream: BinaryIO, kind: str) -> tuple[dict[str, Any], int]:
    """Return the checked head and where the arrays begin."""
    beginning = stream.read(len(MAGIC))
    if not MAGIC.startswith(beginning):
        raise foreign(path, kind)
    length = int.from_bytes(stream.read(_NUMBER_BYTES), "little")
    checksum = int.from_bytes(stream.read(_NUMBER_BYTES), "little")
    size = os.fstat(stream.fileno()).st_size
    # A damaged length must not ask for all memory.
    text = stream.read(min(length, size))
    if beginning != MAGIC or len(text) != length or zlib.crc32(text) != checksum:
        raise damaged(path, "it is cut off, or its header is damaged")
    head = _parsed(path, text)
    if head.get("kind") != kind:
        raise foreign(path, kind)
    if not isinstance(head.get("header"), dict) or not isinstance(head.get("size"), int):
        raise damaged(path, "its header is incomplete")
    begin = _aligned(len(MAGIC) + 2 * _NUMBER_BYTES + length)
    if size != begin + head["size"]:
        raise damaged(path, "it is not as long as its header says")
    return head, begin


def _parsed(path: Path, text: bytes) -> dict[str, Any]:
    """Return the JSON object of a head."""
    try:
        head = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damaged(path, "its header is not JSON") from error
    if not isinstance(head, dict):
        raise damaged(path, "its header is no JSON object")
    return head


def _array(
    path: Path, mapped: mmap.mmap, begin: int, name: str, row: Mapping[str, Any]
) -> NDArray[Any]:
    """Return one mapped array whose content matches its checksum."""
    count = math.prod(row["shape"])
    array = np.frombuffer(mapped, np.dtype(row["dtype"]), count, begin + row["offset"])
    if zlib.crc32(_bytes_of(array)) != row["crc32"]:
        raise damaged(path, f"its part '{name}' does not match its checksum")
    return array.reshape(row["shape"])


def _bytes_of(array: NDArray[Any]) -> memoryview:
    """Return the content of a contiguous array as bytes, not copied."""
    return array.reshape(-1).view(np.uint8).data


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
