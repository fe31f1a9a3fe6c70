"""Long work tells where it stands."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from scenarios.progress import Silent, Stopwatch


def test_a_step_is_timed_and_written_down() -> None:
    """One line per finished step, and its seconds are remembered by its label."""
    text = io.StringIO()
    watch = Stopwatch(Console(file=text, width=80))
    with watch.step("Payloads ingested", 3) as advance:
        advance(3)
    with watch.step("Jobs made") as advance:
        advance(1)
    assert list(watch.seconds) == ["Payloads ingested", "Jobs made"]
    assert all(seconds >= 0 for seconds in watch.seconds.values())
    assert "Payloads ingested" in text.getvalue()


def test_a_step_that_fails_is_not_counted_as_done() -> None:
    """Its error comes through, and no time stands beside its name."""
    watch = Stopwatch(Console(file=io.StringIO()))
    with pytest.raises(ValueError, match="broken"), watch.step("Streets read"):
        raise ValueError("broken")
    assert watch.seconds == {}


def test_silence_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """For tests: any step may be told anything."""
    with Silent().step("World", 5) as advance:
        advance(99)
    assert capsys.readouterr().out == ""
