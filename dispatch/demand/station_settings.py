"""Thresholds, durations and prices of bait stations, traps and the upkeep of sensors.

"Assumed" marks figures nobody has published for Bochum; they are the first to be tuned.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapSettings:
    """Counting bait stations and traps, most of them in manholes."""

    must_ratio: float = 1.5
    """Visits over `refill_after` from which the bait is surely gone (assumed)."""

    rearm_h: float = 24.0
    """So long after a refill no new one is asked for: the crew's own hands and the first curious
    visits are no demand yet (assumed; connected traps of the trade wait likewise)."""

    may_days: int = 14
    interval_days: int = 21
    """Time between checks of a station that is not connected: two to three weeks in the sewer
    (rules from January 2026); a connected station replaces the checks."""

    may_above_days: int = 5
    interval_above_days: int = 7
    """Above ground every week (same rules)."""

    connected_within_h: float = 48.0
    """A station that sent within this time is connected."""

    trap_within_h: float = 24.0
    """A trap that has caught something is emptied and set again within this time (assumed)."""

    flood_gone_h: float = 48.0
    """A flood nobody has heard of for so long is over (assumed)."""

    lid_open_h: float = 1.0
    """An open lid is a crew at work for so long, afterwards a danger (assumed)."""

    empty_ct: int = 1500
    """A day without bait at an infested manhole (assumed)."""

    trap_ct: int = 2000
    """A day of a trap that catches nothing more and begins to smell (assumed)."""

    lid_ct: int = 20_000
    """A day of an open lid with poison below it (assumed)."""

    persons: int = 2
    """A sewer is a confined space: nobody opens a manhole alone (practice)."""

    setup_s: int = 300
    """Closing off the manhole and the gas test (assumed)."""

    refill_s: int = 900
    check_s: int = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class UpkeepSettings:
    """Sensors that are silent, broken or run down."""

    silent_after_h: float = 24.0
    """While too little was heard of a device to know how often it sends."""

    silent_after_by_model_h: tuple[tuple[str, float], ...] = (("bait station", 48.0),)
    """Part of the model's name, and the least hours; manholes are bad places for radio."""

    silent_gaps: float = 4.0
    """Silent is who misses so many of its usual intervals (assumed; radio loses one in ten)."""

    silent_least_h: float = 12.0
    silent_most_h: float = 14 * 24.0
    """But nobody drives for a night's outage, and no device is given up for longer."""

    gaps: int = 60
    fewest_gaps: int = 10
    """So many last intervals tell how often a device sends; from fewer nothing is learnt."""

    arrivals: int = 6
    clock_ahead_h: float = 0.25
    clock_behind_h: float = 2.0
    clock_spread_h: float = 0.5
    """A clock is wrong when its last arrivals were all early, or late, by the same time."""

    bad_share: float = 0.5
    """Share of unbelievable values in the last day that calls for a visit."""

    bad_window_h: float = 24.0

    fewest: int = 4
    """Values within the window below which no share is computed."""

    chronic_share: float = 0.2
    chronic_window_h: float = 7 * 24.0
    chronic_fewest: int = 40
    """A sensor that is wrong now and then for a week needs care too, if it sends that often."""

    battery_pct: float = 15.0
    battery_v: float = 3.2
    """Lithium cells of 3.6 V are nearly empty below this (assumed)."""

    day_ct: int = 150
    """Being blind at a site for a day (assumed); grows with each day, up to `cap_days` times."""

    cap_days: int = 20
    setup_s: int = 60
    service_s: int = 1200
