from __future__ import annotations

import base64
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dispatch.intake
from dispatch.domain.errors import InvalidInput
from dispatch.intake.decoded import Decoded
from dispatch.intake.decoders import DECODERS, decode
from dispatch.intake.issues import CURES
from tests.helpers.payloads import (
    a_chirpstack_event,
    a_need,
    a_payload,
    a_run,
    a_ttn_uplink,
)

SAMPLES: dict[str, Any] = {
    "ttn": a_ttn_uplink(),
    "chirpstack": a_chirpstack_event("EM310-UDL", fPort=85, data="AXVcA4JECAQAAQ=="),
    "terratransfer": {
        "logger_id": "900541",
        "answer": {"DO": [{"2025-06-13 12:00:00": 1.498}], "O": [{"2025-06-13 12:00:00": 16.2}]},
    },
    "terratransfer-csv": "datetime,logger_id,do,wtemp\n2025-06-13 12:00:00,900541,1.498,18.4\n",
    "treesense-csv": "# device_id: A8404109918718E8\ntime;resistance;temperature\n"
    "14.6.23 8:45;5.944;22.3\n",
    "watering-need": a_run(a_need()),
}
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [{}]),
    st.sampled_from(["2026-07-14", "0001-01-01T00:00:00+14:00", "9" * 400, "\ud800", "ü" * 300]),
)


def never_crashes(body: object, format_name: str) -> None:
    """Decode anything: only InvalidInput may come out of it, and only finite values."""
    try:
        found = decode(a_payload(body, format_name=format_name))
    except InvalidInput as error:
        found = Decoded(issues=error.issues)
    assert all(math.isfinite(s.value) for s in found.signals)
    assert all(s.observed_at.tzinfo is not None for s in found.signals)
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
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value


def test_every_format_has_a_sample_here() -> None:
    """A new format is mutated like the others."""
    assert set(SAMPLES) == set(DECODERS)


@pytest.mark.parametrize("format_name", DECODERS)
def test_the_samples_are_sound(format_name: str) -> None:
    """Otherwise the mutations below would prove nothing."""
    found = decode(a_payload(SAMPLES[format_name], format_name=format_name))
    assert found.signals
    assert not found.issues


@pytest.mark.parametrize("format_name", [f for f, s in SAMPLES.items() if isinstance(s, dict)])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_member_may_be_anything(format_name: str, data: st.DataObject) -> None:
    """Up to three members replaced by junk: signals, issues or a coded refusal, never a crash."""
    body = json.loads(json.dumps(SAMPLES[format_name]))
    for _ in range(data.draw(st.integers(1, 3))):
        put(body, data.draw(st.sampled_from(paths(body))), data.draw(JUNK))
    never_crashes(body, format_name)


@pytest.mark.parametrize("format_name", DECODERS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_bytes_may_be_cut_or_overwritten(format_name: str, data: st.DataObject) -> None:
    """Bytes cut off, overwritten or doubled on the way never crash a decoder."""
    raw = bytearray(a_payload(SAMPLES[format_name], format_name=format_name).body)
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at : at + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=12))
    never_crashes(bytes(raw[: data.draw(st.integers(1, len(raw) + 1))]), format_name)


@pytest.mark.parametrize("format_name", ["ttn", "chirpstack"])
@settings(max_examples=150, deadline=None)
@given(frame=st.binary(max_size=30), model=st.sampled_from(["em310-udl", "em500-smtc", "lse01"]))
def test_any_frame_may_come_from_a_known_sensor(format_name: str, frame: bytes, model: str) -> None:
    """A sensor's bytes are as untrusted as everything else."""
    data = base64.b64encode(frame).decode()
    body = (
        a_ttn_uplink(frm_payload=data, f_port=2, version_ids={"model_id": model})
        if format_name == "ttn"
        else a_chirpstack_event(model, fPort=2, data=data)
    )
    never_crashes(body, format_name)


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    """A typing error on the command line is answered with the list."""
    with pytest.raises(InvalidInput, match=r"I117 ttm.*terratransfer-csv"):
        decode(a_payload({}, format_name="ttm"))


def test_the_readme_lists_every_code_and_format() -> None:
    """A code a dispatcher sees can be looked up."""
    readme = (Path(dispatch.intake.__path__[0]) / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| (I\d{3}) \|", readme, re.MULTILINE)) == set(CURES)
    assert all(f"`{name}`" in readme for name in DECODERS)
