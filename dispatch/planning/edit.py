"""One change by hand on a sketch: routes that it touches are timed anew, nothing is optimised."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from dispatch.domain.edit import Edit, EditKind
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.plan import StopKind
from dispatch.planning.edit_places import place_anywhere, place_on
from dispatch.planning.problem import Visit, job_visit, reload_visit
from dispatch.planning.sketch import Basis, Sketch, retimed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dispatch.domain.edit import VisitRef
    from dispatch.domain.ids import FacilityId, JobId


def apply(
    edit: Edit, basis: Basis, sketch: Sketch, *, fixed: Sequence[int] | None = None
) -> Sketch:
    """Return the sketch after the change.

    Rules may break by it; that is for `check` to say. `fixed` are the first visits of each shift
    that may not change any more although they lie ahead in the basis: meanwhile done or begun.
    Raises InvalidInput (C601 to C609) for a change that is none of this plan's, and then nothing
    has changed.
    """
    return _HANDS[edit.kind](_Hand(edit, basis, sketch, fixed or (0,) * len(sketch.routes)))


class _Hand(NamedTuple):
    """An edit and what it is applied to."""

    edit: Edit
    basis: Basis
    sketch: Sketch
    fixed: Sequence[int]

    @property
    def job(self) -> int:
        """The number of the job in the rest of the day; raises InvalidInput."""
        job_id = self.edit.job_id
        for number, job in enumerate(self.basis.rest.jobs):
            if job.id == job_id:
                return number
        if any(job.id == job_id for job in self.basis.built.jobs):
            raise _refusal("C607", f"job {job_id}", "a crew has done or begun it", DONE)
        out = {left.job_id: left.text.en for left in self.basis.built.left_out}
        cause = out.get(job_id, "this plan does not know it") if job_id else "no job is named"
        raise _refusal("C601", f"job {job_id}", cause, "Name a job that can be done on this day")

    @property
    def shift(self) -> int:
        """The number of the shift; raises InvalidInput."""
        for number, shift in enumerate(self.basis.built.shifts):
            if shift.id == self.edit.shift_id:
                return number
        raise _refusal(
            "C602",
            f"shift {self.edit.shift_id}",
            "nobody works that shift in this plan",
            "Name a shift of the day and organisation",
        )

    @property
    def orders(self) -> list[tuple[Visit, ...]]:
        return list(self.sketch.orders)

    def position(self, shift: int, most: int) -> int:
        """Return the place in the rest of that route; it may be no later than `most` there."""
        assert self.edit.position is not None  # noqa: S101  # the kind has one, or it was asked
        behind = self.basis.behind(shift)
        place = self.edit.position - behind
        about = f"position {self.edit.position} of shift {self.basis.built.shifts[shift].id}"
        if place < self.fixed[shift]:
            raise _refusal("C607", about, "the crew has done or begun what lies there", DONE)
        if place > most:
            cause = f"the last one is {most + behind}"
            raise _refusal("C603", about, cause, "Count jobs and reloads from 0, breaks aside")
        return place

    def with_orders(self, orders: Mapping[int, tuple[Visit, ...]]) -> Sketch:
        """Return the sketch with other orders of these shifts."""
        return retimed(self.basis, self.sketch, orders)

    def about(self, job: int) -> str:
        return f"job {self.basis.rest.jobs[job].id}"


DONE = "Change only what lies ahead of the crew"


def _add(hand: _Hand) -> Sketch:
    job = hand.job
    if hand.sketch.shift_of(job) is not None:
        raise _refusal("C604", hand.about(job), "it is on a route already", "Move it instead")
    _may_be_on(hand, job, None if hand.edit.shift_id is None else hand.shift)
    return _put(hand, job, {})


def _move(hand: _Hand) -> Sketch:
    job, goal = hand.job, hand.shift
    taken_from = dict([_without(hand, job)])
    if job in hand.sketch.locked:
        raise _refusal("C605", hand.about(job), "its stop is locked", "Unlock it first")
    _may_be_on(hand, job, goal)
    return _put(hand, job, taken_from)


def _put(hand: _Hand, job: int, taken_from: Mapping[int, tuple[Visit, ...]]) -> Sketch:
    """Return the sketch with a job, which is on no route of these orders, where the edit says."""
    orders = hand.orders
    for shift, order in taken_from.items():
        orders[shift] = order
    problem = hand.basis.cut.problem
    if hand.edit.shift_id is None:
        pinned = hand.sketch.pinned.get(job)
        place = (
            place_anywhere(problem, orders, job, hand.fixed)
            if pinned is None
            else place_on(problem, orders, job, pinned, hand.fixed[pinned])
        )
        if place is None:
            cause = "no shift could do it, whatever else it did"
            raise _refusal("C608", hand.about(job), cause, "Name the shift that is to do it")
        goal, order = place.shift, place.order
    elif hand.edit.position is None:
        goal = hand.shift
        order = place_on(problem, orders, job, goal, hand.fixed[goal]).order
    else:
        goal = hand.shift
        at = hand.position(goal, len(orders[goal]))
        order = (*orders[goal][:at], job_visit(job), *orders[goal][at:])
    after = hand.with_orders({**taken_from, goal: order})
    return replace(after, excluded=after.excluded - {job})


def _exclude(hand: _Hand) -> Sketch:
    job = hand.job
    if job in hand.sketch.excluded:
        raise _refusal("C604", hand.about(job), "it is out of the plan already", "Add it again")
    if job in hand.sketch.locked or job in hand.sketch.pinned:
        raise _refusal(
            "C605", hand.about(job), "it is locked or pinned", "Unlock or unpin it first"
        )
    after = hand.sketch
    if after.shift_of(job) is not None:
        after = hand.with_orders(dict([_without(hand, job)]))
    return replace(after, excluded=after.excluded | {job})


def _reorder(hand: _Hand) -> Sketch:
    shift = hand.shift
    known = {job.id: n for n, job in enumerate(hand.basis.rest.jobs)}
    places = {facility.id: n for n, facility in enumerate(hand.basis.built.facilities)}
    behind = hand.basis.behind(shift)
    wanted = [_visit(ref, known, places) for ref in (hand.edit.visits or ())[behind:]]
    present = hand.orders[shift]
    about = f"shift {hand.edit.shift_id}"
    if Counter(wanted) != Counter(present):
        cause = "these are not the jobs and reloads that the route has"
        raise _refusal("C606", about, cause, "Name each of them once, those done first")
    order = tuple(visit for visit in wanted if visit is not None)
    fixed = hand.fixed[shift]
    if order[:fixed] != present[:fixed]:
        raise _refusal("C607", about, "the crew has done or begun the first ones", DONE)
    if _locked(hand, order) != _locked(hand, present):
        cause = "it would change the order of locked stops"
        raise _refusal("C605", about, cause, "Unlock them first")
    return hand.with_orders({shift: order})


def _locked(hand: _Hand, order: Sequence[Visit]) -> list[Visit]:
    return [v for v in order if v.kind is StopKind.JOB and v.index in hand.sketch.locked]


def _pin(hand: _Hand) -> Sketch:
    job, shift = hand.job, hand.shift
    present = hand.sketch.shift_of(job)
    if job in hand.sketch.locked and present != shift:
        raise _refusal("C605", hand.about(job), "its stop is locked", "Unlock it first")
    if present == shift:
        after = hand.sketch
    elif present is None:
        after = _put(hand, job, {})
    else:
        after = _put(hand, job, dict([_without(hand, job)]))
    return replace(after, pinned={**after.pinned, job: shift})


def _unpin(hand: _Hand) -> Sketch:
    job = hand.job
    if job not in hand.sketch.pinned:
        raise _refusal("C604", hand.about(job), "it is not pinned", "Nothing needs to be done")
    return replace(hand.sketch, pinned={j: s for j, s in hand.sketch.pinned.items() if j != job})


def _lock(hand: _Hand) -> Sketch:
    job = hand.job
    if hand.sketch.shift_of(job) is None:
        raise _refusal("C604", hand.about(job), "it is on no route", "Add it to one first")
    return replace(hand.sketch, locked=hand.sketch.locked | {job})


def _unlock(hand: _Hand) -> Sketch:
    job = hand.job
    if job not in hand.sketch.locked:
        raise _refusal("C604", hand.about(job), "it is not locked", "Nothing needs to be done")
    return replace(hand.sketch, locked=hand.sketch.locked - {job})


def _add_reload(hand: _Hand) -> Sketch:
    shift = hand.shift
    places = {facility.id: n for n, facility in enumerate(hand.basis.built.facilities)}
    facility = places.get(hand.edit.facility_id) if hand.edit.facility_id else None
    if facility is None:
        about = f"facility {hand.edit.facility_id}"
        raise _refusal("C609", about, "there is none of that name", "Name one of the city")
    order = hand.orders[shift]
    at = hand.position(shift, len(order))
    return hand.with_orders({shift: (*order[:at], reload_visit(facility), *order[at:])})


def _drop_reload(hand: _Hand) -> Sketch:
    shift = hand.shift
    order = hand.orders[shift]
    at = hand.position(shift, len(order) - 1)
    if order[at].kind is not StopKind.RELOAD:
        about = f"position {hand.edit.position} of shift {hand.edit.shift_id}"
        raise _refusal("C609", about, "no facility is visited there", "Exclude or move a job")
    return hand.with_orders({shift: (*order[:at], *order[at + 1 :])})


def _without(hand: _Hand, job: int) -> tuple[int, tuple[Visit, ...]]:
    """Return the shift that has the job and its order without it; raises InvalidInput."""
    shift = hand.sketch.shift_of(job)
    if shift is None:
        raise _refusal("C604", hand.about(job), "it is on no route", "Add it instead")
    if job_visit(job) in hand.orders[shift][: hand.fixed[shift]]:
        raise _refusal("C607", hand.about(job), "a crew has done or begun it", DONE)
    return shift, tuple(visit for visit in hand.orders[shift] if visit != job_visit(job))


def _may_be_on(hand: _Hand, job: int, shift: int | None) -> None:
    pinned = hand.sketch.pinned.get(job)
    if shift is not None and pinned is not None and pinned != shift:
        cause = f"it is pinned to shift {hand.basis.built.shifts[pinned].id}"
        raise _refusal("C605", hand.about(job), cause, "Unpin it first")


def _visit(
    ref: VisitRef, jobs: Mapping[JobId, int], facilities: Mapping[FacilityId, int]
) -> Visit | None:
    if ref.job_id is not None:
        number = jobs.get(ref.job_id)
        return None if number is None else job_visit(number)
    number = facilities.get(ref.facility_id) if ref.facility_id is not None else None
    return None if number is None else reload_visit(number)


def _refusal(code: str, subject: str, cause: str, action: str) -> InvalidInput:
    return InvalidInput(Issue(code=code, subject=subject, cause=cause, action=action))


_HANDS: Mapping[EditKind, Callable[[_Hand], Sketch]] = {
    EditKind.ADD: _add,
    EditKind.MOVE: _move,
    EditKind.EXCLUDE: _exclude,
    EditKind.REORDER: _reorder,
    EditKind.PIN: _pin,
    EditKind.UNPIN: _unpin,
    EditKind.LOCK: _lock,
    EditKind.UNLOCK: _unlock,
    EditKind.ADD_RELOAD: _add_reload,
    EditKind.DROP_RELOAD: _drop_reload,
}
