"""The bench of the API measures a real service and sees what is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenarios.bench.api_load import Clients, Load, run, sheet_of
from scenarios.bench.http_link import Book, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.bench.api_city import ApiDay


@pytest.mark.services
def test_a_few_tablets_meet_no_fault_and_lose_nothing(tmp_path: Path) -> None:
    """A minute's traffic in small: every answer is good, what was acknowledged is there."""
    sheet = run(folder=tmp_path, load=Load(tablets=4, seconds=12, plan=False))
    reached = {goal.split(" ")[1]: told for goal, told in sheet.goals[1:]}
    assert reached["faults"] is True
    assert reached["of"] is True
    assert {row[0] for row in sheet.rows} >= {
        "tablet: route, changed",
        "tablet: report",
        "console: lists",
        "sensors: message",
    }


def test_faults_and_losses_miss_the_goal() -> None:
    """An answer that is none of the good ones is counted with what it said."""
    day: ApiDay = None  # type: ignore[assignment]  # nobody asks
    clients = Clients(0, day, Load(tablets=1, seconds=10))
    clients.book.note("console: lists", 0.05, Reply(200, {}, b""), (200,))
    clients.book.note("console: lists", 0.3, Reply(500, {}, b"it broke"), (200,))
    sheet = sheet_of(clients, clients.load, lost=1, ended={"status": "failed"}, used_s=1.0)
    assert [reached for _, reached in sheet.goals] == [False, False, False, False, None]
    assert "500 it broke" in sheet.goals[1][0]


def test_percentiles_are_of_what_was_measured() -> None:
    """The longest of few is the p99 of them."""
    book = Book()
    for milliseconds in range(1, 101):
        book.note("x", milliseconds / 1000, Reply(200, {}, b""), (200,))
    assert (book.p("x", 0.5), book.p("x", 0.99), book.p("x", 1.0)) == (0.051, 0.1, 0.1)
