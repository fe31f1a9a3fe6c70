"""Every figure of the irrigation model, with unit and source; "assumed" ones are ours to tune."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain.site import SoilTexture


@dataclass(frozen=True, slots=True, kw_only=True)
class RootStage:
    """What the roots of a tree have reached in one year after planting."""

    depth_m: float
    area_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CropSettings:
    """A deciduous tree without ground cover, as FAO-56 knows it from orchards."""

    basal: tuple[float, float, float] = (0.35, 0.90, 0.65)
    """Kcb at the start, in summer and in autumn: table 17, apples, no ground cover, frost."""

    single: tuple[float, float, float] = (0.45, 0.95, 0.70)
    """Kc of the single coefficient: table 12, the same crop."""

    dual: bool = True
    """Reckon the evaporation of the bare tree pit by itself (chapter 7); else one Kc for both."""

    stages_days: tuple[int, int, int, int] = (20, 70, 90, 30)
    """Lengths of start, growth, summer and autumn: table 11, deciduous orchard, high latitudes."""

    height_m: float = 4.0
    """Table 12; also about a planted tree of 20 cm girth."""

    depletion_share: float = 0.50
    """p: the share of the available water that is taken without stress (table 22, apples)."""

    evaporating_m: float = 0.10
    """Depth of soil that dries by evaporation: 0.10 to 0.15 m (chapter 7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IrrigationSettings:
    """The embedded irrigation model."""

    crop: CropSettings = CropSettings()

    soil: SoilTexture = SoilTexture.LOAM
    """Where a site names none: 160 mm/m, as substrates of tree pits hold about 150 (assumed)."""

    stages: tuple[RootStage, ...] = (
        RootStage(depth_m=0.5, area_m2=2.0),
        RootStage(depth_m=0.6, area_m2=2.5),
        RootStage(depth_m=0.6, area_m2=3.0),
        RootStage(depth_m=0.7, area_m2=3.5),
    )
    """By full years since planting, the last one for all later years. In the first year the roots
    have the planting pit (FLL: 1.5 times the root ball), in the third 0.6 m and the 3 m2 below
    the crown, as in the example of practice; the rest in between (assumed)."""

    usual_girth_cm: float = 20.0
    girth_range: tuple[float, float] = (0.75, 1.25)
    """The area grows with the girth at planting, within these factors (assumed)."""

    rain_share: float = 0.85
    """What reaches the roots: crowns and slanting pavements keep a seventh (assumed)."""

    efficiency: float = 0.9
    """Of the water given, this reaches the roots (assumed)."""

    season_month: int = 4
    """On the first of this month soils are full and buds break: the balance starts there."""

    et_error: float = 0.15
    """Relative error of evapotranspiration: parameters and weather together (assumed)."""

    full_sd_mm: float = 3.0
    """What is not known of a soil that was just filled (assumed)."""

    sensor_vwc_pct: float = 3.0
    """Error of a moisture sensor: 3 % volume (data sheets of EM500-SMTC and LSE01)."""

    sensor_place_share: float = 0.15
    """One sensor does not see the whole root zone: error as share of its water (assumed)."""

    sensor_days: float = 3.0
    """A sensor's error stays the same for days: so many daily values count as one (assumed)."""

    suction_error: float = 0.3
    """Relative error of a suction (assumed: Watermark sensors between 30 and 200 kPa)."""

    horizon_days: int = 7
    """So far ahead needs are announced; it is also how far forecasts are of use."""

    worth_share: float = 0.7
    """From this share of the readily available water on a tree may be watered: rare and large
    waterings make deep roots (Berlin, Handbuch Gute Pflege)."""

    least_stress: float = 0.02
    """Stress times confidence below which nobody is asked before the latest day: rain is coming,
    or the groundwater will do (assumed)."""

    after_days: int = 7
    """The next round comes a week after the latest day: the stress of that day is what counts."""

    least_litres: int = 75
    most_litres: int = 200
    """Practice: 75 to 100 l per watering (FLL 2015, for 25 cm girth), up to 200 l for new trees
    (Berlin), a bag holds 75 l."""

    round_litres: int = 5

    groundwater_days: int = 400
    """A depth of groundwater older than this says nothing; wells are read monthly to yearly."""
