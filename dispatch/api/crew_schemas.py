"""Schemas of crews."""

from typing import Self

from pydantic import BaseModel

from dispatch.api.values import WallClock
from dispatch.domain.fleet import Crew, Fleet, ShiftPattern
from dispatch.domain.job import Organisation, Skill


class ShiftPatternOut(BaseModel):
    """A regular working day: weekdays (0 = Monday) and Bochum's wall-clock times.

    `ends` is the latest end; from `overtime_from` on (None = never) it is overtime.
    """

    vehicle_id: str
    depot_id: str
    starts: WallClock
    ends: WallClock
    overtime_from: WallClock | None
    weekdays: list[int]

    @classmethod
    def from_domain(cls, pattern: ShiftPattern) -> Self:
        """Return the pattern."""
        return cls(
            vehicle_id=pattern.vehicle_id,
            depot_id=pattern.depot_id,
            starts=pattern.starts,
            ends=pattern.ends,
            overtime_from=pattern.overtime_from,
            weekdays=sorted(pattern.weekdays),
        )


class CrewOut(BaseModel):
    """People with skills and when they work; what they cost stays in the office."""

    id: str
    name: str
    organisation: Organisation
    size: int
    skills: list[Skill]
    shifts: list[ShiftPatternOut]

    @classmethod
    def from_domain(cls, crew: Crew, fleet: Fleet) -> Self:
        """Return the crew with its regular shifts."""
        patterns = (p for p in fleet.patterns if p.crew_id == crew.id)
        return cls(
            id=crew.id,
            name=crew.name,
            organisation=crew.organisation,
            size=crew.size,
            skills=sorted(crew.skills),
            shifts=[ShiftPatternOut.from_domain(pattern) for pattern in patterns],
        )
