"""The rule for ponds on a real summer: jobs per pond, lows foreseen, doubtful ones drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from dispatch.demand.pond_settings import PondSettings
from dispatch.domain.city import City
from dispatch.domain.fleet import Fleet
from dispatch.domain.job import JobKind
from dispatch.domain.signal import Grade, SignalKind
from dispatch.service.ingest import ingest
from dispatch.service.replay import ReplayedJob, ReplayRequest, replay
from dispatch.service.replay_files import payloads_of, register_of
from dispatch.store import open_store
from scenarios.bench.pond_doubts import Doubt, doubts_of, draw_doubts
from scenarios.bench.pond_nights import (
    Score,
    Truth,
    by_forecast,
    by_persistence,
    score,
    truth_of,
)
from scenarios.bench.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from dispatch.domain.signal import Signal

FOLDER: Final = "bochum/ponds"
WANTED: Final = 0.75
CHANCES: Final = (0.05, 0.1, 0.13, 0.17, 0.2, 0.25, 0.3, 0.4, 0.5)
LEVELS: Final = (3.0, 3.5, 4.0, 4.5, 5.0, 6.0)
"""Of last night's lowest hour, in mg/l, below which persistence warns; 3 is the plain rule."""

ASSURED: Final = 0.8
"""In the cross-validation the setting is the surest that warns of so many on one half."""

Scores = dict[float, dict[str, Score]]


def sheets(shared: Path | None, out: Path | None) -> list[Sheet]:
    """Return the tables of the ponds' season; PNGs of doubtful jobs go into `out`, if given."""
    folder = shared / FOLDER if shared is not None else None
    if folder is None or not folder.is_dir():
        missing = ("at least 75 % of the first low mornings foreseen", None)
        return [Sheet(f"Ponds: needs {FOLDER} of the shared data; skipped", (), (), (missing,))]
    season, jobs = _season(folder)
    truths = [truth_of(device, signals) for device, signals in sorted(season.items())]
    doubts = doubts_of([job for job in jobs if job.job.kind is JobKind.AERATE], season)
    if out is not None:
        draw_doubts(doubts, season, out)
    return [
        _per_pond(truths, jobs),
        _foreseen(truths, jobs),
        _settings_sheet(truths),
        _doubts(doubts),
    ]


def _season(folder: Path) -> tuple[dict[str, list[Signal]], tuple[ReplayedJob, ...]]:
    """Return each logger's oxygen of the season, and the jobs it would have made."""
    start = datetime(2000, 1, 1, tzinfo=UTC)
    files = ((path.name, path.read_bytes()) for path in sorted(folder.glob("*.csv*")))
    read = list(payloads_of(files, format_name=None, since=start))
    register = register_of(signal for _, found in read for signal in found.signals)
    seen = [signal.observed_at for _, found in read for signal in found.signals]
    request = ReplayRequest(since=min(seen).replace(minute=0, second=0), until=max(seen))
    store = open_store("sqlite://")
    fleet = Fleet(crews=(), vehicles=(), depots=(), facilities=(), patterns=())
    with store.begin() as tx:
        tx.save_city(
            City(name="ponds", sites=register.sites, devices=register.devices, fleet=fleet)
        )
    ingest((payload for payload, _ in read), store=store)
    with store.read() as tx:
        series = tx.signals_by_site(
            since=request.since, until=request.until, kinds=[SignalKind.DISSOLVED_OXYGEN]
        )
        season = {signals[0].device_id: list(signals) for _, signals in series if signals}
    jobs = replay(request, store=store)
    store.close()
    return {str(device): signals for device, signals in season.items()}, jobs


def _of(jobs: Iterable[ReplayedJob], device: str) -> list[ReplayedJob]:
    return [found for found in jobs if device in found.devices]


def _per_pond(truths: Sequence[Truth], jobs: Sequence[ReplayedJob]) -> Sheet:
    rows = []
    for truth in truths:
        mine = _of(jobs, truth.device)
        kinds = Counter(found.job.kind for found in mine)
        must = sum(j.must_from is not None for j in mine if j.job.kind is JobKind.AERATE)
        rows.append(
            (
                truth.device,
                str(truth.crossings),
                str(truth.low_mornings),
                f"{kinds[JobKind.AERATE]} ({must})",
                str(kinds[JobKind.CHECK]),
                str(kinds[JobKind.SERVICE]),
            )
        )
    return Sheet(
        "Ponds with an oxygen probe, one season",
        ("logger", "crossings of 3 mg/l", "low mornings", "aerate (must)", "check", "service"),
        tuple(rows),
    )


def _in_advance(found: ReplayedJob) -> bool:
    """Tell whether a job was asked for before the oxygen was low."""
    due = found.job.due
    return due is None or due > found.job.created_at


def _foreseen(truths: Sequence[Truth], jobs: Sequence[ReplayedJob]) -> Sheet:
    real = _total(
        score(
            truth,
            [
                (found.job.created_at.timestamp(), _in_advance(found))
                for found in _of(jobs, truth.device)
                if found.job.kind is JobKind.AERATE
            ],
        )
        for truth in truths
    )
    settings = PondSettings()
    rows = [("jobs of the replay", *_cells(real))]
    for level in LEVELS:
        total = _total(score(t, by_persistence(t, settings, level)) for t in truths)
        rows.append((f"persistence, last night below {level:.1f} mg/l", *_cells(total)))
    share = real.foreseen / real.onsets if real.onsets else 0.0
    return Sheet(
        "First low mornings after three good days, foreseen by 20 h the evening before",
        ("rule", "first lows", "foreseen", "warnings", "without a low in three days"),
        tuple(rows),
        ((f"at least {100 * WANTED:.0f} % foreseen: {100 * share:.0f} %", share >= WANTED),),
    )


def _total(scores: Iterable[Score]) -> Score:
    total = Score(0, 0, 0, 0)
    for found in scores:
        total += found
    return total


def _cells(found: Score) -> tuple[str, ...]:
    hit = 100 * found.foreseen / max(found.onsets, 1)
    false = 100 * found.false / max(found.warnings, 1)
    return (
        str(found.onsets),
        f"{found.foreseen} ({hit:.0f} %)",
        str(found.warnings),
        f"{found.false} ({false:.0f} %)",
    )


def _settings_sheet(truths: Sequence[Truth]) -> Sheet:
    """Return the trade-off, and how a setting chosen on one half of the ponds does on the other."""
    settings = PondSettings()
    scores: Scores = {}
    for chance in CHANCES:
        tried = replace(settings, likely=chance)
        scores[chance] = {t.device: score(t, by_forecast(t, tried)) for t in truths}
    rows = [
        (f"chance of a low from {100 * chance:.0f} %", *_cells(_total(found.values())))
        for chance, found in scores.items()
    ]
    devices = [truth.device for truth in truths]
    for name, part in (("odd", devices[::2]), ("even", devices[1::2])):
        rest = [device for device in devices if device not in part]
        chosen = _chosen(scores, part)
        held_out = _total(scores[chosen][device] for device in rest)
        label = f"chosen on the {name} loggers ({100 * chosen:.0f} %), held out"
        rows.append((label, *_cells(held_out)))
    return Sheet(
        "The chance from which the evening asks for an aerator",
        ("setting", "first lows", "foreseen", "warnings", "without a low in three days"),
        tuple(rows),
    )


def _chosen(scores: Mapping[float, Mapping[str, Score]], devices: Sequence[str]) -> float:
    sure = [
        chance
        for chance, found in scores.items()
        if (total := _total(found[d] for d in devices)).foreseen >= ASSURED * total.onsets
    ]
    return max(sure, default=min(scores))


def _doubts(doubts: Sequence[Doubt]) -> Sheet:
    rows = tuple(
        (
            f"{doubt.job.job.created_at + timedelta(hours=2):%Y-%m-%d %H:%M}",
            doubt.device,
            f"{100 * doubt.bad_before:.0f} %",
            f"{100 * doubt.bad_after:.0f} %",
            f"{doubt.spread_mg_l:.2f}",
            doubt.job.job.reason.en,
        )
        for doubt in doubts
    )
    sound = all(grade is Grade.GOOD for doubt in doubts for grade in doubt.evidence) and not any(
        doubt.flat for doubt in doubts
    )
    return Sheet(
        "The ten most doubtful aerations: unusable values in the day before and after",
        ("asked for", "logger", "before", "after", "spread mg/l", "reason"),
        rows,
        (("no aeration rests on zeros, flat lines or spikes", sound),),
    )
