"""Seeded random days, the same that the benchmark plans."""

from scenarios.bench.days import a_day

__all__ = ["a_day"]
