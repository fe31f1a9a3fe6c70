"""What only PostgreSQL can meet: a server that goes away, locks, and texts it refuses."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from dispatch.domain.errors import Conflict, DispatchError, InvalidInput, Unavailable
from dispatch.domain.ids import SiteId
from dispatch.store import Store, open_store
from dispatch.store.backup import back_up, restore
from dispatch.store.backup_file import opened, rows_of
from dispatch.store.check import check
from tests.helpers.databases import postgresql_url
from tests.helpers.plans import a_city, a_stored_job, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.services

NOW = datetime(2026, 7, 15, 4, 30, tzinfo=UTC)


@pytest.fixture
def url() -> str:
    """Return the URL of an empty schema."""
    return postgresql_url()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Return a database with a planned day."""
    with closing(open_store(url)) as found:
        fill(found)
        yield found


def hang_up(url: str) -> None:
    """End all our connections to the database, as a server does that is restarted."""
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name = 'dispatch'"
            )
        )
    engine.dispose()


def test_a_server_that_was_restarted_is_noticed(store: Store, url: str) -> None:
    """The next use case works, although all connections it could take are dead."""
    hang_up(url)
    with store.begin() as tx:
        tx.save_city(a_city())
    hang_up(url)
    with store.read() as tx:
        assert not tx.is_empty()


def break_off(store: Store, url: str) -> None:
    """Lose the server between two questions of one use case."""
    with store.begin() as tx:
        tx.save_jobs([a_stored_job("job-9", site="tree-1")])
        hang_up(url)
        tx.jobs()


def test_a_use_case_that_loses_the_server_is_told_so(store: Store, url: str) -> None:
    """It gets a coded error, nothing of it is kept, and the next one works."""
    with pytest.raises(Unavailable) as caught:
        break_off(store, url)
    assert caught.value.issues[0].code == "DB105"
    with store.read() as tx:
        assert "job-9" not in {job.id for job in tx.jobs()}


def test_a_server_that_is_not_there_is_a_coded_error() -> None:
    """The address is told, the password is not."""
    with pytest.raises(InvalidInput) as caught:
        open_store("postgresql+psycopg://office:geheim@127.0.0.1:1/dispatch")
    assert caught.value.issues[0].code == "DB101"
    assert "127.0.0.1" in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_the_plain_name_of_the_database_suffices(url: str) -> None:
    """`postgresql://` without a driver is the driver we have."""
    open_store(url.replace("postgresql+psycopg://", "postgresql://")).close()


def test_a_text_that_cannot_be_stored_is_told(store: Store) -> None:
    """PostgreSQL knows no NUL in a text: whoever asks for one gets a code, not a crash."""
    with pytest.raises(InvalidInput, match="DB106"), store.read() as tx:
        tx.site(SiteId("a\0b"))


def collide(store: Store) -> list[DispatchError]:
    """Let two change the same two jobs in opposite orders; return what they were told."""
    ready = Barrier(2)
    told: list[DispatchError] = []

    def change(*names: tuple[str, str]) -> None:
        try:
            with store.begin() as tx:
                for name, site in names:
                    tx.save_jobs([a_stored_job(name, site=site)])
                    if name == names[0][0]:
                        ready.wait()
        except DispatchError as error:
            told.append(error)

    one, other = ("job-1", "glass-1"), ("job-9", "rat-1")
    with store.begin() as tx:
        tx.save_jobs([a_stored_job(*one[:1], site=one[1]), a_stored_job("job-9", site="tree-1")])
    programs = [Thread(target=change, args=args) for args in ((one, other), (other, one))]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    return told


def test_who_is_caught_in_a_deadlock_is_told_to_repeat(store: Store) -> None:
    """One of the two goes through; the other learns that nothing was changed."""
    told = collide(store)
    assert [error.issues[0].code for error in told] == ["DB104"]


def run_into(store: Store, work: Callable[[], None]) -> None:
    """Hold a turn while somebody else wants it."""
    with store.begin() as tx:
        tx.take_turn("jobs")
        work()


def test_a_turn_is_waited_for_only_so_long(url: str) -> None:
    """Who waits in vain is told that others were in the way."""
    impatient = url.replace("synchronous_commit", "lock_timeout%3D50ms+-c+synchronous_commit")
    with closing(open_store(impatient)) as store:

        def want() -> None:
            with store.begin() as tx:
                tx.take_turn("jobs", "plans")

        with pytest.raises(Unavailable, match="DB104"):
            run_into(store, want)
        want()


def test_a_broken_constraint_is_a_conflict(store: Store) -> None:
    """As on SQLite: a second open job for a site and kind is refused."""
    with pytest.raises(Conflict, match="DB103"), store.begin() as tx:
        tx.save_jobs([a_stored_job("job-9")])


@pytest.mark.parametrize("from_postgresql", [True, False])
def test_a_backup_goes_into_the_other_database(from_postgresql: bool, tmp_path: Path) -> None:
    """Every row arrives as it was, and all that is stored can be read there."""
    urls = [f"sqlite:///{tmp_path / 'one.sqlite'}", postgresql_url()]
    source, target = urls[::-1] if from_postgresql else urls
    with closing(open_store(source)) as filled:
        fill(filled)
        with filled.read() as tx:
            before = (tx.jobs(), tx.fleet(), tx.plans(), tx.sites(), tx.quarantine())
    back_up(source, tmp_path / "a.zip", now=NOW)
    restore(target, tmp_path / "a.zip")
    back_up(target, tmp_path / "b.zip", now=NOW)
    assert content(tmp_path / "b.zip") == content(tmp_path / "a.zip")
    assert check(target) == []
    with closing(open_store(target)) as filled, filled.read() as tx:
        assert (tx.jobs(), tx.fleet(), tx.plans(), tx.sites(), tx.quarantine()) == before


def content(file: Path) -> dict[str, list[dict[str, object]]]:
    """Return all rows of a backup by their table."""
    with opened(file) as (archive, manifest):
        return {table.name: list(rows_of(archive, table)) for table in manifest.tables}
