"""Who changed what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.domain.access import Actor, Role
from dispatch.domain.ids import ActorId
from dispatch.domain.job import Organisation

Detail = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change: by whom, what was done to what, and the figures that tell it.

    `action` is a verb with its noun (`plan.published`), `subject` names what was changed
    (`plan/4f2a...`). An entry of an organisation is for its own eyes; None means nobody's in
    particular.
    """

    number: int
    at: datetime
    actor_id: ActorId
    actor_name: str
    role: Role
    action: str
    subject: str
    organisation: Organisation | None
    details: Mapping[str, Detail]


def machine(name: str) -> Actor:
    """Return the actor for what the service does by itself."""
    return Actor(id=ActorId(f"service:{name}"), name=f"Service ({name})", role=Role.ADMIN)
