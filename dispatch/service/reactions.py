"""Emergencies do not wait for the next planning run: stored news becomes jobs in the background."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

from dispatch.demand.settings import DemandSettings
from dispatch.domain.clock import BERLIN
from dispatch.service.make_jobs import JobsRequest
from dispatch.service.react import Reactor

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from dispatch.demand.merge import MergeResult
    from dispatch.store import Store

logger = logging.getLogger(__name__)

REST_S = 1.0
"""Between two turns: what comes in meanwhile of one site is looked at once."""
LOOK_AGAIN_S = 15.0
"""News that another process has stored is found after so long."""
AFTER_FAILURE_S = 30.0


class Reactions:
    """Looks at the sites whose news cannot wait, once for all news that waits of each.

    What is to be looked at is a list in the database, written with the signals: it outlives a
    process that is killed, and several services share it.
    """

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime],
        history_days: int = 30,
        settings: DemandSettings | None = None,
    ) -> None:
        self._now = now
        self._history_days = history_days
        self._settings = DemandSettings() if settings is None else settings
        self._reactor = Reactor(store)
        self._news = Event()
        self._stopping = Event()
        self._thread: Thread | None = None

    def tell(self) -> None:
        """Say that news was stored; costs the teller nothing."""
        self._news.set()

    def start(self) -> None:
        """Begin, with what was left when the service last ended."""
        self._news.set()
        self._thread = Thread(target=self._run, name="reactions", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the site at hand; the rest stays on the list."""
        self._stopping.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> int:
        """Look at all that waits; return the number of sites, notices counting as one."""
        looks = 0
        while not self._stopping.is_set():
            changed, any_news = self._reactor.look_at_news(self._request())
            if not any_news:
                break
            looks += 1
            _log(changed)
        return looks

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.wait(LOOK_AGAIN_S)
            self._news.clear()
            rest = REST_S
            try:
                self.look()
            except Exception:  # the loop goes on: what was not looked at is still on the list
                logger.exception("news could not be made into jobs; tried again later")
                rest = AFTER_FAILURE_S
            self._stopping.wait(rest)

    def _request(self) -> JobsRequest:
        # Glass habits and weather are not needed: neither containers nor trees are looked at.
        now = self._now()
        return JobsRequest(
            now=now,
            day=working_day(now, self._settings),
            history_days=self._history_days,
            settings=self._settings,
        )


def working_day(now: datetime, settings: DemandSettings) -> date:
    """Return today until the working day closes in Bochum, then tomorrow."""
    local = now.astimezone(BERLIN)
    over = local.time() >= settings.day_closes
    return (local + timedelta(days=1)).date() if over else local.date()


def _log(changed: MergeResult) -> None:
    if changed.created or changed.closed:
        logger.info("%d jobs made at once, %d closed", len(changed.created), len(changed.closed))
