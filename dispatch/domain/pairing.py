"""How a tablet becomes a crew's: a code that is shown at the desk and used up on the tablet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dispatch.domain.ids import ActorId, CrewId, PairingId, TokenId
from dispatch.domain.job import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A crew and days (both included) offered to a tablet, and what became of the offer.

    The code that takes it up is nowhere, only its digest in the database. `token_id` is what the
    tablet shows since.
    """

    id: PairingId
    crew_id: CrewId
    organisation: Organisation
    first_day: date
    last_day: date
    created_at: datetime
    created_by: ActorId
    expires_at: datetime
    claimed_at: datetime | None = None
    device_name: str = ""
    token_id: TokenId | None = None
    revoked_at: datetime | None = None

    def open_at(self, moment: datetime) -> bool:
        """Tell whether a tablet can still take it up."""
        return self.claimed_at is None and self.revoked_at is None and moment < self.expires_at
