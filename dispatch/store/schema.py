"""Which tables a database has, and how it gets those of this version."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from dispatch.domain.errors import Conflict, Issue
from dispatch.store.connect import writing
from dispatch.store.metadata import METADATA

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

BASE = "base"
VERSION_TABLE = "alembic_version"
# Any number that nobody else takes in this database; those of turns are digests of names.
_LOCK = text("SELECT pg_advisory_xact_lock(7021846)")
_PATIENCE = text("SET LOCAL lock_timeout = '5min'")


class State(StrEnum):
    """What a database is to this program."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "somebody else's"


def ensure_schema(engine: Engine) -> None:
    """Give an empty database its tables; raises Conflict DB102 for one with other tables."""
    with engine.connect() as connection:
        state = state_of(connection)
    if state is State.EMPTY:
        with writing(engine).begin() as connection:
            take_turn(connection)
            # Another program may have been faster.
            state = state_of(connection)
            if state is State.EMPTY:
                migrate(connection)
                return
    if state is not State.CURRENT:
        with engine.connect() as connection:
            raise _other_version(state, connection)


def must_be_ours(connection: Connection) -> None:
    """Raise Conflict DB102 for a database without our tables, or with those of a later version."""
    state = state_of(connection)
    if state not in (State.CURRENT, State.OLDER):
        raise _other_version(state, connection)


def upgrade(engine: Engine) -> tuple[str, str]:
    """Return the revisions before ("" for none) and after bringing the tables up to date.

    All in one transaction: it is done, or nothing is. Raises Conflict DB102 for a database that
    is newer, or somebody else's.
    """
    with writing(engine).begin() as connection:
        take_turn(connection)
        state = state_of(connection)
        if state in (State.NEWER, State.FOREIGN):
            raise _other_version(state, connection)
        before = revision_of(connection)
        migrate(connection)
        return before, head()


def state_of(connection: Connection) -> State:
    """Return what the database is to this program."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return State.EMPTY
    revision = revision_of(connection)
    if not revision:
        # After a downgrade only Alembic's own table is left.
        return State.EMPTY if tables == {VERSION_TABLE} else State.FOREIGN
    if revision == head():
        return State.CURRENT
    return State.OLDER if revision in revisions() else State.NEWER


def revision_of(connection: Connection) -> str:
    """Return the revision of the tables that are there, "" if none of ours are."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def head() -> str:
    """Return the revision this program works with."""
    return revisions()[-1]


@cache
def revisions() -> tuple[str, ...]:
    """Return all revisions, the first release's first."""
    found = _scripts().walk_revisions()
    return tuple(reversed([script.revision for script in found]))


def migrate(connection: Connection, to: str = "") -> None:
    """Bring the tables to a revision (the newest if none is named), upwards or downwards.

    Within the transaction of the connection, which the caller commits.
    """
    wanted = to or head()
    scripts = _scripts()
    order = (BASE, *revisions())
    here = revision_of(connection) or BASE

    def steps(at: Any, _context: object) -> Any:
        if order.index(wanted) >= order.index(here):
            return scripts._upgrade_revs(wanted, at)
        return scripts._downgrade_revs(wanted, at)

    environment = EnvironmentContext(Config(), scripts, fn=steps)
    with environment:
        environment.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
        environment.run_migrations()


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent / "migrations"))


def take_turn(connection: Connection) -> None:
    """Let programs that start at the same time make the tables one after the other."""
    if connection.dialect.name == "postgresql":
        connection.execute(_PATIENCE)
        connection.execute(_LOCK)


def _other_version(state: State, connection: Connection) -> Conflict:
    found = revision_of(connection)
    causes = {
        State.EMPTY: "it has no tables",
        State.OLDER: f"its tables have version {found}, this program needs {head()}",
        State.NEWER: f"its tables have version {found}, this program knows none after {head()}",
        State.FOREIGN: "it has tables, but not ours, or those of a trial before the first release",
    }
    cures = {
        State.EMPTY: "Name the database that the service works with",
        State.OLDER: "Make a backup (`dispatch db backup`), then run `dispatch db upgrade`",
        State.NEWER: "Use the program's version that made it",
        State.FOREIGN: "Use an empty database",
    }
    return Conflict(
        Issue(code="DB102", subject="database", cause=causes[state], action=cures[state])
    )
