from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from dispatch.cli import app, bench_demand
from scenarios.bench.sheet import Sheet

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def ran(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["bench", "demand", *arguments], env={"COLUMNS": "120"})
    return found.exit_code, found.output


def test_a_part_prints_its_tables_and_goals(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was measured, what is wanted, and how many goals were missed."""
    given: list[tuple[Path | None, Path | None]] = []

    def part(shared: Path | None, out: Path | None) -> list[Sheet]:
        given.append((shared, out))
        goals = (("half of it", True), ("all of it", False), ("[more]", None))
        return [Sheet("Ponds [real]", ("Pond", "Jobs"), (("Am [Park]", "3"),), goals)]

    monkeypatch.setattr(bench_demand, "PARTS", {"ponds": part})
    code, text = ran("--shared", str(tmp_path), "--out", str(tmp_path / "pictures"))
    assert code == 0
    assert given == [(tmp_path, tmp_path / "pictures")]
    assert (tmp_path / "pictures").is_dir()
    for words in ("Ponds [real]", "Am [Park]", "half of it: reached", "all of it: missed"):
        assert words in text
    assert "[more]: no data for it" in text
    assert "1 goals were not reached" in text


def test_a_part_whose_library_is_not_there_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are measured all the same."""

    def part(_: Path | None, __: Path | None) -> list[Sheet]:
        message = "No module named 'matplotlib'"
        raise ImportError(message)

    def other(_: Path | None, __: Path | None) -> list[Sheet]:
        return [Sheet("Speed", ("What",), (("fast",),))]

    monkeypatch.setattr(bench_demand, "PARTS", {"glass": part, "speed": other})
    code, text = ran()
    assert code == 0
    assert "glass: left out, No module named 'matplotlib'" in text
    assert "fast" in text


def test_an_unknown_part_is_refused() -> None:
    """With the names there are."""
    code, text = ran("--part", "snow")
    assert code == 2
    assert "C210 --part snow" in text.replace("\n", " ")
