"""Where the formats that name their own units put what they read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dispatch.domain.ids import DeviceId
from dispatch.domain.signal import Grade, Signal, SignalKind, signal_id
from dispatch.intake.decoded import Decoded
from dispatch.intake.issues import issue
from dispatch.intake.reading import number
from dispatch.intake.units import fits, in_unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.domain.errors import Issue
    from dispatch.domain.signal import Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose value it is and from when; `subject` names it in an issue.

    `grade` is what the sender itself thinks of it.
    """

    device_id: str
    observed_at: datetime
    subject: str
    grade: Grade = Grade.GOOD


class Collector:
    """Collects the signals and issues of one payload from one source."""

    def __init__(self, payload: Payload, source: str) -> None:
        self._payload = payload
        self._source = source
        self.signals: list[Signal] = []
        self.issues: list[Issue] = []

    def add(self, kind: SignalKind, raw: object, origin: Origin, *, unit: str) -> None:
        """Add one observation, or the issue that keeps it out.

        `unit` is as the sender writes it, "" for the kind's own.
        """
        if unit and not fits(kind, unit):
            self.fault("I118", origin.subject, f"{unit!r} is no unit of {kind} that we know")
            return
        value = number(raw)
        if value is not None:
            value = in_unit_of(kind, value, unit)
        if value is None or not math.isfinite(value):
            self.fault("I105", origin.subject, f"{raw!r} is not a finite number")
            return
        self.signals.append(
            Signal(
                id=signal_id(self._source, origin.device_id, kind, origin.observed_at),
                source=self._source,
                device_id=DeviceId(origin.device_id),
                kind=kind,
                value=value,
                observed_at=origin.observed_at,
                received_at=self._payload.received_at,
                payload_id=self._payload.id,
                grade=origin.grade,
            )
        )

    def fault(self, code: str, subject: str, cause: str) -> None:
        """Keep the reason why a part of the payload is not used."""
        self.issues.append(issue(code, subject, cause))

    def faults(self, issues: Sequence[Issue]) -> None:
        """Keep reasons that others found."""
        self.issues.extend(issues)

    def decoded(self) -> Decoded:
        """Return what was collected."""
        return Decoded(signals=tuple(self.signals), issues=tuple(self.issues))
