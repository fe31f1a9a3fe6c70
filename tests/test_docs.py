"""What the code can say stands in a README: codes, settings and commands."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from dispatch.cli import app
from dispatch.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("dispatch", "graphs", "scenarios")
CODE = re.compile(r"""["']((?:[PVIDSCZGA]|DB)\d{3})["']""")
ROW = re.compile(
    r"^\| *((?:[PVIDSCZGA]|DB)\d{3}(?: *, *(?:[PVIDSCZGA]|DB)\d{3})*) *\|", re.MULTILINE
)
CHECK = re.compile(r"^def ([pv]\d{3})_", re.MULTILINE)


def readmes() -> str:
    """Return all package READMEs in one."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("README.md")]
    return "\n".join(path.read_text(encoding="utf-8") for path in found)


def test_every_code_is_explained_in_a_readme() -> None:
    """Whoever meets a code finds it by searching for it."""
    sources = [
        path.read_text(encoding="utf-8")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    ]
    codes = {code for text in sources for code in CODE.findall(text)}
    codes |= {name.upper() for text in sources for name in CHECK.findall(text)}
    assert len(codes) > 60
    explained = readmes()
    assert sorted(code for code in codes if code not in explained) == []


def test_no_code_is_explained_twice() -> None:
    """One code has one meaning, in whichever package: it stands in one row of one table."""
    explained = Counter(code for row in ROW.findall(readmes()) for code in row.split(", "))
    assert len(explained) > 60
    assert sorted(code for code, rows in explained.items() if rows > 1) == []


def test_every_setting_is_explained() -> None:
    """Its variable stands in the table of the command line's README."""
    text = (ROOT / "dispatch/cli/README.md").read_text(encoding="utf-8")
    names = [f"DISPATCH_{name.upper()}" for name in Settings.model_fields]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_command_is_explained() -> None:
    """Groups by their subcommands, the others by their name."""
    text = (ROOT / "dispatch/cli/README.md").read_text(encoding="utf-8")
    names = [str(command.name) for command in app.registered_commands]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        for command in group.typer_instance.registered_commands:
            function = command.callback.__name__ if command.callback else ""
            names.append(f"{group.name} {command.name or function}")
    assert len(names) >= 10
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_link_in_the_root_readme_leads_somewhere() -> None:
    """No picture or page is missing."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)\)", text)
    local = [target for target in targets if not target.startswith("http")]
    assert local
    assert [target for target in local if not (ROOT / target).exists()] == []
