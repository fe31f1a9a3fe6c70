"""Schemas of sites, their assets and devices, and what the devices observed."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter

from dispatch.api.values import Position, position
from dispatch.domain.signal import UNITS, Grade, Signal, SignalKind
from dispatch.domain.site import Device, GlassColour, Site, SiteKind, SoilTexture


class ContainerOut(BaseModel):
    """One glass container."""

    id: str
    colour: GlassColour
    volume_l: int


class GlassBankOut(BaseModel):
    """Containers side by side."""

    kind: Literal[SiteKind.GLASS]
    containers: list[ContainerOut]


class YoungTreeOut(BaseModel):
    """A tree in its first years."""

    kind: Literal[SiteKind.TREE]
    species: str
    planted: date
    girth_cm: int
    soil: SoilTexture | None
    root_depth_m: float | None
    root_area_m2: float | None


class RatStationOut(BaseModel):
    """A counting bait box."""

    kind: Literal[SiteKind.RAT_STATION]
    refill_after: int
    bait_items: int
    last_checked: date
    in_sewer: bool


class PondOut(BaseModel):
    """A pond with a logger."""

    kind: Literal[SiteKind.POND]
    alarm_mg_l: float
    clear_mg_l: float
    fixed_aerator: bool


class PlaceOut(BaseModel):
    """A spot that people told of."""

    kind: Literal[SiteKind.PLACE]
    matter: str


AssetOut = Annotated[
    GlassBankOut | YoungTreeOut | RatStationOut | PondOut | PlaceOut, Field(discriminator="kind")
]
_ASSET: TypeAdapter[Any] = TypeAdapter(AssetOut)


class SiteOut(BaseModel):
    """A fixed place, what stands there, and what a crew must know to get to it."""

    id: str
    name: str
    kind: SiteKind
    location: Position
    asset: AssetOut
    access: str

    @classmethod
    def from_domain(cls, site: Site) -> Self:
        """Return the site."""
        return cls(
            id=site.id,
            name=site.name,
            kind=site.kind,
            location=position(site.location),
            asset=_ASSET.validate_python({"kind": site.kind, **asdict(site.asset)}),
            access=site.access,
        )


class DeviceOut(BaseModel):
    """A sensor in one mounting."""

    id: str
    model: str
    part_id: str | None
    mounted_from: AwareDatetime
    mounted_until: AwareDatetime | None

    @classmethod
    def from_domain(cls, device: Device) -> Self:
        """Return the device."""
        return cls(
            id=device.id,
            model=device.model,
            part_id=device.part_id,
            mounted_from=device.mounted_from,
            mounted_until=device.mounted_until,
        )


class SiteDetailOut(BaseModel):
    """A site with all devices that hang or hung there."""

    site: SiteOut
    devices: list[DeviceOut]


class WateringNeedOut(BaseModel):
    """What the irrigation model asks for; dates inclusive, stress and confidence 0 to 1."""

    run_id: str
    litres_min: int
    earliest: date
    latest: date
    stress_at_latest: float
    confidence: float
    reason: str


class SignalOut(BaseModel):
    """One observation, graded."""

    id: str
    kind: SignalKind
    value: float
    unit: str
    observed_at: AwareDatetime
    received_at: AwareDatetime
    grade: Grade
    source: str
    device_id: str
    part_id: str | None
    need: WateringNeedOut | None

    @classmethod
    def from_domain(cls, signal: Signal) -> Self:
        """Return the signal with the unit of its kind."""
        need = None if signal.need is None else WateringNeedOut(**asdict(signal.need))
        return cls(
            id=signal.id,
            kind=signal.kind,
            value=signal.value,
            unit=UNITS[signal.kind],
            observed_at=signal.observed_at,
            received_at=signal.received_at,
            grade=signal.grade,
            source=signal.source,
            device_id=signal.device_id,
            part_id=signal.part_id,
            need=need,
        )
