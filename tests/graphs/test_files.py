"""Stored networks, and what is kept beside them."""

from __future__ import annotations

import logging
import os
import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.arrayfile import open_arrays, write_arrays
from graphs.errors import StoredInvalid
from graphs.files import KIND, CompiledCache, GraphFiles, cache_key
from graphs.grid import grid_of
from graphs.network import StreetNetwork, arrays_of, facts_of
from graphs.osm import read_osm
from tests.helpers.networks import at, line_of_streets, one_way_square
from tests.helpers.osm_data import TOWN, as_xml

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from graphs.grid import SegmentGrid


@pytest.fixture
def town(tmp_path: Path) -> StreetNetwork:
    """Return a town with tagged nodes, restrictions and umlauts, read from a file."""
    path = tmp_path / "town.osm"
    path.write_text(as_xml(TOWN), encoding="utf-8")
    return read_osm(path)


def test_a_network_comes_back_as_it_was(tmp_path: Path, town: StreetNetwork) -> None:
    """Arrays, tags, restrictions, digest and view survive the disk."""
    files = GraphFiles(tmp_path / "graphs")
    files.save("town", town)
    files.save("line", line_of_streets())
    again = files.load("town")
    assert facts_of(again) == facts_of(town)
    assert again.restrictions == town.restrictions
    assert len(town.restrictions) > 0
    for key, array in arrays_of(town).items():
        assert arrays_of(again)[key].dtype == array.dtype
        np.testing.assert_array_equal(arrays_of(again)[key], array)
    assert (again.digest, again.view) == (town.digest, town.view)
    assert files.names() == ("line", "town")


def test_what_the_header_says_is_true(tmp_path: Path, town: StreetNetwork) -> None:
    """Digest and view are taken from the header, and are those of the content."""
    files = GraphFiles(tmp_path)
    files.save("town", town)
    again = files.load("town")
    fresh = pickle.loads(pickle.dumps(again))  # noqa: S301
    for known in ("digest", "view"):
        assert known in vars(fresh)
        del vars(fresh)[known]
    assert (fresh.digest, fresh.view) == (town.digest, town.view)


def test_the_grid_is_stored_with_its_network(tmp_path: Path) -> None:
    """Points are found on a stored network without its grid being made again."""
    files = GraphFiles(tmp_path)
    files.save("line", line_of_streets())
    stored = files.open("line")
    fresh = grid_of(line_of_streets())

    def where(grid: SegmentGrid) -> list[object]:
        found = grid.nearest([at(1.25, 0.02), at(9)], np.ones(3, dtype=np.bool_), max_distance_m=90)
        return [found.segment.tolist(), found.fraction.tolist(), found.side.tolist()]

    assert stored.grid.network is stored.network
    assert where(stored.grid) == where(fresh)
    for key, array in fresh.arrays().items():
        np.testing.assert_array_equal(stored.grid.arrays()[key], array)
        assert not stored.grid.arrays()[key].flags.writeable


def test_a_stored_network_can_be_sent_to_another_process(tmp_path: Path) -> None:
    """Mapped arrays travel as copies; nothing needs the file any more."""
    files = GraphFiles(tmp_path)
    path = files.save("line", line_of_streets())
    sent = pickle.dumps(files.load("line"))
    path.unlink()
    received = pickle.loads(sent)  # noqa: S301
    assert isinstance(received, StreetNetwork)
    assert received.digest == line_of_streets().digest
    assert received.length_m.tolist() == [1000, 1000, 1000]


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in the file depends on when it was written, or from where the network came."""
    files = GraphFiles(tmp_path)
    first = files.save("a", line_of_streets()).read_bytes()
    assert files.save("a", line_of_streets()).read_bytes() == first
    assert files.save("b", files.load("a")).read_bytes() == first


def test_info_tells_what_is_stored(tmp_path: Path, town: StreetNetwork) -> None:
    """Counts, length and source are known without reading the streets."""
    files = GraphFiles(tmp_path)
    files.save("line", line_of_streets())
    path = files.save("town", town)
    info = files.info("line")
    assert (info.nodes, info.segments, info.length_km, info.stand_in) == (4, 3, 3.0, True)
    assert (info.digest, info.restrictions) == (line_of_streets().digest, 0)
    info = files.info("town")
    assert (info.title, info.attribution, info.stand_in) == (town.name, town.attribution, False)
    assert (info.restrictions, info.size_bytes) == (len(town.restrictions), path.stat().st_size)


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
    with pytest.raises(StoredInvalid, match="G404"):
        files.info("line")
    files.save("line", line_of_streets())
    assert files.load("line").digest == line_of_streets().digest


@given(where=st.integers(0), byte=st.integers(0, 255))
def test_no_changed_byte_goes_unnoticed(
    tmp_path_factory: pytest.TempPathFactory, where: int, byte: int
) -> None:
    """A network from a file with any byte changed is refused, or is still the same network."""
    files = GraphFiles(tmp_path_factory.mktemp("graphs"))
    path = files.save("line", line_of_streets())
    content = bytearray(path.read_bytes())
    content[where % len(content)] = byte
    path.write_bytes(content)
    code = ""
    try:
        network = files.load("line")
        del vars(network)["digest"]
        assert network.digest == line_of_streets().digest
    except StoredInvalid as error:
        code = error.code
    assert code in {"", "G403", "G404"}


@pytest.mark.parametrize(
    "header", [{}, {"facts": {}}, {"facts": None}, {"facts": {"name": "x"}, "view": [1]}]
)
def test_an_intact_file_with_other_content_is_damaged(
    tmp_path: Path, header: dict[str, object]
) -> None:
    """What passes every checksum and is no network all the same has a code."""
    arrays = arrays_of(line_of_streets())
    write_arrays(tmp_path / "x.network", kind=KIND, header=header, arrays=arrays)
    for read in (GraphFiles(tmp_path).load, GraphFiles(tmp_path).info):
        with pytest.raises(StoredInvalid, match="G404"):
            read("x")


def test_arrays_that_contradict_each_other_are_damaged(tmp_path: Path) -> None:
    """Streets that end at nodes which are not there do not become a graph."""
    files = GraphFiles(tmp_path)
    path = files.save("line", line_of_streets())
    header, arrays = open_arrays(path, kind=KIND)
    write_arrays(path, kind=KIND, header=header, arrays={**arrays, "tail": arrays["tail"] + 9})
    with pytest.raises(StoredInvalid, match=r"G404 line\.network: its parts do not fit"):
        files.load("line")


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    """Text, a numpy archive and a file of another kind are named as foreign."""
    files = GraphFiles(tmp_path)
    path = tmp_path / "x.network"
    path.write_bytes(b"not ours at all")
    with pytest.raises(StoredInvalid, match="G403"):
        files.load("x")
    with path.open("wb") as stream:
        np.savez(stream, numbers=np.arange(3))
    with pytest.raises(StoredInvalid, match="G403"):
        files.info("x")
    write_arrays(path, kind="street-network/0", header={}, arrays={})
    with pytest.raises(StoredInvalid, match="G403"):
        files.load("x")


def test_a_network_of_an_older_version_must_be_built_again(tmp_path: Path) -> None:
    """The archives of earlier versions are not forgotten silently: the user is told what to do."""
    files = GraphFiles(tmp_path)
    np.savez(tmp_path / "city.npz", numbers=np.arange(3))
    assert files.has("city")
    assert not files.has("town")
    for read in (files.load, files.open, files.info):
        with pytest.raises(StoredInvalid, match=r"G403 city\.npz.*Build the graph again"):
            read("city")
    files.save("city", line_of_streets())
    assert files.has("city")
    assert files.load("city").segments == 3


@pytest.mark.parametrize(("name", "code"), [("../evil", "G401"), ("", "G401"), ("gone", "G402")])
def test_names_are_short_words_of_stored_networks(tmp_path: Path, name: str, code: str) -> None:
    """A name never leads out of the folder; an unknown one lists what is there."""
    with pytest.raises(StoredInvalid, match=code):
        GraphFiles(tmp_path).load(name)


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """A file in place of the folder gives a code, not a crash."""
    (tmp_path / "graphs").write_bytes(b"")
    with pytest.raises(StoredInvalid, match="G405"):
        GraphFiles(tmp_path / "graphs").save("line", line_of_streets())


# What is worked out from networks.

NUMBERS: dict[str, NDArray[np.int64]] = {"numbers": np.arange(1000)}


def kept(cache: CompiledCache) -> list[str]:
    """Return the keys of all files in a cache."""
    return sorted(path.stem.rpartition("-")[2] for path in cache.folder.glob("*"))


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    """By kind and key; another process with the same folder finds it, too."""
    GraphFiles(tmp_path).cache.put("streets/1", "a", {"report": 7}, NUMBERS)
    cache = GraphFiles(tmp_path).cache
    found = cache.get("streets/1", "a")
    assert found is not None
    assert (found[0], found[1]["numbers"].tolist()) == ({"report": 7}, list(range(1000)))
    assert cache.get("streets/2", "a") is None
    assert cache.get("streets/1", "b") is None


@pytest.mark.parametrize("content", [b"", b"something else", None])
def test_a_kept_file_that_cannot_be_used_is_removed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes | None
) -> None:
    """The log says why, and what it held is worked out and kept again."""
    cache = CompiledCache(tmp_path)
    cache.put("streets/1", "a", {}, NUMBERS)
    path = next(tmp_path.iterdir())
    path.write_bytes(path.read_bytes()[:-100] if content is None else content)
    with caplog.at_level(logging.WARNING, "graphs.files"):
        assert cache.get("streets/1", "a") is None
    assert [path.name in record.message for record in caplog.records] == [True]
    assert not path.exists()
    cache.put("streets/1", "a", {}, NUMBERS)
    assert cache.get("streets/1", "a") is not None


def test_a_folder_that_cannot_be_written_costs_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once that nothing is kept; then everything is worked out every time."""
    (tmp_path / "file").write_bytes(b"")
    cache = CompiledCache(tmp_path / "file")
    with caplog.at_level(logging.WARNING, "graphs.files"):
        for key in ("a", "b"):
            cache.put("streets/1", key, {}, NUMBERS)
            assert cache.get("streets/1", key) is None
    assert ["G405" in record.message for record in caplog.records] == [True]


def test_beyond_its_size_the_cache_forgets_what_was_not_used_for_longest(tmp_path: Path) -> None:
    """Reading counts as use; the newest file stays however large it is."""
    cache = CompiledCache(tmp_path, most_bytes=25_000)
    for age, key in enumerate(("a", "b", "c")):
        cache.put("streets/1", key, {}, NUMBERS)
        os.utime(next(tmp_path.glob(f"*-{key}.arrays")), (age, age))
    assert kept(cache) == ["a", "b", "c"]
    assert cache.get("streets/1", "a") is not None
    cache.put("streets/1", "d", {}, NUMBERS)
    assert kept(cache) == ["a", "c", "d"]
    cache.put("streets/1", "e", {}, {"numbers": np.arange(10_000)})
    assert kept(cache) == ["e"]


def test_drafts_of_processes_that_died_are_forgotten_too(tmp_path: Path) -> None:
    """Half a file that nobody will finish does not stay for ever."""
    cache = CompiledCache(tmp_path, most_bytes=20_000)
    draft = tmp_path / "streets-1-x.arrays.77-ab.part"
    draft.write_bytes(b"\0" * 15_000)
    os.utime(draft, (1, 1))
    cache.put("streets/1", "a", {}, NUMBERS)
    assert not draft.exists()
    assert cache.get("streets/1", "a") is not None


def test_keys_tell_their_parts_apart() -> None:
    """The same letters cut differently are another key; the same parts give the same one."""
    assert cache_key("ab", "c") == cache_key("ab", "c")
    assert len({cache_key("ab", "c"), cache_key("a", "bc"), cache_key("abc"), cache_key()}) == 4
    assert len(cache_key("Straße")) == 32


def test_a_square_of_one_way_streets_is_found_by_name(tmp_path: Path) -> None:
    """Names may hold dots and dashes; other files in the folder are no networks."""
    files = GraphFiles(tmp_path)
    files.save("square-2.old", one_way_square())
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    files.cache.put("streets/1", "a", {}, NUMBERS)
    assert files.names() == ("square-2.old",)
    assert files.load("square-2.old").tag_sets == one_way_square().tag_sets
