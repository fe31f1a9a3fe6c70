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
from dispatch.service.accounts import Change, NewAccount
from dispatch.service.accounts import add_account as add
from dispatch.service.login import LoginParts, LoginRules
from dispatch.service.passwords import Passwords

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.domain.account import Account
    from dispatch.store import Store

NOW = datetime(2026, 7, 15, 4, 30, tzinfo=UTC)
GOOD_PASSWORD = "vier Kolonnen am Kemnader See"  # noqa: S105  # of nobody
STREAMS = count(1)
BY_ADMIN = Change(by=AN_ADMIN, at=NOW)
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
    """Return a source of bytes that repeats neither itself nor any other."""
    stream, numbers = next(STREAMS), count(1)
    return lambda wanted: sha512(f"{stream} {next(numbers)}".encode()).digest()[:wanted]


def quick_passwords() -> Passwords:
    """Return what hashes passwords in no time, and weakly."""
    return Passwords(counted_bytes(), memory_kib=8, rounds=1, lanes=1)


def login_parts(store: Store, **rules: Any) -> LoginParts:
    """Return what a login needs, with quick passwords and numbers for chance."""
    return LoginParts(
        store=store,
        passwords=quick_passwords(),
        rules=LoginRules(**rules),
        random_bytes=counted_bytes(),
    )


def add_account(store: Store, login: str = "erika", **parts: Any) -> Account:
    """Add somebody with the password GOOD_PASSWORD: a dispatcher of USB unless said otherwise."""
    role = parts.get("role", Role.DISPATCHER)
    bound = {Role.DISPATCHER: Organisation.USB}.get(role)
    defaults: dict[str, Any] = {
        "login": login,
        "name": login.title(),
        "role": role,
        "organisation": bound,
        "password": GOOD_PASSWORD,
        "temporary": False,
    }
    account, _ = add(NewAccount(**defaults | parts), parts=login_parts(store), done=BY_ADMIN)
    return account
