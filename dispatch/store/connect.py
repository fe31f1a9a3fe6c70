"""Connections: what SQLite and PostgreSQL must be told before they keep our promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError
from sqlalchemy.pool import StaticPool

WAIT_S = 10
"""So long a writer waits for another, a caller for a connection, and we for a server."""

POSTGRESQL_OPTIONS = (
    f"-c lock_timeout={WAIT_S}s",
    # A program that hangs within a transaction keeps its locks, and nobody else gets them.
    "-c idle_in_transaction_session_timeout=10min",
    # Times and numbers come as they are stored, whatever the server's administrator likes to see.
    "-c timezone=UTC",
)
POOL: dict[str, Any] = {
    # As many as the service has threads: none waits for a connection while the server has some.
    "pool_size": 10,
    "max_overflow": 30,
    "pool_timeout": WAIT_S,
    # A server that was restarted is noticed before a use case is half-way through.
    "pool_pre_ping": True,
}


def make_engine(url: str) -> Engine:
    """Return the engine for the URL; raises ArgumentError for one that is neither of the two.

    The execution option `writes` marks transactions that may change something: all others see one
    state, and are refused when they write.
    """
    parsed = parse(url)
    backend = parsed.get_backend_name()
    if backend not in _MAKERS:
        message = f"{backend} is not among the databases we know: {', '.join(_MAKERS)}"
        raise ArgumentError(message)
    engine = _MAKERS[backend](parsed)
    event.listen(engine, "handle_error", _tell_values)
    return engine


def shown(url: str) -> str:
    """Return the URL without a password; the query goes too, for drivers take passwords there."""
    try:
        return parse(url).set(query={}).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not a URL)"


def parse(url: str) -> URL:
    """Return the URL's parts; raises ArgumentError that quotes no password."""
    try:
        return make_url(url)
    except ValueError:
        # Its words would quote a piece of a password that was not escaped.
        message = "the port is no number; is a password with : @ or / percent-encoded?"
        raise ArgumentError(message) from None


def reading(engine: Engine) -> Engine:
    """Return the engine whose transactions see one state and never change it."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def writing(engine: Engine) -> Engine:
    """Return the engine whose transactions may change something.

    On PostgreSQL each statement sees what was committed before it, so that what is read after
    waiting for a turn is the present state.
    """
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="READ COMMITTED")
    return engine.execution_options(writes=True)


def _postgresql(url: URL) -> Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    given = url.query.get("options", ())
    # What the URL says comes last and counts.
    options = [*POSTGRESQL_OPTIONS, *((given,) if isinstance(given, str) else given)]
    # Without a word of the URL about it a dead server is waited for two minutes.
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": WAIT_S}
    return create_engine(
        url.difference_update_query(["options"]),
        connect_args={"options": " ".join(options), "application_name": "dispatch", **patience},
        **POOL,
    )


def _sqlite(url: URL) -> Engine:
    options: dict[str, Any] = {}
    given: dict[str, Any] = {} if "timeout" in url.query else {"timeout": WAIT_S}
    if url.database in (None, "", ":memory:"):
        # One connection for all threads, or each thread would see its own empty database.
        options["poolclass"] = StaticPool
        given["check_same_thread"] = False
    else:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args=given, **options)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    # The driver's own implicit transactions would let reads see half of another's commit.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        "cache_size=-65536",
        # What retention deletes is overwritten, not only let go.
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    # A transaction that begins by reading and wants to write later fails at once when another
    # has written meanwhile; one that takes the write lock first waits its turn.
    writes = connection.get_execution_options().get("writes", False)
    if connection.info.get("writes") is not writes:
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        connection.info["writes"] = writes
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _tell_values(context: Any) -> None:
    """Raise what the drivers give up on as the fault of a value that it is."""
    fault = context.original_exception
    # Half a character, or a number of more than 64 bits.
    if isinstance(fault, UnicodeEncodeError | OverflowError):
        raise DataError(None, None, fault) from fault


_MAKERS = {"sqlite": _sqlite, "postgresql": _postgresql}
