"""Who calls, and what that person or machine may reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NoReturn

from dispatch.domain.errors import Issue, NotAllowed
from dispatch.domain.ids import ActorId, CrewId
from dispatch.domain.job import Organisation


class Role(StrEnum):
    """What somebody is to the service; everything else follows from it."""

    ADMIN = "admin"
    DISPATCHER = "dispatcher"
    CREW = "crew"
    SOURCE = "source"
    READER = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who was recognised, for as long as one request lasts.

    A dispatcher has an organisation, and a reader may have one; a crew's device has its crew, the
    crew's organisation and the days (both included) it was paired for. A source has the name of
    the source, and the formats it may send. None means: not bound.
    """

    id: ActorId
    name: str
    role: Role
    organisation: Organisation | None = None
    crew_id: CrewId | None = None
    first_day: date | None = None
    last_day: date | None = None
    formats: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.role is Role.DISPATCHER and self.organisation is None:
            message = f"dispatcher {self.id} belongs to no organisation"
            raise ValueError(message)
        if self.role is Role.CREW and (self.crew_id is None or self.organisation is None):
            message = f"device {self.id} belongs to no crew"
            raise ValueError(message)

    def reaches(self, organisation: Organisation | None) -> bool:
        """Tell whether the organisation's things, or those of nobody in particular, are seen."""
        return self.organisation is None or organisation in (None, self.organisation)

    def must_reach(self, organisation: Organisation | None) -> None:
        """Raise NotAllowed (Z302) for what belongs to another organisation."""
        if not self.reaches(organisation):
            self._refuse("Z302", f"organisation {organisation}", "it is another organisation's")

    def must_be_crew(self, crew_id: CrewId, day: date | None = None) -> None:
        """Raise NotAllowed unless this is the crew (Z303), on a day it was paired for (Z304).

        Only devices of crews are bound so; whether others may call at all is said elsewhere.
        """
        if self.role is not Role.CREW:
            return
        if self.crew_id != crew_id:
            self._refuse("Z303", f"crew {crew_id}", "this device belongs to another crew")
        early = day is not None and self.first_day is not None and day < self.first_day
        late = day is not None and self.last_day is not None and day > self.last_day
        if early or late:
            self._refuse("Z304", f"{day}", "the device was not paired for this day")

    def must_send(self, payload_format: str) -> None:
        """Raise NotAllowed (Z305) unless payloads of that format may come from this one."""
        if self.formats is not None and payload_format not in self.formats:
            known = ", ".join(sorted(self.formats))
            self._refuse("Z305", f"format {payload_format}", f"the token is for {known} only")

    def _refuse(self, code: str, subject: str, cause: str) -> NoReturn:
        raise NotAllowed(
            Issue(
                code=code,
                subject=subject,
                cause=cause,
                action="Ask for what is your own, or let an administrator change your rights",
            )
        )
