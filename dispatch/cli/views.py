"""How plans and jobs look on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dispatch.domain.ids import JobId
    from dispatch.domain.job import Job
    from dispatch.domain.plan import Plan


def counted(amount: int, one: str, many: str) -> str:
    """Return the amount with its noun: '1 route', '2 routes'."""
    return f"{amount} {one if amount == 1 else many}"


def jobs_table(jobs: Iterable[Job]) -> Table:
    """Return one line per job, required ones first, the dearest to leave first."""
    table = Table("Job", "", "Price/day", "Site", "Reason", box=None, pad_edge=False)
    ordered = sorted(jobs, key=lambda job: (not job.required, -job.leave_price_ct, job.id))
    for job in ordered:
        urgency = "must" if job.required else "may"
        price = f"{job.leave_price_ct / 100:.2f} €"
        table.add_row(job.kind, urgency, price, escape(job.site_name), escape(job.reason.en))
    return table


def bill_table(plan: Plan) -> Table:
    """Return what the plan costs, line by line."""
    table = Table("What the plan costs", "€", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for line in plan.bill:
        table.add_row(line.label.en, f"{line.amount_ct / 100:,.2f}")
    table.add_row("Total", f"{plan.cost_ct / 100:,.2f}", style="bold")
    return table


def plan_summary(plan: Plan) -> str:
    """Return the plan in one line, the stand-in network named as such."""
    served = sum(len(route.job_ids) for route in plan.routes)
    kilometres = sum(route.distance_m for route in plan.routes) / 1000
    streets = (
        "STAND-IN network, streets are invented" if plan.streets.stand_in else plan.streets.name
    )
    return (
        f"Plan {plan.day} revision {plan.revision}: {counted(served, 'job', 'jobs')} on "
        f"{counted(len(plan.routes), 'route', 'routes')}, "
        f"{kilometres:.0f} km, {counted(len(plan.unassigned), 'job', 'jobs')} left, "
        f"{counted(len(plan.violations), 'violation', 'violations')}; "
        f"solved in {plan.solve_s:.1f} s on {streets}"
    )


def unassigned_table(plan: Plan, jobs: Mapping[JobId, Job]) -> Table:
    """Return the jobs left out with their reasons, required ones first."""
    table = Table("Left out", "", "Site", "Why", box=None, pad_edge=False)
    for entry in sorted(plan.unassigned, key=lambda u: not jobs[u.job_id].required):
        job = jobs[entry.job_id]
        urgency = "must" if job.required else "may"
        table.add_row(job.kind, urgency, escape(job.site_name), escape(entry.text.en))
    return table
