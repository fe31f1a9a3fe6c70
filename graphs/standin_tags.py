"""Tags of the stand-in's streets: class, name, speed, surface, limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.standin_arterials import (
    LIVING,
    PRIMARY,
    RESIDENTIAL,
    ROADS,
    SECONDARY,
    SERVICE,
    TERTIARY,
    UNCLASSIFIED,
)
from graphs.standin_names import local_names, road_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphs.standin_arterials import Arterials
    from graphs.standin_lines import Streets

SPEEDS = ("", "30", "50", "70", "walk")
SURFACES = ("asphalt", "paving_stones", "sett")
WEIGHTS = ("", "3.5", "7.5", "12")
HEIGHTS = ("", "2.8", "3.4", "3.7")
OUTSKIRTS_M = 1800.0
"""Farther than this from the next district centre main roads allow 70 km/h."""

MAIN_ROAD_NAMES = 6
"""So many main roads may carry one place's name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StreetFacts:
    """What the tags of m streets are made from; each array (m,)."""

    road: NDArray[np.int64]
    name: NDArray[np.int64]
    oneway: NDArray[np.bool_]
    outside: NDArray[np.bool_]


def tag_sets_of(
    facts: StreetFacts, names: Sequence[str], rng: np.random.Generator
) -> tuple[NDArray[np.int32], tuple[Mapping[str, str], ...]]:
    """Return the tag set of every street and the distinct sets, sorted."""
    columns = np.column_stack(
        (
            facts.road,
            np.where(facts.road == SERVICE, 0, facts.name + 1),
            facts.oneway,
            _speeds(facts, rng),
            _choice(facts.road == RESIDENTIAL, (0.1, 0.04), rng),
            _choice(facts.road >= RESIDENTIAL, (0.004, 0.006, 0.002), rng),
            _choice(facts.road >= TERTIARY, (0.0004, 0.0008, 0.001), rng),
        )
    ).astype(np.int64)
    distinct, index = np.unique(columns, axis=0, return_inverse=True)
    sets = tuple(_tags(row, names) for row in distinct.tolist())
    return index.reshape(-1).astype(np.int32), sets


def _tags(row: list[int], names: Sequence[str]) -> dict[str, str]:
    road, name, oneway, speed, surface, weight, height = row
    tags = {
        "highway": ROADS[road],
        "maxheight": HEIGHTS[height],
        "maxspeed": SPEEDS[speed],
        "maxweight": WEIGHTS[weight],
        "name": names[name - 1] if name else "",
        "oneway": "yes" if oneway else "",
        "surface": SURFACES[surface],
    }
    return {key: value for key, value in tags.items() if value}


def _speeds(facts: StreetFacts, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return indices into `SPEEDS`: 30 in residential streets, 50 and 70 on main roads."""
    road, chance = facts.road, rng.random(len(facts.road))
    speed = np.where(road == RESIDENTIAL, np.where(chance < 0.92, 1, 0), 2)
    slow = ((road == TERTIARY) & (chance < 0.25)) | ((road == UNCLASSIFIED) & (chance < 0.4))
    fast = facts.outside & ((road == PRIMARY) | ((road == SECONDARY) & (chance < 0.5)))
    speed[slow], speed[fast] = 1, 3
    speed[road == LIVING], speed[road == SERVICE] = 4, 0
    return np.asarray(speed, dtype=np.int64)


def _choice(
    where: NDArray[np.bool_], shares: tuple[float, ...], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return 1, 2, ... with the given shares where allowed, else 0."""
    bounds = np.cumsum(shares)
    pick = np.searchsorted(bounds, rng.random(len(where)), side="right") + 1
    return np.where(where & (pick <= len(shares)), pick, 0).astype(np.int64)


def name_lines(
    streets: Streets, plan: Arterials, places: Sequence[str], rng: np.random.Generator
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return a name index per line, and the names: main roads after where they lead."""
    root = streets.named_by
    while (further := root[root]).tolist() != root.tolist():
        root = further
    names = local_names()
    group, index = np.unique(root, return_inverse=True)
    shuffled = np.argsort(rng.random(len(names)), kind="stable")
    name = shuffled[np.arange(len(group)) % len(names)]
    roads = _main_roads(plan, places)
    for number, line in enumerate(roads):
        name[np.searchsorted(group, line)] = len(names) + number
    return name[index].astype(np.int64), (*names, *roads.values())


def _main_roads(plan: Arterials, places: Sequence[str]) -> dict[int, str]:
    """Return names of main roads by line number."""
    used: dict[str, int] = {}
    result: dict[int, str] = {}
    if plan.centres == 0:
        return result
    centre = plan.crossing[: plan.centres]
    for line in np.flatnonzero(plan.road <= TERTIARY).tolist():
        ends = plan.crossing[plan.edge[line]]
        outer = ends[np.hypot(*(ends - centre[0]).T).argmax()]
        place = places[int(np.hypot(*(centre - outer).T).argmin())]
        turn = used.get(place, 0)
        if turn < MAIN_ROAD_NAMES:
            used[place] = turn + 1
            result[line] = road_name(place, turn)
    return result
