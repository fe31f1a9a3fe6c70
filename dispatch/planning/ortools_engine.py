"""The only place that knows OR-Tools: a Problem becomes a routing model, its answer orders.

Nodes are the shifts' start and end places, then the jobs worth trying, then copies of the
facilities. All transit values are registered matrices and vectors: Python callbacks give the same
search at a tenfold cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.util import optional_boolean_pb2

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.fit import usable
from dispatch.planning.model_nodes import among, break_bounds, nodes_of, work_s
from dispatch.planning.problem import Visit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.planning.model_nodes import Node
    from dispatch.planning.problem import Problem, ProblemShift, Window
    from dispatch.planning.solution import Budget

Orders = tuple[tuple[Visit, ...], ...]

IDLE_OPERATORS = (
    "use_relocate_pair",
    "use_light_relocate_pair",
    "use_exchange_pair",
    "use_relocate_subtrip",
    "use_exchange_subtrip",
    "use_lin_kernighan",
    "use_relocate_expensive_chain",
    "use_shortest_path_swap_active",
    "use_shortest_path_two_opt",
    "use_swap_active_chain",
    "use_global_cheapest_insertion_path_lns",
    "use_local_cheapest_insertion_path_lns",
    "use_global_cheapest_insertion_visit_types_lns",
    "use_local_cheapest_insertion_visit_types_lns",
    "use_relocate_path_global_cheapest_insertion_insert_unperformed",
)
"""Operators for pairs we do not have, and slow ones that gain less than their time costs."""

FOREVER = 2**62
BRANCHES_PER_SOLUTION = 200
"""Measured: a solution takes about ten branches on small and large problems alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The orders of all shifts, and what the engine says they cost in micro-euro."""

    orders: Orders
    cost_ueur: int


def search(problem: Problem, *, budget: Budget, start: Orders | None = None) -> Found:
    """Return the best orders found, one per shift; all empty if nothing was found in time.

    `start` is improved on if the model accepts it. Jobs that fit no shift are left out at once.
    """
    until = perf_counter() + budget.time_limit_s
    idle = Found(orders=((),) * len(problem.shifts), cost_ueur=_left_ueur(problem, ()))
    shifts = usable(problem)
    nodes = nodes_of(problem, shifts, seed=budget.seed, start=start)
    visits = [node.visit for node in nodes if node.visit is not None]
    if not visits:
        return idle
    model = _Model(problem, shifts, nodes)
    rest = replace(budget, time_limit_s=max(0.0, until - perf_counter()))
    return model.run(rest, start) or idle


def _left_ueur(problem: Problem, visits: Iterable[Visit]) -> int:
    """Return the price of all jobs that are not among these visits."""
    known = {visit.index for visit in visits if visit.kind is StopKind.JOB}
    left = (job for job in range(len(problem.jobs)) if job not in known)
    return sum(leave_price_ueur(problem, job) for job in left)


class _Model:
    """The routing model of one problem; `shifts` are the usable ones, in vehicle order."""

    def __init__(self, problem: Problem, shifts: Sequence[int], nodes: Sequence[Node]) -> None:
        self.problem = problem
        self.shifts = shifts
        self.nodes = nodes
        at = {node.location: i for i, node in enumerate(nodes) if node.visit is None}
        on = [problem.shifts[shift] for shift in shifts]
        self.manager = pywrapcp.RoutingIndexManager(
            len(nodes),
            len(on),
            [at[shift.start_location] for shift in on],
            [at[shift.end_location] for shift in on],
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self._add_costs(on)
        self.time = self._add_time(on)
        self._add_loads(on)
        self._add_visits()
        self._add_breaks(on)

    def run(self, budget: Budget, start: Orders | None) -> Found | None:
        """Return what the search found; None if the time ran out before a first solution."""
        parameters = search_parameters(budget)
        self.routing.CloseModelWithParameters(parameters)
        if budget.solution_limit is not None:
            self.routing.AddSearchMonitor(self._branch_limit(budget.solution_limit))
        known = self._assignment(start) if start else None
        if known is None:
            found = self.routing.SolveWithParameters(parameters)
        else:
            found = self.routing.SolveFromAssignmentWithParameters(known, parameters)
        if found is None:
            return None
        orders: list[tuple[Visit, ...]] = [()] * len(self.problem.shifts)
        for vehicle, shift in enumerate(self.shifts):
            orders[shift] = tuple(self._visits(found, vehicle))
        modelled = [node.visit for node in self.nodes if node.visit is not None]
        cost_ueur = found.ObjectiveValue() + _left_ueur(self.problem, modelled)
        return Found(orders=tuple(orders), cost_ueur=cost_ueur)

    def _add_costs(self, on: Sequence[ProblemShift]) -> None:
        registered: dict[tuple[int, int, int], int] = {}
        for vehicle, shift in enumerate(on):
            rates = (shift.matrix, shift.crew_ueur_per_s, shift.ueur_per_m)
            if rates not in registered:
                table = work_s(self.problem, self.nodes, shift) * shift.crew_ueur_per_s
                table += among(self.nodes, self.problem.matrices[shift.matrix].distance_m) * (
                    shift.ueur_per_m
                )
                registered[rates] = self.routing.RegisterTransitMatrix(table.tolist())
            self.routing.SetArcCostEvaluatorOfVehicle(registered[rates], vehicle)
            self.routing.SetFixedCostOfVehicle(shift.use_ueur, vehicle)

    def _add_time(self, on: Sequence[ProblemShift]) -> Any:
        """Return the time dimension; its value at a node is when service starts there."""
        registered: dict[int, int] = {}
        for shift in on:
            if shift.matrix not in registered:
                table = work_s(self.problem, self.nodes, shift)
                missing = among(self.nodes, self.problem.matrices[shift.matrix].duration_s) < 0
                # Longer than the horizon means never: the dimension itself forbids the leg.
                table[missing] = self.problem.horizon_s + 1
                registered[shift.matrix] = self.routing.RegisterTransitMatrix(table.tolist())
        horizon_s = self.problem.horizon_s
        self.routing.AddDimensionWithVehicleTransits(
            [registered[shift.matrix] for shift in on], horizon_s, horizon_s, False, "time"
        )
        time = self.routing.GetDimensionOrDie("time")
        for vehicle, shift in enumerate(on):
            time.CumulVar(self.routing.Start(vehicle)).SetValue(shift.start_s)
            time.CumulVar(self.routing.End(vehicle)).SetRange(shift.start_s, shift.end_s)
        return time

    def _add_loads(self, on: Sequence[ProblemShift]) -> None:
        for dimension in range(self.problem.dimensions):
            self._add_load(dimension, [shift.capacities[dimension] for shift in on])

    def _add_load(self, dimension: int, capacities: list[int]) -> None:
        """Add what accumulates in one dimension: jobs add, a reload takes up to all of it away."""
        greatest = max(capacities)
        amounts = [self._amount(node, dimension, greatest) for node in self.nodes]
        if not any(amounts):
            return
        name = f"load {dimension}"
        step = self.routing.RegisterUnaryTransitVector(amounts)
        self.routing.AddDimensionWithVehicleCapacity(step, greatest, capacities, True, name)
        load = self.routing.GetDimensionOrDie(name)
        for number, amount in enumerate(amounts):
            if self.nodes[number].visit is not None and amount >= 0:
                load.SlackVar(self.manager.NodeToIndex(number)).SetValue(0)
        for vehicle in range(len(capacities)):
            load.SlackVar(self.routing.Start(vehicle)).SetValue(0)

    def _amount(self, node: Node, dimension: int, greatest: int) -> int:
        if node.visit is None:
            return 0
        if node.visit.kind is StopKind.JOB:
            return self.problem.jobs[node.visit.index].loads[dimension]
        resets = self.problem.facilities[node.visit.index].dimensions
        return -greatest if dimension in resets else 0

    def _add_visits(self) -> None:
        vehicle_of = {shift: vehicle for vehicle, shift in enumerate(self.shifts)}
        for number, node in enumerate(self.nodes):
            if node.visit is None:
                continue
            index = self.manager.NodeToIndex(number)
            is_job = node.visit.kind is StopKind.JOB
            price = leave_price_ueur(self.problem, node.visit.index) if is_job else 0
            self.routing.AddDisjunction([index], price)
            allowed = [vehicle_of[shift] for shift in node.shifts]
            self.routing.VehicleVar(index).SetValues([-1, *allowed])
            _keep_windows(self.time.CumulVar(index), node.windows)

    def _add_breaks(self, on: Sequence[ProblemShift]) -> None:
        service_s = [0] * self.routing.Size()
        for number, node in enumerate(self.nodes):
            if node.visit is not None:
                service_s[self.manager.NodeToIndex(number)] = node.service_s
        for vehicle, shift in enumerate(on):
            bounds = break_bounds(self.problem, shift)
            if bounds is None:
                continue
            earliest_s, latest_s, length_s = bounds
            rest = self.routing.solver().FixedDurationIntervalVar(
                earliest_s, latest_s, length_s, False, f"break {vehicle}"
            )
            self.time.SetBreakIntervalsOfVehicle([rest], vehicle, service_s)

    def _branch_limit(self, solution_limit: int) -> Any:
        """Return the limit that ends a search in which there is no further solution to count."""
        branches = solution_limit * BRANCHES_PER_SOLUTION
        return self.routing.solver().Limit(FOREVER, branches, FOREVER, FOREVER)

    def _assignment(self, start: Orders) -> Any:
        """Return the start as the model's own assignment, without the routes that break a rule."""
        whole = self._read(start)
        if whole is not None:
            return whole
        alone = [[o if s == shift else () for s, o in enumerate(start)] for shift in self.shifts]
        kept = {s for s, orders in zip(self.shifts, alone, strict=True) if self._read(orders)}
        return self._read([order if s in kept else () for s, order in enumerate(start)])

    def _read(self, start: Sequence[Sequence[Visit]]) -> Any:
        """Return the model's own assignment for some orders; None if they break a rule."""
        free: dict[Visit, list[int]] = {}
        for number, node in enumerate(self.nodes):
            if node.visit is not None:
                free.setdefault(node.visit, []).append(self.manager.NodeToIndex(number))
        routes = [
            [free[visit].pop(0) for visit in start[shift] if free.get(visit)]
            for shift in self.shifts
        ]
        return self.routing.ReadAssignmentFromRoutes(routes, True)

    def _visits(self, found: Any, vehicle: int) -> Iterable[Visit]:
        index = found.Value(self.routing.NextVar(self.routing.Start(vehicle)))
        while not self.routing.IsEnd(index):
            visit = self.nodes[self.manager.IndexToNode(index)].visit
            if visit is not None:
                yield visit
            index = found.Value(self.routing.NextVar(index))


def search_parameters(budget: Budget) -> Any:
    """Return the search settings: guided local search with the operators that earn their time."""
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    parameters.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    parameters.time_limit.FromMilliseconds(max(1, round(budget.time_limit_s * 1000)))
    if budget.solution_limit is not None:
        parameters.solution_limit = budget.solution_limit
    # Learns which operators pay on this problem; the package README has the figures.
    parameters.use_multi_armed_bandit_concatenate_operators = True
    for operator in IDLE_OPERATORS:
        setattr(parameters.local_search_operators, operator, optional_boolean_pb2.BOOL_FALSE)
    return parameters


def _keep_windows(start: Any, windows: Sequence[Window]) -> None:
    """Restrict a start time to the windows: their hull, less the holes between them."""
    ordered = sorted(windows, key=lambda window: window.earliest_s)
    start.SetRange(ordered[0].earliest_s, max(window.latest_s for window in ordered))
    open_until_s = ordered[0].latest_s
    for window in ordered[1:]:
        if window.earliest_s > open_until_s + 1:
            start.RemoveInterval(open_until_s + 1, window.earliest_s - 1)
        open_until_s = max(open_until_s, window.latest_s)
