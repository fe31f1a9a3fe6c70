"""How a database gets its tables, and how it is known which ones it has."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from dispatch.domain.errors import Conflict
from dispatch.store import open_store
from dispatch.store.connect import make_engine, writing
from dispatch.store.metadata import METADATA
from dispatch.store.migrations.first_tables import statements_of, stored_statements
from dispatch.store.schema import (
    BASE,
    State,
    ensure_schema,
    head,
    migrate,
    revisions,
    state_of,
    upgrade,
)
from tests.helpers.plans import a_city, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Return the way to a database without tables."""
    made = make_engine(database_url)
    yield made
    made.dispose()


def counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        table.name: len(connection.execute(table.select()).all())
        for table in METADATA.sorted_tables
    }


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_first_revision_makes_the_tables_as_they_are_defined(dialect: str) -> None:
    """Tables that were changed before the first release: `python -m dispatch.store.migrations`."""
    assert stored_statements(dialect) == statements_of(dialect).split(";\n\n")[:-1]


def test_revisions_follow_one_another() -> None:
    """There is one newest revision, and all others lead to it."""
    assert revisions()[0] == "0001"
    assert len(set(revisions())) == len(revisions())
    assert head() == revisions()[-1]


def test_a_migrated_database_has_the_tables_that_are_defined(engine: Engine) -> None:
    """Nothing is missing and nothing is left over, as Alembic compares them."""
    ensure_schema(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        names = set(inspect(connection).get_table_names())
    assert names == {*METADATA.tables, "alembic_version"}


def test_tables_with_data_can_be_taken_away_and_made_again(
    database_url: str, engine: Engine
) -> None:
    """Down to nothing with rows in the tables, up again, and the database is empty and usable."""
    store = open_store(database_url)
    fill(store)
    store.close()
    with writing(engine).begin() as connection:
        assert sum(counts(connection).values()) > 10
        migrate(connection, to=BASE)
        assert state_of(connection) is State.EMPTY
    assert upgrade(engine) == ("", head())
    with engine.connect() as connection:
        assert set(counts(connection).values()) == {0}


def migrate_and_fail(engine: Engine) -> None:
    """Take all tables away, then fail before the commit."""
    with writing(engine).begin() as connection:
        migrate(connection, to=BASE)
        assert state_of(connection) is State.EMPTY
        raise ZeroDivisionError


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    database_url: str, engine: Engine
) -> None:
    """What has begun is undone as a whole, tables and rows."""
    store = open_store(database_url)
    fill(store)
    store.close()
    with engine.connect() as connection:
        before = counts(connection)
    with pytest.raises(ZeroDivisionError):
        migrate_and_fail(engine)
    with engine.connect() as connection:
        assert counts(connection) == before
        assert state_of(connection) is State.CURRENT


def rename_revision(engine: Engine, name: str) -> None:
    """Let the database say that it has this revision."""
    with writing(engine).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :name"), {"name": name})


def test_a_newer_database_is_refused(database_url: str, engine: Engine) -> None:
    """A database of a later version is refused, told both versions, and not upgraded either."""
    ensure_schema(engine)
    rename_revision(engine, "9999")
    for attempt in (lambda: open_store(database_url), lambda: upgrade(engine)):
        with pytest.raises(Conflict) as caught:
            attempt()
        (issue,) = caught.value.issues
        assert issue.code == "DB102"
        assert "9999" in issue.cause
        assert head() in issue.cause


def test_an_upgrade_of_what_is_current_changes_nothing(database_url: str, engine: Engine) -> None:
    """Run twice is run once."""
    store = open_store(database_url)
    with store.begin() as tx:
        tx.save_city(a_city())
    assert upgrade(engine) == (head(), head())
    with store.read() as tx:
        assert not tx.is_empty()
    store.close()


def test_programs_that_start_at_once_make_the_tables_once(database_url: str) -> None:
    """Four that open an empty database in the same moment all find its tables."""
    ready = Barrier(4)
    faults: list[BaseException] = []

    def start() -> None:
        ready.wait()
        try:
            open_store(database_url).close()
        except BaseException as error:
            faults.append(error)

    programs = [Thread(target=start) for _ in range(4)]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    assert faults == []
