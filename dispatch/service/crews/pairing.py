"""A tablet becomes a crew's: the desk shows a code, the tablet uses it up and gets a token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from dispatch.domain.access import Actor, Role
from dispatch.domain.account import Grant
from dispatch.domain.clock import BERLIN, day_bounds
from dispatch.domain.errors import InvalidInput, Issue, NotRecognised, TooMany
from dispatch.domain.ids import ActorId, CrewId, PairingId, digest
from dispatch.domain.pairing import Pairing
from dispatch.service.access import issue_token, revoke_token, secret_digest
from dispatch.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.fleet import Crew
    from dispatch.store import Transaction

LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""None that is taken for another when it is read out: no 0 and O, no 1 and I."""
LENGTH: Final = 8
"""40 bits, which 3,000 tries in ten minutes meet once in 350 million times."""
LIFE: Final = timedelta(minutes=10)
MOST_DAYS: Final = 92
LATE: Final = timedelta(hours=12)
"""A shift's last reports may be sent so long after its day."""

WINDOW: Final = timedelta(minutes=10)
TRIES_PER_ADDRESS: Final = 20
TRIES_IN_ALL: Final = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingParts:
    """What pairing needs; `random_bytes` makes so many bytes that nobody can guess."""

    store: Store
    now: datetime
    random_bytes: Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a tablet gets: the token's secret, told this once, and until when it works."""

    secret: str
    pairing: Pairing
    crew_name: str
    ends_at: datetime


def offer_pairing(
    crew_id: CrewId, days: tuple[date, date], *, actor: Actor, parts: PairingParts
) -> tuple[str, Pairing]:
    """Return a code with which one tablet becomes the crew's for these days, and the offer.

    Raises InvalidInput (S721) for days that cannot be or a crew that is none, NotAllowed for a
    crew of another organisation.
    """
    with parts.store.begin() as tx:
        crew = next((crew for crew in tx.fleet().crews if crew.id == crew_id), None)
        if faults := list(_faults(crew_id, crew, days, parts.now)):
            raise InvalidInput(*faults)
        assert crew is not None  # noqa: S101  # no crew is a fault
        actor.must_reach(crew.organisation)
        code = _new_code(parts.random_bytes)
        pairing = Pairing(
            id=PairingId(parts.random_bytes(8).hex()),
            crew_id=crew_id,
            organisation=crew.organisation,
            first_day=days[0],
            last_day=days[1],
            created_at=parts.now,
            created_by=actor.id,
            expires_at=parts.now + LIFE,
        )
        tx.add_pairing(pairing, secret_digest(code))
        _note(tx, "pairing.offered", pairing, actor, parts.now)
    return shown(code), pairing


def claim_pairing(code: str, *, device_name: str, address: str, parts: PairingParts) -> Claimed:
    """Return the token of a tablet that shows a code; the code is used up by that.

    Raises NotRecognised (S722) for a code that is none or over, TooMany (S723) without looking
    after too many such tries.
    """
    claimed = None
    with parts.store.begin() as tx:
        # All services on this database count together, and a code is used once.
        tx.take_turn("pairing")
        _must_not_be_too_many(address, parts.now, tx)
        pairing = tx.pairing_of(secret_digest(plain(code)))
        if pairing is not None and pairing.open_at(parts.now):
            claimed = _claimed(pairing, device_name, parts, tx)
        else:
            tx.add_failed_claim(digest(address), parts.now, since=parts.now - WINDOW)
    if claimed is None:
        raise NotRecognised(
            Issue(
                code="S722",
                subject="pairing code",
                cause="there is no such code, or it was used, or it is over",
                action="Let the dispatcher show a new code and enter it within ten minutes",
            )
        )
    return claimed


def end_pairing(pairing_id: PairingId, *, actor: Actor, parts: PairingParts) -> Pairing:
    """Return the pairing after ending it: its code and its tablet open nothing from now on."""
    with parts.store.begin() as tx:
        pairing = tx.pairing(pairing_id)
        actor.must_reach(pairing.organisation)
        if pairing.token_id is not None:
            revoke_token(tx, pairing.token_id, parts.now, by=actor)
        if pairing.revoked_at is None:
            pairing = replace(pairing, revoked_at=parts.now)
            tx.change_pairing(pairing)
            _note(tx, "pairing.ended", pairing, actor, parts.now)
    return pairing


def own_pairings(actor: Actor, *, store: Store, limit: int) -> list[Pairing]:
    """Return the pairings of the crews in the actor's reach, the newest first."""
    with store.read() as tx:
        own = actor.organisation
        crews = {crew.id for crew in tx.fleet().crews if own in (None, crew.organisation)}
        return tx.pairings(crews=crews, limit=limit)


def shown(code: str) -> str:
    """Return a code as people read it, in two halves."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def plain(code: str) -> str:
    """Return a code as it is kept, however somebody typed it."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _new_code(random_bytes: Callable[[int], bytes]) -> str:
    # 32 letters: five bits of each byte, no letter likelier than another.
    return "".join(LETTERS[byte % len(LETTERS)] for byte in random_bytes(LENGTH))


def _claimed(pairing: Pairing, device_name: str, parts: PairingParts, tx: Transaction) -> Claimed:
    crew = next(crew for crew in tx.fleet().crews if crew.id == pairing.crew_id)
    ends_at = day_bounds(pairing.last_day)[1] + LATE
    grant = Grant(
        name=device_name.strip() or f"Tablet {crew.name}",
        role=Role.CREW,
        expires_at=ends_at,
        organisation=pairing.organisation,
        crew_id=pairing.crew_id,
        first_day=pairing.first_day,
        last_day=pairing.last_day,
    )
    by = Actor(
        id=pairing.created_by,
        name="pairing",
        role=Role.DISPATCHER,
        organisation=pairing.organisation,
    )
    secret, token_id = issue_token(tx, grant, by=by, now=parts.now, random_bytes=parts.random_bytes)
    taken = replace(pairing, claimed_at=parts.now, device_name=grant.name, token_id=token_id)
    tx.change_pairing(taken)
    with_it = Actor(
        id=ActorId(f"token:{token_id}"),
        name=grant.name,
        role=Role.CREW,
        organisation=grant.organisation,
        crew_id=grant.crew_id,
    )
    _note(tx, "pairing.claimed", taken, with_it, parts.now)
    return Claimed(secret=secret, pairing=taken, crew_name=crew.name, ends_at=ends_at)


def _note(tx: Transaction, action: str, pairing: Pairing, actor: Actor, now: datetime) -> None:
    days = {"first_day": pairing.first_day.isoformat(), "last_day": pairing.last_day.isoformat()}
    tx.note(
        actor,
        action,
        f"pairing/{pairing.id}",
        {"crew_id": pairing.crew_id, **days},
        at=now,
        organisation=pairing.organisation,
    )


def _must_not_be_too_many(address: str, now: datetime, tx: Transaction) -> None:
    since = now - WINDOW
    here = tx.count_failed_claims(since=since, address=digest(address))
    if here < TRIES_PER_ADDRESS and tx.count_failed_claims(since=since) < TRIES_IN_ALL:
        return
    raise TooMany(
        Issue(
            code="S723",
            subject="pairing code",
            cause=f"there were too many wrong codes within {WINDOW}",
            action="Wait ten minutes; tablets that are paired are not concerned",
        ),
        retry_after_s=round(WINDOW.total_seconds()),
    )


def _faults(
    crew_id: CrewId, crew: Crew | None, days: tuple[date, date], now: datetime
) -> Iterator[Issue]:
    first, last = days
    if crew is None:
        yield _fault("crew_id", f"there is no crew {crew_id}")
    if last < first:
        yield _fault("last_day", f"{last} is before {first}")
    if last < now.astimezone(BERLIN).date():
        yield _fault("last_day", f"{last} is over")
    if (first - now.astimezone(BERLIN).date()).days >= MOST_DAYS:
        yield _fault("first_day", f"{first} is more than {MOST_DAYS} days away")
    if (last - first).days >= MOST_DAYS:
        yield _fault("last_day", f"more than {MOST_DAYS} days are too many for one pairing")


def _fault(subject: str, cause: str) -> Issue:
    return Issue(
        code="S721",
        subject=subject,
        cause=cause,
        action="Choose a crew of the list and days from today on",
    )
