"""The only place that knows PyVRP: a Problem becomes its data, its answer orders.

PyVRP searches far faster than OR-Tools, but knows fewer rules. What it is asked is the problem
without breaks (their length is taken off the end of the shift); `repair` makes its answer a plan.
Money is one matrix per kind of shift: driving, setup, service and metres, so waiting is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from time import perf_counter
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.IteratedLocalSearch import IteratedLocalSearch, IteratedLocalSearchParams
from pyvrp.PenaltyManager import PenaltyManager, PenaltyParams
from pyvrp.search import (
    OPERATORS,
    LocalSearch,
    NeighbourhoodParams,
    PerturbationManager,
    PerturbationParams,
    compute_neighbours,
)

from dispatch.domain.plan import StopKind
from dispatch.planning.fit import first_alike, usable
from dispatch.planning.model_nodes import nodes_of
from dispatch.planning.problem import Visit
from dispatch.planning.relaxed import Relaxed, full_resets, hours_told, relaxed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pyvrp.stop import StoppingCriterion

    from dispatch.planning.model_nodes import Node
    from dispatch.planning.problem import Problem, Window
    from dispatch.planning.solution import Budget

    Watch = Callable[[float, int], None]

UNLIMITED_S = 2**31
INFEASIBLE = 2**63 - 1  # what PyVRP says that a solution costs that breaks a rule
Orders = tuple[tuple[Visit, ...], ...]
CLIENT, DEPOT = pyvrp.ActivityType.CLIENT, pyvrp.ActivityType.DEPOT

ITERATIONS_PER_SOLUTION = 5
"""With a solution limit: so many iterations take about as long as one solution of OR-Tools."""
NEIGHBOURS, NEIGHBOURS_RELEASED = 50, 25
LOOK_AT = 3 * NEIGHBOURS
"""More are looked at, as some could share no shift. Half of them do where jobs are released."""
PERTURBATIONS = 10
HISTORY = 50
PENALTIES = PenaltyParams(solutions_between_updates=50, penalty_increase=2.0, max_penalty=1e9)
"""Measured on days of 150 and 600 jobs: the package README has the figures."""
LATE_SECOND_IS = 1.0
"""First price of a second too late, in seconds on the road; the search adapts it."""
OVERLOAD_IS = 0.1
"""First price of as much overload as a job is large, in prices of a job."""


def search(
    problem: Problem, *, budget: Budget, start: Orders | None = None, watch: Watch | None = None
) -> Orders:
    """Return good orders, one per shift, that may still break rules PyVRP does not know.

    These are breaks, and roads that are missing where they are worth a detour. Jobs that fit no
    shift and reloads that empty a vehicle only in part are not tried.
    `watch(seconds since the search began, ueur)` hears of every better solution within PyVRP's
    rules: its cost in the coarse money of `relaxed`, with the moderate surcharge.
    """
    began = perf_counter()
    until = began + budget.time_limit_s
    shifts = usable(problem)
    nodes = list(dict.fromkeys(nodes_of(problem, shifts, seed=0, start=None)))
    if not any(node.visit is not None and node.visit.kind is StopKind.JOB for node in nodes):
        return ((),) * len(problem.shifts)
    model = _Model(problem, shifts, nodes)
    stop = _stop(budget, until)
    if watch is not None:
        stop = _watched(stop, watch, began, model.relaxed.unit_ueur)
    return model.run(budget.seed, stop, start)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clients:
    """The clients of the model; `node` says whose each is, `first` where a node's begin."""

    clients: list[pyvrp.Client]
    groups: list[pyvrp.ClientGroup]
    node: list[int]
    first: dict[int, int]


class _Model:
    """The data of one problem: a location per node, a vehicle type per kind of usable shift."""

    def __init__(self, problem: Problem, shifts: Sequence[int], nodes: list[Node]) -> None:
        self.problem = problem
        self.nodes = nodes
        kinds: dict[int, list[int]] = {}
        first = first_alike(problem.shifts)
        for shift in shifts:
            kinds.setdefault(first[shift], []).append(shift)
        self.alike = list(kinds.values())
        self.relaxed = relaxed(problem, shifts, nodes)
        self.served = _clients(problem, nodes, self.relaxed)
        self.depot_nodes = [n for n, node in enumerate(nodes) if not _is_job(node)]
        self.data = pyvrp.ProblemData(
            [pyvrp.Location(0, 0) for _ in nodes],
            self.served.clients,
            [_depot(n, nodes[n].windows) for n in self.depot_nodes],
            [self._vehicle(alike) for alike in self.alike],
            list[Any](table.money for table in self.relaxed.tables),
            list[Any](table.seconds for table in self.relaxed.tables),
            self.served.groups,
        )

    def run(self, seed: int, stop: StoppingCriterion, start: Orders | None) -> Orders:
        """Return the best that the search found before it was stopped."""
        rng = pyvrp.RandomNumberGenerator(seed)
        search = LocalSearch(
            self.data,
            rng,
            self._neighbours(),
            PerturbationManager(PerturbationParams(1, PERTURBATIONS)),
        )
        for operator in OPERATORS:
            if operator.supports(self.data):
                search.add_operator(operator(self.data))
        penalties = PenaltyManager(self._first_penalties(), PENALTIES)
        if start:
            first = self._solution(start)
        else:
            random = pyvrp.Solution.make_random(self.data, rng)
            first = search(random, penalties.max_cost_evaluator(), exhaustive=True)
        settings = IteratedLocalSearchParams(history_length=HISTORY)
        ils = IteratedLocalSearch(self.data, penalties, search, first, settings)
        with catch_warnings():
            # A price at its bound is no fault: `repair` takes out what does not fit.
            simplefilter("ignore", PenaltyBoundWarning)
            return self._orders(ils.run(stop, collect_stats=False).best)

    def _orders(self, best: pyvrp.Solution) -> Orders:
        orders: list[tuple[Visit, ...]] = [()] * len(self.problem.shifts)
        free = [list(alike) for alike in self.alike]
        for route in best.routes():
            orders[free[route.vehicle_type()].pop(0)] = tuple(self._visits(route))
        return tuple(orders)

    def _neighbours(self) -> dict[pyvrp.Activity, list[pyvrp.Activity]]:
        """Return the nearest activities of each client, of those that share a shift with it."""
        near = compute_neighbours(self.data, NeighbourhoodParams(num_neighbours=LOOK_AT))
        most = NEIGHBOURS_RELEASED if any(j.release_s for j in self.problem.jobs) else NEIGHBOURS
        allowed = [frozenset(self.nodes[n].shifts) for n in self.served.node]
        return {
            one: [
                other
                for other in others
                if not other.is_client() or allowed[one.idx] & allowed[other.idx]
            ][:most]
            for one, others in near.items()
        }

    def _first_penalties(self) -> tuple[list[float], float, float]:
        """Return first prices of overload per dimension, of lateness and of distance."""
        prize = fmean(self.relaxed.prizes.values())
        sizes = [
            fmean([job.loads[dimension] for job in self.problem.jobs if job.loads[dimension]])
            for dimension in self.relaxed.dimensions
        ]
        money, seconds = 0, 0
        for shift, *_ in self.alike:
            table = self.relaxed.tables[self.relaxed.profile_of[shift]]
            money += self.relaxed.factor_of[shift] * int(table.money.sum())
            seconds += int(table.seconds.sum())
        late = LATE_SECOND_IS * money / max(1, seconds)
        return [OVERLOAD_IS * prize / size for size in sizes], late, 1.0

    def _vehicle(self, alike: Sequence[int]) -> pyvrp.VehicleType:
        shift = alike[0]
        on = self.problem.shifts[shift]
        at = {self.nodes[n].location: d for d, n in reversed(list(enumerate(self.depot_nodes)))}
        resets = full_resets(self.problem, shift)
        return pyvrp.VehicleType(
            len(alike),
            [on.capacities[dimension] for dimension in self.relaxed.dimensions],
            at[on.start_location],
            at[on.end_location],
            fixed_cost=on.use_ueur // self.relaxed.unit_ueur,
            tw_early=on.start_s,
            tw_late=self.relaxed.ends_s[shift],
            shift_duration=self.relaxed.spans_s.get(shift, UNLIMITED_S),
            unit_distance_cost=self.relaxed.factor_of[shift],
            profile=self.relaxed.profile_of[shift],
            reload_depots=[
                depot
                for depot, n in enumerate(self.depot_nodes)
                if (visit := self.nodes[n].visit) is not None and visit.index in resets
            ],
        )

    def _visits(self, route: pyvrp.Route) -> Iterator[Visit]:
        for step in list(route)[1:-1]:
            number = self.served.node[step.idx] if step.is_client() else self.depot_nodes[step.idx]
            visit = self.nodes[number].visit
            if visit is not None:
                yield visit

    def _solution(self, start: Orders) -> pyvrp.Solution:
        """Return some orders as PyVRP's own solution, less the visits that it does not have."""
        number = {node.visit: n for n, node in enumerate(self.nodes) if node.visit is not None}
        depot = {n: d for d, n in enumerate(self.depot_nodes)}
        routes = []
        for vehicle, alike in enumerate(self.alike):
            may_reload = self.data.vehicle_type(vehicle).reload_depots
            for shift in alike:
                asked = [number[visit] for visit in start[shift] if visit in number]
                steps = [
                    pyvrp.Activity(DEPOT, depot[n])
                    if n in depot
                    else pyvrp.Activity(CLIENT, self.served.first[n])
                    for n in asked
                    if n not in depot or depot[n] in may_reload
                ]
                if any(step.is_client() for step in steps):
                    routes.append(pyvrp.Route(self.data, steps, vehicle))
        return pyvrp.Solution(self.data, routes)


def _stop(budget: Budget, until: float) -> StoppingCriterion:
    """Return what ends a search: the clock, and with a solution limit its number of rounds."""
    rounds = budget.solution_limit
    left = [rounds * ITERATIONS_PER_SOLUTION if rounds is not None else -1]

    def stop(best_cost: int) -> bool:  # noqa: ARG001  # the protocol names it
        left[0] -= 1
        return left[0] == -1 or perf_counter() >= until

    return stop


def _watched(
    stop: StoppingCriterion, watch: Watch, began: float, unit_ueur: int
) -> StoppingCriterion:
    """Return the criterion with an ear for better solutions: it is asked after every round."""
    cheapest = [INFEASIBLE]

    def listen(best_cost: int) -> bool:
        if best_cost < cheapest[0]:
            cheapest[0] = best_cost
            watch(perf_counter() - began, best_cost * unit_ueur)
        return stop(best_cost)

    return listen


def _is_job(node: Node) -> bool:
    return node.visit is not None and node.visit.kind is StopKind.JOB


def _depot(number: int, windows: tuple[Window, ...]) -> pyvrp.Depot:
    """Return an end place, or a facility with its hours; its service lies on the legs from it."""
    if not windows:
        return pyvrp.Depot(number)
    return pyvrp.Depot(number, tw_early=windows[0].earliest_s, tw_late=windows[0].latest_s)


def _clients(problem: Problem, nodes: Sequence[Node], relaxed: Relaxed) -> _Clients:
    """Return one client per window; those of one job exclude each other."""
    served = _Clients(clients=[], groups=[], node=[], first={})
    for number, node in enumerate(nodes):
        if node.visit is None or node.visit.kind is not StopKind.JOB:
            continue
        job = problem.jobs[node.visit.index]
        served.first[number] = len(served.clients)
        alternatives = range(len(served.clients), len(served.clients) + len(node.windows))
        group = len(served.groups) if len(alternatives) > 1 else None
        if group is not None:
            served.groups.append(pyvrp.ClientGroup(list(alternatives), required=False))
        for window in node.windows:
            early_s, late_s, release_s = hours_told(job, window, relaxed)
            served.node.append(number)
            served.clients.append(
                pyvrp.Client(
                    number,
                    pickup=[job.loads[dimension] for dimension in relaxed.dimensions],
                    tw_early=early_s,
                    tw_late=late_s,
                    release_time=release_s,
                    prize=relaxed.prizes[node.visit.index],
                    required=False,
                    group=group,
                )
            )
    return served
