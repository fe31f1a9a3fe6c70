"""Aerations that hindsight may doubt: next to unusable values, or on a line that did not move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dispatch.domain.clock import BERLIN
from dispatch.domain.signal import Grade
from dispatch.service.replay import ReplayedJob

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from dispatch.domain.signal import Signal

SHOWN: Final = 10
DAY: Final = timedelta(days=1)
FLAT_MG_L: Final = 0.05
FLAT_OVER: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One aeration: shares of unusable values around it, and what it rests on.

    `spread_mg_l` is that of the three hours before, `flat` whether six hours around the decision
    stood still, as only hindsight can know.
    """

    job: ReplayedJob
    device: str
    bad_before: float
    bad_after: float
    spread_mg_l: float
    flat: bool
    evidence: tuple[Grade, ...]


def doubts_of(jobs: Sequence[ReplayedJob], season: Mapping[str, Sequence[Signal]]) -> list[Doubt]:
    """Return the most doubtful aerations, the worst first; any on a flat line come before all."""
    found = [_doubt(job, device, season[device]) for job in jobs for device in job.devices[:1]]
    found.sort(key=lambda d: (not d.flat, -(2 * d.bad_before + d.bad_after), d.spread_mg_l))
    return found[:SHOWN]


def _doubt(job: ReplayedJob, device: str, signals: Sequence[Signal]) -> Doubt:
    at, evidence = job.job.created_at, set(job.job.evidence)
    near = [s for s in signals if at - DAY <= s.observed_at <= at + DAY]
    good = [s for s in near if s.grade is Grade.GOOD]
    last = [s.value for s in good if at - timedelta(hours=3) <= s.observed_at <= at]
    return Doubt(
        job=job,
        device=device,
        bad_before=_bad([s for s in near if s.observed_at <= at]),
        bad_after=_bad([s for s in near if s.observed_at > at]),
        spread_mg_l=max(last, default=0.0) - min(last, default=0.0),
        flat=_flat(near, at),
        evidence=tuple(s.grade for s in signals if s.id in evidence),
    )


def _bad(signals: Sequence[Signal]) -> float:
    return sum(s.grade is not Grade.GOOD for s in signals) / max(len(signals), 1)


def _flat(signals: Sequence[Signal], at: datetime) -> bool:
    """Tell whether some six hours that hold the last hour before the decision stood still."""
    for begin in range(6):
        start = at - timedelta(hours=begin + 1)
        values = [s.value for s in signals if start <= s.observed_at <= start + FLAT_OVER]
        if len(values) > SHOWN and max(values) - min(values) < FLAT_MG_L:
            return True
    return False


def draw_doubts(doubts: Sequence[Doubt], season: Mapping[str, Sequence[Signal]], out: Path) -> None:
    """Write one PNG with the curves of three days around each job; needs the extra `plot`."""
    try:
        import matplotlib as mpl  # optional package, so only here
    except ImportError:
        return
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, rows = plt.subplots(len(doubts) or 1, 1, figsize=(13, 2.4 * (len(doubts) or 1)))
    for axes, doubt in zip([rows] if len(doubts) < 2 else rows, doubts, strict=False):
        at = doubt.job.job.created_at
        near = [s for s in season[doubt.device] if abs(s.observed_at - at) <= 3 * DAY]
        for good, colour in ((True, "#00594f"), (False, "#c1272d")):
            chosen = [s for s in near if (s.grade is Grade.GOOD) is good]
            times = [s.observed_at.astimezone(BERLIN).replace(tzinfo=None) for s in chosen]
            axes.plot(times, [s.value for s in chosen], ".", markersize=2, color=colour)
        axes.axvline(at.astimezone(BERLIN).replace(tzinfo=None), color="#333333", linewidth=1)
        axes.axhline(3, color="#d08000", linewidth=0.8)
        axes.set_title(f"{doubt.device}: {doubt.job.job.reason.en}", fontsize=8, loc="left")
    figure.tight_layout()
    out.mkdir(parents=True, exist_ok=True)
    figure.savefig(out / "ponds_doubtful.png", dpi=80)
    plt.close(figure)
