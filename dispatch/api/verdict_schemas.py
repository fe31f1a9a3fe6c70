"""Schemas of what a plan costs, what it breaks and what it leaves."""

from typing import Self

from pydantic import BaseModel

from dispatch.api.values import TextOut
from dispatch.domain.job import Dimension
from dispatch.domain.plan import BillLine, Remedy, RemedyChange, Unassigned, Violation


class BillLineOut(BaseModel):
    """One line of what the plan costs."""

    code: str
    label: TextOut
    amount_ct: int

    @classmethod
    def from_domain(cls, line: BillLine) -> Self:
        """Return the line."""
        label = TextOut.from_domain(line.label)
        return cls(code=line.code, label=label, amount_ct=line.amount_ct)


class ViolationOut(BaseModel):
    """A broken constraint; `amount` is in the unit of its code."""

    code: str
    subject: str
    amount: int
    text: str
    hard: bool

    @classmethod
    def from_domain(cls, broken: Violation) -> Self:
        """Return the violation."""
        return cls(
            code=broken.code,
            subject=broken.subject,
            amount=broken.amount,
            text=broken.text,
            hard=broken.hard,
        )


class RemedyChangeOut(BaseModel):
    """One change: persons, halts, seconds, metres, cents, or the unit of the dimension."""

    kind: str
    amount: int
    dimension: Dimension | None

    @classmethod
    def from_domain(cls, change: RemedyChange) -> Self:
        """Return the change."""
        return cls(kind=change.kind, amount=change.amount, dimension=change.dimension)


class RemedyOut(BaseModel):
    """What would get the job in on that shift: all of these changes together."""

    shift_id: str
    changes: list[RemedyChangeOut]
    text: TextOut

    @classmethod
    def from_domain(cls, remedy: Remedy) -> Self:
        """Return the changes and their words."""
        return cls(
            shift_id=remedy.shift_id,
            changes=[RemedyChangeOut.from_domain(change) for change in remedy.changes],
            text=TextOut.from_domain(remedy.text),
        )


class UnassignedOut(BaseModel):
    """A job that was left out, and why.

    `further` reasons would still keep it out if the first were gone. `remedies` would get it in,
    the smallest first; if they were `sought` and there is none, none is known.
    """

    job_id: str
    code: str
    text: TextOut
    further: list[str]
    remedies: list[RemedyOut]
    sought: bool

    @classmethod
    def from_domain(cls, left: Unassigned) -> Self:
        """Return the job's id with codes, words and remedies."""
        return cls(
            job_id=left.job_id,
            code=left.code,
            text=TextOut.from_domain(left.text),
            further=list(left.further),
            remedies=[RemedyOut.from_domain(remedy) for remedy in left.remedies],
            sought=left.sought,
        )
