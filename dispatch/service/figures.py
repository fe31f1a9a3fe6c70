"""What the database says of the state of work: a few figures, quick to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.job import JobKind
from dispatch.intake.decoders import DECODERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dispatch.domain.run import Run
    from dispatch.store import Store, Transaction

RUNS_LOOKED_AT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A gauge with its values, one per combination of labels."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    values: tuple[tuple[tuple[str, ...], float], ...]


def figures_of(store: Store) -> list[Figure]:
    """Return the figures as they are now; all are of one state of the database."""
    with store.read() as tx:
        return list(_figures(tx))


def _figures(tx: Transaction) -> Iterator[Figure]:
    yield Figure(
        name="dispatch_quarantine_open",
        meaning="Entries that wait in quarantine",
        labels=(),
        values=(((), tx.count_quarantine()),),
    )
    yield _by_label(
        "dispatch_jobs_open",
        "Jobs that are open or planned, by kind",
        "kind",
        _whole(tx.count_open_jobs()),
    )
    yield _by_label(
        "dispatch_webhook_deliveries",
        "Deliveries of webhooks that wait (pending) or were given up (dead)",
        "status",
        {status.value: count for status, count in tx.count_deliveries().items()},
    )
    yield _by_label(
        "dispatch_runs",
        "Planning runs by what became of them; those of today and before, as long as they are kept",
        "status",
        {status.value: count for status, count in tx.count_runs_by_status().items()},
    )
    yield _by_label(
        "dispatch_run_last_seconds",
        "How long the planning run that ended last took, by organisation",
        "organisation",
        _last_seconds(tx.runs(limit=RUNS_LOOKED_AT)),
    )
    heard = tx.last_payloads(DECODERS)
    yield _by_label(
        "dispatch_last_payload_timestamp_seconds",
        "When a payload of the format was received last, in seconds since 1970",
        "format",
        {name: moment.timestamp() for name, moment in heard.items()},
    )


def _last_seconds(runs: Iterable[Run]) -> dict[str, float]:
    """Return the seconds of the newest finished run of each organisation; `runs` newest first."""
    found: dict[str, float] = {}
    for run in runs:
        if run.started_at is not None and run.ended_at is not None:
            took = (run.ended_at - run.started_at).total_seconds()
            found.setdefault(run.order.organisation.value, took)
    return found


def _whole(counts: Mapping[JobKind, int]) -> dict[str, float]:
    return {kind.value: counts.get(kind, 0) for kind in JobKind}


def _by_label(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Figure:
    rows = tuple(((key,), value) for key, value in sorted(values.items()))
    return Figure(name=name, meaning=meaning, labels=(label,), values=rows)
