"""A tablet becomes a crew's by a code that works once, and not for long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.access import Role
from dispatch.domain.errors import InvalidInput, NotAllowed, NotFound, NotRecognised, TooMany
from dispatch.domain.ids import CrewId, PairingId
from dispatch.service.access import recognise
from dispatch.service.crews.pairing import (
    LETTERS,
    LIFE,
    TRIES_IN_ALL,
    TRIES_PER_ADDRESS,
    WINDOW,
    PairingParts,
    claim_pairing,
    end_pairing,
    offer_pairing,
    own_pairings,
)
from tests.helpers.doors import an_actor, counted_bytes
from tests.helpers.plans import DAY, at

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.domain.pairing import Pairing
    from dispatch.service.crews.pairing import Claimed
    from dispatch.store import Store

DESK = an_actor(Role.DISPATCHER)
PARKS = an_actor(Role.DISPATCHER, organisation="parks")
GLAS = CrewId("glas")


@pytest.fixture
def parts(store: Store) -> PairingParts:
    """Return what pairing needs, at the start of the day's shifts."""
    return PairingParts(store=store, now=at(0), random_bytes=counted_bytes())


def offered(parts: PairingParts, last: date = DAY) -> tuple[str, Pairing]:
    """Return the code and the offer of the crew for this day."""
    return offer_pairing(GLAS, (DAY, last), actor=DESK, parts=parts)


def claimed(code: str, parts: PairingParts, address: str = "10.0.0.1") -> Claimed:
    """Return what the tablet gets for a code."""
    return claim_pairing(code, device_name="Tablet 7", address=address, parts=parts)


def later(parts: PairingParts, moment: datetime) -> PairingParts:
    """Return the same at a later moment."""
    return replace(parts, now=moment)


def test_a_tablet_becomes_a_crews(store: Store, parts: PairingParts) -> None:
    """It is recognised as that crew's device, for these days and until reports can be late."""
    code, pairing = offered(parts)
    got = claimed(code, later(parts, at(9)))
    assert (got.crew_name, got.pairing.id) == ("Kolonne Größ", pairing.id)
    with store.read() as tx:
        actor = recognise(tx, got.secret, at(10))
    assert (actor.role, actor.crew_id, actor.organisation) == (Role.CREW, "glas", "usb")
    assert (actor.first_day, actor.last_day, actor.name) == (DAY, DAY, "Tablet 7")
    assert got.ends_at.isoformat() == "2026-10-25T12:00:00+01:00"
    with store.read() as tx, pytest.raises(NotRecognised, match="Z103"):
        recognise(tx, got.secret, got.ends_at)


def test_a_code_is_typed_as_people_type(parts: PairingParts) -> None:
    """In small letters and with blanks it is the same code; it has no letters that are mistaken."""
    code, _ = offered(parts)
    assert len(code) == 9
    assert set(code) <= {*LETTERS, "-"}
    assert not {*"01IO"} & {*LETTERS}
    assert claimed(f" {code.lower().replace('-', ' ')} ", parts).crew_name


def test_a_code_works_once(parts: PairingParts) -> None:
    """Who photographs the screen comes too late."""
    code, _ = offered(parts)
    claimed(code, parts)
    with pytest.raises(NotRecognised, match="S722"):
        claimed(code, parts)


def test_a_code_works_for_ten_minutes(parts: PairingParts) -> None:
    """A code on a note at the wall opens nothing the next day."""
    code, _ = offered(parts)
    with pytest.raises(NotRecognised, match="S722"):
        claimed(code, later(parts, at(0) + LIFE))


def test_wrong_codes_close_the_door_for_a_while(parts: PairingParts) -> None:
    """To one address after 20 of them, also for the right code; to others it stays open."""
    code, _ = offered(parts)
    for _ in range(TRIES_PER_ADDRESS):
        with pytest.raises(NotRecognised, match="S722"):
            claimed("AAAA-AAAA", parts)
    with pytest.raises(TooMany, match="S723"):
        claimed(code, parts)
    assert claimed(code, parts, address="10.0.0.2").secret
    fresh, _ = offered(later(parts, at(0) + WINDOW))
    assert claimed(fresh, later(parts, at(1) + WINDOW)).secret


def test_wrong_codes_from_everywhere_close_it_to_all(store: Store, parts: PairingParts) -> None:
    """Guessing from a thousand addresses is guessing all the same."""
    code, _ = offered(parts)
    with store.begin() as tx:
        for number in range(TRIES_IN_ALL):
            tx.add_failed_claim(f"address {number}", at(0), since=at(-10))
    with pytest.raises(TooMany, match="S723"):
        claimed(code, parts)


def test_a_lost_tablet_is_let_in_no_more(store: Store, parts: PairingParts) -> None:
    """Ending a pairing ends its token at once; again changes nothing."""
    code, pairing = offered(parts)
    got = claimed(code, parts)
    ended = end_pairing(pairing.id, actor=DESK, parts=later(parts, at(20)))
    assert ended.revoked_at == at(20)
    assert end_pairing(pairing.id, actor=DESK, parts=later(parts, at(30))) == ended
    with store.read() as tx:
        actions = [entry.action for entry in tx.audit(subject=f"pairing/{pairing.id}")]
    assert actions == ["pairing.ended", "pairing.claimed", "pairing.offered"]
    with store.read() as tx, pytest.raises(NotRecognised, match="Z103"):
        recognise(tx, got.secret, at(21))


def test_an_offer_taken_back(parts: PairingParts) -> None:
    """A code that was not used yet opens nothing after its end."""
    code, pairing = offered(parts)
    end_pairing(pairing.id, actor=DESK, parts=parts)
    with pytest.raises(NotRecognised, match="S722"):
        claimed(code, parts)


@pytest.mark.parametrize(
    ("crew", "first", "last"),
    [
        ("nope", 0, 0),
        ("glas", 0, -1),
        ("glas", -3, -1),
        ("glas", 0, 92),
        ("glas", 92, 93),
    ],
)
def test_offers_that_cannot_be(parts: PairingParts, crew: str, first: int, last: int) -> None:
    """No such crew, days that run backwards, are over or too many are S721."""
    days = (DAY + timedelta(days=first), DAY + timedelta(days=last))
    with pytest.raises(InvalidInput, match="S721"):
        offer_pairing(CrewId(crew), days, actor=DESK, parts=parts)


def test_each_organisation_pairs_its_own(store: Store, parts: PairingParts) -> None:
    """A dispatcher neither pairs, sees nor ends tablets of another organisation."""
    _, pairing = offered(parts)
    with pytest.raises(NotAllowed, match="Z302"):
        offer_pairing(GLAS, (DAY, DAY), actor=PARKS, parts=parts)
    with pytest.raises(NotAllowed, match="Z302"):
        end_pairing(pairing.id, actor=PARKS, parts=parts)
    assert own_pairings(PARKS, store=store, limit=10) == []
    assert own_pairings(DESK, store=store, limit=10) == [pairing]


def test_no_such_pairing(parts: PairingParts) -> None:
    """A pairing nobody knows is a coded error."""
    with pytest.raises(NotFound, match="DB230"):
        end_pairing(PairingId("nope"), actor=DESK, parts=parts)
