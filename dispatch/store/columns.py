"""Column types: aware times and our value types as JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Dialect

# Every constraint has a name by which a later migration can find it, on both databases.
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as microseconds since 1970 in UTC; refuses one without zone.

    An integer means the same on SQLite and PostgreSQL, sorts by true time and costs no parsing:
    signals are read by the hundred thousand. For reading by eye: `to_timestamp(x / 1e6)`
    (PostgreSQL) or `datetime(x / 1e6, 'unixepoch')` (SQLite).
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the integer to store; raises ValueError for a moment without zone."""
        del dialect
        return None if value is None else (_aware(value) - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the aware moment in UTC."""
        del dialect
        return None if value is None else EPOCH + timedelta(microseconds=value)


class DomainJson(TypeDecorator[Any]):
    """One of our value types, written as JSON and checked when it is read back.

    So many texts read last are `remembered` with their values: the register, the jobs of the day
    and its plans, with thousands of points on their lines, are asked for again and again.
    """

    impl = Text
    cache_ok = True

    def __init__(self, value_type: Any, remembered: int = 0) -> None:
        super().__init__()
        self.value_type = value_type
        self.remembered = remembered
        self._adapter: TypeAdapter[Any] = TypeAdapter(value_type)
        self._read: Callable[[str], Any] = self._adapter.validate_json
        if remembered:
            # The same text is the same value, and values never change.
            self._read = lru_cache(maxsize=remembered)(self._read)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return the JSON text; raises ValueError for a moment without zone or a float NaN."""
        del dialect
        return None if value is None else _to_json(self._adapter.dump_python(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the value; raises pydantic's ValidationError if the text was tampered with."""
        del dialect
        return None if value is None else self._read(value)


def _to_json(plain: object) -> str:
    # Not pydantic's own writer: it lets naive moments pass and makes NaN a null that cannot be
    # read back.
    return json.dumps(
        plain, default=_plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )


def _plain(value: object) -> object:
    """Return what JSON has for a value it does not know; sets in order, so equal is equal text."""
    if isinstance(value, datetime):
        return _aware(value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    message = f"{type(value).__name__} has no JSON form here"
    raise TypeError(message)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        message = f"{moment.isoformat()} has no time zone and cannot be stored"
        raise ValueError(message)
    return moment
