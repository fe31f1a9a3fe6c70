"""Opening a database, and what a transaction promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import DBAPIError

from dispatch.domain.errors import Conflict, InvalidInput
from dispatch.store import open_store
from tests.helpers.plans import a_city, a_plan, a_site, a_stored_job

if TYPE_CHECKING:
    from dispatch.store import Store


class Mishap(Exception):
    """Something goes wrong in the middle of a use case."""


def save_and_fail(store: Store) -> None:
    """Store a city, then fail before the commit."""
    with store.begin() as tx:
        tx.save_city(a_city())
        raise Mishap


def test_new_database_is_empty(empty_store: Store) -> None:
    """A new database has its tables and nothing in them."""
    with empty_store.read() as tx:
        assert tx.is_empty()
        assert tx.plans() == []
        assert tx.current_plan_ids() == {}
        assert tx.fleet().crews == ()


def test_error_leaves_nothing(empty_store: Store) -> None:
    """A use case that fails half-way leaves nothing behind."""
    with pytest.raises(Mishap):
        save_and_fail(empty_store)
    with empty_store.read() as tx:
        assert tx.is_empty()


def change_in_a_read(store: Store) -> None:
    """Store a city where only looking is meant."""
    with store.read() as tx:
        tx.save_city(a_city())


def test_read_never_writes(empty_store: Store) -> None:
    """Whoever opened a read and changes something is refused, and nothing of it stays."""
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        change_in_a_read(empty_store)
    with empty_store.read() as tx:
        assert tx.is_empty()


def test_content_is_kept(database_url: str) -> None:
    """A database is made, a file with its folder, and holds its content when opened again."""
    store = open_store(database_url)
    with store.begin() as tx:
        tx.save_city(a_city())
    store.close()
    again = open_store(database_url)
    with again.read() as tx:
        assert tx.site(a_site().id) == a_site()
    again.close()


def test_two_stores_on_one_file(database_url: str) -> None:
    """Two programs on one file see each other's commits, and nothing that is not committed."""
    mine, theirs = open_store(database_url), open_store(database_url)
    with mine.begin() as writing:
        writing.save_city(a_city())
        with theirs.read() as reading:
            assert reading.is_empty()
    with theirs.read() as reading:
        assert not reading.is_empty()
    mine.close()
    theirs.close()


def test_read_sees_one_state(database_url: str) -> None:
    """A read that has begun does not see what is committed meanwhile."""
    mine, theirs = open_store(database_url), open_store(database_url)
    with theirs.read() as reading:
        assert reading.is_empty()
        with mine.begin() as writing:
            writing.save_city(a_city())
        assert reading.is_empty()
    mine.close()
    theirs.close()


@pytest.mark.parametrize(
    "url",
    [
        "nodb://office:geheim@db/dispatch",
        "nodb://db/dispatch?password=geheim",
        "office:geheim@db",
        "postgresql://office:gehe/geheim@db/dispatch",
        "postgresql://office:x@db:geheim/dispatch",
        "mysql+nodriver://office:geheim@db/dispatch",
        "",
    ],
)
def test_password_is_never_told(url: str) -> None:
    """A URL that cannot be used is refused with a code, and no part of a password is repeated."""
    with pytest.raises(InvalidInput) as caught:
        open_store(url)
    assert caught.value.issues[0].code == "DB101"
    assert "gehe" not in str(caught.value)


def plan_twice(store: Store) -> None:
    """Store a job, then two plans that claim the same revision."""
    with store.begin() as tx:
        tx.save_jobs([a_stored_job()])
        tx.add_plan(a_plan())
        tx.add_plan(a_plan("plan-2"))


def test_broken_constraint_is_a_conflict(city_store: Store) -> None:
    """What the database refuses becomes a coded conflict, and the whole use case is undone."""
    with pytest.raises(Conflict) as caught:
        plan_twice(city_store)
    assert caught.value.issues[0].code == "DB103"
    with city_store.read() as tx:
        assert tx.plans() == []
        assert tx.jobs() == []


@pytest.mark.parametrize("name", ["half \ud800 a character", "\udfff"])
def test_half_a_character_is_refused_with_a_code(name: str, city_store: Store) -> None:
    """What no database can store is told as a fault of the value, and nothing is changed."""
    with pytest.raises(InvalidInput, match="DB106"), city_store.begin() as tx:
        tx.save_jobs([a_stored_job(name)])
    with city_store.read() as tx:
        assert tx.jobs() == []
