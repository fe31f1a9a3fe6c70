"""An empty database in memory, and one with a city."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.store import Store, open_store
from tests.helpers.plans import a_city, a_payload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def empty_store() -> Iterator[Store]:
    """Return a database without a row."""
    store = open_store("sqlite://")
    yield store
    store.close()


@pytest.fixture
def city_store(empty_store: Store) -> Store:
    """Return a database with the registers of a city and one payload."""
    with empty_store.begin() as tx:
        tx.save_city(a_city())
        tx.add_payloads([a_payload()])
    return empty_store


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """Return the URL of a database file that is not there yet, in a folder that is not either."""
    return f"sqlite:///{tmp_path / 'var' / 'dispatch.sqlite'}"
