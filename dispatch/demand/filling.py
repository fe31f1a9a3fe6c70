"""The filling of one container: level, rate and forecast, each with its uncertainty.

A Kalman filter over level and rate, once for each way a day's inflow may scatter; what the levels
make likely gets the weight. Glass comes as a gamma process: never negative, a few large days.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from dispatch.demand.spread import Hump, Spread, hump
from dispatch.demand.throw_in import ThrowIn, days_of, moment_of
from dispatch.domain.ids import SignalId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.demand.glass_settings import LevelSettings
    from dispatch.demand.steps import Step

_ODD_SD: Final = 3.0
"""A level farther from the expected one is odd: an event, a fault, or an emptying nobody saw."""

_AGREES_SD: Final = 2.0
_RISE_NEEDS, _FALL_NEEDS = 1, 2
"""So many levels after an odd one must agree with it before it is believed."""

_MANY: Final = 3
"""The median of so many readings needs no other to be believed, if it is higher."""

_CEILING_PCT, _GROUND_PCT = 99.0, 0.5
"""Readings end at 0 and 100: there they say "at most" and "at least" only."""

_START_PCT, _START_SD = 50.0, 40.0
_USUAL_SPREAD: Final = 0.7
"""Scatter of a first look that finds about what rate the container has."""

_LEAST_RATE: Final = 0.05
_SQRT_2, _SQRT_2_PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi)
_LEAST_CHANCE: Final = 1e-9
_HALVINGS: Final = 15
"""From 150 days to a few minutes."""

_LIKELIEST: Final = 2
_LEAST_WEIGHT: Final = 0.002


@dataclass(frozen=True, slots=True)
class RatePrior:
    """Points per average day before the container's own levels were looked at."""

    mean: float
    sd: float


@dataclass(slots=True)
class _State:
    """The filter: level, rate, their covariance, and how well it has predicted so far."""

    level: float
    rate: float
    var_level: float
    cov: float
    var_rate: float
    inflow_var: float
    drift_var: float
    score: float = 0.0
    days: float = 0.0
    passed: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A container at `at`, from steps up to `known_until`; levels in percent of its volume.

    `scale_error` is a relative error of all levels, where they are counted and not measured.
    """

    at: datetime
    throw_in: ThrowIn
    states: tuple[tuple[float, _State], ...] = field(repr=False)
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

    def _hump(self, weight: float, state: _State, passed: float) -> Hump:
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
        third = 2 * state.inflow_var * inflow / max(state.rate, _LEAST_RATE)
        return hump(weight=weight, mean=mean, variance=variance, third=third)


@lru_cache(maxsize=512)  # of a site's containers, mostly one has sent something new
def follow(
    steps: tuple[Step, ...], prior: RatePrior, settings: LevelSettings
) -> tuple[tuple[float, _State], ...]:
    """Return the filter's states after all steps, one for each scatter, with their weights."""
    slow, quick = settings.rate_drifts
    usual = _followed(steps, prior, _USUAL_SPREAD * prior.mean, slow * prior.mean).rate
    states = [_followed(steps, prior, s * usual, slow * usual) for s in settings.inflow_spreads]
    # Where the days of a week are alike, the rate itself moves; tried for the likeliest scatters.
    by_score = sorted(zip(states, settings.inflow_spreads, strict=True), key=lambda p: -p[0].score)
    states += [_followed(steps, prior, s * usual, quick * usual) for _, s in by_score[:_LIKELIEST]]
    best = max(state.score for state in states)
    odds = [math.exp(state.score - best) for state in states]
    likely = [(o, s) for o, s in zip(odds, states, strict=True) if o >= _LEAST_WEIGHT]
    total = sum(odd for odd, _ in likely)
    return tuple((odd / total, state) for odd, state in likely)


def _followed(steps: Sequence[Step], prior: RatePrior, day_sd: float, drift: float) -> _State:
    """Return the state after all steps when a day's inflow scatters by `day_sd` points.

    The rate wanders by `drift` in a day.
    """
    first = steps[0]
    state = _State(
        level=_START_PCT,
        rate=prior.mean,
        var_level=_START_SD**2,
        cov=0.0,
        var_rate=prior.sd**2,
        inflow_var=day_sd**2,
        drift_var=drift**2,
        days=first.days,
        passed=first.passed,
    )
    for at, step in enumerate(steps):
        _pass_time(state, step)
        if step.emptied:
            state.level, state.var_level, state.cov = step.level_pct, step.variance, 0.0
        else:
            _look(state, step, steps, at)
    state.rate = max(state.rate, _LEAST_RATE)
    return state


def _pass_time(state: _State, step: Step) -> None:
    ahead = step.passed - state.passed
    state.level += state.rate * ahead
    state.var_level += ahead * (2 * state.cov + ahead * state.var_rate + state.inflow_var)
    state.cov += state.var_rate * ahead
    state.var_rate += state.drift_var * (step.days - state.days)
    state.days, state.passed = step.days, step.passed


def _look(state: _State, step: Step, steps: Sequence[Step], at: int) -> None:
    """Correct the state by a level seen."""
    if step.level_pct >= _CEILING_PCT:
        _look_at_full(state, step)
        return
    miss = step.level_pct - state.level
    if step.level_pct <= _GROUND_PCT and miss > 0:
        return
    total = state.var_level + step.variance
    odd, jump = abs(miss) / math.sqrt(total), 0.0
    if odd <= _ODD_SD:
        state.score -= 0.5 * (math.log(total) + odd * odd)
    else:
        state.score -= 0.5 * (math.log(total) + _ODD_SD * (2 * odd - _ODD_SD))
        if _is_real(state, miss, steps, at):
            # The level is where it is seen; the rate learns from it as from any other inflow.
            jump = miss
        else:
            total *= (odd / _ODD_SD) ** 2
    gain, rate_gain = state.var_level / total, state.cov / total
    state.level += jump if jump else gain * miss
    state.rate += rate_gain * miss
    state.var_rate -= rate_gain * state.cov
    state.cov -= gain * state.cov
    state.var_level -= gain * state.var_level


def _look_at_full(state: _State, step: Step) -> None:
    """Correct the state by a reading at the top of the scale: at least so much (as Tobit does).

    Taken as they are, such readings would hide every fast day and show every slow one.
    """
    total = state.var_level + step.variance
    error = math.sqrt(total)
    lack = (step.level_pct - state.level) / error
    if lack > _ODD_SD:
        state.level, lack = step.level_pct - _ODD_SD * error, _ODD_SD
    chance = max(0.5 * math.erfc(lack / _SQRT_2), _LEAST_CHANCE)
    push = math.exp(-0.5 * lack * lack) / (_SQRT_2_PI * chance)
    known = push * (push - lack) / total
    state.score += math.log(chance)
    state.level += state.var_level * push / error
    state.rate += state.cov * push / error
    state.var_rate -= state.cov * state.cov * known
    state.cov -= state.cov * state.var_level * known
    state.var_level -= state.var_level * state.var_level * known


def _is_real(state: _State, miss: float, steps: Sequence[Step], at: int) -> bool:
    """Tell whether an odd level is one: glass may come at once, but leaves only with a crew."""
    if miss > 0 and steps[at].values >= _MANY:
        return True
    needs = _RISE_NEEDS if miss > 0 else _FALL_NEEDS
    following = steps[at + 1 : at + 1 + needs]
    if len(following) < needs:
        return False
    for step in following:
        expected = state.level + state.rate * (step.passed - state.passed)
        error = math.sqrt(state.var_level + step.variance)
        later = step.level_pct - expected
        if step.emptied or later * miss < 0 or abs(later) < _AGREES_SD * error:
            return False
    return True
