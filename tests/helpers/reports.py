"""Reports of crews as tests need them, and random ones that only tablets could think of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from dispatch.domain.ids import ActorId, CrewId, JobId, ReportId
from dispatch.domain.job import Dimension, Load
from dispatch.domain.report import ReportKind, StopReport
from tests.helpers.plans import DAY, at

JOB = JobId("job-1")
LESS = Load(dimension=Dimension.WATER_L, amount=30)
MORE = Load(dimension=Dimension.WATER_L, amount=80)


def uuid(number: int) -> ReportId:
    """Return the UUID with that number."""
    return ReportId(str(UUID(int=number)))


def a_report(number: int = 1, minute: int = 60, **parts: Any) -> StopReport:
    """Return a report that job-1 is done, told and received when it happened."""
    defaults: dict[str, Any] = {
        "id": uuid(number),
        "crew_id": CrewId("glas"),
        "day": DAY,
        "kind": ReportKind.DONE,
        "happened_at": at(minute),
        "told_at": at(minute),
        "received_at": at(minute),
        "reported_by": ActorId("tablet-1"),
    }
    fields = defaults | parts
    if fields["kind"] is not ReportKind.UNDO and not fields.get("halt"):
        fields = {"job_id": JOB} | fields
    return StopReport(**fields)


def an_undo(of: int, number: int = 900, minute: int = 90, **parts: Any) -> StopReport:
    """Return a report that takes another one back."""
    return a_report(number, minute, kind=ReportKind.UNDO, undoes=uuid(of), **parts)


@st.composite
def reports_on_one_job(draw: st.DrawFn) -> list[StopReport]:
    """Draw up to 14 reports of two crews on two days on one job, a third of them undos."""
    count = draw(st.integers(1, 14))
    return [_any_report(draw, number) for number in range(1, count + 1)]


def _any_report(draw: st.DrawFn, number: int) -> StopReport:
    parts: dict[str, Any] = {
        "crew_id": CrewId(draw(st.sampled_from(["glas", "grün"]))),
        "day": DAY + timedelta(days=draw(st.integers(0, 1))),
    }
    minute = draw(st.integers(0, 5)) * 10
    if draw(st.integers(0, 2)) == 0:
        return an_undo(draw(st.integers(1, 14)), number, minute, **parts)
    kind = draw(st.sampled_from([kind for kind in ReportKind if kind is not ReportKind.UNDO]))
    if kind is ReportKind.NOT_POSSIBLE:
        parts["reason"] = draw(st.sampled_from(["blocked_by_car", "broken", "already_done"]))
    parts["loads"] = draw(st.sampled_from([(), (LESS,), (MORE,)]))
    return a_report(number, minute, kind=kind, **parts)
