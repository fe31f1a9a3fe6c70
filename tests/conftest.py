"""Shared fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run: a red test is a change in the code, never luck.
settings.register_profile("project", derandomize=True, deadline=None, database=None)
settings.load_profile("project")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Return the folder with the city's real data; skip, saying so, where it is missing."""
    if not SHARED.is_dir():
        pytest.skip(f"the city's real data is not beside the checkout ({SHARED.name}/)")
    return SHARED
