"""The one door for payloads: decode, find the site, grade, store; nothing is lost."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from zlib import crc32

from dispatch.domain.errors import InvalidInput, Issue, NotFound
from dispatch.domain.ids import PayloadId, SiteId
from dispatch.domain.signal import Grade, Payload, QuarantineEntry, Signal, SignalKind
from dispatch.domain.site import Device, Site, SiteKind
from dispatch.intake.calibrate import calibrate, mark_tilted
from dispatch.intake.decoded import Decoded
from dispatch.intake.decoders import ARCHIVES, DECODERS, decode
from dispatch.intake.devices import device_key, resolve
from dispatch.intake.quality import GRADE_RULES, grade
from dispatch.service.deliveries import as_first_received, without_repeats
from dispatch.service.kept_apart import entry_of, nowhere, own_fault, strangers
from dispatch.service.register import Register, register_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dispatch.store.engine import Store
    from dispatch.store.repository import Transaction

logger = logging.getLogger(__name__)

BATCH_PAYLOADS = 5_000
TURNS = 64
BATCH_BYTES = 8_000_000
CONTEXT = timedelta(hours=6)
"""How far back grading looks: the longest window of its rules."""

FORMATS = tuple(sorted(DECODERS))

AT_ONCE = frozenset({SiteKind.POND, SiteKind.RAT_STATION})
"""Sites whose jobs cannot wait: fish die within hours, and used-up bait feeds rats. Containers and
trees take days; they are looked at before each planning run."""

KINDS_WITH_MEMORY = frozenset(kind for kind, rule in GRADE_RULES.items() if rule.remembers)
"""Only these kinds are judged by what came before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """What became of the payloads: stored + duplicates = signals decoded at known devices.

    `notices` counts those that are new or changed.
    """

    payloads: int = 0
    stored: int = 0
    duplicates: int = 0
    quarantined: int = 0
    notices: int = 0
    grades: Counter[Grade] = field(default_factory=Counter)

    def __add__(self, other: IngestResult) -> IngestResult:
        """Return the sums."""
        return IngestResult(
            payloads=self.payloads + other.payloads,
            stored=self.stored + other.stored,
            duplicates=self.duplicates + other.duplicates,
            quarantined=self.quarantined + other.quarantined,
            notices=self.notices + other.notices,
            grades=self.grades + other.grades,
        )


def ingest(
    payloads: Iterable[Payload],
    *,
    store: Store,
    on_progress: Callable[[int], None] = lambda _: None,
) -> IngestResult:
    """Return what became of the payloads; each batch is stored whole or not at all.

    One bad payload never stops the others: it is kept in quarantine with its reason. Sending the
    same payloads again changes nothing. `on_progress` is told the payloads done so far.
    """
    total = IngestResult()
    for batch in _batches(payloads):
        with store.begin() as tx:
            total += take_in(batch, tx).result
        on_progress(total.payloads)
    return total


def known_format(name: str) -> str:
    """Return the format's name; raises NotFound (S201) when no decoder has it."""
    if name not in DECODERS:
        raise NotFound(
            Issue(
                code="S201",
                subject=f"format {name}",
                cause="no decoder of that name",
                action=f"Use one of {', '.join(FORMATS)}",
            )
        )
    return name


def _batches(payloads: Iterable[Payload]) -> Iterator[list[Payload]]:
    batch: list[Payload] = []
    size = 0
    for payload in payloads:
        batch.append(payload)
        size += len(payload.body)
        if len(batch) >= BATCH_PAYLOADS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one batch: what could not be used, the new signals, and their sites.

    `devices` are all mountings at these sites, and maybe others.
    `usable` and `notices` count by payload: the signals in it, new or not, and the new notices.
    """

    result: IngestResult
    entries: tuple[QuarantineEntry, ...]
    signals: tuple[Signal, ...]
    sites: dict[SiteId, Site]
    devices: tuple[Device, ...]
    usable: Counter[PayloadId]
    notices: Counter[PayloadId]

    def by_payload(self) -> dict[PayloadId, IngestResult]:
        """Return what became of each payload that had anything in it, grades left out."""
        stored = Counter(signal.payload_id for signal in self.signals)
        quarantined = Counter(entry.payload_id for entry in self.entries)
        return {
            payload: IngestResult(
                payloads=1,
                stored=stored[payload],
                duplicates=self.usable[payload] - stored[payload],
                quarantined=quarantined[payload],
                notices=self.notices[payload],
            )
            for payload in self.usable.keys() | quarantined.keys() | self.notices.keys()
        }


def take_in(received: Sequence[Payload], tx: Transaction) -> Taken:
    """Return what became of payloads that are stored, or stored again, in this transaction."""
    # Stored first: another who takes in the same bytes just now has to wait, and who waited sees
    # what was done.
    tx.add_payloads(received)
    batch = as_first_received(received, tx)
    by_id = {payload.id: payload for payload in batch}
    decoded = [(payload, _decoded(payload)) for payload in batch]
    tx.take_turn(*_turns(found for _, found in decoded))
    news, repeated = without_repeats(decoded, tx)
    signals = [signal for _, decoded in news for signal in decoded.signals]
    entries = [entry_of(payload, issue) for payload, decoded in news for issue in decoded.issues]
    register = register_for(signals, tx)
    resolved = resolve(signals, register.devices)
    entries += strangers(signals, resolved.issues, resolved.signals, by_id)
    entries += nowhere(resolved.signals, register.sites, by_id)
    here = (signal for signal in resolved.signals if signal.site_id in register.sites)
    placed = mark_tilted(_in_its_unit(signal, register) for signal in here)
    archived = frozenset(payload.id for payload in batch if payload.format in ARCHIVES)
    graded = _graded(placed, tx, archived)
    stored = tx.add_signals(graded)
    tx.add_quarantine(entries)
    told = [(n, payload.id) for payload, found in news for n in found.notices]
    heard = tx.save_notices(told)
    fresh = {signal.id: signal for signal in graded if signal.id in stored}
    result = IngestResult(
        payloads=len(batch),
        stored=len(stored),
        duplicates=len(placed) - len(stored) + repeated.total(),
        quarantined=len(entries),
        notices=len(heard),
        grades=Counter(signal.grade for signal in fresh.values()),
    )
    touched = {s.site_id: register.sites[s.site_id] for s in fresh.values() if s.site_id}
    _want_looks(touched.values(), tx, notices=bool(heard))
    return Taken(
        result=result,
        entries=tuple(entries),
        signals=tuple(fresh.values()),
        sites=touched,
        usable=Counter(signal.payload_id for signal in placed) + repeated,
        notices=Counter(payload_id for notice, payload_id in told if notice.id in heard),
        devices=register.devices,
    )


def _turns(decoded: Iterable[Decoded]) -> set[str]:
    """Return the turns to take so that nobody else judges the same series or message meanwhile.

    A few dozen for all devices: one for each would be thousands of locks for one file.
    """
    names: set[str] = set()
    for found in decoded:
        names.update(device_key(signal.device_id) for signal in found.signals)
        names.update(notice.id for notice in found.notices)
        if found.delivery is not None:
            names.add(found.delivery.key)
    return {f"ingest {crc32(name.encode()) % TURNS}" for name in names}


def _want_looks(sites: Iterable[Site], tx: Transaction, *, notices: bool) -> None:
    """Note down, with the signals themselves, whose jobs cannot wait for the next planning run."""
    urgent = [site.id for site in sites if site.kind in AT_ONCE]
    tx.want_looks([*urgent, None] if notices else urgent)


def _decoded(payload: Payload) -> Decoded:
    try:
        return decode(payload)
    except InvalidInput as error:
        return Decoded(issues=error.issues)
    except Exception as error:  # a fault of ours in one payload must not stop the others
        logger.exception("payload %s of format %s", payload.id, payload.format)
        return Decoded(issues=(own_fault(payload, error),))


def _in_its_unit(signal: Signal, register: Register) -> Signal:
    """Return the signal in the unit that matters at its site: a distance as a fill level."""
    if signal.kind is not SignalKind.FILL_DISTANCE or signal.site_id is None:
        return signal
    device = register.device_of(signal)
    if device is None:
        return signal
    return calibrate(signal, site=register.sites[signal.site_id], device=device)


def _graded(
    signals: Sequence[Signal], tx: Transaction, archived: frozenset[PayloadId]
) -> list[Signal]:
    """Return the signals graded, each series in the order of observation after its own past."""
    series: dict[tuple[str, str], list[Signal]] = defaultdict(list)
    # A row that came twice is one observation: it must not pass for two that agree.
    once = {signal.id: signal for signal in reversed(signals)}
    for signal in reversed(once.values()):
        series[signal.device_id, signal.kind].append(signal)
    if not series:
        return []
    past = _past(signals, tx)
    graded: list[Signal] = []
    for key, group in series.items():
        group.sort(key=lambda signal: signal.observed_at)
        start = group[0].observed_at
        context = [signal for signal in past.get(key, ()) if signal.observed_at < start]
        graded += grade(group, context=context, archived=archived)
    return graded


def _past(signals: Sequence[Signal], tx: Transaction) -> dict[tuple[str, str], list[Signal]]:
    """Return what was stored in the hours before the first new signal, per series."""
    first = min(signal.observed_at for signal in signals)
    past: dict[tuple[str, str], list[Signal]] = defaultdict(list)
    devices = {signal.device_id for signal in signals if signal.kind in KINDS_WITH_MEMORY}
    kinds = {signal.kind for signal in signals} & KINDS_WITH_MEMORY
    if not devices:
        return past
    last = max(signal.observed_at for signal in signals)
    for signal in tx.signals_of_devices(devices, kinds=kinds, since=first - CONTEXT, until=last):
        past[signal.device_id, signal.kind].append(signal)
    return past
