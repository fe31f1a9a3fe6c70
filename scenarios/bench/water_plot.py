"""A season of a tree as a picture: rain, water missing, and when how much was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.dates import DateFormatter, MonthLocator, date2num
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.axes import Axes

    from scenarios.bench.water_season import SeasonRun

RAIN, MISSING, READILY, WATER = "#4a7fb5", "#8c5a2b", "#888888", "#0b6e4f"


def draw_seasons(runs: Mapping[str, SeasonRun], title: str, file: Path) -> None:
    """Write a PNG with one panel per setting, depletion growing downwards, rain from above."""
    figure = Figure(figsize=(11, 3.1 * len(runs) + 0.6), layout="constrained")
    panels = figure.subplots(len(runs), 1, sharex=True, squeeze=False)[:, 0]
    for panel, (name, run) in zip(panels, runs.items(), strict=True):
        _draw_season(panel, name, run)
    panels[0].legend(loc="lower left", ncols=4, fontsize=8, framealpha=0.9)
    panels[-1].xaxis.set_major_locator(MonthLocator())  # type: ignore[no-untyped-call]
    panels[-1].xaxis.set_major_formatter(DateFormatter("%d %b"))  # type: ignore[no-untyped-call]
    figure.suptitle(title)
    figure.savefig(file, dpi=110)


def _draw_season(panel: Axes, name: str, run: SeasonRun) -> None:
    days: Any = [b.day for b in run.days]  # matplotlib takes dates; its stubs do not
    missing = [b.state.depletion_mm for b in run.days]
    panel.plot(days, missing, color=MISSING, label="water missing (mm)")
    panel.plot(
        days,
        [b.readily_mm for b in run.days],
        color=READILY,
        linewidth=1,
        linestyle="--",
        label="readily available (mm)",
    )
    panel.bar(days, [b.rain_mm for b in run.days], color=RAIN, label="rain on the roots (mm)")
    for day, litres in run.litres.items():
        # The evening before: where the watering found the soil.
        at = max(
            (b.state.depletion_mm for b in run.days if (day - b.day).days in (0, 1)), default=0.0
        )
        panel.annotate(
            f"{litres:.0f} l",
            xy=(date2num(day), at),  # type: ignore[no-untyped-call]
            xytext=(0, -24),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            color=WATER,
            arrowprops={"arrowstyle": "->", "color": WATER},
        )
    total = sum(run.litres.values())
    panel.set_title(f"{name}: {len(run.litres)} waterings, {total:.0f} l", fontsize=10, loc="left")
    panel.set_ylim(run.zone.available_mm, -4)
    panel.set_ylabel("mm")
    panel.grid(alpha=0.25)
