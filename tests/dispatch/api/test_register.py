"""Sites and devices are registered, moved and imported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.app import create_app
from dispatch.domain.site import Pond, SiteKind
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.databases import fresh_store
from tests.helpers.doors import ADMIN_GATE, early_morning
from tests.helpers.towns import LID_SENSOR, a_town, an_uplink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

POND: dict[str, Any] = {
    "name": "Teich im Bockholt",
    "location": [7.28002, 51.50471],
    "asset": {"kind": "pond", "alarm_mg_l": 2.5, "fixed_aerator": True},
    "access": "Schranke am Parkplatz, Schlüssel 4",
}
LOGGER: dict[str, Any] = {
    "model": "aquatos",
    "site_id": "teich-1",
    "mounted_from": "2026-07-01T08:00:00+02:00",
}


@pytest.fixture
def town() -> Iterator[Store]:
    """Return a town with its register."""
    store = fresh_store()
    with store.begin() as tx:
        tx.save_city(a_town())
    yield store
    store.close()


@pytest.fixture
def door(town: Store, web_dir: Path) -> FastAPI:
    """Return the town's service."""
    return create_app(
        town, street_map=STREET_MAP, web_dir=web_dir, gate=ADMIN_GATE, now=early_morning
    )


def sent(app: FastAPI, method: str, path: str, body: object) -> Answer:
    headers = {"content-type": "application/json"}
    raw = json.dumps(body).encode()
    return call(app, method, f"/api/v1/{path}", body=raw, headers=headers)


def codes(answer: Answer) -> list[str]:
    return [issue["code"] for issue in answer.json()["issues"]]


def test_a_site_is_registered_and_changed(door: FastAPI, town: Store) -> None:
    """The first time it is new (201), later it is replaced (200)."""
    assert sent(door, "PUT", "sites/900193", POND).status == 201
    changed = POND | {"name": "Bockholt"}
    answer = sent(door, "PUT", "sites/900193", changed)
    assert (answer.status, answer.json()["name"]) == (200, "Bockholt")
    with town.read() as tx:
        (site,) = [site for site in tx.sites() if site.id == "900193"]
    assert site.asset == Pond(alarm_mg_l=2.5, fixed_aerator=True)
    assert (site.location.lat, site.location.lon) == (51.50471, 7.28002)


@pytest.mark.parametrize(
    "change",
    [
        {"location": [51.5, 200]},
        {"name": ""},
        {"name": "a\x00b"},
        {"asset": {"kind": "lake"}},
        {"asset": {"kind": "pond", "alarm_mg_l": 5}},
        {"asset": {"kind": "glass", "containers": []}},
        {"asset": {"kind": "tree", "planted": "2025-03-01", "girth_cm": 0}},
        {"colour": "blue"},
    ],
)
def test_a_site_that_cannot_be(door: FastAPI, town: Store, change: dict[str, Any]) -> None:
    """Nothing of it is stored."""
    assert sent(door, "PUT", "sites/new", POND | change).status == 422
    with town.read() as tx:
        assert "new" not in {site.id for site in tx.sites()}


def test_a_pond_does_not_become_a_container(door: FastAPI) -> None:
    """Its jobs and signals would be misread."""
    answer = sent(door, "PUT", "sites/glas-1", POND)
    assert (answer.status, codes(answer)) == (409, ["S801"])


def test_a_device_moves_to_another_site(door: FastAPI) -> None:
    """The mounting before ends then, and the letters of its name are as they were."""
    body = LOGGER | {"model": "em310-udl"}
    answer = sent(door, "PUT", f"devices/{LID_SENSOR.lower()}", body)
    assert answer.status == 200
    first, second = answer.json()
    assert (first["site_id"], second["site_id"]) == ("glas-1", "teich-1")
    assert first["mounted_until"] == second["mounted_from"]
    assert {first["id"], second["id"]} == {LID_SENSOR}
    assert sent(door, "PUT", f"devices/{LID_SENSOR}", body).json() == [first, second]


def test_a_device_hangs_at_one_place_at_a_time(door: FastAPI) -> None:
    """A mounting in the middle of another one is refused, naming that one."""
    early = LOGGER | {"mounted_from": "2026-01-01T08:00:00+01:00"}
    answer = sent(door, "PUT", f"devices/{LID_SENSOR}", early)
    assert (answer.status, codes(answer)) == (409, ["S803"])
    assert "glas-1" in answer.json()["issues"][0]["cause"]
    ended = early | {"mounted_until": "2026-02-01T08:00:00+01:00"}
    assert sent(door, "PUT", f"devices/{LID_SENSOR}", ended).status == 200


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"site_id": "nowhere"}, 404, "DB202"),
        ({"part_id": "left"}, 422, "S802"),
        ({"site_id": "glas-1"}, 422, "S802"),
        ({"mounted_from": "2026-07-01T08:00:00"}, 422, "A103"),
        ({"mounted_until": "2026-06-01T08:00:00Z"}, 422, "A101"),
    ],
)
def test_a_device_that_cannot_hang_there(
    door: FastAPI, change: dict[str, Any], status: int, code: str
) -> None:
    """A site or part that is not there, and times that cannot be."""
    answer = sent(door, "PUT", "devices/new", LOGGER | change)
    assert (answer.status, codes(answer)) == (status, [code])


def test_a_registered_stranger_is_heard_after_a_replay(door: FastAPI) -> None:
    """The whole cure over the API: it waits, it is mounted, it is used."""
    uplink = an_uplink(900, dev_eui="24E124713D21FFFF").body
    assert call(door, "POST", "/api/v1/ingest/ttn", body=uplink).status == 202
    mounting = LOGGER | {"site_id": "glas-1", "part_id": "glas-1-w", "model": "em310-udl"}
    assert sent(door, "PUT", "devices/24e124713d21ffff", mounting).status == 200
    assert sent(door, "POST", "quarantine/replay", {}).json()["stored"] == 3
    assert call(door, "POST", "/api/v1/ingest/ttn", body=uplink).status == 200


MAPPING = {
    "id": "Nr",
    "name": "Bezeichnung",
    "lat": "Breite",
    "lon": "Länge",
    "kind": "Art",
    "colour": "Farbe",
    "volume_l": "Liter",
    "device_id": "Sensor",
    "device_model": "=em310-udl",
    "mounted_from": "=01.07.2026",
    "planted": "Gepflanzt",
    "girth_cm": "Umfang",
}
HEADER = "Nr;Bezeichnung;Breite;Länge;Art;Farbe;Liter;Sensor;Gepflanzt;Umfang"
ROWS = (
    "G7;Hüttenstraße;51,4818;7,2162;Glascontainer;weiß;3.000;24E1A;;",
    "G7;Hüttenstraße;51,4818;7,2162;Glascontainer;grün;3.000;24E1B;;",
    "T1;Stadtparkteich;51,49;7,22;Teich;;;;;",
    "B9;Linde;51,49;7,23;Baum;;;;14.03.2025;18",
)


def imported(app: FastAPI, *rows: str, **parts: Any) -> Answer:
    text = "\r\n".join([HEADER, *rows])
    return sent(app, "POST", "sites/import", {"mapping": MAPPING, "csv": text} | parts)


def test_a_city_s_own_list_is_imported(door: FastAPI, town: Store) -> None:
    """German words, numbers and days; the containers of a site stand in rows of their own."""
    tried = imported(door, *ROWS, dry_run=True)
    assert tried.json() == {"sites_new": 3, "sites_changed": 0, "devices": 2, "dry_run": True}
    with town.read() as tx:
        assert len(tx.sites()) == 3
    assert imported(door, *ROWS).json() == tried.json() | {"dry_run": False}
    with town.read() as tx:
        sites = {site.id: site for site in tx.sites()}
        devices = tx.devices()
    assert {sites[key].kind for key in ("G7", "T1", "B9")} == {  # type: ignore[index]
        SiteKind.GLASS,
        SiteKind.POND,
        SiteKind.TREE,
    }
    bank = sites["G7"].asset  # type: ignore[index]
    assert [(c.id, c.colour, c.volume_l) for c in bank.containers] == [  # type: ignore[union-attr]
        ("G7-1", "white", 3000),
        ("G7-2", "green", 3000),
    ]
    parts = {device.id: device.part_id for device in devices}
    assert (parts["24E1A"], parts["24E1B"]) == ("G7-1", "G7-2")  # type: ignore[index]
    assert imported(door, *ROWS).json()["sites_new"] == 0


def test_all_faults_are_told_together(door: FastAPI, town: Store) -> None:
    """With their rows, and nothing is stored, not even what is right."""
    answer = imported(
        door,
        *ROWS,
        "X1;;95;7,2;Teich;;;;;",
        "T1;Noch einmal;51,4;7,2;Teich;;;;;",
        "B10;Eiche;51,4;7,2;Baum;;;;gestern;18",
        "zu;kurz",
    )
    assert answer.status == 422
    told = {(issue["code"], issue["subject"]) for issue in answer.json()["issues"]}
    assert told == {("S805", f"row {row}") for row in (6, 7, 8, 9)}
    causes = " ".join(issue["cause"] for issue in answer.json()["issues"])
    assert "name" in causes
    assert "location" in causes
    with town.read() as tx:
        assert len(tx.sites()) == 3


def test_what_the_register_forbids_is_told_with_its_row(door: FastAPI) -> None:
    """Sites of another kind, and devices that hang elsewhere."""
    late = MAPPING | {"mounted_from": "=01.01.2026"}
    answer = imported(
        door,
        "teich-1;Teich;51,4;7,2;Baum;;;;14.03.2025;18",
        f"G8;Glas;51,4;7,2;Glas;weiß;3000;{LID_SENSOR};;",
        mapping=late,
    )
    assert answer.status == 422
    assert codes(answer) == ["S801", "S803"]
    assert "row 3" in answer.json()["issues"][1]["subject"]


def test_a_mapping_that_does_not_fit(door: FastAPI) -> None:
    """All its faults at once."""
    wrong = {"id": "Nummer", "name": "Bezeichnung", "colour_of_lid": "Farbe"}
    answer = imported(door, *ROWS, mapping=wrong)
    assert answer.status == 422
    assert codes(answer) == ["S804"] * 5
