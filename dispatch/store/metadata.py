"""All tables together: whoever makes, compares or copies a database starts from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, Text
from sqlmodel import AutoString, SQLModel

import dispatch.store.repository  # noqa: F401  # the questions bring their tables

if TYPE_CHECKING:
    from sqlalchemy import MetaData


def _in_order_of_bytes(metadata: MetaData) -> MetaData:
    """Return the tables with texts that PostgreSQL sorts as SQLite does, whatever its language.

    Lists come in the same order from both, small letters are those of ASCII, and an index need
    not ask the C library how German compares two ids.
    """
    for table in metadata.tables.values():
        for column in table.columns:
            if type(column.type) in (AutoString, String, Text):
                column.type = column.type.with_variant(String(collation="C"), "postgresql")
    return metadata


METADATA = _in_order_of_bytes(SQLModel.metadata)
