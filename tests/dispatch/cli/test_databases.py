"""The care of the database from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from dispatch.cli import app
from dispatch.store import open_store
from dispatch.store.connect import make_engine, writing
from tests.helpers.databases import fresh_url
from tests.helpers.payloads import a_ttn_uplink
from tests.helpers.plans import fill

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the URL of a database without tables, which the commands work with."""
    found = fresh_url(tmp_path)
    monkeypatch.setenv("DISPATCH_DATABASE_URL", found)
    return found


def run(*arguments: object) -> tuple[int, str]:
    """Return exit code and everything printed, on one line."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, " ".join(result.output.split())


def filled(url: str) -> None:
    """Store a planned day."""
    store = open_store(url)
    fill(store)
    store.close()


def execute(url: str, statement: str) -> None:
    """Change something by hand."""
    engine = make_engine(url)
    with writing(engine).begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_an_empty_database_gets_its_tables_once(url: str) -> None:
    """The second time there is nothing to do."""
    assert url
    code, words = run("db", "upgrade")
    assert (code, "before: none" in words) == (0, True)
    code, words = run("db", "upgrade")
    assert (code, "already" in words) == (0, True)
    assert run("db", "check")[0] == 0


def test_a_backup_brings_back_what_was_lost(url: str, tmp_path: Path) -> None:
    """Backed up, spoilt, refused to be overwritten, restored, and sound."""
    filled(url)
    file = tmp_path / "backup.zip"
    code, words = run("db", "backup", file)
    assert (code, "rows of version" in words) == (0, True)
    execute(url, "UPDATE job SET document = '{}'")
    code, words = run("db", "check")
    assert (code, "DB304" in words) == (3, True)
    code, words = run("db", "restore", file)
    assert (code, "DB402" in words) == (2, True)
    assert run("db", "restore", file, "--replace")[0] == 0
    code, words = run("db", "check")
    assert (code, "No faults" in words) == (0, True)


def test_a_backup_without_a_name_gets_one(url: str, tmp_path: Path) -> None:
    """In backups/ of the data folder, with the moment in its name."""
    filled(url)
    assert run("db", "backup", "--data", tmp_path)[0] == 0
    (made,) = (tmp_path / "backups").iterdir()
    assert made.name.startswith("dispatch-2")


def test_there_is_no_backup_of_nothing(url: str, tmp_path: Path) -> None:
    """A database without tables is most likely not the one that was meant."""
    assert url
    code, words = run("db", "backup", tmp_path / "backup.zip")
    assert (code, "DB102" in words) == (2, True)
    assert not (tmp_path / "backup.zip").exists()


def test_a_database_of_a_later_version_is_left_alone(url: str, tmp_path: Path) -> None:
    """Neither upgraded, nor checked, nor replaced by a backup."""
    filled(url)
    run("db", "backup", tmp_path / "backup.zip")
    execute(url, "UPDATE alembic_version SET version_num = '9999'")
    for command in (["upgrade"], ["check"], ["restore", tmp_path / "backup.zip", "--replace"]):
        code, words = run("db", *command)
        assert (code, "DB102" in words) == (2, True)


def test_what_is_old_goes_when_the_settings_say_so(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes of a payload are kept for the days that are set."""
    assert url
    file = tmp_path / "uplink.json"
    file.write_text(json.dumps(a_ttn_uplink()), encoding="utf-8")
    assert run("ingest", file, "--format", "ttn")[0] == 0
    code, words = run("db", "retain")
    assert (code, "payloads: 0 older than 400 days" in words) == (0, True)
    monkeypatch.setenv("DISPATCH_KEEP_NOTICES_DAYS", "0")
    assert "notices" not in run("db", "retain")[1]
