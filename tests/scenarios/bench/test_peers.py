"""Peers of the benchmarks: they are asked the same question and give the same answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest

from graphs.closures import DayConditions
from graphs.packing import REACHED_BELOW
from graphs.sampling import sample_on_streets
from graphs.street_matrix import StreetMatrix
from scenarios.bench.durations import Pair, median_ratio, worst
from scenarios.bench.matrix_peers import networkx_seconds, scipy_check
from scenarios.streets import stand_in

if TYPE_CHECKING:
    from graphs.positions import Positions
    from graphs.search import Prepared, Searcher

NETWORK = stand_in(400)
STREETS = StreetMatrix(NETWORK)
CLOSED = DayConditions(closed_ways=frozenset(NETWORK.way_id[20:60].tolist()))


def question(
    streets: StreetMatrix, profile: str, count: int = 60
) -> tuple[Searcher, Positions, Prepared]:
    """Return what the peers are given."""
    places = sample_on_streets(NETWORK, count=count, seed=3)
    positions = streets.positions([(place.lat, place.lon) for place in places], profile)
    searcher = streets.searcher(profile)
    return searcher, positions, searcher.prepare(positions)


@pytest.mark.parametrize("profile", ["van", "truck26"])
@pytest.mark.parametrize("today", [DayConditions(), CLOSED], ids=["ordinary", "closed"])
def test_scipy_has_the_same_figures(profile: str, today: DayConditions) -> None:
    """Bit for bit, with streets closed and without."""
    searcher, positions, prepared = question(STREETS.on(today), profile)
    seconds, sources, same = scipy_check(searcher, positions, prepared)
    assert seconds > 0
    assert sources == min(len(prepared.found), 100)
    assert same


def test_scipy_would_notice_another_figure() -> None:
    """A comparison that cannot fail proves nothing: one turn more expensive by a millisecond."""
    searcher, positions, prepared = question(STREETS, "van")
    dearer = replace(searcher, turn_cost=searcher.turn_cost + (1 << 26))
    assert not scipy_check(dearer, positions, prepared)[2]


def test_networkx_is_asked_for_a_few_sources() -> None:
    """It takes its time, so eight will do; of fewer points, all."""
    for count, sources in ((60, 8), (5, 5)):
        searcher, positions, _ = question(STREETS, "van", count)
        seconds, asked = networkx_seconds(searcher, positions)
        assert seconds > 0
        assert asked == sources


def test_networkx_has_the_same_figures() -> None:
    """Over the same turns, from the end of one position's arc to the end of another's."""
    searcher, positions, prepared = question(STREETS, "van", 20)
    graph = searcher.graph
    tail = np.repeat(np.arange(graph.states), np.diff(graph.turn_offset))
    turns: nx.DiGraph[int] = nx.DiGraph()
    turns.add_weighted_edges_from(
        zip(tail.tolist(), graph.turn_to.tolist(), searcher.turn_cost.tolist(), strict=True)
    )
    column = np.argsort(prepared.labels.order)
    ours = prepared.column_costs()[column[:, None], column]
    for row in range(3):
        least = np.full(len(positions), np.inf)
        for side in (0, 1):
            arc = int(positions.arc[row, side])
            if arc < 0:
                continue
            start = int(graph.start_state[arc])
            reached = nx.single_source_dijkstra_path_length(turns, start)
            for end in range(len(positions)):
                for other in (0, 1):
                    states = np.flatnonzero(graph.state_arc == positions.arc[end, other]).tolist()
                    for state in states:
                        cost = reached.get(state, np.inf) + int(positions.ahead[row, side])
                        least[end] = min(least[end], cost - int(positions.ahead[end, other]))
        apart = positions.segment != positions.segment[row]
        assert apart.sum() > 15
        assert ours[row][apart].tolist() == least[apart].tolist()
        assert (ours[row] < REACHED_BELOW).all()


def a_pair(ours_s: float, theirs_s: float) -> Pair:
    """Return a drive of ten kilometres."""
    return Pair(
        start=(51.4, 7.2), end=(51.5, 7.2), ours_s=ours_s, ours_km=10.0,
        theirs_s=theirs_s, theirs_km=9.0, streets=("A-Weg",),
    )  # fmt: skip


def test_the_median_ratio_is_not_moved_by_one_odd_pair() -> None:
    """Ours over theirs."""
    pairs = [a_pair(600, 600), a_pair(660, 600), a_pair(6000, 600)]
    assert median_ratio(pairs) == pytest.approx(1.1)
    assert pairs[1].ours_kmh == pytest.approx(54.5, abs=0.1)
    assert pairs[1].theirs_kmh == pytest.approx(54.0, abs=0.1)


def test_the_worst_pairs_are_those_farthest_off_either_way() -> None:
    """Twice as fast is as odd as twice as slow."""
    usual = [a_pair(600, 600) for _ in range(20)]
    fast, slow = a_pair(200, 600), a_pair(1500, 600)
    found = worst([*usual, slow, fast])
    assert found[:2] == [fast, slow]
    assert len(found) == 10


def test_a_drive_of_no_time_has_a_speed() -> None:
    """Two places side by side divide nothing by zero."""
    assert a_pair(0, 600).ours_kmh == 36_000
