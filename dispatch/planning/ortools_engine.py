"""The only place that knows OR-Tools: a Problem becomes a routing model, its answer orders.

Nodes are the shifts' start and end places, then the jobs worth trying, then copies of the
facilities; the modules `model_*` add costs, time, loads and locks. All transit values are
registered matrices and vectors: Python callbacks give the same search at a tenfold cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.util import optional_boolean_pb2

from dispatch.planning.model_costs import add_costs, left_ueur
from dispatch.planning.model_frame import Frame
from dispatch.planning.model_loads import able_to_go, add_limits, add_loads, add_range, driven_s
from dispatch.planning.model_locks import add_locks, bound_orders, routes_of
from dispatch.planning.model_nodes import nodes_of, own_nodes
from dispatch.planning.model_rests import rests_of
from dispatch.planning.model_time import add_time
from dispatch.planning.problem import Visit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.planning.model_nodes import Node
    from dispatch.planning.problem import Problem
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
    idle = Found(orders=((),) * len(problem.shifts), cost_ueur=left_ueur(problem, ()))
    shifts = able_to_go(problem)
    nodes = nodes_of(problem, shifts, seed=budget.seed, start=start)
    nodes += own_nodes(problem, shifts)
    visits = [node.visit for node in nodes if node.visit is not None]
    if not visits:
        return idle
    model = _Model(problem, shifts, nodes, start)
    rest = replace(budget, time_limit_s=max(0.0, until - perf_counter()))
    return model.run(rest, start) or idle


class _Model:
    """The routing model of one problem; `shifts` are the usable ones, in vehicle order."""

    def __init__(
        self,
        problem: Problem,
        shifts: Sequence[int],
        nodes: Sequence[Node],
        start: Orders | None,
    ) -> None:
        at = {node.location: i for i, node in enumerate(nodes) if node.visit is None}
        on = [problem.shifts[shift] for shift in shifts]
        self.manager = pywrapcp.RoutingIndexManager(
            len(nodes),
            len(on),
            [at[shift.start_location] for shift in on],
            [at[shift.end_location] for shift in on],
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.frame = Frame(
            problem=problem,
            shifts=shifts,
            nodes=nodes,
            manager=self.manager,
            routing=self.routing,
        )
        rests = [rests_of(problem, problem.shifts[s], driven_s(problem, s, start)) for s in shifts]
        add_costs(self.frame)
        time = add_time(self.frame, rests)
        add_loads(self.frame)
        add_range(self.frame)
        add_limits(self.frame, rests)
        add_locks(self.frame, time, pywrapcp.RoutingModel.TYPE_ADDED_TO_VEHICLE)

    def run(self, budget: Budget, start: Orders | None) -> Found | None:
        """Return what the search found; None if the time ran out before a first solution."""
        parameters = search_parameters(budget)
        self.routing.CloseModelWithParameters(parameters)
        if budget.solution_limit is not None:
            self.routing.AddSearchMonitor(self._branch_limit(budget.solution_limit))
        bound = bound_orders(self.frame)
        warm = start or any(bound) or _beyond_insertion(self.frame.problem)
        known = self._assignment(start, bound) if warm else None
        if known is None:
            found = self.routing.SolveWithParameters(parameters)
        else:
            found = self.routing.SolveFromAssignmentWithParameters(known, parameters)
        if found is None:
            return None
        problem, nodes = self.frame.problem, self.frame.nodes
        orders: list[tuple[Visit, ...]] = [()] * len(problem.shifts)
        for vehicle, shift in enumerate(self.frame.shifts):
            orders[shift] = tuple(self._visits(found, vehicle))
        modelled = [node.visit for node in nodes if node.visit is not None]
        cost_ueur = found.ObjectiveValue() + left_ueur(problem, modelled)
        return Found(orders=tuple(orders), cost_ueur=cost_ueur)

    def _branch_limit(self, solution_limit: int) -> Any:
        """Return the limit that ends a search in which there is no further solution to count."""
        branches = solution_limit * BRANCHES_PER_SOLUTION
        return self.routing.solver().Limit(FOREVER, branches, FOREVER, FOREVER)

    def _assignment(self, start: Orders | None, bound: Sequence[Sequence[Visit]]) -> Any:
        """Return the start as the model's own assignment, without the routes that break a rule.

        Instead of those, and without a start, stand the visits that relations demand.
        """
        if start is None:
            return self._read(bound)
        whole = self._read(start)
        if whole is not None:
            return whole
        kept = list(bound)
        for shift in self.frame.shifts:
            # A job that a relation holds elsewhere would be twice on the way.
            one_more = [start[s] if s == shift else order for s, order in enumerate(kept)]
            if self._read(one_more) is not None:
                kept = one_more
        return self._read(kept)

    def _read(self, orders: Sequence[Sequence[Visit]]) -> Any:
        """Return the model's own assignment for some orders; None if they break a rule."""
        return self.routing.ReadAssignmentFromRoutes(routes_of(self.frame, orders), True)

    def _visits(self, found: Any, vehicle: int) -> Iterable[Visit]:
        index = found.Value(self.routing.NextVar(self.routing.Start(vehicle)))
        while not self.routing.IsEnd(index):
            visit = self.frame.nodes[self.manager.IndexToNode(index)].visit
            if visit is not None:
                yield visit
            index = found.Value(self.routing.NextVar(index))


def _beyond_insertion(problem: Problem) -> bool:
    """Tell whether the first insertion may find nothing: it does not see these constraints.

    The search then begins with empty routes, which are always a plan.
    """
    released = any(job.release_s > 0 for job in problem.jobs)
    return released or any(place.at_once is not None for place in problem.facilities)


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
