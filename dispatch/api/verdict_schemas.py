"""Schemas of what a plan costs, what it breaks and what it leaves."""

from typing import Self

from pydantic import BaseModel

from dispatch.api.values import TextOut
from dispatch.domain.plan import BillLine, Unassigned, Violation


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


class UnassignedOut(BaseModel):
    """A job that was left out, and why."""

    job_id: str
    code: str
    text: TextOut

    @classmethod
    def from_domain(cls, left: Unassigned) -> Self:
        """Return the job's id with code and words."""
        return cls(job_id=left.job_id, code=left.code, text=TextOut.from_domain(left.text))
