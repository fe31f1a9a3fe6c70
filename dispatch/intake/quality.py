"""How far a signal can be believed: range, dropout to zero, spike, stuck.

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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

NEIGHBOURS: Final = 5
"""A jump is measured against the median of this many values before it."""

NEIGHBOUR_AGE: Final = timedelta(hours=3)
"""Values older than this say nothing about a jump (the loggers send every 15 minutes)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRule:
    """What is believable of one kind, in its unit.

    `low` and `high` are what can be on earth and within the sensor's range, `spike` the largest
    believable step from the median of the values just before. A series that stays within `flat`
    for `flat_over` is stuck. Where `zero_is_dropout`, a value of exactly 0 is what a logger
    writes for a probe that does not answer.
    """

    low: float
    high: float
    spike: float | None = None
    flat: float | None = None
    flat_over: timedelta = timedelta(hours=6)
    zero_is_dropout: bool = False


GRADE_RULES: Final[Mapping[SignalKind, GradeRule]] = {
    SignalKind.FILL_LEVEL: GradeRule(low=0, high=100),
    # EM310-UDL: 30 to 450 cm (data sheet).
    SignalKind.FILL_DISTANCE: GradeRule(low=0, high=4500),
    SignalKind.SOIL_MOISTURE: GradeRule(low=0, high=100),
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
        low=0, high=25, spike=5, flat=0.05, zero_is_dropout=True
    ),
    SignalKind.OXYGEN_SATURATION: GradeRule(
        low=0, high=300, spike=60, flat=0.5, zero_is_dropout=True
    ),
    SignalKind.WATER_TEMPERATURE: GradeRule(low=-2, high=40, spike=8),
    # Metres above sea level, or above the sensor at Ümminger See.
    SignalKind.WATER_LEVEL: GradeRule(low=-10, high=300),
    SignalKind.WATER_CONDUCTIVITY: GradeRule(low=0, high=20_000),
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
}
"""One rule per kind; a new kind without one fails a test."""

WORDS: Final[Mapping[Grade, Text]] = {
    Grade.GOOD: Text(de="plausibel", en="plausible"),
    Grade.OUT_OF_RANGE: Text(de="außerhalb des Messbereichs", en="out of range"),
    Grade.SPIKE: Text(de="Ausreißer", en="spike"),
    Grade.STUCK: Text(de="steht still", en="stuck"),
    Grade.ZERO_RUN: Text(de="genau null", en="exactly zero"),
    Grade.TILTED: Text(de="Sensor gekippt", en="sensor tilted"),
}
"""What each grade is called."""


def describe(grade: Grade) -> Text:
    """Return the grade in words."""
    return WORDS[grade]


def grade(signals: Sequence[Signal], *, context: Sequence[Signal] = ()) -> tuple[Signal, ...]:
    """Return the signals of ONE device and kind with their grades, in linear time.

    `signals` and `context` are sorted by `observed_at`; `context` is what came before (6 hours
    suffice). A signal that already has a bad grade, such as from `calibrate`, keeps it.
    """
    if not signals:
        return ()
    series = _Series(GRADE_RULES[signals[0].kind])
    for signal in context:
        series.judge(signal)
    return tuple(_graded(signal, series.judge(signal)) for signal in signals)


def _graded(signal: Signal, found: Grade) -> Signal:
    if found is signal.grade or signal.grade is not Grade.GOOD:
        return signal
    return replace(signal, grade=found)


class _Series:
    """One device and kind as time passes."""

    def __init__(self, rule: GradeRule) -> None:
        self._rule = rule
        self._recent: deque[tuple[datetime, float]] = deque(maxlen=NEIGHBOURS)
        self._flat = _FlatWindow(rule.flat_over) if rule.flat is not None else None

    def judge(self, signal: Signal) -> Grade:
        """Return the grade of the next signal and remember it."""
        rule, value, moment = self._rule, signal.value, signal.observed_at
        if not rule.low <= value <= rule.high:
            return Grade.OUT_OF_RANGE
        if rule.zero_is_dropout and value == 0:
            return Grade.ZERO_RUN
        jumped = rule.spike is not None and self._jumped(moment, value, rule.spike)
        # Spikes are remembered too: three alike are a new level, not a spike.
        self._recent.append((moment, value))
        spread = self._flat.add(moment, value) if self._flat is not None else None
        if jumped:
            return Grade.SPIKE
        if rule.flat is not None and spread is not None and spread < rule.flat:
            return Grade.STUCK
        return Grade.GOOD

    def _jumped(self, moment: datetime, value: float, limit: float) -> bool:
        near = [v for at, v in self._recent if moment - at <= NEIGHBOUR_AGE]
        return bool(near) and abs(value - median(near)) > limit


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
