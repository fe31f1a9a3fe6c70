from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispatch.demand.glass_past import site_past
from dispatch.demand.glass_settings import LevelSettings
from dispatch.demand.throw_in import moment_of
from dispatch.domain.job import Dimension, JobKind
from dispatch.domain.signal import SignalKind
from tests.helpers.histories import (
    DAY,
    HOUR,
    NOW,
    a_bank,
    a_history,
    emptied_every,
    levels,
    the_evening,
    until_now,
)
from tests.helpers.signals import a_signal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from dispatch.demand.emptyings import Emptying
    from dispatch.demand.history import SiteHistory

SETTINGS = LevelSettings()


def emptyings(history: SiteHistory) -> tuple[Emptying, ...]:
    (past,) = site_past(history, SETTINGS, the_evening()).pasts
    return past.emptyings


def seen(values: Sequence[float], *, every: timedelta = 8 * HOUR) -> list[int]:
    """Return the places of the first values after the emptyings seen."""
    series = until_now(SignalKind.FILL_LEVEL, values, every=every, part_id="white")
    return [e.index for e in emptyings(a_history(a_bank(), series))]


def test_falls_from_nearly_full_are_emptyings() -> None:
    """Two of them make three cycles."""
    values = [60, 63, 66, 70, 74, 78, 82, 5, 8, 12, 15, 19, 23, 27, 31, 35, 40, 45, 4, 7, 11, 14]
    assert seen(values) == [7, 18]


@pytest.mark.parametrize(
    "values",
    [
        [60, 61, 62, 63, 5, 65, 66, 67, 68],
        [60, 62, 64, 50, 48, 52, 54],
    ],
)
def test_an_echo_and_a_dent_are_no_emptying(values: list[float]) -> None:
    """An emptying lasts, and is deeper than noise."""
    assert seen(values) == []


def test_of_a_sensor_that_sends_often_a_second_low_level_is_awaited() -> None:
    """An hour after the last level a lone low one may be an echo; after eight a crew came."""
    values: list[float] = [60, 61, 62, 63, 62, 64, 5]
    assert seen(values, every=HOUR) == []
    assert seen([*values, 6], every=HOUR) == [6]
    assert seen(values) == [6]


def test_a_container_that_was_not_full_is_emptied_too() -> None:
    """Neighbours of a full container go along at a third; hours of readings show it."""
    rng = np.random.default_rng(3)
    before, later = 33 + rng.normal(0, 6, 48), 3 + rng.normal(0, 6, 48)
    values = [float(v) for v in np.clip([*before, *later], 0, 100)]
    (place,) = seen(values, every=HOUR)
    assert abs(place - 48) <= 3


def test_an_emptying_in_a_gap_of_the_readings_is_found() -> None:
    """The sensor was mute for two days; when it came back, the container had been emptied."""
    before = [s for s in levels(now_pct=80, rate_pct_day=6) if s.observed_at <= NOW]
    gone = [
        a_signal(
            SignalKind.FILL_LEVEL, v, observed_at=NOW + 2 * DAY + at * 8 * HOUR, part_id="white"
        )
        for at, v in enumerate((8, 10, 12, 14))
    ]
    history = a_history(a_bank(), before, gone)
    (past,) = site_past(history, SETTINGS, the_evening(now=NOW + 4 * DAY)).pasts
    (emptying,) = past.emptyings
    assert (moment_of(emptying.after), moment_of(emptying.before)) == (NOW, NOW + 2 * DAY)


def test_what_a_crew_reports_counts_where_no_sensor_says_otherwise() -> None:
    """Without a sensor the reports are all there is."""
    history = a_history(a_bank(), emptied_every(14, times=3, last_days_ago=2))
    assert [round((NOW - moment_of(e.before)) / DAY) for e in emptyings(history)] == [30, 16, 2]


def test_a_report_and_the_fall_beside_it_are_one_emptying() -> None:
    """The crew taps some minutes after the sensor has sent."""
    values = [60, 64, 68, 72, 76, 80, 84, 5, 9, 13, 17, 21]
    series = until_now(SignalKind.FILL_LEVEL, values, every=8 * HOUR, part_id="white")
    report = a_signal(
        SignalKind.EMPTIED, 1, observed_at=series[7].observed_at - HOUR, part_id="white"
    )
    assert len(emptyings(a_history(a_bank(), series, [report]))) == 1


def test_a_report_is_not_believed_where_the_level_stayed() -> None:
    """Somebody tapped the wrong container."""
    report = a_signal(SignalKind.EMPTIED, 1, observed_at=NOW - 2 * DAY, part_id="white")
    history = a_history(a_bank(), levels(now_pct=80, rate_pct_day=3), [report])
    assert emptyings(history) == ()


def test_a_crew_that_took_one_colour_emptied_no_other() -> None:
    """The lorry's green chamber was full: white was emptied, and the times before count too."""
    white, green = Dimension.WHITE_GLASS_L, Dimension.GREEN_GLASS_L
    taken = {white: (NOW - 17 * DAY, NOW - 3 * DAY), green: (NOW - 9 * DAY,)}
    history = a_history(a_bank(), taken=taken, last_done={JobKind.EMPTY: NOW - 9 * DAY})
    assert [moment_of(e.before) for e in emptyings(history)] == list(taken[white])


def test_work_the_crews_have_done_at_the_site_counts_for_all_its_containers() -> None:
    """The site's last emptying, without a word on parts."""
    history = a_history(a_bank(), last_done={JobKind.EMPTY: NOW - 3 * DAY})
    (emptying,) = emptyings(history)
    assert moment_of(emptying.before) == NOW - 3 * DAY
