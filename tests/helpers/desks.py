"""Plans with every job put in that pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.planning.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Problem, Visit


def filled(problem: Problem, orders: Sequence[Sequence[Visit]]) -> tuple[tuple[Visit, ...], ...]:
    """Return the orders, which must keep all rules, with every left job that pays."""
    desk = Desk(problem, orders)
    desk.fill()
    return desk.orders
