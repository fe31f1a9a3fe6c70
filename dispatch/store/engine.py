"""Opening the database, and the transaction every use case runs in."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, create_engine, event, insert, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, select

from dispatch.domain.errors import Conflict, InvalidInput, Issue
from dispatch.store.repository import Transaction
from dispatch.store.tables import SCHEMA_VERSION, SchemaRow

if TYPE_CHECKING:
    from collections.abc import Iterator


class Store:
    """An open database: `begin` to change it, `read` to look; `close` when done."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        # A database in memory is one connection, and that carries one transaction at a time.
        shared = isinstance(engine.pool, StaticPool)
        self._turn = Lock() if shared else nullcontext()

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Yield a transaction: committed at the end, rolled back as a whole on any error.

        Raises Conflict (DB103) when the database refuses a change that breaks its constraints.
        """
        try:
            with self._turn, Session(self._writer) as session, session.begin():
                yield Transaction(session)
        except IntegrityError as error:
            raise Conflict(
                Issue(
                    code="DB103",
                    subject="database",
                    cause=str(error.orig),
                    action="Read the present state and repeat the change",
                )
            ) from error

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Yield a transaction that sees one state of the database and never changes it."""
        with self._turn, Session(self._engine) as session:
            yield Transaction(session)
            session.rollback()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def open_store(url: str) -> Store:
    """Return the database at the SQLAlchemy URL, its tables made if it is empty.

    Raises InvalidInput for a URL or file that is no database, Conflict for a database whose
    tables have another version.
    """
    try:
        engine = _engine(url)
        _ensure_schema(engine)
    except (ArgumentError, DatabaseError, OSError, ImportError) as error:
        raise InvalidInput(
            Issue(
                code="DB101",
                subject=f"database {_shown(url)}",
                cause=str(error.__cause__ or error).splitlines()[0],
                action="Check the URL, that the folder can be written and that it is our database",
            )
        ) from error
    return Store(engine)


def _shown(url: str) -> str:
    """Return the URL without a password; the query goes too, for drivers take passwords there."""
    try:
        return _parsed(url).set(query={}).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not a URL)"


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ValueError:
        # Its words would quote a piece of a password that was not escaped.
        message = "the port is no number; is a password with : @ or / percent-encoded?"
        raise ArgumentError(message) from None


def _engine(url: str) -> Engine:
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed)
    options: dict[str, Any] = {}
    if parsed.database in (None, "", ":memory:"):
        # One connection for all threads, or each thread would see its own empty database.
        options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    else:
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, **options)
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
        "synchronous=NORMAL",
        "busy_timeout=10000",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    # A transaction that begins by reading and wants to write later fails at once when another
    # has written meanwhile; one that takes the write lock first waits its turn.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _ensure_schema(engine: Engine) -> None:
    if not inspect(engine).get_table_names():
        # In one transaction: a program killed here leaves an empty database, not half of one.
        with engine.execution_options(writes=True).begin() as connection:
            SQLModel.metadata.create_all(connection)
            connection.execute(insert(SchemaRow).values(version=SCHEMA_VERSION))
        return
    found: int | None = None
    if inspect(engine).has_table(SchemaRow.__tablename__):
        with Session(engine) as session:
            found = session.exec(select(SchemaRow.version)).first()
    if found != SCHEMA_VERSION:
        raise Conflict(
            Issue(
                code="DB102",
                subject="database",
                cause=f"its tables have version {found}, this program needs {SCHEMA_VERSION}",
                action="Use the program's version that made it, or an empty database",
            )
        )
