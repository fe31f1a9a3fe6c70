"""What a sheet is made from: one route with all that is said about it, in one of two languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from dispatch.domain.ids import JobId
from dispatch.domain.job import Job
from dispatch.domain.plan import Plan, Route, Stop, StopKind
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.job import Dimension, Load

Language = Literal["de", "en"]

Line = tuple[tuple[float, float], ...]
"""Positions as (lon, lat) in degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One route of a plan with its jobs; `jobs` may lack some that are not stored any more.

    `hints` say what a crew must know to get to a job. `mark` stands across what is not in force.
    `backdrop` are streets for the map, `url` is where the route is found on the service.
    """

    plan: Plan
    route: Route
    jobs: Mapping[JobId, Job]
    made_at: datetime
    hints: Mapping[JobId, str] = field(default_factory=dict)
    mark: Text | None = None
    backdrop: Sequence[Line] = ()
    url: str = ""
    language: Language = "de"

    def said(self, text: Text) -> str:
        """Return the words in the sheet's language."""
        return text.de if self.language == "de" else text.en

    def job(self, stop: Stop) -> Job | None:
        """Return the job at a stop, None if it has none or it is not known."""
        return self.jobs.get(stop.job_id) if stop.job_id else None

    def numbers(self) -> Iterator[tuple[str, Stop]]:
        """Yield the stops with the number beside them and on the map: only jobs are counted."""
        count = 0
        for stop in self.route.stops:
            if stop.kind is StopKind.JOB:
                count += 1
                yield str(count), stop
            else:
                yield "", stop


def exchanged(before: tuple[Load, ...], after: tuple[Load, ...]) -> dict[Dimension, int]:
    """Return by how much each dimension on board grew (loaded) or shrank (unloaded)."""
    amounts = {load.dimension: load.amount for load in after}
    for load in before:
        amounts[load.dimension] = amounts.get(load.dimension, 0) - load.amount
    return {dimension: amount for dimension, amount in amounts.items() if amount}


def given_and_taken(sheet: Sheet) -> dict[Dimension, int]:
    """Return what all jobs of the route ask for, per dimension."""
    sums: dict[Dimension, int] = {}
    for stop in sheet.route.stops:
        job = sheet.job(stop)
        for load in job.loads if job else ():
            sums[load.dimension] = sums.get(load.dimension, 0) + load.amount
    return {dimension: amount for dimension, amount in sums.items() if amount}
