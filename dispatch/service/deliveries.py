"""The same message more than once: by the bytes, or by the key its sender gave it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.intake.decoders import TIMED_BY_RECEIPT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dispatch.domain.ids import PayloadId
    from dispatch.domain.signal import Payload
    from dispatch.intake.decoded import Decoded
    from dispatch.store.repository import Transaction


def as_first_received(batch: Sequence[Payload], tx: Transaction) -> list[Payload]:
    """Return the payloads, those whose bytes are kept already with their first time of receipt.

    Only where that time may stand for the observation's: sent again, they must say the same.
    """
    concerned = [payload.id for payload in batch if payload.format in TIMED_BY_RECEIPT]
    if not concerned:
        return list(batch)
    first = tx.first_receipts(concerned)
    found: list[Payload] = []
    for payload in batch:
        if payload.format in TIMED_BY_RECEIPT:
            received_at = first.setdefault(payload.id, payload.received_at)
            found.append(replace(payload, received_at=received_at))
        else:
            found.append(payload)
    return found


def without_repeats(
    decoded: Sequence[tuple[Payload, Decoded]], tx: Transaction
) -> tuple[list[tuple[Payload, Decoded]], Counter[PayloadId]]:
    """Return what is no repeated message, and how many signals were in each of those that are.

    A message is repeated if another payload brought one with the same key. Keys that are new are
    remembered, but only of messages that said something: a better copy may follow an empty one.
    """
    keys = [found.delivery.key for _, found in decoded if found.delivery is not None]
    if not keys:
        return list(decoded), Counter()
    stored = tx.deliveries(keys)
    known = dict(stored)
    fresh: dict[str, tuple[PayloadId, datetime]] = {}
    news: list[tuple[Payload, Decoded]] = []
    repeated: Counter[PayloadId] = Counter()
    for payload, found in decoded:
        delivery = found.delivery
        if delivery is None or not (found.signals or found.notices):
            news.append((payload, found))
            continue
        first = known.get(delivery.key)
        if first is not None and first[0] != payload.id and delivery.repeats(first[1]):
            repeated[payload.id] += len(found.signals)
            continue
        news.append((payload, found))
        known[delivery.key] = fresh[delivery.key] = (payload.id, delivery.at)
    tx.save_deliveries(fresh, known=stored)
    return news, repeated
