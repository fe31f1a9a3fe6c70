"""The check finds what is not whole, and finds nothing where all is well."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine

from dispatch.store import open_store
from dispatch.store.check import CHECKS, SHOWN, check
from tests.helpers.databases import ON_POSTGRESQL
from tests.helpers.plans import fill

if TYPE_CHECKING:
    from dispatch.domain.errors import Issue


CHANGE = r"UPDATE payload SET body = '\x58'" if ON_POSTGRESQL else "UPDATE payload SET body = x'58'"


@pytest.fixture
def filled_url(database_url: str) -> str:
    """Return the URL of a database with a planned day."""
    store = open_store(database_url)
    fill(store)
    store.close()
    return database_url


def damage(url: str, statement: str) -> None:
    """Write into the tables by hand, foreign keys unheeded."""
    if not ON_POSTGRESQL:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw, raw:
            raw.execute(statement)
        return
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(statement)
    engine.dispose()


def found(url: str) -> list[tuple[str, str]]:
    """Return code and subject of every fault."""
    return [(issue.code, issue.subject) for issue in check(url)]


def only(issues: list[Issue]) -> Issue:
    """Return the one fault."""
    (issue,) = issues
    return issue


def test_a_sound_database_has_no_faults(filled_url: str) -> None:
    """All checks are made, and none complains."""
    steps: list[str] = []
    assert check(filled_url, on_step=steps.append) == []
    assert len(steps) == len(CHECKS)


@pytest.mark.parametrize(
    ("statement", "code", "subject"),
    [
        ("DELETE FROM payload", "DB303", "quarantine q-1"),
        ("UPDATE job SET document = '{\"id\":1' WHERE id = 'job-2'", "DB304", "job job-2"),
        ("UPDATE job SET document = '{}' WHERE id = 'job-3'", "DB304", "job job-3"),
        ("DELETE FROM route WHERE place = 0", "DB306", "plan plan-1"),
        (
            "UPDATE current_plan SET day = '2026-10-25'",
            "DB307",
            "plan of usb in force on 2026-10-25",
        ),
        ("UPDATE current_plan SET organisation = 'parks'", "DB307", "plan of parks in force on"),
        ("UPDATE job SET status = 'done' WHERE id = 'job-3'", "DB308", "job job-3"),
        ("UPDATE route SET crew_id = 'x' WHERE place = 0", "DB308", "route plan-1 "),
        ("UPDATE plan SET status = 'draft'", "DB307", "plan of usb in force on"),
        ("DROP INDEX signal_by_site", "DB302", "tables"),
        ("ALTER TABLE job ADD COLUMN colour TEXT", "DB302", "tables"),
    ],
)
def test_damage_is_found(statement: str, code: str, subject: str, filled_url: str) -> None:
    """Each kind of damage has its code, and its subject says where it is."""
    damage(filled_url, statement)
    faults = found(filled_url)
    assert (code, subject) in [(c, s[: len(subject)]) for c, s in faults]
    assert {c for c, _ in faults} == {code}


def test_bytes_that_were_changed_are_found(filled_url: str) -> None:
    """A payload is known by what is in it."""
    damage(filled_url, CHANGE)
    issue = only(check(filled_url))
    assert issue.code == "DB305"
    assert issue.subject.startswith("payload ")


def test_many_faults_of_a_kind_are_counted(filled_url: str) -> None:
    """The list stays readable, and nothing is kept back."""
    for number in range(SHOWN + 5):
        values = f"('d{number}', 0, 'nowhere', '{{}}')"
        damage(filled_url, f"INSERT INTO device VALUES {values}")  # noqa: S608  # a number
    faults = [issue for issue in check(filled_url) if issue.code == "DB303"]
    assert len(faults) == SHOWN + 1
    assert "5 more" in faults[-1].cause
