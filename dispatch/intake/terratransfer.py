"""TerraTransfer, the web service of Bochum's pond loggers: its API's JSON and the city's CSV.

Both give the same signals with the same ids, so a row published later as CSV is recognised.

Times have no zone; they are UTC+1 all year (compared with the city's weather stations, whose
times carry an offset). Seconds are kept as sent: the loggers jitter by a second.
API: https://github.com/StadtBochum/OpenData, tools/terratransfer.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.ids import DeviceId
from dispatch.domain.signal import Payload, Signal, SignalKind, signal_id
from dispatch.intake.csv_text import cells_of
from dispatch.intake.decoded import Decoded
from dispatch.intake.issues import issue, refusal
from dispatch.intake.reading import csv_text, json_object, member, moment_in, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SOURCE: Final = "terratransfer"
LOGGER_ZONE: Final = timezone(timedelta(hours=1))

COLUMNS: Final[Mapping[str, SignalKind]] = {
    "pegel": SignalKind.WATER_LEVEL,
    "wtemp": SignalKind.WATER_TEMPERATURE,
    "o": SignalKind.OXYGEN_SATURATION,
    "do": SignalKind.DISSOLVED_OXYGEN,
    "ell": SignalKind.WATER_CONDUCTIVITY,
    "hkbat": SignalKind.BATTERY_VOLTAGE,
    "hktemp": SignalKind.DEVICE_TEMPERATURE,
    "hkhum": SignalKind.DEVICE_HUMIDITY,
}
"""The eight series in lower case: the API writes PEGEL and HKBat, the CSV pegel and hkBat."""


def wrap_answer(answer: bytes, *, logger_id: str) -> bytes:
    """Return the payload body for an answer of the API, which does not name its logger.

    The transport that asked knows the logger; it stores this envelope. Raises InvalidInput I101
    when the answer is not UTF-8 text; whether it is JSON is for `decode` to say.
    """
    try:
        text = answer.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusal("I101", logger_id, f"not UTF-8 text ({error.reason})") from None
    return f'{{"logger_id": {json.dumps(logger_id)}, "answer": {text}}}'.encode()


def decode(payload: Payload) -> Decoded:
    """Return the signals of one enveloped API answer. Raises InvalidInput."""
    body = json_object(payload)
    if "logger_id" not in body:
        raise refusal("I114", "logger_id", "the answer does not say which logger it is from")
    logger_id = member(body, "logger_id", str)
    answer = member(body, "answer", dict)
    rows = _Rows(payload, logger_id)
    for name, series in answer.items():
        kind = COLUMNS.get(name.casefold())
        if kind is not None:
            for time_text, value in _points(series, name, rows.issues):
                rows.add(kind, time_text, value, subject=f"{logger_id} {name} {time_text}")
    return rows.decoded()


def _points(series: object, name: str, issues: list[Issue]) -> Iterator[tuple[str, object]]:
    """Yield time and value of a list of one-member objects."""
    if not isinstance(series, list):
        issues.append(issue("I102", name, f"is {type(series).__name__}, wanted list"))
        return
    for point in series:
        if isinstance(point, dict):
            yield from point.items()
        else:
            issues.append(issue("I102", name, f"holds {type(point).__name__}, wanted objects"))


def decode_csv(payload: Payload) -> Decoded:
    """Return the signals of a file as the city publishes it; rows may be of several loggers.

    Empty cells are no observation and no fault. Raises InvalidInput I101, I113.
    """
    header, *lines = csv_text(payload).split("\n")
    names = [name.strip().casefold() for name in header.split(",")]
    if "datetime" not in names or "logger_id" not in names:
        raise refusal("I113", SOURCE, "the header lacks datetime or logger_id")
    time_at, logger_at = names.index("datetime"), names.index("logger_id")
    columns = [(at, COLUMNS[name]) for at, name in enumerate(names) if name in COLUMNS]
    loggers: dict[str, _Rows] = {}
    issues: list[Issue] = []
    for row_number, line in enumerate(lines, start=2):
        cells = cells_of(line.rstrip("\r"), ",")
        if len(cells) != len(names) or not cells[logger_at]:
            issues += _row_fault(cells, row_number, wanted=len(names))
            continue
        logger_id = cells[logger_at]
        rows = loggers.get(logger_id) or loggers.setdefault(logger_id, _Rows(payload, logger_id))
        for at, kind in columns:
            if cells[at]:
                rows.add(kind, cells[time_at], cells[at], subject=f"row {row_number}")
    return Decoded(
        signals=tuple(signal for rows in loggers.values() for signal in rows.signals),
        issues=(*issues, *(fault for rows in loggers.values() for fault in rows.issues)),
    )


def _row_fault(cells: list[str], row_number: int, *, wanted: int) -> list[Issue]:
    """Return the issue of a row that does not fit its header; an empty line is none."""
    if cells == [""]:
        return []
    fits = len(cells) == wanted
    cause = "no logger_id" if fits else f"{len(cells)} columns, the header has {wanted}"
    return [issue("I113", f"row {row_number}", cause)]


class _Rows:
    """Collects the signals and issues of one logger in one payload."""

    def __init__(self, payload: Payload, logger_id: str) -> None:
        self.signals: list[Signal] = []
        self.issues: list[Issue] = []
        self._payload = payload
        self._device_id = DeviceId(logger_id)
        self._moments: dict[str, datetime | None] = {}

    def add(self, kind: SignalKind, time_text: str, raw: object, *, subject: str) -> None:
        """Add one observation, or the issue that keeps it out; None is no observation."""
        if raw is None:
            return
        observed_at = self._moment(time_text, subject)
        if observed_at is None:
            return
        value = number(raw)
        if value is None:
            self.issues.append(issue("I105", f"{subject} {kind}", f"{raw!r} is no finite number"))
            return
        self.signals.append(
            Signal(
                id=signal_id(SOURCE, self._device_id, kind, observed_at),
                source=SOURCE,
                device_id=self._device_id,
                kind=kind,
                value=value,
                observed_at=observed_at,
                received_at=self._payload.received_at,
                payload_id=self._payload.id,
            )
        )

    def _moment(self, text: str, subject: str) -> datetime | None:
        """Return the time, read once for all series; a bad one is one issue."""
        if text not in self._moments:
            try:
                self._moments[text] = moment_in(text, LOGGER_ZONE, subject=subject)
            except InvalidInput as error:
                self.issues.extend(error.issues)
                self._moments[text] = None
        return self._moments[text]

    def decoded(self) -> Decoded:
        """Return what was collected."""
        return Decoded(signals=tuple(self.signals), issues=tuple(self.issues))
