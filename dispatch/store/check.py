"""Whether what the database holds is whole: every fault with its code and its cure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import ValidationError
from sqlalchemy import Text, func, select, text, type_coerce

from dispatch.domain.errors import Issue
from dispatch.domain.ids import digest
from dispatch.domain.plan import PlanStatus
from dispatch.store import schema
from dispatch.store.columns import DomainJson
from dispatch.store.connect import reading
from dispatch.store.engine import open_engine
from dispatch.store.faults import coded
from dispatch.store.metadata import METADATA
from dispatch.store.tables import (
    CurrentPlanRow,
    DeviceRow,
    JobRow,
    NoticeRow,
    PayloadRow,
    PlanRow,
    RouteRow,
    SiteRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Table
    from sqlmodel import SQLModel

ROWS_AT_ONCE = 1_000

FROM_BACKUP = "Restore a backup from before the damage, or ask who wrote into the tables by hand"
SHOWN = 20
"""Faults of one kind are listed up to here, and then counted."""


def check(url: str, *, on_step: Callable[[str], None] = lambda _: None) -> list[Issue]:
    """Return every fault found in one state of the database; nothing is changed.

    Raises Conflict DB102 for a database of another version: upgrade it first.
    """
    engine = open_engine(url)
    try:
        with coded(), reading(engine).connect() as connection:
            found: list[Issue] = []
            for step, (name, look) in enumerate(CHECKS.items(), 1):
                on_step(f"{step}/{len(CHECKS)} {name}")
                found += _shortened(look(connection))
            return found
    finally:
        engine.dispose()


def _shortened(issues: Iterator[Issue]) -> list[Issue]:
    shown: list[Issue] = []
    more = 0
    for issue in issues:
        if len(shown) < SHOWN:
            shown.append(issue)
        else:
            more += 1
    if more:
        last = shown[-1]
        shown.append(
            Issue(
                code=last.code,
                subject="database",
                cause=f"and {more} more faults of this kind",
                action=last.action,
            )
        )
    return shown


def _file(connection: Connection) -> Iterator[Issue]:
    """Yield what the database itself finds in its files and indexes."""
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql("PRAGMA integrity_check(100)").scalars().all()
        faults = [str(line) for line in said if line != "ok"]
    else:
        invalid = text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        faults = [f"index {name} is not valid" for name in connection.scalars(invalid)]
    for fault in faults:
        yield Issue(code="DB301", subject="database", cause=fault, action=FROM_BACKUP)


def _tables(connection: Connection) -> Iterator[Issue]:
    """Yield where the tables are not those of this version."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    for difference in compare_metadata(context, METADATA):
        yield Issue(
            code="DB302",
            subject="tables",
            cause=f"they differ from those of version {schema.head()}: {_words(difference)}",
            action="Somebody changed them by hand: undo it, or restore a backup",
        )


def _words(difference: Any) -> str:
    # A change of a column comes in a list of its own.
    parts = difference[0] if isinstance(difference, list) else difference
    return " ".join(str(getattr(part, "name", part)) for part in parts if part is not None)


def _references(connection: Connection) -> Iterator[Issue]:
    """Yield rows that refer to a row that is not there."""
    for table in METADATA.sorted_tables:
        for constraint in table.foreign_key_constraints:
            other = constraint.referred_table.alias()
            pairs = [(key.parent, other.c[key.column.name]) for key in constraint.elements]
            missing = (
                select(*table.primary_key.columns, *(own for own, _ in pairs))
                .select_from(table)
                .where(*(own.is_not(None) for own, _ in pairs))
                .where(~select(1).where(*(own == theirs for own, theirs in pairs)).exists())
            )
            keys = len(table.primary_key.columns)
            for row in connection.execute(missing):
                yield Issue(
                    code="DB303",
                    subject=_row(table, row[:keys]),
                    cause=f"it refers to {constraint.referred_table.name} {_key(row[keys:])}, "
                    "which is not there",
                    action=FROM_BACKUP,
                )


def _documents(connection: Connection) -> Iterator[Issue]:
    """Yield documents that are not what their column says."""
    for table in METADATA.sorted_tables:
        keys = list(table.primary_key.columns)
        for column in table.columns:
            if not isinstance(column.type, DomainJson):
                continue
            query = select(*keys, type_coerce(column, Text)).where(column.is_not(None))
            streamed = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
            for row in streamed:
                fault = _fault_of(column.type, row[-1], connection)
                if fault:
                    yield Issue(
                        code="DB304",
                        subject=_row(table, row[:-1]),
                        cause=f"its {column.name} cannot be read: {fault}",
                        action=FROM_BACKUP,
                    )


def _columns(connection: Connection) -> Iterator[Issue]:
    """Yield rows whose columns, by which they are found, differ from what their document says."""
    for row_type, names in MIRRORED.items():
        table: Table = row_type.__table__  # type: ignore[attr-defined]  # SQLModel adds it
        keys = list(table.primary_key.columns)
        kind: Any = table.c.document.type
        written = type_coerce(table.c.document, Text)
        query = select(*keys, *(table.c[name] for name in names), written)
        for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query):
            if _fault_of(kind, row[-1], connection):
                continue  # told already
            said = kind.process_result_value(row[-1], connection.dialect)
            columns = zip(names, row[len(keys) : -1], strict=True)
            other = [name for name, value in columns if value != getattr(said, name)]
            if other:
                yield Issue(
                    code="DB308",
                    subject=_row(table, row[: len(keys)]),
                    cause=f"its document says something else than its {', '.join(other)}",
                    action=FROM_BACKUP,
                )


def _fault_of(kind: DomainJson, written: str, connection: Connection) -> str:
    try:
        kind.process_result_value(written, connection.dialect)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip()
    except ValueError as error:
        return str(error)
    return ""


def _payloads(connection: Connection) -> Iterator[Issue]:
    """Yield payloads that are not the bytes that were received."""
    payload: Any = PayloadRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
    query = select(payload.id, payload.format, payload.body).where(payload.erased_at.is_(None))
    for name, format_name, body in connection.execution_options(yield_per=100).execute(query):
        if name != digest(format_name, body):
            yield Issue(
                code="DB305",
                subject=f"payload {name}",
                cause="its bytes are not those that were received",
                action=FROM_BACKUP,
            )


def _routes(connection: Connection) -> Iterator[Issue]:
    """Yield plans some of whose routes are missing: they are numbered from 0 without a gap."""
    route: Any = RouteRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
    query = (
        select(route.plan_id, func.count(), func.min(route.place), func.max(route.place))
        .group_by(route.plan_id)
        .order_by(route.plan_id)
    )
    for plan_id, count, first, last in connection.execute(query):
        if (first, last) != (0, count - 1):
            yield Issue(
                code="DB306",
                subject=f"plan {plan_id}",
                cause=f"of its {last + 1} routes only {count} are there",
                action=FROM_BACKUP,
            )


def _current_plans(connection: Connection) -> Iterator[Issue]:
    """Yield days on which what is in force is no published plan of that day and organisation."""
    pointer: Any = CurrentPlanRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
    plan: Any = PlanRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
    query = (
        select(pointer.day, pointer.organisation, plan.id, plan.day, plan.organisation, plan.status)
        .join_from(pointer.day.table, plan.id.table, plan.id == pointer.plan_id)
        .where(
            (plan.day != pointer.day)
            | (plan.organisation != pointer.organisation)
            | (plan.status != PlanStatus.PUBLISHED.value)
        )
        .order_by(pointer.day, pointer.organisation)
    )
    for day, organisation, plan_id, meant, whose, status in connection.execute(query):
        yield Issue(
            code="DB307",
            subject=f"plan of {organisation} in force on {day}",
            cause=f"plan {plan_id} is {whose}'s for {meant}, and {status}",
            action="Plan the day again, or publish one of its plans",
        )


def _row(table: Table, key: Any) -> str:
    return f"{table.name} {_key(key)}"


def _key(parts: Any) -> str:
    return " ".join(map(str, parts))


MIRRORED: dict[type[SQLModel], tuple[str, ...]] = {
    SiteRow: ("id", "kind"),
    DeviceRow: ("id", "mounted_from", "site_id"),
    JobRow: ("id", "site_id", "kind", "status", "updated_at"),
    NoticeRow: ("id", "status", "requested_at"),
    PlanRow: ("id", "day", "organisation", "revision", "created_at"),
    RouteRow: ("shift_id", "crew_id"),
}
"""Columns that repeat what their row's document says, so that it can be found by them."""

CHECKS: dict[str, Callable[[Connection], Iterator[Issue]]] = {
    "files and indexes": _file,
    "tables": _tables,
    "references": _references,
    "documents": _documents,
    "columns": _columns,
    "payloads": _payloads,
    "routes": _routes,
    "plans in force": _current_plans,
}
"""A new check is a function and a line here."""
