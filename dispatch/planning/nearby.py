"""Which jobs are neighbours: near to each other, and such that one shift could do both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.planning.problem import NOTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.planning.problem import Problem


def near_jobs(problem: Problem, able: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return for every job the nearest others that some shift could do both, nearest first.

    `able` is 1 where a shift could do a job, (jobs, shifts). The answer is (jobs, at most `count`),
    filled up with -1 where a job has fewer neighbours.
    """
    jobs = len(problem.jobs)
    if jobs < 2 or not problem.matrices:
        return np.full((jobs, 1), NOTHING, dtype=np.int64)
    places = [job.location for job in problem.jobs]
    matrix = problem.matrices[0].duration_s
    away = matrix[np.ix_(places, places)].astype(np.float64)
    away[away < 0] = np.inf
    away = np.minimum(away, away.T)
    away[able @ able.T == 0] = np.inf
    np.fill_diagonal(away, np.inf)
    most = min(count, jobs - 1)
    order = np.argsort(away, axis=1, kind="stable")[:, :most]
    far = np.isinf(np.take_along_axis(away, order, axis=1))
    return np.where(far, NOTHING, order).astype(np.int64)
