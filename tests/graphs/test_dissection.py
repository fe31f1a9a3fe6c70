"""The order in which a graph is taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.dissection import LEAF, bisection_order, dissection_order, neighbours
from tests.helpers.hierarchies import a_state_graph, halving

if TYPE_CHECKING:
    from graphs.hierarchy import Order

NONE = np.zeros(0, dtype=np.int64)


def grid(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return edges and places of a square grid."""
    number = np.arange(side * side).reshape(side, side)
    tail = np.concatenate((number[:, :-1].ravel(), number[:-1].ravel()))
    head = np.concatenate((number[:, 1:].ravel(), number[1:].ravel()))
    row, column = np.divmod(number.ravel(), side)
    return tail, head, np.column_stack((column, row)).astype(np.float64)


@pytest.mark.parametrize("order_of", [dissection_order, halving])
@pytest.mark.parametrize("side", [1, 2, 7, 20])
def test_every_vertex_is_taken_out_once(order_of: Order, side: int) -> None:
    """An order is a permutation, with METIS and without."""
    order = order_of(*grid(side))
    assert sorted(order.tolist()) == list(range(side * side))


@pytest.mark.parametrize("order_of", [dissection_order, halving])
@pytest.mark.parametrize("count", [0, 1, 5, 200])
def test_a_graph_without_edges_has_an_order(order_of: Order, count: int) -> None:
    """An island of one street, and many of them."""
    order = order_of(NONE, NONE, np.random.default_rng(1).random((count, 2)))
    assert sorted(order.tolist()) == list(range(count))


def test_edges_into_themselves_and_twice_are_none() -> None:
    """METIS does not take them; a street that leads back into itself has one."""
    tail, head = np.array([0, 0, 1, 2, 2]), np.array([0, 1, 0, 1, 2])
    offset, neighbour = neighbours(tail, head, 4)
    assert offset.tolist() == [0, 1, 3, 4, 4]
    assert neighbour.tolist() == [1, 0, 2, 1]
    for order_of in (dissection_order, halving):
        order = order_of(tail, head, np.random.default_rng(1).random((4, 2)))
        assert sorted(order.tolist()) == [0, 1, 2, 3]


def test_the_separator_comes_last() -> None:
    """On a ladder the two halves are apart once the last vertices are taken away."""
    length = 40
    number = np.arange(2 * length).reshape(2, length)
    tail = np.concatenate((number[:, :-1].ravel(), number[0]))
    head = np.concatenate((number[:, 1:].ravel(), number[1]))
    xy = np.column_stack((np.tile(np.arange(length), 2), np.repeat([0, 1], length)))
    order = halving(tail, head, xy.astype(np.float64))
    middle = order[-2:]
    assert set(xy[middle][:, 0].tolist()) == {length // 2}
    side = xy[:, 0] < length // 2
    rank = np.argsort(order)
    crossing = side[tail] != side[head]
    assert set(np.maximum(rank[tail], rank[head])[crossing].tolist()) <= {78, 79}


def test_places_on_one_spot_are_still_divided() -> None:
    """A network drawn in one place does not go round in circles."""
    tail, head, xy = grid(12)
    order = halving(tail, head, np.zeros_like(xy))
    assert sorted(order.tolist()) == list(range(len(xy)))


def test_small_parts_are_left_in_their_order() -> None:
    """Below this size there is nothing to gain."""
    tail = np.arange(LEAF - 1)
    xy = np.random.default_rng(2).random((LEAF, 2))
    assert halving(tail, tail + 1, xy).tolist() == list(range(LEAF))


def test_halving_makes_a_shallow_hierarchy() -> None:
    """Chains of ancestors are what every question walks along: far shorter than in any order."""
    graph = a_state_graph(3, groups=300, reach=0.12)
    halved = graph.hierarchy(halved=True)
    assert halved.depth.max() < len(graph.group) / 2
    assert halved.arcs < 4 * graph.hierarchy().arcs


def test_the_same_graph_has_the_same_order() -> None:
    """Equal inputs, equal hierarchy, on every run."""
    tail, head, xy = grid(15)
    offset, neighbour = neighbours(tail, head, len(xy))
    assert bisection_order(offset, neighbour, xy).tolist() == halving(tail, head, xy).tolist()
    assert dissection_order(tail, head, xy).tolist() == dissection_order(tail, head, xy).tolist()
