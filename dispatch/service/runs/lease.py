"""The planner's hold on its run, renewed while it works, whatever it is at."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Self

from dispatch.service.runs.claims import LEASE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from dispatch.domain.ids import RunId
    from dispatch.store import Store

log = logging.getLogger(__name__)

RENEW_S = LEASE.total_seconds() / 5
"""Several times within a lease: the database may be busy, and making jobs takes a while."""


class Lease:
    """A context in which a run stays this planner's; `lost` is set when it is another's."""

    def __init__(
        self, run_id: RunId, planner: str, *, store: Store, now: Callable[[], datetime]
    ) -> None:
        self.lost = threading.Event()
        self._run_id = run_id
        self._planner = planner
        self._store = store
        self._now = now
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def renew(self) -> None:
        """Hold the run for another while, or learn that it is lost."""
        with self._store.begin() as tx:
            if not tx.hold_run(self._run_id, self._planner, until=self._now() + LEASE):
                self.lost.set()

    def _keep(self) -> None:
        while not self._over.wait(RENEW_S):
            try:
                self.renew()
            except Exception:
                log.exception("the lease of run %s could not be renewed", self._run_id)
