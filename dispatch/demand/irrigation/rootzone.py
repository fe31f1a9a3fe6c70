"""From a tree in the register to the soil its roots use and the water its leaves want."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from dispatch.demand.irrigation.settings import CropSettings
from dispatch.demand.irrigation.soils import SOILS, Soil

if TYPE_CHECKING:
    from dispatch.demand.irrigation.settings import IrrigationSettings, RootStage
    from dispatch.domain.site import YoungTree


@dataclass(frozen=True, slots=True, kw_only=True)
class RootZone:
    """The parameters of one site's water balance; `rain_share` and `efficiency` are 0 to 1."""

    soil: Soil
    depth_m: float
    area_m2: float
    crop: CropSettings
    rain_share: float = 1.0
    efficiency: float = 1.0

    available_mm: float = field(init=False)
    """Total available water, TAW (FAO-56, 82)."""
    evaporable_mm: float = field(init=False)
    """What can evaporate from the surface layer, TEW (73)."""

    def __post_init__(self) -> None:
        content = self.soil.field_capacity - 0.5 * self.soil.wilting_point
        object.__setattr__(self, "available_mm", self.soil.holds_mm_m * self.depth_m)
        object.__setattr__(self, "evaporable_mm", 1000 * content * self.crop.evaporating_m)

    def readily_mm(self, crop_et_mm: float) -> float:
        """Return the readily available water, RAW, on a day of such use (83, table 22)."""
        share = self.crop.depletion_share + 0.04 * (5 - crop_et_mm)
        return min(0.8, max(0.1, share)) * self.available_mm

    def mm_of(self, litres: float) -> float:
        """Return the depth that so many litres given add to the root zone."""
        return litres * self.efficiency / self.area_m2

    def litres_of(self, depth_mm: float) -> float:
        """Return the litres to give for that depth."""
        return depth_mm * self.area_m2 / self.efficiency


def root_zone(tree: YoungTree, day: date, settings: IrrigationSettings) -> RootZone:
    """Return a tree's parameters on a day: what the register says, else the table of its age."""
    stage = _stage(tree, day, settings)
    low, high = settings.girth_range
    girth = min(high, max(low, tree.girth_cm / settings.usual_girth_cm))
    return RootZone(
        soil=SOILS[tree.soil or settings.soil],
        depth_m=tree.root_depth_m or stage.depth_m,
        area_m2=tree.root_area_m2 or stage.area_m2 * girth,
        crop=settings.crop,
        rain_share=settings.rain_share,
        efficiency=settings.efficiency,
    )


def _stage(tree: YoungTree, day: date, settings: IrrigationSettings) -> RootStage:
    birthday = (tree.planted.month, tree.planted.day)
    years = day.year - tree.planted.year - ((day.month, day.day) < birthday)
    return settings.stages[min(max(0, years), len(settings.stages) - 1)]


def season_start(day: date, settings: IrrigationSettings) -> date:
    """Return the last start of a season up to that day."""
    start = date(day.year, settings.season_month, 1)
    return start if start <= day else date(day.year - 1, settings.season_month, 1)


def stage_value(values: tuple[float, float, float], days: int, crop: CropSettings) -> float:
    """Return a coefficient so many days after the start of the season (66): three values, joined.

    Level in the first stage, rising in the second, level in the third, falling in the fourth.
    """
    start, growth, summer, autumn = crop.stages_days
    first, middle, last = values
    if days <= start:
        return first
    if days <= start + growth:
        return first + (middle - first) * (days - start) / growth
    if days <= start + growth + summer:
        return middle
    past = min(autumn, days - start - growth - summer)
    return middle + (last - middle) * past / autumn
