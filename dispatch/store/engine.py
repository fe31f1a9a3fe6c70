"""Opening the database, and the transaction every use case runs in."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.store.connect import make_engine, reading, shown, writing
from dispatch.store.faults import coded, first_line
from dispatch.store.repository import Transaction
from dispatch.store.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


class Store:
    """An open database: `begin` to change it, `read` to look; `close` when done."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader, self._writer = reading(engine), writing(engine)
        # A database in memory is one connection, and that carries one transaction at a time.
        shared = isinstance(engine.pool, StaticPool)
        self._turn = Lock() if shared else nullcontext()

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Yield a transaction: committed at the end, rolled back as a whole on any error.

        Raises Conflict (DB103) when the database refuses a change that breaks its constraints,
        InvalidInput (DB106) for a value it cannot hold, Unavailable when others are in the way
        (DB104) or it does not answer (DB105).
        """
        with coded(), self._turn, Session(self._writer) as session, session.begin():
            yield Transaction(session)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Yield a transaction that sees one state of the database and cannot change it.

        Raises Unavailable when the database does not answer (DB105).
        """
        with coded(), self._turn, Session(self._reader) as session:
            yield Transaction(session)
            session.rollback()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def open_store(url: str) -> Store:
    """Return the database at the SQLAlchemy URL, its tables made if it is empty.

    Raises InvalidInput DB101 for a URL or file that is no database, Conflict DB102 for a database
    whose tables have another version.
    """
    return Store(open_engine(url))


def open_engine(url: str, *, any_version: bool = False) -> Engine:
    """Return the engine for the URL, checked as `open_store` does; or not its version."""
    try:
        engine = make_engine(url)
        try:
            if any_version:
                engine.connect().close()
            else:
                ensure_schema(engine)
        except BaseException:
            engine.dispose()
            raise
    except (ArgumentError, DatabaseError, OSError, ImportError) as error:
        raise InvalidInput(
            Issue(
                code="DB101",
                subject=f"database {shown(url)}",
                cause=first_line(error.__cause__ or error),
                action="Check the URL, that the folder can be written and that it is our database",
            )
        ) from error
    return engine
