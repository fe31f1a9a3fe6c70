"""The figures of a planned day, and whether they are what the scenario expects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.domain.job import Job, JobKind
    from dispatch.domain.plan import Plan
    from scenarios.definition import Expect


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMetrics:
    """What a head of department asks about a day."""

    jobs: int
    required: int
    served: int
    required_unassigned: int
    kinds_served: tuple[str, ...]
    crew_kinds: tuple[str, ...]
    routes: int
    distance_km: float
    travel_h: float
    service_h: float
    wait_h: float
    cost_eur: float
    violations: int
    solve_s: float


def measure(plans: Sequence[Plan], jobs: list[Job]) -> DayMetrics:
    """Return the figures of a day's plans; `jobs` are all that were open when they were made."""
    worked = [route for plan in plans for route in plan.routes if route.job_ids]
    served = {job_id for route in worked for job_id in route.job_ids}
    kinds: set[JobKind] = {job.kind for job in jobs if job.id in served}
    required = [job for job in jobs if job.required]
    return DayMetrics(
        jobs=len(jobs),
        required=len(required),
        served=len(served),
        required_unassigned=sum(job.id not in served for job in required),
        kinds_served=tuple(sorted(kinds)),
        crew_kinds=tuple(sorted({route.crew_name.rpartition(" ")[0] for route in worked})),
        routes=len(worked),
        distance_km=round(sum(route.distance_m for route in worked) / 1000, 1),
        travel_h=round(sum(route.travel_s for route in worked) / 3600, 1),
        service_h=round(sum(route.service_s for route in worked) / 3600, 1),
        wait_h=round(sum(route.wait_s for route in worked) / 3600, 1),
        cost_eur=round(sum(plan.cost_ct for plan in plans) / 100, 2),
        violations=sum(len(plan.violations) for plan in plans),
        solve_s=round(sum(plan.solve_s for plan in plans), 2),
    )


def missed(metrics: DayMetrics, expect: Expect) -> list[str]:
    """Return a sentence per expectation that was not met."""
    found = []
    if metrics.required_unassigned > expect.required_unassigned:
        found.append(
            f"{metrics.required_unassigned} required jobs are unassigned, "
            f"at most {expect.required_unassigned} expected"
        )
    if metrics.violations > expect.violations:
        found.append(f"{metrics.violations} violations, at most {expect.violations} expected")
    if len(metrics.kinds_served) < expect.job_kinds:
        found.append(
            f"only {', '.join(metrics.kinds_served) or 'no kind'} served, "
            f"{expect.job_kinds} kinds expected"
        )
    if len(metrics.crew_kinds) < expect.crew_kinds:
        found.append(
            f"only {', '.join(metrics.crew_kinds) or 'no crew'} at work, "
            f"{expect.crew_kinds} kinds of crew expected"
        )
    return found
