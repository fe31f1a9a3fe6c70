"""Settings from a file and from files of secrets; all that is wrong is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.settings import LoadedSettings, read_settings
from dispatch.settings_sources import unknown_variables

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
port = 9000
solve_s = 5

[webhook]
networks = "10.0.0.0/8"

[log]
format = "json"
level = "debug"
"""


def read(folder: Path, text: str = FILE, **variables: str) -> LoadedSettings:
    """Return the settings of a file with that text and of these variables."""
    file = folder / "dispatch.toml"
    file.write_text(text, encoding="utf-8")
    given = {f"DISPATCH_{name}": value for name, value in variables.items()}
    return read_settings({"DISPATCH_CONFIG": str(file)} | given)


def issues(folder: Path, text: str, **variables: str) -> list[tuple[str, str, str]]:
    """Return code, subject and action of all that is wrong."""
    with pytest.raises(InvalidInput) as caught:
        read(folder, text, **variables)
    where = f"{folder}/"
    return [(i.code, i.subject.replace(where, ""), i.action) for i in caught.value.issues]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the machine's own settings away."""
    for name in ("PORT", "SOLVE_S", "LOG_LEVEL", "LOG_FORMAT"):
        monkeypatch.delenv(f"DISPATCH_{name}", raising=False)


def test_sections_are_the_first_words_of_names(tmp_path: Path) -> None:
    """`[webhook] networks` is webhook_networks, and it is told where it stands."""
    loaded = read(tmp_path)
    settings = loaded.settings
    assert (settings.port, settings.webhook_networks) == (9000, "10.0.0.0/8")
    assert (settings.log_format, settings.log_level) == ("json", "debug")
    assert loaded.origins["log_level"] == f"{tmp_path / 'dispatch.toml'}: log.level"
    assert "host" not in loaded.origins


def test_variables_win_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is for every day, a variable for now; an option of the command line for both."""
    monkeypatch.setenv("DISPATCH_PORT", "9001")
    loaded = read(tmp_path, PORT="9001")
    assert loaded.settings.port == 9001
    assert loaded.origins["port"] == "DISPATCH_PORT"
    assert loaded.settings.solve_s == 5


def test_everything_wrong_is_told_at_once_with_file_and_key(tmp_path: Path) -> None:
    """Typing errors with what was probably meant, wrong values, and a file that is not there."""
    wrong = """
    prot = 1
    port = 99999
    metrics_token_file = "nowhere"
    [webhook]
    netwroks = "10.0.0.0/8"
    networks = "10.0.0.0/99"
    """
    found = issues(tmp_path, wrong)
    assert {(code, subject) for code, subject, _ in found} == {
        ("C102", "dispatch.toml: prot"),
        ("C101", "dispatch.toml: port"),
        ("C104", "dispatch.toml: metrics_token_file (nowhere)"),
        ("C102", "dispatch.toml: webhook.netwroks"),
        ("C101", "dispatch.toml: webhook.networks"),
    }
    actions = {subject: action for _, subject, action in found}
    assert actions["dispatch.toml: prot"].startswith("Did you mean port?")
    assert actions["dispatch.toml: webhook.netwroks"].startswith("Did you mean webhook_networks?")


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    """No TOML, with the place of the fault; or no file at all."""
    ((code, subject, _),) = issues(tmp_path, "port = ")
    assert (code, subject) == ("C103", "dispatch.toml")
    with pytest.raises(InvalidInput, match="C103 /nowhere"):
        read_settings({"DISPATCH_CONFIG": "/nowhere"})


def test_secrets_come_from_files_of_their_own(tmp_path: Path) -> None:
    """As systemd and containers hand them over; the end of the line is not part of them."""
    secret = tmp_path / "token"
    secret.write_text("sesam öffne dich\n", encoding="utf-8")
    loaded = read(tmp_path, METRICS_TOKEN_FILE=str(secret))
    assert loaded.settings.metrics_token.get_secret_value() == "sesam öffne dich"
    assert "sesam" not in repr(loaded)
    inside = read(tmp_path, f'metrics_token_file = "{secret}"')
    assert inside.settings.metrics_token == loaded.settings.metrics_token


def test_a_secret_given_twice_is_a_fault(tmp_path: Path) -> None:
    """Nobody has to guess which of the two counts."""
    secret = tmp_path / "token"
    secret.write_text("a", encoding="utf-8")
    both = {"METRICS_TOKEN": "b", "METRICS_TOKEN_FILE": str(secret)}
    found = issues(tmp_path, "", **both)
    assert [(code, subject) for code, subject, _ in found] == [
        ("C104", "DISPATCH_METRICS_TOKEN_FILE")
    ]


def test_a_setting_that_ends_in_file_is_no_secrets_file(tmp_path: Path) -> None:
    """`groundwater_file` names a file itself."""
    settings = read(tmp_path, 'groundwater_file = "wells.csv"').settings
    assert str(settings.groundwater_file) == "wells.csv"


def test_variables_that_are_no_settings_are_hinted_at() -> None:
    """Others' names may begin like ours, so it is no fault; a typing error is seen all the same."""
    environ = {"DISPATCH_PROT": "1", "DISPATCH_CONFIG": "x", "DISPATCH_METRICS_TOKEN_FILE": "y"}
    names = ("port", "metrics_token")
    assert list(unknown_variables(names, environ)) == ["DISPATCH_PROT: did you mean DISPATCH_PORT?"]
