"""A forecast as a distribution: a few skewed humps, each with its weight."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, NamedTuple

_SQRT_2: Final = math.sqrt(2.0)
_STANDARD: Final = NormalDist()
_STRAIGHT: Final = 0.05
"""Below this skewness a hump is drawn as a normal one."""

_MOST_SKEWED: Final = 1.8
"""Wilson and Hilferty's cube root of a gamma variable is good up to about here."""

_HALVINGS: Final = 24


class Hump(NamedTuple):
    """A shifted gamma distribution, by its weight, mean, standard deviation and skewness."""

    weight: float
    mean: float
    sd: float
    skew: float

    def below(self, value: float) -> float:
        """Return the probability of at most `value` (Wilson and Hilferty 1931)."""
        z = (value - self.mean) / self.sd
        if self.skew >= _STRAIGHT:
            shape = 4.0 / (self.skew * self.skew)
            part = 1.0 + z * self.skew * 0.5
            if part <= 0.0:
                return 0.0
            root = math.sqrt(shape)
            z = 3.0 * root * (part ** (1.0 / 3.0) - 1.0 + 1.0 / (9.0 * shape))
        return 0.5 * math.erfc(-z / _SQRT_2)


def hump(*, weight: float, mean: float, variance: float, third: float) -> Hump:
    """Return the hump with these central moments."""
    sd = math.sqrt(max(variance, 1e-6))
    return Hump(weight, mean, sd, min(max(third / (sd * sd * sd), 0.0), _MOST_SKEWED))


@dataclass(frozen=True, slots=True)
class Spread:
    """A mixture of humps whose weights add up to 1."""

    humps: tuple[Hump, ...]

    @property
    def mean(self) -> float:
        """The expected value."""
        return sum(h.weight * h.mean for h in self.humps)

    def below(self, value: float) -> float:
        """Return the probability of at most `value`."""
        return sum(h.weight * h.below(value) for h in self.humps)

    def quantile(self, chance: float) -> float:
        """Return the value that is not passed with that probability, 0 < chance < 1."""
        z = _STANDARD.inv_cdf(chance)
        # A gamma's quantile lies within the normal one and some widths beyond it.
        low = min(h.mean + (min(z, 0.0) - 1.0) * h.sd for h in self.humps)
        high = max(h.mean + (max(z, 0.0) * 2.0 + 1.0) * h.sd for h in self.humps)
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            if self.below(middle) < chance:
                low = middle
            else:
                high = middle
        return 0.5 * (low + high)
