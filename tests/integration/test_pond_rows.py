"""All real pond rows of summer 2025 through the door: stored once, graded, none lost."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.signal import Grade, Payload, SignalKind
from dispatch.service.ingest import IngestResult, ingest
from dispatch.store import Store, open_store
from scenarios.pond_files import jobs_of_day, pond_city, pond_payloads
from scenarios.progress import Silent
from tests.helpers.databases import fresh_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


pytestmark = [pytest.mark.city_data, pytest.mark.slow]

COLUMNS = {
    "pegel": SignalKind.WATER_LEVEL,
    "wtemp": SignalKind.WATER_TEMPERATURE,
    "o": SignalKind.OXYGEN_SATURATION,
    "do": SignalKind.DISSOLVED_OXYGEN,
    "elL": SignalKind.WATER_CONDUCTIVITY,
    "hkBat": SignalKind.BATTERY_VOLTAGE,
    "hkTemp": SignalKind.DEVICE_TEMPERATURE,
    "hkHum": SignalKind.DEVICE_HUMIDITY,
}

EXPECTED_GRADES = {
    Grade.GOOD: 1_087_499,
    Grade.ZERO_RUN: 65_202,
    Grade.STUCK: 1_776,
    Grade.SPIKE: 334,
    Grade.JUMP: 650,
}
"""Read off once and looked at: long zeros at Jahrhunderthalle and Rottmannsteich, flat nights at
Jasminweg, single jumps everywhere, whole probes at zero at two ponds, and 25 levels of oxygen that
came from one quarter of an hour to the next. No value of this season lies outside the probes'
range."""

EXPECTED_JOBS = {
    (4, "Brueggeneystr", "aerate", "must"),
    (4, "Hiltrop Volkspark", "aerate", "must"),
    (4, "Hiltrop Volkspark", "check", "may"),
    (4, "Jahrhunderthalle", "check", "must"),
    (4, "Jahrhunderthalle", "service", "may"),
    (4, "Jasminweg", "aerate", "must"),
    (4, "Jasminweg", "check", "must"),
    (4, "Kaiseraueteich", "aerate", "must"),
    (4, "Kaiseraueteich", "check", "may"),
    (4, "Kuehlteich", "aerate", "must"),
    (4, "Rottmansteich", "check", "may"),
    (4, "Teich im Bockholt", "aerate", "must"),
    (4, "Tipulusteich", "aerate", "must"),
    (4, "Uemminger See", "aerate", "must"),
    (18, "Brueggeneystr", "aerate", "must"),
    (18, "Hiltrop Volkspark", "aerate", "must"),
    (18, "Hiltrop Volkspark", "check", "may"),
    (18, "Jahrhunderthalle", "check", "must"),
    (18, "Jahrhunderthalle", "service", "may"),
    (18, "Jasminweg", "aerate", "must"),
    (18, "Kaiseraueteich", "aerate", "must"),
    (18, "Kaiseraueteich", "check", "may"),
    (18, "Kuehlteich", "aerate", "may"),
    (18, "Rottmansteich", "check", "may"),
    (18, "Teich im Bockholt", "aerate", "may"),
    (18, "Tipulusteich", "aerate", "may"),
    (18, "Uemminger See", "aerate", "must"),
}
"""Hour of the look, pond, work, urgency: held against the curves of the day before they were
written down (`dispatch scenario run hot-ponds-2025 --plot`). The probe of Jahrhunderthalle stood
still for 64 % of the week before; those of Hiltrop, Jasminweg and Kaiseraue read zero for hours of
the days before, between real values, which nobody has looked at yet."""


@dataclass(frozen=True)
class Season:
    """The summer in a database, and what the door said while it came in."""

    store: Store
    payloads: list[Payload]
    first: IngestResult


@pytest.fixture(scope="module")
def season(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """Take all fifteen files in."""
    received = datetime(2025, 10, 1, tzinfo=UTC)
    payloads = pond_payloads(shared_dir / "bochum" / "ponds", received_at=received)
    store = open_store(fresh_url(tmp_path_factory.mktemp("season")))
    with store.begin() as tx:
        tx.save_city(pond_city(payloads))
    yield Season(store, payloads, ingest(payloads, store=store))
    store.close()


def rows_of(payload: Payload) -> list[dict[str, str]]:
    """Return the rows of a file as Python's own reader sees them."""
    return list(csv.DictReader(io.StringIO(payload.body.decode())))


def test_every_row_is_there_exactly_once(season: Season) -> None:
    """What the files hold, counted independently, is what is stored: per logger and column."""
    cells: Counter[tuple[str, SignalKind]] = Counter()
    all_rows = distinct_rows = filled = 0
    for payload in season.payloads:
        rows = rows_of(payload)
        distinct = {(row["logger_id"], row["datetime"]): row for row in rows}
        all_rows += len(rows)
        distinct_rows += len(distinct)
        filled += sum(row[column] != "" for row in rows for column in COLUMNS)
        for (logger, _), row in distinct.items():
            for column, kind in COLUMNS.items():
                cells[logger, kind] += row[column] != ""
    assert (all_rows, distinct_rows) == (205_555, 203_511)
    assert season.first.stored + season.first.duplicates == filled
    assert season.first.stored == sum(cells.values())
    stored: Counter[tuple[str, SignalKind]] = Counter()
    since, until = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    with season.store.read() as tx:
        for _, signals in tx.signals_by_site(since=since, until=until):
            stored.update((signal.device_id, signal.kind) for signal in signals)
    assert stored == +cells


def test_faults_are_graded_and_kept(season: Season) -> None:
    """Dropouts to zero, stuck probes and spikes are stored with their grade, not thrown away."""
    assert season.first.quarantined == 0
    assert season.first.grades == EXPECTED_GRADES
    with season.store.read() as tx:
        counted: Counter[Grade] = Counter()
        for (_, grade), count in tx.count_signals().items():
            counted[grade] += count
    assert counted == season.first.grades


def test_taking_everything_in_again_changes_nothing(season: Season) -> None:
    """The same files a second time are duplicates to the last cell."""
    again = ingest(season.payloads, store=season.store)
    assert again.stored == 0
    assert again.duplicates == season.first.stored + season.first.duplicates


def test_the_jobs_of_a_hot_day_fit_the_curves(season: Season) -> None:
    """2 July 2025: low ponds are aerated, dead probes are looked at, healthy ponds left alone."""
    jobs = jobs_of_day(date(2025, 7, 2), store=season.store, reporter=Silent())
    table = {
        (look.hour, job.site_name, job.kind.value, "must" if job.required else "may")
        for look, job in jobs
    }
    assert table == EXPECTED_JOBS
    asked_for = {name for _, name, _, _ in table}
    without_probe = {"Wiesental", "Huelsbergstr", "Bluecherstr"}
    assert not asked_for & (without_probe | {"Stembergteich", "Am Stadtpark"})
