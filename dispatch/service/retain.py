"""What is not kept for ever: one table says what is deleted, the settings say after how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dispatch.store import Store, Transaction

BATCH = 500
"""So many are deleted in one transaction: nobody waits long for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What was received or ended before `before` goes, at most `limit` of it at once."""

    before: datetime
    now: datetime
    limit: int = BATCH


# A new rule is one line here, and a setting `keep_<name>_days`.
RULES: Final[Mapping[str, Callable[[Transaction, Cut], int]]] = {
    "payloads": lambda tx, cut: tx.erase_payloads(before=cut.before, now=cut.now, limit=cut.limit),
    "notices": lambda tx, cut: tx.delete_notices(before=cut.before, limit=cut.limit),
    "logins": lambda tx, cut: tx.forget_logins(before=cut.before),
    "audit": lambda tx, cut: tx.delete_audit(before=cut.before, limit=cut.limit),
    "tokens": lambda tx, cut: tx.delete_tokens(before=cut.before, limit=cut.limit),
    "photos": lambda tx, cut: tx.delete_photos(before=cut.before, limit=cut.limit),
    "positions": lambda tx, cut: tx.delete_positions(before=cut.before),
    "refused_reports": lambda tx, cut: tx.delete_refused_reports(
        before=cut.before, limit=cut.limit
    ),
    "pairings": lambda tx, cut: tx.delete_pairings(before=cut.before, limit=cut.limit),
    "drafts": lambda tx, cut: tx.delete_drafts(before=cut.before, limit=cut.limit),
    "run_events": lambda tx, cut: tx.delete_run_events(before=cut.before, limit=cut.limit),
    "webhook_deliveries": lambda tx, cut: tx.forget_deliveries(before=cut.before),
}
"""By name: deletes some of what is older and returns how many; fewer than asked for is the end."""


def retain(keep_days: Mapping[str, int], *, store: Store, now: datetime) -> dict[str, int]:
    """Return how many of each kind were deleted, being older than so many days; 0 keeps for ever.

    In many small transactions; run again after a crash, it goes on.
    """
    return {
        name: _deleted(name, days, store=store, now=now)
        for name, days in keep_days.items()
        if days > 0
    }


def _deleted(name: str, days: int, *, store: Store, now: datetime) -> int:
    cut = Cut(before=now - timedelta(days=days), now=now)
    total = 0
    while True:
        with store.begin() as tx:
            # Another service may be at it as well.
            tx.take_turn("retention")
            done = RULES[name](tx, cut)
        total += done
        if done < cut.limit:
            return total
