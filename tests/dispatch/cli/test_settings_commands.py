"""What an operator sees of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.cli.settings import shown
from tests.dispatch.cli.test_commands import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def a_file(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Path:
    """Return a settings file; the variable is set back after the test."""
    file = folder / "d.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("DISPATCH_CONFIG", str(file))
    return file


def test_faults_of_the_file_end_with_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a service is started with it, a file can be checked."""
    file = a_file(tmp_path, monkeypatch, "prot = 1")
    code, told = run("--config", file, "settings", "check")
    assert code == 2
    assert "C102" in told
    assert "Did you mean port?" in told


def test_what_is_fine_is_listed_with_where_it_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a variable that is no setting is pointed out."""
    file = a_file(tmp_path, monkeypatch, 'metrics_token = "sesam"\n[log]\nlevel = "debug"')
    monkeypatch.setenv("DISPATCH_PROT", "1")
    code, told = run("--config", file, "settings", "check")
    assert (code, "did you mean DISPATCH_PORT?" in told) == (0, True)
    code, told = run("--config", file, "settings", "show")
    assert code == 0
    assert "log_level debug" in told
    assert "sesam" not in told


def test_passwords_in_urls_are_masked() -> None:
    """Host and user may be seen."""
    url = "postgresql+psycopg://dispatch:geheim@db.stadt.example/dispatch"
    assert shown("database_url", url) == url.replace("geheim", "********")
    assert shown("database_url", "sqlite:///var/x.sqlite") == "sqlite:///var/x.sqlite"
