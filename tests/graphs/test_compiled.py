"""What is worked out once and kept for the next start."""

from __future__ import annotations

import logging
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.closures import ORDINARY, DayConditions
from graphs.compiled import CompiledStreets, code_version, compiled_streets
from graphs.errors import NetworkInvalid
from graphs.files import CompiledCache, GraphFiles
from graphs.profiles import PROFILES
from graphs.standin import standin_network
from graphs.street_matrix import StreetMatrix
from tests.helpers.networks import Rule, Street, at, drawn, line_of_streets

if TYPE_CHECKING:
    from pathlib import Path

    from graphs.matrix import TravelMatrix
    from graphs.network import StreetNetwork

TOWN = standin_network([at(0), at(4), at(4, 4), at(0, 4)], centres=[], nodes=400, seed=7)
POINTS = [at(0.4 + i % 4, 0.4 + (3 * i % 7) / 2) for i in range(12)]
PARTS = ("graph", "hierarchy", "schedule", "metric")
CLOSED = DayConditions(closed_ways=frozenset(TOWN.way_id[10:30].tolist()), period="peak")


def assert_same(one: CompiledStreets, other: CompiledStreets) -> None:
    """Compare every array of compiled streets, types included."""
    for part in PARTS:
        for field in fields(getattr(one, part)):
            mine, theirs = (getattr(getattr(side, part), field.name) for side in (one, other))
            if isinstance(mine, np.ndarray):
                assert mine.dtype == theirs.dtype, field.name
                assert np.array_equal(mine, theirs), field.name


def assert_same_times(one: TravelMatrix, other: TravelMatrix) -> None:
    """Compare two matrices."""
    assert one.duration_s.tolist() == other.duration_s.tolist()
    assert one.distance_m.tolist() == other.distance_m.tolist()


def kept(folder: Path) -> list[str]:
    """Return the files of a cache folder."""
    return sorted(path.name for path in folder.iterdir())


def restricted() -> StreetNetwork:
    """Return three streets with a turn restriction, an odd one, and an unreadable tag."""
    tags = {"highway": "residential", "maxspeed": "swift"}
    nodes = [(0, 0), (1, 0), (2, 0), (1, 1)]
    streets = [Street(0, 1), Street(1, 2), Street(1, 3, tags)]
    return drawn(nodes, streets, rules=[Rule("no_left_turn", 1, 1, 3), Rule("no_entry", 1, 1, 9)])


def test_a_second_start_reads_the_same_arrays(tmp_path: Path) -> None:
    """Nothing is lost or changed on the way through the file."""
    van = PROFILES["van"]
    first = compiled_streets(TOWN, van, CompiledCache(tmp_path))
    before = kept(tmp_path)
    second = compiled_streets(TOWN, van, CompiledCache(tmp_path))
    assert_same(first, second)
    assert_same(first, compiled_streets(TOWN, van, None))
    assert kept(tmp_path) == before
    assert second.graph.profile == van
    assert second.graph.network is TOWN


def test_the_report_is_kept_with_the_streets(tmp_path: Path) -> None:
    """What became of every restriction and which tags were not understood."""
    network = restricted()
    first = compiled_streets(network, PROFILES["van"], CompiledCache(tmp_path)).graph.report
    second = compiled_streets(network, PROFILES["van"], CompiledCache(tmp_path)).graph.report
    assert second == first
    assert len(second.restrictions) == 2
    assert second.restrictions[0].reason == first.restrictions[0].reason
    assert second.unknown == first.unknown
    assert second.unknown


def test_a_second_start_gives_equal_matrices_and_legs(tmp_path: Path) -> None:
    """From a stored network, on ordinary days and on others."""
    files = GraphFiles(tmp_path)
    files.save("town", TOWN)
    starts = [StreetMatrix.of_stored(files.open("town"), files.cache) for _ in range(2)]
    fresh = StreetMatrix(TOWN)
    for today in (ORDINARY, CLOSED):
        expected = fresh.on(today).matrix(POINTS, profile="truck26")
        for streets in starts:
            asked = streets.on(today)
            assert_same_times(asked.matrix(POINTS, profile="truck26"), expected)
            lost = {entry.index for entry in asked.snap_report(POINTS, "truck26")}
            points = [point for i, point in enumerate(POINTS) if i not in lost][:5]
            assert asked.legs(points, profile="truck26", manoeuvres=True) == fresh.on(today).legs(
                points, profile="truck26", manoeuvres=True
            )


def test_conditions_of_the_day_make_no_new_file(tmp_path: Path) -> None:
    """Only what holds every day is kept."""
    streets = StreetMatrix(TOWN, cache=CompiledCache(tmp_path))
    streets.matrix(POINTS, profile="van")
    before = kept(tmp_path)
    streets.on(CLOSED).matrix(POINTS, profile="van")
    assert kept(tmp_path) == before


def test_another_profile_or_network_is_another_file(tmp_path: Path) -> None:
    """A changed limit or one longer street is enough."""
    cache, van = CompiledCache(tmp_path), PROFILES["van"]
    compiled_streets(line_of_streets(), van, cache)
    assert len(kept(tmp_path)) == 1
    compiled_streets(line_of_streets(), van, cache)
    assert len(kept(tmp_path)) == 1
    compiled_streets(line_of_streets(), replace(van, weight_t=3.4), cache)
    assert len(kept(tmp_path)) == 2
    compiled_streets(drawn([(0, 0), (1, 0)], [Street(0, 1)]), van, cache)
    assert len(kept(tmp_path)) == 3
    compiled_streets(drawn([(0, 0), (1, 0)], [Street(0, 1, length_m=999)]), van, cache)
    assert len(kept(tmp_path)) == 4


def test_a_profile_under_an_old_name_is_not_taken_for_the_old_one(tmp_path: Path) -> None:
    """What a profile says counts, not what it is called."""
    slow = replace(PROFILES["van"], maxspeed_share=0.4)
    for streets, expected in (
        (StreetMatrix(line_of_streets(), cache=CompiledCache(tmp_path)), 100),
        (
            StreetMatrix(line_of_streets(), cache=CompiledCache(tmp_path), profiles=[slow]),
            200,
        ),
    ):
        assert streets.matrix([at(0), at(1)], profile="van").duration_s[0, 1] == expected


@pytest.mark.parametrize("cut", [0, 10, -100], ids=["empty", "header", "end"])
def test_a_damaged_file_is_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, cut: int
) -> None:
    """A warning with the file's name, the same times as ever, and a whole file afterwards."""
    expected = StreetMatrix(TOWN, cache=CompiledCache(tmp_path)).matrix(POINTS, profile="van")
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    with caplog.at_level(logging.WARNING):
        again = StreetMatrix(TOWN, cache=CompiledCache(tmp_path)).matrix(POINTS, profile="van")
    assert_same_times(again, expected)
    assert [path.name in record.getMessage() for record in caplog.records] == [True]
    assert path.read_bytes() == whole


def test_a_folder_that_cannot_be_written_does_not_hurt(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The times are worked out, and one warning says that they will be again."""
    (tmp_path / "taken").write_bytes(b"")
    cache = CompiledCache(tmp_path / "taken")
    with caplog.at_level(logging.WARNING):
        for profile in ("van", "truck26"):
            asked = StreetMatrix(TOWN, cache=cache).matrix(POINTS, profile=profile)
            assert_same_times(asked, StreetMatrix(TOWN).matrix(POINTS, profile=profile))
    assert ["G405" in record.getMessage() for record in caplog.records] == [True]


def test_a_network_without_streets_is_not_kept(tmp_path: Path) -> None:
    """An error is no result."""
    network = drawn([(0, 0), (1, 0)], [Street(0, 1, {"highway": "footway"})])
    with pytest.raises(NetworkInvalid, match="G203"):
        compiled_streets(network, PROFILES["van"], CompiledCache(tmp_path))
    assert kept(tmp_path) == []


def test_profiles_are_compiled_once(tmp_path: Path) -> None:
    """All days share what was compiled."""
    streets = StreetMatrix(TOWN, cache=CompiledCache(tmp_path))
    graph = streets.graph("van")
    assert streets.on(CLOSED).graph("van") is graph
    assert streets.on(ORDINARY).graph("van") is graph
    assert streets.graph("truck26") is not graph


def test_what_older_code_worked_out_is_not_used() -> None:
    """The sources are part of the key: nothing is answered from files of another speed table."""
    assert len(code_version()) == 32
    assert code_version() == code_version()
