"""Jobs that never get into a problem, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.names import ORGANISATION_NAMES
from dispatch.domain.plan import Unassigned
from dispatch.domain.reasons import REASONS
from dispatch.domain.text import Text
from dispatch.planning.problem import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dispatch.domain.job import Job, Organisation
    from dispatch.planning.problem import Matrix, ProblemJob, ProblemShift

NO_SHIFT = Text(
    de="An diesem Tag arbeitet keine Schicht.",
    en="No shift works on this day.",
)
OUTSIDE_DAY = Text(
    de="Kein Zeitfenster des Auftrags liegt an diesem Tag.",
    en="None of the job's time windows lies on this day.",
)
NOT_POSSIBLE = Text(de="Nicht möglich", en="Not possible")
UNREACHABLE = Text(
    de="Kein Fahrzeug des Tages kommt auf befahrbaren Straßen dorthin und zurück.",
    en="No vehicle of the day can get there and back on streets it may use.",
)


def waiting(job: Job, day: date) -> Unassigned | None:
    """Return that the job waits after an attempt that failed; None if it may be done that day."""
    if job.waits_until is None or day >= job.waits_until:
        return None
    tried = job.attempts[-1] if job.attempts else None
    why = REASONS[tried.reason].text if tried and tried.reason in REASONS else NOT_POSSIBLE
    return Unassigned(
        job_id=job.id,
        code="waits",
        text=Text(
            de=f"Letzter Versuch: {why.de}. Frühestens wieder am {job.waits_until:%d.%m.}",
            en=f"Last attempt: {why.en}. Not before {job.waits_until.isoformat()}.",
        ),
    )


def left_out_reason(
    job: Job,
    wanted: ProblemJob,
    shifts: Sequence[ProblemShift],
    matrices: Sequence[Matrix],
) -> Unassigned | None:
    """Return why the job cannot be part of this day's problem; None if it can."""
    if not shifts:
        return Unassigned(job_id=job.id, code="no_shift", text=NO_SHIFT)
    if not wanted.windows:
        return Unassigned(job_id=job.id, code="outside_day", text=OUTSIDE_DAY)
    able = [shift for i, shift in enumerate(shifts) if wanted.shifts is None or i in wanted.shifts]
    if job.organisation is not None and not able:
        return Unassigned(job_id=job.id, code="no_crew", text=_no_crew(job.organisation))
    if not any(_reaches(shift, matrices[shift.matrix], wanted.location) for shift in able):
        return Unassigned(job_id=job.id, code="unreachable", text=UNREACHABLE)
    return None


def _no_crew(organisation: Organisation) -> Text:
    name = ORGANISATION_NAMES[organisation]
    return Text(
        de=f"An diesem Tag arbeitet keine Kolonne von: {name.de}.",
        en=f"No crew works on this day of: {name.en}.",
    )


def _reaches(shift: ProblemShift, matrix: Matrix, location: int) -> bool:
    there = matrix.duration_s.item(shift.start_location, location)
    if shift.end_location == ANYWHERE:
        return bool(there >= 0)
    back = matrix.duration_s.item(location, shift.end_location)
    return bool(there >= 0 and back >= 0)
