"""A town, and what takes payloads in for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.helpers.databases import fresh_store
from tests.helpers.towns import a_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.store import Store


@pytest.fixture
def town() -> Iterator[Store]:
    """Return a database with the registers of the town and nothing received yet."""
    store = fresh_store()
    with store.begin() as tx:
        tx.save_city(a_town())
    yield store
    store.close()
