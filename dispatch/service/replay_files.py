"""Files of a past season as payloads, and a register for devices that nobody has registered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import DeviceId, PartId, SiteId
from dispatch.domain.signal import Payload, Signal, SignalKind, payload_of
from dispatch.domain.site import (
    Container,
    Device,
    GlassBank,
    GlassColour,
    Pond,
    RatStation,
    Site,
    YoungTree,
)
from dispatch.intake.decoded import Decoded
from dispatch.intake.decoders import decode
from dispatch.intake.files import body_of_file
from dispatch.service.file_payloads import guessed_format

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dispatch.domain.site import Asset

SAMPLED_BYTES: Final = 200_000
SAMPLED_LINES: Final = 50
"""Of a larger file of rows each so many-th is read to learn which devices are in it."""

SHOWN_ISSUES: Final = 5
SOMEWHERE: Final = LatLon(51.4818, 7.2162)
"""The town hall: sites made for a replay stand nowhere, and no route is planned to them."""

ASSETS: Final[Mapping[SignalKind, str]] = {
    SignalKind.DISSOLVED_OXYGEN: "pond",
    SignalKind.OXYGEN_SATURATION: "pond",
    SignalKind.WATER_LEVEL: "pond",
    SignalKind.WATER_TEMPERATURE: "pond",
    SignalKind.FILL_LEVEL: "glass",
    SignalKind.FILL_DISTANCE: "glass",
    SignalKind.SOIL_MOISTURE: "tree",
    SignalKind.STEM_MOISTURE: "tree",
    SignalKind.STEM_RESISTANCE: "tree",
    SignalKind.WATERING_NEED: "tree",
    SignalKind.STATION_VISITS: "station",
}
"""Which asset a device watches, by the first of these kinds that it sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Sites and the devices mounted there."""

    sites: tuple[Site, ...]
    devices: tuple[Device, ...]


def payloads_of(
    files: Iterable[tuple[str, bytes]], *, format_name: str | None, since: datetime
) -> Iterator[tuple[Payload, Decoded]]:
    """Yield each (name, bytes) as a payload, with signals that tell which devices are in it.

    What a decoder refuses as a whole has its issues instead: taking it in keeps it apart.

    A payload counts as received when its latest signal was observed, or its latest notice changed;
    `since` stands for that where it holds no time of its own. Raises InvalidInput S411 for a file
    of no known format, I101 for an archive that cannot be unpacked.
    """
    for name, raw in files:
        chosen = format_name or guessed_format(raw, file_name=name)
        body = body_of_file(raw, file_name=name, format_name=chosen)
        payload = payload_of(body, format_name=chosen, received_at=since)
        found = _decoded(_sample(payload))
        moments = [signal.observed_at for signal in found.signals]
        moments += [notice.updated_at or notice.requested_at for notice in found.notices]
        latest = max(moments, default=since)
        yield replace(payload, received_at=latest), found


def _decoded(payload: Payload) -> Decoded:
    try:
        return decode(payload)
    except InvalidInput as error:
        return Decoded(issues=error.issues)


def _sample(payload: Payload) -> Payload:
    """Return a payload of some of the rows of a large file, the first and the last included."""
    if len(payload.body) < SAMPLED_BYTES or payload.body[:1] in (b"{", b"["):
        return payload
    lines = payload.body.rstrip(b"\n").split(b"\n")
    return replace(payload, body=b"\n".join([*lines[:3], *lines[3:-1:SAMPLED_LINES], lines[-1]]))


def register_of(signals: Iterable[Signal]) -> Register:
    """Return a register with one site for each device, of the kind that its signals tell.

    A device that only tells of itself (battery, temperature) is left out. A need of the
    irrigation model names its site itself.
    """
    sites: dict[SiteId, Site] = {}
    devices: dict[str, Device] = {}
    ordered = sorted(signals, key=lambda signal: signal.observed_at)
    for signal in ordered:
        what = ASSETS.get(signal.kind)
        if what is None:
            continue
        site_id = signal.site_id or SiteId(f"{what}-{signal.device_id}")
        sites.setdefault(site_id, _site(site_id, what, signal))
        if signal.site_id is None:
            devices.setdefault(signal.device_id.casefold(), _device(signal, what, site_id))
    first = {signal.device_id.casefold(): signal.observed_at for signal in reversed(ordered)}
    mounted = tuple(replace(d, mounted_from=first[key]) for key, d in devices.items())
    used = {d.site_id for d in mounted} | {s.site_id for s in ordered if s.site_id}
    return Register(sites=tuple(sites[key] for key in sites if key in used), devices=mounted)


def _site(site_id: SiteId, what: str, signal: Signal) -> Site:
    name = signal.device_id if signal.site_id is None else signal.site_id
    return Site(
        id=site_id, name=name, location=SOMEWHERE, asset=_asset(what, signal.observed_at.date())
    )


def _asset(what: str, day: date) -> Asset:
    """Return an asset as the domain has it by default, as it stood when its first signal came."""
    match what:
        case "pond":
            return Pond()
        case "glass":
            container = Container(id=PartId("1"), colour=GlassColour.WHITE, volume_l=3000)
            return GlassBank(containers=(container,))
        case "tree":
            return YoungTree(species="", planted=day - timedelta(days=365), girth_cm=18)
        case _:
            return RatStation(refill_after=6, bait_items=4, last_checked=day)


def _device(signal: Signal, what: str, site_id: SiteId) -> Device:
    return Device(
        id=DeviceId(signal.device_id),
        model=signal.source,
        site_id=site_id,
        mounted_from=signal.observed_at,
        part_id=PartId("1") if what == "glass" else None,
    )


def check_span(
    since: datetime, until: datetime, senders: int, issues: Sequence[Issue] = ()
) -> None:
    """Raise InvalidInput S412 where no time lies between, S413 without any device or notice.

    `issues` say why there may be none.
    """
    if since >= until:
        raise InvalidInput(
            Issue(
                code="S412",
                subject=f"{since:%Y-%m-%d} to {until:%Y-%m-%d}",
                cause="there is no time between",
                action="Give a --from before --to",
            )
        )
    if not senders:
        raise InvalidInput(
            Issue(
                code="S413",
                subject="sources",
                cause="no signal or notice in them tells of a site: nothing could be asked for",
                action="Give files with measurements or notices, or a register with --sites",
            ),
            *issues[:SHOWN_ISSUES],
        )
