"""The network as a value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from graphs.errors import NetworkInvalid
from graphs.network import keep_segments
from tests.helpers.networks import line_of_streets


def test_the_digest_follows_the_content() -> None:
    """Equal networks have equal digests; any change makes another one."""
    network = line_of_streets()
    assert network.digest == line_of_streets().digest
    assert network.digest != replace(network, name="other").digest
    assert network.digest != replace(network, length_m=network.length_m + 1).digest


@pytest.mark.parametrize(
    "broken",
    [
        {"tail": np.array([0, 1, 9], dtype=np.int32)},
        {"head": np.array([1, 2], dtype=np.int32)},
        {"tag_set": np.array([0, 0, 5], dtype=np.int32)},
        {"length_m": np.array([1.0, np.nan, 1.0])},
        {"shape_offset": np.array([0, 2, 3, 6])},
        {"shape_offset": np.array([0, 2, 4, 7])},
    ],
)
def test_arrays_that_contradict_each_other_are_refused(
    broken: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]],
) -> None:
    """Nothing is computed on half a network."""
    with pytest.raises(NetworkInvalid, match="G201"):
        replace(line_of_streets(), **broken)


def test_a_part_keeps_only_the_nodes_it_needs() -> None:
    """Nodes are counted anew; shapes, tags and ids stay with their segments."""
    part = keep_segments(line_of_streets(), np.array([False, True, True]))
    assert part.node_id.tolist() == [101, 102, 103]
    assert part.tail.tolist() == [0, 1]
    assert part.way_id.tolist() == [2, 3]
    assert part.shape_offset.tolist() == [0, 2, 4]
    with pytest.raises(NetworkInvalid, match="G202"):
        keep_segments(part, np.array([False, False]))
