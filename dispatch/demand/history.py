"""What a demand rule looks at: one site's past, and the occasion it is asked for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from dispatch.demand.course import Course, course_of, hour_of, moment_of
from dispatch.demand.habits import GlassHabits
from dispatch.demand.irrigation.inputs import IrrigationInputs
from dispatch.demand.settings import DemandSettings
from dispatch.demand.windows import day_window
from dispatch.domain.clock import seconds_between, to_utc
from dispatch.domain.job import JobKind, TimeWindow
from dispatch.domain.signal import BELIEVED, Signal, SignalKind
from dispatch.domain.site import Device, Site
from dispatch.domain.weather import WateringGiven

if TYPE_CHECKING:
    from dispatch.domain.ids import PartId

SUNDAY: Final = 6
_SeriesKey = tuple[str, str]
_DEVICE, _KIND = "all of a device", "all of a kind"
_observed_at = attrgetter("observed_at")


class _Series:
    """Signals in the order of observation, cut by time without looking at each."""

    __slots__ = ("signals",)

    def __init__(self, signals: tuple[Signal, ...]) -> None:
        self.signals = signals

    def until(self, until: datetime, *, since: datetime | None = None) -> tuple[Signal, ...]:
        """Return those observed from `since` to `until`, both included."""
        first = 0 if since is None else bisect_left(self.signals, since, key=_observed_at)
        last = len(self.signals)
        if self.signals and self.signals[-1].observed_at > until:
            last = bisect_right(self.signals, until, key=_observed_at)
        return self.signals[first:last]

    def later(
        self, added: tuple[Signal, ...], *, since: datetime, rare: Container[SignalKind]
    ) -> tuple[Signal, ...]:
        """Return older ones of rare kinds, those from `since` on, and the added ones."""
        first = bisect_left(self.signals, since, key=_observed_at)
        older = tuple(signal for signal in self.signals[:first] if signal.kind in rare)
        return older + self.signals[first:] + added


def _fits(signal: Signal, name: str, key: str) -> bool:
    """Tell whether a signal belongs to the series of that name."""
    if name == _DEVICE:
        return signal.device_id.casefold() == key
    if name == _KIND:
        return signal.kind == key
    return signal.kind == name and signal.grade in BELIEVED and key in ("", signal.part_id)


def _course_grown(
    course: Course, history: SiteHistory, kind: SignalKind, added: Sequence[Signal]
) -> Course:
    """Return the course with the hours laid out anew that the added signals belong to."""
    news = [signal for signal in added if signal.kind is kind]
    if not news:
        return course
    hour = hour_of(news[0].observed_at)
    latest = history.of(kind, until=news[-1].observed_at)
    begun = bisect_right(latest, moment_of(hour - 1), key=_observed_at)
    return course.between(course.first, hour).followed_by(course_of(latest[begun:]))


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
    """Water that crews gave here, as far as they reported the litres."""
    _series: dict[_SeriesKey, _Series] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was picked out of the signals before: they never change, so neither does this."""
    _laid_out: dict[SignalKind, Course] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def grown(
        self, news: Sequence[Signal], *, since: datetime, rare: Container[SignalKind] = ()
    ) -> SiteHistory:
        """Return the history with later signals added and those from before `since` left out.

        Older ones of `rare` kinds stay. What was picked out already is carried on, so that one more
        signal costs no new search.
        `news` are in time order and none is older than the last signal.
        """
        added = tuple(news)
        found = replace(self, signals=_Series(self.signals).later(added, since=since, rare=rare))
        devices = {key for name, key in self._series if name == _DEVICE}
        kinds = {key for name, key in self._series if name == _KIND}
        if {s.device_id.casefold() for s in added} <= devices and {s.kind for s in added} <= kinds:
            for (name, key), series in self._series.items():
                fitting = tuple(s for s in added if _fits(s, name, key))
                found._series[name, key] = _Series(series.later(fitting, since=since, rare=rare))
        for kind, course in self._laid_out.items():
            found._laid_out[kind] = _course_grown(course, found, kind, added)
        return found

    def beside(
        self,
        *,
        devices: Sequence[Device],
        last_heard: Mapping[str, datetime],
        last_done: Mapping[JobKind, datetime],
        waterings: tuple[WateringGiven, ...],
    ) -> SiteHistory:
        """Return the same signals, as picked out already, with these devices and work done."""
        found = replace(
            self,
            devices=tuple(devices),
            last_heard=last_heard,
            last_done=last_done,
            waterings=waterings,
        )
        found._series.update(self._series)
        found._laid_out.update(self._laid_out)
        return found

    @property
    def kinds(self) -> frozenset[SignalKind]:
        """What has been sent from here, by any device."""
        if (_KIND, "") not in self._series:
            self._index_kinds()
        return frozenset(SignalKind(key) for name, key in self._series if name == _KIND and key)

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
        if (_DEVICE, "") not in self._series:
            by_name: dict[str, list[Signal]] = {}
            names: dict[str, list[Signal]] = {}
            for signal in self.signals:
                if signal.device_id not in names:
                    name = signal.device_id.casefold()
                    names[signal.device_id] = by_name.setdefault(name, [])
                names[signal.device_id].append(signal)
            self._series[_DEVICE, ""] = _Series(())
            for name, signals in by_name.items():
                self._series[_DEVICE, name] = _Series(tuple(signals))
        found = self._series.get((_DEVICE, device.id.casefold()))
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
        key = (kind, part_id or "")
        if key not in self._series:
            self._series[key] = _Series(
                tuple(
                    s
                    for s in self._all_of(kind).signals
                    if s.grade in BELIEVED and (part_id is None or s.part_id == part_id)
                )
            )
        return self._series[key].until(until, since=since)

    def _all_of(self, kind: SignalKind) -> _Series:
        key = (_KIND, kind)
        if (_KIND, "") not in self._series:
            self._index_kinds()
        return self._series.get(key) or self._series[_KIND, ""]

    def _index_kinds(self) -> None:
        by_kind: dict[SignalKind, list[Signal]] = {}
        for signal in self.signals:
            by_kind.setdefault(signal.kind, []).append(signal)
        self._series[_KIND, ""] = _Series(())
        for name, signals in by_kind.items():
            self._series[_KIND, name] = _Series(tuple(signals))


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
