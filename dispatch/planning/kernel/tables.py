"""A problem as arrays: what the compiled clock and search read.

Visits are numbered: job j is j, facility f is the number of jobs + f. All values are int64; what
has no limit has `FREE` instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dispatch.domain.plan import StopKind
from dispatch.planning.kernel.compiled import Cube, Grid, Ints
from dispatch.planning.problem import Order, Visit, job_visit, reload_visit
from dispatch.planning.recent import of_recent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.law import BreakRule
    from dispatch.planning.problem import Problem, ProblemFacility, ProblemJob, ProblemShift, Window

FREE = 2**61
"""Stands for no limit: greater than any time, load or distance, and safe to add to."""


(
    PLACE,
    SERVICE_S,
    SETUP_S,
    WINDOWS,
    CHARGES,
    AT_ONCE,
    RELEASE_S,
    DUE_S,
    LATE_UEUR_PER_S,
    PUBLISHED,
    MOVE_UEUR,
    BOUND,
    GLUED,
    HEAD,
) = range(14)
"""Columns of `Tables.visit`; WINDOWS is how many hold, PUBLISHED a shift or -1.

By relations, a BOUND visit stays where it is, nothing comes right after a GLUED one, nor before
the HEAD of a locked prefix.
"""
(
    START_PLACE,
    END_PLACE,
    START_S,
    END_S,
    CREW_UEUR,
    METRE_UEUR,
    USE_UEUR,
    SPAN_S,
    OVERTIME_FROM_S,
    OVERTIME_UEUR,
    UNDERWAY,
    RULE,
    RESTS_ON_ROAD,
) = range(13)
"""Columns of `Tables.shift`; rates per second and metre; no end place and no rule are -1."""


class Tables(NamedTuple):
    """The problem; `v` visits, `s` shifts, `d` dimensions, `p` periods, `r` rules.

    Few arrays with many columns: each array that a compiled function is given costs time.
    """

    jobs: int
    duration_s: Cube  # (m, n, n)
    distance_m: Cube  # (m, n, n)
    visit: Grid  # (v, 14)
    opens_s: Grid  # (v, w) ascending
    closes_s: Grid  # (v, w)
    loads: Grid  # (v, d)
    resets: Grid  # (v, d) 1 where the visit sets the dimension to zero
    shift: Grid  # (s, 13)
    capacity: Grid  # (s, d)
    limits: Grid  # (s, 4) jobs, seconds of driving, metres, metres per charge
    far: Grid  # (s, 10 + d) behind it: as limits; began, last rest ended, rested, driven, driven
    # since, half a rest; loads
    period_from_s: Grid  # (s, p) ascending, FREE beyond the last
    period_matrix: Grid  # (s, p + 1)
    rests_at: Grid  # (s, v) 1 where breaks may be taken on arrival
    steps: Cube  # (r, k, 2) work beyond, break; ascending, FREE beyond the last
    pieces_s: Grid  # (r, q) lengths of breaks, FREE beyond the last
    law: Grid  # (r, 8) stretch, work, not before, driving: stretch, break, split, split, in all
    any_release: int


def number_of(problem: Problem, visit: Visit) -> int:
    """Return the number by which the tables know a visit."""
    return visit.index if visit.kind is StopKind.JOB else len(problem.jobs) + visit.index


def visit_of(problem: Problem, number: int) -> Visit:
    """Return the visit of a number."""
    jobs = len(problem.jobs)
    return job_visit(number) if number < jobs else reload_visit(number - jobs)


def numbers(problem: Problem, visits: Sequence[Visit]) -> Ints:
    """Return an order as the array that the compiled functions take."""
    return np.array([number_of(problem, visit) for visit in visits], dtype=np.int64)


@of_recent
def tables_of(problem: Problem) -> Tables:
    """Return the tables of a problem; the last few are remembered."""
    rules = list(dict.fromkeys(s.break_rule for s in problem.shifts if s.break_rule))
    return Tables(
        jobs=len(problem.jobs),
        duration_s=np.stack([m.duration_s for m in problem.matrices] or [_NO_MATRIX]),
        distance_m=np.stack([m.distance_m for m in problem.matrices] or [_NO_MATRIX]),
        **_visits(problem),
        **_shifts(problem, rules),
        **_rules(rules),
        any_release=int(any(job.release_s > 0 for job in problem.jobs)),
    )


_NO_MATRIX = np.zeros((1, 1), dtype=np.int64)


def _visits(problem: Problem) -> dict[str, Ints]:
    jobs, places = problem.jobs, problem.facilities
    windows = [[(w.earliest_s, w.latest_s) for w in _ascending(job.windows)] for job in jobs]
    windows += [[(place.opens_s, place.closes_s - place.service_s)] for place in places]
    most = max((len(spans) for spans in windows), default=1)
    padded = [[*spans, *[(FREE, FREE)] * (most - len(spans))] for spans in windows]
    spans = _table(padded, len(windows), most, 2)
    dimensions = range(problem.dimensions)
    loads = [job.loads for job in jobs] + [(0,) * problem.dimensions] * len(places)
    resets = [(0,) * problem.dimensions] * len(jobs)
    resets += [tuple(int(d in place.dimensions) for d in dimensions) for place in places]
    rows = [_job_row(job) for job in jobs] + [_facility_row(place) for place in places]
    return {
        "visit": _with_locks(problem, _table(rows, len(windows), 14)),
        "opens_s": np.ascontiguousarray(spans[:, :, 0]),
        "closes_s": np.ascontiguousarray(spans[:, :, 1]),
        "loads": _table(loads, len(windows), problem.dimensions),
        "resets": _table(resets, len(windows), problem.dimensions),
    }


def _with_locks(problem: Problem, visits: Ints) -> Ints:
    """Mark the visits of relations that keep an order."""
    for relation in problem.relations:
        if relation.order is Order.ANY:
            continue
        numbered = [number_of(problem, visit) for visit in relation.visits]
        visits[numbered, BOUND] = 1
        if relation.order is Order.STRICT:
            visits[numbered[:-1], GLUED] = 1
            visits[numbered[0], HEAD] = int(relation.from_start)
    return visits


def _job_row(job: ProblemJob) -> tuple[int, ...]:
    return (
        job.location, job.service_s, job.setup_s, len(job.windows), 0, FREE, job.release_s,
        _limit(job.due_s), job.late_ueur_per_s, job.published, job.move_ueur, 0, 0, 0,
    )  # fmt: skip


def _facility_row(place: ProblemFacility) -> tuple[int, ...]:
    charges, at_once = int(place.charges), _limit(place.at_once)
    return (place.location, place.service_s, 0, 1, charges, at_once, 0, FREE, 0, -1, 0, 0, 0, 0)


def _shifts(problem: Problem, rules: Sequence[BreakRule]) -> dict[str, Ints]:
    on, dimensions = problem.shifts, problem.dimensions
    most = max((len(shift.periods) for shift in on), default=0)
    limits = [(s.max_stops, s.max_drive_s, s.max_distance_m, s.range_m) for s in on]
    starts = [[*(p.from_s for p in s.periods), *[FREE] * (most - len(s.periods))] for s in on]
    matrices = [
        [s.matrix, *(p.matrix for p in s.periods), *[0] * (most - len(s.periods))] for s in on
    ]
    visits = len(problem.jobs) + len(problem.facilities)
    return {
        "shift": _table([_shift_row(s, rules) for s in on], len(on), 13),
        "capacity": _table([s.capacities for s in on], len(on), dimensions),
        "limits": _table([[_limit(x) for x in row] for row in limits], len(on), 4),
        "far": _table([_far(s) for s in on], len(on), 10 + dimensions),
        "period_from_s": _table(starts, len(on), most),
        "period_matrix": _table(matrices, len(on), most + 1),
        "rests_at": _table([_rests_at(problem, s) for s in on], len(on), visits),
    }


def _shift_row(s: ProblemShift, rules: Sequence[BreakRule]) -> tuple[int, ...]:
    return (
        s.start_location, s.end_location, s.start_s, s.end_s, s.crew_ueur_per_s, s.ueur_per_m,
        0 if s.underway else s.use_ueur, _limit(s.max_span_s), _limit(s.overtime_from_s),
        s.overtime_ueur_per_s, int(s.underway is not None),
        rules.index(s.break_rule) if s.break_rule else -1, int(s.rest_places is None),
    )  # fmt: skip


def _far(shift: ProblemShift) -> list[int]:
    """Return what lies behind a shift: amounts under limits, rests and driving, loads."""
    far = shift.underway
    if far is None:
        return [0, 0, 0, 0, shift.start_s, shift.start_s, 0, 0, 0, 0, *[0] * len(shift.capacities)]
    limited = [far.stops, far.driven_s, far.distance_m, far.charged_m]
    rest = [far.began_s, far.rest_end_s, far.rested_s, far.driven_s, far.driven_since_s]
    return [*limited, *rest, int(far.half_rest), *far.loads]


def _rests_at(problem: Problem, shift: ProblemShift) -> list[int]:
    places = range(len(problem.facilities))
    if shift.rest_places is None:
        return [1] * (len(problem.jobs) + len(places))
    return [0] * len(problem.jobs) + [int(f in shift.rest_places) for f in places]


def _rules(rules: Sequence[BreakRule]) -> dict[str, Ints]:
    most = max((len(rule.steps) for rule in rules), default=0)
    pieces = max((len(rule.pieces_s) for rule in rules), default=0)
    steps = [
        [*((x.over_s, x.break_s) for x in rule.steps), *[(FREE, 0)] * (most - len(rule.steps))]
        for rule in rules
    ]
    lengths = [[*sorted(rule.pieces_s), *[FREE] * (pieces - len(rule.pieces_s))] for rule in rules]
    return {
        "steps": _table(steps, len(rules), most, 2),
        "pieces_s": _table(lengths, len(rules), pieces),
        "law": _table([_law(rule) for rule in rules], len(rules), 8),
    }


def _law(rule: BreakRule) -> list[int]:
    drive = rule.drive
    driving = [FREE, 0, 0, 0, FREE]
    if drive is not None:
        driving = [drive.max_stretch_s, drive.break_s, *drive.split_s, drive.max_drive_s]
    return [rule.max_stretch_s, rule.max_work_s, rule.not_before_s, *driving]


def _ascending(windows: Sequence[Window]) -> list[Window]:
    return sorted(windows, key=lambda window: window.earliest_s)


def _limit(value: int | None) -> int:
    return FREE if value is None else value


def _table(rows: Sequence[object], *shape: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(shape)
