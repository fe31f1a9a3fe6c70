"""Every threshold, duration and price of the demand rules, with unit and source.

"Assumed" marks figures nobody has published for Bochum; they are the first to be tuned.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

from dispatch.demand.glass_settings import GlassSettings
from dispatch.demand.irrigation.settings import IrrigationSettings
from dispatch.demand.notice_settings import NoticeSettings
from dispatch.demand.pond_settings import PondSettings
from dispatch.demand.station_settings import TrapSettings, UpkeepSettings
from dispatch.domain.job import JobKind, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class WateringSettings:
    """Young trees."""

    stale_after_h: float = 36.0
    """An older run of the irrigation model is not trusted any more (contract with the model)."""

    interval_days: int = 10
    """Without a model: about 100 l every 10 days in the season (own FAO-56 example, practice)."""

    interval_litres: int = 100
    """FLL planting recommendations 2015: 75 to 100 l per watering for 25 cm girth."""

    first_month: int = 4
    last_month: int = 9
    """The fallback waters from April to September; outside, only a model may ask for water."""

    wilting_vwc_pct: float = 10.0
    """Soil moisture below which trees wilt: sandy loam, 6 to 16 % (FAO-56, table 19)."""

    soil_window_h: float = 24.0
    """Soil moisture is the median over this time."""

    harm_ct: int = 16000
    """A day of full stress for one young tree: planting another and caring for it for three years
    costs about 3000 euros, and some twenty days of full stress kill it (assumed)."""

    litres_per_minute: float = 60.0
    """Flow of the hose (assumed)."""

    setup_s: int = 60
    service_base_s: int = 60
    """Getting the hose out and back (assumed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandSettings:
    """All of them."""

    glass: GlassSettings = field(default_factory=GlassSettings)
    watering: WateringSettings = field(default_factory=WateringSettings)
    traps: TrapSettings = field(default_factory=TrapSettings)
    ponds: PondSettings = field(default_factory=PondSettings)
    upkeep: UpkeepSettings = field(default_factory=UpkeepSettings)
    irrigation: IrrigationSettings = field(default_factory=IrrigationSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)

    organisations: tuple[tuple[JobKind, Organisation], ...] = (
        (JobKind.EMPTY, Organisation.USB),
        (JobKind.WATER, Organisation.PARKS),
        (JobKind.BAIT, Organisation.PARKS),
        (JobKind.AERATE, Organisation.PARKS),
        (JobKind.CLEAN, Organisation.USB),
    )
    """Whose crews do which work; any other work is done by whoever has the skills. Glass is the
    USB's, trees, ponds and bait stations are the Technischer Betrieb's (city of Bochum)."""

    day_opens: time = time(5)
    day_closes: time = time(21)
    """Quiet work may start within these hours; the shifts narrow it down."""
