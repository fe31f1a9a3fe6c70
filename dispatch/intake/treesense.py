"""TreeSense Pulse: the CSV the city publishes for its five tree sensors.

`time;resistance;temperature;resis_temp_comp;moisture_content`, kOhm, Celsius, kOhm, percent.

Times have no zone. They are UTC all year, although they look local: on 31 March 2024 there are
rows between 2 and 3 o'clock, which Bochum's clocks left out, on 29 October 2023 no hour occurs
twice, and the mean day of June and July is coldest at 3 and warmest at 13 to 14 o'clock, as is
the air at the city's weather stations in UTC.

The file names its sensor in its own name only; `with_device` puts it into the first line.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from dispatch.domain.ids import DeviceId
from dispatch.domain.signal import Payload, Signal, SignalKind, signal_id
from dispatch.intake.decoded import Decoded
from dispatch.intake.issues import issue, refusal
from dispatch.intake.reading import FIRST_YEAR, csv_text, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.domain.errors import Issue

SOURCE: Final = "treesense"

COLUMNS: Final[Mapping[str, SignalKind]] = {
    "resistance": SignalKind.STEM_RESISTANCE,
    "temperature": SignalKind.STEM_TEMPERATURE,
    "moisture_content": SignalKind.STEM_MOISTURE,
}
"""`resis_temp_comp` is computed from the first two and is left out."""

_MARK: Final = "# device_id: "
_TIME: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{2}) (\d{1,2}):(\d{2})", re.ASCII)


def with_device(body: bytes, *, device_id: str) -> bytes:
    """Return the payload body for a published file: its sensor in a first line, then the file."""
    return f"{_MARK}{device_id}\n".encode() + body


def decode(payload: Payload) -> Decoded:
    """Return the signals of one file. Raises InvalidInput I101, I113, I114."""
    first, *lines = csv_text(payload).split("\n")
    device_id = first.removeprefix(_MARK).strip()
    if not first.startswith(_MARK) or not device_id:
        raise refusal("I114", SOURCE, "the first line does not name the sensor")
    names = lines[0].lstrip("\ufeff").strip().split(";") if lines else []
    if "time" not in names:
        raise refusal("I113", device_id, "the header lacks time")
    signals: list[Signal] = []
    issues: list[Issue] = []
    for row_number, line in enumerate(lines[1:], start=2):
        if line.strip():
            cells = dict(zip(names, line.strip().split(";"), strict=False))
            _read_row(cells, f"row {row_number}", _Target(payload, device_id, signals, issues))
    return Decoded(signals=tuple(signals), issues=tuple(issues))


class _Target:
    """Where the rows of one file go."""

    def __init__(
        self, payload: Payload, device_id: str, signals: list[Signal], issues: list[Issue]
    ) -> None:
        self.payload, self.device_id = payload, DeviceId(device_id)
        self.signals, self.issues = signals, issues


def _read_row(cells: Mapping[str, str], subject: str, target: _Target) -> None:
    observed_at = _moment(cells["time"])
    if observed_at is None:
        target.issues.append(issue("I104", subject, f"{cells['time']!r} is not a time"))
        return
    for name, kind in COLUMNS.items():
        raw = cells.get(name, "")
        value = number(raw)
        if value is not None:
            target.signals.append(_signal(kind, value, observed_at, target))
        elif raw:
            target.issues.append(issue("I105", f"{subject} {name}", f"{raw!r} is no number"))


def _moment(text: str) -> datetime | None:
    """Return the time of a text such as 14.6.23 8:45, None when it is not one."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    day, month, year, hour, minute = map(int, found.groups())
    try:
        return datetime(FIRST_YEAR + year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def _signal(kind: SignalKind, value: float, observed_at: datetime, target: _Target) -> Signal:
    return Signal(
        id=signal_id(SOURCE, target.device_id, kind, observed_at),
        source=SOURCE,
        device_id=target.device_id,
        kind=kind,
        value=value,
        observed_at=observed_at,
        received_at=target.payload.received_at,
        payload_id=target.payload.id,
    )
