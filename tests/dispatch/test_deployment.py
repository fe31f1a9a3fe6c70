"""What operators are told to do can be done: settings, commands and codes in the examples exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dispatch.cli import app
from dispatch.settings import Settings, read_settings
from tests.test_docs import CODE, readmes

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "dispatch" / "deployment"
FILES = sorted(path for path in FOLDER.iterdir() if path.is_file())
EXAMPLES = [*FILES, ROOT / "compose.yaml"]
NO_SETTINGS = {"DISPATCH_CONFIG", "DISPATCH_SITE", "DISPATCH_UPSTREAM"}
"""Variables of the examples themselves, and the one that names the file."""


def commands() -> set[str]:
    """Return every command there is, with its group."""
    found = {str(command.name) for command in app.registered_commands}
    for group in app.registered_groups:
        assert group.typer_instance is not None
        for command in group.typer_instance.registered_commands:
            name = command.name or (command.callback.__name__ if command.callback else "")
            found.add(f"{group.name} {name}")
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_variable_is_a_setting(path: Path) -> None:
    """An example with a misspelt variable would do nothing, silently."""
    known = {f"DISPATCH_{name.upper()}" for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known} | NO_SETTINGS
    found = set(re.findall(r"\bDISPATCH_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
    # The manual speaks of all DISPATCH_KEEP_..._DAYS at once.
    assert found - known - {"DISPATCH_KEEP", "DISPATCH"} == set()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_command_exists(path: Path) -> None:
    """Whoever types what stands there gets what was promised."""
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"(?:`|bin/)dispatch ((?:[a-z]+)(?: [a-z]+)?)", text)
    run = re.findall(r"command: (.*)", text)
    named += [" ".join(re.findall(r'"([a-z]+)"', line)) for line in run]
    known = commands()
    groups = {name.partition(" ")[0] for name in known if " " in name}
    for name in named:
        first = name.partition(" ")[0]
        assert (name if first in groups else first) in known, name


def test_no_service_gets_a_variable_twice() -> None:
    """Docker refuses a file that names one twice in the same place."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    blocks = re.findall(r"^( *)environment:\n((?:\1 +\S.*\n)+)", text, re.MULTILINE)
    assert blocks
    for _, block in blocks:
        names = re.findall(r"^ +([A-Z_]+):", block, re.MULTILINE)
        assert names
        assert len(names) == len(set(names))


def test_every_code_in_the_manual_is_explained() -> None:
    """A code in the manual leads to its row in a README."""
    text = (FOLDER / "MANUAL.md").read_text(encoding="utf-8")
    codes = set(CODE.findall(re.sub(r"\b((?:[PVIDSCZGA]|DB)\d{3})\b", r'"\1"', text)))
    assert len(codes) > 10
    explained = readmes()
    assert sorted(code for code in codes if code not in explained) == []


def test_the_example_of_settings_is_right() -> None:
    """It can be taken as it is."""
    loaded = read_settings({"DISPATCH_CONFIG": str(FOLDER / "dispatch.toml")})
    assert loaded.settings.log_format == "json"
    assert loaded.settings.webhook_networks == "10.0.0.0/8"


def test_every_file_is_in_the_manual() -> None:
    """Nobody finds what is not named."""
    text = (FOLDER / "MANUAL.md").read_text(encoding="utf-8")
    names = {path.name for path in FILES} - {"MANUAL.md", "bochum-dispatch-night.timer"}
    assert [name for name in names if f"`{name}`" not in text] == []
