"""A database with one planned day, on the morning of that day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.helpers.databases import fresh_store
from tests.helpers.plans import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.store import Store


@pytest.fixture
def store() -> Iterator[Store]:
    """Return a database in memory with jobs 1 to 3, of which two are on routes."""
    store = fresh_store()
    fill(store)
    yield store
    store.close()
