from __future__ import annotations

import base64
import contextlib
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dispatch.intake
from dispatch.domain.errors import InvalidInput
from dispatch.intake.codecs.table import CODECS
from dispatch.intake.decoders import DECODERS, decode
from dispatch.intake.issues import CURES
from tests.dispatch.intake.test_ngsi_ld import FORMS as ngsi_forms
from tests.dispatch.intake.test_sensorthings import FORMS as things_forms
from tests.helpers import standards
from tests.helpers.mutations import bytes_replaced, members_replaced, never_crashes
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
    **standards.SAMPLES,
}
FORMS: dict[str, tuple[str, Any]] = {
    "ngsi: expanded": ("ngsi-ld", ngsi_forms["expanded"]),
    "ngsi: feature": ("ngsi-ld", ngsi_forms["feature collection"]),
    "ngsi: instances": ("ngsi-ld", ngsi_forms["several instances"]),
    "things: MQTT": ("sensorthings", things_forms["MQTT"]),
    "things: stream": ("sensorthings", things_forms["one datastream"]),
    "311: envelope": ("open311", {"jurisdiction_id": "x", "answer": [standards.a_request()]}),
    "event: binary": (
        "cloudevents",
        {
            "headers": {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "s", "ce-type": "t"}
            | {"ce-payloadformat": "csv"},
            "body_base64": base64.b64encode(standards.SAMPLES["csv"].encode()).decode(),
        },
    ),
    "csv: envelope": (
        "csv",
        {
            "mapping": standards.LONG,
            "csv": "time,zone,property,value,unit\n2026-07-14 07:12,UTC,pH,7,\n",
        },
    ),
}
"""Further forms of the formats, by name."""

NOT_MEASURED = {"open311"}
"""These give notices instead of signals."""


def test_every_format_has_a_sample_here() -> None:
    """A new format is mutated like the others."""
    assert set(SAMPLES) == set(DECODERS)


@pytest.mark.parametrize("format_name", DECODERS)
def test_the_samples_are_sound(format_name: str) -> None:
    """Otherwise the mutations below would prove nothing."""
    found = decode(a_payload(SAMPLES[format_name], format_name=format_name))
    assert bool(found.notices) == (format_name in NOT_MEASURED)
    assert bool(found.signals) != bool(found.notices)
    assert not found.issues


@pytest.mark.parametrize("format_name", [f for f, s in SAMPLES.items() if not isinstance(s, str)])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_member_may_be_anything(format_name: str, data: st.DataObject) -> None:
    """Up to three members replaced by junk: signals, issues or a coded refusal, never a crash."""
    never_crashes(members_replaced(SAMPLES[format_name], data), format_name)


@pytest.mark.parametrize("format_name", DECODERS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_bytes_may_be_cut_or_overwritten(format_name: str, data: st.DataObject) -> None:
    """Bytes cut off, overwritten or doubled on the way never crash a decoder."""
    never_crashes(bytes_replaced(SAMPLES[format_name], data), format_name)


@pytest.mark.parametrize("format_name", DECODERS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_payload_may_come_under_a_wrong_name(format_name: str, data: st.DataObject) -> None:
    """A sender that is configured wrongly sends the right bytes to the wrong decoder."""
    other = data.draw(st.sampled_from(sorted(SAMPLES)))
    never_crashes(bytes_replaced(SAMPLES[other], data), format_name)


@pytest.mark.parametrize("body", sorted(FORMS, key=str))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_member_of_any_form_may_be_anything(body: str, data: st.DataObject) -> None:
    """The standards have several forms each; none of them is a way to a crash."""
    format_name, sample = FORMS[body]
    never_crashes(members_replaced(sample, data), format_name)


def test_a_stray_line_end_in_quotes_spoils_its_row_only() -> None:
    """Such a row stopped the whole file once: csv's own reader raises at a bare line end."""
    row = '2025-06-13 12:00:00,"900\r541",1.498,18.4'
    text = SAMPLES["terratransfer-csv"]
    found = decode(a_payload(f"{text}{row}\n", format_name="terratransfer-csv"))
    assert ([i.code for i in found.issues], len(found.signals)) in ((["I113"], 2), ([], 4))


@settings(max_examples=200, deadline=None)
@given(frame=st.binary(max_size=24), model=st.sampled_from(sorted(CODECS)))
def test_any_bytes_may_come_under_any_models_name(frame: bytes, model: str) -> None:
    """A codec reads a frame or says why not, with nothing but ValueError."""
    with contextlib.suppress(ValueError):
        CODECS[model].decode(frame)


@pytest.mark.parametrize("format_name", ["ttn", "chirpstack"])
@settings(max_examples=150, deadline=None)
@given(frame=st.binary(max_size=30), model=st.sampled_from(sorted(CODECS)))
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


def test_an_id_with_a_nul_is_an_issue_and_the_rest_is_used() -> None:
    """PostgreSQL keeps no such text: the other signals of the payload are not lost for it."""
    rows = [
        {"device_id": name, "fill_level": 50, "time": "2026-07-14T05:00:00Z"}
        for name in ("dev-1", "dev\0-2")
    ]
    found = decode(a_payload({"source": "zolitron", "readings": rows}, format_name="readings"))
    assert [signal.device_id for signal in found.signals] == ["dev-1"]
    assert [issue.code for issue in found.issues] == ["I125"]
