"""Tokens open what they were issued for, for as long as they were issued, to who has the secret."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.access import Role
from dispatch.domain.account import Grant
from dispatch.domain.errors import InvalidInput, NotAllowed, NotFound, NotRecognised
from dispatch.domain.ids import CrewId, TokenId
from dispatch.domain.job import Organisation
from dispatch.service.access import issue_token, recognise, revoke_token, token_shown, use_is_news
from dispatch.service.retain import retain
from tests.helpers.databases import fresh_store
from tests.helpers.doors import an_actor, counted_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.store import Store

NOW = datetime(2026, 7, 15, 4, 30, tzinfo=UTC)
A_YEAR = timedelta(days=365)


@pytest.fixture
def store() -> Iterator[Store]:
    """Return a database without a row."""
    store = fresh_store()
    yield store
    store.close()


def a_grant(role: Role = Role.SOURCE, **parts: Any) -> Grant:
    """Return what the gateway of the glass containers is given."""
    defaults: dict[str, Any] = {"name": "glass-gateway", "role": role, "expires_at": NOW + A_YEAR}
    return Grant(**defaults | parts)


def issued(store: Store, grant: Grant) -> tuple[str, TokenId]:
    """Return the secret and the id of a new token."""
    with store.begin() as tx:
        return issue_token(
            tx, grant, by=an_actor(Role.ADMIN), now=NOW, random_bytes=counted_bytes()
        )


def test_a_source_is_known_by_its_token(store: Store) -> None:
    """Whoever shows the secret is the source it was issued to, and nobody else is."""
    secret, token_id = issued(store, a_grant(formats=frozenset({"ttn"})))
    with store.read() as tx:
        actor = recognise(tx, secret, NOW)
        with pytest.raises(NotRecognised, match="Z102"):
            recognise(tx, secret + "x", NOW)
    assert (actor.role, actor.name, actor.id) == (
        Role.SOURCE,
        "glass-gateway",
        f"token:{token_id}",
    )
    actor.must_send("ttn")
    with pytest.raises(NotAllowed, match="Z305"):
        actor.must_send("csv")


def test_a_device_of_a_crew_is_bound_to_crew_and_days(store: Store) -> None:
    """The tablet of a crew comes in as that crew on the days it was paired for."""
    today = date(2026, 7, 15)
    secret, _ = issued(
        store,
        a_grant(
            Role.CREW,
            organisation=Organisation.USB,
            crew_id=CrewId("blau"),
            first_day=today,
            last_day=today,
        ),
    )
    with store.read() as tx:
        actor = recognise(tx, secret, NOW)
    actor.must_be_crew(CrewId("blau"), today)
    with pytest.raises(NotAllowed, match="Z304"):
        actor.must_be_crew(CrewId("blau"), date(2026, 7, 16))


def test_the_secret_is_in_no_row(store: Store) -> None:
    """Who steals the database cannot show a token from it."""
    secret, _ = issued(store, a_grant())
    with store.read() as tx:
        token = token_shown(tx, secret, NOW)
        assert secret not in repr(token)
        assert tx.token_of(secret) is None


def test_a_token_ends_by_its_date_or_by_hand(store: Store) -> None:
    """Both kinds of end are told apart from a token that never was."""
    secret, token_id = issued(store, a_grant(expires_at=NOW + A_YEAR))
    with store.read() as tx, pytest.raises(NotRecognised, match=r"Z103.*expired"):
        recognise(tx, secret, NOW + A_YEAR)
    with store.begin() as tx:
        revoke_token(tx, token_id, NOW)
        revoke_token(tx, token_id, NOW + A_YEAR)
    with store.read() as tx:
        assert tx.token(token_id).revoked_at == NOW
        with pytest.raises(NotRecognised, match=r"Z103.*revoked"):
            recognise(tx, secret, NOW)


def test_an_unknown_token_cannot_be_revoked(store: Store) -> None:
    """A mistyped id is told, so that nobody believes a token dead that lives."""
    with store.begin() as tx, pytest.raises(NotFound, match="DB211"):
        revoke_token(tx, TokenId("0"), NOW)


def test_the_last_use_is_not_written_with_every_request(store: Store) -> None:
    """Within five minutes the note that is there will do."""
    secret, token_id = issued(store, a_grant())
    with store.begin() as tx:
        assert use_is_news(tx.token(token_id), NOW)
        tx.note_token_use(token_id, NOW)
    with store.read() as tx:
        token = token_shown(tx, secret, NOW)
    assert token.used_at == NOW
    assert not use_is_news(token, NOW + timedelta(minutes=4))
    assert use_is_news(token, NOW + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("grant", "subjects"),
    [
        (a_grant(Role.CREW), {"crew_id"}),
        (a_grant(Role.DISPATCHER), {"organisation"}),
        (a_grant(Role.ADMIN, organisation=Organisation.USB), {"organisation"}),
        (a_grant(Role.READER, formats=frozenset({"ttn"}), name=" "), {"formats", "name"}),
        (a_grant(crew_id=CrewId("blau"), expires_at=NOW), {"crew_id", "expires_at"}),
    ],
)
def test_a_grant_that_binds_to_nothing_is_refused(
    store: Store, grant: Grant, subjects: set[str]
) -> None:
    """All faults of a wish are told together, and nothing is issued."""
    with pytest.raises(InvalidInput) as told:
        issued(store, grant)
    assert {issue.subject for issue in told.value.issues} == subjects
    assert {issue.code for issue in told.value.issues} == {"Z201"}
    with store.read() as tx:
        assert tx.tokens() == []


def test_tokens_that_ended_are_forgotten_in_time(store: Store) -> None:
    """Who had which token is of interest for a while, then it is nobody's business."""
    issued(store, a_grant())
    _, revoked = issued(store, a_grant(name="revoked"))
    with store.begin() as tx:
        revoke_token(tx, revoked, NOW)
    for later, left in ((30, 2), (31, 1), (396, 0)):
        retain({"tokens": 30}, store=store, now=NOW + timedelta(days=later))
        with store.read() as tx:
            assert len(tx.tokens()) == left


def test_who_issued_and_revoked_a_token_is_written_down(store: Store) -> None:
    """By whom, for what and until when; revoking it again changes nothing and says nothing."""
    secret, token_id = issued(store, a_grant())
    with store.begin() as tx:
        revoke_token(tx, token_id, NOW, by=an_actor(Role.ADMIN))
        revoke_token(tx, token_id, NOW)
    with store.read() as tx:
        entries = tx.audit(subject=f"token/{token_id}")
    assert [entry.action for entry in entries] == ["token.revoked", "token.issued"]
    assert {entry.actor_id for entry in entries} == {"a-admin"}
    assert secret not in repr(entries)
