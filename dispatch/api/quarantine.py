"""What was received and could not be used yet: looked at, and tried again once it is mended."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from dispatch.api.deps import Limit, NowDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.quarantine_schemas import (
    PayloadOut,
    QuarantineDetailOut,
    QuarantineOut,
    ReplayIn,
    ReplayOut,
)
from dispatch.domain.errors import InvalidInput, Issue, NotFound
from dispatch.service.quarantine import Wanted, page, replay

router = APIRouter(prefix="/api/v1/quarantine", tags=["quarantine"])

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LAST_MICROSECOND = (datetime(9999, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND

CodeQuery = Annotated[str, Query(max_length=10, description="Only this code, as I201")]
DeviceQuery = Annotated[str, Query(max_length=200, description="Only of this device")]
ResolvedQuery = Annotated[bool, Query(description="Those that a replay made use of")]
AfterQuery = Annotated[str, Query(max_length=100, description="From the Link of the page before")]
BytesQuery = Annotated[int, Query(ge=0, le=20_000_000, description="Of the body at most")]


@router.get("", responses=errors(422))
def list_quarantine(
    request: Request,
    response: Response,
    store: StoreDep,
    code: CodeQuery = "",
    device: DeviceQuery = "",
    resolved: ResolvedQuery = False,
    after: AfterQuery = "",
    limit: Limit = 100,
) -> list[QuarantineOut]:
    """Return the newest entries first; the header Link leads to the next page, if there is one."""
    found = page(
        Wanted(code=code, device=device),
        store=store,
        resolved=resolved,
        limit=limit,
        after=_place(after) if after else None,
    )
    if found.after is not None:
        at, name = found.after
        query = dict(request.query_params) | {"after": f"{(at - EPOCH) // MICROSECOND}-{name}"}
        response.headers["Link"] = f'<{request.url.path}?{urlencode(query)}>; rel="next"'
    return [QuarantineOut.from_domain(entry) for entry in found.entries]


@router.get("/{entry_id}", responses=errors(404, 422))
def read_quarantine(
    entry_id: str, store: StoreDep, most_bytes: BytesQuery = 65_536
) -> QuarantineDetailOut:
    """Return one entry with the bytes it is about."""
    with store.read() as tx:
        entry = tx.quarantine_entry(entry_id)
        try:
            payload = PayloadOut.from_domain(tx.payload(entry.payload_id), most_bytes=most_bytes)
        except NotFound:  # erased, as the settings want it
            payload = None
    return QuarantineDetailOut(entry=QuarantineOut.from_domain(entry), payload=payload)


@router.post("/replay", responses=errors(422, 503))
def replay_quarantine(wanted: ReplayIn, store: StoreDep, now: NowDep) -> ReplayOut:
    """Decode again what waits: what is usable now is stored, the rest keeps its reason.

    Trying again changes nothing but what has become usable meanwhile.
    """
    ids = None if wanted.ids is None else tuple(wanted.ids)
    meant = Wanted(code=wanted.code, device=wanted.device, ids=ids)
    return ReplayOut.from_domain(replay(meant, store=store, now=now, most=wanted.most))


def _place(after: str) -> tuple[datetime, str]:
    number, _, name = after.partition("-")
    if not (number.isascii() and number.isdigit() and int(number) < LAST_MICROSECOND and name):
        raise InvalidInput(
            Issue(
                code="A305",
                subject="after",
                cause="it is not from the Link header of a page",
                action="Follow the Link, or leave it out to begin anew",
            )
        )
    return EPOCH + int(number) * MICROSECOND, name
