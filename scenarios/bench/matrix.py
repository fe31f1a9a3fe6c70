"""Travel matrices beside other ways to get them: networkx, scipy, and a routing server's engine."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphs.closures import DayConditions
from graphs.files import GraphFiles
from graphs.osm import read_osm
from graphs.sampling import sample_on_streets
from graphs.street_matrix import StreetMatrix
from scenarios.bench.matrix_peers import networkx_seconds, scipy_check, valhalla_seconds
from scenarios.streets import stand_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphs.network import StreetNetwork

PROFILE = "truck26"
POINTS, MANY = 1000, 5000
CLOSED = 20
LEGS, STOPS = 200, 61
REPEATS = 5
MILLION_EDGES_NODES = 395_000
"""So many junctions make about a million directed edges."""

Place = tuple[float, float]


class Row(NamedTuple):
    """One figure: what, the seconds, the goal in seconds if there is one, and a remark."""

    what: str
    seconds: float
    goal_s: float | None = None
    remark: str = ""


@dataclass(slots=True)
class Figures:
    """The rows of the table as they are measured."""

    rows: list[Row] = field(default_factory=list)
    watch: Callable[[Row], None] | None = None

    def add(self, row: Row) -> None:
        """Keep a row."""
        self.rows.append(row)
        if self.watch is not None:
            self.watch(row)


def timed(work: Callable[[], object], repeats: int = 1) -> float:
    """Return the median seconds of some work."""
    spent = []
    for _ in range(repeats):
        started = perf_counter()
        work()
        spent.append(perf_counter() - started)
    return median(spent)


def run(
    *, folder: Path, extract: Path | None, large: bool, watch: Callable[[Row], None] | None = None
) -> Figures:
    """Return all figures; graphs are kept in `folder`, the city is the extract or a stand-in."""
    figures = Figures(watch=watch)
    files = GraphFiles(folder)
    network = stand_in() if extract is None else _read(figures, files, extract)
    files.save("city", network)
    _city(figures, files, network, extract)
    if large:
        _million(figures, files)
    return figures


def _read(figures: Figures, files: GraphFiles, extract: Path) -> StreetNetwork:
    """Read an extract and make it ready for one vehicle class, files included."""
    started = perf_counter()
    network = read_osm(extract)
    files.save("ready", network)
    StreetMatrix.of_stored(files.open("ready"), files.cache).searcher(PROFILE)
    remark = f"{network.segments:,} pieces, {len(network.restrictions)} restrictions"
    figures.add(Row(f"{extract.name} to ready", perf_counter() - started, 8.0, remark))
    return network


def places(network: StreetNetwork, count: int) -> list[Place]:
    """Return random places beside streets."""
    return [(point.lat, point.lon) for point in sample_on_streets(network, count=count, seed=1)]


def _city(
    figures: Figures, files: GraphFiles, network: StreetNetwork, extract: Path | None
) -> None:
    points = places(network, POINTS)
    streets = StreetMatrix.of_stored(files.open("city"), files.cache)
    report = streets.graph(PROFILE).report
    size = f"{report.states:,} states, {report.turns:,} turns"
    _start(figures, files, "city", points, 0.1)
    fresh = timed(lambda: streets.matrix(points, profile=PROFILE))
    figures.add(Row(f"{POINTS} x {POINTS}, labels fresh", fresh, None, size))
    warm = timed(lambda: streets.matrix(points, profile=PROFILE), REPEATS)
    figures.add(Row(f"{POINTS} x {POINTS}, labels warm", warm, 0.05))
    _closures(figures, streets, points)
    many = places(network, MANY)
    seconds = timed(lambda: streets.matrix(many, profile=PROFILE))
    figures.add(Row(f"{MANY} x {MANY}, labels fresh", seconds, 2.0))
    _legs(figures, streets, points)
    _peers(figures, streets, points, warm, extract)


def _start(
    figures: Figures, files: GraphFiles, name: str, points: Sequence[Place], goal_s: float
) -> None:
    """Open a stored graph and answer a first question, as a service does when it starts."""

    def first_answer() -> None:
        streets = StreetMatrix.of_stored(files.open(name), files.cache)
        streets.matrix(points[:10], profile=PROFILE)

    first_answer()
    figures.add(Row("files to first answer", timed(first_answer, 3), goal_s, "10 x 10"))


def _closures(figures: Figures, streets: StreetMatrix, points: Sequence[Place]) -> None:
    ways = np.unique(streets.network.way_id)
    closed = np.random.default_rng(3).choice(ways, CLOSED, replace=False)
    today = DayConditions(closed_ways=frozenset(closed.tolist()))
    seconds = timed(lambda: streets.on(today).matrix(points, profile=PROFILE), 3)
    what = f"{POINTS} x {POINTS}, after closing {CLOSED} streets"
    figures.add(Row(what, seconds, 0.4, "weights, labels and matrix anew"))


def _legs(figures: Figures, streets: StreetMatrix, points: Sequence[Place]) -> None:
    def one_by_one() -> None:
        for index in range(LEGS):
            streets.legs(points[index : index + 2], profile=PROFILE)

    one_by_one()
    single = timed(one_by_one) / LEGS
    remark = f"median way {_kilometres(streets, points):.1f} km"
    figures.add(Row("one leg with shape and names", single, 0.001, remark))
    route = timed(lambda: streets.legs(points[:STOPS], profile=PROFILE), 3) / (STOPS - 1)
    figures.add(Row(f"a leg of a route of {STOPS - 1}", route, 0.001))


def _kilometres(streets: StreetMatrix, points: Sequence[Place]) -> float:
    legs = streets.legs(points[: LEGS + 1], profile=PROFILE)
    return median(leg.distance_m for leg in legs) / 1000


def _peers(
    figures: Figures,
    streets: StreetMatrix,
    points: Sequence[Place],
    warm: float,
    extract: Path | None,
) -> None:
    """Let others compute the same, as much of it as there is patience for."""
    searcher = streets.searcher(PROFILE)
    positions = streets.positions(points, PROFILE)
    seconds, sources = networkx_seconds(searcher, positions)
    scaled = seconds / sources * POINTS
    remark = f"{sources} of {POINTS} sources, scaled; {scaled / warm:,.0f} times ours (goal 2,000)"
    figures.add(Row(f"networkx, {POINTS} x {POINTS}", scaled, None, remark))
    costs = searcher.prepare(positions)
    seconds, sources, equal = scipy_check(searcher, positions, costs)
    remark = f"{sources} of {POINTS} sources, scaled; {'equal to' if equal else 'NOT'} ours"
    figures.add(Row(f"scipy, {POINTS} x {POINTS}", seconds / sources * POINTS, None, remark))
    if extract is not None:
        found = valhalla_seconds(extract, points)
        if found is None:
            figures.add(
                Row(
                    "valhalla",
                    float("nan"),
                    None,
                    "not installed: `make bench` does, where it has a wheel",
                )
            )
        else:
            scale = (POINTS / found.points) ** 2
            remark = f"{found.points} x {found.points}, scaled by {scale:.0f}; its truck profile"
            what = f"valhalla, {POINTS} x {POINTS}"
            figures.add(Row(what, found.seconds * scale, None, remark))


def _million(figures: Figures, files: GraphFiles) -> None:
    network = stand_in(MILLION_EDGES_NODES)
    started = perf_counter()
    files.save("million", network)
    streets = StreetMatrix.of_stored(files.open("million"), files.cache)
    report = streets.graph(PROFILE).report
    edges = streets.graph(PROFILE).arcs
    remark = f"{edges:,} directed edges, {report.states:,} states, {report.turns:,} turns"
    figures.add(Row("million edges: build and store", perf_counter() - started, 300.0, remark))
    points = places(network, POINTS)
    _start(figures, files, "million", points, 1.0)
    fresh = timed(lambda: streets.matrix(points, profile=PROFILE))
    gigabytes = peak_gb()
    remark = f"{gigabytes:.1f} GB at most until here (goal 4)"
    figures.add(Row(f"million edges: {POINTS} x {POINTS}, fresh", fresh, 3.0, remark))
    warm = timed(lambda: streets.matrix(points, profile=PROFILE), 3)
    figures.add(Row(f"million edges: {POINTS} x {POINTS}, warm", warm, 3.0))


def peak_gb() -> float:
    """Return the greatest memory of this process so far in gigabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**30 if sys.platform == "darwin" else 2**20)
