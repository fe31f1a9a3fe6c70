"""What a container's levels tell of its level and rate: a Kalman filter, once for each scatter.

What the levels make likely gets the weight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispatch.demand.steps import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.demand.glass_settings import LevelSettings

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

LEAST_RATE: Final = 0.05
_SQRT_2, _SQRT_2_PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi)
_LEAST_CHANCE: Final = 1e-9
_LIKELIEST: Final = 2
_LEAST_WEIGHT: Final = 0.002


@dataclass(frozen=True, slots=True)
class RatePrior:
    """Points per average day before the container's own levels were looked at."""

    mean: float
    sd: float


@dataclass(slots=True)
class State:
    """The filter: level, rate, their covariance, and how well it has predicted so far."""

    level: float
    rate: float
    var_level: float
    cov: float
    var_rate: float
    inflow_var: float
    drift_var: float
    score: float = 0.0
    passed: float = 0.0


States = tuple[tuple[float, State], ...]


def follow(steps: tuple[Step, ...], prior: RatePrior, settings: LevelSettings) -> States:
    """Return the filter's states after all steps, one for each scatter, with their weights."""
    slow, quick = settings.rate_drifts
    path = _path(steps)
    usual = _followed(path, prior, _USUAL_SPREAD * prior.mean, slow * prior.mean).rate
    states = [_followed(path, prior, s * usual, slow * usual) for s in settings.inflow_spreads]
    # Where the days of a week are alike, the rate itself moves; tried for the likeliest scatters.
    by_score = sorted(zip(states, settings.inflow_spreads, strict=True), key=lambda p: -p[0].score)
    states += [_followed(path, prior, s * usual, quick * usual) for _, s in by_score[:_LIKELIEST]]
    best = max(state.score for state in states)
    odds = [math.exp(state.score - best) for state in states]
    likely = [(o, s) for o, s in zip(odds, states, strict=True) if o >= _LEAST_WEIGHT]
    total = sum(odd for odd, _ in likely)
    return tuple((odd / total, state) for odd, state in likely)


@dataclass(frozen=True, slots=True)
class _Path:
    """The steps, and of each what the filter asks for: laid out once for all its runs.

    That is the time since the step before (average days, days), the level with its variance, and
    whether it is a plain level within the scale.
    """

    steps: tuple[Step, ...]
    plainly: tuple[tuple[float, float, float, float, bool], ...]


def _path(steps: tuple[Step, ...]) -> _Path:
    before = steps[0]
    found = []
    for step in steps:
        plain = not step.emptied and _GROUND_PCT < step.level_pct < _CEILING_PCT
        ahead, gap = step.passed - before.passed, step.days - before.days
        found.append((ahead, gap, step.level_pct, step.variance, plain))
        before = step
    return _Path(steps, tuple(found))


def _followed(path: _Path, prior: RatePrior, day_sd: float, drift: float) -> State:
    """Return the state after all steps when a day's inflow scatters by `day_sd` points.

    The rate wanders by `drift` in a day.
    """
    state = State(
        level=_START_PCT,
        rate=prior.mean,
        var_level=_START_SD**2,
        cov=0.0,
        var_rate=prior.sd**2,
        inflow_var=day_sd**2,
        drift_var=drift**2,
    )
    at = 0
    while (at := _followed_plainly(state, path, at)) < len(path.steps):
        step = path.steps[at]
        if step.emptied:
            state.level, state.var_level, state.cov = step.level_pct, step.variance, 0.0
        else:
            _look(state, step, path.steps, at)
        at += 1
    state.rate = max(state.rate, LEAST_RATE)
    state.passed = path.steps[-1].passed
    return state


def _followed_plainly(state: State, path: _Path, start: int) -> int:
    """Carry the state on to the first step that is no plain level as expected; return its place.

    Most steps are plain, and each passes here seven times: hence the bare figures.
    """
    level, rate, score = state.level, state.rate, state.score
    var_level, cov, var_rate = state.var_level, state.cov, state.var_rate
    inflow_var, drift_var, log = state.inflow_var, state.drift_var, math.log
    place = start
    for ahead, gap, seen, variance, plain in path.plainly[start:]:
        # Time passes.
        level += rate * ahead
        var_level += ahead * (2 * cov + ahead * var_rate + inflow_var)
        cov += var_rate * ahead
        var_rate += drift_var * gap
        # A level is seen.
        miss, total = seen - level, var_level + variance
        odd_2 = miss * miss / total
        if not plain or odd_2 > _ODD_SD * _ODD_SD:
            break
        score -= 0.5 * (log(total) + odd_2)
        gain, rate_gain = var_level / total, cov / total
        level += gain * miss
        rate += rate_gain * miss
        var_rate -= rate_gain * cov
        cov -= gain * cov
        var_level -= gain * var_level
        place += 1
    state.level, state.rate, state.score = level, rate, score
    state.var_level, state.cov, state.var_rate = var_level, cov, var_rate
    return place


def _look(state: State, step: Step, steps: Sequence[Step], at: int) -> None:
    """Correct the state by a level seen that is odd, or at an end of the scale."""
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


def _look_at_full(state: State, step: Step) -> None:
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


def _is_real(state: State, miss: float, steps: Sequence[Step], at: int) -> bool:
    """Tell whether an odd level is one: glass may come at once, but leaves only with a crew."""
    if miss > 0 and steps[at].values >= _MANY:
        return True
    needs = _RISE_NEEDS if miss > 0 else _FALL_NEEDS
    following = steps[at + 1 : at + 1 + needs]
    if len(following) < needs:
        return False
    for step in following:
        expected = state.level + state.rate * (step.passed - steps[at].passed)
        error = math.sqrt(state.var_level + step.variance)
        later = step.level_pct - expected
        if step.emptied or later * miss < 0 or abs(later) < _AGREES_SD * error:
            return False
    return True
