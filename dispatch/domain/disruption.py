"""What can go wrong with a shift while the day runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.domain.ids import ShiftId, VehicleId


class DisruptionKind(StrEnum):
    """Why a shift does not go on as planned."""

    CREW_ILL = "crew_ill"
    VEHICLE_BROKEN = "vehicle_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disruption:
    """A shift that ends where it is; with another vehicle it goes on there instead.

    The other vehicle is brought to the crew by `ready_at` (at once if None), empty or full as it
    leaves its yard; what the broken one has on board stays there.
    """

    kind: DisruptionKind
    shift_id: ShiftId
    vehicle_id: VehicleId | None = None
    ready_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.vehicle_id is not None and self.kind is not DisruptionKind.VEHICLE_BROKEN:
            message = f"shift {self.shift_id}: another vehicle makes no crew well"
            raise ValueError(message)
        if self.ready_at is not None and self.vehicle_id is None:
            message = f"shift {self.shift_id}: nothing is brought, so nothing is ready"
            raise ValueError(message)
