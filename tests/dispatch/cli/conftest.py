"""The database the commands work with when the tests run on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.helpers.databases import ON_POSTGRESQL, fresh_url

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands find a database of their own there; else it is a file in the data folder."""
    if ON_POSTGRESQL:
        monkeypatch.setenv("DISPATCH_DATABASE_URL", fresh_url(tmp_path))
