"""How long the rooms of the house take: streets, matrices, legs, intake, demand."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.clock import at_local
from dispatch.service.ingest import ingest
from dispatch.service.make_jobs import JobsRequest, make_jobs
from dispatch.store import open_store
from graphs.osm import read_osm
from graphs.profiles import PROFILES
from graphs.sampling import sample_on_streets
from graphs.street_matrix import StreetMatrix
from graphs.streets import compile_streets
from scenarios.feed import feed
from scenarios.feeds.clockwork import FeedPeriod
from scenarios.streets import stand_in
from scenarios.world import WorldSettings, make_city

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphs.network import StreetNetwork

PROFILE = "truck26"
POINTS = 300
LEGS = 50
MILLION_EDGES_NODES = 395_000
"""So many junctions make about a million directed edges."""
DAY = date(2026, 7, 15)
SIGNAL_DAYS = 10


@dataclass(slots=True)
class Bench:
    """A table of what was measured: (what, seconds, the amount done)."""

    rows: list[tuple[str, float, str]] = field(default_factory=list)

    @contextmanager
    def timed(self, what: str) -> Iterator[list[str]]:
        """Time the block; it may append words about the amount done to the list it is given."""
        words: list[str] = []
        started = perf_counter()
        yield words
        self.rows.append((what, perf_counter() - started, " ".join(words)))


def run(*, database: str, extract: Path | None, large: bool) -> Bench:
    """Return the timings on this machine; signals go into the empty database at that URL."""
    bench = Bench()
    with bench.timed("stand-in of a city") as words:
        city = stand_in()
        words.append(_size(city))
    _measure_streets(bench, city)
    if extract is not None:
        with bench.timed(f"read {extract.name}") as words:
            real = read_osm(extract)
            words.append(_size(real))
        _measure_streets(bench, real)
    if large:
        _measure_million(bench)
    _measure_signals(bench, city, database)
    return bench


def _size(network: StreetNetwork) -> str:
    return f"{network.nodes:,} junctions, {network.segments:,} street pieces"


def _measure_streets(bench: Bench, network: StreetNetwork) -> None:
    with bench.timed(f"  compile for {PROFILE}") as words:
        words.append(f"{compile_streets(network, PROFILES[PROFILE]).tail.size:,} arcs")
    sampled = sample_on_streets(network, count=POINTS, seed=1)
    points = [(point.lat, point.lon) for point in sampled]
    provider = StreetMatrix(network)
    provider.matrix(points[:2], profile=PROFILE)
    with bench.timed(f"  matrix {POINTS} x {POINTS}") as words:
        table = provider.matrix(points, profile=PROFILE)
        words.append(f"{table.reachable.mean():.0%} reachable, time and distance exact")
    with bench.timed(f"  {LEGS} legs with geometry") as words:
        legs = provider.legs(points[: LEGS + 1], profile=PROFILE)
        words.append(f"{sum(leg.distance_m for leg in legs) / 1000:,.0f} km")


def _measure_million(bench: Bench) -> None:
    with bench.timed("stand-in, a million edges") as words:
        network = stand_in(MILLION_EDGES_NODES)
        words.append(_size(network))
    with bench.timed("  compile for van") as words:
        words.append(f"{compile_streets(network, PROFILES['van']).tail.size:,} arcs")


def _measure_signals(bench: Bench, network: StreetNetwork, database: str) -> None:
    now = at_local(DAY, time(4, 30))
    with bench.timed("world") as words:
        city = make_city(network, WorldSettings(today=DAY))
        words.append(f"{len(city.sites)} sites, {len(city.devices)} devices")
    with bench.timed(f"payloads of {SIGNAL_DAYS} days") as words:
        payloads = feed(city, FeedPeriod(now=now, days=SIGNAL_DAYS, seed=44))
        words.append(f"{len(payloads):,} payloads")
    store = open_store(database)
    with store.begin() as tx:
        tx.save_city(city)
    backend = database.split(":")[0].split("+")[0]
    with bench.timed(f"ingest into {backend}") as words:
        done = ingest(payloads, store=store)
        words.append(f"{done.stored:,} signals stored, {done.duplicates:,} sent twice")
    with bench.timed("ingest again") as words:
        again = ingest(payloads, store=store)
        words.append(f"{again.stored:,} signals stored, {again.duplicates:,} known already")
    with bench.timed("jobs from all signals") as words:
        jobs = make_jobs(JobsRequest(now=now, day=DAY), store=store)
        words.append(f"{len(jobs.created)} jobs")
    store.close()
