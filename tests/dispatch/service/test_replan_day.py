"""The running day of two glass crews planned again: what is done stays, what happened counts."""

from __future__ import annotations

import pickle
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.clock import at_local
from dispatch.domain.disruption import Disruption, DisruptionKind
from dispatch.domain.errors import InvalidInput
from dispatch.domain.ids import JobId, ReportId, ShiftId, VehicleId
from dispatch.domain.job import Attempt, JobStatus, Load, Organisation, Outcome, TimeWindow
from dispatch.domain.plan import PlanStatus, StopKind
from dispatch.domain.plan_difference import changes_between
from dispatch.planning.replan import Scope
from dispatch.planning.solution import Budget
from dispatch.service.replan_day import ReplanRequest, plan_of_task, replan_day, rest_task
from dispatch.service.workers import InProcess
from graphs.provider import CrowFlies
from tests.helpers.databases import fresh_store
from tests.helpers.handmade import TODAY, WHITE, a_glass_day, a_glass_job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import time

    from dispatch.domain.plan import Plan, Route
    from dispatch.store import Store

A, B = ShiftId(f"glas-a@{TODAY}"), ShiftId(f"glas-b@{TODAY}")
BUDGET = Budget(time_limit_s=20, solution_limit=4)


@pytest.fixture
def day() -> Iterator[tuple[Store, Plan]]:
    """Return a database with a published plan: jobs 0 to 2, jobs 3 to 5, and job 6 left."""
    with closing(fresh_store()) as store:
        yield store, a_glass_day(store)


def at(hour: int, minute: int = 0) -> datetime:
    """Return the moment of the day by the clock on the wall."""
    return at_local(TODAY, _clock(hour, minute))


def _clock(hour: int, minute: int) -> time:
    return datetime(2026, 1, 1, hour, minute).time()  # noqa: DTZ001  # a time of day


def again(store: Store, now: datetime, *troubles: Disruption, **parts: Any) -> Plan:
    """Return the plan of the rest of the day after a small, exactly repeatable search."""
    streets = parts.pop("streets", CrowFlies())
    request = ReplanRequest(
        day=TODAY,
        organisation=Organisation.USB,
        now=now,
        budget=BUDGET,
        disruptions=troubles,
        **parts,
    )
    return replan_day(request, store=store, streets=streets, solver=InProcess())


def route_of(plan: Plan, shift: ShiftId) -> Route:
    """Return the route of that shift."""
    return next(route for route in plan.routes if route.shift_id == shift)


def an_emergency(number: int, now: datetime) -> Any:
    """Return a required job that is due at once, every hour late costing 100 EUR."""
    return a_glass_job(
        number,
        required=True,
        created_at=now,
        updated_at=now,
        due=now,
        late_ct_per_h=10_000,
        windows=(TimeWindow(earliest=now, latest=now + timedelta(hours=6)),),
    )


def test_the_job_that_pays_is_put_in_and_what_is_done_stays(day: tuple[Store, Plan]) -> None:
    """At half past six the first jobs are done: their stops are as they were, to the second."""
    store, before = day
    plan = again(store, at(6, 30))
    assert {job for route in plan.routes for job in route.job_ids} == {f"g-{n}" for n in range(7)}
    assert plan.violations == ()
    for shift in (A, B):
        assert route_of(plan, shift).stops[:2] == route_of(before, shift).stops[:2]
    with store.read() as tx:
        assert tx.current_plan(TODAY, Organisation.USB) == plan
        assert tx.plan_state(before.id).status is PlanStatus.REPLACED
        assert tx.job(JobId("g-6")).status is JobStatus.PLANNED


def test_an_emergency_of_the_morning_comes_before_what_can_wait(day: tuple[Store, Plan]) -> None:
    """It came in at half past six, next to where the first crew will be next."""
    store, before = day
    now = at(6, 30)
    with store.begin() as tx:
        tx.save_jobs([an_emergency(8, now)])
    plan = again(store, now, scope=Scope.INSERT_ONLY)
    told = changes_between(before, plan)
    assert "g-8" in {change.job_id for change in told.added}
    assert (told.moved, told.dropped) == ((), ())
    starts = {s.job_id: s.starts_at for r in plan.routes for s in r.stops if s.job_id}
    served = next(route for route in plan.routes if "g-8" in route.job_ids)
    ahead = [job for job in served.job_ids if starts[job] > now and job != "g-8"]
    assert all(starts[JobId("g-8")] < starts[job] for job in ahead[1:])


@pytest.mark.parametrize("scope", list(Scope))
def test_nothing_dearer_than_going_on_is_returned(day: tuple[Store, Plan], scope: Scope) -> None:
    """In no scope; what can be served besides is served."""
    store, before = day
    plan = again(store, at(7), scope=scope)
    assert plan.cost_ct <= before.cost_ct
    moved = changes_between(before, plan).moved
    assert scope is Scope.EVERYTHING or not moved


def test_an_ill_crew_ends_where_it_is_and_the_other_does_what_it_can(
    day: tuple[Store, Plan],
) -> None:
    """The crew was driving to its second job when it fell ill: that job is free again."""
    store, before = day
    first = route_of(before, A).stops[1]
    now = first.departs_at + timedelta(seconds=30)
    plan = again(store, now, Disruption(kind=DisruptionKind.CREW_ILL, shift_id=A))
    ill = route_of(plan, A)
    assert ill.stops == route_of(before, A).stops[:2]
    told = changes_between(before, plan)
    assert {change.job_id for change in told.moved} == {"g-1", "g-2"}
    assert {change.is_on for change in told.moved} == {B}
    assert plan.violations == ()


def test_a_crew_that_is_ill_before_it_goes_out_has_no_route(day: tuple[Store, Plan]) -> None:
    """At five nobody has left."""
    store, _ = day
    plan = again(store, at(5), Disruption(kind=DisruptionKind.CREW_ILL, shift_id=A))
    assert [route.shift_id for route in plan.routes] == [B]


def test_another_vehicle_goes_on_where_the_broken_one_stands_and_comes_empty(
    day: tuple[Store, Plan],
) -> None:
    """Brought at eight: what comes then is loaded on the new one, from nothing on."""
    store, before = day
    broken = Disruption(
        kind=DisruptionKind.VEHICLE_BROKEN,
        shift_id=A,
        vehicle_id=VehicleId("lkw-reserve"),
        ready_at=at(8),
    )
    now = route_of(before, A).stops[1].departs_at - timedelta(seconds=30)
    plan = again(store, now, broken)
    route = route_of(plan, A)
    assert route.vehicle_id == "lkw-reserve"
    assert route.stops[:2] == route_of(before, A).stops[:2]
    ahead = [stop for stop in route.stops[2:] if stop.kind is StopKind.JOB]
    assert ahead
    assert ahead[0].starts_at >= at(8)
    assert ahead[0].loads[0].amount == 3000


def test_reports_count_more_than_the_clock(day: tuple[Store, Plan]) -> None:
    """Done half an hour late: the crew leaves there then, not when it was planned to."""
    store, before = day
    late = route_of(before, A).stops[1].departs_at + timedelta(minutes=30)
    with store.begin() as tx:
        job = tx.job(JobId("g-0"))
        tx.save_jobs([replace(job, status=JobStatus.DONE, updated_at=late)])
    route = route_of(again(store, late), A)
    assert route.job_ids[0] == "g-0"
    assert route.stops[1] == route_of(before, A).stops[1]
    first_ahead = route.stops[2]
    assert first_ahead.leg is not None
    assert first_ahead.arrives_at == late + timedelta(seconds=first_ahead.leg.duration_s)


def test_what_crews_report_is_over_and_on_board(day: tuple[Store, Plan]) -> None:
    """The first site gave twice as much glass, the second was blocked: nobody goes there again."""
    store, before = day
    route = route_of(before, A)
    told_at = [stop.departs_at for stop in route.stops[1:3]]
    told = [
        Attempt(
            report_id=ReportId(f"r-{n}"),
            crew_id=route.crew_id,
            day=TODAY,
            outcome=outcome,
            at=told_at[n],
            given=given,
        )
        for n, (outcome, given) in enumerate(
            ((Outcome.DONE, (Load(dimension=WHITE, amount=6000),)), (Outcome.NOT_POSSIBLE, ()))
        )
    ]
    with store.begin() as tx:
        jobs = [tx.job(JobId(name)) for name in ("g-0", "g-1")]
        tx.save_jobs([replace(j, attempts=(a,)) for j, a in zip(jobs, told, strict=True)])
    plan = again(store, told_at[1] + timedelta(seconds=1))
    ours = route_of(plan, A)
    assert ours.job_ids[:2] == ("g-0", "g-1")
    ahead = next(stop for stop in ours.stops[3:] if stop.kind is not StopKind.BREAK)
    # 6000 l are on board: after one more full load there are 9000, or it unloads first.
    assert ahead.kind is StopKind.RELOAD or ahead.loads[0].amount == 9000
    assert all("g-1" not in r.job_ids for r in plan.routes if r.shift_id != A)


def test_what_was_taken_out_or_fixed_by_hand_stays_so(day: tuple[Store, Plan]) -> None:
    """An excluded job is not put in however well it would pay; a pinned one is not moved."""
    store, before = day
    excluded = tuple(replace(left, code="excluded") for left in before.unassigned)
    routes = tuple(
        replace(r, stops=tuple(replace(s, pinned=s.job_id is not None) for s in r.stops))
        for r in before.routes
    )
    fixed = replace(before, id="fixed", revision=2, unassigned=excluded, routes=routes)
    with store.begin() as tx:
        tx.add_plan(fixed, based_on=before.id)
        tx.set_current(fixed)
    plan = again(store, at(6, 30))
    assert [(left.job_id, left.code) for left in plan.unassigned] == [("g-6", "excluded")]
    assert changes_between(fixed, plan).moved == ()
    assert all(s.pinned for r in plan.routes for s in r.stops[2:] if s.job_id)


def test_slower_streets_are_driven_slower(day: tuple[Store, Plan]) -> None:
    """The caller gives the streets as they are now; what is behind keeps its times."""
    store, before = day
    plan = again(store, at(6, 30), streets=CrowFlies(speed_kmh=12))
    route, old = route_of(plan, A), route_of(before, A)
    assert route.stops[:2] == old.stops[:2]
    assert route.stops[-1].departs_at > old.stops[-1].departs_at


def test_a_try_is_stored_nowhere(day: tuple[Store, Plan]) -> None:
    """Who only wants to see what would come of it gets the plan, and nothing has changed."""
    store, before = day
    request = ReplanRequest(day=TODAY, organisation=Organisation.USB, now=at(7), budget=BUDGET)
    task = rest_task(request, store=store, streets=CrowFlies())
    plan = plan_of_task(task, pickle.loads(pickle.dumps(task.search))(), solve_s=1.0)  # noqa: S301
    assert (task.before, plan.revision) == (before, 0)
    with store.read() as tx:
        assert len(tx.plans()) == 1


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Disruption(kind=DisruptionKind.CREW_ILL, shift_id=ShiftId("nobody")), "S341 shift nobody"),
        (
            Disruption(
                kind=DisruptionKind.VEHICLE_BROKEN, shift_id=A, vehicle_id=VehicleId("none")
            ),
            "S342 vehicle none",
        ),
    ],
)
def test_troubles_of_nobody_are_refused(
    day: tuple[Store, Plan], trouble: Disruption, code: str
) -> None:
    """A shift or vehicle that there is not is named, and the plan stays in force."""
    store, before = day
    with pytest.raises(InvalidInput, match=code):
        again(store, at(7), trouble)
    with store.read() as tx:
        assert tx.current_plan(TODAY, Organisation.USB) == before
