"""What is passed over in raw tags because it cannot be read: counted, never an error."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from graphs import tags as tag_values
from graphs.access import HEAVY_LIMITS, LIMITS, value_of
from graphs.conditions import Holds, conditionals
from graphs.speeds import SMOOTHNESSES, SURFACES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from graphs.network import StreetNetwork
    from graphs.profiles import Profile

CONDITIONS = {
    Holds.UNREADABLE: "unreadable condition",
    Holds.SOMETIMES: "condition of time",
    Holds.DATED: "condition of a certain year",
}
"""Conditions that are simplified or passed over, in words."""

_SPEEDS = frozenset(
    f"maxspeed{vehicle}{side}" for vehicle in ("", ":hgv") for side in ("", ":forward", ":backward")
)
_VEHICLES = frozenset({"bicycle", "goods", "hgv", "motorcar"})
_WORDS = (("surface", SURFACES), ("smoothness", SMOOTHNESSES))


def unknown_counts(network: StreetNetwork, profile: Profile) -> dict[str, int]:
    """Return how many street pieces have a value that was not understood, by kind."""
    pieces = np.bincount(network.tag_set, minlength=len(network.tag_sets)).tolist()
    counts: Counter[str] = Counter()
    for tags, count in zip(network.tag_sets, pieces, strict=True):
        for kind in set(not_understood(tags, profile)):
            counts[kind] += count
    return dict(sorted(counts.items()))


def not_understood(tags: Mapping[str, str], profile: Profile) -> Iterator[str]:
    """Yield the kind of every value that was passed over because it could not be read.

    A road class no profile knows counts as closed and is not listed: there are dozens.
    """
    yield from _access_values(tags, profile)
    yield from _limits(tags)
    for key, text in tags.items():
        vehicle = key.partition(":")[0]
        other = vehicle in _VEHICLES and vehicle not in profile.kinds
        if key.endswith(":conditional") and not other:
            yield from _conditions(text, profile)
    for key, known in _WORDS:
        if key in tags and tag_values.first_value(tags[key]) not in known:
            yield f"unknown {key}"


def _access_values(tags: Mapping[str, str], profile: Profile) -> Iterator[str]:
    for key in profile.access_keys:
        for full in (key, f"{key}:forward", f"{key}:backward"):
            if full in tags and value_of(tags[full]) is None:
                yield "unknown access value"


def _limits(tags: Mapping[str, str]) -> Iterator[str]:
    for key, _, parse in (*LIMITS, *HEAVY_LIMITS):
        if key in tags and not _readable(tags[key], parse):
            yield f"unreadable {key}"
    if any(key in tags and not _readable(tags[key], tag_values.speed_kmh) for key in _SPEEDS):
        yield "unreadable maxspeed"


def _conditions(text: str, profile: Profile) -> Iterator[str]:
    for _, holds in conditionals(text, profile):
        if holds in CONDITIONS:
            yield CONDITIONS[holds]


def _readable(text: str, parse: Callable[[str], float | None]) -> bool:
    return text.strip().lower() in tag_values.NOT_POSTED or parse(text) is not None
