"""The sender as a part of the service: looks into the outbox every few seconds."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dispatch.domain.ids import WebhookId
    from dispatch.service.webhooks.sender import Sender

logger = logging.getLogger(__name__)

RECEIVERS_AT_ONCE = 8
POLL_S = 2.0


class SenderPart:
    """Tells several receivers at a time, each by one thread: who is slow holds up nobody else."""

    def __init__(self, sender: Sender, *, poll_s: float = POLL_S) -> None:
        self._sender, self._poll_s = sender, poll_s
        self._ended = Event()
        self._busy: set[WebhookId] = set()
        self._lock = Lock()
        self._workers: ThreadPoolExecutor | None = None
        self._thread: Thread | None = None

    name = "webhooks"

    def fault(self) -> str | None:
        """Return what is wrong with it: that nobody looks into the outbox."""
        alive = self._thread is not None and self._thread.is_alive()
        return None if alive else "the sender does not run"

    def start(self) -> None:
        """Begin to look."""
        self._workers = ThreadPoolExecutor(RECEIVERS_AT_ONCE, thread_name_prefix="webhook")
        self._thread = Thread(target=self._run, name="webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being told, and begin nothing new."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        if self._workers is not None:
            self._workers.shutdown(cancel_futures=True)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._hand_out()
            except Exception:  # a loop's boundary: the database may be away for a while
                logger.exception("webhooks: the outbox could not be read; trying again")
            self._ended.wait(self._poll_s)

    def _hand_out(self) -> None:
        for webhook_id in self._sender.waiting():
            with self._lock:
                if webhook_id in self._busy or self._workers is None:
                    continue
                self._busy.add(webhook_id)
            self._workers.submit(self._tell, webhook_id)

    def _tell(self, webhook_id: WebhookId) -> None:
        try:
            while not self._ended.is_set() and self._sender.tell(webhook_id):
                pass
        except Exception:
            logger.exception("webhook %s could not be told; trying again", webhook_id)
        finally:
            with self._lock:
                self._busy.discard(webhook_id)
