"""One event as it is sent: CloudEvents 1.0 in JSON, signed as Standard Webhooks says."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from dispatch.domain.event import Event

KIND_PREFIX = "de.bochum.dispatch."
"""Before our kinds: types of CloudEvents are names from somebody's domain, turned round."""
SECRET_PREFIX = "whsec_"  # noqa: S105  # marks a secret, is none
SECRET_BYTES = 32
TOLERANCE_S = 300
"""How far a receiver's clock may be off, as the standard's libraries have it."""


def cloud_event(event: Event, *, source: str) -> bytes:
    """Return the event as a structured CloudEvent; the same event is the same bytes."""
    document = {
        "specversion": "1.0",
        "id": event.id,
        "source": source,
        "type": KIND_PREFIX + event.kind,
        "subject": event.subject,
        "time": event.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": dict(event.data),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def new_secret(random_bytes: Callable[[int], bytes]) -> str:
    """Return a secret that nobody can guess."""
    return SECRET_PREFIX + b64encode(random_bytes(SECRET_BYTES)).decode()


def signed(body: bytes, *, event_id: str, secret: str, at: datetime) -> dict[str, str]:
    """Return the headers that say who sends these bytes, and when."""
    moment = str(int(at.timestamp()))
    return {
        "webhook-id": event_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{_signature(event_id, moment, body, secret)}",
    }


def is_signed(headers: Mapping[str, str], body: bytes, *, secret: str, now: datetime) -> bool:
    """Tell whether these bytes come from who has the secret, and were sent just now.

    `headers` have names in lower case. This is what a receiver does.
    """
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    event_id, moment, signatures = (headers.get(name, "") for name in names)
    if not moment.isdecimal() or abs(now.timestamp() - int(moment)) > TOLERANCE_S:
        return False
    right = f"v1,{_signature(event_id, moment, body, secret)}".encode()
    return any(hmac.compare_digest(right, given.encode()) for given in signatures.split())


def _signature(event_id: str, moment: str, body: bytes, secret: str) -> str:
    key = _key(secret)
    signed_bytes = b".".join((event_id.encode(), moment.encode(), body))
    return b64encode(hmac.new(key, signed_bytes, sha256).digest()).decode()


def _key(secret: str) -> bytes:
    try:
        return b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except Base64Error:
        return secret.encode()
