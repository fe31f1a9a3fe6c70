"""Adding the jobs that were left and would pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.planning.desk import NEVER, Desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Problem, Visit


def with_jobs_that_pay(
    problem: Problem, orders: Sequence[Sequence[Visit]], *, until: float = NEVER
) -> tuple[tuple[Visit, ...], ...]:
    """Return the orders with every left job added that costs less than leaving it.

    Dearest to leave first, and again until nothing more pays. After this, a job that is left is
    left because it does not fit or does not pay, and `explain` can say so truthfully; only where
    the clock passes `until` (of `perf_counter`) first may some be left untried. The orders must
    keep all rules.
    """
    desk = Desk(problem, orders)
    desk.fill(until=until)
    return desk.orders
