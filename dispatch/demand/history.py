"""What a demand rule looks at: one site's past, and the occasion it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar, cast

from dispatch.demand.course import Course, course_of
from dispatch.demand.habits import GlassHabits
from dispatch.demand.irrigation.inputs import IrrigationInputs
from dispatch.demand.series import (
    DEVICE,
    KIND,
    Columns,
    Growth,
    Series,
    SeriesKey,
    course_grown,
    fits,
)
from dispatch.demand.settings import DemandSettings
from dispatch.demand.windows import day_window
from dispatch.domain.clock import seconds_between, to_utc
from dispatch.domain.job import Dimension, JobKind, TimeWindow
from dispatch.domain.signal import BELIEVED, Signal, SignalKind
from dispatch.domain.site import Device, Site
from dispatch.domain.weather import WateringGiven

if TYPE_CHECKING:
    from dispatch.domain.ids import PartId

SUNDAY: Final = 6
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHistory:
    """A site with its signals of the last weeks (sorted by `observed_at`) and its devices.

    `last_done` says when each kind of work was last done here, as far as crews reported it,
    `last_heard` when each device (id in small letters) last sent anything, however long ago.
    """

    site: Site
    signals: tuple[Signal, ...]
    devices: tuple[Device, ...] = ()
    courses: Mapping[SignalKind, Course] = field(default_factory=dict)
    """Series laid out by the hour before (see `course_until`); they may reach into the future."""

    last_done: Mapping[JobKind, datetime] = field(default_factory=dict)
    last_heard: Mapping[str, datetime] = field(default_factory=dict)
    waterings: tuple[WateringGiven, ...] = ()
    taken: Mapping[Dimension, tuple[datetime, ...]] = field(default_factory=dict)
    """When crews took the glass of each colour, as far as they told which."""
    """Water that crews gave here, as far as they reported the litres."""
    _series: dict[SeriesKey, Series] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was picked out of the signals before: they never change, so neither does this."""
    _laid_out: dict[SignalKind, Course] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _memory: dict[Hashable, tuple[tuple[object, ...], object]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def grown(
        self,
        news: Sequence[Signal],
        *,
        since: datetime,
        rare: Container[SignalKind] = (),
        rare_since: datetime | None = None,
    ) -> SiteHistory:
        """Return the history with later signals added and those from before `since` left out.

        Older ones of `rare` kinds stay, from `rare_since` on if that is given. What was picked out
        already is carried on, so that one more signal costs no new search.
        `news` are in time order and none is older than the last signal.
        """
        growth = Growth(
            added=tuple(news),
            since=since,
            rare=rare,
            rare_since=rare_since or datetime.min.replace(tzinfo=UTC),
        )
        found = replace(self, signals=Series(self.signals).grown(growth, growth.added).signals)
        found._memory.update(self._memory)
        devices = {key for name, key in self._series if name == DEVICE}
        kinds = {key for name, key in self._series if name == KIND}
        added = growth.added
        if {s.device_id.casefold() for s in added} <= devices and {s.kind for s in added} <= kinds:
            for (name, key), series in self._series.items():
                fitting = tuple(s for s in added if fits(s, name, key))
                found._series[name, key] = series.grown(growth, fitting)
        for kind, course in self._laid_out.items():
            found._laid_out[kind] = course_grown(course, found._all_of(kind), growth, kind)
        return found

    def beside(
        self,
        *,
        devices: Sequence[Device],
        last_heard: Mapping[str, datetime],
        last_done: Mapping[JobKind, datetime],
        waterings: tuple[WateringGiven, ...],
        taken: Mapping[Dimension, tuple[datetime, ...]],
    ) -> SiteHistory:
        """Return the same signals, as picked out already, with these devices and work done."""
        found = replace(
            self,
            devices=tuple(devices),
            last_heard=last_heard,
            last_done=last_done,
            waterings=waterings,
            taken=taken,
        )
        found._series.update(self._series)
        found._laid_out.update(self._laid_out)
        found._memory.update(self._memory)
        return found

    def remembered(self, what: Hashable, inputs: tuple[object, ...], make: Callable[[], _T]) -> _T:
        """Return what `make` makes, from memory if it was made of equal inputs the last time.

        `inputs` must be all that `make` looks at: then memory spares work and changes nothing.
        """
        known = self._memory.get(what)
        if known is None or known[0] != inputs:
            known = self._memory[what] = (inputs, make())
        return cast("_T", known[1])

    @property
    def kinds(self) -> frozenset[SignalKind]:
        """What has been sent from here, by any device."""
        if (KIND, "") not in self._series:
            self._index_kinds()
        return frozenset(SignalKind(key) for name, key in self._series if name == KIND and key)

    def course(self, kind: SignalKind) -> Course:
        """Return a kind hour by hour, with all that is known of it, signals of the future too."""
        if kind in self.courses:
            return self.courses[kind]
        if kind not in self._laid_out:
            self._laid_out[kind] = course_of(self._all_of(kind).signals)
        return self._laid_out[kind]

    def heard_at(self, device: Device) -> datetime | None:
        """Return when the device last sent anything; None if it never has since it was mounted."""
        key = device.id.casefold()
        sent = self.sent_by(device)
        moments = [sent[-1].observed_at] if sent else []
        if key in self.last_heard:
            moments.append(self.last_heard[key])
        return max((m for m in moments if m >= device.mounted_from), default=None)

    def sent_by(
        self, device: Device, *, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[Signal, ...]:
        """Return the signals of a device in time order; letters' case does not count in its id."""
        if (DEVICE, "") not in self._series:
            by_name: dict[str, list[Signal]] = {}
            names: dict[str, list[Signal]] = {}
            for signal in self.signals:
                if signal.device_id not in names:
                    name = signal.device_id.casefold()
                    names[signal.device_id] = by_name.setdefault(name, [])
                names[signal.device_id].append(signal)
            self._series[DEVICE, ""] = Series(())
            for name, signals in by_name.items():
                self._series[DEVICE, name] = Series(tuple(signals))
        found = self._series.get((DEVICE, device.id.casefold()))
        if found is None:
            return ()
        return found.signals if until is None else found.until(until, since=since)

    def of(self, *kinds: SignalKind, until: datetime) -> tuple[Signal, ...]:
        """Return the signals of these kinds up to a moment, bad ones included.

        Signals from the future, sent by a device whose clock is wrong, thus never count.
        """
        if len(kinds) == 1:
            return self._all_of(kinds[0]).until(until)
        return tuple(s for s in self.signals if s.kind in kinds and s.observed_at <= until)

    def good(
        self,
        kind: SignalKind,
        *,
        until: datetime,
        since: datetime | None = None,
        part_id: PartId | None = None,
    ) -> tuple[Signal, ...]:
        """Return the believed signals of a kind (of one part, if given) from `since` to `until`.

        Among them are those that came in late: they are true, though no news.
        """
        return self._good(kind, part_id).until(until, since=since)

    def good_columns(self, kind: SignalKind, *, part_id: PartId | None = None) -> Columns:
        """Return all that `good` may return, those of the future included, as arrays."""
        return self._good(kind, part_id).columns()

    def _good(self, kind: SignalKind, part_id: PartId | None) -> Series:
        key = (kind, part_id or "")
        if key not in self._series:
            self._series[key] = Series(
                tuple(
                    s
                    for s in self._all_of(kind).signals
                    if s.grade in BELIEVED and (part_id is None or s.part_id == part_id)
                )
            )
        return self._series[key]

    def _all_of(self, kind: SignalKind) -> Series:
        key = (KIND, kind)
        if (KIND, "") not in self._series:
            self._index_kinds()
        return self._series.get(key) or self._series[KIND, ""]

    def _index_kinds(self) -> None:
        by_kind: dict[SignalKind, list[Signal]] = {}
        for signal in self.signals:
            by_kind.setdefault(signal.kind, []).append(signal)
        self._series[KIND, ""] = Series(())
        for name, signals in by_kind.items():
            self._series[KIND, name] = Series(tuple(signals))


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Jobs are made at `now` for work on `day`.

    `holidays` are days without noisy work; `watering_run_at` is the newest run of the irrigation
    model for any site, which tells "no need here" from "no news".
    `glass` is how the city's containers fill (None: nobody looked), `max_temp_c` the forecast
    maximum of the days ahead.
    """

    now: datetime
    day: date
    holidays: frozenset[date] = frozenset()
    watering_run_at: datetime | None = None
    irrigation: IrrigationInputs | None = None
    """Weather and groundwater for the own irrigation model; without them it is not asked."""
    glass: GlassHabits | None = None
    max_temp_c: Mapping[date, float] = field(default_factory=dict)

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
        since = to_utc(self.occasion.now) - timedelta(hours=hours)
        return self.history.good(kind, until=self.occasion.now, since=since)
