"""Sites and devices are registered and changed by people, one at a time or many together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.domain.errors import Conflict, InvalidInput, Issue
from dispatch.domain.site import GlassBank
from dispatch.intake.devices import device_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dispatch.domain.site import Device, Site
    from dispatch.store import Store, Transaction


def put_site(site: Site, *, store: Store) -> bool:
    """Register the site or replace it; return whether it is new.

    Raises Conflict S801 for a site of another kind: its jobs and signals would be misread.
    """
    with store.begin() as tx:
        known = tx.sites_by_id([site.id])
        _check_kind(site, known)
        tx.save_sites([site])
    return not known


def put_device(device: Device, *, store: Store) -> tuple[Device, ...]:
    """Mount the device from its moment on; return all its mountings, the first one first.

    A mounting that began earlier and has no end ends then. Raises InvalidInput S802 for a part the
    site does not have, NotFound for a site nobody registered, Conflict S803 when the device hangs
    elsewhere in that time.
    """
    with store.begin() as tx:
        return mounted(device, tx)


def mounted(device: Device, tx: Transaction) -> tuple[Device, ...]:
    """Return all mountings of the device with this one, saved in the transaction."""
    if issues := list(part_issues(device, tx.site(device.site_id))):
        raise InvalidInput(*issues)
    # A sender may write a name in capitals or not: the first spelling stays.
    key = device_key(device.id)
    known = [found for found, _ in tx.devices_around([key]) if device_key(found.id) == key]
    if known:
        device = replace(device, id=known[0].id)
    others = [_ended(d, device) for d in known if d.mounted_from != device.mounted_from]
    clashing = [other for other in others if _overlap(other, device)]
    if clashing:
        raise Conflict(*(_clash(device, other) for other in clashing))
    found = sorted([*others, device], key=lambda d: d.mounted_from)
    tx.save_devices(found)
    return tuple(found)


def part_issues(device: Device, site: Site) -> Iterator[Issue]:
    """Yield what is wrong with the part of the site that the device is said to hang at."""
    if isinstance(site.asset, GlassBank):
        parts = [container.id for container in site.asset.containers]
        if device.part_id not in parts:
            yield _part(device, f"the site's containers are {', '.join(parts)}")
    elif device.part_id is not None:
        yield _part(device, f"a {site.kind} has no parts")


def _part(device: Device, cause: str) -> Issue:
    return Issue(
        code="S802",
        subject=f"device {device.id}, part {device.part_id}",
        cause=cause,
        action="Name one of the site's containers, or none where there are none",
    )


def check_kinds(sites: Sequence[Site], tx: Transaction) -> list[Issue]:
    """Return an issue for each site that is registered with another kind."""
    known = {site.id: site for site in tx.sites_by_id([site.id for site in sites])}
    return [
        _other_kind(site, known[site.id])
        for site in sites
        if site.id in known and known[site.id].kind is not site.kind
    ]


def _check_kind(site: Site, known: Iterable[Site]) -> None:
    for other in known:
        if other.kind is not site.kind:
            raise Conflict(_other_kind(site, other))


def _other_kind(site: Site, known: Site) -> Issue:
    return Issue(
        code="S801",
        subject=f"site {site.id}",
        cause=f"it is registered as a {known.kind}, not as a {site.kind}",
        action="Register it under another id",
    )


def _ended(earlier: Device, device: Device) -> Device:
    """Return the other mounting, ended where this one takes the device from there."""
    if earlier.mounted_until is None and earlier.mounted_from < device.mounted_from:
        return replace(earlier, mounted_until=device.mounted_from)
    return earlier


def _overlap(a: Device, b: Device) -> bool:
    a_ends_first = a.mounted_until is not None and a.mounted_until <= b.mounted_from
    b_ends_first = b.mounted_until is not None and b.mounted_until <= a.mounted_from
    return not (a_ends_first or b_ends_first)


def _clash(device: Device, other: Device) -> Issue:
    end = "now" if other.mounted_until is None else f"{other.mounted_until:%Y-%m-%d %H:%M %Z}"
    return Issue(
        code="S803",
        subject=f"device {device.id}",
        cause=f"it hangs at {other.site_id} from {other.mounted_from:%Y-%m-%d %H:%M %Z} to {end}",
        action="Change that mounting first, or the moments of this one",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many sites and mountings an import registered."""

    sites_new: int
    sites_changed: int
    devices: int


def import_register(
    sites: Sequence[Site],
    devices: Sequence[tuple[str, Device]],
    *,
    store: Store,
    dry_run: bool,
) -> Imported:
    """Register all of it in one transaction, or nothing of it.

    `devices` come with where they were read, for the issues. Raises InvalidInput with every fault
    (S801 to S803). With `dry_run` nothing is kept.
    """
    by_id = {site.id: site for site in sites}
    try:
        with store.begin() as tx:
            known = {site.id: site for site in tx.sites_by_id(list(by_id))}
            issues = check_kinds(sites, tx)
            tx.save_sites(sites)
            for where, device in devices:
                issues += _mounting_issues(where, device, tx)
            if issues:
                raise InvalidInput(*issues)
            changed = sum(known[key] != site for key, site in by_id.items() if key in known)
            result = Imported(
                sites_new=len(by_id) - len(known), sites_changed=changed, devices=len(devices)
            )
            if dry_run:
                raise _Only(result)
    except _Only as only:
        return only.result
    return result


class _Only(Exception):
    """Ends a transaction whose result alone is wanted."""

    def __init__(self, result: Imported) -> None:
        super().__init__()
        self.result = result


def _mounting_issues(where: str, device: Device, tx: Transaction) -> list[Issue]:
    try:
        mounted(device, tx)
    except (InvalidInput, Conflict) as error:
        return [replace(issue, subject=f"{where}, {issue.subject}") for issue in error.issues]
    return []
