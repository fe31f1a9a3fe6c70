"""Files of mapped arrays."""

from __future__ import annotations

import gc
import json
import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.arrayfile import ALIGNMENT, MAGIC, open_arrays, read_header, write_arrays
from graphs.errors import StoredInvalid

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

KIND = "numbers/1"
HEADER = {"title": "Zählung", "count": 3, "parts": [1, 2.5, None]}
ARRAYS: dict[str, NDArray[Any]] = {
    "whole": np.arange(7, dtype=np.int32),
    "flags": np.array([True, False, True]),
    "none": np.zeros(0, dtype=np.float64),
    "no_rows": np.zeros((0, 3), dtype=np.int16),
    "table": np.arange(12.0).reshape(3, 4),
    "columns": np.asfortranarray(np.arange(6, dtype=np.uint8).reshape(2, 3)),
    "strided": np.arange(20, dtype=np.int64)[::3],
    "one": np.array(4.5),
    "words": np.array(["Nord", "Süd"]),
    "last": np.zeros(0, dtype=np.int8),
}


def written(path: Path) -> bytes:
    """Write the example and return its bytes."""
    write_arrays(path, kind=KIND, header=HEADER, arrays=ARRAYS)
    return path.read_bytes()


def assert_whole(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
    """Fail unless this is the example."""
    assert header == HEADER
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert arrays[name].shape == array.shape
        assert arrays[name].tolist() == array.tolist()


def crafted(head: object, *, body: bytes = b"", text: bytes | None = None) -> bytes:
    """Return a file whose head is intact as bytes, whatever it says."""
    text = json.dumps(head).encode() if text is None else text
    begin = MAGIC + len(text).to_bytes(8, "little") + zlib.crc32(text).to_bytes(8, "little") + text
    return begin + b"\0" * (-len(begin) % ALIGNMENT) + body


def test_header_and_arrays_come_back(tmp_path: Path) -> None:
    """Types, shapes and content survive the disk, empty and single ones included."""
    written(tmp_path / "a")
    assert_whole(*open_arrays(tmp_path / "a", kind=KIND))
    assert read_header(tmp_path / "a", kind=KIND) == HEADER


def test_arrays_are_mapped_read_only_and_aligned(tmp_path: Path) -> None:
    """Nobody changes what others see, and no number straddles two cache lines."""
    written(tmp_path / "a")
    _, arrays = open_arrays(tmp_path / "a", kind=KIND)
    for array in arrays.values():
        assert not array.flags.writeable
        assert array.size == 0 or array.ctypes.data % ALIGNMENT == 0


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nothing depends on the time, the process or how an array lies in memory."""
    first = written(tmp_path / "a")
    turned = {name: np.array(array, order="C") for name, array in ARRAYS.items()}
    write_arrays(tmp_path / "b", kind=KIND, header=HEADER, arrays=turned)
    assert (tmp_path / "b").read_bytes() == first


def test_opened_arrays_outlive_their_file(tmp_path: Path) -> None:
    """A file that is replaced or removed does not change what was opened before."""
    path = tmp_path / "a"
    written(path)
    header, arrays = open_arrays(path, kind=KIND)
    write_arrays(path, kind=KIND, header={}, arrays={"whole": np.zeros(7, dtype=np.int32)})
    path.unlink()
    assert_whole(header, arrays)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs a list of open files")  # noqa: PTH112
def test_a_file_is_let_go_with_its_last_array(tmp_path: Path) -> None:
    """One array keeps the file mapped; without any nothing stays open."""
    path = tmp_path / "a"
    written(path)

    def mapped() -> bool:
        with open("/proc/self/maps", encoding="utf-8") as lines:  # noqa: PTH123
            return any(str(path) in line for line in lines)

    _, arrays = open_arrays(path, kind=KIND)
    kept = arrays["whole"]
    del arrays
    gc.collect()
    assert mapped()
    assert kept.tolist() == list(range(7))
    del kept
    gc.collect()
    assert not mapped()


@given(data=st.data())
def test_a_damaged_file_is_refused_or_whole(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever bytes change, are cut off or added: an error with a code, or the same content."""
    path = tmp_path_factory.mktemp("damaged") / "a"
    whole = written(path)
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.just(len(whole)) | st.integers(0, len(whole)))
    path.write_bytes(bytes(content[:cut]) + data.draw(st.just(b"") | st.binary(max_size=70)))
    code = ""
    try:
        header, arrays = open_arrays(path, kind=KIND)
        assert_whole(header, arrays)
    except StoredInvalid as error:
        code = error.code
    assert code in {"", "G403", "G404"}


def test_every_changed_byte_is_noticed_or_does_not_matter(tmp_path: Path) -> None:
    """Only what fills the gaps between arrays may change; a byte more at the end may not."""
    path = tmp_path / "a"
    whole = written(path)
    unnoticed = 0
    for place in range(len(whole)):
        content = bytearray(whole)
        content[place] ^= 1 << place % 8
        path.write_bytes(content)
        try:
            assert_whole(*open_arrays(path, kind=KIND))
            unnoticed += 1
        except StoredInvalid:
            pass
    assert unnoticed < (len(ARRAYS) + 1) * ALIGNMENT
    path.write_bytes(whole + b"\0")
    with pytest.raises(StoredInvalid, match="G404"):
        open_arrays(path, kind=KIND)


def test_a_file_cut_off_anywhere_is_damaged(tmp_path: Path) -> None:
    """A download that broke off is told from a foreign file."""
    path = tmp_path / "a"
    whole = written(path)
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        for read in (open_arrays, read_header):
            with pytest.raises(StoredInvalid, match="G404"):
                read(path, kind=KIND)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 an archive of something else", "G403"),
        (MAGIC.replace(b"/1", b"/2") + b"\0" * 100, "G403"),
        (crafted({"kind": "numbers/2", "header": {}, "arrays": {}, "size": 0}), "G403"),
        (crafted({"kind": KIND, "arrays": {}, "size": 0}), "G404"),
        (crafted({"kind": KIND, "header": {}, "arrays": {}, "size": "0"}), "G404"),
        (crafted([]), "G404"),
        (crafted(None, text=b"{"), "G404"),
        (crafted(None, text=b"\xff\xfe"), "G404"),
        (crafted(None, text=b"[" * 200_000), "G404"),
        (MAGIC + b"\xff" * 100, "G404"),
        (b"", "G404"),
    ],
)
def test_foreign_and_broken_heads_are_told_apart(tmp_path: Path, content: bytes, code: str) -> None:
    """Another format, version or kind is foreign; a head that makes no sense is damaged."""
    path = tmp_path / "a"
    path.write_bytes(content)
    for read in (open_arrays, read_header):
        with pytest.raises(StoredInvalid, match=code):
            read(path, kind=KIND)


@pytest.mark.parametrize(
    "change",
    [
        {"dtype": "no type"},
        {"dtype": "|O"},
        {"dtype": 7},
        {"shape": [3]},
        {"shape": [-1]},
        {"shape": [2**70]},
        {"shape": 2},
        {"shape": ["2"]},
        {"shape": [0, 2**40]},
        {"offset": -64},
        {"offset": 2**70},
        {"offset": 64},
        {"offset": "0"},
        {"crc32": 1},
    ],
)
def test_an_array_that_does_not_fit_its_file_is_damaged(
    tmp_path: Path, change: dict[str, object]
) -> None:
    """A head can be intact and still ask for what is not there."""
    body = np.array([1, 2], dtype=np.int64).tobytes().ljust(64, b"\0")
    row = {"dtype": "<i8", "shape": [2], "offset": 0, "crc32": zlib.crc32(body[:16])}
    path = tmp_path / "a"

    def head(row: object) -> dict[str, object]:
        return {"kind": KIND, "header": {}, "arrays": {"a": row}, "size": 64}

    path.write_bytes(crafted(head(row), body=body))
    assert open_arrays(path, kind=KIND)[1]["a"].tolist() == [1, 2]
    for wrong in (row | change, "row", {k: v for k, v in row.items() if k not in change}):
        path.write_bytes(crafted(head(wrong), body=body))
        with pytest.raises(StoredInvalid, match="G404"):
            open_arrays(path, kind=KIND)


def test_what_cannot_be_written_has_a_code_and_leaves_nothing(tmp_path: Path) -> None:
    """A file in place of the folder, or a folder in place of the file, is reported."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    for path in (tmp_path / "file" / "a", tmp_path / "folder"):
        with pytest.raises(StoredInvalid, match="G405"):
            written(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


def test_what_is_no_file_cannot_be_opened(tmp_path: Path) -> None:
    """A folder of that name, or nothing at all, is an error with a code."""
    for path in (tmp_path, tmp_path / "missing"):
        for read in (open_arrays, read_header):
            with pytest.raises(StoredInvalid, match="G404"):
                read(path, kind=KIND)


def test_many_may_write_and_read_at_once(tmp_path: Path) -> None:
    """A reader always sees one whole file, never parts of two, and no draft stays behind."""
    path = tmp_path / "a"

    def write(number: int) -> None:
        many = np.full(20_000, number)
        write_arrays(path, kind=KIND, header={"number": number}, arrays={"many": many})

    def read(_: int) -> bool:
        header, arrays = open_arrays(path, kind=KIND)
        return bool((arrays["many"] == header["number"]).all())

    write(0)
    with ThreadPoolExecutor(8) as pool:
        writes = [pool.submit(write, number) for number in range(40)]
        reads = [pool.submit(read, number) for number in range(80)]
        assert all(done.result() for done in reads)
        assert all(done.result() is None for done in writes)
    assert [p.name for p in tmp_path.iterdir()] == ["a"]
