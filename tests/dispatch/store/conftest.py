"""An empty database in memory, and one with a city."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.helpers.databases import fresh_store, fresh_url
from tests.helpers.plans import a_city, a_payload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dispatch.store import Store


@pytest.fixture
def empty_store() -> Iterator[Store]:
    """Return a database without a row."""
    store = fresh_store()
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
def database_url(tmp_path: Path) -> str:
    """Return the URL of a database without tables: a file that is not there yet, or a schema."""
    return fresh_url(tmp_path)
