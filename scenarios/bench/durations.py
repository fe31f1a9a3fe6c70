"""Our driving times beside those of a public engine, on the same pairs of places."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from graphs.osm import read_osm
from graphs.sampling import sample_on_streets
from graphs.street_matrix import StreetMatrix
from scenarios.bench.matrix_peers import valhalla_actor, valhalla_way

if TYPE_CHECKING:
    from collections.abc import Sequence

PROFILE = "truck26"
PAIRS, WORST = 200, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One drive, ours and theirs."""

    start: tuple[float, float]
    end: tuple[float, float]
    ours_s: float
    ours_km: float
    theirs_s: float
    theirs_km: float
    streets: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """Our duration over theirs."""
        return self.ours_s / self.theirs_s

    @property
    def ours_kmh(self) -> float:
        """Our average speed."""
        return self.ours_km / max(self.ours_s, 1.0) * 3600

    @property
    def theirs_kmh(self) -> float:
        """Their average speed."""
        return self.theirs_km / max(self.theirs_s, 1.0) * 3600


OTHER_WAY, SHORT_KM = 1.15, 1.5
"""A way this much longer is another way; on one this short a few turns decide."""


def why(pair: Pair, middle: float) -> str:
    """Return what sets a pair apart from the others, from its lengths and speeds."""
    if pair.theirs_km > OTHER_WAY * pair.ours_km:
        more = pair.theirs_km - pair.ours_km
        return f"they go {more:.1f} km round by main roads, we through small streets"
    if pair.ours_km > OTHER_WAY * pair.theirs_km:
        more = pair.ours_km - pair.theirs_km
        return f"we go {more:.1f} km round: a limit, a closed or a stops-only street in between"
    if pair.ratio > middle and pair.ours_km < SHORT_KM:
        return "a short way: turns, signs and slow streets make most of it"
    if pair.ratio > middle:
        return "the same length on slow streets: we take 80 % of posted limits, they nearly all"
    return "the same length on fast roads with few turns and signals"


def run(extract: Path, *, pairs: int = PAIRS) -> list[Pair] | None:
    """Return the pairs, None where Valhalla is not installed."""
    streets = StreetMatrix(read_osm(extract))
    ends = sample_on_streets(streets.network, count=2 * pairs, seed=5)
    points = [(point.lat, point.lon) for point in ends]
    with TemporaryDirectory() as folder:
        actor = valhalla_actor(extract, Path(folder))
        if actor is None:
            return None
        found = []
        for index in range(0, 2 * pairs, 2):
            start, end = points[index], points[index + 1]
            theirs = valhalla_way(actor, start, end)
            if theirs is None:
                continue
            (leg,) = streets.legs([start, end], profile=PROFILE)
            found.append(
                Pair(
                    start=start,
                    end=end,
                    ours_s=leg.duration_s,
                    ours_km=leg.distance_m / 1000,
                    theirs_s=theirs[0],
                    theirs_km=theirs[1],
                    streets=leg.street_names,
                )
            )
        return found


def median_ratio(pairs: Sequence[Pair]) -> float:
    """Return the median of our durations over theirs."""
    return median(pair.ratio for pair in pairs)


def worst(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs whose ratio is farthest from the median, the worst first."""
    middle = median_ratio(pairs)
    return sorted(pairs, key=lambda pair: -max(pair.ratio / middle, middle / pair.ratio))[:WORST]
