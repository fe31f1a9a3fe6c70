"""Unlabelled files: their content tells the format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from dispatch.intake.guess import guess_format
from tests.helpers.payloads import a_chirpstack_event, a_run, a_ttn_uplink

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (json.dumps(a_ttn_uplink()).encode(), "ttn"),
        (json.dumps(a_chirpstack_event("EM310-UDL")).encode(), "chirpstack"),
        (json.dumps(a_run()).encode(), "watering-need"),
        (b'{"logger_id": "900541", "answer": {}}', "terratransfer"),
        (b'{"DO": [{"2025-07-01 00:00:00": 4.2}]}', "terratransfer"),
        (b'\xef\xbb\xbf{"specversion": "1.0", "type": "x", "source": "y"}', "cloudevents"),
        (b"datetime,logger_id,do\n", "terratransfer-csv"),
        (b"# device_id: A840416C818718D7\ntime;moisture_content\n", "treesense-csv"),
        (b"a;b\n1;2\n", "csv"),
        (b"Hallo", None),
        (b"{", None),
        (b"[]", None),
        (b"", None),
    ],
)
def test_the_content_tells_the_format(body: bytes, name: str | None) -> None:
    """What is like nothing known has no format."""
    assert guess_format(body) == name


@pytest.mark.city_data
def test_real_files_are_recognised(shared_dir: Path) -> None:
    """Recorded payloads and the city's files, as they lie there."""
    payloads = shared_dir / "payloads"
    expected = {
        "bochum_terratransfer/api_response_900541.json": "terratransfer",
        "bochum_terratransfer/uemminger_see_2025-06-13_15_lowO2.csv": "terratransfer-csv",
        "irrigation_model/watering_need_example.json": "watering-need",
        "ngsi_ld/notification_WasteContainer.json": "ngsi-ld",
        "sensorthings/observation_mqtt.json": "sensorthings",
        "open311/service_request_get.json": "open311",
        "cloudevents/structured_doc_example.json": "cloudevents",
    }
    found = {name: guess_format((payloads / name).read_bytes()) for name in expected}
    assert found == expected
