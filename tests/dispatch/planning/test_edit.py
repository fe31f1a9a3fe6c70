"""Edits by hand on the line: what each does to routes, times, cost and rules, written out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.edit import Edit, EditKind, VisitRef
from dispatch.domain.errors import InvalidInput
from dispatch.domain.ids import FacilityId, JobId, ShiftId
from dispatch.domain.job import Dimension, Load
from dispatch.planning.check import check
from dispatch.planning.edit import apply
from dispatch.planning.effect import routes_of, touched, verdict_on
from dispatch.planning.problem import job_visit, reload_visit
from dispatch.planning.publish import make_plan
from dispatch.planning.reschedule import reschedule
from dispatch.planning.sketch import Basis, Sketch, sketch_of
from tests.helpers.builders import written
from tests.helpers.city_builders import a_city_facility, a_city_job, a_city_shift, a_header
from tests.helpers.city_builders import built as built_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.build import BuiltProblem

SIX = 6 * 3600
"""The shifts begin at six; a job takes a minute of setup and five of work."""


def a_town() -> BuiltProblem:
    """Return five jobs at kilometres 1 to 5, two crews, and a place to unload at kilometre 2."""
    jobs = [a_city_job(f"j{n}", east=n + 1) for n in range(5)]
    return built_of(jobs, [a_city_shift("s1"), a_city_shift("s2")], [a_city_facility(at_once=1)])


def opened(built: BuiltProblem, *orders: Sequence[int], now_s: int = 0) -> tuple[Basis, Sketch]:
    """Return the plan in which each shift does these jobs, -1 meaning to unload, for editing."""
    visits = [[job_visit(j) if j >= 0 else reload_visit(0) for j in order] for order in orders]
    solution = reschedule(built.problem, visits)
    header = a_header(allow_violations=True)
    broken = check(built.problem, solution)
    plan = make_plan(built, solution, header=header, violations=broken, unassigned=())
    return sketch_of(plan, built, now_s)


def an_edit(kind: EditKind, job: str | None = None, **parts: Any) -> Edit:
    """Return an edit."""
    return Edit(kind=kind, job_id=None if job is None else JobId(job), **parts)


def order_of(basis: Basis, sketch: Sketch, shift: int = 0) -> list[str]:
    """Return the names of the visits of a shift."""
    names = [job.id for job in basis.rest.jobs]
    return [names[v.index] if v.kind == "job" else "unload" for v in sketch.routes[shift].visits]


S1, S2 = ShiftId("s1"), ShiftId("s2")


def test_a_job_moved_to_another_crew_changes_both_routes_and_no_other() -> None:
    """Job 1 leaves the first route, which closes up, and comes second on the other."""
    built = built_of(
        [a_city_job(f"j{n}", east=n + 1) for n in range(5)],
        [a_city_shift(f"s{n}") for n in (1, 2, 3)],
    )
    basis, sketch = opened(built, (0, 1, 2), (3,), (4,))
    after = apply(an_edit(EditKind.MOVE, "j1", shift_id=S2, position=1), basis, sketch)
    assert written(after.routes[0]) == [
        f"start @0 {SIX}-{SIX}-{SIX}",
        f"job 0 @1 {SIX + 1000}-{SIX + 1060}-{SIX + 1360}",
        f"job 2 @3 {SIX + 3360}-{SIX + 3420}-{SIX + 3720}",
        f"end @0 {SIX + 6720}-{SIX + 6720}-{SIX + 6720}",
    ]
    assert written(after.routes[1]) == [
        f"start @0 {SIX}-{SIX}-{SIX}",
        f"job 3 @4 {SIX + 4000}-{SIX + 4060}-{SIX + 4360}",
        f"job 1 @2 {SIX + 6360}-{SIX + 6420}-{SIX + 6720}",
        f"end @0 {SIX + 8720}-{SIX + 8720}-{SIX + 8720}",
    ]
    assert after.routes[2] is sketch.routes[2]
    assert touched(sketch, after) == {0, 1}
    assert verdict_on(basis, after).violations == ()


def test_the_bill_tells_what_an_edit_costs() -> None:
    """The last job of a route left out saves 4 km, their time, its work, and costs its price."""
    basis, sketch = opened(a_town(), (0, 2), ())
    after = apply(an_edit(EditKind.EXCLUDE, "j2"), basis, sketch)
    lines = [
        {line.code: line.amount_ct for line in verdict_on(basis, state).bill}
        for state in (sketch, after)
    ]
    saved = {
        code: lines[0][code] - lines[1][code]
        for code in lines[0]
        if lines[0][code] != lines[1][code]
    }
    assert saved == {"crew_time": 5450, "distance": 400, "jobs_left": -2000}
    (route,) = routes_of(basis, after, {0})
    assert route.job_ids == ("j0",)


def test_a_job_is_added_where_it_costs_least() -> None:
    """On the way between kilometres 1 and 3 of the first crew it costs nothing but its work."""
    basis, sketch = opened(a_town(), (0, 2), (4,))
    after = apply(an_edit(EditKind.ADD, "j1"), basis, sketch)
    assert order_of(basis, after) == ["j0", "j1", "j2"]
    there = apply(an_edit(EditKind.ADD, "j1", shift_id=S2), basis, sketch)
    assert order_of(basis, there, 1) in (["j1", "j4"], ["j4", "j1"])
    first = apply(an_edit(EditKind.ADD, "j1", shift_id=S1, position=0), basis, sketch)
    assert order_of(basis, first) == ["j1", "j0", "j2"]


def test_a_job_that_fits_nowhere_is_added_all_the_same_and_what_breaks_is_told() -> None:
    """No lorry carries it; it goes where least is lacking, and V401 says by how much."""
    giant = a_city_job(
        "giant", east=2, loads=(Load(dimension=Dimension.WHITE_GLASS_L, amount=9000),)
    )
    basis, sketch = opened(built_of([a_city_job("j0"), giant]), (0,))
    with pytest.raises(InvalidInput, match="C608 job giant"):
        apply(an_edit(EditKind.ADD, "giant"), basis, sketch)
    after = apply(an_edit(EditKind.ADD, "giant", shift_id=S1), basis, sketch)
    broken = verdict_on(basis, after).violations
    assert [(v.code, v.subject, v.amount, v.hard) for v in broken] == [
        ("V401", "job giant", 6000, True),
        ("V401", "job j0", 7000, True),
    ]


def test_an_edit_may_break_a_rule_and_the_next_one_mends_it() -> None:
    """Four loads without unloading are too much; unloading after the second they are not."""
    basis, sketch = opened(a_town(), (0, 1, 2), ())
    full = apply(an_edit(EditKind.ADD, "j3", shift_id=S1, position=3), basis, sketch)
    assert [v.code for v in verdict_on(basis, full).violations] == ["V401"]
    works = {"shift_id": S1, "facility_id": FacilityId("f1"), "position": 2}
    mended = apply(an_edit(EditKind.ADD_RELOAD, **works), basis, full)
    assert order_of(basis, mended) == ["j0", "j1", "unload", "j2", "j3"]
    assert verdict_on(basis, mended).violations == ()
    again = apply(an_edit(EditKind.DROP_RELOAD, shift_id=S1, position=2), basis, mended)
    assert again.routes == full.routes


def test_a_route_is_reordered_as_a_whole() -> None:
    """The same visits the other way round: each is named once."""
    basis, sketch = opened(a_town(), (0, -1, 2), ())
    refs = [VisitRef(job_id=JobId("j2")), VisitRef(facility_id=FacilityId("f1"))]
    visits = (*refs, VisitRef(job_id=JobId("j0")))
    after = apply(an_edit(EditKind.REORDER, shift_id=S1, visits=visits), basis, sketch)
    assert order_of(basis, after) == ["j2", "unload", "j0"]
    with pytest.raises(InvalidInput, match="C606 shift s1"):
        apply(an_edit(EditKind.REORDER, shift_id=S1, visits=visits[:2]), basis, sketch)


def test_who_keeps_a_turn_is_served_before_who_is_moved_to_it() -> None:
    """The second crew unloads when it did; the first, which comes a little earlier, waits."""
    built = a_town()
    basis, sketch = opened(built, (0,), (0 + 1, -1))
    kept = sketch.routes[1]
    works = {"shift_id": S1, "facility_id": FacilityId("f1"), "position": 1}
    after = apply(an_edit(EditKind.ADD_RELOAD, **works), basis, sketch)
    assert after.routes[1] is kept
    mine = next(stop for stop in after.routes[0].stops if stop.kind == "reload")
    theirs = next(stop for stop in kept.stops if stop.kind == "reload")
    assert mine.arrival_s < theirs.departure_s <= mine.start_s
    assert verdict_on(basis, after).violations == ()


def test_a_pinned_job_comes_to_its_crew_and_stays_there() -> None:
    """Who pins it to the second crew moves it; moving it back needs it to be unpinned."""
    basis, sketch = opened(a_town(), (0, 1), (2,))
    pinned = apply(an_edit(EditKind.PIN, "j1", shift_id=S2), basis, sketch)
    assert "j1" in order_of(basis, pinned, 1)
    back = an_edit(EditKind.MOVE, "j1", shift_id=S1)
    for edit in (back, an_edit(EditKind.EXCLUDE, "j1")):
        with pytest.raises(InvalidInput, match="C605 job j1"):
            apply(edit, basis, pinned)
    (route,) = routes_of(basis, pinned, {1})
    assert {stop.job_id: stop.pinned for stop in route.stops if stop.job_id} == {
        "j1": True,
        "j2": False,
    }
    free = apply(an_edit(EditKind.UNPIN, "j1"), basis, pinned)
    assert "j1" in order_of(basis, apply(back, basis, free))


def test_locked_stops_keep_their_crew_and_their_order() -> None:
    """Others may go between them; they themselves may not be moved, left or exchanged."""
    basis, sketch = opened(a_town(), (0, 1), (2,))
    for job in ("j0", "j1"):
        sketch = apply(an_edit(EditKind.LOCK, job), basis, sketch)
    between = an_edit(EditKind.MOVE, "j2", shift_id=S1, position=1)
    assert order_of(basis, apply(between, basis, sketch)) == ["j0", "j2", "j1"]
    turned = tuple(VisitRef(job_id=JobId(job)) for job in ("j1", "j0"))
    for edit in (
        an_edit(EditKind.MOVE, "j1", shift_id=S2),
        an_edit(EditKind.EXCLUDE, "j1"),
        an_edit(EditKind.PIN, "j1", shift_id=S2),
        an_edit(EditKind.REORDER, shift_id=S1, visits=turned),
    ):
        with pytest.raises(InvalidInput, match="C605"):
            apply(edit, basis, sketch)
    free = apply(an_edit(EditKind.UNLOCK, "j1"), basis, sketch)
    assert order_of(basis, apply(an_edit(EditKind.MOVE, "j1", shift_id=S2), basis, free)) == ["j0"]


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (an_edit(EditKind.MOVE, "nobody", shift_id=S1), "C601 job nobody"),
        (an_edit(EditKind.MOVE, "j0", shift_id=ShiftId("s9")), "C602 shift s9"),
        (an_edit(EditKind.MOVE, "j0", shift_id=S2, position=9), "C603 position 9 of shift s2"),
        (an_edit(EditKind.MOVE, "j4", shift_id=S1), "C604 job j4"),
        (an_edit(EditKind.ADD, "j0"), "C604 job j0"),
        (an_edit(EditKind.UNLOCK, "j0"), "C604 job j0"),
        (an_edit(EditKind.UNPIN, "j0"), "C604 job j0"),
        (an_edit(EditKind.LOCK, "j4"), "C604 job j4"),
        (an_edit(EditKind.DROP_RELOAD, shift_id=S1, position=0), "C609 position 0"),
        (
            an_edit(EditKind.ADD_RELOAD, shift_id=S1, position=0, facility_id=FacilityId("f9")),
            "C609 facility f9",
        ),
    ],
)
def test_an_edit_that_is_none_of_this_plans_says_why(edit: Edit, code: str) -> None:
    """The refusal names what it concerns, and the plan stays as it is."""
    basis, sketch = opened(a_town(), (0, 1), (2,))
    with pytest.raises(InvalidInput, match=code):
        apply(edit, basis, sketch)


def test_what_is_done_or_begun_is_frozen() -> None:
    """At half past six the first job is done and the crew drives to the second."""
    basis, sketch = opened(a_town(), (0, 1, 2), (3,), now_s=SIX + 1800)
    assert (basis.behind(0), order_of(basis, sketch)) == (2, ["j2"])
    with pytest.raises(InvalidInput, match="C607 job j1"):
        apply(an_edit(EditKind.MOVE, "j1", shift_id=S2), basis, sketch)
    with pytest.raises(InvalidInput, match="C607 position 1 of shift s1"):
        apply(an_edit(EditKind.ADD, "j4", shift_id=S1, position=1), basis, sketch)
    after = apply(an_edit(EditKind.ADD, "j4", shift_id=S1, position=2), basis, sketch)
    (route,) = routes_of(basis, after, {0})
    assert route.job_ids == ("j0", "j1", "j4", "j2")
    before = routes_of(basis, sketch, {0})[0].stops[:3]
    assert route.stops[:3] == before


def test_what_was_begun_since_the_plan_was_opened_is_frozen_too() -> None:
    """The first visit ahead is on its way meanwhile: the cheapest place is behind it."""
    basis, sketch = opened(a_town(), (2, 3), ())
    add = an_edit(EditKind.ADD, "j0", shift_id=S1)
    assert order_of(basis, apply(add, basis, sketch)) in (["j0", "j2", "j3"], ["j2", "j3", "j0"])
    late = apply(add, basis, sketch, fixed=(2, 0))
    assert order_of(basis, late) == ["j2", "j3", "j0"]
    with pytest.raises(InvalidInput, match="C607"):
        apply(an_edit(EditKind.EXCLUDE, "j2"), basis, sketch, fixed=(1, 0))
    turned = tuple(VisitRef(job_id=JobId(job)) for job in ("j3", "j2"))
    with pytest.raises(InvalidInput, match="C607"):
        apply(an_edit(EditKind.REORDER, shift_id=S1, visits=turned), basis, sketch, fixed=(1, 0))


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": EditKind.MOVE, "job_id": JobId("j0")},
        {"kind": EditKind.LOCK, "job_id": JobId("j0"), "shift_id": S1},
        {"kind": EditKind.ADD, "job_id": JobId("j0"), "position": 1},
        {"kind": EditKind.ADD, "job_id": JobId("j0"), "shift_id": S1, "position": -1},
    ],
)
def test_an_edit_says_what_its_kind_needs_and_nothing_else(parts: dict[str, Any]) -> None:
    """What lacks, what is idle and what counts from below nothing is refused when it is made."""
    with pytest.raises(ValueError, match=r"needs|no use|before"):
        Edit(**parts)


def test_a_sketch_is_never_changed_by_an_edit() -> None:
    """Undo is the sketch before."""
    basis, sketch = opened(a_town(), (0, 1), (2,))
    copy = replace(sketch)
    apply(an_edit(EditKind.MOVE, "j1", shift_id=S2), basis, sketch)
    assert sketch == copy
