"""Identities: opaque strings made at the edge and never reused."""

from __future__ import annotations

from hashlib import blake2b
from typing import NewType

PayloadId = NewType("PayloadId", str)
SignalId = NewType("SignalId", str)
DeviceId = NewType("DeviceId", str)
SiteId = NewType("SiteId", str)
PartId = NewType("PartId", str)
JobId = NewType("JobId", str)
CrewId = NewType("CrewId", str)
VehicleId = NewType("VehicleId", str)
ShiftId = NewType("ShiftId", str)
DepotId = NewType("DepotId", str)
FacilityId = NewType("FacilityId", str)
PlanId = NewType("PlanId", str)
DraftId = NewType("DraftId", str)
RunId = NewType("RunId", str)
NoticeId = NewType("NoticeId", str)
ActorId = NewType("ActorId", str)
AccountId = NewType("AccountId", str)
TokenId = NewType("TokenId", str)
EventId = NewType("EventId", str)
WebhookId = NewType("WebhookId", str)
ReportId = NewType("ReportId", str)
PhotoId = NewType("PhotoId", str)
PairingId = NewType("PairingId", str)


def digest(*parts: str | bytes) -> str:
    """Return 32 hexadecimal digits that identify the parts and their order."""
    state = blake2b(digest_size=16)
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        # The length keeps ("ab", "c") and ("a", "bc") apart.
        state.update(len(raw).to_bytes(8, "big"))
        state.update(raw)
    return state.hexdigest()
