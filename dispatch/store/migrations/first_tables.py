"""The statements that make the tables of the first revision, for each database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from dispatch.store.metadata import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Dialect

FOLDER = Path(__file__).parent / "first"
END = ";\n\n"
_DIALECTS = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}


def statements_of(dialect: str) -> str:
    """Return the statements that make all tables as they are defined now."""
    return "".join(statement + END for statement in _statements(_DIALECTS[dialect]()))


def stored_statements(dialect: str) -> list[str]:
    """Return the statements as the first revision runs them."""
    text = (FOLDER / f"{dialect}.sql").read_text(encoding="utf-8")
    return [statement for statement in text.split(END) if statement.strip()]


def _statements(dialect: Dialect) -> Iterator[str]:
    for table in METADATA.sorted_tables:
        lines = str(CreateTable(table).compile(dialect=dialect)).strip().splitlines()
        yield "\n".join(line.rstrip() for line in lines)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))
