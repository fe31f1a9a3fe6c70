"""The five real tree sensors through the same door."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.city import City
from dispatch.domain.fleet import Fleet
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import DeviceId, SiteId
from dispatch.domain.signal import payload_of
from dispatch.domain.site import Device, Site, YoungTree
from dispatch.intake.files import body_of_file
from dispatch.service.ingest import ingest
from dispatch.store import open_store
from tests.helpers.databases import fresh_url

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.city_data, pytest.mark.slow]

FORMAT = "treesense-csv"


def test_every_tree_row_is_stored_once(shared_dir: Path, tmp_path: Path) -> None:
    """97,261 rows with three measurements each: all stored, none twice, none refused."""
    files = sorted((shared_dir / "bochum" / "trees").glob("*TreeSense*.csv.gz"))
    received = datetime(2025, 10, 1, tzinfo=UTC)
    payloads = [
        payload_of(
            body_of_file(file.read_bytes(), file_name=file.name, format_name=FORMAT),
            format_name=FORMAT,
            received_at=received,
        )
        for file in files
    ]
    store = open_store(fresh_url(tmp_path))
    with store.begin() as tx:
        tx.save_city(a_city([file.name.split("_")[-1].split(".")[0] for file in files]))
    first = ingest(payloads, store=store)
    assert (first.stored, first.duplicates, first.quarantined) == (3 * 97_261, 0, 0)
    again = ingest(payloads, store=store)
    assert (again.stored, again.duplicates) == (0, first.stored + first.duplicates)
    store.close()


def a_city(serials: list[str]) -> City:
    """Return a register with one tree per sensor."""
    tree = YoungTree(species="Linde", planted=date(2022, 11, 1), girth_cm=20)
    place = LatLon(51.47, 7.22)
    return City(
        name="Bochum",
        sites=tuple(
            Site(id=SiteId(f"baum-{serial}"), name=serial, location=place, asset=tree)
            for serial in serials
        ),
        devices=tuple(
            Device(
                id=DeviceId(serial),
                model="treesense-pulse",
                site_id=SiteId(f"baum-{serial}"),
                mounted_from=datetime(2023, 1, 1, tzinfo=UTC),
            )
            for serial in serials
        ),
        fleet=Fleet(crews=(), vehicles=(), depots=(), facilities=(), patterns=()),
    )
