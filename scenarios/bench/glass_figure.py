"""A picture of forecasts: levels read, the truth afterwards, and the fan of the forecast."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dispatch.demand.outlook import fillings
from scenarios.bench.glass_city import TrueContainer, simulate
from scenarios.bench.glass_regimes import REGIMES
from scenarios.bench.glass_seen import SETTINGS, by_sensor, history_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dispatch.demand.filling import Filling

SHOWN: Final = (0, 1, 2, 3, 6, 7)
"""Which kinds of cities are drawn."""

AHEAD_DAYS, BEFORE_DAYS = 8, 14
BANDS: Final = ((0.05, 0.95), (0.25, 0.75))


def draw_fans(out: Path, *, seed: int, shown: Sequence[int] = SHOWN) -> Path | None:
    """Return the picture's path, None where matplotlib is missing."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    rows = math.ceil(len(shown) / 2)
    figure = Figure(figsize=(12, 3 * rows), layout="constrained")
    for place, axes in zip(shown, np.ravel(figure.subplots(rows, 2)), strict=False):
        _draw(axes, place, seed)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "glass_forecasts.png"
    figure.savefig(path, dpi=110)
    return path


def _draw(axes: Any, place: int, seed: int) -> None:
    regime = REGIMES[place]
    hour = 24 * regime.history_days + 4
    truth = simulate(regime, sites=4, days=regime.history_days + AHEAD_DAYS + 2, seed=seed)
    city = history_of(truth, days=regime.history_days, sent=by_sensor)
    histories = city.histories(hour)
    occasion = city.occasion(hour, histories)
    _, filling, _ = fillings(histories[0], SETTINGS, occasion)[0]
    container = city.containers[0][0]
    _draw_past(axes, container, hour)
    _draw_fan(axes, container, filling, hour)
    axes.axhline(SETTINGS.overflow_pct, color="tab:red", linewidth=0.8)
    axes.set(title=regime.name, xlabel="days", ylabel="level in %", ylim=(-3, 130))


def _draw_past(axes: Any, container: TrueContainer, hour: int) -> None:
    seen = (container.read_at <= hour) & (container.read_at > hour - 24 * BEFORE_DAYS)
    axes.plot((container.read_at[seen] - hour) / 24, container.read[seen], ".", color="0.6", ms=2)
    past = np.arange(hour - 24 * BEFORE_DAYS, hour)
    axes.plot((past - hour) / 24, container.level[past], color="black", linewidth=0.8)


def _draw_fan(axes: Any, container: TrueContainer, filling: Filling, hour: int) -> None:
    ahead = np.arange(0, 24 * AHEAD_DAYS, 6)
    spreads = [filling.spread(filling.at + timedelta(hours=int(h))) for h in ahead]
    for low, high in BANDS:
        lower, upper = [s.quantile(low) for s in spreads], [s.quantile(high) for s in spreads]
        axes.fill_between(ahead / 24, lower, upper, color="tab:blue", alpha=0.25, linewidth=0)
    later = [container.level_later(hour, int(h)) for h in ahead]
    axes.plot(ahead / 24, later, color="black", linewidth=1.2)
