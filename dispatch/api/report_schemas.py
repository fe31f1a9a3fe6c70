"""Schemas of what crews report."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from dispatch.api.errors import IssueOut, issue_of
from dispatch.api.values import TextOut, WrittenDate, WrittenMoment
from dispatch.domain.access import Actor
from dispatch.domain.errors import Issue
from dispatch.domain.ids import CrewId, JobId, PhotoId, PlanId, ReportId
from dispatch.domain.job import Dimension, Load
from dispatch.domain.reasons import CATALOGUE_VERSION, REASONS, Reason, Wait
from dispatch.domain.report import Doubt, RefusedReport, ReportKind, StopReport
from dispatch.service.crews.record import Answer, Sent, Verdict

Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
Words = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class ReportIn(BaseModel):
    """What happened at one stop: about a job, or about a halt (`start`, `end`, `break-1` ...).

    `id` is made by the tablet. `loads` are what was given or taken there in all on that day. An
    `undo` names the report it takes back. `crew_id` may be left out by a crew's own device.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    kind: ReportKind
    day: WrittenDate
    happened_at: WrittenMoment
    crew_id: Name | None = None
    job_id: Name | None = None
    halt: Annotated[str, Field(max_length=20, pattern=r"^[^\x00]*$")] = ""
    plan_id: Name | None = None
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    reason: Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")] = ""
    loads: dict[Dimension, Annotated[int, Field(ge=0, le=2**31 - 1)]] = {}
    photos: Annotated[list[UUID], Field(max_length=10)] = []
    note: Words = ""
    undoes: UUID | None = None

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        undo = self.kind is ReportKind.UNDO
        if undo != (self.undoes is not None):
            message = "an undo names in `undoes` what it takes back, and nothing else does"
            raise ValueError(message)
        if not undo and (self.job_id is None) == (not self.halt):
            message = "a report is about a job (`job_id`) or about a halt (`halt`)"
            raise ValueError(message)
        return self

    def to_domain(self, actor: Actor, crew_id: CrewId, now: datetime) -> StopReport:
        """Return the report, its time still as the tablet's clock says."""
        return StopReport(
            id=ReportId(str(self.id)),
            crew_id=crew_id,
            day=self.day,
            kind=self.kind,
            happened_at=self.happened_at,
            told_at=self.happened_at,
            received_at=now,
            reported_by=actor.id,
            job_id=None if self.job_id is None else JobId(self.job_id),
            halt=self.halt,
            plan_id=None if self.plan_id is None else PlanId(self.plan_id),
            revision=self.revision,
            reason=self.reason,
            loads=tuple(Load(dimension=d, amount=a) for d, a in sorted(self.loads.items())),
            photos=tuple(PhotoId(str(photo)) for photo in self.photos),
            note=self.note,
            undoes=None if self.undoes is None else ReportId(str(self.undoes)),
        )


def _inline_schema() -> dict[str, Any]:
    """Return the schema of a report without references, which would lead nowhere from here."""
    schema = ReportIn.model_json_schema()
    shared = schema.pop("$defs", {})

    def resolved(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return resolved(shared[part["$ref"].rpartition("/")[2]])
            return {key: resolved(value) for key, value in part.items()}
        return [resolved(item) for item in part] if isinstance(part, list) else part

    found: dict[str, Any] = resolved(schema)
    return found


AnyReport = Annotated[Any, WithJsonSchema(_inline_schema())]
"""Read one by one: a report that cannot be read must not keep the others from being taken."""


class ReportsIn(BaseModel):
    """Reports in any order; `sent_at` is what the tablet's clock says while it sends them."""

    sent_at: WrittenMoment
    reports: Annotated[list[AnyReport], Field(max_length=500)]

    def sent(self, actor: Actor, now: datetime) -> tuple[Sent, ...]:
        """Return each report as far as it can be read."""
        return tuple(_read(item, actor, now) for item in self.reports)


def _read(item: Any, actor: Actor, now: datetime) -> Sent:
    body = json.dumps(item, sort_keys=True)
    named = item if isinstance(item, Mapping) else {}
    crew = named.get("crew_id") or actor.crew_id
    crew_id = crew if isinstance(crew, str) and crew.isprintable() else ""
    name = named.get("id")
    shown = name if isinstance(name, str) and name.isprintable() else ""
    report: StopReport | Issue
    try:
        told = ReportIn.model_validate(item)
    except ValidationError as error:
        report = issue_of(error.errors()[0])
    else:
        shown = str(told.id)
        report = _lacks_crew(shown)
        if crew_id:
            report = told.to_domain(actor, CrewId(crew_id), now)
    return Sent(body=body, report=report, id=shown, crew_id=crew_id)


def _lacks_crew(name: str) -> Issue:
    return Issue(
        code="S702",
        subject=f"report {name}",
        cause="it names no crew",
        action="Name the crew in `crew_id`; only a crew's own device may leave it out",
    )


class VerdictOut(BaseModel):
    """What became of a report: taken, known already, or refused with its reason and cure."""

    id: str
    answer: Answer
    issue: IssueOut | None = None

    @classmethod
    def from_domain(cls, verdict: Verdict) -> Self:
        """Return the verdict."""
        issue = verdict.issue
        shown = None
        if issue is not None:
            shown = IssueOut(
                code=issue.code, subject=issue.subject, cause=issue.cause, action=issue.action
            )
        return cls(id=verdict.id, answer=verdict.answer, issue=shown)


class CurrentRouteOut(BaseModel):
    """Which revision a crew works by now: a tablet with another one fetches its route again."""

    crew_id: str
    day: date
    plan_id: str
    revision: int


class VerdictsOut(BaseModel):
    """A verdict per report, in the order sent, and the revisions in force."""

    verdicts: list[VerdictOut]
    current: list[CurrentRouteOut]


class ReasonOut(BaseModel):
    """Why a job could not be done; some say nothing without a note."""

    code: str
    text: TextOut
    wait: Wait
    note: bool

    @classmethod
    def from_domain(cls, reason: Reason) -> Self:
        """Return the reason."""
        return cls(
            code=reason.code,
            text=TextOut.from_domain(reason.text),
            wait=reason.wait,
            note=reason.note,
        )


class CatalogueOut(BaseModel):
    """All reasons, in the order to show them."""

    version: str
    reasons: list[ReasonOut]


CATALOGUE = CatalogueOut(
    version=CATALOGUE_VERSION, reasons=[ReasonOut.from_domain(r) for r in REASONS.values()]
)


class ReportOut(BaseModel):
    """One report as it counts; `told_at` is what the tablet's clock said."""

    id: str
    crew_id: str
    day: date
    kind: ReportKind
    happened_at: AwareDatetime
    told_at: AwareDatetime
    received_at: AwareDatetime
    job_id: str | None
    halt: str
    plan_id: str | None
    revision: int | None
    reason: str
    loads: dict[Dimension, int]
    photos: list[str]
    note: str
    undoes: str | None
    doubts: list[Doubt]

    @classmethod
    def from_domain(cls, report: StopReport) -> Self:
        """Return the report."""
        return cls(
            **{
                name: getattr(report, name)
                for name in cls.model_fields
                if name not in ("loads", "photos", "doubts")
            },
            loads={load.dimension: load.amount for load in report.loads},
            photos=list(report.photos),
            doubts=list(report.doubts),
        )


class RefusedReportOut(BaseModel):
    """What was sent as a report and could not be taken; `body` is its JSON."""

    received_at: AwareDatetime
    crew_id: str
    reported_by: str
    issue: IssueOut
    body: str

    @classmethod
    def from_domain(cls, refused: RefusedReport) -> Self:
        """Return what was refused."""
        issue = refused.issue
        return cls(
            received_at=refused.received_at,
            crew_id=refused.crew_id,
            reported_by=refused.reported_by,
            issue=IssueOut(
                code=issue.code, subject=issue.subject, cause=issue.cause, action=issue.action
            ),
            body=refused.body,
        )
