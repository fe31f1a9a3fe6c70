"""Every recorded payload: the signals expected of it written out, or the reason it is refused."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.domain.signal import payload_of
from dispatch.intake.csv_mapping import with_mapping
from dispatch.intake.decoded import Decoded
from dispatch.intake.decoders import DECODERS, decode
from dispatch.intake.files import body_of_file
from dispatch.intake.sensorthings import with_context
from dispatch.intake.treesense import with_device
from tests.helpers.payloads import a_ttn_uplink
from tests.helpers.standards import MAPPED

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.city_data

RECEIVED = datetime(2026, 10, 1, tzinfo=UTC)
EM310 = {"battery_level": 92, "fill_distance": 2116, "tilt": 1}
EM400 = EM310 | {"device_temperature": 25.7}
TRAP = {"battery_voltage": 2.9, "device_temperature": 12.5, "trap_state": 2}
SOIL = {
    "battery_voltage": 3.625,
    "soil_moisture": 19.57,
    "soil_temperature": 24.59,
    "soil_conductivity": 28200,
}

DECODED: dict[str, tuple[str, str, dict[str, float]]] = {
    "tts_v3/uplink_em310_udl.json": ("ttn", "0000000000000001", EM310),
    "tts_v3/uplink_dragino_lse01.json": ("ttn", "0000000000000001", SOIL),
    "tts_v3/uplink_xignal_rattrap.json": ("ttn", "0000000000000001", TRAP),
    "tts_v3/uplink_doc_example.json": ("ttn", "0004A30B001C0530", {"device_temperature": 1.0}),
    "tts_v3/join_accept_doc_example.json": ("ttn", "", {}),
    "chirpstack_v4/event_up_em310_udl.json": ("chirpstack", "0101010101010101", EM310),
    "chirpstack_v4/event_join_doc_example.json": ("chirpstack", "", {}),
    "chirpstack_v4/event_status_doc_example.json": (
        *("chirpstack", "0101010101010101"),
        {"battery_level": 88.3},
    ),
    "irrigation_model/watering_need_example.json": (
        *("watering-need", "bochum-irrigation"),
        {"watering_need": 100},
    ),
    "ngsi_ld/notification_WasteContainer.json": (
        *("ngsi-ld", "bochum-glas-0001"),
        {"fill_level": 83, "container_status": 0},
    ),
    "ngsi_ld/notification_GreenspaceRecord.json": (
        *("ngsi-ld", "bochum-baum-0001"),
        {"soil_moisture": 12, "soil_tension": 85, "soil_temperature": 19.4},
    ),
    "ngsi_ld/notification_WaterQualityObserved_O2.json": (
        *("ngsi-ld", "900541"),
        {"dissolved_oxygen": 0.4, "water_temperature": 21.9},
    ),
    "ngsi_ld/WasteContainer_geojsonfeature.json": (
        *("ngsi-ld", "device-Fleming:12a:1"),
        {"fill_level": 40, "device_temperature": 23, "container_status": 0},
    ),
    "ngsi_ld/WaterQualityObserved_keyvalues.json": (
        *("ngsi-ld", "waterqualityobserved:Sevilla:D1"),
        {"water_temperature": 24.4, "water_conductivity": 50, "ph": 7.4},
    ),
    "ngsi_ld/Device_normalized.jsonld.json": (
        *("ngsi-ld", "device-9845A"),
        {"battery_level": 75, "fill_level": 22, "device_temperature": 21.2},
    ),
    "sensorthings/things_expand_response.json": (
        *("sensorthings", "teich-900541"),
        {"dissolved_oxygen": 0.4},
    ),
}
"""File -> format, device, kind -> value."""

REFUSED = {
    # One byte of an unknown device.
    "chirpstack_v4/event_up_doc_example.json": ("chirpstack", "I108"),
    # A unit that is in no code list.
    "ngsi_ld/DeviceMeasurement_keyvalues.json": ("ngsi-ld", "I118"),
    # Entities without a measurement.
    "ngsi_ld/WasteContainer_keyvalues.json": ("ngsi-ld", "I116"),
    "ngsi_ld/WasteContainer_normalized.jsonld.json": ("ngsi-ld", "I116"),
    "ngsi_ld/WasteContainerIsle_keyvalues.json": ("ngsi-ld", "I116"),
    "ngsi_ld/GreenspaceRecord_keyvalues.json": ("ngsi-ld", "I116"),
    "ngsi_ld/FlowerBed_keyvalues.json": ("ngsi-ld", "I116"),
    # Bare observations: mapped below.
    "sensorthings/observation_create.json": ("sensorthings", "I119"),
    "sensorthings/observation_mqtt.json": ("sensorthings", "I119"),
    # An event of an unknown kind, and one of our own.
    "cloudevents/structured_doc_example.json": ("cloudevents", "I123"),
    "cloudevents/job_completed_example.json": ("cloudevents", "I124"),
    # Registers and words.
    "bochum_terratransfer/loggers.csv": ("terratransfer-csv", "I113"),
    "bochum_treesense/tree_register_head.csv": ("csv", "I120"),
    "bochum_treesense/README_locations.md": ("csv", "I120"),
    # Without the mapping that is given to it below.
    "bochum_weather/ecowitt_smartbench_sample.csv": ("csv", "I120"),
}
"""File -> format, the code of the reason why nothing of it is used."""

COUNTED = {
    "bochum_terratransfer/api_response_900541.json": ("terratransfer", 78),
    "bochum_terratransfer/uemminger_see_2025-06-13_15_lowO2.csv": ("terratransfer-csv", None),
    "bochum_terratransfer/jahrhunderthalle_2024-08_suspect.csv": ("terratransfer-csv", None),
    "bochum_treesense/treesense_pulse_esche_sample.csv": ("treesense-csv", None),
}
"""File -> format, how many signals; None is three or more values a row."""

NOTICES = {"open311/service_request_get.json": "638344", "open311/post_request.form.txt": ""}
"""File -> number of its request."""

FRAMES: dict[str, tuple[str, dict[str, float]]] = {
    "milesight_em310_udl": ("em310-udl", EM310),
    "milesight_em400_mud": ("em400-mud", EM400),
    "milesight_em400_mud_alarm": (
        *("em400-mud",),
        {"device_temperature": 23.2, "fill_distance": 1601},
    ),
    "milesight_em400_tld": ("em400-tld", EM400),
    "milesight_em500_smtc": (
        *("em500-smtc",),
        {
            "battery_level": 100,
            "soil_temperature": 28.1,
            "soil_moisture": 57.5,
            "soil_conductivity": 240,
        },
    ),
    "dragino_lse01": ("lse01", SOIL),
    "dragino_ldds75": ("ldds75", {"battery_voltage": 3.612}),
    "xignal_rattrap": ("xignal-rattrap", TRAP),
    "decentlab_optod": (
        *("dl-optod",),
        {
            "water_temperature": 21.46,
            "oxygen_saturation": 97.52,
            "dissolved_oxygen": 8.69,
            "battery_voltage": 3.168,
        },
    ),
    "brighterbins_fill": (
        *("brighterbins",),
        {"battery_level": 96, "device_temperature": 31, "fill_level": 12},
    ),
    "brighterbins_distance": (
        *("brighterbins",),
        {"battery_level": 24, "device_temperature": -23, "fill_distance": 3960},
    ),
}
"""File in `decoders` -> model, kind -> value of its bytes."""

NO_PAYLOADS = {"google_route_optimization", "pragmatic", "vroom"}
"""Folders of routing problems, which are read by `dispatch solve`."""


def decoded(body: bytes, format_name: str) -> Decoded:
    """Return what a payload gives; a refusal is issues and nothing else."""
    try:
        return decode(payload_of(body, format_name=format_name, received_at=RECEIVED))
    except InvalidInput as error:
        return Decoded(issues=error.issues)


def values(found: Decoded) -> dict[str, float]:
    """Return kind -> value; each kind once."""
    assert len({s.kind for s in found.signals}) == len(found.signals)
    return {s.kind.value: s.value for s in found.signals}


def test_every_recorded_payload_is_in_one_of_the_tables(shared_dir: Path) -> None:
    """A payload that is added later is missing here until somebody says what is expected."""
    known = {*DECODED, *REFUSED, *COUNTED, *NOTICES, *(f"decoders/{name}.json" for name in FRAMES)}
    found = {
        f"{path.parent.name}/{path.name}"
        for path in (shared_dir / "payloads").glob("*/*")
        if path.name != "SOURCE.txt" and path.parent.name not in NO_PAYLOADS
    }
    assert found == known


@pytest.mark.parametrize("file", DECODED)
def test_a_recorded_payload_gives_its_signals(shared_dir: Path, file: str) -> None:
    """Device, kinds and values as its sender meant them, without an issue."""
    format_name, device_id, expected = DECODED[file]
    found = decoded((shared_dir / "payloads" / file).read_bytes(), format_name)
    assert (values(found), found.issues) == (expected, ())
    assert {s.device_id for s in found.signals} == ({device_id} if device_id else set())


@pytest.mark.parametrize("file", REFUSED)
def test_a_recorded_payload_is_refused_for_a_reason(shared_dir: Path, file: str) -> None:
    """Nothing of it is used, and the code says why."""
    format_name, code = REFUSED[file]
    found = decoded((shared_dir / "payloads" / file).read_bytes(), format_name)
    assert (found.signals, [i.code for i in found.issues]) == ((), [code])


@pytest.mark.parametrize("file", COUNTED)
def test_a_recorded_file_gives_a_signal_per_value(shared_dir: Path, file: str) -> None:
    """Nothing is lost and nothing invented."""
    format_name, count = COUNTED[file]
    raw = (shared_dir / "payloads" / file).read_bytes()
    if format_name == "treesense-csv":
        raw = with_device(raw, device_id="A8404109918718E8")
    body = body_of_file(raw, file_name=file, format_name=format_name)
    found = decoded(body, format_name)
    assert found.issues == ()
    if count is None:
        rows = [line for line in body.decode().splitlines() if line[:1].isdigit()]
        assert len(rows) * 3 <= len(found.signals) <= len(rows) * 8
    else:
        assert len(found.signals) == count


@pytest.mark.parametrize("file", NOTICES)
def test_a_recorded_request_is_a_notice(shared_dir: Path, file: str) -> None:
    """What citizens report is no measurement."""
    found = decoded((shared_dir / "payloads" / file).read_bytes(), "open311")
    (notice,) = found.notices
    assert (found.signals, found.issues) == ((), ())
    assert (notice.code, notice.location.lat, notice.location.lon) == ("006", 51.4818, 7.2162)
    assert notice.text in {"Container am Markt läuft über", "Container voll"}


@pytest.mark.parametrize("file", FRAMES)
def test_recorded_bytes_give_their_signals_through_an_uplink(shared_dir: Path, file: str) -> None:
    """Bytes without a codec in the network server; a silent probe is told, and only that."""
    sample = json.loads((shared_dir / f"payloads/decoders/{file}.json").read_text("utf-8"))
    model, expected = FRAMES[file]
    body = a_ttn_uplink(
        frm_payload=base64.b64encode(bytes.fromhex(sample["hex"])).decode(),
        f_port=sample["fPort"],
        version_ids={"model_id": model},
    )
    found = decoded(json.dumps(body).encode(), "ttn")
    assert values(found) == expected
    faults = ["I106"] if sample["decoded"].get("distance") == "No Sensor" else []
    assert [i.code for i in found.issues] == faults


@pytest.mark.parametrize("file", FRAMES)
def test_the_network_servers_own_object_says_the_same(shared_dir: Path, file: str) -> None:
    """Whether a codec is set up there or here does not change what a device measured."""
    sample = json.loads((shared_dir / f"payloads/decoders/{file}.json").read_text("utf-8"))
    model, expected = FRAMES[file]
    body = a_ttn_uplink(decoded_payload=sample["decoded"], version_ids={"model_id": model})
    found = values(decoded(json.dumps(body).encode(), "ttn"))
    assert found.items() <= expected.items()


@pytest.mark.parametrize("name", ["observation_create", "observation_mqtt"])
def test_a_bare_observation_is_read_with_its_mapping(shared_dir: Path, name: str) -> None:
    """The unit comes from the mapping of its datastream."""
    message: dict[str, Any] = json.loads(
        (shared_dir / f"payloads/sensorthings/{name}.json").read_text("utf-8")
    )
    topic = "" if "Datastream" in message else "v1.1/Datastreams(19)/Observations"
    mapping = MAPPED | {"999": MAPPED["19"]}
    body = json.dumps(with_context(message, topic=topic, datastreams=mapping)).encode()
    found = decoded(body, "sensorthings")
    assert (values(found), found.issues) == ({"dissolved_oxygen": message["result"]}, ())


def test_the_weather_is_read_with_its_mapping(shared_dir: Path) -> None:
    """A station's export needs no decoder of its own; its times carry their offset."""
    columns = {
        "outdoor_temperature": {"kind": "air_temperature", "unit": "°C"},
        "outdoor_humidity": {"kind": "air_humidity", "unit": "%"},
        "battery_haptic_array_battery": {"kind": "battery_voltage", "unit": "V"},
    }
    mapping = {"source": "ecowitt", "time": "datetime", "device": "=943CC6451BFB"}
    raw = (shared_dir / "payloads/bochum_weather/ecowitt_smartbench_sample.csv").read_bytes()
    found = decoded(with_mapping(raw, mapping | {"values": columns}), "csv")
    rows = len(raw.splitlines()) - 1
    assert (len(found.signals), found.issues) == (3 * rows, ())
    first = found.signals[0]
    assert (first.value, first.observed_at) == (14.0, datetime(2025, 7, 7, 22, tzinfo=UTC))


@pytest.mark.parametrize("format_name", DECODERS)
def test_a_routing_problem_is_no_payload(shared_dir: Path, format_name: str) -> None:
    """Google's, VROOM's and pragmatic files give nothing in any format, and say why."""
    for folder in sorted(NO_PAYLOADS):
        for path in sorted((shared_dir / "payloads" / folder).glob("*.json")):
            found = decoded(path.read_bytes(), format_name)
            assert (found.signals, found.notices) == ((), ())
            assert found.issues
