"""Stored networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.errors import StoredInvalid
from graphs.files import GraphFiles
from tests.helpers.networks import line_of_streets, one_way_square

if TYPE_CHECKING:
    from pathlib import Path


def test_a_network_comes_back_as_it_was(tmp_path: Path) -> None:
    """Content, name and digest survive the disk."""
    files = GraphFiles(tmp_path / "graphs")
    files.save("square", one_way_square())
    files.save("line", line_of_streets())
    again = files.load("square")
    assert again.digest == one_way_square().digest
    assert again.tag_sets == one_way_square().tag_sets
    assert files.names() == ("line", "square")


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in the file depends on when it was written."""
    files = GraphFiles(tmp_path)
    first = files.save("a", line_of_streets()).read_bytes()
    assert files.save("a", line_of_streets()).read_bytes() == first


def test_info_tells_what_is_stored(tmp_path: Path) -> None:
    """Counts, length and source are known without reading the streets."""
    files = GraphFiles(tmp_path)
    files.save("line", line_of_streets())
    info = files.info("line")
    assert (info.nodes, info.segments, info.length_km, info.stand_in) == (4, 3, 3.0, True)
    assert info.digest == line_of_streets().digest


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """One changed byte, a missing end or an emptied file never becomes a graph."""
    files = GraphFiles(tmp_path)
    path = files.save("line", line_of_streets())
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[whole.index(np.float64(1000.0).tobytes())] ^= 1
    for content in (bytes(damaged), whole[: len(whole) // 2], b""):
        path.write_bytes(content)
        with pytest.raises(StoredInvalid, match="G404"):
            files.load("line")


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    """Text, another numpy archive and a file of another version are named as foreign."""
    files = GraphFiles(tmp_path)
    path = tmp_path / "x.npz"
    path.write_bytes(b"not an archive at all")
    with pytest.raises(StoredInvalid, match="G403"):
        files.load("x")
    np.savez(path, numbers=np.arange(3))
    with pytest.raises(StoredInvalid, match="G403"):
        files.info("x")
    np.savez(path, header=np.frombuffer(b'{"format": "street-network/0"}', np.uint8))
    with pytest.raises(StoredInvalid, match="G403"):
        files.load("x")


@pytest.mark.parametrize(("name", "code"), [("../evil", "G401"), ("", "G401"), ("gone", "G402")])
def test_names_are_short_words_of_stored_networks(tmp_path: Path, name: str, code: str) -> None:
    """A name never leads out of the folder; an unknown one lists what is there."""
    with pytest.raises(StoredInvalid, match=code):
        GraphFiles(tmp_path).load(name)
