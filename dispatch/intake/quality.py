"""How far a signal can be believed: range, dropout to zero, spike, jump, stuck, stale, clock.

Each signal is judged by what came before it only, so that the same stream gives the same grades
whether it arrives row by row or as a year's file.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

from dispatch.domain.signal import Grade, Signal, SignalKind
from dispatch.domain.text import Text
from dispatch.intake.arrival import Arrivals

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from datetime import datetime

    from dispatch.domain.ids import PayloadId

NEIGHBOURS: Final = 5
"""A jump is measured against the median of this many believed values before it."""

NEIGHBOUR_AGE: Final = timedelta(hours=3)
"""Values older than this say nothing about a jump (the loggers send every 15 minutes), so a level
that stays this long is believed: by then a probe was moved or cleaned, or the water did change."""

LEVEL: Final = 3
"""So many values in a row that agree with each other, off the level before, are a new level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRule:
    """What is believable of one kind, in its unit.

    `low` and `high` are what can be on earth and within the sensor's range, `rise` and `fall` the
    largest believable steps from the median of the values just before. A series that stays within
    `flat` for `flat_over` is stuck. Where `zero_is_dropout`, a value of exactly 0 is what a logger
    writes for a probe that does not answer.
    """

    low: float
    high: float
    rise: float | None = None
    fall: float | None = None
    flat: float | None = None
    flat_over: timedelta = timedelta(hours=6)
    zero_is_dropout: bool = False

    @property
    def remembers(self) -> bool:
        """Tell whether values of the kind are judged by those before them."""
        return self.rise is not None or self.fall is not None or self.flat is not None


GRADE_RULES: Final[Mapping[SignalKind, GradeRule]] = {
    SignalKind.FILL_LEVEL: GradeRule(low=0, high=100),
    # EM310-UDL: 30 to 450 cm (data sheet).
    SignalKind.FILL_DISTANCE: GradeRule(low=0, high=4500),
    # Water makes soil wet within minutes, nothing dries it as fast: a probe was pulled out.
    SignalKind.SOIL_MOISTURE: GradeRule(low=0, high=100, fall=15),
    SignalKind.SOIL_TEMPERATURE: GradeRule(low=-30, high=60),
    # Probes end at 20,000 uS/cm (data sheets of LSE01 and EM500-SMTC).
    SignalKind.SOIL_CONDUCTIVITY: GradeRule(low=0, high=20_000),
    # Published values such as 10031265 are damage from a spreadsheet.
    SignalKind.STEM_MOISTURE: GradeRule(low=0, high=100),
    # 1000 is the end of the scale and means saturated: no measurement.
    SignalKind.STEM_RESISTANCE: GradeRule(low=0, high=999.999),
    SignalKind.STEM_TEMPERATURE: GradeRule(low=-30, high=60),
    SignalKind.WATERING_NEED: GradeRule(low=0, high=5000),
    SignalKind.STATION_VISITS: GradeRule(low=0, high=10_000),
    # 25 mg/l is more than half above saturation in cold water; the loggers send 184 and 9999.
    # Flatness of 0.05 mg/l over 6 h and exact zeros: found on the city's 12 oxygen series.
    SignalKind.DISSOLVED_OXYGEN: GradeRule(
        low=0, high=25, rise=5, fall=5, flat=0.05, zero_is_dropout=True
    ),
    SignalKind.OXYGEN_SATURATION: GradeRule(
        low=0, high=300, rise=60, fall=60, flat=0.5, zero_is_dropout=True
    ),
    # One logger writes 0 for all its probes at once for weeks; measured ones have three digits.
    SignalKind.WATER_TEMPERATURE: GradeRule(low=-2, high=40, rise=8, fall=8, zero_is_dropout=True),
    # Metres above sea level, or above the sensor at Ümminger See; no pond moves a metre at once.
    SignalKind.WATER_LEVEL: GradeRule(low=-10, high=300, rise=1, fall=1, zero_is_dropout=True),
    SignalKind.WATER_CONDUCTIVITY: GradeRule(low=0, high=20_000, zero_is_dropout=True),
    SignalKind.BATTERY_VOLTAGE: GradeRule(low=0, high=30),
    SignalKind.BATTERY_LEVEL: GradeRule(low=0, high=100),
    SignalKind.DEVICE_TEMPERATURE: GradeRule(low=-40, high=85),
    SignalKind.DEVICE_HUMIDITY: GradeRule(low=0, high=100),
    SignalKind.TILT: GradeRule(low=0, high=1),
    # Granular matrix sensors end at 239 kPa, dielectric ones at 10,000 (data sheets).
    SignalKind.SOIL_TENSION: GradeRule(low=0, high=10_000),
    SignalKind.PH: GradeRule(low=0, high=14),
    # A container of 3,000 litres holds about 2,000 bottles.
    SignalKind.DEPOSITS: GradeRule(low=0, high=2000),
    SignalKind.TRAP_STATE: GradeRule(low=0, high=8),
    SignalKind.CONTAINER_STATUS: GradeRule(low=0, high=5),
    SignalKind.LID_OPEN: GradeRule(low=0, high=1),
    SignalKind.FLOODED: GradeRule(low=0, high=1),
    SignalKind.MOVED: GradeRule(low=0, high=1),
    SignalKind.AIR_TEMPERATURE: GradeRule(low=-40, high=50),
    SignalKind.AIR_HUMIDITY: GradeRule(low=0, high=100),
    SignalKind.EMPTIED: GradeRule(low=1, high=1),
    SignalKind.FOUND_LEVEL: GradeRule(low=0, high=150),
}
"""One rule per kind; a new kind without one fails a test."""

WORDS: Final[Mapping[Grade, Text]] = {
    Grade.GOOD: Text(de="plausibel", en="plausible"),
    Grade.OUT_OF_RANGE: Text(de="außerhalb des Messbereichs", en="out of range"),
    Grade.SPIKE: Text(de="Ausreißer", en="spike"),
    Grade.STUCK: Text(de="steht still", en="stuck"),
    Grade.ZERO_RUN: Text(de="genau null", en="exactly zero"),
    Grade.TILTED: Text(de="Sensor gekippt", en="sensor tilted"),
    Grade.JUMP: Text(de="unmöglicher Sprung", en="impossible jump"),
    Grade.STALE: Text(de="verspätet", en="late"),
    Grade.CLOCK: Text(de="Uhr geht falsch", en="clock wrong"),
}
"""What each grade is called."""


def describe(grade: Grade) -> Text:
    """Return the grade in words."""
    return WORDS[grade]


def grade(
    signals: Sequence[Signal],
    *,
    context: Sequence[Signal] = (),
    archived: Container[PayloadId] = (),
) -> tuple[Signal, ...]:
    """Return the signals of ONE device and kind with their grades, in linear time.

    `signals` and `context` are sorted by `observed_at`; `context` is what came before (6 hours
    suffice). A signal that already has a bad grade, such as from `calibrate`, keeps it. Payloads
    `archived` are published collections: when they came in says nothing about their devices.
    """
    if not signals:
        return ()
    series = _Series(GRADE_RULES[signals[0].kind], archived)
    for signal in context:
        series.judge(signal)
    return tuple(_graded(signal, series.judge(signal)) for signal in signals)


def _graded(signal: Signal, found: Grade) -> Signal:
    if found is signal.grade or signal.grade is not Grade.GOOD:
        return signal
    return replace(signal, grade=found)


class _Series:
    """One device and kind as time passes."""

    def __init__(self, rule: GradeRule, archived: Container[PayloadId]) -> None:
        self._rule = rule
        self._archived = archived
        self._arrivals = Arrivals(remembers=rule.remembers)
        self._level = _Level(rule.rise, rule.fall)
        self._flat = _FlatWindow(rule.flat_over) if rule.flat is not None else None

    def judge(self, signal: Signal) -> Grade:
        """Return the grade of the next signal and remember it."""
        time_grade = Grade.GOOD
        if signal.payload_id not in self._archived:
            time_grade = self._arrivals.judge(signal)
        if time_grade is Grade.CLOCK:
            # At an unknown time it says nothing about its neighbours either.
            return time_grade
        value_grade = self._judge_value(signal.observed_at, signal.value)
        return time_grade if value_grade is Grade.GOOD else value_grade

    def _judge_value(self, moment: datetime, value: float) -> Grade:
        rule = self._rule
        if not rule.low <= value <= rule.high:
            return Grade.OUT_OF_RANGE
        if rule.zero_is_dropout and value == 0:
            return Grade.ZERO_RUN
        found = self._level.judge(moment, value)
        spread = self._flat.add(moment, value) if self._flat is not None else None
        if found is Grade.GOOD and rule.flat is not None and spread is not None:
            return Grade.STUCK if spread < rule.flat else Grade.GOOD
        return found


class _Level:
    """The level a series is believed to be at, and how many values in a row were off it."""

    def __init__(self, rise: float | None, fall: float | None) -> None:
        self._rise = float("inf") if rise is None else rise
        self._fall = float("inf") if fall is None else fall
        self._idle = rise is None and fall is None
        self._believed: deque[tuple[datetime, float]] = deque(maxlen=NEIGHBOURS)
        self._off: deque[tuple[datetime, float]] = deque(maxlen=LEVEL)

    def judge(self, moment: datetime, value: float) -> Grade:
        """Return GOOD on the believed level, SPIKE off it, JUMP once the values off it agree."""
        if self._idle:
            return Grade.GOOD
        near = [v for at, v in self._believed if moment - at <= NEIGHBOUR_AGE]
        if not near or self._reachable(median(near), value):
            self._believed.append((moment, value))
            self._off.clear()
            return Grade.GOOD
        if self._off and not self._reachable(self._off[-1][1], value):
            self._off.clear()
        self._off.append((moment, value))
        return Grade.JUMP if len(self._off) >= LEVEL else Grade.SPIKE

    def _reachable(self, level: float, value: float) -> bool:
        return level - self._fall <= value <= level + self._rise


class _FlatWindow:
    """The spread of the values in a sliding window, by two monotonic queues."""

    def __init__(self, span: timedelta) -> None:
        self._span = span
        self._times: deque[datetime] = deque()
        self._lows: deque[tuple[datetime, float]] = deque()
        self._highs: deque[tuple[datetime, float]] = deque()

    def add(self, moment: datetime, value: float) -> float | None:
        """Return the spread over the window, None while it does not reach back that far.

        A gap longer than a quarter of the window starts it anew: nobody knows what was between.
        """
        if self._times and moment - self._times[-1] > self._span / 4:
            for queue in (self._times, self._lows, self._highs):
                queue.clear()
        self._times.append(moment)
        while self._lows and self._lows[-1][1] >= value:
            self._lows.pop()
        self._lows.append((moment, value))
        while self._highs and self._highs[-1][1] <= value:
            self._highs.pop()
        self._highs.append((moment, value))
        return self._spread(moment - self._span)

    def _spread(self, oldest: datetime) -> float | None:
        # One value at or before the window's edge stays: with it the window is covered.
        while len(self._times) > 1 and self._times[1] <= oldest:
            self._times.popleft()
        if self._times[0] > oldest:
            return None
        for queue in (self._lows, self._highs):
            while queue[0][0] < self._times[0]:
                queue.popleft()
        return self._highs[0][1] - self._lows[0][1]
