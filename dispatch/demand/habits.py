"""What the other containers say about one: the city's and the site's rates and weeks.

A container with few days of its own is judged like the others of its site, and those like the
city's. How much the others count follows from how much they differ (empirical Bayes).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.demand.following import RatePrior
from dispatch.demand.throw_in import LEAST_WEIGHT, FloatArray, IntArray
from dispatch.domain.site import GlassColour

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.demand.glass_settings import LevelSettings

_FEWEST_DAYS: Final = 4.0
"""A container seen on fewer whole days says nothing about others."""

_FEWEST_CONTAINERS: Final = 8
_DAY_SCATTER: Final = 0.8
"""One day's inflow scatters by this share of its mean; so far a rate from a few days errs."""

_PRIOR_DAYS: Final = 6.0
"""The usual scatter counts like so many days of the container's own."""

_OWN_WEEK_SHARE: Final = 0.25
"""Containers of a site differ in their weeks by this part of the variance between sites."""

_PRIOR_WEEKS: Final = 200.0
"""The assumed difference of two weeks counts like so many weights of a weekday."""

_LEAST_SPREAD: Final = 0.1
_LEAST_FACTOR: Final = 0.2
_LEAST_RATE: Final = 0.3
"""Points a day; the noise of the levels hides anything slower within a month."""

_PRIOR_CONTAINERS: Final = 10.0
"""The assumed rate and its spread count like so many containers."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ContainerDays:
    """The whole days on which a container was seen: sum of inflows and count for each weekday.

    `scatter` is the variance of one day's inflow beside the mean of its weekday, in squares of
    the container's rate; errors of the levels included.
    """

    site: str
    colour: GlassColour
    inflow: FloatArray
    count: FloatArray
    scatter: float

    @property
    def days(self) -> float:
        """How many."""
        return float(self.count.sum())

    def rate(self, weights: FloatArray) -> float:
        """Return the points per average day, given the weights of the weekdays."""
        return max(float(self.inflow.sum()) / max(float(self.count @ weights), 1e-9), _LEAST_RATE)

    def rate_error(self) -> float:
        """Return the variance of the rate's relative error."""
        return self.scatter / self.days


def container_days(
    kinds: IntArray, inflows: FloatArray, *, site: str, colour: GlassColour
) -> ContainerDays:
    """Return the days' inflows (points) summed up by the kinds of the days."""
    inflow = np.bincount(kinds, weights=inflows, minlength=7).astype(np.float64)
    count = np.bincount(kinds, minlength=7).astype(np.float64)
    mean = inflow / np.maximum(count, 1)
    free = len(kinds) - int((count > 0).sum())
    rate = max(float(mean[count > 0].mean()) if len(kinds) else 0.0, _LEAST_RATE)
    own = float(((inflows - mean[kinds]) ** 2).sum()) / rate**2
    scatter = (own + _PRIOR_DAYS * _DAY_SCATTER**2) / (free + _PRIOR_DAYS)
    return ContainerDays(site=site, colour=colour, inflow=inflow, count=count, scatter=scatter)


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassHabits:
    """A city's habits: the week, the mean rate per colour (points per average day), variances.

    `between_sites` and `within_site` are variances of the rates in squares of the mean rate,
    `week_variance` is how far the weights of the weekdays differ between sites.
    """

    weights: tuple[float, ...]
    rates: Mapping[GlassColour, float] = field(default_factory=dict)
    usual_rate: float
    between_sites: float
    within_site: float
    week_variance: float

    def rate(self, colour: GlassColour) -> float:
        """Return the usual rate of a colour."""
        return self.rates.get(colour, self.usual_rate)


def usual_habits(settings: LevelSettings) -> GlassHabits:
    """Return what is assumed of a city nobody has seen."""
    half = settings.rate_spread**2 / 2
    return GlassHabits(
        weights=settings.usual_weights,
        usual_rate=settings.usual_rate_pct_day,
        between_sites=half,
        within_site=half,
        week_variance=settings.week_spread**2,
    )


def city_habits(containers: Sequence[ContainerDays], settings: LevelSettings) -> GlassHabits:
    """Return the habits of the containers seen for long enough; the assumed ones if too few."""
    seen = [c for c in containers if c.days >= _FEWEST_DAYS]
    usual = usual_habits(settings)
    if len(seen) < _FEWEST_CONTAINERS:
        return usual
    weights = _shrunk_weights(seen, np.array(usual.weights), usual.week_variance)
    middle = _mean_rate(seen, weights, usual.usual_rate)
    colours = {c.colour for c in seen}
    rates = {
        colour: _mean_rate([c for c in seen if c.colour is colour], weights, middle)
        for colour in sorted(colours)
    }
    within, between = _variances(seen, weights, rates, usual)
    return GlassHabits(
        weights=tuple(weights.tolist()),
        rates=rates,
        usual_rate=middle,
        between_sites=between,
        within_site=within,
        week_variance=_week_variance(seen, weights, settings.week_spread**2),
    )


def _mean_rate(seen: Sequence[ContainerDays], weights: FloatArray, usual: float) -> float:
    """Return the mean of the rates, the usual one counting like one container."""
    return (sum(c.rate(weights) for c in seen) + usual) / (len(seen) + 1)


def _variances(
    seen: Sequence[ContainerDays],
    weights: FloatArray,
    rates: Mapping[GlassColour, float],
    usual: GlassHabits,
) -> tuple[float, float]:
    """Return the relative variances of the rates within and between sites."""
    sites: dict[str, list[float]] = defaultdict(list)
    for container in seen:
        sites[container.site].append(container.rate(weights) / rates[container.colour])
    error = float(np.mean([min(c.rate_error(), 1.0) for c in seen]))
    everyone = [ratio for found in sites.values() for ratio in found]
    freedom = sum(len(found) - 1 for found in sites.values())
    squares = sum(float(np.var(found)) * len(found) for found in sites.values())
    within = _mixed(squares - freedom * error, freedom, usual.within_site)
    total = _mixed(
        (float(np.var(everyone)) - error) * len(everyone),
        len(everyone),
        usual.within_site + usual.between_sites,
    )
    return within, max(total - within, _LEAST_SPREAD**2)


def _mixed(squares: float, count: float, assumed: float) -> float:
    prior = _PRIOR_CONTAINERS
    return max((squares + prior * assumed) / (count + prior), _LEAST_SPREAD**2)


def _week_variance(seen: Sequence[ContainerDays], weights: FloatArray, assumed: float) -> float:
    """Return how far the weights differ between containers, beyond what chance does."""
    total, count = assumed * _PRIOR_WEEKS, _PRIOR_WEEKS
    for container in seen:
        known = container.count > 0
        own = container.inflow[known] / container.count[known] / container.rate(weights)
        total += float(
            ((own - weights[known]) ** 2 - container.scatter / container.count[known]).sum()
        )
        count += float(known.sum())
    return max(total / count, _LEAST_SPREAD**2)


def _shrunk_weights(
    containers: Iterable[ContainerDays], prior: FloatArray, variance: float
) -> FloatArray:
    """Return the containers' weights of the weekdays (mean 1), drawn towards the prior's.

    `variance` is how far they may differ from it; each day counts the less the more the days of
    its container scatter.
    """
    shares, trust = prior / variance, np.full(7, 1 / variance)
    for container in containers:
        shares = shares + container.inflow / container.rate(prior) / container.scatter
        trust = trust + container.count / container.scatter
    weights = np.maximum(shares / trust, LEAST_WEIGHT)
    return np.asarray(weights / weights.mean())


def week_of(
    own: ContainerDays, site: Sequence[ContainerDays], habits: GlassHabits
) -> tuple[float, ...]:
    """Return a container's weights of the weekdays: the city's, its neighbours', its own days."""
    neighbours = [c for c in site if c is not own]
    variance, city = habits.week_variance, np.array(habits.weights)
    if not neighbours:
        return tuple(_shrunk_weights([own], city, variance).tolist())
    here = _shrunk_weights(neighbours, city, variance)
    # What the neighbours have not told yet is still open for the container itself.
    seen = sum(float(c.count.mean()) / c.scatter for c in neighbours)
    rest = 1 / (1 / variance + seen) + _OWN_WEEK_SHARE * variance
    return tuple(_shrunk_weights([own], here, rest).tolist())


def rate_prior(own: ContainerDays, site: Sequence[ContainerDays], habits: GlassHabits) -> RatePrior:
    """Return the rate to expect of a container: its colour's in the city, as its site differs."""
    weights = np.array(habits.weights)
    others = [c for c in site if c is not own and c.days >= _FEWEST_DAYS]
    between, within = habits.between_sites, habits.within_site
    factor, variance = 1.0, between + within
    if others:
        ratios = [c.rate(weights) / habits.rate(c.colour) for c in others]
        errors = [within + c.rate_error() for c in others]
        trust = between / (between + sum(errors) / len(others) ** 2)
        factor += trust * (sum(ratios) / len(ratios) - 1)
        variance = between * (1 - trust) + within
    mean = habits.rate(own.colour) * max(factor, _LEAST_FACTOR)
    return RatePrior(mean, mean * math.sqrt(variance))
