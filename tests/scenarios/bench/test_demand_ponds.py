"""The ponds' benchmark on a season made by hand: what happened, and what was foreseen of it."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.demand.pond_settings import PondSettings
from dispatch.domain.clock import BERLIN
from dispatch.domain.signal import SignalKind
from scenarios.bench.demand_ponds import sheets
from scenarios.bench.pond_nights import by_forecast, by_persistence, score, truth_of
from tests.helpers.signals import a_series

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dispatch.domain.signal import Signal

FIRST = datetime(2025, 6, 1, 20, tzinfo=BERLIN)
QUARTER = timedelta(minutes=15)


def a_season(evenings: Sequence[float]) -> tuple[Signal, ...]:
    """Return one day after each evening: from its level down by 3 mg/l until 8 h, and up again."""
    values: list[float] = []
    for evening, following in zip(evenings, [*evenings[1:], evenings[-1]], strict=True):
        values += [evening - 3 * q / 48 + 0.06 * (q % 2) for q in range(48)]
        values += [
            evening - 3 + (following - evening + 3) * q / 48 + 0.06 * (q % 2) for q in range(48)
        ]
    return a_series(SignalKind.DISSOLVED_OXYGEN, values, start=FIRST, every=QUARTER)


def test_the_first_low_after_good_days_is_an_onset_and_foreseen() -> None:
    """Eight evenings at 8 mg/l, one at 5.2: the rule sees it coming, persistence does not."""
    truth = truth_of("900001", a_season([8.0] * 8 + [5.2] + [8.0] * 6))
    assert len(truth.onsets) == 1
    assert (truth.low_mornings, truth.crossings) == (1, 1)
    settings = PondSettings()
    found = score(truth, by_forecast(truth, settings))
    assert (found.onsets, found.foreseen, found.false) == (1, 1, 0)
    assert score(truth, by_persistence(truth, settings, 3.0)).foreseen == 0


def test_a_warning_without_a_low_is_false() -> None:
    """6.2 in the evening leaves 3.2 at dawn: close, and not low."""
    truth = truth_of("900001", a_season([8.0] * 8 + [6.2] + [8.0] * 6))
    found = score(truth, by_forecast(truth, PondSettings()))
    assert (found.onsets, found.warnings, found.false) == (0, 1, 1)


def test_without_the_shared_data_it_says_so() -> None:
    """Skipped, its goal neither reached nor missed."""
    (sheet,) = sheets(None, None)
    assert "skipped" in sheet.title
    assert [reached for _, reached in sheet.goals] == [None]


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Return shared data with one pond, as the city publishes it."""
    folder = tmp_path / "bochum" / "ponds"
    folder.mkdir(parents=True)
    lines = ["datetime,logger_id,name,latitude,longitude,do"]
    for signal in a_season([8.0] * 8 + [5.2] + [8.0] * 4):
        at = signal.observed_at.astimezone(BERLIN) - timedelta(hours=1)
        lines.append(f"{at:%Y-%m-%d %H:%M:%S},900001,Teich,51.4,7.2,{signal.value:.2f}")
    (folder / "900001.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    return tmp_path


def test_the_tables_are_made_from_a_replay(shared: Path, tmp_path: Path) -> None:
    """Jobs per pond, what was foreseen, the trade-off, and the doubtful jobs with their curves."""
    per_pond, foreseen, settings, doubts = sheets(shared, tmp_path / "out")
    assert per_pond.rows == (("900001", "1", "1", "1 (1)", "0", "0"),)
    assert foreseen.rows[0] == ("jobs of the replay", "1", "1 (100 %)", "1", "0 (0 %)")
    assert foreseen.goals[0][1]
    assert len(settings.rows) > 5
    assert doubts.goals == (("no aeration rests on zeros, flat lines or spikes", True),)
    assert (tmp_path / "out" / "ponds_doubtful.png").stat().st_size > 5000
