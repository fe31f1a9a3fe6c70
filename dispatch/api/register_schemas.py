"""Schemas by which sites and devices are registered."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dispatch.api.site_schemas import DeviceOut
from dispatch.api.values import WrittenDate, WrittenMoment
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import DeviceId, PartId, SiteId
from dispatch.domain.site import (
    Asset,
    Container,
    Device,
    GlassBank,
    GlassColour,
    Pond,
    RatStation,
    Site,
    SiteKind,
    SoilTexture,
    YoungTree,
)

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Month = Annotated[int, Field(ge=1, le=12)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class ContainerIn(_Strict):
    """One glass container; a distance sensor in it reads from `empty_mm` down to `full_mm`."""

    id: Name
    colour: GlassColour
    volume_l: int = Field(gt=0, le=100_000)
    empty_mm: int = Field(1700, gt=0, le=10_000)
    full_mm: int = Field(300, ge=0, le=10_000)

    @model_validator(mode="after")
    def _deep_enough(self) -> Self:
        if self.empty_mm <= self.full_mm:
            message = "empty_mm must be more than full_mm"
            raise ValueError(message)
        return self


class GlassBankIn(_Strict):
    """Containers side by side."""

    kind: Literal[SiteKind.GLASS]
    containers: list[ContainerIn] = Field(min_length=1, max_length=12)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [container.id for container in self.containers]
        if len(set(ids)) < len(ids):
            message = "two containers have the same id"
            raise ValueError(message)
        return self

    def asset(self) -> Asset:
        """Return what stands there."""
        return GlassBank(
            containers=tuple(
                Container(**container.model_dump() | {"id": PartId(container.id)})
                for container in self.containers
            )
        )


class YoungTreeIn(_Strict):
    """A tree in its first years."""

    kind: Literal[SiteKind.TREE]
    species: str = Field("", max_length=200)
    planted: WrittenDate
    girth_cm: int = Field(gt=0, le=500)
    soil: SoilTexture | None = None
    root_depth_m: float | None = Field(None, gt=0, le=5)
    root_area_m2: float | None = Field(None, gt=0, le=500)

    def asset(self) -> Asset:
        """Return what stands there."""
        return YoungTree(**self.model_dump(exclude={"kind"}))


class RatStationIn(_Strict):
    """A counting bait box."""

    kind: Literal[SiteKind.RAT_STATION]
    refill_after: int = Field(6, gt=0, le=1000)
    bait_items: int = Field(4, gt=0, le=1000)
    last_checked: WrittenDate
    in_sewer: bool = True

    def asset(self) -> Asset:
        """Return what stands there."""
        return RatStation(**self.model_dump(exclude={"kind"}))


class PondIn(_Strict):
    """A pond; its fish are in danger below `alarm_mg_l`, and no more above `clear_mg_l`."""

    kind: Literal[SiteKind.POND]
    alarm_mg_l: float = Field(3.0, ge=0, le=20)
    clear_mg_l: float = Field(4.0, ge=0, le=20)
    fixed_aerator: bool = False
    season: tuple[Month, Month] = (4, 10)

    @model_validator(mode="after")
    def _clear_above_alarm(self) -> Self:
        if self.clear_mg_l < self.alarm_mg_l:
            message = "clear_mg_l must not be below alarm_mg_l"
            raise ValueError(message)
        return self

    def asset(self) -> Asset:
        """Return what stands there."""
        return Pond(**self.model_dump(exclude={"kind"}))


AssetIn = Annotated[GlassBankIn | YoungTreeIn | RatStationIn | PondIn, Field(discriminator="kind")]


class SiteIn(_Strict):
    """A place as it is to be registered; `location` is [lon, lat]."""

    name: Name
    location: tuple[
        Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]
    ]
    asset: AssetIn
    access: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    """What a crew must know to get there."""

    def site(self, site_id: str) -> Site:
        """Return the site of that id."""
        lon, lat = self.location
        return Site(
            id=SiteId(site_id),
            name=self.name,
            location=LatLon(lat=lat, lon=lon),
            asset=self.asset.asset(),
            access=self.access,
        )


class DeviceIn(_Strict):
    """A sensor as it is to be mounted; without `mounted_until` it stays there."""

    model: Name
    site_id: Name
    part_id: Name | None = None
    mounted_from: WrittenMoment
    mounted_until: WrittenMoment | None = None

    @model_validator(mode="after")
    def _not_before(self) -> Self:
        if self.mounted_until is not None and self.mounted_until <= self.mounted_from:
            message = "mounted_until must be after mounted_from"
            raise ValueError(message)
        return self

    def device(self, device_id: str) -> Device:
        """Return the mounting of the device of that id."""
        return Device(
            id=DeviceId(device_id),
            model=self.model,
            site_id=SiteId(self.site_id),
            part_id=None if self.part_id is None else PartId(self.part_id),
            mounted_from=self.mounted_from,
            mounted_until=self.mounted_until,
        )


class MountingOut(DeviceOut):
    """One mounting of a device, and where it was."""

    site_id: str

    @classmethod
    def from_domain(cls, device: Device) -> Self:
        """Return the mounting."""
        return cls(site_id=device.site_id, **DeviceOut.from_domain(device).model_dump())


class ImportIn(_Strict):
    """A CSV and which of its columns means what; `"=pond"` is a constant for all rows."""

    mapping: dict[str, str] = Field(max_length=60)
    csv: str = Field(max_length=1_000_000)
    dry_run: bool = Field(False, description="Only tell what is wrong or would be done")


class ImportOut(BaseModel):
    """What was (or with `dry_run` would be) registered."""

    sites_new: int
    sites_changed: int
    devices: int
    dry_run: bool
