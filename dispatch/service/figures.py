"""What the database says of the state of work: a few figures, quick to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.job import JobKind
from dispatch.intake.decoders import DECODERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dispatch.store import Store, Transaction


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
    heard = tx.last_payloads(DECODERS)
    yield _by_label(
        "dispatch_last_payload_timestamp_seconds",
        "When a payload of the format was received last, in seconds since 1970",
        "format",
        {name: moment.timestamp() for name, moment in heard.items()},
    )


def _whole(counts: Mapping[JobKind, int]) -> dict[str, float]:
    return {kind.value: counts.get(kind, 0) for kind in JobKind}


def _by_label(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Figure:
    rows = tuple(((key,), value) for key, value in sorted(values.items()))
    return Figure(name=name, meaning=meaning, labels=(label,), values=rows)
