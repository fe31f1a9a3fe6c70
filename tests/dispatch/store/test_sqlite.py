"""What only SQLite can meet: files that are something else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import Conflict, InvalidInput, Unavailable
from dispatch.store import open_store
from tests.helpers.plans import a_city

if TYPE_CHECKING:
    from pathlib import Path


def test_foreign_database_is_refused(tmp_path: Path) -> None:
    """Somebody else's SQLite database is refused and left as it is."""
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(Conflict, match="DB102"):
        open_store(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as raw:
        tables = raw.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("recipes",)]


def test_no_database_file_is_refused(tmp_path: Path) -> None:
    """A file that is no database is refused with a code, not overwritten."""
    path = tmp_path / "notes.txt"
    path.write_text("Für die Kolonne: bitte nicht löschen. " * 50, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(InvalidInput) as caught:
        open_store(f"sqlite:///{path}")
    assert caught.value.issues[0].code == "DB101"
    assert path.read_bytes() == before


def test_a_writer_that_waits_in_vain_is_told_so(tmp_path: Path) -> None:
    """Somebody holds the file for longer than a writer waits: nothing was changed, repeat it."""
    path = tmp_path / "held.sqlite"
    store = open_store(f"sqlite:///{path}?timeout=0.1")
    with closing(sqlite3.connect(path)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="DB104"), store.begin() as tx:
            tx.save_city(a_city())
        holder.rollback()
    with store.begin() as tx:
        tx.save_city(a_city())
    store.close()
