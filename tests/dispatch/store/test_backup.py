"""A backup holds one state of everything, and can be brought back into either database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from dispatch.domain.errors import Conflict, DispatchError, InvalidInput
from dispatch.domain.ids import PayloadId, PlanId
from dispatch.domain.signal import Payload
from dispatch.store import open_store
from dispatch.store.backup import back_up, restore
from dispatch.store.backup_file import FORMAT, Manifest, opened, rows_of
from dispatch.store.connect import make_engine, writing
from dispatch.store.metadata import METADATA
from tests.helpers.databases import fresh_url
from tests.helpers.plans import a_city, a_payload, a_plan, fill

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 15, 4, 30, tzinfo=UTC)
ODD = bytes(range(256))


@pytest.fixture
def filled_url(database_url: str) -> str:
    """Return the URL of a database with a planned day, a payload of odd bytes, and a draft.

    The draft is based on a plan that comes after it in the order of ids.
    """
    store = open_store(database_url)
    fill(store)
    with store.begin() as tx:
        tx.add_plan(a_plan("a-draft", revision=2), based_on=PlanId("plan-1"))
        tx.add_payloads([Payload(id=PayloadId("odd"), format="ttn", received_at=NOW, body=ODD)])
    store.close()
    return database_url


@pytest.fixture
def other_url(tmp_path: Path) -> str:
    """Return the URL of a second database, without tables."""
    return fresh_url(tmp_path / "other")


def content(file: Path) -> dict[str, list[dict[str, object]]]:
    """Return all rows of a backup by their table."""
    with opened(file) as (archive, manifest):
        return {table.name: list(rows_of(archive, table)) for table in manifest.tables}


def test_what_is_restored_is_what_was_backed_up(
    filled_url: str, other_url: str, tmp_path: Path
) -> None:
    """Every row of every table, odd bytes included; and the copy can be worked with."""
    made = back_up(filled_url, tmp_path / "a.zip", now=NOW)
    assert {table.name for table in made.tables} == set(METADATA.tables)
    assert made.rows > 10
    assert restore(other_url, tmp_path / "a.zip") == made
    back_up(other_url, tmp_path / "b.zip", now=NOW)
    assert content(tmp_path / "b.zip") == content(tmp_path / "a.zip")
    store = open_store(other_url)
    with store.begin() as tx:
        assert tx.payload(PayloadId("odd")).body == ODD
        tx.save_city(a_city())
    store.close()


def test_a_backup_holds_one_state(filled_url: str, tmp_path: Path) -> None:
    """What is committed while a backup is being made is in it as a whole or not at all."""
    store = open_store(filled_url)

    def write_on(_table: object) -> None:
        with store.begin() as tx:
            count = tx.count_payloads()
            tx.add_payloads([a_payload(f"later {count}".encode())])

    made = back_up(filled_url, tmp_path / "a.zip", now=NOW, on_table=write_on)
    with store.read() as tx:
        now_there = tx.count_payloads()
    store.close()
    saved = {table.name: table.rows for table in made.tables}
    assert now_there == saved["payload"] + len(made.tables)


def test_a_database_with_rows_is_not_overwritten(filled_url: str, tmp_path: Path) -> None:
    """Unless it is said that they may go; then all that was there is replaced."""
    back_up(filled_url, tmp_path / "a.zip", now=NOW)
    store = open_store(filled_url)
    with store.begin() as tx:
        tx.add_payloads([a_payload(b"later")])
        before = tx.count_payloads()
    with pytest.raises(Conflict, match="DB402"):
        restore(filled_url, tmp_path / "a.zip")
    with store.read() as tx:
        assert tx.count_payloads() == before
    store.close()
    restore(filled_url, tmp_path / "a.zip", replace=True)
    store = open_store(filled_url)
    with store.read() as tx:
        assert tx.count_payloads() == before - 1
    store.close()


def test_a_file_is_never_overwritten(filled_url: str, tmp_path: Path) -> None:
    """A second backup needs a name of its own, and nobody else may read either."""
    file = tmp_path / "a.zip"
    back_up(filled_url, file, now=NOW)
    with pytest.raises(Conflict, match="DB404"):
        back_up(filled_url, file, now=NOW)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("*.part")] == []


def rewritten(file: Path, name: str, change: bytes) -> None:
    """Replace one entry of the archive, its own checksum included."""
    with ZipFile(file) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    entries[name] = change
    with ZipFile(file, "w") as archive:
        for entry, body in entries.items():
            archive.writestr(entry, body)


def test_a_damaged_backup_changes_nothing(filled_url: str, other_url: str, tmp_path: Path) -> None:
    """A row that is not as it was written is noticed before anything is touched."""
    file = tmp_path / "a.zip"
    back_up(filled_url, file, now=NOW)
    rewritten(file, "tables/crew.jsonl", b'["c","{}"]\n')
    with pytest.raises(InvalidInput, match=r"DB401.*crew"):
        restore(other_url, file)
    store = open_store(other_url)
    with store.read() as tx:
        assert tx.is_empty()
    store.close()


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", "DB401"), (b"PK", "DB401"), (b"SQLite format 3", "DB401")],
)
def test_what_is_no_backup_is_refused(
    body: bytes, code: str, other_url: str, tmp_path: Path
) -> None:
    """Any other file is refused with a code."""
    file = tmp_path / "a.zip"
    file.write_bytes(body)
    with pytest.raises(DispatchError, match=code):
        restore(other_url, file)
    with pytest.raises(DispatchError, match=code):
        restore(other_url, tmp_path / "none")


def test_a_backup_of_a_later_version_is_refused(
    filled_url: str, other_url: str, tmp_path: Path
) -> None:
    """Nobody guesses what its tables mean."""
    file = tmp_path / "a.zip"
    made = back_up(filled_url, file, now=NOW)
    later = {"format": FORMAT, "revision": "9999", "database": "sqlite", "made_at": made.made_at}
    rewritten(file, "manifest.json", json.dumps({**later, "tables": []}).encode())
    with pytest.raises(InvalidInput, match=r"DB403.*9999"):
        restore(other_url, file)


def test_numbers_that_the_database_gives_go_on(
    filled_url: str, other_url: str, tmp_path: Path
) -> None:
    """A row stored after the restore gets a number of its own."""
    engine = make_engine(filled_url)
    values = (
        "INSERT INTO webhook_delivery (id, webhook_id, event_id, subject, status, attempts, due_at,"
        " lease, answer, document) VALUES (:id, 'w', :event, 's', 'pending', 0, 0, '', '', '{}')"
    )
    with writing(engine).begin() as connection:
        connection.execute(text("INSERT INTO webhook VALUES ('w', 0, '{}')"))
        connection.execute(text(values), {"id": 41, "event": "e"})
    engine.dispose()
    restore_into(filled_url, other_url, tmp_path / "a.zip")
    engine = make_engine(other_url)
    with writing(engine).begin() as connection:
        plain = values.replace("(id, ", "(").replace("(:id, ", "(")
        connection.execute(text(plain), {"event": "f"})
        numbers = connection.scalars(text("SELECT id FROM webhook_delivery ORDER BY id")).all()
    engine.dispose()
    assert numbers == [41, 42]


def restore_into(source: str, target: str, file: Path) -> Manifest:
    """Return what was carried from one database into the other."""
    back_up(source, file, now=NOW)
    return restore(target, file)
