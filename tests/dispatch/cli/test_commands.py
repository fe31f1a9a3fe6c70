"""The command line as its user meets it: exit codes, messages, and what is kept."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from dispatch.cli import app, demo
from dispatch.cli.demo import street_map_of
from dispatch.cli.shared import network_of, opened, settings_for
from scenarios.streets import stand_in
from tests.helpers.payloads import a_ttn_uplink
from tests.helpers.standards import a_form
from tests.helpers.towns import a_town

if TYPE_CHECKING:
    from pathlib import Path


OSM = """<?xml version="1.0"?>
<osm version="0.6">
  <node id="1" lat="51.480" lon="7.210"/>
  <node id="2" lat="51.481" lon="7.211"/>
  <node id="3" lat="51.482" lon="7.213"/>
  <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
    <tag k="highway" v="residential"/><tag k="name" v="Überstraße"/></way>
</osm>
"""
TINY = """
title = "tiny"
[streets]
nodes = 300
[world]
glass_sites = 3
tree_sites = 3
soil_sensors = 1
rat_stations = 3
ponds = 0
[day]
date = 2026-07-15
signal_days = 3
"""


def run(*arguments: object) -> tuple[int, str]:
    """Return exit code and everything printed, on one line."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, " ".join(result.output.split())


def test_without_a_graph_the_stand_in_is_used_and_named(tmp_path: Path) -> None:
    """Nobody takes invented streets for real ones."""
    assert run("graph", "info", "--data", tmp_path) == (
        0,
        "No graph has been built; the stand-in network is used.",
    )
    assert network_of(settings_for(tmp_path)).stand_in


def test_a_graph_the_user_has_built_is_used_from_then_on(tmp_path: Path) -> None:
    """Built from a file, shown by info, and what plans drive on."""
    file = tmp_path / "town.osm"
    file.write_text(OSM, encoding="utf-8")
    code, words = run("graph", "build", file, "--data", tmp_path)
    assert code == 0
    assert "city: 2 junctions, 1 street pieces" in words
    code, words = run("graph", "info", "--data", tmp_path)
    assert "real streets" in words
    assert "OpenStreetMap" in words
    network = network_of(settings_for(tmp_path))
    assert (network.stand_in, network.segments) == (False, 1)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["missing.osm.pbf"], "G101"),
        ([], "C203"),
        (["x.osm", "--place", "Bochum"], "C203"),
        (["x.osm", "--clip", "1,2,3"], "C202"),
        (["missing.osm.pbf", "--name", "Köln"], "G401"),
    ],
)
def test_a_graph_build_that_cannot_be_is_refused_with_its_code(
    tmp_path: Path, arguments: list[str], code: str
) -> None:
    """Exit code 2 and what to do about it."""
    exit_code, words = run("graph", "build", *arguments, "--data", tmp_path)
    assert exit_code == 2
    assert code in words


def test_a_file_is_taken_in_once(tmp_path: Path) -> None:
    """A payload from a file goes the same way as all others; twice changes nothing."""
    with opened(settings_for(tmp_path).store_url) as store, store.begin() as tx:
        tx.save_city(a_town())
    file = tmp_path / "uplink.json"
    file.write_text(json.dumps(a_ttn_uplink()), encoding="utf-8")
    first, second = (run("ingest", file, "--format", "ttn", "--data", tmp_path) for _ in range(2))
    assert first[0] == second[0] == 0
    assert "signals stored" in first[1]
    assert not first[1].startswith("0 signals stored")
    assert second[1].startswith("0 signals stored")


def test_ingest_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    """An unknown format and a missing file, each with code and cure."""
    assert run("ingest", "x", "--format", "morse", "--data", tmp_path)[0] == 2
    assert "S201" in run("ingest", "x", "--format", "morse", "--data", tmp_path)[1]
    code, words = run("ingest", tmp_path / "none", "--format", "ttn", "--data", tmp_path)
    assert code == 2
    assert "C201" in words


def test_an_empty_database_has_no_jobs_and_no_plan(tmp_path: Path) -> None:
    """An empty list is an answer; a plan for nobody is refused."""
    assert run("jobs", "--data", tmp_path) == (0, "No open jobs.")
    code, words = run("plan", "--date", "2026-07-15", "--data", tmp_path)
    assert code == 2
    assert "S301" in words


def test_a_day_without_jobs_is_not_planned(tmp_path: Path) -> None:
    """Crews but no work: told with its code, and no plan is stored."""
    with opened(settings_for(tmp_path).store_url) as store, store.begin() as tx:
        tx.save_city(a_town())
    code, words = run("plan", "--date", "2026-07-15", "--data", tmp_path)
    assert code == 2
    assert "S302" in words
    with opened(settings_for(tmp_path).store_url) as store, store.read() as tx:
        assert tx.plans() == []


def test_wrong_settings_are_all_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two wrong variables, two lines."""
    monkeypatch.setenv("DISPATCH_PORT", "ninety")
    monkeypatch.setenv("DISPATCH_SOLVE_S", "-1")
    code, words = run("jobs", "--data", tmp_path)
    assert code == 2
    assert "C101 DISPATCH_PORT" in words
    assert "C101 DISPATCH_SOLVE_S" in words


def test_scenarios_are_listed_with_their_titles() -> None:
    """Name and what it is about."""
    code, words = run("scenario", "list")
    assert code == 0
    assert "ordinary-day A dry Wednesday in July" in words


def test_a_scenario_runs_and_a_missed_expectation_is_exit_code_3(tmp_path: Path) -> None:
    """The figures are printed either way; the sentence says what was missed."""
    file = tmp_path / "tiny.toml"
    file.write_text(TINY, encoding="utf-8")
    code, words = run("scenario", "run", file, "--solve-s", "0.5")
    assert code == 0
    assert "violations 0" in words
    file.write_text(f"{TINY}\n[expect]\njob_kinds = 99\n", encoding="utf-8")
    code, words = run("scenario", "run", file, "--solve-s", "0.5")
    assert code == 3
    assert "missed:" in words


def test_the_map_has_every_street_once() -> None:
    """The page draws what the plan drives on, by road class, longitude first."""
    network = stand_in(300)
    street_map = street_map_of(network)
    lines = [line for _, found in street_map.classes for line in found]
    assert len(lines) == network.segments
    assert street_map.source.stand_in
    longitude, latitude = lines[0][0]
    assert (7 < longitude < 8, 51 < latitude < 52) == (True, True)


def test_the_demo_has_a_database_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the city's database in the folder nor one named in the environment is touched."""
    real = tmp_path / "dispatch.sqlite"
    real.write_bytes(b"the city's own")
    old = tmp_path / "demo" / "dispatch.sqlite"
    old.parent.mkdir()
    old.write_bytes(b"an earlier demo")
    monkeypatch.setenv("DISPATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'named.sqlite'}")
    url = demo.fresh_database(settings_for(tmp_path))
    assert url == f"sqlite:///{old}"
    assert not old.exists()
    assert real.read_bytes() == b"the city's own"


def test_the_demo_drives_on_the_graph_the_user_has_built(tmp_path: Path) -> None:
    """A town of one street, built in the data folder, is too small for the demo's world."""
    file = tmp_path / "town.osm"
    file.write_text(OSM, encoding="utf-8")
    run("graph", "build", file, "--data", tmp_path)
    code, words = run("demo", "--no-serve", "--data", tmp_path)
    assert code == 2
    assert "G220" in words
    assert "town" in words


def test_ingest_says_why_something_is_kept_apart(tmp_path: Path) -> None:
    """The reason and its cure stand below the figures."""
    file = tmp_path / "cut.json"
    file.write_text('{"end_device_ids": {', encoding="utf-8")
    code, words = run("ingest", file, "--format", "ttn", "--data", tmp_path)
    assert code == 0
    assert "1 entry in quarantine I101" in words


def test_a_graph_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    """The data folder is a file: no traceback, but what to do."""
    source = tmp_path / "town.osm"
    source.write_text(OSM, encoding="utf-8")
    taken = tmp_path / "taken"
    taken.write_text("", encoding="utf-8")
    code, words = run("graph", "build", source, "--data", taken)
    assert (code, "G405" in words) == (2, True)
    code, words = run("demo", "--no-serve", "--data", taken)
    assert (code, "C204" in words) == (2, True)


@pytest.mark.parametrize("day", ["0001-01-01", "0026-07-15", "9999-12-31"])
def test_a_day_that_cannot_be_meant_is_refused(tmp_path: Path, day: str) -> None:
    """A year typed wrong makes no job and no plan."""
    for arguments in (["plan"], ["jobs", "--make"], ["demo", "--no-serve"]):
        code, words = run(*arguments, "--date", day, "--data", tmp_path)
        assert (code, "C205" in words) == (2, True)


def test_a_date_without_make_is_refused(tmp_path: Path) -> None:
    """It would be ignored without a word."""
    assert run("jobs", "--date", "2026-07-15", "--data", tmp_path)[0] == 2


def test_a_taken_port_is_told_before_the_work_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits a minute for a plan that cannot be served."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("DISPATCH_PORT", str(other.getsockname()[1]))
        for command in ("demo", "serve"):
            code, words = run(command, "--data", tmp_path)
            assert (code, "C207" in words) == (2, True)


def test_quarantine_is_listed_and_replayed(tmp_path: Path) -> None:
    """Reason and cure of each entry; a replay says what it changed."""
    file = tmp_path / "cut.json"
    file.write_text('{"end_device_ids": {', encoding="utf-8")
    run("ingest", file, "--format", "ttn", "--data", tmp_path)
    code, words = run("quarantine", "list", "--data", tmp_path)
    assert (code, "I101 ttn" in words, "1 entry waiting" in words) == (0, True, True)
    assert "0 entries" in run("quarantine", "list", "--code", "I201", "--data", tmp_path)[1]
    code, words = run("quarantine", "replay", "--data", tmp_path)
    assert code == 0
    assert "1 payload tried again: 0 signals stored" in words
    assert "0 entries resolved, 1 still open" in words
    assert "0 entries resolved" in run("quarantine", "list", "--resolved", "--data", tmp_path)[1]


def test_ingest_counts_what_people_told(tmp_path: Path) -> None:
    """A citizen's report is no signal, and it is not lost either."""
    file = tmp_path / "request.txt"
    file.write_text(a_form(), encoding="utf-8")
    code, words = run("ingest", file, "--format", "open311", "--data", tmp_path)
    assert code == 0
    assert "0 signals stored (none), 1 notice, 0 known already, 0 entries in quarantine" in words
