"""What the solver answers: timed routes, jobs left and the cost sheet; and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain.plan import StopKind
from dispatch.planning.problem import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionStop:
    """One timed halt. Setup and waiting lie between arrival and start.

    `loads` is what has accumulated in each dimension at departure.
    """

    kind: StopKind
    index: int
    location: int
    arrival_s: int
    start_s: int
    departure_s: int
    loads: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionRoute:
    """The timed stops of one shift, from START to END; empty if the shift is not used."""

    shift: int
    stops: tuple[SolutionStop, ...] = ()

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The jobs and reloads of this route in order, without times."""
        kinds = (StopKind.JOB, StopKind.RELOAD)
        return tuple(Visit(kind=s.kind, index=s.index) for s in self.stops if s.kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One line of the cost sheet in micro-euro; the codes are explained in `costs.COST_TABLE`."""

    code: str
    amount_ueur: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """One route per shift, in the order of the shifts, the jobs left out and the cost sheet."""

    routes: tuple[SolutionRoute, ...]
    unassigned: tuple[int, ...]
    cost_lines: tuple[CostLine, ...]

    @property
    def cost_ueur(self) -> int:
        """The sum of the cost sheet."""
        return sum(line.amount_ueur for line in self.cost_lines)

    @property
    def orders(self) -> tuple[tuple[Visit, ...], ...]:
        """The visits of every shift, as `reschedule` takes them."""
        return tuple(route.visits for route in self.routes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long to search. With `solution_limit`, the same seed gives the same solution."""

    time_limit_s: float
    solution_limit: int | None = None
    seed: int = 0
