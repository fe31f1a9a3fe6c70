"""What an operator can set."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the machine's own settings away."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DISPATCH_{name.upper()}", raising=False)


def test_without_any_setting_everything_lies_in_one_folder() -> None:
    """The database and the graphs, and the service listens to this machine only."""
    settings = load_settings()
    assert settings.store_url == "sqlite:///var/dispatch.sqlite"
    assert settings.graphs_dir == Path("var/graphs")
    assert settings.host == "127.0.0.1"


def test_a_database_of_its_own_wins_over_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The URL is taken as it is; graphs stay in the folder."""
    monkeypatch.setenv("DISPATCH_DATABASE_URL", "sqlite://")
    monkeypatch.setenv("DISPATCH_DATA_DIR", "/srv/dispatch")
    settings = load_settings()
    assert settings.store_url == "sqlite://"
    assert settings.graphs_dir == Path("/srv/dispatch/graphs")


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever types an option means it."""
    monkeypatch.setenv("DISPATCH_DATA_DIR", "/srv/dispatch")
    assert load_settings(data_dir=Path("here")).data_dir == Path("here")


def test_every_wrong_value_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One issue per variable, by the name under which it was set; others' names do not matter."""
    wrong = {"PORT": "99999", "SOLVE_S": "0", "HISTORY_DAYS": "viele", "NOBODY_KNOWS": "x"}
    for name, value in wrong.items():
        monkeypatch.setenv(f"DISPATCH_{name}", value)
    with pytest.raises(InvalidInput) as caught:
        load_settings()
    assert {(issue.code, issue.subject) for issue in caught.value.issues} == {
        ("C101", "DISPATCH_PORT"),
        ("C101", "DISPATCH_SOLVE_S"),
        ("C101", "DISPATCH_HISTORY_DAYS"),
    }
    assert caught.value.exit_code == 2
