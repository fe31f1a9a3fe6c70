"""How long and along which streets a day is driven: in the rush hours other than usual."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import Issue, MatrixUnavailable
from dispatch.domain.geo import LatLon
from dispatch.planning.publish import with_geometry
from dispatch.planning.travel_tables import HourlyMatrix, RushHours
from graphs.errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.domain.plan import Route, Stop
    from graphs.matrix import TravelMatrix
    from graphs.provider import MatrixProvider

RUSH_HOURS: Final[RushHours] = ((time(7), time(9)), (time(15), time(18)))
"""When main roads are full from Monday to Friday (assumed: school and office hours)."""

SATURDAY: Final = 5


class Travel:
    """The streets of one day: `usual`, and on working days `rush` within the rush hours.

    `rush` are the same streets as they are driven then; None = no hour differs from another.
    """

    def __init__(
        self, day: date, *, usual: MatrixProvider, rush: MatrixProvider | None = None
    ) -> None:
        self._usual = usual
        self._rush = rush if day.weekday() < SATURDAY else None

    def matrices(
        self, places: Sequence[LatLon], profiles: Iterable[str]
    ) -> dict[str, TravelMatrix | HourlyMatrix]:
        """Return the travel matrices by profile, as `build_problem` takes them.

        Raises MatrixUnavailable with the code (G3xx) of what the streets cannot answer, such as a
        profile that there is not.
        """
        points = [(place.lat, place.lon) for place in places]
        try:
            return {profile: self._matrix(points, profile) for profile in sorted(set(profiles))}
        except GraphError as error:
            raise MatrixUnavailable(
                Issue(
                    code=error.code,
                    subject=error.subject,
                    cause=error.cause,
                    action=error.action,
                )
            ) from error

    def drawn(self, route: Route, profile: str) -> Route:
        """Return the route with the line of each leg along the streets of its hour."""
        lines: list[tuple[LatLon, ...]] = []
        legs = list(pairwise(route.stops))
        for rush, group in groupby(legs, key=lambda leg: self._in_rush(leg[0].departs_at)):
            lines += self._lines(list(group), profile, rush=rush)
        return with_geometry(route, lines)

    def _matrix(
        self, points: Sequence[tuple[float, float]], profile: str
    ) -> TravelMatrix | HourlyMatrix:
        usual = self._usual.matrix(points, profile=profile)
        if self._rush is None:
            return usual
        rush = self._rush.matrix(points, profile=profile)
        return HourlyMatrix(usual=usual, rush=rush, rush_hours=RUSH_HOURS)

    def _in_rush(self, moment: datetime) -> bool:
        clock = moment.astimezone(BERLIN).time()
        return self._rush is not None and any(a <= clock < b for a, b in RUSH_HOURS)

    def _lines(
        self, legs: Sequence[tuple[Stop, Stop]], profile: str, *, rush: bool
    ) -> list[tuple[LatLon, ...]]:
        """Return the lines of legs that follow one another."""
        streets = self._rush if rush and self._rush is not None else self._usual
        stops = [legs[0][0], *(stop for _, stop in legs)]
        points = [(stop.location.lat, stop.location.lon) for stop in stops]
        return [
            tuple(LatLon(lat, lon) for lat, lon in leg.geometry)
            for leg in streets.legs(points, profile=profile)
        ]
