"""At the door of every endpoint: who calls, and whether that role may call this."""

from typing import Annotated, Protocol

from fastapi import Depends, Request

from dispatch.api.access_table import ACCESS
from dispatch.domain.access import Actor, Role
from dispatch.domain.errors import Issue, NotAllowed
from dispatch.domain.ids import ActorId


class Gate(Protocol):
    """Anything that recognises who sends a request."""

    def __call__(self, request: Request) -> Actor:
        """Return who sends it; raises NotRecognised."""


class EverybodyIs:
    """A gate that takes everybody for the same actor."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def __call__(self, request: Request) -> Actor:  # noqa: ARG002  # a gate is handed the request
        """Return the one actor."""
        return self._actor


AN_ADMIN = Actor(id=ActorId("local"), name="Local administrator", role=Role.ADMIN)


def guard(request: Request) -> Actor | None:
    """Return who calls, None where nobody needs to be recognised.

    Raises NotRecognised for somebody unknown, NotAllowed (Z301) for a role that may not call this
    endpoint. An endpoint without a row in the table is nobody's.
    """
    row = (request.method, request.scope["route"].path)
    allowed = ACCESS.get(row)
    if allowed is not None and not allowed:
        return None
    gate: Gate = request.app.state.gate
    actor = gate(request)
    # For the log: one line per request says who asked.
    request.state.actor_id = actor.id
    if allowed is None or actor.role not in allowed:
        raise NotAllowed(
            Issue(
                code="Z301",
                subject=" ".join(row),
                cause=f"the role {actor.role} may not do this",
                action="Log in with another account, or let an administrator change its role",
            )
        )
    return actor


async def _actor(actor: Annotated[Actor | None, Depends(guard)]) -> Actor:
    if actor is None:
        message = "an endpoint that is open to anybody asked who calls"
        raise LookupError(message)
    return actor


ActorDep = Annotated[Actor, Depends(_actor)]
