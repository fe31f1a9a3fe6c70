"""One day through the whole house: a world, its payloads, jobs, and the published plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from dispatch.demand.merge import MergeResult
from dispatch.domain.city import City
from dispatch.domain.clock import at_local
from dispatch.domain.plan import Plan
from dispatch.domain.site import SiteKind
from dispatch.planning.solution import Budget
from dispatch.service.ingest import IngestResult, ingest
from dispatch.service.make_jobs import JobsRequest, make_jobs
from dispatch.service.plan_together import plan_together, requests_of_all
from dispatch.service.workers import Solver
from dispatch.store import Store
from graphs.network import StreetNetwork
from graphs.provider import MatrixProvider
from scenarios.feed import feed
from scenarios.feeds.clockwork import FeedPeriod
from scenarios.feeds.trees import past_waterings
from scenarios.feeds.weather import water_sources
from scenarios.places import BOCHUM
from scenarios.progress import Reporter
from scenarios.world import WorldSettings, make_city

if TYPE_CHECKING:
    from dispatch.domain.geo import LatLon

PLANNED_AT = time(4, 30)
"""Early enough for the first shift at five, late enough to see the ponds' night."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRun:
    """What one day brought."""

    city: City
    ingested: IngestResult
    jobs: MergeResult
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySettings:
    """Which day, seen at which time of it, with how many days of signals and how much search."""

    world: WorldSettings
    day: date
    planned_at: time = PLANNED_AT
    signal_days: int = 30
    external_model: bool = False
    """An external irrigation model sends its needs; else the own one works from the weather."""
    budget: Budget

    @property
    def now(self) -> datetime:
        """The moment at which the planner looks."""
        return at_local(self.day, self.planned_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a run works with; made by whoever starts it.

    `rush` are the streets as they are driven in the rush hours; without them no hour is special.
    """

    network: StreetNetwork
    streets: MatrixProvider
    store: Store
    solver: Solver
    reporter: Reporter
    rush: MatrixProvider | None = None


def run_day(settings: DaySettings, tools: Tools) -> DayRun:
    """Return the day, with everything in the store and every organisation's plan published.

    On a network with invented or foreign streets outside Bochum, yards and ponds are drawn from
    the streets as well.
    """
    reporter, store = tools.reporter, tools.store
    with reporter.step("World"):
        places = BOCHUM if covers(tools.network, BOCHUM.usb_depot.location) else None
        city = make_city(tools.network, settings.world, places=places)
        period = FeedPeriod(now=settings.now, days=settings.signal_days, seed=settings.world.seed)
        trees = [site for site in city.sites if site.kind is SiteKind.TREE]
        with store.begin() as tx:
            tx.save_city(city)
            tx.save_jobs(past_waterings(trees, period))
    with reporter.step("Payloads sent"):
        payloads = feed(city, period, external_model=settings.external_model)
        water = None if settings.external_model else water_sources(trees, period)
    with reporter.step("Payloads ingested", len(payloads)) as advance:
        ingested = ingest(payloads, store=store, on_progress=advance)
    with reporter.step("Jobs made"):
        request = JobsRequest(now=settings.now, day=settings.day, water=water)
        jobs = make_jobs(request, store=store)
    with reporter.step("Plans published"):
        wanted = requests_of_all(settings.day, now=settings.now, budget=settings.budget)
        plans = plan_together(
            wanted, store=store, streets=tools.streets, solver=tools.solver, rush=tools.rush
        )
    return DayRun(city=city, ingested=ingested, jobs=jobs, plans=plans)


def covers(network: StreetNetwork, place: LatLon) -> bool:
    """Tell whether the place lies within the network's bounds."""
    lat, lon = network.node_lat, network.node_lon
    return bool(lat.min() < place.lat < lat.max() and lon.min() < place.lon < lon.max())
