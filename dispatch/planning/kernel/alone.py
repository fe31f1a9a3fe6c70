"""Whether a shift could do a job if it did nothing else."""

from __future__ import annotations

from dispatch.planning.kernel.compiled import Grid, Ints, compiled
from dispatch.planning.kernel.judge import judge
from dispatch.planning.kernel.labels import (
    EXCESS,
    LATENESS,
    OFFENCE,
    Bench,
)
from dispatch.planning.kernel.tables import (
    END_PLACE,
    FREE,
    PLACE,
    START_PLACE,
    UNDERWAY,
    Tables,
)


@compiled
def _reached(t: Tables, shift: int, job: int) -> bool:
    """Tell whether roads lead to the job and on to the end."""
    matrix, place = t.period_matrix[shift, 0], t.visit[job, PLACE]
    home = t.shift[shift, END_PLACE]
    back = 0 if home < 0 else t.duration_s[matrix, place, home]
    return bool(t.duration_s[matrix, t.shift[shift, START_PLACE], place] >= 0 and back >= 0)


@compiled
def _in_vain(t: Tables, b: Bench, shift: int, route: Ints) -> bool:
    """Tell whether the job alone breaks more than the law: another stop may be where to rest."""
    if judge(t, b, shift, route, 1, True):
        return False
    judge(t, b, shift, route, 1, False)
    return bool(b.totals[OFFENCE] == 0 or b.totals[LATENESS] + b.totals[EXCESS] > 0)


@compiled
def could_do(t: Tables, b: Bench, able: Grid, alike: Ints, route: Ints) -> None:
    """Clear in `able` (jobs, shifts) what no road, time or limit allows even alone.

    Of shifts that equal each other, as `alike` says, only the first is asked. What other visits
    could cure (loads on board, range, nowhere to rest on a long drive) is left to the search.
    `route` is room for one visit.
    """
    for shift in range(able.shape[1]):
        first = alike[shift]
        curable = t.shift[shift, UNDERWAY] == 1 or t.limits[shift, 3] < FREE
        for job in range(able.shape[0]):
            if first != shift:
                able[job, shift] = able[job, first]
            elif able[job, shift] == 1:
                route[0] = job
                if not _reached(t, shift, job) or (not curable and _in_vain(t, b, shift, route)):
                    able[job, shift] = 0
