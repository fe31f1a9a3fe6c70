"""Every threshold, duration and price of the glass rules, with unit and source.

"Assumed" marks figures nobody has published for Bochum; they are the first to be tuned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Final

from dispatch.domain.job import Dimension
from dispatch.domain.site import GlassColour

GLASS_DIMENSIONS: Final = {
    GlassColour.WHITE: Dimension.WHITE_GLASS_L,
    GlassColour.GREEN: Dimension.GREEN_GLASS_L,
    GlassColour.BROWN: Dimension.BROWN_GLASS_L,
}
"""Which chamber of the lorry takes which glass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSettings:
    """How the levels of glass containers are read and carried on; percent of the volume."""

    noise_pct: float = 6.0
    """Standard error of one level, until the sensor's own is known; vibration sensors were right
    to 94 % (recyclingmagazin 2021)."""

    bias_pct: float = 1.5
    """Error that all levels since an emptying share: glass lies unevenly (assumed)."""

    usual_rate_pct_day: float = 5.0
    """Filling per day where nothing is known (assumed: about three weeks)."""

    rate_spread: float = 0.6
    """Containers of a city differ by this factor's exponent in their rates (assumed)."""

    rate_drifts: tuple[float, float] = (0.02, 0.1)
    """A rate wanders by this share in a day: by a tenth in a month, or with the weather of a few
    days; the levels tell which is likely (assumed)."""

    week_error: float = 0.12
    """So far the coming days may differ from the past ones all together: weather, school holidays
    (assumed)."""

    usual_weights: tuple[float, ...] = (1.05, 0.9, 0.9, 1.0, 1.1, 1.6, 0.45)
    """Glass thrown in from Monday to Sunday, beside an average day, where nothing is known:
    Saturday is the busiest day, on Sundays it is forbidden and done all the same (assumed)."""

    week_spread: float = 0.3
    """So far the weights of a weekday differ between sites, until the city has shown it
    (assumed)."""

    inflow_spreads: tuple[float, ...] = (0.35, 0.7, 1.2, 2.0)
    """How far one day's inflow may scatter, beside its mean; the levels tell which is likely."""

    floor_pct: float = 2.0
    """What is left in a container after an emptying (assumed)."""

    least_fall_pct: float = 15.0
    """A smaller fall is never an emptying (assumed)."""

    emptied_fall_pct: float = 40.0
    """A lasting fall by more than this is an emptying, wherever it ends (assumed)."""

    emptied_to_pct: float = 12.0
    """Any other emptying ends below this, beside the noise (assumed)."""

    confirm_h: float = 6.0
    """Plain zeros for less than this may be a dropout and change nothing yet (assumed)."""

    seldom_h: float = 4.0
    """A sensor that was silent for so long may have missed a crew: its next level is believed if
    it is low; of one that sends more often a second low level is awaited (assumed)."""

    dropout_h: float = 48.0
    """Zeros that end at the old level within this time were a dropout (assumed)."""

    stuck_h: float = 5.0
    """A noisy sensor that repeats one value for so long is stuck (assumed)."""

    found_error_pct: float = 10.0
    """Standard error of a level that a crew estimates by eye (assumed)."""

    date_only_pct: float = 60.0
    """Level when emptied, where nobody wrote it down: what fixed schedules find on average
    (recyclingmagazin 2021)."""

    date_only_error_pct: float = 25.0
    """Its standard error (assumed)."""

    deposit_l: float = 1.5
    """A deposit's share of the volume: a bottle of 0.7 l with the air around it (assumed)."""

    deposit_error: float = 0.3
    """Relative error of that, until emptyings with a level have told it (assumed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassSettings(LevelSettings):
    """When glass containers are emptied, and what that takes."""

    opens: time = time(7)
    closes: time = time(20)
    """Refuse lorries in residential areas: 7 to 20 h on working days (32. BImSchV, § 7)."""

    hot_opens: time | None = None
    """Earlier start on hot days where the authority allows it (Uelzen: 6 h); None: it does not."""

    hot_from_c: float = 28.0
    """A day is hot from this forecast maximum on (Uelzen)."""

    last_emptying: time = time(15)
    """When the glass crews' shift ends: so late a container may have to wait on its day."""

    overflow_pct: float = 95.0
    """From here on glass is left beside the container (assumed: 5 % below the throw-in hole)."""

    must_chance: float = 0.4
    """Must from this probability of an overflow before the next chance on (assumed: an overflow
    costs about two and a half times what one more visit costs)."""

    may_pct: float = 55.0
    """Below this nobody drives there: fixed schedules empty at 60 % on average (recyclingmagazin
    2021), and doing better is the point of the sensors."""

    least_price_ct: int = 300
    """A job that may wait and whose waiting costs less than this is not asked for: driving there
    costs more, and a list of jobs nobody will ever do helps no dispatcher (assumed)."""

    worth_pct: float = 30.0
    """Containers beside a triggering one are emptied too from this level on (assumed)."""

    overflow_ct: int = 9000
    """Harm of one container's overflow: extra trip, sweeping, complaints (assumed)."""

    setup_s: int = 120
    """Parking and securing the crane once per site (assumed)."""

    service_s: int = 240
    """Per container: 3 to 6 minutes (practice)."""
