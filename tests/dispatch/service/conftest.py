"""The small town's databases in memory."""

from __future__ import annotations

from dataclasses import replace
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


@pytest.fixture
def glass_town() -> Iterator[Store]:
    """Return one with the glass site alone: silent ponds and trees without a model make jobs."""
    store = fresh_store()
    city = a_town()
    with store.begin() as tx:
        tx.save_city(replace(city, sites=city.sites[:1], devices=city.devices[:1]))
    yield store
    store.close()
