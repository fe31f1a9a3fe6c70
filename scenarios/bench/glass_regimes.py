"""The ways in which a simulated city of glass containers may fill, and its sensors may err."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AREAS: Final = {
    # Glass from Monday to Sunday, and the hours at which most of it comes.
    "residential": ((0.9, 0.8, 0.8, 0.9, 1.1, 2.1, 0.4), (10, 17)),
    "pubs": ((2.2, 0.6, 0.7, 0.8, 1.0, 1.2, 0.5), (11, 23)),
    "students": ((1.2, 0.8, 0.9, 1.2, 0.8, 0.9, 1.2), (15, 21)),
    "shops": ((0.8, 0.8, 0.9, 1.0, 1.5, 1.9, 0.1), (12, 18)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """One way a city may be; rates are in percent of the volume per day.

    `bag_pct` is the size of one deposit, `bulk` the share of glass in large loads, `weather` the
    scatter of the days all containers share, `event_days` the days between two festivals.
    """

    name: str
    every_h: float = 1.0
    rates: tuple[float, float] = (3.0, 12.0)
    bag_pct: tuple[float, float] = (0.15, 0.8)
    bulk: float = 0.0
    weather: float = 0.2
    season: float = 0.0
    holidays: float = 0.0
    event_days: float = 0.0
    noise: str = "white"
    faulty: bool = False
    history_days: int = 30
    first_month: int = 0
    fixed_round: bool = False


REGIMES: Final = (
    Regime(name="steady, hourly"),
    Regime(name="three levels a day", every_h=8, history_days=30),
    Regime(name="bulky deposits of pubs", bulk=0.25, bag_pct=(0.4, 1.5), weather=0.35),
    Regime(name="seasons and holidays", season=0.35, holidays=0.9, first_month=12),
    Regime(name="festivals", event_days=12.0, every_h=2),
    Regime(name="noise grows with the level", noise="level", every_h=4),
    Regime(name="drift and slow noise", noise="drift"),
    Regime(name="faults and gaps", faulty=True),
    Regime(name="short history", history_days=6),
    Regime(name="slow containers", rates=(0.7, 2.5), fixed_round=True),
    Regime(name="fast containers", rates=(12.0, 28.0), weather=0.3),
)
"""The ways the forecast was built on, with other seeds than those the report uses."""

UNSEEN: Final = (
    Regime(
        name="all at once, every three hours",
        every_h=3,
        rates=(1.5, 20.0),
        bulk=0.15,
        season=0.25,
        holidays=0.5,
        event_days=25.0,
        noise="level",
        faulty=True,
    ),
    Regime(
        name="fixed rounds, drift and faults",
        rates=(2.0, 8.0),
        weather=0.3,
        noise="drift",
        faulty=True,
        fixed_round=True,
        history_days=21,
    ),
)
"""Two more that nobody looked at while it was built."""
