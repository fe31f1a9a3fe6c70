"""What a demand rule looks at: one site's past, and the occasion it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from dispatch.demand.irrigation.inputs import IrrigationInputs
from dispatch.demand.settings import DemandSettings
from dispatch.demand.windows import day_window
from dispatch.domain.clock import seconds_between
from dispatch.domain.job import JobKind, TimeWindow
from dispatch.domain.signal import Grade, Signal, SignalKind
from dispatch.domain.site import Device, Site
from dispatch.domain.weather import WateringGiven

if TYPE_CHECKING:
    from dispatch.domain.ids import PartId

SUNDAY: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHistory:
    """A site with its signals of the last weeks (sorted by `observed_at`) and its devices.

    `last_done` says when each kind of work was last done here, as far as crews reported it,
    `last_heard` when each device (id in small letters) last sent anything, however long ago.
    """

    site: Site
    signals: tuple[Signal, ...]
    devices: tuple[Device, ...] = ()
    last_done: Mapping[JobKind, datetime] = field(default_factory=dict)
    last_heard: Mapping[str, datetime] = field(default_factory=dict)
    waterings: tuple[WateringGiven, ...] = ()
    """Water that crews gave here, as far as they reported the litres."""

    def heard_at(self, device: Device) -> datetime | None:
        """Return when the device last sent anything; None if it never has since it was mounted."""
        key = device.id.casefold()
        moments = [s.observed_at for s in self.signals if s.device_id.casefold() == key]
        if key in self.last_heard:
            moments.append(self.last_heard[key])
        return max((m for m in moments if m >= device.mounted_from), default=None)

    def of(self, *kinds: SignalKind, until: datetime) -> tuple[Signal, ...]:
        """Return the signals of these kinds up to a moment, bad ones included.

        Signals from the future, sent by a device whose clock is wrong, thus never count.
        """
        return tuple(s for s in self.signals if s.kind in kinds and s.observed_at <= until)

    def good(
        self, kind: SignalKind, *, until: datetime, part_id: PartId | None = None
    ) -> tuple[Signal, ...]:
        """Return the believable signals of a kind (of one part, if given) up to a moment."""
        return tuple(
            s
            for s in self.signals
            if s.kind is kind
            and s.grade is Grade.GOOD
            and s.observed_at <= until
            and (part_id is None or s.part_id == part_id)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Jobs are made at `now` for work on `day`.

    `holidays` are days without noisy work; `watering_run_at` is the newest run of the irrigation
    model for any site, which tells "no need here" from "no news".
    """

    now: datetime
    day: date
    holidays: frozenset[date] = frozenset()
    watering_run_at: datetime | None = None
    irrigation: IrrigationInputs | None = None
    """Weather and groundwater for the own irrigation model; without them it is not asked."""

    def is_service_day(self, day: date) -> bool:
        """Tell whether noisy work is allowed: not on Sundays and public holidays."""
        return day.weekday() != SUNDAY and day not in self.holidays

    def next_service_day(self, day: date) -> date:
        """Return the first service day after that day."""
        found = day + timedelta(days=1)
        while not self.is_service_day(found):
            found += timedelta(days=1)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the parts of a rule pass on to each other: history, settings and occasion."""

    history: SiteHistory
    settings: DemandSettings
    occasion: Occasion

    @property
    def day_window(self) -> TimeWindow:
        """When quiet work may start on the service day."""
        return day_window(
            self.occasion.day, opens=self.settings.day_opens, closes=self.settings.day_closes
        )

    def hours_ago(self, moment: datetime) -> float:
        """Return how long ago a moment was, in true hours."""
        return seconds_between(moment, self.occasion.now) / 3600

    def recent(self, kind: SignalKind, *, hours: float) -> tuple[Signal, ...]:
        """Return the believable signals of a kind in the last hours."""
        found = self.history.good(kind, until=self.occasion.now)
        return tuple(s for s in found if self.hours_ago(s.observed_at) <= hours)
