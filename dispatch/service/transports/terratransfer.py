"""TerraTransfer's web service, which has to be asked: each logger's last days, overlapping.

API: GET URL?APIKEY=...&LOGGER=900541&DAYS=1, as https://github.com/StadtBochum/OpenData asks it.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from dispatch.domain.errors import InvalidInput, Unavailable
from dispatch.domain.ids import DeviceId
from dispatch.domain.signal import payload_of
from dispatch.intake.terratransfer import wrap_answer
from dispatch.service.transports.web import NoAnswer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

    from dispatch.service.inbox import Inbox
    from dispatch.store import Store

logger = logging.getLogger(__name__)

FORMAT = "terratransfer"
MOST_DAYS = 31
"""What is asked for at most, also after a long silence; older values come from published files."""
MOST_ROUNDS = 16
"""So many rounds a logger is left out at most after failures in a row: four hours of a quarter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraTransferApi:
    """Where to ask, with which key, for which loggers."""

    url: str
    key: str = field(repr=False)
    loggers: tuple[str, ...]

    def address(self, logger_id: str, *, days: int) -> str:
        """Return the address of a logger's last days; it holds the key, so it is never logged."""
        mark = "&" if "?" in self.url else "?"
        asked = {"APIKEY": self.key, "LOGGER": logger_id, "DAYS": days}
        return f"{self.url}{mark}{urlencode(asked)}"


class TerraTransferPoll:
    """Asks for each logger in its turn, from what was heard last until now.

    Whole days are asked for, so answers overlap; what is known already changes nothing. A logger
    whose answer fails is left out for more and more rounds, and is not the reason why others are.
    """

    def __init__(
        self,
        api: TerraTransferApi,
        *,
        fetch: Callable[[str], bytes],
        store: Store,
        inbox: Inbox,
        now: Callable[[], datetime],
        random: Random,
    ) -> None:
        self._api = api
        self._fetch = fetch
        self._store = store
        self._inbox = inbox
        self._now = now
        self._random = random
        self._failures: dict[str, int] = {}
        self._left_out: dict[str, int] = {}

    def poll(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Ask for all loggers whose turn it is; return how many answers are stored."""
        now = self._now()
        devices = {DeviceId(logger_id) for logger_id in self._api.loggers}
        with self._store.read() as tx:
            heard = tx.last_heard(until=now, devices=devices)
        stored = 0
        for logger_id in self._api.loggers:
            if stopping():
                break
            if self._left_out.get(logger_id, 0) > 0:
                self._left_out[logger_id] -= 1
                continue
            days = days_to_ask(heard.get(DeviceId(logger_id)), now)
            stored += self._ask(logger_id, days=days)
        return stored

    def _ask(self, logger_id: str, *, days: int) -> bool:
        try:
            answer = self._fetch(self._api.address(logger_id, days=days))
            payload = payload_of(
                _envelope(answer, logger_id), format_name=FORMAT, received_at=self._now()
            )
            self._inbox.submit([payload]).result()
        except (NoAnswer, Unavailable) as error:
            self._failed(logger_id, error)
            return False
        self._failures.pop(logger_id, None)
        return True

    def _failed(self, logger_id: str, error: Exception) -> None:
        failures = self._failures.get(logger_id, 0) + 1
        self._failures[logger_id] = failures
        rounds = min(MOST_ROUNDS, 2 ** (failures - 1))
        self._left_out[logger_id] = self._random.randint(rounds // 2, rounds)
        refused = isinstance(error, NoAnswer) and error.status in (401, 403)
        code = "S231" if refused else "S232"
        logger.warning("%s logger %s, failure %d: %s", code, logger_id, failures, error)


def days_to_ask(heard: datetime | None, now: datetime) -> int:
    """Return the days back to what was heard last, and one more: logger clocks may be late."""
    if heard is None:
        return MOST_DAYS
    silent = max(now - heard, timedelta())
    return min(MOST_DAYS, math.ceil(silent / timedelta(days=1) + 0.25))


def _envelope(answer: bytes, logger_id: str) -> bytes:
    try:
        return wrap_answer(answer, logger_id=logger_id)
    except InvalidInput:
        # Not even text: kept as it came, with the decoder's own reason.
        return answer
