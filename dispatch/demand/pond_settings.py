"""Every threshold, duration and price of the rule for ponds, with unit and source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True, kw_only=True)
class PondSettings:
    """Ponds with oxygen loggers; alarm and clear levels and the season belong to each pond."""

    look_back_h: int = 720
    """Thirty days: what the caller provides."""

    believe_h: int = 3
    believe_share: float = 0.75
    believe_spread: float = 0.05
    """An hour is believed when of all values of this many hours this share is good, and the good
    ones differ by this many mg/l: neither a probe that drops to zero every other time nor one
    that stands still ever calls for an aerator."""

    doubt_h: int = 24
    doubt_share: float = 0.25
    zero_share: float = 0.1
    """With more unusable values, or more exact zeros, than this share of the last day a probe is in
    doubt: no aerator is brought for what it reads. Jumps are not all the probe's: they come with
    wind and sun as well."""

    fresh_h: int = 3
    """A low that is older than this, with no news since, is no longer called present."""

    nights: int = 7
    """The fall of tonight is expected to be the median of those of so many nights."""

    fewest_nights: int = 3
    """Nights with a fall known below which there is no forecast."""

    night_h: int = 14
    fewest_night_h: int = 7
    """Oxygen falls from the evening until about 8 h (7 h logger time); a night's lowest hour is
    looked for this long, and known when that many hours of it are."""

    error_mg_l: float = 1.4
    """Error of the forecast of tonight's lowest hour, as a normal distribution: on 1,386 nights at
    12 ponds of the city its standard deviation was 1.6 with a few wild nights (1.5 to 1.7 whichever
    pond or month is left out), 1.1 by the median deviation; this lies between."""

    evening: int = 20
    """The forecast of the evening is of the hour that ends then: a later look is surer, an
    earlier one leaves more time, but an hour earlier a tenth fewer lows are foreseen."""

    likely: float = 0.17
    """Chance of a low tonight from which an aerator is asked for in the evening: read off the
    trade-off on summer 2025 (README). It means that bringing one may cost 51 of the 300 euros."""

    sure: float = 0.5
    """Chance from which it must be brought, and also later in the night."""

    night_from: int = 20
    night_to: int = 6
    """Between these hours a low can be foreseen at `sure`."""

    stay_h: int = 64
    """An aerator stays until the third morning without a low has passed: from an evening at 20 h
    to noon. One job per pond and stay, not one a night."""

    fall_h: float = 12.0
    """From the evening's look to the lowest hour: 20 h to 8 h."""

    unaided_h: int = 6
    """A pond that is low for this long where no mobile aerator is brought is looked at: out of
    season (ice, leaves), or with a fixed aerator (is it running?)."""

    zero_run_h: float = 6.0
    """Exact zeros for this long: fault or real anoxia, a person has to look."""

    zero_recent_h: float = 48.0
    """A zero run that began longer ago than this is no emergency any more."""

    zero_over_h: int = 24
    """So long a probe must read something before zeros are a new run."""

    sinking_mg_l: float = 1.5
    """Oxygen at or below this just before the zeros: it sank, and the pond may be without any."""

    arrive_by: time = time(10)
    """The daily minimum is at about 8 h Berlin time (7 h logger time), and oxygen stays low until
    late morning; crews start at about 6, so that later is still in time for most of the harm."""

    hurry_h: float = 2.0
    """Asked for later in the day, the crew should be there within this time."""

    fish_ct: int = 30_000
    """A day of gasping fish: rescue, carcasses, restocking (assumed)."""

    low_h: float = 9.0
    """A low lasts so long (median of 434 at the city's ponds, May to September 2025: 9.2 h), so
    each hour that the aerator comes later costs this part of the day's harm."""

    setup_s: int = 300
    aerate_s: int = 2700
    check_s: int = 1200
    """Launching a mobile aerator; measuring by hand (assumed)."""
