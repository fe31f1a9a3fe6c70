"""The rule for ponds on a real hot day: 2 July 2025, as the loggers saw it."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from dispatch.demand.history import Occasion
from dispatch.demand.ponds import draft
from dispatch.demand.settings import DemandSettings
from dispatch.domain.clock import BERLIN
from dispatch.domain.job import JobKind
from dispatch.domain.signal import Grade, Signal, SignalKind
from dispatch.domain.site import Pond
from tests.helpers.histories import a_history
from tests.helpers.signals import a_signal

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.city_data

DAWN = Occasion(now=datetime(2025, 7, 2, 4, tzinfo=BERLIN), day=date(2025, 7, 2))
EVENING = Occasion(now=datetime(2025, 7, 2, 18, tzinfo=BERLIN), day=date(2025, 7, 3))


def oxygen_of(shared_dir: Path, pond: str) -> list[Signal]:
    """Return a pond's oxygen in June and July; zeros are graded as intake grades them."""
    (path,) = (shared_dir / "bochum/ponds").glob(f"*_{pond}_2025*.csv.gz")
    text = gzip.decompress(path.read_bytes()).decode()
    zone = timezone(timedelta(hours=1))
    return [
        a_signal(
            SignalKind.DISSOLVED_OXYGEN,
            float(row["do"]),
            observed_at=datetime.fromisoformat(row["datetime"]).replace(tzinfo=zone),
            grade=Grade.ZERO_RUN if float(row["do"]) == 0 else Grade.GOOD,
        )
        for row in csv.DictReader(io.StringIO(text))
        if row["do"] and row["datetime"][:7] in ("2025-06", "2025-07")
    ]


@pytest.mark.parametrize(
    ("pond", "at_dawn", "in_the_evening"),
    [
        # Falls below 0.2 mg/l before four; 8 mg/l in the evening sun, and low again at dawn.
        ("kuehlteich", ("aerate", True), ("aerate", False)),
        # Below 3 mg/l day and night, with real values in between the zeros.
        ("uemminger_see", ("aerate", True), ("aerate", True)),
        ("brueggeneystr", ("aerate", True), ("aerate", True)),
        ("hiltrop_volkspark", ("aerate", True), ("aerate", True)),
        # 4.5 to 7.8 mg/l with one dip to 2.8: crossed the alarm, and was fine.
        ("am_stadtpark", None, None),
        ("stembergteich", None, None),
        # Zero since the day before yesterday, and zero for six days.
        ("jahrhunderthalle", ("check", True), ("check", True)),
        ("rottmansteich", ("check", False), ("check", False)),
        # No oxygen probe at all.
        ("wiesental", None, None),
    ],
)
def test_the_hot_day_pond_by_pond(
    shared_dir: Path,
    pond: str,
    at_dawn: tuple[str, bool] | None,
    in_the_evening: tuple[str, bool] | None,
) -> None:
    """Ponds that gasp get an aerator, ponds that read zero a look, the others nothing."""
    history = a_history(Pond(), oxygen_of(shared_dir, pond))
    for occasion, wanted in ((DAWN, at_dawn), (EVENING, in_the_evening)):
        found = [(str(j.kind), j.required) for j in draft(history, DemandSettings(), occasion)]
        # Hiltrop also read zero for hours of the days before, which nobody has looked at yet.
        looks = [("check", False)] if pond == "hiltrop_volkspark" else []
        assert [job for job in found if job not in looks] == ([wanted] if wanted else [])


def test_zeros_of_a_whole_summer_never_bring_an_aerator(shared_dir: Path) -> None:
    """Rottmansteich read zero for 5,600 quarters of an hour; no aeration comes from those."""
    signals = oxygen_of(shared_dir, "rottmansteich")
    zeros = [s for s in signals if s.grade is Grade.ZERO_RUN]
    history = a_history(Pond(), zeros)
    for days in range(5, 60):
        occasion = Occasion(now=DAWN.now + timedelta(days=days - 30), day=DAWN.day)
        kinds = {job.kind for job in draft(history, DemandSettings(), occasion)}
        assert JobKind.AERATE not in kinds
