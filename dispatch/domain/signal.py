"""Payloads as received and the normalised observations made from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from dispatch.domain.errors import Issue
from dispatch.domain.ids import DeviceId, PartId, PayloadId, SignalId, SiteId, digest


class SignalKind(StrEnum):
    """What was observed; each kind has exactly one unit (see `UNITS`)."""

    FILL_LEVEL = "fill_level"
    FILL_DISTANCE = "fill_distance"
    SOIL_MOISTURE = "soil_moisture"
    SOIL_TEMPERATURE = "soil_temperature"
    SOIL_CONDUCTIVITY = "soil_conductivity"
    STEM_MOISTURE = "stem_moisture"
    STEM_RESISTANCE = "stem_resistance"
    STEM_TEMPERATURE = "stem_temperature"
    WATERING_NEED = "watering_need"
    STATION_VISITS = "station_visits"
    DISSOLVED_OXYGEN = "dissolved_oxygen"
    OXYGEN_SATURATION = "oxygen_saturation"
    WATER_TEMPERATURE = "water_temperature"
    WATER_LEVEL = "water_level"
    WATER_CONDUCTIVITY = "water_conductivity"
    BATTERY_VOLTAGE = "battery_voltage"
    BATTERY_LEVEL = "battery_level"
    DEVICE_TEMPERATURE = "device_temperature"
    DEVICE_HUMIDITY = "device_humidity"
    TILT = "tilt"
    SOIL_TENSION = "soil_tension"
    PH = "ph"
    DEPOSITS = "deposits"
    TRAP_STATE = "trap_state"
    CONTAINER_STATUS = "container_status"
    LID_OPEN = "lid_open"
    FLOODED = "flooded"
    MOVED = "moved"
    AIR_TEMPERATURE = "air_temperature"
    AIR_HUMIDITY = "air_humidity"
    EMPTIED = "emptied"
    FOUND_LEVEL = "found_level"


UNITS: dict[SignalKind, str] = {
    SignalKind.FILL_LEVEL: "%",
    SignalKind.FILL_DISTANCE: "mm",
    SignalKind.SOIL_MOISTURE: "% VWC",
    SignalKind.SOIL_TEMPERATURE: "°C",
    SignalKind.SOIL_CONDUCTIVITY: "µS/cm",
    SignalKind.STEM_MOISTURE: "%",
    SignalKind.STEM_RESISTANCE: "kΩ",
    SignalKind.STEM_TEMPERATURE: "°C",
    SignalKind.WATERING_NEED: "l",
    SignalKind.STATION_VISITS: "visits since the last refill",
    SignalKind.DISSOLVED_OXYGEN: "mg/l",
    SignalKind.OXYGEN_SATURATION: "%",
    SignalKind.WATER_TEMPERATURE: "°C",
    SignalKind.WATER_LEVEL: "m",
    SignalKind.WATER_CONDUCTIVITY: "µS/cm",
    SignalKind.BATTERY_VOLTAGE: "V",
    SignalKind.BATTERY_LEVEL: "%",
    SignalKind.DEVICE_TEMPERATURE: "°C",
    SignalKind.DEVICE_HUMIDITY: "%",
    SignalKind.TILT: "1 = tilted",
    SignalKind.SOIL_TENSION: "kPa",
    SignalKind.PH: "pH",
    SignalKind.DEPOSITS: "deposits since the report before",
    SignalKind.TRAP_STATE: "code, see TrapState",
    SignalKind.CONTAINER_STATUS: "code, see ContainerStatus",
    SignalKind.LID_OPEN: "1 = open",
    SignalKind.FLOODED: "1 = flooded",
    SignalKind.MOVED: "1 = moved",
    SignalKind.AIR_TEMPERATURE: "°C",
    SignalKind.AIR_HUMIDITY: "%",
    SignalKind.EMPTIED: "1 = a crew emptied it then",
    SignalKind.FOUND_LEVEL: "% estimated by the crew that emptied it",
}


class TrapState(IntEnum):
    """What a trap says of itself: the values of `TRAP_STATE`, numbered as XIGNAL does."""

    FAILED = 0
    NORMAL = 1
    TRAPPED = 2
    ABNORMAL = 3
    MOVED = 4
    ERROR = 7
    WAKE_UP = 8


class ContainerStatus(IntEnum):
    """What a container says of itself: the values of `CONTAINER_STATUS`, after NGSI's words."""

    OK = 0
    LID_OPEN = 1
    DROPPED = 2
    MOVED = 3
    VANDALIZED = 4
    BURNING = 5


class Grade(StrEnum):
    """How far a signal can be believed; only `GOOD` may create emergencies.

    `SPIKE` is a single value that cannot be, `JUMP` a level that cannot have been reached so fast.
    `STALE` came in long after it was observed: it is believed, but is news no more. `CLOCK` was
    observed at another time than its device says.
    """

    GOOD = "good"
    OUT_OF_RANGE = "out_of_range"
    SPIKE = "spike"
    STUCK = "stuck"
    ZERO_RUN = "zero_run"
    TILTED = "tilted"
    JUMP = "jump"
    STALE = "stale"
    CLOCK = "clock"


BELIEVED = frozenset({Grade.GOOD, Grade.STALE})
"""Whose value and time hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WateringNeed:
    """What the irrigation model asks for at one site; dates are inclusive, stress is 0 to 1."""

    run_id: str
    litres_min: int
    earliest: date
    latest: date
    stress_at_latest: float
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One observation. `value` is in the unit of its kind; times are aware.

    `source` names the sending system (`ttn:usb-glas`), `device_id` is the sender's own id kept
    verbatim. `site_id` and `part_id` are filled in by ingest from the device's mounting.
    """

    id: SignalId
    source: str
    device_id: DeviceId
    kind: SignalKind
    value: float
    observed_at: datetime
    received_at: datetime
    payload_id: PayloadId
    site_id: SiteId | None = None
    part_id: PartId | None = None
    grade: Grade = Grade.GOOD
    need: WateringNeed | None = None


def signal_id(source: str, device_id: str, kind: SignalKind, observed_at: datetime) -> SignalId:
    """Return the digest that makes a signal sent twice the same signal: 32 hexadecimal digits.

    The first eleven are the time of observation in milliseconds: ids that grow with time let a
    database append to its index instead of writing all over it.
    """
    milliseconds = round(observed_at.timestamp() * 1000)
    what = digest(source, device_id, kind, str(milliseconds))
    return SignalId(f"{milliseconds:011x}{what[:21]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Bytes as received, kept for audit and replay."""

    id: PayloadId
    format: str
    received_at: datetime
    body: bytes


def payload_of(body: bytes, *, format_name: str, received_at: datetime) -> Payload:
    """Return the payload, identified by its format and content alone."""
    return Payload(
        id=PayloadId(digest(format_name, body)),
        format=format_name,
        received_at=received_at,
        body=body,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineEntry:
    """Something received that could not be used yet; the bytes are in its payload.

    `resolved_at` is when a replay made use of it; the entry then only stays for audit.
    """

    id: str
    payload_id: PayloadId
    received_at: datetime
    issue: Issue
    resolved_at: datetime | None = None


_MOVED: dict[SignalKind, frozenset[float]] = {
    SignalKind.MOVED: frozenset({1.0}),
    SignalKind.TRAP_STATE: frozenset({float(TrapState.MOVED)}),
    SignalKind.CONTAINER_STATUS: frozenset(
        {float(ContainerStatus.DROPPED), float(ContainerStatus.MOVED)}
    ),
}


def says_moved(signal: Signal) -> bool | None:
    """Tell whether its device says that it was moved; None if the signal is not about that."""
    values = _MOVED.get(signal.kind)
    return None if values is None else signal.value in values
