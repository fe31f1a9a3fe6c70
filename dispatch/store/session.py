"""What all subjects share: the session, idempotent inserts, and how a missing id is told."""

from __future__ import annotations

from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from dispatch.domain.errors import Issue, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlmodel import Session, SQLModel

CHUNK = 5_000
"""Rows per statement: below SQLite's 32,766 bound values for a list of ids."""


# One after the other in the order given: all who take several turns take them in the same order.
TURN = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[]))"
    " AS name"
)


class Queries:
    """The base of each subject's questions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take_turn(self, *names: str) -> None:
        """Wait until no other transaction has these turns; keep them until the end of this one.

        Take all that are needed at once: whoever takes a second turn while holding a first may
        wait for somebody who waits for him.

        For changes that depend on what they have read, as merging jobs or publishing. SQLite has
        one writer at a time anyway; on PostgreSQL it is a lock that all processes see.
        """
        if names and self._session.get_bind().dialect.name == "postgresql":
            self._session.connection().execute(TURN, {"names": sorted(set(names))})

    def _insert_new(self, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
        """Insert the rows whose primary key is not there yet; of two with the same key the first.

        In the order of their keys: two that insert the same rows at once wait for one another
        once, and never in a circle.
        """
        if not rows:
            return
        keys = _keys(table)
        if all(key in rows[0] for key in keys):
            rows = sorted(rows, key=itemgetter(*keys))
        dialect = self._session.get_bind().dialect.name
        self._session.connection().execute(_insert(table, dialect), rows)

    def _put(self, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
        """Insert the rows in their order; one whose primary key is there replaces it."""
        if rows:
            dialect = self._session.get_bind().dialect.name
            self._session.connection().execute(_upsert(table, dialect), rows)


@cache
def _keys(table: type[SQLModel]) -> tuple[str, ...]:
    columns: Any = table.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
    return tuple(column.name for column in columns if column.primary_key)


# Building a statement costs more than carrying it out; there is one for each table.
@cache
def _insert(table: type[SQLModel], dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()


@cache
def _upsert(table: type[SQLModel], dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table)
    columns: Any = table.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
    return statement.on_conflict_do_update(
        index_elements=_keys(table),
        set_={c.name: statement.excluded[c.name] for c in columns if not c.primary_key},
    )


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the ids in pieces that fit into one statement."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def unknown(code: str, subject: str) -> NotFound:
    """Return the error for an id nobody knows."""
    return NotFound(
        Issue(
            code=code,
            subject=subject,
            cause="nothing is stored under that name",
            action="Check the spelling; lists show what there is",
        )
    )
