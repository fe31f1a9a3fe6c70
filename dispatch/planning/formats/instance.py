"""What every reader returns: a problem, the way back to the cost of its class, and its writers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dispatch.planning.costs import REQUIRED
from dispatch.planning.formats.sol import Numbering
from dispatch.planning.problem import Problem, Visit
from dispatch.planning.solution import Solution

Writer = Callable[[Solution], str]
Orders = tuple[tuple[Visit, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """How the class states a cost: so many micro-euro of ours are one of it, and its decimals."""

    ueur: int
    decimals: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A problem read from a file.

    `kind` is the class of a public instance, `VROOM` or `dispatch`. `writers` are the formats in
    which a solution can be written, by suffix, the usual one first. `reference` is a cost known
    from elsewhere, in the unit of the class. `notes` say what the file left open; `numbering` is
    how `.sol` files name its places, if they can. `jobs` is what the file calls each job.
    `start` are orders that the file itself gives to start from; `orders` reads them from a solution
    in the format of the file, and raises InvalidInput.
    """

    name: str
    kind: str
    problem: Problem
    unit: Unit
    writers: Mapping[str, Writer]
    jobs: tuple[str, ...]
    reference: float | None = None
    notes: tuple[str, ...] = ()
    numbering: Numbering | None = None
    start: Orders | None = None
    orders: Callable[[str], Orders] | None = None

    def objective(self, solution: Solution) -> float:
        """Return the cost of a solution in the unit of the class, without our surcharge."""
        lines = solution.cost_lines
        money = sum(line.amount_ueur for line in lines if line.code != REQUIRED)
        return round(money / self.unit.ueur, self.unit.decimals)

    def written(self, cost: float) -> str:
        """Return a cost as the class writes it."""
        return f"{cost:.{self.unit.decimals}f}{self.unit.name and ' '}{self.unit.name}"

    def gap(self, solution: Solution) -> float | None:
        """Return by which share the solution is dearer than the reference, None without one."""
        if not self.reference:
            return None
        return self.objective(solution) / self.reference - 1

    def with_reference(self, reference: float) -> Instance:
        """Return the instance with a cost known from elsewhere."""
        return replace(self, reference=reference)
