"""Backups of one state of the whole database, and the way back."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    bindparam,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    text,
    update,
)

from dispatch.domain.errors import Conflict, InvalidInput, Issue
from dispatch.store import backup_file, schema
from dispatch.store.backup_file import FORMAT, Manifest, SavedTable
from dispatch.store.connect import reading, writing
from dispatch.store.engine import open_engine
from dispatch.store.faults import coded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Table, TableClause
    from sqlalchemy.types import TypeEngine

BATCH_ROWS = 2_000

# In this order: an integer column is no truth value, but SQLAlchemy's Boolean is no Integer.
KINDS: dict[str, type[TypeEngine[Any]]] = {
    "truth": Boolean,
    "integer": BigInteger,
    "number": Float,
    "text": String,
    "bytes": LargeBinary,
    "date": Date,
}
_FOUND_AS: dict[str, type[TypeEngine[Any]]] = {**KINDS, "integer": Integer}


def back_up(
    url: str, file: Path, *, now: datetime, on_table: Callable[[SavedTable], None] = lambda _: None
) -> Manifest:
    """Return what was written into the file: one state of the database, whoever writes meanwhile.

    Any version of our tables can be backed up, so that it can be done before an upgrade. Raises
    Conflict DB102 for a database without our tables, DB404 for a file that is there already.
    """
    engine = open_engine(url, any_version=True)
    try:
        with coded(), reading(engine).connect() as connection, backup_file.written(file) as writer:
            schema.must_be_ours(connection)
            tables: list[SavedTable] = []
            for found in _tables(connection):
                tables.append(_saved(found, connection, writer))
                on_table(tables[-1])
            manifest = Manifest(
                format=FORMAT,
                revision=schema.revision_of(connection),
                database=engine.dialect.name,
                made_at=now.isoformat(),
                tables=tuple(tables),
            )
            writer.finish(manifest)
    finally:
        engine.dispose()
    return manifest


def restore(
    url: str,
    file: Path,
    *,
    replace: bool = False,
    on_table: Callable[[SavedTable], None] = lambda _: None,
) -> Manifest:
    """Return what was brought back from the file, in one transaction: all of it or nothing.

    A backup of an earlier version is brought up to date. Raises InvalidInput for a damaged file
    (DB401) or one of a later version (DB403), Conflict for a database with rows (DB402), unless
    they may be replaced, or with somebody else's tables (DB102).
    """
    with backup_file.opened(file) as (archive, manifest):
        if manifest.revision not in schema.revisions():
            raise _unknown_version(manifest, file)
        engine = open_engine(url, any_version=True)
        try:
            with coded(), writing(engine).begin() as connection:
                _make_room(connection, replace=replace)
                schema.migrate(connection, to=manifest.revision)
                for saved in manifest.tables:
                    _load(saved, backup_file.rows_of(archive, saved), connection)
                    on_table(saved)
                schema.migrate(connection)
        finally:
            engine.dispose()
    return manifest


def _tables(connection: Connection) -> list[Table]:
    """Return the tables that are there, those that others refer to first."""
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name != schema.VERSION_TABLE)
    return there.sorted_tables


def _saved(found: Table, connection: Connection, writer: backup_file.Writer) -> SavedTable:
    columns = {part.name: _kind(part.type) for part in found.columns}
    plain = _plain(found.name, columns)
    keys = [plain.c[part.name] for part in found.primary_key.columns]
    rows = connection.execution_options(yield_per=BATCH_ROWS).execute(select(plain).order_by(*keys))
    return writer.add(found.name, columns, rows)


def _plain(name: str, columns: Mapping[str, str]) -> TableClause:
    """Return the table with bare columns, whose values are as they are stored."""
    return table(name, *(column(part, KINDS[kind]()) for part, kind in columns.items()))


def _kind(found: TypeEngine[Any]) -> str:
    return next(kind for kind, known in _FOUND_AS.items() if isinstance(found, known))


def _make_room(connection: Connection, *, replace: bool) -> None:
    """Leave the database without tables; raises Conflict when something would be lost."""
    schema.take_turn(connection)
    if schema.state_of(connection) is schema.State.EMPTY:
        return
    schema.must_be_ours(connection)
    rows = sum(
        connection.execute(select(func.count()).select_from(found)).scalar_one()
        for found in _tables(connection)
    )
    if rows and not replace:
        raise Conflict(
            Issue(
                code="DB402",
                subject="database",
                cause=f"it holds {rows} rows, which the backup would replace",
                action="Restore into an empty database, or say --replace after a backup of it",
            )
        )
    schema.migrate(connection, to=schema.BASE)


def _load(saved: SavedTable, rows: Iterable[dict[str, Any]], connection: Connection) -> None:
    plain = _plain(saved.name, saved.columns)
    own, keys = _own_references(saved.name, connection)
    # What refers to a row of the same table is filled in when all of them are there.
    later: list[dict[str, Any]] = []
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH_ROWS)):
        later += [
            {f"_{name}": row[name] for name in (*own, *keys)}
            for row in batch
            if any(row[name] is not None for name in own)
        ]
        connection.execute(insert(plain), [{**row, **dict.fromkeys(own)} for row in batch])
    if later:
        change = update(plain).where(*(plain.c[key] == bindparam(f"_{key}") for key in keys))
        connection.execute(change.values({name: bindparam(f"_{name}") for name in own}), later)
    if connection.dialect.name == "postgresql":
        _count_on(saved, connection)


def _own_references(name: str, connection: Connection) -> tuple[list[str], list[str]]:
    """Return the columns of a table that refer to a row of the same table, and its keys."""
    there = inspect(connection)
    own = [
        column
        for reference in there.get_foreign_keys(name)
        if reference["referred_table"] == name
        for column in reference["constrained_columns"]
    ]
    return own, there.get_pk_constraint(name)["constrained_columns"]


def _count_on(saved: SavedTable, connection: Connection) -> None:
    """Let numbers that the database gives go on after those that were brought back."""
    for found in inspect(connection).get_columns(saved.name):
        if not found.get("autoincrement") or "nextval" not in str(found["default"]):
            continue
        name = connection.dialect.identifier_preparer.quote(found["name"])
        quoted = connection.dialect.identifier_preparer.quote(saved.name)
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence(:table, :column), max({name}))"  # noqa: S608  # names of our own tables, quoted
                f" FROM {quoted} HAVING max({name}) IS NOT NULL"
            ),
            {"table": quoted, "column": found["name"]},
        )


def _unknown_version(manifest: Manifest, file: Path) -> InvalidInput:
    return InvalidInput(
        Issue(
            code="DB403",
            subject=str(file),
            cause=f"its tables have version {manifest.revision}, which this program does not know",
            action="Use the program's version that made the backup, or a later one",
        )
    )


def upgrade(url: str) -> tuple[str, str]:
    """Return the versions of the tables before ("" for none) and after bringing them up to date."""
    engine: Engine = open_engine(url, any_version=True)
    try:
        with coded():
            return schema.upgrade(engine)
    finally:
        engine.dispose()
