"""A town, and what takes payloads in for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.store import Store, open_store
from tests.helpers.towns import a_town

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def town() -> Iterator[Store]:
    """Return a database with the registers of the town and nothing received yet."""
    store = open_store("sqlite://")
    with store.begin() as tx:
        tx.save_city(a_town())
    yield store
    store.close()
