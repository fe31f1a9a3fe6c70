"""Figures for Prometheus: what this process counted, and what the database says when asked."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from dispatch.domain.signal import Signal
    from dispatch.service.figures import Figure

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Around the goal of 0.1 s for reads."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Figures = Callable[[], Iterable["Figure"]]


class Metrics:
    """One set of counters for one service: a registry of its own, so that tests share nothing."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "dispatch_http_requests",
            "Requests answered, by method, route and status",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "dispatch_http_request_seconds",
            "Time from a request to the end of its answer; streams are left out",
            ("method", "route"),
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self._running = Gauge(
            "dispatch_http_requests_running",
            "Requests being answered just now",
            registry=self._registry,
        )
        self._signals = Counter(
            "dispatch_signals_ingested",
            "Signals stored by this process, by source and grade",
            ("source", "grade"),
            registry=self._registry,
        )

    def request_begins(self) -> None:
        """Count a request that is being answered."""
        self._running.inc()

    def request_ended(self, *, method: str, route: str, status: int, seconds: float | None) -> None:
        """Count an answered request; without seconds for a stream."""
        self._running.dec()
        self._requests.labels(method, route, str(status)).inc()
        if seconds is not None:
            self._seconds.labels(method, route).observe(seconds)

    def signals_stored(self, signals: Iterable[Signal]) -> None:
        """Count signals that were stored."""
        for (source, grade), count in Tally((s.source, s.grade) for s in signals).items():
            self._signals.labels(source, grade.value).inc(count)

    def ask(self, figures: Figures) -> None:
        """Let these figures be asked for whenever somebody reads the metrics."""
        self._registry.register(_Asked(figures))

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self._registry)


class _Asked(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Name nothing beforehand: asking the database only to register would be too early."""
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield each figure with its values by label."""
        for figure in self._figures():
            family = GaugeMetricFamily(figure.name, figure.meaning, labels=figure.labels)
            for labels, value in figure.values:
                family.add_metric(labels, value)
            yield family
