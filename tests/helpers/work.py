"""Work in the small town, and who does it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dispatch.domain.city import City
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import JobId, SiteId
from dispatch.domain.job import Dimension, Job, JobKind, Load, Skill
from dispatch.domain.text import Text
from tests.helpers.towns import NOW

if TYPE_CHECKING:
    from dispatch.domain.fleet import Fleet
    from dispatch.domain.plan import Plan
    from dispatch.store import Store


def a_job(name: str, *, kind: JobKind = JobKind.EMPTY, **parts: Any) -> Job:
    """Return an optional job worth 500 EUR in the middle of Bochum, at a site of the town."""
    site, skill, load = {
        JobKind.EMPTY: ("glas-1", Skill.GLASS_CRANE, (Dimension.WHITE_GLASS_L, 1500)),
        JobKind.WATER: ("baum-0001", Skill.WATERING, (Dimension.WATER_L, 100)),
        JobKind.AERATE: ("teich-1", Skill.AERATOR, None),
        JobKind.CLEAN: ("teich-1", Skill.POND_CARE, None),
        JobKind.CHECK: ("glas-1", Skill.SENSOR_CARE, None),
    }[kind]
    defaults: dict[str, Any] = {
        "id": JobId(name),
        "site_id": SiteId(site),
        "site_name": f"Platz {site}",
        "location": LatLon(51.48, 7.21),
        "kind": kind,
        "loads": () if load is None else (Load(dimension=load[0], amount=load[1]),),
        "service_s": 300,
        "setup_s": 60,
        "windows": (),
        "skills": frozenset({skill}),
        "required": False,
        "leave_price_ct": 50_000,
        "reason": Text(de="voll", en="full"),
        "created_at": NOW - timedelta(hours=1),
        "updated_at": NOW - timedelta(hours=1),
    }
    return Job(**defaults | parts)


def three_jobs() -> list[Job]:
    """Return work for three crews; the tree's must be done."""
    return [
        a_job("glas"),
        a_job("baum", kind=JobKind.WATER, location=LatLon(51.49, 7.21), required=True),
        a_job("teich", kind=JobKind.AERATE, location=LatLon(51.48, 7.23)),
    ]


def save(store: Store, *jobs: Job, fleet: Fleet | None = None) -> None:
    """Store jobs, and another fleet if one is given."""
    with store.begin() as tx:
        tx.save_jobs(jobs)
        if fleet is not None:
            tx.save_city(City(name="Bochum", sites=(), devices=(), fleet=fleet))


def served(plan: Plan) -> set[str]:
    """Return the jobs on any route."""
    return {job for route in plan.routes for job in route.job_ids}
