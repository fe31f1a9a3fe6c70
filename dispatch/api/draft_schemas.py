"""Schemas of drafts: changes by hand, and what they do."""

from datetime import date
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from dispatch.api.plan_schemas import RouteOut
from dispatch.api.values import TextOut
from dispatch.api.verdict_schemas import BillLineOut, ViolationOut
from dispatch.domain.draft import Draft, DraftEdit, DraftStatus, EditStatus
from dispatch.domain.edit import Edit, EditKind, VisitRef
from dispatch.domain.ids import FacilityId, JobId, ShiftId
from dispatch.domain.job import Organisation
from dispatch.domain.plan import Violation
from dispatch.service.open_draft import DraftView, Effect

Id = Annotated[str, Field(min_length=1, max_length=200)]
Place = Annotated[int, Field(ge=0, le=10_000)]


class VisitIn(BaseModel):
    """A visit of a job or of a facility: one of the two ids."""

    model_config = ConfigDict(extra="forbid")
    job_id: Id | None = None
    facility_id: Id | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        self.to_domain()
        return self

    def to_domain(self) -> VisitRef:
        """Return the visit; raises ValueError for both ids or none."""
        return VisitRef(
            job_id=None if self.job_id is None else JobId(self.job_id),
            facility_id=None if self.facility_id is None else FacilityId(self.facility_id),
        )


class EditIn(BaseModel):
    """One change by hand; its kind says which of the other fields it needs.

    `position` counts the jobs and reloads of the route from 0, breaks aside; a job that moves
    within its route is counted out first. Without it the job goes where it costs least, and
    without a shift (`add` only) to whichever costs least.
    """

    model_config = ConfigDict(extra="forbid")
    kind: EditKind
    job_id: Id | None = None
    shift_id: Id | None = None
    facility_id: Id | None = None
    position: Place | None = None
    visits: Annotated[list[VisitIn], Field(max_length=1000)] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        self.to_domain()
        return self

    def to_domain(self) -> Edit:
        """Return the change; raises ValueError for fields that its kind lacks or cannot use."""
        visits = self.visits
        return Edit(
            kind=self.kind,
            job_id=None if self.job_id is None else JobId(self.job_id),
            shift_id=None if self.shift_id is None else ShiftId(self.shift_id),
            facility_id=None if self.facility_id is None else FacilityId(self.facility_id),
            position=self.position,
            visits=None if visits is None else tuple(visit.to_domain() for visit in visits),
        )

    @classmethod
    def from_domain(cls, edit: Edit) -> Self:
        """Return the change as it was sent."""
        return cls(
            kind=edit.kind,
            job_id=edit.job_id,
            shift_id=edit.shift_id,
            facility_id=edit.facility_id,
            position=edit.position,
            visits=None
            if edit.visits is None
            else [VisitIn(job_id=v.job_id, facility_id=v.facility_id) for v in edit.visits],
        )


class EditsIn(BaseModel):
    """Changes that are made together, in this order: all of them or none."""

    model_config = ConfigDict(extra="forbid")
    edits: Annotated[list[EditIn], Field(min_length=1, max_length=100)]

    def to_domain(self) -> list[Edit]:
        """Return the changes."""
        return [edit.to_domain() for edit in self.edits]


class DraftEditOut(BaseModel):
    """A change that was made: by whom, when, and whether it counts."""

    number: int
    edit: EditIn
    made_at: AwareDatetime
    made_by: str
    status: EditStatus

    @classmethod
    def from_domain(cls, edit: DraftEdit) -> Self:
        """Return the change."""
        return cls(
            number=edit.number,
            edit=EditIn.from_domain(edit.edit),
            made_at=edit.made_at,
            made_by=edit.made_by,
            status=edit.status,
        )


class DraftHeadOut(BaseModel):
    """A draft without its routes; `version` is also its entity tag."""

    id: str
    plan_id: str
    day: date
    organisation: Organisation
    opened_at: AwareDatetime
    opened_by: str
    version: int
    status: DraftStatus

    @classmethod
    def from_domain(cls, draft: Draft) -> Self:
        """Return the head."""
        return cls(**{name: getattr(draft, name) for name in cls.model_fields})


class BillChangeOut(BaseModel):
    """A line of the bill that is another now, and by how much."""

    code: str
    label: TextOut
    amount_ct: int
    more_ct: int


class EffectOut(BaseModel):
    """What changes do together; `routes` are those that are another, over the whole day.

    `idle_shifts` have no route any more. `violations` are all there are, `caused` and `cured` those
    that came and went; hard ones keep the plan from being published.
    """

    routes: list[RouteOut]
    idle_shifts: list[str]
    cost_ct: int
    more_ct: int
    bill_changes: list[BillChangeOut]
    violations: list[ViolationOut]
    caused: list[ViolationOut]
    cured: list[ViolationOut]
    left_job_ids: list[str]

    @classmethod
    def from_domain(cls, effect: Effect) -> Self:
        """Return the effect."""
        return cls(
            routes=[RouteOut.from_domain(route) for route in effect.routes],
            idle_shifts=list(effect.idle),
            cost_ct=effect.after.cost_ct,
            more_ct=effect.after.cost_ct - effect.before.cost_ct,
            bill_changes=[
                BillChangeOut(
                    code=line.code,
                    label=TextOut.from_domain(line.label),
                    amount_ct=line.amount_ct,
                    more_ct=more_ct,
                )
                for line, more_ct in effect.changed_lines
            ],
            violations=_violations(effect.after.violations),
            caused=_violations(effect.caused),
            cured=_violations(effect.cured),
            left_job_ids=list(effect.after.left),
        )


class EditedOut(BaseModel):
    """The draft at its new version, and what the changes did."""

    draft: DraftHeadOut
    effect: EffectOut

    @classmethod
    def from_domain(cls, view: DraftView, effect: Effect) -> Self:
        """Return head and effect."""
        return cls(draft=DraftHeadOut.from_domain(view.draft), effect=EffectOut.from_domain(effect))


class DraftOut(DraftHeadOut):
    """A draft as it is: every change, the routes, the bill, and what is broken.

    `lost` are ids of the plan it is based on that the city does not have any more.
    """

    edits: list[DraftEditOut]
    cost_ct: int
    bill: list[BillLineOut]
    violations: list[ViolationOut]
    left_job_ids: list[str]
    excluded_job_ids: list[str]
    lost: list[str]
    routes: list[RouteOut]

    @classmethod
    def of(cls, view: DraftView) -> Self:
        """Return the draft with all its routes."""
        jobs = view.basis.rest.jobs
        return cls(
            **DraftHeadOut.from_domain(view.draft).model_dump(),
            edits=[DraftEditOut.from_domain(edit) for edit in view.edits],
            cost_ct=view.verdict.cost_ct,
            bill=[BillLineOut.from_domain(line) for line in view.verdict.bill],
            violations=_violations(view.verdict.violations),
            left_job_ids=list(view.verdict.left),
            excluded_job_ids=[jobs[job].id for job in sorted(view.sketch.excluded)],
            lost=list(view.basis.lost),
            routes=[RouteOut.from_domain(route) for route in view.routes],
        )


def _violations(violations: tuple[Violation, ...]) -> list[ViolationOut]:
    return [ViolationOut.from_domain(broken) for broken in violations]
