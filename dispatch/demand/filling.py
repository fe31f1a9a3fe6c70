"""The filling of one container: level, rate and forecast, each with its uncertainty.

A Kalman filter over level and rate, once for each way a day's inflow may scatter; what the levels
make likely gets the weight. Glass comes as a gamma process: never negative, a few large days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dispatch.demand.following import LEAST_RATE, State, States
from dispatch.demand.spread import Hump, Spread, hump
from dispatch.demand.throw_in import ThrowIn, days_of, moment_of
from dispatch.domain.ids import SignalId

_HALVINGS: Final = 15
"""From 150 days to a few minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A container at `at`, from steps up to `known_until`; levels in percent of its volume.

    `scale_error` is a relative error of all levels, where they are counted and not measured.
    """

    at: datetime
    throw_in: ThrowIn
    states: States = field(repr=False)
    bias_pct: float
    week_error: float
    scale_error: float
    measured_at: datetime
    evidence: tuple[SignalId, ...] = ()

    def spread(self, moment: datetime) -> Spread:
        """Return the distribution of the level then, if nobody empties it; it may exceed 100."""
        return self._spread(self.throw_in.passed(days_of(moment)))

    def level_at(self, moment: datetime) -> float:
        """Return the expected level; above 100 glass lies beside the container."""
        passed = self.throw_in.passed(days_of(moment))
        return sum(w * (s.level + s.rate * (passed - s.passed)) for w, s in self.states)

    @property
    def level_pct(self) -> float:
        """The expected level at `at`, not below zero."""
        return max(0.0, self.level_at(self.at))

    @property
    def rate_pct_day(self) -> float:
        """Points per average day of the week."""
        return sum(w * s.rate for w, s in self.states)

    def chance_above(self, level_pct: float, moment: datetime) -> float:
        """Return the probability that it stands above a level then."""
        return 1.0 - self.spread(moment).below(level_pct)

    def reaches(self, level_pct: float, *, chance: float = 0.5) -> datetime | None:
        """Return from when on it stands above a level with that probability.

        None where that lies beyond the days this forecast covers.
        """
        low = self.throw_in.passed(days_of(self.at))
        high = self.throw_in.passed(self.throw_in.end)
        if self._above(level_pct, low) >= chance:
            return self.at
        if self._above(level_pct, high) < chance:
            return None
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            if self._above(level_pct, middle) < chance:
                low = middle
            else:
                high = middle
        return moment_of(self.throw_in.when(high)).astimezone(self.at.tzinfo)

    def _above(self, level_pct: float, passed: float) -> float:
        return 1.0 - self._spread(passed).below(level_pct)

    def _spread(self, passed: float) -> Spread:
        return Spread(tuple(self._hump(weight, state, passed) for weight, state in self.states))

    def _hump(self, weight: float, state: State, passed: float) -> Hump:
        ahead = passed - state.passed
        mean = state.level + state.rate * ahead
        inflow = state.inflow_var * ahead
        variance = (
            state.var_level
            + ahead * (2 * state.cov + ahead * state.var_rate)
            + state.drift_var * ahead**3 / 3
            + inflow
            + self.bias_pct**2
            + (self.scale_error * mean) ** 2
            + (self.week_error * state.rate * ahead) ** 2
        )
        third = 2 * state.inflow_var * inflow / max(state.rate, LEAST_RATE)
        return hump(weight=weight, mean=mean, variance=variance, third=third)
