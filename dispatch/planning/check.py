"""An independent judge: re-derives everything from problem and solution.

Shares no code with engine, timing, reschedule or costs on purpose, and never stops at the first
fault. Subjects are `job 3`, `shift 2`, `facility 0`: indices, which `publish` turns into ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.planning.check_costs import (
    v801_cost_sheet,
)
from dispatch.planning.check_crews import (
    v501_skill,
    v502_too_few_persons,
    v503_shift_not_allowed,
    v504_conflict,
    v505_relation,
)
from dispatch.planning.check_driving import (
    v705_driving_without_break,
    v706_driving_in_all,
)
from dispatch.planning.check_facilities import (
    v601_facility_useless,
    v602_facility_closed,
    v603_facility_full,
    v707_rest_elsewhere,
)
from dispatch.planning.check_law import (
    v701_break_missing,
    v702_stretch_too_long,
    v703_break_at_the_edge,
    v704_break_too_early,
)
from dispatch.planning.check_limits import (
    v305_too_many_jobs,
    v306_too_much_driving,
    v307_too_far,
    v403_battery_empty,
)
from dispatch.planning.check_loads import (
    v401_capacity,
    v402_loads_recorded,
)
from dispatch.planning.check_structure import (
    v101_unknown,
    v102_done_twice,
    v103_forgotten,
    v104_one_route_per_shift,
    v207_wrong_place,
    v303_begins_and_ends,
)
from dispatch.planning.check_times import (
    v201_window,
    v202_service_cut,
    v203_setup_cut,
    v204_travel_cut,
    v205_no_road,
    v206_time_runs_backwards,
    v208_before_release,
    v301_starts_early,
    v302_ends_late,
    v304_span,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dispatch.domain.plan import Violation
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution


def check(problem: Problem, solution: Solution) -> tuple[Violation, ...]:
    """Return every broken rule with its V-code; empty for a sound solution.

    Indices and shapes come first: while they are broken, nothing else can be judged.
    """
    shape = [found for rule in SHAPE for found in rule(problem, solution)]
    return tuple(shape or [found for rule in RULES for found in rule(problem, solution)])


SHAPE: tuple[Callable[[Problem, Solution], Iterable[Violation]], ...] = (
    v101_unknown,
    v104_one_route_per_shift,
    v303_begins_and_ends,
)
RULES: tuple[Callable[[Problem, Solution], Iterable[Violation]], ...] = (
    v102_done_twice,
    v103_forgotten,
    v201_window,
    v202_service_cut,
    v203_setup_cut,
    v204_travel_cut,
    v205_no_road,
    v206_time_runs_backwards,
    v207_wrong_place,
    v208_before_release,
    v301_starts_early,
    v302_ends_late,
    v304_span,
    v305_too_many_jobs,
    v306_too_much_driving,
    v307_too_far,
    v401_capacity,
    v402_loads_recorded,
    v403_battery_empty,
    v501_skill,
    v502_too_few_persons,
    v503_shift_not_allowed,
    v504_conflict,
    v505_relation,
    v601_facility_useless,
    v602_facility_closed,
    v603_facility_full,
    v701_break_missing,
    v702_stretch_too_long,
    v703_break_at_the_edge,
    v704_break_too_early,
    v705_driving_without_break,
    v706_driving_in_all,
    v707_rest_elsewhere,
    v801_cost_sheet,
)
