"""The same travel times from others: networkx, scipy, and Valhalla where it is installed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from graphs.packing import REACHED_BELOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graphs.positions import Positions
    from graphs.search import Prepared, Searcher

NETWORKX_SOURCES, SCIPY_SOURCES, VALHALLA_POINTS = 8, 100, 250
TRUCK = {"height": 3.8, "width": 2.55, "length": 10, "weight": 26, "axle_load": 10}
"""The peer's truck is as ours, profile `truck26`."""


def _edges(searcher: Searcher) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return tail, head and packed cost of the turns that are open."""
    graph, cost = searcher.graph, searcher.turn_cost
    tail = np.repeat(np.arange(graph.states), np.diff(graph.turn_offset))
    opened = cost < REACHED_BELOW
    return tail[opened], graph.turn_to[opened].astype(np.int64), cost[opened]


def _beginnings(
    searcher: Searcher, positions: Positions, rows: NDArray[np.int64]
) -> list[tuple[int, int, int]]:
    """Return (row, first state turned into, packed cost) for the drives from some positions."""
    graph, found = searcher.graph, []
    for row, position in enumerate(rows.tolist()):
        for side in (0, 1):
            arc = int(positions.arc[position, side])
            state = int(graph.start_state[arc]) if arc >= 0 else -1
            if state >= 0:
                for turn in range(*graph.turn_offset[[state, state + 1]].tolist()):
                    cost = int(positions.ahead[position, side] + searcher.turn_cost[turn])
                    found.append((row, int(graph.turn_to[turn]), cost))
    return found


def networkx_seconds(searcher: Searcher, positions: Positions) -> tuple[float, int]:
    """Return the seconds of networkx for some sources over the same states, and how many."""
    street_graph: nx.DiGraph[int] = nx.DiGraph()
    tail, head, cost = (part.tolist() for part in _edges(searcher))
    street_graph.add_weighted_edges_from(zip(tail, head, cost, strict=True))
    rows = np.flatnonzero(positions.found)[:NETWORKX_SOURCES]
    size = searcher.graph.states
    for row, state, amount in _beginnings(searcher, positions, rows):
        street_graph.add_edge(size + row, state, weight=amount)
    started = perf_counter()
    for row in range(len(rows)):
        nx.single_source_dijkstra_path_length(street_graph, size + row)
    return perf_counter() - started, len(rows)


def scipy_check(
    searcher: Searcher, positions: Positions, prepared: Prepared
) -> tuple[float, int, bool]:
    """Return scipy's seconds for some sources, how many, and whether our figures are its figures.

    Pairs on one segment are left out of the comparison: scipy sees no positions, only states.
    """
    found = prepared.found
    rows = found[:SCIPY_SOURCES]
    size = searcher.graph.states
    extra = np.array(_beginnings(searcher, positions, rows), dtype=np.int64).reshape(-1, 3)
    tail, head, cost = _edges(searcher)
    edges = np.lexsort((extra[:, 2], extra[:, 1], extra[:, 0]))
    extra = extra[edges]
    lead = np.ones(len(extra), dtype=np.bool_)
    lead[1:] = (extra[1:, :2] != extra[:-1, :2]).any(axis=1)
    extra = extra[lead]
    table = csr_array(
        (
            np.concatenate((cost, extra[:, 2])).astype(np.float64),
            (np.concatenate((tail, size + extra[:, 0])), np.concatenate((head, extra[:, 1]))),
        ),
        shape=(size + len(rows), size + len(rows)),
    )
    started = perf_counter()
    distance = np.asarray(dijkstra(table, indices=size + np.arange(len(rows))))
    seconds = perf_counter() - started
    theirs = np.full((len(rows), len(found)), np.inf)
    for side in (0, 1):
        arc = positions.arc[found, side]
        state, end = np.nonzero(searcher.graph.state_arc[:, None] == np.where(arc < 0, -2, arc))
        came = distance[:, state] - positions.ahead[found[end], side].astype(np.float64)
        np.minimum.at(theirs.T, end, came.T)
    column = np.argsort(prepared.labels.order)
    ours = prepared.column_costs().astype(np.float64)[column[: len(rows), None], column]
    ours[ours >= REACHED_BELOW] = np.inf
    apart = positions.segment[rows][:, None] != positions.segment[found][None, :]
    return seconds, len(rows), bool((ours == theirs)[apart].all())


class PeerTime(NamedTuple):
    """Seconds of a matrix of so many points."""

    seconds: float
    points: int


def valhalla_seconds(extract: Path, points: Sequence[tuple[float, float]]) -> PeerTime | None:
    """Return the time of Valhalla's matrix with its truck costing, None where it is missing."""
    with TemporaryDirectory() as folder:
        actor = valhalla_actor(extract, Path(folder))
        if actor is None:
            return None
        chosen = [_location(place) for place in points[:VALHALLA_POINTS]]
        question = {"sources": chosen, "targets": chosen, **_costing()}
        started = perf_counter()
        actor.matrix(question)
        return PeerTime(perf_counter() - started, len(chosen))


def valhalla_actor(extract: Path, folder: Path) -> Any:
    """Return Valhalla on an extract, tiles made in a folder; None where it is not installed."""
    try:
        import valhalla
    except ModuleNotFoundError:
        return None
    (folder / "tiles").mkdir()
    config = valhalla.get_config(tile_extract="", tile_dir=str(folder / "tiles"))
    for key in ("admin", "timezone", "landmarks", "transit_dir"):
        config["mjolnir"][key] = ""
    config["mjolnir"]["concurrency"] = 1
    config["mjolnir"]["logging"] = {"type": "file", "file_name": str(folder / "log")}
    config["service_limits"]["truck"] |= {
        "max_matrix_location_pairs": 10_000_000,
        "max_locations": 10_000,
    }
    path = folder / "valhalla.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    builder = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    command = [str(builder), "-c", str(path), str(extract.resolve())]
    # It leaves a list of doubtful ways in the working folder.
    subprocess.run(command, check=True, capture_output=True, cwd=folder)  # noqa: S603 - our own arguments
    return valhalla.Actor(str(path))


def valhalla_way(
    actor: Any, start: tuple[float, float], end: tuple[float, float]
) -> tuple[float, float] | None:
    """Return seconds and kilometres of Valhalla's truck route, None where it finds none."""
    question = {"locations": [_location(start), _location(end)], **_costing()}
    try:
        summary = actor.route(question)["trip"]["summary"]
    except RuntimeError:
        return None
    return float(summary["time"]), float(summary["length"])


def _location(place: tuple[float, float]) -> dict[str, float]:
    return {"lat": place[0], "lon": place[1]}


def _costing() -> dict[str, Any]:
    return {"costing": "truck", "costing_options": {"truck": TRUCK}, "units": "kilometers"}
