"""How fast signals become jobs: a million stored ones at once, and one new one at a time."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.domain.clock import BERLIN
from dispatch.service.make_jobs import JobsRequest, make_jobs
from dispatch.service.react import Reactor
from dispatch.store import open_store
from scenarios.bench.sheet import Sheet
from scenarios.bench.speed_city import DAY, NOW, Size, fill, speed_city
from scenarios.bench.speed_payloads import next_payloads, watering_runs

if TYPE_CHECKING:
    from dispatch.domain.signal import Payload
    from dispatch.store import Store

GOAL_ALL_S: Final = 60.0
GOAL_ONE_MS: Final = 5.0
PAYLOADS: Final = 300
"""About so many new signals are timed in each case, a day of each of some sites."""


def sheets(
    shared: Path | None, out: Path | None, size: Size | None = None, *, payloads: int = PAYLOADS
) -> list[Sheet]:
    """Return both timings on this machine, in seconds of one core; needs neither folder."""
    del shared, out
    size = size or Size()
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'speed.sqlite'}")
        city = speed_city(size)
        count = fill(store, city, size, watering_runs(city))
        days = next_payloads(city, size=size, payloads=payloads)
        found = [_all_at_once(store, count), _one_by_one(store, days)]
        store.close()
    return found


def _all_at_once(store: Store, count: int) -> Sheet:
    started = process_time()
    made = make_jobs(JobsRequest(now=NOW, day=DAY), store=store)
    seconds = process_time() - started
    started = process_time()
    make_jobs(JobsRequest(now=NOW, day=DAY), store=store)
    again = process_time() - started
    rows = (
        ("stored signals", f"{count:,}"),
        ("into jobs", f"{seconds:.1f} s"),
        ("jobs", f"{len(made.created)}"),
        ("a second time, nothing new", f"{again:.1f} s"),
    )
    # A smaller store is judged by what a million would take.
    reached = seconds * max(1.0, 1e6 / count) < GOAL_ALL_S
    goal = (f"a million signals into jobs in under {GOAL_ALL_S:.0f} s on one core", reached)
    return Sheet("Speed: all sites at once", ("What", "Amount"), rows, (goal,))


def _one_by_one(store: Store, days: list[tuple[str, list[list[Payload]]]]) -> Sheet:
    rows = []
    medians = []
    for label, payloads in days:
        first, again = timed_ms(store, payloads)
        medians.append(float(np.median(again)))
        rows.append(
            (
                label,
                f"{len(again)}",
                f"{np.median(again):.1f} ms",
                f"{np.percentile(again, 95):.1f} ms",
                f"{np.percentile(again, 99):.1f} ms",
                f"{np.median(first):.1f} ms",
            )
        )
    goal = (
        f"one new signal to job decision in under {GOAL_ONE_MS:.0f} ms (median, each case)",
        max(medians) < GOAL_ONE_MS,
    )
    columns = ("One new payload of", "Count", "Median", "95 %", "99 %", "A site's first")
    return Sheet("Speed: one new signal to job decision", columns, tuple(rows), (goal,))


def timed_ms(store: Store, payloads: list[list[Payload]]) -> tuple[list[float], list[float]]:
    """Return the times of the first payload at each site, and of those after it."""
    reactor = Reactor(store)
    first: list[float] = []
    again: list[float] = []
    for of_site in payloads:
        for place, payload in enumerate(of_site):
            now = payload.received_at
            request = JobsRequest(now=now, day=now.astimezone(BERLIN).date())
            started = process_time()
            reactor.react([payload], request)
            (again if place else first).append(1000 * (process_time() - started))
    return first, again
