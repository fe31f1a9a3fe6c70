"""How plans and jobs look on a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from dispatch.cli.shared import console

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dispatch.domain.ids import JobId
    from dispatch.domain.job import Job
    from dispatch.domain.plan import Plan, Unassigned


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


def print_verdict(plans: Sequence[Plan], jobs: Mapping[JobId, Job]) -> None:
    """Print what the plans of a day cost together, what they leave, and each in one line."""
    console.print(bill_table(*plans))
    if left_of(plans):
        console.print(unassigned_table(plans, jobs))
    for plan in plans:
        console.print(plan_summary(plan))


def bill_table(*plans: Plan) -> Table:
    """Return what the plans cost together, line by line."""
    table = Table("What the plan costs", "€", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    amounts: Counter[str] = Counter()
    for line in (line for plan in plans for line in plan.bill):
        amounts[line.label.en] += line.amount_ct
    for label, amount_ct in amounts.items():
        table.add_row(label, f"{amount_ct / 100:,.2f}")
    table.add_row("Total", f"{sum(amounts.values()) / 100:,.2f}", style="bold")
    return table


def plan_summary(plan: Plan) -> str:
    """Return the plan in one line, the stand-in network named as such."""
    served = sum(len(route.job_ids) for route in plan.routes)
    kilometres = sum(route.distance_m for route in plan.routes) / 1000
    streets = (
        "STAND-IN network, streets are invented" if plan.streets.stand_in else plan.streets.name
    )
    return (
        f"Plan {plan.day} {plan.organisation} revision {plan.revision}: "
        f"{counted(served, 'job', 'jobs')} on "
        f"{counted(len(plan.routes), 'route', 'routes')}, "
        f"{kilometres:.0f} km, {counted(len(plan.unassigned), 'job', 'jobs')} left, "
        f"{counted(len(plan.violations), 'violation', 'violations')}; "
        f"solved in {plan.solve_s:.1f} s on {streets}"
    )


def left_of(plans: Sequence[Plan]) -> list[Unassigned]:
    """Return the jobs that no plan of the day serves, each once."""
    served = {job_id for plan in plans for route in plan.routes for job_id in route.job_ids}
    left = {one.job_id: one for plan in plans for one in plan.unassigned}
    return [one for job_id, one in left.items() if job_id not in served]


def unassigned_table(plans: Sequence[Plan], jobs: Mapping[JobId, Job]) -> Table:
    """Return the jobs left out with their reasons, required ones first."""
    table = Table("Left out", "", "Site", "Why", box=None, pad_edge=False)
    for entry in sorted(left_of(plans), key=lambda u: not jobs[u.job_id].required):
        job = jobs[entry.job_id]
        urgency = "must" if job.required else "may"
        table.add_row(job.kind, urgency, escape(job.site_name), escape(entry.text.en))
    return table
