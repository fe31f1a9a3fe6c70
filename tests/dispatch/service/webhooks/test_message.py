"""What receivers get: an event in a form others know, and a signature they can check."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from dispatch.service.webhooks.message import cloud_event, is_signed, new_secret, signed
from tests.helpers.plans import at
from tests.helpers.webhooks import a_publication

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  # of the standard's own example
NOW = datetime(2021, 2, 25, 15, 2, 10, tzinfo=UTC)


def test_an_event_is_a_cloud_event() -> None:
    """The attributes CloudEvents 1.0 asks for, and figures of the plan in its data."""
    event = a_publication(0)
    document = json.loads(cloud_event(event, source="https://dispatch.stadt.example"))
    data = document.pop("data")
    assert document == {
        "specversion": "1.0",
        "id": event.id,
        "source": "https://dispatch.stadt.example",
        "type": "de.bochum.dispatch.plan.published",
        "subject": "plan/usb/2026-10-24",
        "time": "2026-10-24T04:00:00Z",
        "datacontenttype": "application/json",
    }
    assert (data["plan_id"], data["revision"], data["jobs_served"]) == ("plan-0", 1, 2)


def test_the_signature_is_the_one_of_the_standard() -> None:
    """The published example of Standard Webhooks comes out letter by letter."""
    headers = signed(
        b'{"test": 2432232314}', event_id="msg_p5jXN8AQM9LWM0D4loKWxJek", secret=SECRET, at=NOW
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_who_changes_or_repeats_a_message_is_found_out() -> None:
    """Other bytes, another id, another secret or an old time do not pass."""
    body = cloud_event(a_publication(0), source="x")
    headers = signed(body, event_id="e-1", secret=SECRET, at=at(0))
    other = new_secret(bytes)
    assert is_signed(headers, body, secret=SECRET, now=at(4))
    assert not is_signed(headers, body + b" ", secret=SECRET, now=at(0))
    assert not is_signed(headers | {"webhook-id": "e-2"}, body, secret=SECRET, now=at(0))
    assert not is_signed(headers, body, secret=other, now=at(0))
    assert not is_signed(headers, body, secret=SECRET, now=at(0) + timedelta(minutes=6))
    assert not is_signed({}, body, secret=SECRET, now=at(0))
