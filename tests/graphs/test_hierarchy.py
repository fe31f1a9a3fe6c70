"""The hierarchy: its shape, and the weights put on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.compiled import hierarchy_of
from graphs.customise import customise
from graphs.hierarchy import build_hierarchy, find_arcs
from graphs.packing import NEVER
from graphs.profiles import PROFILES
from graphs.search import Searcher, turn_costs
from graphs.standin import standin_network
from graphs.street_matrix import StreetMatrix
from graphs.streets import compile_streets
from graphs.triangles import schedule_of
from tests.helpers.hierarchies import a_state_graph, eliminated, halving
from tests.helpers.networks import at

if TYPE_CHECKING:
    from graphs.hierarchy import Hierarchy

SEEDS = range(6)
each_order = pytest.mark.parametrize("halved", [False, True], ids=["metis", "halved"])


def chain(hierarchy: Hierarchy, rank: int) -> list[int]:
    """Return the ancestors of a rank, the nearest first."""
    found = []
    while (rank := int(hierarchy.parent[rank])) >= 0:
        found.append(rank)
    return found


def above(hierarchy: Hierarchy, rank: int) -> list[int]:
    """Return the upper neighbours of a rank."""
    return hierarchy.head[hierarchy.offset[rank] : hierarchy.offset[rank + 1]].tolist()


@each_order
@pytest.mark.parametrize("seed", SEEDS)
def test_upper_neighbours_lie_on_the_chain_of_parents(seed: int, halved: bool) -> None:
    """Ascending, the parent first, and all above is on one chain: what labels stand on."""
    hierarchy = a_state_graph(seed).hierarchy(halved=halved)
    for rank in range(hierarchy.size):
        seen = above(hierarchy, rank)
        assert seen == sorted(set(seen))
        assert all(other > rank for other in seen)
        assert set(seen) <= set(chain(hierarchy, rank))
        assert seen[:1] == chain(hierarchy, rank)[:1]
        assert hierarchy.depth[rank] == len(chain(hierarchy, rank))


@each_order
@pytest.mark.parametrize("seed", SEEDS)
def test_upper_neighbours_see_each_other(seed: int, halved: bool) -> None:
    """Taking a rank out leaves an arc for every shortcut there may be."""
    hierarchy = a_state_graph(seed).hierarchy(halved=halved)
    for rank in range(hierarchy.size):
        seen = above(hierarchy, rank)
        assert all(set(seen[i + 1 :]) <= set(above(hierarchy, at)) for i, at in enumerate(seen))


@each_order
@pytest.mark.parametrize("seed", SEEDS)
def test_the_states_of_a_segment_are_neighbours_on_one_chain(seed: int, halved: bool) -> None:
    """Every position on a segment then has one chain of ancestors."""
    graph = a_state_graph(seed)
    hierarchy = graph.hierarchy(halved=halved)
    assert hierarchy.rank[hierarchy.state].tolist() == list(range(hierarchy.size))
    for group in range(int(graph.group[-1]) + 1):
        ranks = hierarchy.rank[graph.group == group].tolist()
        assert ranks == list(range(ranks[0], ranks[0] + len(ranks)))
        assert all(hierarchy.parent[rank] == rank + 1 for rank in ranks[:-1])


@each_order
@pytest.mark.parametrize("seed", SEEDS)
def test_places_of_a_subtree_are_a_run(seed: int, halved: bool) -> None:
    """Positions that share ancestors stand side by side in a table."""
    hierarchy = a_state_graph(seed).hierarchy(halved=halved)
    assert sorted(hierarchy.place.tolist()) == list(range(hierarchy.size))
    members: list[list[int]] = [[rank] for rank in range(hierarchy.size)]
    for rank in range(hierarchy.size):
        for ancestor in chain(hierarchy, rank):
            members[ancestor].append(rank)
    for ancestor, below in enumerate(members):
        places = sorted(hierarchy.place[below].tolist())
        assert places == list(range(places[0], places[0] + len(below)))
        assert places[0] == hierarchy.place[ancestor]


@each_order
@pytest.mark.parametrize("seed", SEEDS)
def test_every_turn_has_its_arc(seed: int, halved: bool) -> None:
    """From the lower rank to the higher one; a turn into itself has none."""
    graph = a_state_graph(seed)
    hierarchy = graph.hierarchy(halved=halved)
    tail, head = hierarchy.rank[graph.tail], hierarchy.rank[graph.head]
    loops = tail == head
    assert loops.any()
    assert ((hierarchy.turn_arc < 0) == loops).all()
    arc = hierarchy.turn_arc[~loops]
    low, high = hierarchy.tails()[arc], hierarchy.head[arc]
    up = hierarchy.turn_up[~loops]
    assert (np.where(up, low, high) == tail[~loops]).all()
    assert (np.where(up, high, low) == head[~loops]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_arcs_are_found_from_above_too(seed: int) -> None:
    """`down` lists every arc once, by head."""
    hierarchy = a_state_graph(seed).hierarchy()
    assert sorted(hierarchy.down.tolist()) == list(range(hierarchy.arcs))
    for rank in range(hierarchy.size):
        arcs = hierarchy.down[hierarchy.down_offset[rank] : hierarchy.down_offset[rank + 1]]
        assert (hierarchy.head[arcs] == rank).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_an_arc_is_found_only_where_there_is_one(seed: int) -> None:
    """All pairs of ranks, the missing ones are -1."""
    hierarchy = a_state_graph(seed).hierarchy()
    low, high = (part.ravel() for part in np.indices((hierarchy.size, hierarchy.size)))
    found = find_arcs(hierarchy.offset, hierarchy.head, low, high)
    arcs = dict(zip(zip(low.tolist(), high.tolist(), strict=True), found.tolist(), strict=True))
    expected = dict.fromkeys(arcs, -1)
    ends = zip(hierarchy.tails().tolist(), hierarchy.head.tolist(), strict=True)
    expected.update({pair: arc for arc, pair in enumerate(ends)})
    assert arcs == expected


def test_a_hierarchy_without_arcs() -> None:
    """Streets that nothing connects, and nothing at all."""
    none = np.zeros(0, dtype=np.int64)
    for count in (0, 1, 3):
        group = np.arange(count, dtype=np.int32)
        hierarchy = build_hierarchy(group, (none, none), np.zeros((count, 2)))
        assert (hierarchy.size, hierarchy.arcs) == (count, 0)
        assert hierarchy.parent.tolist() == [-1] * count
        assert find_arcs(hierarchy.offset, hierarchy.head, none, none).tolist() == []
        metric = customise(hierarchy, schedule_of(hierarchy), none)
        assert len(metric.up) == len(metric.down) == 0


@each_order
@pytest.mark.parametrize("most", [0, 1, 100, 1_000, None])
@pytest.mark.parametrize("seed", SEEDS)
def test_weights_are_the_least_costs_by_way_of_lower_ranks(
    seed: int, most: int | None, halved: bool
) -> None:
    """Listed triangles, dense blocks and any mixture give what plain elimination gives."""
    graph = a_state_graph(seed)
    hierarchy = graph.hierarchy(halved=halved)
    schedule = schedule_of(hierarchy, **({} if most is None else {"most_triangles": most}))
    metric = customise(hierarchy, schedule, graph.cost)
    expected = eliminated(graph, hierarchy.rank)
    low, high = hierarchy.tails(), hierarchy.head
    assert np.minimum(metric.up, NEVER).tolist() == expected[low, high].tolist()
    assert np.minimum(metric.down, NEVER).tolist() == expected[high, low].tolist()
    open_pairs = np.argwhere(np.triu(np.minimum(expected, expected.T) < NEVER, 1))
    assert set(map(tuple, open_pairs.tolist())) <= set(
        zip(low.tolist(), high.tolist(), strict=True)
    )


def test_the_number_of_listed_triangles_is_kept() -> None:
    """Zero lists none, without a bound no rank is left to blocks."""
    hierarchy = a_state_graph(1).hierarchy()
    none, every = schedule_of(hierarchy, most_triangles=0), schedule_of(hierarchy)
    assert len(none.first) == 0
    assert len(none.block) > 0
    assert len(every.block) == 0
    for most in (10, 1_000, 5_000):
        mixed = schedule_of(hierarchy, most_triangles=most)
        assert len(mixed.first) <= most
        assert len(every.first) >= len(mixed.first)


def searcher(nodes: int, *, halved: bool) -> Searcher:
    """Return what finds drives in a small town, with the hierarchy in the order asked for."""
    outline = [at(0), at(4), at(4, 4), at(0, 4)]
    graph = compile_streets(
        standin_network(outline, centres=[], nodes=nodes, seed=7), PROFILES["truck26"]
    )
    hierarchy = hierarchy_of(graph)
    if halved:
        segment, group = np.unique(graph.segment[graph.state_arc], return_inverse=True)
        tail = np.repeat(np.arange(graph.states), np.diff(graph.turn_offset))
        first = graph.network.shape_offset[segment]
        xy = graph.network.view.to_xy(
            graph.network.shape_lat[first], graph.network.shape_lon[first]
        )
        turns = (tail, graph.turn_to.astype(np.int64))
        hierarchy = build_hierarchy(group.astype(np.int32), turns, xy, order_of=halving)
    ordinary = StreetMatrix(graph.network).searcher("truck26").arc_cost
    cost = turn_costs(graph, ordinary)
    return Searcher(
        graph=graph,
        hierarchy=hierarchy,
        arc_cost=ordinary,
        turn_cost=cost,
        metric=customise(hierarchy, schedule_of(hierarchy), cost),
    )


def test_answers_do_not_depend_on_the_order() -> None:
    """Machines without METIS get the same figures."""
    metis, halved = (searcher(400, halved=order) for order in (False, True))
    assert metis.hierarchy.rank.tolist() != halved.hierarchy.rank.tolist()
    streets = StreetMatrix(metis.graph.network)
    points = [at(0.4 + i % 4, 0.4 + (3 * i % 7) / 2) for i in range(25)]
    positions = streets.positions(points, "truck26")
    tables = []
    for one in (metis, halved):
        prepared = one.prepare(positions)
        column = np.argsort(prepared.labels.order)
        tables.append(prepared.column_costs()[column[:, None], column])
    assert tables[0].tolist() == tables[1].tolist()
