"""Times of one order of visits: arrival, waiting, start, departure, and where the break lies."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from dispatch.domain.plan import StopKind
from dispatch.planning.problem import Window

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dispatch.planning.problem import Problem, ProblemShift, Visit


class Halt(NamedTuple):
    """What one visit asks for; a facility has its opening hours as window and no setup.

    Before `ready_s` its service may not begin: a facility waits for what the next trip carries.
    """

    location: int
    windows: tuple[Window, ...]
    service_s: int
    setup_s: int
    ready_s: int = 0


class Times(NamedTuple):
    """Arrival, start of service and departure of one halt."""

    arrival_s: int
    start_s: int
    departure_s: int


class Rest(NamedTuple):
    """A break in the gap before halt `gap` (the number of halts means: before the way home).

    `at_next` tells where: at the place of the next halt before its setup, or at the place of the
    halt before, ahead of the drive.
    """

    gap: int
    at_next: bool
    start_s: int
    length_s: int

    @property
    def end_s(self) -> int:
        """When work goes on."""
        return self.start_s + self.length_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Begin, times of all halts, end, the break if there is one, and what is broken.

    `late_s` counts windows, the end of the shift and its longest span.
    """

    begin_s: int
    halts: tuple[Times, ...]
    end_s: int
    rest: Rest | None
    late_s: int
    law_excess_s: int

    @property
    def kept(self) -> bool:
        """Whether all windows, the end of the shift and the break rule are kept."""
        return self.late_s == 0 and self.law_excess_s == 0


def halt_of(problem: Problem, visit: Visit) -> Halt:
    """Return what a visit asks for."""
    if visit.kind is StopKind.JOB:
        job = problem.jobs[visit.index]
        return Halt(job.location, job.windows, job.service_s, job.setup_s)
    place = problem.facilities[visit.index]
    hours = Window(earliest_s=place.opens_s, latest_s=place.closes_s - place.service_s)
    return Halt(place.location, (hours,), place.service_s, 0)


def timetable(problem: Problem, shift: ProblemShift, visits: Sequence[Visit]) -> Timetable:
    """Return the best times for this order: lawful first, then least late, then earliest home.

    Work begins when the shift starts, or when what the first trip carries is released; where the
    span is limited, as late as the end allows. Nobody waits longer than needed. The shortest
    break that makes the route lawful is taken, at a stop boundary: before a drive or on arrival,
    never at the very start or end of the shift. Of equal places the one nearest to the middle of
    the shift wins.
    A leg without road counts as zero seconds here; the checker reports it.
    """
    clock = _Clock(problem, shift, visits)
    plain = clock.plain
    rule = shift.break_rule
    if rule is None or not visits or plain.law_excess_s == 0:
        return plain
    best = plain
    for length_s in sorted({step.break_s for step in rule.steps}):
        tables = [clock.with_rest(rest) for rest in clock.rests(length_s)]
        best = min([best, *tables], key=clock.rank)
        if best.law_excess_s == 0:
            return best
    return best


def late_without_break_s(problem: Problem, shift: ProblemShift, visits: Sequence[Visit]) -> int:
    """Return how late the order is if nobody rests: a quick lower bound of its lateness."""
    return _Clock(problem, shift, visits).plain.late_s


class _Clock:
    """Forward times of one order; keeps the run without break to start other runs from."""

    def __init__(self, problem: Problem, shift: ProblemShift, visits: Sequence[Visit]) -> None:
        halts, released_s = _halts(problem, visits)
        self.shift = shift
        self.halts = halts
        self.begin_s = max(shift.start_s, released_s)
        places = [shift.start_location, *(halt.location for halt in halts), shift.end_location]
        travel = problem.matrices[shift.matrix].duration_s.item
        self.drive_s = [
            max(0, travel(origin, destination)) for origin, destination in pairwise(places)
        ]
        self.setup_s = [
            halt.setup_s if place != halt.location else 0
            for place, halt in zip(places[:-2], halts, strict=True)
        ]
        self.plain = self._without_rest()
        if shift.max_span_s is not None and (delay_s := self._delay_s()) > 0:
            self.begin_s += delay_s
            self.plain = self._without_rest()

    def rank(self, table: Timetable) -> tuple[int, int, int, int]:
        """Return what makes one timetable better than another: smaller is better."""
        middle = (self.shift.start_s + self.shift.end_s) // 2
        rest = table.rest
        off_middle = abs(2 * rest.start_s + rest.length_s - 2 * middle) if rest else 0
        return (table.law_excess_s, table.late_s, table.end_s, off_middle)

    def rests(self, length_s: int) -> Iterator[Rest]:
        """Yield the breaks of that length worth trying: none before the first or after all work."""
        runs = self.plain.halts
        for gap, times in enumerate(runs):
            if gap:
                yield Rest(gap, False, runs[gap - 1].departure_s, length_s)
            elif not self.drive_s[0]:
                continue
            yield Rest(gap, True, times.arrival_s, length_s)
            latest = min(
                times.start_s - self.setup_s[gap] - length_s,
                self.begin_s + self._max_stretch_s(),
            )
            if latest > times.arrival_s:
                yield Rest(gap, True, latest, length_s)
        if runs and self.drive_s[-1]:
            yield Rest(len(runs), False, runs[-1].departure_s, length_s)

    def with_rest(self, rest: Rest) -> Timetable:
        """Return the times with this break in them."""
        run = list(self.plain.halts[: rest.gap])
        late_s = self.late_s[rest.gap]
        leaves_s = run[-1].departure_s if run else self.begin_s
        if not rest.at_next:
            leaves_s = rest.end_s
        for times, more_s in self._forward(rest.gap, leaves_s, rest if rest.at_next else None):
            run.append(times)
            late_s += more_s
        return self._close(run, late_s, rest)

    def _without_rest(self) -> Timetable:
        self.late_s = [0]
        run: list[Times] = []
        for times, late_s in self._forward(0, self.begin_s):
            run.append(times)
            self.late_s.append(self.late_s[-1] + late_s)
        return self._close(run, self.late_s[-1], None)

    def _delay_s(self) -> int:
        """Return how much later work can begin so that waiting shrinks and nothing else moves."""
        waited_s, delay_s = 0, self.shift.end_s
        for halt, times, setup_s in zip(self.halts, self.plain.halts, self.setup_s, strict=True):
            waited_s += times.start_s - times.arrival_s - setup_s
            ends = [w.latest_s for w in halt.windows if w.earliest_s <= times.start_s]
            slack_s = max([end for end in ends if end >= times.start_s], default=times.start_s)
            delay_s = min(delay_s, waited_s + slack_s - times.start_s)
        return min(delay_s, waited_s)

    def _forward(
        self, first: int, leaves_s: int, rest: Rest | None = None
    ) -> Iterator[tuple[Times, int]]:
        for position in range(first, len(self.halts)):
            halt = self.halts[position]
            arrival_s = leaves_s + self.drive_s[position]
            free_s = max(arrival_s, rest.end_s) if rest and rest.gap == position else arrival_s
            ready_s = max(free_s + self.setup_s[position], halt.ready_s)
            start_s, late_s = _start(halt.windows, ready_s)
            leaves_s = start_s + halt.service_s
            yield Times(arrival_s, start_s, leaves_s), late_s

    def _close(self, run: list[Times], late_s: int, rest: Rest | None) -> Timetable:
        leaves_s = run[-1].departure_s if run else self.begin_s
        if rest and rest.gap == len(run):
            leaves_s = rest.end_s
        end_s = leaves_s + self.drive_s[-1]
        return Timetable(
            begin_s=self.begin_s,
            halts=tuple(run),
            end_s=end_s,
            rest=rest,
            late_s=late_s + max(0, end_s - self.shift.end_s) + self._too_long_s(end_s),
            law_excess_s=self._law_excess_s(end_s, rest),
        )

    def _too_long_s(self, end_s: int) -> int:
        most_s = self.shift.max_span_s
        return 0 if most_s is None else max(0, end_s - self.begin_s - most_s)

    def _law_excess_s(self, end_s: int, rest: Rest | None) -> int:
        rule, start_s = self.shift.break_rule, self.begin_s
        if rule is None:
            return 0
        length_s = rest.length_s if rest else 0
        missing_s = max(0, rule.needed_s(end_s - start_s - length_s) - length_s)
        stretches = [rest.start_s - start_s, end_s - rest.end_s] if rest else [end_s - start_s]
        early_s = max(0, start_s + rule.not_before_s - rest.start_s) if rest else 0
        return missing_s + early_s + sum(max(0, s - rule.max_stretch_s) for s in stretches)

    def _max_stretch_s(self) -> int:
        rule = self.shift.break_rule
        return rule.max_stretch_s if rule else self.shift.end_s


def _halts(problem: Problem, visits: Sequence[Visit]) -> tuple[list[Halt], int]:
    """Return what the visits ask for, and when what the first trip carries is released."""
    halts = [halt_of(problem, visit) for visit in visits]
    released_s = 0
    for position in reversed(range(len(visits))):
        visit, halt = visits[position], halts[position]
        if visit.kind is StopKind.JOB:
            released_s = max(released_s, problem.jobs[visit.index].release_s)
        elif released_s:
            halts[position] = halt._replace(ready_s=released_s - halt.service_s)
            released_s = 0
    return halts, released_s


def _start(windows: tuple[Window, ...], ready_s: int) -> tuple[int, int]:
    """Return the first start of service from `ready_s` on, and by how much it is too late."""
    starts = [max(ready_s, w.earliest_s) for w in windows if ready_s <= w.latest_s]
    if starts:
        return min(starts), 0
    return ready_s, ready_s - max((w.latest_s for w in windows), default=ready_s)
