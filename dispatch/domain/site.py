"""Fixed places with a municipal asset, and the devices mounted there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dispatch.domain.geo import LatLon
from dispatch.domain.ids import DeviceId, PartId, SiteId


class SiteKind(StrEnum):
    """Which asset stands at a site."""

    GLASS = "glass"
    TREE = "tree"
    RAT_STATION = "rat_station"
    POND = "pond"
    PLACE = "place"


class GlassColour(StrEnum):
    """The three chambers of a glass lorry."""

    WHITE = "white"
    GREEN = "green"
    BROWN = "brown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One glass container.

    A distance sensor in its lid reads `empty_mm` down to the floor and `full_mm` when the glass
    stands at the throw-in hole.
    """

    id: PartId
    colour: GlassColour
    volume_l: int
    empty_mm: int = 1700
    full_mm: int = 300

    def __post_init__(self) -> None:
        if self.volume_l <= 0 or self.empty_mm <= self.full_mm:
            message = f"container {self.id}: needs volume_l > 0 and empty_mm > full_mm"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassBank:
    """One to four containers side by side, emptied in one halt."""

    containers: tuple[Container, ...]


class SoilTexture(StrEnum):
    """What the roots stand in; the irrigation model has its water capacity in a table."""

    SAND = "sand"
    LOAMY_SAND = "loamy_sand"
    SANDY_LOAM = "sandy_loam"
    LOAM = "loam"
    SILT_LOAM = "silt_loam"
    SANDY_CLAY_LOAM = "sandy_clay_loam"
    CLAY_LOAM = "clay_loam"
    SILTY_CLAY_LOAM = "silty_clay_loam"
    CLAY = "clay"


@dataclass(frozen=True, slots=True, kw_only=True)
class YoungTree:
    """A tree in its first years, which the city waters.

    `soil`, `root_depth_m` and `root_area_m2` (the ground its roots draw from) are what the city
    knows better than the irrigation model's tables; None is what the tables say for its age.
    """

    species: str
    planted: date
    girth_cm: int
    soil: SoilTexture | None = None
    root_depth_m: float | None = None
    root_area_m2: float | None = None

    def __post_init__(self) -> None:
        if any(size is not None and size <= 0 for size in (self.root_depth_m, self.root_area_m2)):
            message = f"tree planted {self.planted}: root depth and area must be above 0"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatStation:
    """A counting bait box, or a trap, in a manhole; `refill_after` visits use up its bait.

    One above ground (not `in_sewer`) is opened by one person, and looked at more often.
    """

    refill_after: int
    bait_items: int
    last_checked: date
    in_sewer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pond:
    """A pond with a logger; below `alarm_mg_l` of dissolved oxygen its fish are in danger.

    `fixed_aerator` ponds have an aerator that switches itself on: no crew needs to bring one.
    `season` are the first and the last month in which a mobile one is brought; it may reach over
    the turn of the year.
    """

    alarm_mg_l: float = 3.0
    clear_mg_l: float = 4.0
    fixed_aerator: bool = False
    season: tuple[int, int] = (4, 10)

    def in_season(self, day: date) -> bool:
        """Tell whether a mobile aerator is brought at that time of the year."""
        first, last = self.season
        if first <= last:
            return first <= day.month <= last
        return day.month >= first or day.month <= last


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A spot that people told of, where nothing of the city stands; `matter` is what they named."""

    matter: str


Asset = GlassBank | YoungTree | RatStation | Pond | Place

_KINDS: dict[type, SiteKind] = {
    GlassBank: SiteKind.GLASS,
    YoungTree: SiteKind.TREE,
    RatStation: SiteKind.RAT_STATION,
    Pond: SiteKind.POND,
    Place: SiteKind.PLACE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A fixed place: where it is, what people call it and what stands there.

    `access` is what a crew must know to get to it.
    """

    id: SiteId
    name: str
    location: LatLon
    asset: Asset
    access: str = ""

    @property
    def kind(self) -> SiteKind:
        """Which asset stands here."""
        return _KINDS[type(self.asset)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A sensor, mounted at a site (and a part of it) from one moment until another."""

    id: DeviceId
    model: str
    site_id: SiteId
    mounted_from: datetime
    part_id: PartId | None = None
    mounted_until: datetime | None = None

    def mounted_at(self, moment: datetime) -> bool:
        """Tell whether the device hung at its site then."""
        return self.mounted_from <= moment and (
            self.mounted_until is None or moment < self.mounted_until
        )
