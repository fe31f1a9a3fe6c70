from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.ids import DeviceId, PartId
from dispatch.domain.signal import Grade, SignalKind
from tests.helpers.histories import HOUR, NOW, a_bank, a_device, a_history, until_now
from tests.helpers.signals import a_signal

if TYPE_CHECKING:
    from dispatch.demand.history import SiteHistory
    from dispatch.domain.signal import Signal

LEVEL, BATTERY = SignalKind.FILL_LEVEL, SignalKind.BATTERY_LEVEL
START = NOW - 60 * HOUR


def looked_at(history: SiteHistory) -> list[tuple[Signal, ...]]:
    """Ask everything the rules ask."""
    return [
        history.good(LEVEL, until=NOW),
        history.good(LEVEL, until=NOW, part_id=PartId("white")),
        history.good(LEVEL, until=NOW - 10 * HOUR, since=NOW - 30 * HOUR),
        history.of(LEVEL, until=NOW - 5 * HOUR),
        history.of(LEVEL, BATTERY, until=NOW),
        history.sent_by(a_device("em310-udl", device_id="A")),
        history.sent_by(a_device("em310-udl", device_id="b"), since=START, until=NOW - HOUR),
        history.sent_by(a_device("em310-udl", device_id="stranger")),
    ]


@st.composite
def series(draw: st.DrawFn) -> list[Signal]:
    """Return signals of two devices, kinds and parts, good and bad, in time order."""
    found = []
    for at in range(draw(st.integers(0, 25))):
        found.append(
            a_signal(
                draw(st.sampled_from([LEVEL, BATTERY])),
                float(at),
                observed_at=START + at * draw(st.sampled_from([HOUR, 2 * HOUR])),
                device_id=DeviceId(draw(st.sampled_from(["a", "A", "b"]))),
                part_id=draw(st.sampled_from([PartId("white"), PartId("green"), None])),
                grade=draw(st.sampled_from(list(Grade))),
            )
        )
    return sorted(found, key=lambda s: s.observed_at)


@given(series(), st.integers(0, 25), st.integers(0, 60))
def test_a_history_that_grew_is_the_history_read_anew(
    signals: list[Signal], cut: int, since_h: int
) -> None:
    """Signal by signal or at once, with the old ones left out: the same answers."""
    since = START + timedelta(hours=since_h)
    grown = a_history(a_bank(), signals[:cut])
    looked_at(grown)
    for signal in signals[cut:]:
        grown = grown.grown([signal], since=START)
        looked_at(grown)
    grown = grown.grown([], since=since)
    anew = a_history(a_bank(), [s for s in signals if s.observed_at >= since])
    assert grown == anew
    assert looked_at(grown) == looked_at(anew)


def test_late_signals_are_believed_and_wrong_ones_are_not() -> None:
    """Only their value counts here; how fresh they are is for each rule to ask."""
    sent = until_now(LEVEL, range(len(Grade)), every=HOUR)
    graded = [replace(s, grade=g) for s, g in zip(sent, Grade, strict=True)]
    found = a_history(a_bank(), graded).good(LEVEL, until=NOW)
    assert [s.grade for s in found] == [Grade.GOOD, Grade.STALE]


def test_other_devices_beside_the_same_signals() -> None:
    """What was picked out stays, devices and their last word are as given."""
    history = a_history(a_bank(), until_now(LEVEL, [1, 2], every=HOUR, device_id="a"))
    looked_at(history)
    device = a_device("em310-udl", device_id="b")
    beside = history.beside(
        devices=[device],
        last_heard={"b": NOW - 40 * HOUR},
        last_done={},
        waterings=(),
        taken={},
    )
    assert looked_at(beside) == looked_at(history)
    assert beside.heard_at(device) == NOW - 40 * HOUR
