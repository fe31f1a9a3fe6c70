"""The day's oxygen curves, with the jobs they made written beside them, as one picture."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from dispatch.domain.clock import BERLIN
from dispatch.domain.signal import Grade, Signal
from dispatch.domain.site import Pond, Site

if TYPE_CHECKING:
    from pathlib import Path

    from dispatch.domain.ids import SiteId
    from scenarios.pond_files import PondDay


def plot_pond_day(result: PondDay, file: Path) -> None:
    """Write a PNG: one row per pond with an oxygen probe, curve left, jobs right.

    Needs matplotlib (the extra `plot`).
    """
    import matplotlib as mpl  # optional package, so only here

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    sites = [site for site in result.city.sites if site.id in result.curves]
    figure, rows = plt.subplots(
        len(sites),
        2,
        figsize=(15, 1.9 * len(sites)),
        width_ratios=(3, 2),
        squeeze=False,
        sharex="col",
    )
    plt.rcParams["timezone"] = BERLIN.key
    for (curve, words), site in zip(rows, sites, strict=True):
        _draw_curve(curve, site, result.curves[site.id])
        words.axis("off")
        words.text(0, 0.98, _words(result, site.id), va="top", fontsize=8, family="monospace")
    rows[-1][0].tick_params(axis="x", rotation=20)
    figure.suptitle(f"Dissolved oxygen and the jobs of {result.day:%d %B %Y} (mg/l, Berlin time)")
    figure.tight_layout(rect=(0, 0, 1, 0.985))
    figure.savefig(file, dpi=90)
    plt.close(figure)


def _draw_curve(axes: Any, site: Site, signals: list[Signal]) -> None:
    for good, colour in ((True, "#00594f"), (False, "#c1272d")):
        chosen = [s for s in signals if (s.grade is Grade.GOOD) is good]
        times = [s.observed_at.astimezone(BERLIN) for s in chosen]
        axes.plot(times, [s.value for s in chosen], ".", markersize=2, color=colour)
    if isinstance(site.asset, Pond):
        axes.axhline(site.asset.alarm_mg_l, color="#d08000", linewidth=0.8)
    axes.set_ylim(-0.5, 16)
    axes.set_ylabel(site.name, rotation=0, ha="right", fontsize=9)


def _words(result: PondDay, site_id: SiteId) -> str:
    lines: list[str] = []
    for look, job in result.jobs:
        if job.site_id != site_id:
            continue
        urgency = "must" if job.required else "may"
        head = f"{look:%H:%M} {job.kind} ({urgency}, {job.leave_price_ct / 100:.0f} EUR/day)"
        lines += [
            head,
            *textwrap.wrap(job.reason.en, 62, initial_indent="  ", subsequent_indent="  "),
        ]
    return "\n".join(lines) or "no job"
