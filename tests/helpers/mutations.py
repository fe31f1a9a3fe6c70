"""Payloads as broken senders, cut lines and strangers send them."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from dispatch.domain.errors import InvalidInput
from dispatch.intake.decoded import Decoded
from dispatch.intake.decoders import decode
from dispatch.intake.issues import CURES
from tests.helpers.payloads import a_payload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

JUNK: SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [{}]),
    st.builds(lambda: {"value": {"value": []}}),
    st.builds(lambda: {"@value": "x", "datasetId": 1}),
    st.sampled_from(
        [
            *("2026-07-14", "0001-01-01T00:00:00+14:00", "9" * 400, "\ud800", "ü" * 300),
            *("/", "=", "# {", "1e308", "S/m", "K", "Feature", "Notification", "-1"),
        ]
    ),
)


def never_crashes(body: object, format_name: str) -> None:
    """Decode anything: only InvalidInput may come out of it, and only what can be stored."""
    try:
        found = decode(a_payload(body, format_name=format_name))
    except InvalidInput as error:
        found = Decoded(issues=error.issues)
    for signal in found.signals:
        assert math.isfinite(signal.value)
        assert signal.observed_at.tzinfo is not None
        assert f"{signal.device_id}{signal.source}".encode()
    for notice in found.notices:
        assert notice.requested_at.tzinfo is not None
        assert f"{notice.code}{notice.name}{notice.text}{notice.media_url}".encode()
    for issue in found.issues:
        assert issue.code in CURES
        assert str(issue).encode()


def paths(node: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every member of a JSON value."""
    members = node.items() if isinstance(node, dict) else enumerate(node)
    found = [prefix] if prefix else []
    for key, value in members:
        here = (*prefix, key)
        found += paths(value, here) if isinstance(value, dict | list) else [here]
    return found


def put(node: Any, path: tuple[Any, ...], value: object) -> None:
    """Replace one member of a JSON value."""
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value


def members_replaced(sample: object, data: st.DataObject) -> object:
    """Return a copy of a JSON value with up to three members replaced by junk."""
    body = json.loads(json.dumps(sample))
    for _ in range(data.draw(st.integers(1, 3))):
        ways = paths(body)
        if ways:
            put(body, data.draw(st.sampled_from(ways)), data.draw(JUNK))
    return body


def bytes_replaced(sample: object, data: st.DataObject) -> bytes:
    """Return a payload's bytes, some of them cut off, overwritten or doubled on the way."""
    raw = bytearray(a_payload(sample, format_name="").body)
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at : at + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=12))
    return bytes(raw[: data.draw(st.integers(1, len(raw) + 1))])
