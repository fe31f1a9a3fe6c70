"""Pond files of the city's kind through the door, on a summer day made by hand."""

from __future__ import annotations

import gzip
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.job import JobKind
from dispatch.domain.signal import Grade
from scenarios.pond_files import PondDay, run_pond_day
from scenarios.pond_plot import plot_pond_day
from scenarios.progress import Silent
from tests.helpers.databases import fresh_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dispatch.store import Store

DAY = date(2025, 7, 2)
START = datetime(2025, 6, 29, 0, 0)  # noqa: DTZ001  # as the loggers write it: without a zone
HEADER = "datetime,logger_id,name,latitude,longitude,pegel,wtemp,do,hkBat"


def rows(logger: str, name: str, oxygen: dict[int, str]) -> str:
    """Return a file of four days: the value for the latest day given, at every quarter."""
    lines = [HEADER]
    for quarter in range(4 * 96):
        at = START + timedelta(minutes=15 * quarter)
        value = oxygen[max(day for day in oxygen if day <= quarter // 96)]
        if value:
            value = str(float(value) + (quarter % 7) / 10) if float(value) else value
        lines.append(f"{at:%Y-%m-%d %H:%M:%S},{logger},{name},51.48,7.21,62.1,24.0,{value},3.65")
    return "\n".join(lines) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return three published files: a pond that gasps, a dead probe, and one without a probe."""
    files = {
        "900001_schlapp.csv": rows("900001", "Schlapper Teich", {0: "7", 2: "1.2"}),
        "900002_tot.csv": rows("900002", "Totes Messgerät", {0: "7", 1: "0"}),
        "900003_ohne.csv": rows("900003", "Ohne Sonde", {0: ""}),
    }
    for name, text in files.items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path


@pytest.fixture
def store() -> Iterator[Store]:
    """Return an empty database."""
    opened = fresh_store()
    yield opened
    opened.close()


@pytest.fixture
def pond_day(folder: Path, store: Store) -> PondDay:
    """Return what the hot day brought."""
    return run_pond_day(folder, DAY, store=store, reporter=Silent())


def test_each_pond_gets_what_its_values_call_for(pond_day: PondDay) -> None:
    """Low oxygen brings an aerator, zeros a look at the probe, no probe nothing."""
    found = {(at.hour, job.site_name, job.kind) for at, job in pond_day.jobs}
    assert found == {
        (hour, *work)
        for hour in (4, 18)
        for work in (("Schlapper Teich", JobKind.AERATE), ("Totes Messgerät", JobKind.CHECK))
    }


def test_every_filled_cell_is_stored_with_its_grade(pond_day: PondDay) -> None:
    """Three files of 384 rows: level, temperature and battery everywhere, oxygen in two."""
    assert pond_day.ingested.stored == 384 * (3 * 3 + 2)
    assert pond_day.ingested.grades[Grade.ZERO_RUN] == 3 * 96
    assert (pond_day.ingested.duplicates, pond_day.ingested.quarantined) == (0, 0)


def test_curves_are_kept_for_the_ponds_that_have_one(pond_day: PondDay) -> None:
    """Two days and the day itself; the pond without a probe has no curve and no empty one."""
    assert set(pond_day.curves) == {"teich-900001", "teich-900002"}
    days = {s.observed_at.date() for series in pond_day.curves.values() for s in series}
    assert min(days) >= DAY - timedelta(days=3)
    assert max(days) == DAY


def test_the_day_is_drawn(pond_day: PondDay, tmp_path: Path) -> None:
    """Curves on the left, jobs in words on the right, as a PNG."""
    picture = tmp_path / "day.png"
    plot_pond_day(pond_day, picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 10_000
