"""How the service is watched: its parts, and what they count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.api.metrics import Metrics
from dispatch.cli.operating import SOURCE, inbox_figure, operations_of, webhook_part
from dispatch.service.inbox import Inbox
from dispatch.settings import Settings
from tests.helpers.databases import fresh_store
from tests.helpers.plans import a_signal

if TYPE_CHECKING:
    from dispatch.cli.serving import Part


class Silent:
    """A part that cannot be asked how it is."""

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


def test_each_part_that_can_be_asked_is_checked() -> None:
    """One that has ended is not well; a part that says nothing is not asked."""
    store = fresh_store()
    inbox = Inbox(store)
    parts: list[Part] = [inbox, Silent(), webhook_part(Settings(), store)]
    operations = operations_of(
        Settings(public_url="https://dispatch.stadt.example/"), parts, Metrics()
    )
    assert operations.public_url == "https://dispatch.stadt.example"
    assert set(operations.checks) == {"inbox", "webhooks"}
    assert all(check() is not None for check in operations.checks.values())
    inbox.start()
    assert operations.checks["inbox"]() is None
    inbox.stop()
    store.close()


def test_what_is_stored_is_counted_by_source_and_grade() -> None:
    """And how many payloads wait."""
    metrics = Metrics()
    metrics.signals_stored([a_signal(), a_signal(1)])
    store = fresh_store()
    metrics.ask(lambda: [inbox_figure(Inbox(store))])
    text = metrics.text().decode()
    assert 'dispatch_signals_ingested_total{grade="good",source="ttn:usb-glas"} 2.0' in text
    assert "dispatch_inbox_waiting 0.0" in text
    store.close()


def test_events_have_a_source_though_nobody_said_where_we_are() -> None:
    """CloudEvents need one."""
    assert SOURCE.startswith("urn:")
