"""What the database refuses or cannot do now, as our coded errors."""

from __future__ import annotations

from contextlib import contextmanager
from sqlite3 import (
    SQLITE_BUSY,
    SQLITE_CANTOPEN,
    SQLITE_CORRUPT,
    SQLITE_FULL,
    SQLITE_IOERR,
    SQLITE_LOCKED,
    SQLITE_NOTADB,
)
from typing import TYPE_CHECKING

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dispatch.domain.errors import Conflict, DispatchError, InvalidInput, Issue, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_SQLITE_BUSY = frozenset({SQLITE_BUSY, SQLITE_LOCKED})
_SQLITE_ILL = frozenset({SQLITE_CANTOPEN, SQLITE_CORRUPT, SQLITE_FULL, SQLITE_IOERR, SQLITE_NOTADB})
# https://www.postgresql.org/docs/current/errcodes-appendix.html: a transaction that was rolled
# back (serialization, deadlock), a lock that was not had in time, a statement that was cancelled.
_POSTGRESQL_BUSY = ("40", "55P03", "57014")
# No connection, no resources (disk, memory, connections), shutdown, fault of the disk.
_POSTGRESQL_ILL = ("08", "53", "57P", "58", "25P03", "25P04")


@contextmanager
def coded() -> Iterator[None]:
    """Let what the database says within this block be raised as one of our errors.

    Conflict DB103 for a broken constraint, InvalidInput DB106 for a value that no database takes,
    Unavailable DB104 when others were in the way, DB105 when the database does not answer. What is
    a fault of this program is not touched.
    """
    try:
        yield
    except PoolTimeout as error:
        raise _unanswered("all connections are in use") from error
    except DBAPIError as error:
        found = _coded(error)
        if found is None:
            raise
        raise found from error


def _coded(error: DBAPIError) -> DispatchError | None:
    cause = first_line(error)
    if isinstance(error, IntegrityError):
        return Conflict(
            Issue(
                code="DB103",
                subject="database",
                cause=cause,
                action="Read the present state and repeat the change",
            )
        )
    if isinstance(error, DataError):
        return _not_storable(cause)
    if error.connection_invalidated or _is_ill(error):
        return _unanswered(cause)
    if _is_busy(error):
        return Unavailable(
            Issue(
                code="DB104",
                subject="database",
                cause=f"another change was in the way: {cause}",
                action="Repeat it; nothing was changed",
            )
        )
    return None


def first_line(error: BaseException) -> str:
    """Return what the driver said, without the statement and its values."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def _is_busy(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_POSTGRESQL_BUSY)
    return _sqlite_code(error) in _SQLITE_BUSY


def _is_ill(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", "")
    if state is None:
        # psycopg: no server said anything, so there was none.
        return isinstance(error, OperationalError)
    return str(state).startswith(_POSTGRESQL_ILL) or _sqlite_code(error) in _SQLITE_ILL


def _sqlite_code(error: DBAPIError) -> int | None:
    code: int | None = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _unanswered(cause: str) -> Unavailable:
    return Unavailable(
        Issue(
            code="DB105",
            subject="database",
            cause=f"it does not answer as it should: {cause}",
            action="Try again; if it stays, look after the database server or the disk",
        )
    )


def _not_storable(cause: str) -> InvalidInput:
    return InvalidInput(
        Issue(
            code="DB106",
            subject="database",
            cause=f"a value that cannot be stored: {cause}",
            action="Correct the value: no NUL characters, no half characters, no endless numbers",
        )
    )
