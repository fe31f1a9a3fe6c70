"""`.sol` files: read, written, and summed up without our Problem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.errors import InvalidInput
from dispatch.planning.formats import vrplib_format
from dispatch.planning.formats.objective import verdict_on
from dispatch.planning.formats.reference import cost_in_table
from dispatch.planning.formats.sol import Sol, orders_of, sol_of, text_of
from dispatch.planning.problem import job_visit, reload_visit
from dispatch.planning.reschedule import reschedule
from tests.helpers.codes import codes_of
from tests.helpers.instances import SOLOMON, TINY


@pytest.mark.parametrize("cost", ["Cost 12.5", "Cost: 12.5", "cost : 12.5", "COST\t12.5"])
def test_both_ways_of_writing_a_cost(cost: str) -> None:
    """CVRPLIB writes `Cost 1`, PyVRP `Cost: 1`; empty routes keep their place."""
    text = f"Route #1: 3 1\nRoute #2:\nRoute #3: 2 \n{cost}\nOptimal: True\n"
    assert sol_of(text) == Sol(routes=((3, 1), (), (2,)), cost=12.5)


def test_a_cost_may_be_missing() -> None:
    """Routes alone are a solution too."""
    assert sol_of("Route #1: 1").cost is None


@pytest.mark.parametrize(
    "text", ["", "Cost 3", "Route #1: 1 x", "Route #1: -1", "Route #1: 1\nCost x"]
)
def test_what_is_no_solution(text: str) -> None:
    """Lines that cannot be read are P607."""
    assert codes_of(sol_of, text) == {"P607"}


def test_reloads_and_customers_come_back_as_visits() -> None:
    """Depots inside a route are reloads, customers count on after the depots."""
    instance = vrplib_format.instance_from(TINY["MTVRPTWR"][0], "x")
    assert instance.numbering is not None
    orders = orders_of(instance.numbering, instance.problem, sol_of("Route #1: 2 0 1 3"))
    assert orders == ((job_visit(1), reload_visit(0), job_visit(0), job_visit(2)),)
    plan = reschedule(instance.problem, orders)
    assert text_of(instance.numbering, plan, "7") == "Route #1: 2 0 1 3\nCost 7\n"


@pytest.mark.parametrize(
    ("kind", "routes"),
    [
        ("VRPTW", "Route #1: 1\nRoute #2: 2\nRoute #3: 3"),
        ("VRPTW", "Route #1: 1 0 2 3"),
        ("VRPTW", "Route #1: 4"),
        ("MDVRPTW", "Route #1: 1 2"),
    ],
)
def test_routes_that_do_not_fit_the_instance(kind: str, routes: str) -> None:
    """Too many routes, a reload that is none and a place that does not exist are P607."""
    instance = vrplib_format.instance_from(TINY[kind][0], "x")
    assert instance.numbering is not None
    with pytest.raises(InvalidInput) as caught:
        orders_of(instance.numbering, instance.problem, sol_of(routes))
    assert [issue.code for issue in caught.value.issues] == ["P607"]


def test_the_verdict_tells_what_was_left_and_what_twice() -> None:
    """The independent sum pays prizes of customers left and names doubles."""
    verdict = verdict_on(TINY["PCVRPTW"][0], Sol(routes=((2,), (2,))))
    assert (verdict.cost, verdict.left, verdict.twice) == (160 + 30 + 90, (1, 3), (2,))
    assert verdict_on(SOLOMON, Sol(routes=((1,),))).cost == 10.0


def test_the_verdict_has_a_code_for_what_it_cannot_follow() -> None:
    """Places that the instance does not have are P608, not a crash."""
    assert codes_of(lambda text: verdict_on(text, Sol(routes=((9,),))), SOLOMON) == {"P608"}


def test_references_stand_in_a_table() -> None:
    """Lines `set name cost`; case does not matter, other lines neither."""
    table = "Solomon C101 827.3\nnonsense\nSolomon R101 1637.7\n"
    assert cost_in_table(table, "r101") == 1637.7
    assert cost_in_table(table, "R102") is None


@given(
    st.text() | st.lists(st.sampled_from(["Route #1:", " 1", "Cost", "\n", " x", ":"])).map("".join)
)
def test_any_text_gets_a_code(text: str) -> None:
    """Whatever is sent, the answer is a solution or P607."""
    assert codes_of(sol_of, text) <= {"P607"}
