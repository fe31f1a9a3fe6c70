"""`dispatch demand replay`: files of the past in, jobs as time passed out."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from dispatch.cli import app
from tests.helpers.payloads import a_ttn_uplink

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "datetime,logger_id,name,latitude,longitude,pegel,wtemp,do,hkBat"
START = datetime(2025, 6, 20)  # noqa: DTZ001  # as the loggers write it: without a zone
DAYS = ("--from", "2025-06-28", "--to", "2025-07-01")


def rows(logger: str, *, low_on: int | None, zero_from: int | None = None) -> str:
    """Return twelve days of a pond: 8 mg/l in the evening, 5 at dawn; 1.5 on that day's dawn."""
    lines = [HEADER]
    for quarter in range(12 * 96):
        at = START + timedelta(minutes=15 * quarter)
        since_evening = (quarter - 76) % 96 / 48
        short = low_on is not None and 96 * low_on - 28 <= quarter < 96 * low_on + 60
        fall = since_evening if since_evening < 1 else 2 - since_evening
        level = (4.5 if short else 8.0) - 3 * fall
        if zero_from is not None and quarter >= 96 * zero_from:
            level = 0.0
        value = f"{level + (0.02 if level else 0) * (quarter % 2):.2f}" if level else "0"
        lines.append(f"{at:%Y-%m-%d %H:%M:%S},{logger},Teich,51.48,7.21,62.1,24.0,{value},3.65")
    return "\n".join(lines) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three ponds: one low at one dawn, one that reads zero, one healthy."""
    files = {
        "900001_a.csv.gz": rows("900001", low_on=10),
        "900002_b.csv.gz": rows("900002", low_on=None, zero_from=9),
        "900003_c.csv.gz": rows("900003", low_on=None),
    }
    source = tmp_path / "ponds"
    source.mkdir()
    for name, text in files.items():
        (source / name).write_bytes(gzip.compress(text.encode()))
    return source


def replayed(*arguments: str) -> tuple[int, str]:
    """Return exit code and output of the command."""
    result = CliRunner().invoke(app, ["demand", "replay", *arguments])
    return result.exit_code, result.output


def jobs_in(file: Path) -> list[dict[str, str]]:
    """Return the rows of the written CSV."""
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_a_season_is_replayed_as_time_passes(folder: Path, tmp_path: Path) -> None:
    """The evening before the low dawn an aerator; six hours into the zeros a look."""
    out = tmp_path / "jobs.csv"
    code, told = replayed(str(folder), *DAYS, "--out", str(out))
    assert code == 0, told
    found = {(job["kind"], job["device_id"]): job for job in jobs_in(out)}
    assert set(found) >= {("aerate", "900001"), ("check", "900002")}
    assert not {device for _, device in found} & {"900003"}
    aerate = found["aerate", "900001"]
    assert aerate["at"] == "2025-06-29T19:50:00+02:00"
    assert aerate["site_id"] == "pond-900001"
    assert aerate["must"] == "true"
    assert float(aerate["price_eur_per_day"]) > 50
    assert "am Morgen wohl" in aerate["reason"]
    assert datetime.fromisoformat(aerate["latest"]) > datetime.fromisoformat(aerate["at"])
    assert (aerate["ended"], aerate["ended_at"]) == ("done", "2025-06-29T22:50:00+02:00")
    assert found["check", "900002"]["at"].startswith("2025-06-29T06:50")
    assert "zero_run" in told
    assert "900003" in told


def test_work_that_is_never_done_stays_one_job(folder: Path, tmp_path: Path) -> None:
    """Open jobs are kept up to date instead of doubled."""
    out = tmp_path / "jobs.csv"
    code, told = replayed(str(folder), *DAYS, "--out", str(out), "--done-after", "never")
    assert code == 0, told
    aerate = [job for job in jobs_in(out) if job["kind"] == "aerate"]
    assert [job["ended"] for job in aerate] == ["open"]


def test_a_register_brings_names_and_thresholds(folder: Path, tmp_path: Path) -> None:
    """A pond with a fixed aerator needs no mobile one; unknown loggers are told of."""
    site = {
        "id": "teich-1",
        "name": "Stadtparkteich",
        "location": {"lat": 51.48, "lon": 7.22},
        "asset": {"alarm_mg_l": 3.0, "clear_mg_l": 4.0, "fixed_aerator": True},
    }
    device = {
        "id": "900001",
        "model": "aquatos",
        "site_id": "teich-1",
        "mounted_from": "2025-01-01T00:00:00+01:00",
    }
    register = tmp_path / "register.json"
    register.write_text(json.dumps({"sites": [site], "devices": [device]}), encoding="utf-8")
    out = tmp_path / "jobs.csv"
    code, told = replayed(str(folder), *DAYS, "--out", str(out), "--sites", str(register))
    assert code == 0, told
    assert not [job for job in jobs_in(out) if job["kind"] == "aerate"]
    assert "I201" in told


def test_uplinks_of_the_network_server_are_recognised(tmp_path: Path) -> None:
    """The format is told by the content; each sensor gets a site of its own kind."""
    uplink = tmp_path / "uplink.json"
    uplink.write_text(json.dumps(a_ttn_uplink()), encoding="utf-8")
    out = tmp_path / "jobs.csv"
    days = ("--from", "2026-07-13", "--to", "2026-07-14")
    code, told = replayed(str(uplink), *days, "--out", str(out))
    assert code == 0, told
    assert "1 payloads of 1 devices" in told


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("missing.csv", *DAYS), "C201"),
        (("{folder}", "--from", "2025-07-02", "--to", "2025-07-01"), "S412"),
        (("{folder}", *DAYS, "--done-after", "soon"), "C221"),
        (("{folder}", *DAYS, "--format", "semaphore"), "S201"),
        (("{note}", *DAYS), "S411"),
        (("{empty}", *DAYS), "S413"),
        (("{folder}", *DAYS, "--sites", "{note}"), "C222"),
    ],
)
def test_what_cannot_be_replayed_is_a_coded_error(
    folder: Path, tmp_path: Path, arguments: tuple[str, ...], code: str
) -> None:
    """Exit code 2, and the code that the README explains."""
    (tmp_path / "note.txt").write_text("Hallo", encoding="utf-8")
    (tmp_path / "empty.csv").write_text(HEADER + "\n", encoding="utf-8")
    places = {"folder": folder, "note": tmp_path / "note.txt", "empty": tmp_path / "empty.csv"}
    found = [argument.format(**places) for argument in arguments]
    exit_code, told = replayed(*found, "--out", str(tmp_path / "jobs.csv"))
    assert (exit_code, code in told) == (2, True), told


def test_notices_alone_are_a_season(tmp_path: Path) -> None:
    """A city's Open311 answer needs neither sensors nor a register."""
    told = {
        "service_request_id": "17",
        "status": "closed",
        "service_name": "Müll am Container",
        "service_code": "012",
        "requested_datetime": "2025-06-28T10:10:00+02:00",
        "updated_datetime": "2025-06-30T09:00:00+02:00",
        "lat": 51.48,
        "long": 7.21,
    }
    source, out = tmp_path / "requests.json", tmp_path / "jobs.csv"
    source.write_text(json.dumps([told]), encoding="utf-8")
    code, said = replayed(str(source), *DAYS, "--done-after", "never", "--out", str(out))
    assert code == 0, said
    assert "1 notice" in said
    (job,) = jobs_in(out)
    assert (job["kind"], job["device_id"], job["ended"]) == ("clean", "", "closed")
    assert job["at"] == "2025-06-28T10:50:00+02:00"
    assert job["ended_at"] == "2025-06-30T09:50:00+02:00"
