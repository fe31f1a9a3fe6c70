"""Whether a shift could do a job if it did nothing else."""

from __future__ import annotations

import numpy as np

from dispatch.planning.kernel.compiled import Grid, Ints, compiled
from dispatch.planning.kernel.judge import judge
from dispatch.planning.kernel.labels import (
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
def could_do(t: Tables, b: Bench, able: Grid, alike: Ints) -> None:
    """Clear in `able` (jobs, shifts) what no road, no time or no law allows even alone.

    Of shifts that equal each other, as `alike` says, only the first is asked. What a reload could
    cure (loads on board, range) is left to the search.
    """
    route = np.zeros(1, dtype=np.int64)
    for shift in range(able.shape[1]):
        first = alike[shift]
        curable = t.shift[shift, UNDERWAY] == 1 or t.limits[shift, 3] < FREE
        for job in range(able.shape[0]):
            if first != shift:
                able[job, shift] = able[job, first]
            elif able[job, shift] == 1:
                route[0] = job
                if not _reached(t, shift, job) or (
                    not curable and not judge(t, b, shift, route, 1, True)
                ):
                    able[job, shift] = 0
