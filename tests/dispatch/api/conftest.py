"""The service over a small city, called without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.api.app import create_app
from dispatch.api.street_map import StreetMap
from tests.helpers.databases import fresh_store
from tests.helpers.doors import ADMIN_GATE, early_morning
from tests.helpers.plans import STREETS, fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

STREET_MAP = StreetMap(
    source=STREETS,
    classes=(("residential", (((7.2, 51.47), (7.210_000_04, 51.47)),)), ("primary", ())),
)


@pytest.fixture
def store() -> Iterator[Store]:
    """Return a database in memory with one planned day."""
    store = fresh_store()
    fill(store)
    yield store
    store.close()


@pytest.fixture
def web_dir(tmp_path: Path) -> Path:
    """Return a folder with a page, and a secret beside it."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "index.html").write_text("<title>Einsatzplan für Bochum</title>", encoding="utf-8")
    (folder / "plan.js").write_text("export {};\n", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("Passwort", encoding="utf-8")
    return folder


@pytest.fixture
def app(store: Store, web_dir: Path) -> FastAPI:
    """Return the service over that database and page."""
    return create_app(
        store, street_map=STREET_MAP, web_dir=web_dir, gate=ADMIN_GATE, now=early_morning
    )
