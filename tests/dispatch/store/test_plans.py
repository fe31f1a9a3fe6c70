"""Plans: immutable revisions and the pointer to the one in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import Conflict, NotFound
from dispatch.domain.ids import CrewId, PlanId
from dispatch.domain.job import Organisation
from tests.helpers.plans import DAY, a_plan, a_route

if TYPE_CHECKING:
    from dispatch.store import Store

TOMORROW = DAY + timedelta(days=1)
USB, PARKS = Organisation.USB, Organisation.PARKS


def test_plan_comes_back_the_same(city_store: Store) -> None:
    """Every route, stop, line, reason and cost survives, in the order of the plan."""
    plan = a_plan(routes=(a_route("grün", job="job-2"), a_route("glas", drawn=False)))
    with city_store.begin() as tx:
        tx.add_plan(plan)
    with city_store.read() as tx:
        assert tx.plan(plan.id) == plan


def test_revisions_count_from_one(city_store: Store) -> None:
    """The day's next revision follows the highest there is; another day starts anew."""
    with city_store.begin() as tx:
        assert tx.next_revision(DAY, USB) == 1
        tx.add_plan(a_plan())
        assert tx.next_revision(DAY, USB) == 2
        assert tx.next_revision(TOMORROW, USB) == 1


def test_revision_is_taken_once(city_store: Store) -> None:
    """Two plans cannot be the same revision of a day."""
    with city_store.begin() as tx:
        tx.add_plan(a_plan())
    with pytest.raises(Conflict, match="DB103"), city_store.begin() as tx:
        tx.add_plan(a_plan("plan-2"))


def test_same_revision_of_another_day(city_store: Store) -> None:
    """Each day counts its own revisions."""
    with city_store.begin() as tx:
        tx.add_plan(a_plan())
        tx.add_plan(a_plan("plan-2", day=TOMORROW))
        assert tx.next_revision(TOMORROW, USB) == 2


def test_plan_is_stored_once(city_store: Store) -> None:
    """A stored plan is not replaced by another of its name."""
    with city_store.begin() as tx:
        tx.add_plan(a_plan())
    with pytest.raises(Conflict, match="DB103"), city_store.begin() as tx:
        tx.add_plan(a_plan(revision=2))


def test_revision_below_one_is_refused(city_store: Store) -> None:
    """A revision of zero would hide behind 'no plan yet'."""
    with pytest.raises(Conflict, match="DB103"), city_store.begin() as tx:
        tx.add_plan(a_plan(revision=0))


def test_pointer_moves(city_store: Store) -> None:
    """The plan in force is the one put in force last; the other stays as it was."""
    second = a_plan("plan-2", revision=2)
    with city_store.begin() as tx:
        tx.add_plan(a_plan())
        tx.set_current(a_plan())
        assert tx.current_plan(DAY, USB) == a_plan()
        tx.add_plan(second)
        assert tx.current_plan(DAY, USB) == a_plan()
        tx.set_current(second)
    with city_store.read() as tx:
        assert tx.current_plan(DAY, USB) == second
        assert tx.plan(PlanId("plan-1")) == a_plan()


def test_pointer_needs_its_plan(city_store: Store) -> None:
    """A plan that is not stored cannot be in force."""
    with pytest.raises(NotFound, match="DB204 plan nope"), city_store.begin() as tx:
        tx.set_current(a_plan("nope"))


def test_each_organisation_has_its_own_plan(city_store: Store) -> None:
    """Revisions are counted for each organisation; both plans are in force at the same time."""
    parks = a_plan("plan-p", organisation=PARKS, routes=(a_route("rot"),))
    with city_store.begin() as tx:
        tx.add_plan(a_plan())
        tx.set_current(a_plan())
        assert tx.next_revision(DAY, PARKS) == 1
        tx.add_plan(parks)
        tx.set_current(parks)
    with city_store.read() as tx:
        assert tx.current_plan(DAY, USB) == a_plan()
        assert tx.current_plans(DAY) == [parks, a_plan()]
        head, route = tx.current_route(DAY, CrewId("rot"))
        assert (head.id, route) == ("plan-p", parks.routes[0])
        assert tx.current_plans(TOMORROW) == []


def test_days_latest_first(city_store: Store) -> None:
    """The days that have a plan in force come latest first."""
    with city_store.begin() as tx:
        tx.add_plan(a_plan())
        tx.add_plan(a_plan("plan-2", day=TOMORROW))
        tx.set_current(a_plan())
        tx.set_current(a_plan("plan-2", day=TOMORROW))
        found = tx.current_plan_ids()
    assert list(found.items()) == [((TOMORROW, USB), "plan-2"), ((DAY, USB), "plan-1")]


def test_list_without_routes(city_store: Store) -> None:
    """The list has the newest day and revision first and carries no routes."""
    plans = [a_plan(), a_plan("b", revision=2), a_plan("c", day=TOMORROW)]
    with city_store.begin() as tx:
        for plan in plans:
            tx.add_plan(plan)
    with city_store.read() as tx:
        assert tx.plans() == [replace(plan, routes=()) for plan in plans[::-1]]
        assert [plan.id for plan in tx.plans(limit=1)] == ["c"]


def test_route_of_a_crew(city_store: Store) -> None:
    """A crew's route of the day comes with its plan's head, from the plan in force."""
    with city_store.begin() as tx:
        tx.add_plan(a_plan())
        tx.set_current(a_plan())
    with city_store.read() as tx:
        head, route = tx.current_route(DAY, CrewId("grün"))
    assert head == a_plan(routes=())
    assert route == a_plan().routes[1]


@pytest.mark.parametrize(
    ("day", "crew", "message"),
    [(TOMORROW, "glas", "DB204 plan for"), (DAY, "nobody", "DB205 route of crew nobody")],
)
def test_no_route(city_store: Store, day: date, crew: str, message: str) -> None:
    """A day without plan and a crew without route are coded errors that name them."""
    with city_store.begin() as tx:
        tx.add_plan(a_plan())
        tx.set_current(a_plan())
    with city_store.read() as tx, pytest.raises(NotFound, match=message):
        tx.current_route(day, CrewId(crew))


def test_unknown_plan(city_store: Store) -> None:
    """A plan nobody made and a day nobody planned are coded errors."""
    with city_store.read() as tx:
        with pytest.raises(NotFound, match="DB204 plan nope"):
            tx.plan(PlanId("nope"))
        with pytest.raises(NotFound, match="DB204 plan of usb for 2026-10-24"):
            tx.current_plan(DAY, USB)
