"""Sites and devices as people register them."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import ValidationError

from dispatch.api.deps import StoreDep
from dispatch.api.errors import errors
from dispatch.api.register_schemas import (
    DeviceIn,
    ImportIn,
    ImportOut,
    MountingOut,
    SiteIn,
)
from dispatch.api.site_schemas import SiteOut
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.site import Device, Site
from dispatch.service.registering import import_register, put_device, put_site
from dispatch.service.site_rows import SiteRows, row_issue, site_rows

router = APIRouter(prefix="/api/v1", tags=["register"])

MOST_ISSUES = 200
NAME = r"^[^\x00-\x1f\x7f]+$"
OwnId = Annotated[str, Path(min_length=1, max_length=200, pattern=NAME)]


@router.put("/sites/{site_id}", responses={201: {"model": SiteOut}, **errors(409, 422)})
def register_site(site_id: OwnId, wanted: SiteIn, response: Response, store: StoreDep) -> SiteOut:
    """Register a site (201), or replace what is said of it (200)."""
    site = wanted.site(site_id)
    if put_site(site, store=store):
        response.status_code = 201
    return SiteOut.from_domain(site)


@router.put("/devices/{device_id}", responses=errors(404, 409, 422))
def mount_device(device_id: OwnId, wanted: DeviceIn, store: StoreDep) -> list[MountingOut]:
    """Mount a device at a site and return where it hung and hangs; an earlier mounting ends then.

    What waits in quarantine for it is taken in by a replay.
    """
    found = put_device(wanted.device(device_id), store=store)
    return [MountingOut.from_domain(device) for device in found]


@router.post("/sites/import", responses=errors(422))
def import_sites(wanted: ImportIn, store: StoreDep) -> ImportOut:
    """Register the sites and devices of a CSV, all of them or, if anything is wrong, none."""
    rows, issues = site_rows(wanted.csv, wanted.mapping)
    sites: list[Site] = []
    devices: list[tuple[str, Device]] = []
    for one in rows:
        issues += _read(one, sites, devices)
    if issues:
        raise InvalidInput(*issues[:MOST_ISSUES])
    done = import_register(sites, devices, store=store, dry_run=wanted.dry_run)
    return ImportOut(
        sites_new=done.sites_new,
        sites_changed=done.sites_changed,
        devices=done.devices,
        dry_run=wanted.dry_run,
    )


def _read(rows: SiteRows, sites: list[Site], devices: list[tuple[str, Device]]) -> list[Issue]:
    """Add a site and its devices to the lists; return what is wrong with them."""
    issues: list[Issue] = []
    try:
        sites.append(SiteIn.model_validate(rows.site).site(rows.site_id))
    except ValidationError as error:
        issues += _faults(rows.row, error)
    for row, name, document in rows.devices:
        try:
            devices.append((f"row {row}", DeviceIn.model_validate(document).device(name)))
        except ValidationError as error:
            issues += _faults(row, error)
    return issues


def _faults(row: int, error: ValidationError) -> list[Issue]:
    return [
        row_issue(row, f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}")
        for fault in error.errors(include_url=False, include_context=False)
    ]
