"""The street network a scenario or the demo runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput, Issue
from graphs.bochum import CENTRES, OUTLINE
from graphs.osm import read_osm
from graphs.standin import standin_network

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphs.network import StreetNetwork
    from scenarios.definition import Streets


def stand_in(nodes: int = 15_000) -> StreetNetwork:
    """Return the invented network inside Bochum's outline."""
    return standin_network(OUTLINE, centres=CENTRES, nodes=nodes)


def streets_of(
    wanted: Streets, *, shared: Path | None, progress: Callable[[int], None] | None = None
) -> StreetNetwork:
    """Return the network a definition names; an extract is looked for below `shared`.

    Raises InvalidInput Z504 when the folder is not given or lacks the file.
    """
    if wanted.source == "stand-in":
        return stand_in(wanted.nodes)
    return read_osm(shared_file(shared, wanted.extract), clip=_corners(wanted), progress=progress)


def shared_file(shared: Path | None, name: str) -> Path:
    """Return the path of a file or folder below the shared one; raises InvalidInput Z504."""
    if shared is not None and (shared / name).exists():
        return shared / name
    raise InvalidInput(
        Issue(
            code="Z504",
            subject=name,
            cause="this scenario needs it and it is not there",
            action="Give the folder that holds it with --shared",
        )
    )


def _corners(wanted: Streets) -> list[tuple[float, float]] | None:
    if wanted.clip is None:
        return None
    west, south, east, north = wanted.clip
    return [(south, west), (south, east), (north, east), (north, west)]
