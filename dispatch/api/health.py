"""Whether the service lives, whether it can do its work, and its figures for Prometheus."""

import hmac
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from dispatch.api.deps import StoreDep
from dispatch.api.errors import errors
from dispatch.api.metrics import CONTENT_TYPE
from dispatch.api.operations import Check, OperationsDep
from dispatch.domain.errors import Issue, NotAllowed, Unavailable
from dispatch.store import Store

router = APIRouter(tags=["service"])

FORWARDED = ("x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip", "via")


class HealthOut(BaseModel):
    """That the service answers."""

    status: Literal["ok"] = "ok"


class ReadyOut(BaseModel):
    """What was asked and found well."""

    status: Literal["ready"] = "ready"
    checks: list[str]


@router.get("/healthz", responses=errors())
def read_health() -> HealthOut:
    """Return ok as long as the process answers; restart it when it does not."""
    return HealthOut()


@router.get("/readyz", responses=errors(503))
def read_readiness(store: StoreDep, operations: OperationsDep) -> ReadyOut:
    """Return what was found well; 503 naming each part that cannot do its work just now."""
    checks: dict[str, Check] = {"database": lambda: _database(store)} | dict(operations.checks)
    faults = list(_faults(checks))
    if faults:
        raise Unavailable(*faults)
    return ReadyOut(checks=list(checks))


@router.get(
    "/metrics",
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **errors(403)},
    response_class=Response,
)
def read_metrics(request: Request, operations: OperationsDep) -> Response:
    """Return the figures in Prometheus' text format, to this machine or with the token."""
    if not (_shows_token(request, operations.metrics_token) or _from_here(request)):
        raise NotAllowed(
            Issue(
                code="A602",
                subject="/metrics",
                cause="figures are for this machine, or for who shows the token",
                action="Set DISPATCH_METRICS_TOKEN and send it as Authorization: Bearer ...",
            )
        )
    return Response(operations.metrics.text(), media_type=CONTENT_TYPE)


def _database(store: Store) -> str | None:
    with store.read() as tx:
        tx.is_empty()
    return None


def _faults(checks: Mapping[str, Check]) -> Iterator[Issue]:
    for name, check in checks.items():
        try:
            cause = check()
        except Exception as error:  # whatever it is, the part is not ready
            cause = f"asking failed ({type(error).__name__})"
        if cause is not None:
            yield Issue(
                code="A601",
                subject=name,
                cause=cause,
                action="Wait if it has just been started; else see the log and the manual",
            )


def _shows_token(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _from_here(request: Request) -> bool:
    """Tell whether a program on this machine asks; a proxy's headers say that another does."""
    if any(name in request.headers for name in FORWARDED) or request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
