"""Opening a database, and what a transaction promises."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import Conflict, InvalidInput
from dispatch.store import open_store
from dispatch.store.tables import SCHEMA_VERSION
from tests.helpers.plans import a_city, a_plan, a_site, a_stored_job

if TYPE_CHECKING:
    from pathlib import Path

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


def test_read_never_writes(empty_store: Store) -> None:
    """What is changed in a read is gone at its end."""
    with empty_store.read() as tx:
        tx.save_city(a_city())
    with empty_store.read() as tx:
        assert tx.is_empty()


def test_file_is_kept_with_its_folder(file_url: str) -> None:
    """A database file is made with its folder and holds its content when opened again."""
    store = open_store(file_url)
    with store.begin() as tx:
        tx.save_city(a_city())
    store.close()
    again = open_store(file_url)
    with again.read() as tx:
        assert tx.site(a_site().id) == a_site()
    again.close()


def test_two_stores_on_one_file(file_url: str) -> None:
    """Two programs on one file see each other's commits, and nothing that is not committed."""
    mine, theirs = open_store(file_url), open_store(file_url)
    with mine.begin() as writing:
        writing.save_city(a_city())
        with theirs.read() as reading:
            assert reading.is_empty()
    with theirs.read() as reading:
        assert not reading.is_empty()
    mine.close()
    theirs.close()


def test_read_sees_one_state(file_url: str) -> None:
    """A read that has begun does not see what is committed meanwhile."""
    mine, theirs = open_store(file_url), open_store(file_url)
    with theirs.read() as reading:
        assert reading.is_empty()
        with mine.begin() as writing:
            writing.save_city(a_city())
        assert reading.is_empty()
    mine.close()
    theirs.close()


def test_other_version_is_refused(file_url: str) -> None:
    """A database made by another version is refused and told both versions."""
    open_store(file_url).close()
    with closing(sqlite3.connect(file_url.removeprefix("sqlite:///"))) as raw, raw:
        raw.execute("UPDATE schema_version SET version = 99")
    with pytest.raises(Conflict) as caught:
        open_store(file_url)
    (issue,) = caught.value.issues
    assert issue.code == "DB102"
    assert "99" in issue.cause
    assert str(SCHEMA_VERSION) in issue.cause


def test_foreign_database_is_refused(tmp_path: Path) -> None:
    """Somebody else's SQLite database is refused and left as it is."""
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(Conflict, match="DB102"):
        open_store(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as raw:
        tables = raw.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("recipes",)]


def test_no_database_file_is_refused(tmp_path: Path) -> None:
    """A file that is no database is refused with a code, not overwritten."""
    path = tmp_path / "notes.txt"
    path.write_text("Für die Kolonne: bitte nicht löschen. " * 50, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(InvalidInput) as caught:
        open_store(f"sqlite:///{path}")
    assert caught.value.issues[0].code == "DB101"
    assert path.read_bytes() == before


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
