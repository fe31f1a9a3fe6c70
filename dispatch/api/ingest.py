"""Payloads of gateways, servers and brokers, each in its own format."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from dispatch.api.bodies import received
from dispatch.api.deps import NowDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.api.ingest_schemas import ReceiptOut
from dispatch.domain.signal import payload_of
from dispatch.service.envelopes import bodies_of
from dispatch.service.inbox import Inbox
from dispatch.service.ingest import FORMATS, known_format

router = APIRouter(prefix="/api/v1/ingest", tags=["ingest"])

ANY_BODY = {"schema": {"description": "One payload as it is"}}
BODY = {
    "required": True,
    "content": {
        "application/json": ANY_BODY,
        "application/x-ndjson": {"schema": {"description": "A payload on each line"}},
        "application/cloudevents-batch+json": {"schema": {"type": "array", "items": {}}},
        "*/*": ANY_BODY,
    },
}


async def _inbox(request: Request) -> Inbox:
    inbox: Inbox = request.app.state.inbox
    return inbox


# Not `def`: it waits for the writer without holding a thread, of which there are forty.
@router.post(
    "/{format_name}",
    status_code=200,
    responses={
        202: {"model": ReceiptOut, "description": "Kept; something of it waits in quarantine"},
        **errors(404, 413, 415, 422, 503),
    },
    openapi_extra={"requestBody": BODY},
)
async def ingest(
    format_name: Annotated[str, Path(description=f"One of {', '.join(FORMATS)}")],
    request: Request,
    response: Response,
    actor: ActorDep,
    inbox: Annotated[Inbox, Depends(_inbox)],
    now: NowDep,
) -> ReceiptOut:
    """Take in a body as it was received, and answer when it is stored.

    200: all of it is used. 202: it is kept, and something in it cannot be used yet; sending it
    again would change nothing, so no sender should. What was sent before is taken as well.
    """
    name = known_format(format_name)
    actor.must_send(name)
    body = await received(request)
    payloads = [
        payload_of(part, format_name=name, received_at=now)
        for part in bodies_of(body, format_name=name, headers=request.headers)
    ]
    receipt = await asyncio.wrap_future(inbox.submit(payloads))
    if receipt.entries:
        response.status_code = 202
    return ReceiptOut.from_domain(receipt)
