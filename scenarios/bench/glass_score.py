"""How good forecasts of glass containers are: coverage, pinball loss, emptyings found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispatch.demand.glass_past import site_past
from dispatch.demand.outlook import fillings
from dispatch.demand.throw_in import days_of
from scenarios.bench.glass_city import TrueContainer
from scenarios.bench.glass_seen import SETTINGS, CityHistory

if TYPE_CHECKING:
    from dispatch.demand.emptyings import Emptying

FloatArray = NDArray[np.float64]

HORIZONS_H: Final = (24, 72, 168)
QUANTILES: Final = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
NEAR_H: Final = 12.0
"""An emptying is found when it is placed within so many hours."""

CONFIRMED_BY: Final = 3
"""Emptyings are asked for that so many true readings have followed."""

USUAL_SLOPE: Final = 5.0
"""Points a day where the line has too few readings."""

Rule = Callable[[TrueContainer, int, int], float]
"""What a simple rule says of a container, seen at an hour, so many hours later."""


@dataclass(slots=True)
class Score:
    """Per horizon (hours) the truth, our quantiles and the rule's value; emptyings right, wrong."""

    truth: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    ours: dict[int, list[list[float]]] = field(default_factory=lambda: defaultdict(list))
    rule: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    found: int = 0
    invented: int = 0
    missed: int = 0

    def covered(self, horizon: int) -> float:
        """Return the share of truths within the 90 % interval."""
        ours, truth = np.array(self.ours[horizon]), np.array(self.truth[horizon])
        return float(np.mean((truth >= ours[:, 0]) & (truth <= ours[:, -1])))

    def gain(self, horizon: int) -> float:
        """Return how far the pinball loss lies below the rule's, as a share."""
        return 1 - self.loss(horizon) / self.rule_loss(horizon)

    def loss(self, horizon: int) -> float:
        """Return our mean pinball loss over the quantiles, in points."""
        return pinball(np.array(self.truth[horizon]), np.array(self.ours[horizon]))

    def rule_loss(self, horizon: int) -> float:
        """Return the rule's, whose one value stands for every quantile."""
        values = np.repeat(np.array(self.rule[horizon])[:, None], len(QUANTILES), axis=1)
        return pinball(np.array(self.truth[horizon]), values)

    def spread_rule_loss(self, horizon: int) -> float:
        """Return the rule's loss had it known the quantiles of its own errors beforehand."""
        truth, rule = np.array(self.truth[horizon]), np.array(self.rule[horizon])
        return pinball(truth, rule[:, None] + np.quantile(truth - rule, QUANTILES)[None, :])

    @property
    def precision(self) -> float:
        """Of the emptyings we saw, the share that took place."""
        return self.found / max(self.found + self.invented, 1)

    @property
    def recall(self) -> float:
        """Of the emptyings that took place, the share we saw."""
        return self.found / max(self.found + self.missed, 1)


def pinball(truth: FloatArray, values: FloatArray) -> float:
    """Return the mean pinball loss of values (n, quantiles)."""
    miss = truth[:, None] - values
    share = np.array(QUANTILES)[None, :]
    return float(np.mean(np.maximum(share * miss, (share - 1) * miss)))


def score_forecasts(city: CityHistory, hour: int, score: Score, *, rule: Rule) -> None:
    """Add the forecasts made `hour` hours after the start, beside the truth and the rule."""
    histories = city.histories(hour)
    occasion = city.occasion(hour, histories)
    for history, truths in zip(histories, city.containers, strict=True):
        known = {c.id: filling for c, filling, _ in fillings(history, SETTINGS, occasion)}
        for container, part in zip(truths, city.parts(history.site), strict=True):
            if part not in known:
                continue
            for ahead in HORIZONS_H:
                spread = known[part].spread(occasion.now + timedelta(hours=ahead))
                score.truth[ahead].append(container.level_later(hour, ahead))
                score.ours[ahead].append([spread.quantile(q) for q in QUANTILES])
                score.rule[ahead].append(rule(container, hour, ahead))


def line_rule(days: int) -> Rule:
    """Return the rule "last value plus slope": a line through the readings since the emptying.

    The rule is told the true hour of the last emptying.
    """

    def rule(container: TrueContainer, hour: int, ahead: int) -> float:
        at, read = container.read_at, container.read
        seen = (at <= hour) & (at >= hour - 24 * days)
        emptied = max((e for e in container.emptied if e <= hour), default=-1)
        cycle = seen & (at > emptied)
        slope = USUAL_SLOPE / 24
        if cycle.sum() >= 4 and np.ptp(at[cycle]) >= 24:
            slope = max(0.0, float(np.polyfit(at[cycle], read[cycle], 1)[0]))
        return float(read[seen][-1] + slope * (hour + ahead - at[seen][-1]))

    return rule


def fixed_rule(rate_pct_day: float) -> Rule:
    """Return the rule "every container fills at one rate" since its last emptying."""

    def rule(container: TrueContainer, hour: int, ahead: int) -> float:
        emptied = max((e for e in container.emptied if e <= hour), default=0)
        return SETTINGS.floor_pct + rate_pct_day * (hour + ahead - emptied) / 24

    return rule


def score_emptyings(city: CityHistory, hour: int, score: Score) -> None:
    """Add the emptyings seen by then, beside those that took place."""
    histories = city.histories(hour)
    occasion = city.occasion(hour, histories)
    since = hour - 24 * city.days
    for history, found in zip(histories, city.containers, strict=True):
        pasts = site_past(history, SETTINGS, occasion).pasts
        for container, past in zip(found, pasts, strict=True):
            match(container, past.emptyings, since, hour, score)


def match(
    container: TrueContainer,
    seen: Sequence[Emptying],
    since: int,
    hour: int,
    score: Score,
) -> None:
    """Add the emptyings seen in a container between two hours, beside those that took place."""
    start = days_of(container.start)
    honest = container.read_at[container.honest & (container.read_at <= hour)]
    open_truths = [e for e in container.emptied if since <= e <= hour]
    asked = [e for e in open_truths if e >= since + NEAR_H and (honest > e).sum() >= CONFIRMED_BY]
    for emptying in seen:
        begin, end = (emptying.after - start) * 24, (emptying.before - start) * 24
        fits = [e for e in open_truths if _same(e, begin, end, honest)]
        if fits:
            open_truths.remove(fits[0])
            score.found += fits[0] in asked
        else:
            score.invented += 1
    score.missed += sum(e in asked for e in open_truths)


def _same(truth: int, begin: float, end: float, honest: FloatArray) -> bool:
    """Tell whether an emptying seen between two hours is the true one.

    Where the sensor was stuck, mute or at zero, nobody could see it before its next true reading.
    """
    later = honest[honest > truth]
    next_h = float(later[0]) if len(later) else float(truth)
    return begin - NEAR_H <= truth <= end + NEAR_H or truth <= end <= next_h + NEAR_H
