"""Sites, devices and the fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func
from sqlmodel import SQLModel, col, delete, select

from dispatch.domain.fleet import Fleet
from dispatch.store.session import Queries, chunks, unknown
from dispatch.store.tables import (
    CrewRow,
    DepotRow,
    DeviceRow,
    FacilityRow,
    ShiftPatternRow,
    SiteRow,
    VehicleRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from dispatch.domain.city import City
    from dispatch.domain.fleet import Crew
    from dispatch.domain.ids import CrewId, SiteId
    from dispatch.domain.site import Device, Site, SiteKind

# Asked for with each new signal: bare columns, built once, for building costs more than asking.
_SITE: Any = SiteRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_DEVICE: Any = DeviceRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_IDS: Any = bindparam("ids", expanding=True)
_SITES_BY_ID = select(_SITE.document).where(_SITE.id.in_(_IDS)).order_by(_SITE.id)
_BY_DEVICE = select(_DEVICE.document).order_by(_DEVICE.id, _DEVICE.mounted_from)
_DEVICES_AT = _BY_DEVICE.where(_DEVICE.site_id.in_(_IDS))
_NAMED: Any = DeviceRow.__table__.alias("named")  # type: ignore[attr-defined]  # SQLModel adds it
_DEVICES_AROUND = (
    select(_DEVICE.document, _SITE.document)
    .join_from(DeviceRow, SiteRow, _SITE.id == _DEVICE.site_id)
    .where(_DEVICE.site_id.in_(select(_NAMED.c.site_id).where(func.lower(_NAMED.c.id).in_(_IDS))))
    .order_by(_DEVICE.id, _DEVICE.mounted_from)
)


class RegisterQueries(Queries):
    """What stands where, and who works there."""

    def save_city(self, city: City) -> None:
        """Store or replace every entry of the city's registers; entries not named stay."""
        self.save_sites(city.sites)
        self.save_devices(city.devices)
        self._save_fleet(city.fleet)

    def save_sites(self, sites: Iterable[Site]) -> None:
        """Store or replace these sites."""
        for site in sites:
            self._session.merge(SiteRow(id=site.id, kind=site.kind, document=site))
        self._session.flush()

    def save_devices(self, devices: Iterable[Device]) -> None:
        """Store these mountings, each in the place of one of the same device and moment."""
        for device in devices:
            self._session.merge(
                DeviceRow(
                    id=device.id,
                    mounted_from=device.mounted_from,
                    site_id=device.site_id,
                    document=device,
                )
            )
        self._session.flush()

    def _save_fleet(self, fleet: Fleet) -> None:
        registers: list[tuple[type[Any], tuple[Any, ...]]] = [
            (CrewRow, fleet.crews),
            (VehicleRow, fleet.vehicles),
            (DepotRow, fleet.depots),
            (FacilityRow, fleet.facilities),
        ]
        for table, values in registers:
            for value in values:
                self._session.merge(table(id=value.id, document=value))
        self._session.flush()
        self._save_patterns(fleet)

    def _save_patterns(self, fleet: Fleet) -> None:
        """Replace the patterns of the fleet's crews: a pattern has no name to be known again by."""
        crews = {crew.id for crew in fleet.crews} | {p.crew_id for p in fleet.patterns}
        for ids in chunks(sorted(crews)):
            self._session.exec(delete(ShiftPatternRow).where(col(ShiftPatternRow.crew_id).in_(ids)))
        for place, pattern in enumerate(fleet.patterns):
            self._session.merge(
                ShiftPatternRow(
                    id=f"{pattern.crew_id} {place:04}",
                    crew_id=pattern.crew_id,
                    vehicle_id=pattern.vehicle_id,
                    depot_id=pattern.depot_id,
                    document=pattern,
                )
            )

    def is_empty(self) -> bool:
        """Tell whether no site has been registered yet."""
        return self._session.exec(select(SiteRow.id).limit(1)).first() is None

    def sites(self, kind: SiteKind | None = None) -> list[Site]:
        """Return all sites by id, or those of one kind."""
        query = select(SiteRow.document).order_by(SiteRow.id)
        if kind is not None:
            query = query.where(SiteRow.kind == kind)
        return list(self._session.exec(query))

    def site(self, site_id: SiteId) -> Site:
        """Return the site; raises NotFound."""
        row = self._session.get(SiteRow, site_id)
        if row is None:
            raise unknown("DB202", f"site {site_id}")
        site: Site = row.document
        return site

    def sites_by_id(self, site_ids: Collection[SiteId]) -> list[Site]:
        """Return those of the sites that are registered, by id."""
        found = self._session.connection().scalars(_SITES_BY_ID, {"ids": sorted(site_ids)})
        return list(found)

    def devices_at(self, site_ids: Collection[SiteId]) -> list[Device]:
        """Return all mountings at these sites, by device and time."""
        found = self._session.connection().scalars(_DEVICES_AT, {"ids": sorted(site_ids)})
        return list(found)

    def devices_around(self, names: Collection[str]) -> list[tuple[Device, Site]]:
        """Return all mountings at the sites where devices of these names were ever mounted.

        Each with its site, by device and time. The names are given in small letters; one with
        capitals beyond A to Z may be missed, for a database does not know them.
        """
        found = self._session.connection().execute(_DEVICES_AROUND, {"ids": sorted(names)})
        return [(device, site) for device, site in found]

    def devices(self, site_id: SiteId | None = None) -> list[Device]:
        """Return all mountings by device and time, or those at one site."""
        query = select(DeviceRow.document).order_by(DeviceRow.id, col(DeviceRow.mounted_from))
        if site_id is not None:
            query = query.where(DeviceRow.site_id == site_id)
        return list(self._session.exec(query))

    def crew(self, crew_id: CrewId) -> Crew:
        """Return the crew; raises NotFound (DB222)."""
        row = self._session.get(CrewRow, crew_id)
        if row is None:
            raise unknown("DB222", f"crew {crew_id}")
        crew: Crew = row.document
        return crew

    def crews(self) -> tuple[Crew, ...]:
        """Return all crews by id."""
        return self._documents(CrewRow)

    def fleet(self) -> Fleet:
        """Return all crews, vehicles, depots, facilities and regular shifts."""
        return Fleet(
            crews=self._documents(CrewRow),
            vehicles=self._documents(VehicleRow),
            depots=self._documents(DepotRow),
            facilities=self._documents(FacilityRow),
            patterns=self._documents(ShiftPatternRow),
        )

    def _documents(self, table: type[SQLModel]) -> tuple[Any, ...]:
        columns: Any = table
        return tuple(self._session.exec(select(columns.document).order_by(columns.id)))
