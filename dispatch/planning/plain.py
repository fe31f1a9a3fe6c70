"""Plans of plain problems rebuilt: where no break, reload or relation has to be minded.

The compiled search for problems with every rule takes a thousand steps a second, this one tens of
thousands. A job has one window here, a route one trip.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.fit import allowed, first_alike, helps
from dispatch.planning.kernel.plain_ruin import plain_rounds
from dispatch.planning.kernel.plain_state import BEST, COLUMNS, UNBOUND, Facts, Plan, begin
from dispatch.planning.kernel.ruin import seed_random
from dispatch.planning.model_nodes import Node, among, work_s
from dispatch.planning.nearby import near_jobs
from dispatch.planning.problem import job_visit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from dispatch.planning.problem import Problem, Visit

    Orders = tuple[tuple[Visit, ...], ...]
    Watch = Callable[[float, int], None]

NEIGHBOURS = 100
STEPS = 200
"""Steps between two looks at the clock."""
HOT, COLD = 5e-4, 1e-5
"""First and last temperature as shares of the cost of routes and optional jobs left."""
NO_ROAD_S = 2**33


def suits(problem: Problem) -> bool:
    """Tell whether a problem whose shifts have few rules has few rules for jobs too."""
    first_s = min(shift.start_s for shift in problem.shifts)
    one_trip = not any(
        helps(problem, shift, place) for shift in problem.shifts for place in problem.facilities
    )
    return one_trip and all(
        len(job.windows) == 1 and job.release_s <= first_s for job in problem.jobs
    )


def rebuilt(
    problem: Problem,
    orders: Orders,
    *,
    seconds: float,
    seed: int = 0,
    steps: int | None = None,
    watch: Watch | None = None,
) -> Orders:
    """Return the orders after rebuilding strings of jobs for so long, or for so many steps.

    The orders must keep all rules of the problem, and hold jobs only. `watch` is told seconds since
    the beginning and cost in micro-euro of each better plan.
    """
    began = perf_counter()
    facts = _facts(problem)
    plan = _plan(facts, orders)
    if not begin(facts, plan):
        return orders
    seed_random(seed)
    left = facts.price[plan.where < 0]
    scale = float(plan.cost.sum() + left[left < facts.required].sum())
    done, share = 0, 0.0
    while share < 1.0 and (steps is None or perf_counter() - began < seconds):
        temperature = scale * HOT * (COLD / HOT) ** share
        if plain_rounds(facts, plan, STEPS, temperature) and watch is not None:
            watch(perf_counter() - began, int(plan.sums[BEST]))
        done += STEPS
        share = (perf_counter() - began) / max(seconds, 1e-9) if steps is None else done / steps
    return tuple(
        tuple(job_visit(job) for job in route[1 : size + 1].tolist())
        for route, size in zip(plan.best, plan.best_size.tolist(), strict=True)
    )


def _facts(problem: Problem) -> Facts:
    shifts = problem.shifts
    ends = list(dict.fromkeys(at for on in shifts for at in (on.start_location, on.end_location)))
    nodes = [
        *(
            Node(location=job.location, service_s=job.service_s, setup_s=job.setup_s)
            for job in problem.jobs
        ),
        *(Node(location=end) for end in ends),
    ]
    matrices = list(dict.fromkeys(on.matrix for on in shifts))
    seconds = _stacked([_seconds(problem, nodes, matrix) for matrix in matrices])
    metres = _stacked(
        [among(nodes, problem.matrices[matrix].distance_m).clip(min=0) for matrix in matrices]
    )
    able = np.asarray(allowed(problem), dtype=np.int64)
    kind_of, kinds = _kinds(problem, able)
    opens = np.array([job.windows[0].earliest_s for job in problem.jobs], dtype=np.int64)
    closes = np.array([job.windows[0].latest_s for job in problem.jobs], dtype=np.int64)
    return Facts(
        seconds=seconds,
        metres=metres,
        seconds_to=_turned(seconds),
        metres_to=_turned(metres),
        opens=opens,
        closes=closes,
        loads=np.array([job.loads for job in problem.jobs], dtype=np.int64).reshape(
            len(problem.jobs), problem.dimensions
        ),
        price=np.array(
            [leave_price_ueur(problem, job) for job in range(len(problem.jobs))], dtype=np.int64
        ),
        allowed=np.ascontiguousarray(able[:, kinds]),
        shift=_shifts(problem, matrices, ends, kind_of),
        room=np.array([on.capacities for on in shifts], dtype=np.int64).reshape(
            len(shifts), problem.dimensions
        ),
        near=np.ascontiguousarray(near_jobs(problem, able[:, kinds], NEIGHBOURS)),
        required=problem.required_extra_ueur,
        windows=int(bool(np.ptp(opens)) or bool(np.ptp(closes))),
    )


def _seconds(problem: Problem, nodes: Sequence[Node], matrix: int) -> NDArray[np.int64]:
    drives = next(on for on in problem.shifts if on.matrix == matrix)
    table = work_s(problem, nodes, drives)
    table[among(nodes, problem.matrices[matrix].duration_s) < 0] = NO_ROAD_S
    return table


def _stacked(tables: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.ascontiguousarray(np.array(tables, dtype=np.int64))


def _turned(tables: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.ascontiguousarray(tables.transpose(0, 2, 1))


def _kinds(problem: Problem, able: NDArray[np.int64]) -> tuple[list[int], list[int]]:
    """Return the kind of every shift, and a shift of every kind: alike, and open to equal jobs."""
    number: dict[tuple[int, bytes], int] = {}
    firsts: list[int] = []
    kind_of = []
    for shift, alike in enumerate(first_alike(problem.shifts)):
        kind = number.setdefault((alike, able[:, shift].tobytes()), len(number))
        if kind == len(firsts):
            firsts.append(shift)
        kind_of.append(kind)
    return kind_of, firsts


def _shifts(
    problem: Problem, matrices: list[int], ends: list[int], kind_of: list[int]
) -> NDArray[np.int64]:
    first = len(problem.jobs)
    rows = [
        (
            *(matrices.index(on.matrix), on.crew_ueur_per_s, on.ueur_per_m, on.use_ueur),
            *(first + ends.index(on.start_location), first + ends.index(on.end_location)),
            *(on.start_s, on.end_s, UNBOUND if on.max_span_s is None else on.max_span_s, kind),
        )
        for on, kind in zip(problem.shifts, kind_of, strict=True)
    ]
    return np.array(rows, dtype=np.int64).reshape(len(rows), COLUMNS)


def _plan(facts: Facts, orders: Orders) -> Plan:
    shifts, jobs = facts.shift.shape[0], facts.price.shape[0]
    halts = max(_most_stops(facts), *(len(order) for order in orders)) + 4

    def zeros(*shape: int) -> NDArray[np.int64]:
        return np.zeros(shape, dtype=np.int64)

    of_jobs = {"where", "pool", "keys"}
    of_halts = {"route", "early", "so_far", "leaves", "to_go", "begins", "late", "link"}
    shapes: dict[str, Any] = dict.fromkeys(Plan._fields, (shifts,))
    shapes |= dict.fromkeys(of_halts | {"kept", "best"}, (shifts, halts))
    shapes |= dict.fromkeys(of_jobs, (jobs,))
    shapes |= {"held": facts.room.shape, "empty": (facts.allowed.shape[1],), "sums": (4,)}
    plan = Plan(**{name: zeros(*shape) for name, shape in shapes.items()})
    for shift, order in enumerate(orders):
        plan.route[shift, 1 : len(order) + 1] = [visit.index for visit in order]
        plan.size[shift] = len(order)
    return plan


def _most_stops(facts: Facts) -> int:
    """Return how many of the smallest jobs go into the largest vehicle."""
    most: int = facts.price.shape[0]
    for dimension in range(facts.loads.shape[1]):
        filled = np.cumsum(np.sort(facts.loads[:, dimension]))
        room = int(facts.room[:, dimension].max())
        most = min(most, int(np.searchsorted(filled, room, side="right")))
    return most
