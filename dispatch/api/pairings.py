"""Pairing tablets with crews."""

from datetime import date
from io import BytesIO
from typing import Annotated, Self

import segno
from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, BaseModel, Field

from dispatch.api.deps import Limit, NowDep, RandomDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.api.headers import no_store
from dispatch.api.values import WrittenDate
from dispatch.domain.ids import CrewId, PairingId
from dispatch.domain.pairing import Pairing
from dispatch.service.crews.pairing import (
    Claimed,
    PairingParts,
    claim_pairing,
    end_pairing,
    offer_pairing,
    own_pairings,
)

router = APIRouter(prefix="/api/v1/pairings", tags=["pairings"], dependencies=[Depends(no_store)])


def _parts(store: StoreDep, now: NowDep, random_bytes: RandomDep) -> PairingParts:
    return PairingParts(store=store, now=now, random_bytes=random_bytes)


Parts = Annotated[PairingParts, Depends(_parts)]


class PairingIn(BaseModel):
    """Which crew a tablet is to belong to, and on which days (both included)."""

    crew_id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
    first_day: WrittenDate
    last_day: WrittenDate


class PairingOut(BaseModel):
    """An offer, and the tablet that took it up; `claimed_at` is None as long as none has."""

    id: str
    crew_id: str
    first_day: date
    last_day: date
    created_at: AwareDatetime
    created_by: str
    expires_at: AwareDatetime
    claimed_at: AwareDatetime | None
    device_name: str
    revoked_at: AwareDatetime | None

    @classmethod
    def from_domain(cls, pairing: Pairing) -> Self:
        """Return the pairing without its token."""
        return cls(**{name: getattr(pairing, name) for name in PairingOut.model_fields})


class PairingOfferOut(BaseModel):
    """A code, told this once: to be typed, or as a QR code (SVG) of the address to open."""

    pairing: PairingOut
    code: str
    url: str
    qr_svg: str


class ClaimIn(BaseModel):
    """The code as somebody typed it, and what to call the tablet."""

    code: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
    device_name: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = ""


class ClaimOut(BaseModel):
    """The token that the tablet shows from now on, told this once, and whose it is until when."""

    token: str
    crew_id: str
    crew_name: str
    first_day: date
    last_day: date
    ends_at: AwareDatetime

    @classmethod
    def from_domain(cls, claimed: Claimed) -> Self:
        """Return what the tablet gets."""
        return cls(
            token=claimed.secret,
            crew_id=claimed.pairing.crew_id,
            crew_name=claimed.crew_name,
            first_day=claimed.pairing.first_day,
            last_day=claimed.pairing.last_day,
            ends_at=claimed.ends_at,
        )


@router.post("", status_code=201, responses=errors(422))
def offer(wish: PairingIn, actor: ActorDep, parts: Parts, request: Request) -> PairingOfferOut:
    """Offer a pairing: one tablet that shows the code within ten minutes becomes the crew's."""
    days = (wish.first_day, wish.last_day)
    code, pairing = offer_pairing(CrewId(wish.crew_id), days, actor=actor, parts=parts)
    url = _address(request, code)
    return PairingOfferOut(
        pairing=PairingOut.from_domain(pairing), code=code, url=url, qr_svg=_qr_svg(url)
    )


@router.post("/claim", responses=errors(401, 422, 429))
def claim(wish: ClaimIn, parts: Parts, request: Request) -> ClaimOut:
    """Take up a pairing: use up the code and get the crew's token."""
    address = request.client.host if request.client else ""
    claimed = claim_pairing(wish.code, device_name=wish.device_name, address=address, parts=parts)
    return ClaimOut.from_domain(claimed)


@router.get("", responses=errors(422))
def list_pairings(actor: ActorDep, store: StoreDep, limit: Limit = 100) -> list[PairingOut]:
    """Return the pairings of the own organisation's crews, the newest first."""
    return [
        PairingOut.from_domain(pairing) for pairing in own_pairings(actor, store=store, limit=limit)
    ]


@router.delete("/{pairing_id}", responses=errors(404, 422))
def end(pairing_id: str, actor: ActorDep, parts: Parts) -> PairingOut:
    """End a pairing: its tablet is let in no more; a second time changes nothing."""
    return PairingOut.from_domain(end_pairing(PairingId(pairing_id), actor=actor, parts=parts))


def _address(request: Request, code: str) -> str:
    """Return the address that opens the tablet's page with the code.

    The code stands after the #, which browsers never send: so it gets into no log.
    """
    base = request.app.state.sign_in.public_url or str(request.base_url)
    return f"{base.rstrip('/')}/tablet/#pair={code}"


def _qr_svg(text: str) -> str:
    out = BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, scale=4)
    return out.getvalue().decode()
