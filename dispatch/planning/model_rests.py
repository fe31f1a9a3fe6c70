"""Breaks as the routing model takes them: pieces with bounds, drawn so that `timing` agrees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.planning.travel_bounds import longest

if TYPE_CHECKING:
    from dispatch.planning.law import BreakRule, DriveRule
    from dispatch.planning.problem import Problem, ProblemShift


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One break: bounds of its start, and its length, in seconds.

    A route that is home before `latest_s` does without it: it lies after the end then.
    """

    earliest_s: int
    latest_s: int
    length_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """The breaks of one shift and the longest stretch between breaks of at least `least_s`.

    `drive_cap_s` is how much driving is left if the driving rule is kept without a break.
    """

    pieces: tuple[Piece, ...] = ()
    stretch_s: int = 0
    least_s: int = 0
    drive_cap_s: int | None = None

    @property
    def length_s(self) -> int:
        """All breaks together."""
        return sum(piece.length_s for piece in self.pieces)


def rests_of(problem: Problem, shift: ProblemShift, driven_s: int | None = None) -> Rests:
    """Return the breaks of a shift; `driven_s` is the driving of the route to begin with.

    The driving rule is kept in one of two ways, both stricter than the law: no more driving than
    one stretch, if the route to begin with has no more; else one full break with no more than a
    stretch of time on either side.
    """
    rule = shift.break_rule
    if rule is None:
        return Rests()
    if rule.drive is None:
        return _with_room(problem, shift, _by_work(shift, rule))
    since_s = shift.underway.driven_since_s if shift.underway else 0
    cap_s = max(0, rule.drive.max_stretch_s - since_s)
    by_time = _by_drive(shift, rule, rule.drive)
    little = driven_s is not None and 0 < driven_s <= cap_s
    if shift.end_s - shift.start_s <= cap_s:
        return _with_room(problem, shift, _by_work(shift, rule))
    if little or by_time is None or shift.rest_places is not None:
        work = _with_room(problem, shift, _by_work(shift, rule))
        return replace(work, drive_cap_s=cap_s)
    return _with_room(problem, shift, by_time)


def _by_work(shift: ProblemShift, rule: BreakRule) -> Rests:
    """Return one piece per step of the rule: due when the work before it is done."""
    behind, least_s = shift.underway, min(rule.pieces_s)
    began_s = behind.began_s if behind else shift.start_s
    rested_s = behind.rested_s if behind else 0
    rest_end_s = behind.rest_end_s if behind else shift.start_s
    earliest_s = max(shift.start_s, began_s + rule.not_before_s)
    pieces: list[Piece] = []
    for step in sorted(rule.steps, key=lambda step: step.over_s):
        due_s = began_s + step.over_s + rested_s
        if step.break_s > rested_s and shift.end_s > due_s:
            length_s = max(step.break_s - rested_s, least_s)
            pieces.append(Piece(earliest_s=earliest_s, latest_s=due_s, length_s=length_s))
            rested_s += length_s
    tired_s = rest_end_s + rule.max_stretch_s
    if not pieces and shift.end_s > tired_s:
        pieces = [Piece(earliest_s=earliest_s, latest_s=tired_s, length_s=least_s)]
    bounded = [_until(piece, tired_s) if n == 0 else piece for n, piece in enumerate(pieces)]
    return Rests(pieces=tuple(bounded), stretch_s=rule.max_stretch_s, least_s=least_s)


def _by_drive(shift: ProblemShift, rule: BreakRule, drive: DriveRule) -> Rests | None:
    """Return one full break amid the time, which bounds driving on both sides; None if too long."""
    behind = shift.underway
    began_s = behind.began_s if behind else shift.start_s
    due_s = shift.start_s + drive.max_stretch_s - (behind.driven_since_s if behind else 0)
    work = _by_work(shift, rule)
    length_s = max(drive.break_s, work.length_s)
    latest_s = min([due_s, *(piece.latest_s for piece in work.pieces)])
    earliest_s = max(shift.start_s, began_s + rule.not_before_s)
    if shift.end_s > latest_s + length_s + drive.max_stretch_s or earliest_s > latest_s:
        return None
    piece = Piece(earliest_s=earliest_s, latest_s=latest_s, length_s=length_s)
    return Rests(pieces=(piece,), stretch_s=drive.max_stretch_s, least_s=length_s)


def _with_room(problem: Problem, shift: ProblemShift, rests: Rests) -> Rests:
    """Leave room for what the engine does not tell apart: setup and rest, and breaks in a drive.

    The engine may lay a break between setup and service; `timing` rests before the setup, so
    breaks begin later and stretches are shorter by one setup. The engine may also lay a break
    into a drive; `timing` moves it before or after that. In a shift of nearly two stretches
    neither may be lawful, so there is room for one drive.
    """
    setup_s = max((job.setup_s for job in problem.jobs), default=0)
    drive_s = int(longest(problem, shift).duration_s.max(initial=0))
    worked_s = shift.end_s - shift.start_s - rests.length_s
    room_s = drive_s if worked_s > 2 * rests.stretch_s - drive_s - setup_s else 0
    pieces = tuple(
        replace(
            piece,
            earliest_s=min(piece.earliest_s + setup_s, piece.latest_s),
            latest_s=max(min(piece.earliest_s + setup_s, piece.latest_s), piece.latest_s - room_s),
        )
        for piece in rests.pieces
    )
    stretch_s = max(rests.least_s, rests.stretch_s - setup_s - room_s)
    return replace(rests, pieces=pieces, stretch_s=stretch_s)


def _until(piece: Piece, latest_s: int) -> Piece:
    return replace(piece, latest_s=max(piece.earliest_s, min(piece.latest_s, latest_s)))
