"""Who calls in tests, and the clock of the service they call."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha512
from itertools import count
from typing import TYPE_CHECKING, Any

from dispatch.api.guard import AN_ADMIN, EverybodyIs
from dispatch.domain.access import Actor, Role
from dispatch.domain.ids import ActorId, CrewId
from dispatch.domain.job import Organisation

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 7, 15, 4, 30, tzinfo=UTC)
ADMIN_GATE = EverybodyIs(AN_ADMIN)


def early_morning() -> datetime:
    """Return the moment at which services in tests are asked: half past six in Bochum."""
    return NOW


def an_actor(role: Role = Role.DISPATCHER, **parts: Any) -> Actor:
    """Return somebody of that role: of USB where a role needs an organisation."""
    bound = {Role.DISPATCHER: {"organisation": Organisation.USB}}
    bound[Role.CREW] = {"organisation": Organisation.USB, "crew_id": CrewId("blau")}
    defaults: dict[str, Any] = {"id": ActorId(f"a-{role}"), "name": f"Some {role}", "role": role}
    return Actor(**defaults | bound.get(role, {}) | parts)


def counted_bytes() -> Callable[[int], bytes]:
    """Return a source of bytes that never repeats and is the same in each run."""
    numbers = count(1)
    return lambda wanted: sha512(str(next(numbers)).encode()).digest()[:wanted]
