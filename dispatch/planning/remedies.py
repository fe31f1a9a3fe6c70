"""What would get a job in that was left: the smallest changes, each of them tried out."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from dispatch.planning.causes import cause_of, less_fair_ueur
from dispatch.planning.changes import Change, Kind, ProblemRemedy, apply
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.fit import can_carry, has_persons, has_skills, may_serve
from dispatch.planning.focus import focus
from dispatch.planning.insertion import cheapest_fit_on
from dispatch.planning.kernel.tables import FREE
from dispatch.planning.widest import widest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dispatch.planning.causes import Cause
    from dispatch.planning.problem import Problem, ProblemShift, Visit

    Orders = Sequence[Sequence[Visit]]
    Changes = tuple[Change, ...]

SHIFTS_TRIED = 4
"""Shifts on which the smallest change is sought: of those where any would do, the nearest."""
CENT_UEUR = 10_000

STEP: dict[Kind, int] = {
    Kind.RANGE: 100,
    Kind.DISTANCE: 100,
    Kind.DRIVE: 60,
    Kind.LATER_END: 60,
    Kind.EARLIER_START: 60,
    Kind.WINDOW_LATER: 60,
    Kind.WINDOW_EARLIER: 60,
}
"""Amounts are whole multiples of this: minutes and hundreds of metres, as people would say it."""

END, START, LATER, EARLIER = (
    Kind.LATER_END,
    Kind.EARLIER_START,
    Kind.WINDOW_LATER,
    Kind.WINDOW_EARLIER,
)
_TIME = ((END,), (LATER,), (EARLIER,), (START,), (END, LATER), (END, EARLIER), (START, EARLIER))
CURES: dict[str, tuple[tuple[Kind, ...], ...]] = {
    "no_skill": ((Kind.SKILLS,),),
    "no_crew_size": ((Kind.PERSONS,),),
    "not_allowed": ((Kind.SHIFTS,), (Kind.BINDING,)),
    "no_capacity": ((Kind.CAPACITY,),),
    "no_room": ((Kind.CAPACITY,),),
    "no_range": ((Kind.RANGE,),),
    "outside_windows": _TIME,
    "too_far": _TIME,
    "no_time": _TIME,
    "limit": ((Kind.STOPS,), (Kind.DRIVE,), (Kind.DISTANCE,), (Kind.DRIVE, Kind.DISTANCE)),
    "conflict": ((Kind.CONFLICT,),),
    "relation": ((Kind.RELATION,),),
}
"""What cures each cause, the alternatives of one change first."""
_LAST_RESORT = (
    *(
        Kind.RELATION,
        Kind.BINDING,
        Kind.CONFLICT,
        Kind.RANGE,
        Kind.DISTANCE,
        Kind.DRIVE,
        Kind.STOPS,
    ),
    *(Kind.SHIFTS, Kind.PERSONS, Kind.SKILLS, Kind.CAPACITY, EARLIER, LATER, END),
)
"""All at once, where the cause is not the only one; what is not needed is dropped in this order."""


def remedies(
    problem: Problem, orders: Orders, job: int, *, cause: Cause | None = None, most: int = 3
) -> tuple[ProblemRemedy, ...]:
    """Return up to so many ways to get the job in, the smallest first.

    Each has been confirmed: with just these changes the job fits into the orders and costs less
    than leaving it. Where the named cause is not the only one, a remedy has several changes; its
    price is raised too where the place costs more. Before that, a single change of any other kind
    is looked for. There is none for a job that no road leads to, nor for what the law forbids.
    """
    cause = cause or cause_of(problem, orders, job)
    if cause.code == "left_on_cost":
        shift = cause.shifts[0]
        found = [_priced(ProblemRemedy(job=job, shift=shift, changes=()), cause.amount)]
    elif cause.code in CURES:
        found = list(_cures(problem, orders, job, cause))
        if not any(len(remedy.changes) == 1 for remedy in found):
            found += _singles(problem, orders, job)
    else:
        return ()
    tried = (_tried(problem, orders, remedy) for remedy in sorted(found, key=_size))
    return tuple(islice((remedy for remedy in tried if remedy is not None), most))


def _singles(problem: Problem, orders: Orders, job: int) -> Iterator[ProblemRemedy]:
    """Yield every single change, of whatever kind and shift, that is enough and pays."""
    for shift in range(len(problem.shifts)):
        search = _Search(problem, orders, shift, job)
        for kind in Kind:
            if kind is not Kind.PRICE and search.extra_ueur((kind,)) < search.price_ueur:
                yield search.smallest((kind,))


def _cures(problem: Problem, orders: Orders, job: int, cause: Cause) -> Iterator[ProblemRemedy]:
    """Yield remedies of the named cause alone; only if there are none, those of all causes."""
    searches = [_Search(problem, orders, shift, job) for shift in cause.shifts]
    found = False
    for kinds in CURES[cause.code]:
        if found and len(kinds) > 1:
            break
        for search in _nearest(searches, kinds):
            yield search.smallest(kinds)
            found = True
    if not found:
        own = {kind for kinds in CURES[cause.code] for kind in kinds}
        kinds = tuple(sorted(_LAST_RESORT, key=lambda kind: kind in own))
        for search in _nearest(searches, kinds):
            yield search.smallest(kinds)


def _nearest(searches: Iterable[_Search], kinds: tuple[Kind, ...]) -> list[_Search]:
    """Return the searches where these kinds of change get the job in.

    First come those that pay, and of these the shifts that lack least of what the job demands.
    """
    able = [(search, extra) for search in searches if (extra := search.extra_ueur(kinds)) < FREE]
    able.sort(key=lambda pair: (pair[1] >= pair[0].price_ueur, pair[0].unmet))
    return [search for search, _ in able[:SHIFTS_TRIED]]


class _Search:
    """The search for the smallest changes on one shift, in a problem of its own."""

    def __init__(self, problem: Problem, orders: Orders, shift: int, job: int) -> None:
        self.job, self.shift = job, shift
        self.price_ueur = leave_price_ueur(problem, job)
        self.focus = focus(problem, shift, orders[shift], job)

    @property
    def unmet(self) -> int:
        """How many demands of the job the shift does not meet, whatever its day looks like."""
        on, wanted = self.focus.problem.shifts[0], self.focus.problem.jobs[self.focus.job]
        met = (
            has_skills(on, wanted),
            has_persons(on, wanted),
            can_carry(on, wanted),
            may_serve(self.focus.problem, 0, self.focus.job),
        )
        return met.count(False)

    def extra_ueur(self, kinds: Iterable[Kind]) -> int:
        """Return what the job costs with the widest changes of these kinds; FREE: none is enough.

        It is FREE too where these kinds change nothing here.
        """
        changes = self._widest(kinds)
        return self._cost_ueur(changes) if changes else FREE

    def smallest(self, kinds: Iterable[Kind]) -> ProblemRemedy:
        """Return the remedy of these kinds of which nothing can be taken away."""
        changes = self._widest(kinds)
        pays = self._cost_ueur(changes) < self.price_ueur
        bound_ueur = self.price_ueur if pays else FREE
        for change in changes:
            changes = self._without(changes, change, bound_ueur)
        remedy = ProblemRemedy(job=self.job, shift=self.shift, changes=changes)
        return remedy if pays else _priced(remedy, self._cost_ueur(changes) - self.price_ueur)

    def _widest(self, kinds: Iterable[Kind]) -> Changes:
        on = self.focus
        return tuple(c for kind in kinds for c in widest(on.problem, on.order, on.job, kind))

    def _without(self, changes: Changes, change: Change, bound_ueur: int) -> Changes:
        """Return the changes without this one, or with the least amount of it that is enough."""
        at = changes.index(change)
        before, after = changes[:at], changes[at + 1 :]
        if self._cost_ueur((*before, *after)) < bound_ueur:
            return (*before, *after)
        step = STEP.get(change.kind, 1)
        short, enough = 0, -(-change.amount // step)
        while enough - short > 1:
            half = (short + enough) // 2
            less = replace(change, amount=half * step)
            if self._cost_ueur((*before, less, *after)) < bound_ueur:
                enough = half
            else:
                short = half
        if not change.amount:
            return changes
        return (*before, replace(change, amount=min(change.amount, enough * step)), *after)

    def _cost_ueur(self, changes: Changes) -> int:
        """Return what the job costs in the changed problem; FREE where it does not fit."""
        on = self.focus
        changed = apply(on.problem, ProblemRemedy(job=on.job, shift=0, changes=changes))
        if not _lawful(changed.shifts[0]):
            return FREE
        fit = cheapest_fit_on(changed, [on.order], on.job, 0)
        return FREE if fit is None else fit.extra_ueur


def _lawful(shift: ProblemShift) -> bool:
    """Tell whether the shift is no longer than a day of work and its break may be."""
    rule = shift.break_rule
    span_s = shift.end_s - (shift.underway.began_s if shift.underway else shift.start_s)
    if shift.max_span_s is not None:
        span_s = min(span_s, shift.max_span_s)
    return rule is None or span_s - rule.reserve_s(span_s) <= rule.max_work_s


def _priced(remedy: ProblemRemedy, lacking_ueur: int) -> ProblemRemedy:
    """Return the remedy with the price raised beyond what is lacking, to the next cent."""
    others = tuple(change for change in remedy.changes if change.kind is not Kind.PRICE)
    before_ueur = sum(change.amount for change in remedy.changes if change not in others)
    amount = before_ueur + (lacking_ueur // CENT_UEUR + 1) * CENT_UEUR
    return replace(remedy, changes=(*others, Change(kind=Kind.PRICE, amount=amount)))


def _size(remedy: ProblemRemedy) -> tuple[int, int, int, int]:
    """Order remedies: fewest changes, least amount, the kind that is easiest, first shift."""
    changes = remedy.changes
    kinds = list(Kind)
    amount = sum(c.amount for c in changes if c.kind is not Kind.PRICE)
    return len(changes), amount, sum(kinds.index(c.kind) for c in changes), remedy.shift


def _tried(problem: Problem, orders: Orders, remedy: ProblemRemedy) -> ProblemRemedy | None:
    """Return the remedy if with just its changes the job fits into the whole plan and pays.

    Where days become so uneven that it does not pay, its price is raised by that too.
    """
    changed = apply(problem, remedy)
    fit = cheapest_fit_on(changed, orders, remedy.job, remedy.shift)
    if fit is None:
        return None
    lacking_ueur = fit.extra_ueur - leave_price_ueur(changed, remedy.job)
    lacking_ueur += less_fair_ueur(changed, orders, fit)
    return remedy if lacking_ueur < 0 else _priced(remedy, lacking_ueur)
