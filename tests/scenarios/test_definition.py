"""Scenario files: faults are told all at once, and what a day must show is checked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import InvalidInput, NotFound
from scenarios.definition import Expect, Streets, built_in, definition, parse_definition
from scenarios.metrics import DayMetrics, missed
from scenarios.streets import streets_of

if TYPE_CHECKING:
    from pathlib import Path

GOOD = 'title = "x"\n[day]\ndate = 2026-07-15\n'

FIGURES = DayMetrics(
    jobs=10,
    required=4,
    served=8,
    required_unassigned=0,
    kinds_served=("bait", "empty"),
    crew_kinds=("Glas",),
    routes=2,
    distance_km=50.0,
    travel_h=2.0,
    service_h=3.0,
    wait_h=0.1,
    cost_eur=400.0,
    violations=0,
    solve_s=1.0,
)


def test_all_built_in_scenarios_can_be_read() -> None:
    """Each file in the folder is a sound definition with a title."""
    names = [known.name for known in built_in()]
    assert names == ["heidelberg-day", "hot-ponds-2025", "ordinary-day"]


def test_all_faults_of_a_file_are_reported_together() -> None:
    """Three wrong lines, three issues, each naming its field."""
    text = 'title = "x"\nnonsense = 1\n[world]\nglass_sites = -1\n[day]\ndate = "tomorrow"\n'
    with pytest.raises(InvalidInput) as caught:
        parse_definition(text, name="broken")
    assert {issue.code for issue in caught.value.issues} == {"Z502"}
    subjects = " ".join(issue.subject for issue in caught.value.issues)
    assert all(field in subjects for field in ("nonsense", "world.glass_sites", "day.date"))


def test_a_file_that_is_not_toml_says_where() -> None:
    """The line is in the message."""
    with pytest.raises(InvalidInput, match=r"Z501.*at line 2"):
        parse_definition('title = "x"\nday = \n', name="broken")


def test_a_file_in_another_encoding_is_told_so(tmp_path: Path) -> None:
    """Saved by an old editor, it is refused with its code and not with a traceback."""
    file = tmp_path / "alt.toml"
    file.write_bytes('title = "Brüggeney"'.encode("latin-1"))
    with pytest.raises(InvalidInput, match=r"Z501 scenario alt: .*UTF-8"):
        definition(str(file))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("[world]\nseed = -1", "world.seed"),
        ("[streets]\nnodes = 5", "streets.nodes"),
        ("[streets]\nclip = [8.5, 49.3]", "streets.clip"),
        ("[expect]\njobs = 3", "expect.jobs"),
    ],
)
def test_what_could_not_be_run_is_refused_before(line: str, field: str) -> None:
    """A value that the world or the streets would stumble over is named by its field."""
    with pytest.raises(InvalidInput) as caught:
        parse_definition(f"{GOOD}{line}\n", name="odd")
    assert all(issue.subject.startswith(f"scenario odd: {field}") for issue in caught.value.issues)


def test_a_scenario_of_ones_own_is_a_file(tmp_path: Path) -> None:
    """By its path; an unknown name is told from a broken file."""
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, encoding="utf-8")
    assert definition(str(file)).name == "mine"
    with pytest.raises(NotFound, match="Z503"):
        definition("nobody-knows")


def test_a_missing_extract_is_asked_for(tmp_path: Path) -> None:
    """The message says which folder to give."""
    wanted = Streets(source="extract", extract="osm/town.osm.pbf")
    for shared in (None, tmp_path):
        with pytest.raises(InvalidInput, match=r"Z504 osm/town\.osm\.pbf.*--shared"):
            streets_of(wanted, shared=shared)


def test_a_day_that_shows_what_it_should_misses_nothing() -> None:
    """No sentence, no exit code 3."""
    assert missed(FIGURES, Expect(job_kinds=2, crew_kinds=1)) == []


@pytest.mark.parametrize(
    ("change", "expect", "words"),
    [
        ({"required_unassigned": 2}, Expect(), "2 required jobs are unassigned"),
        ({"violations": 1}, Expect(), "1 violations"),
        ({}, Expect(job_kinds=3), "only bait, empty served"),
        ({"crew_kinds": ()}, Expect(), "only no crew at work"),
    ],
)
def test_each_expectation_can_be_missed(change: dict[str, int], expect: Expect, words: str) -> None:
    """One sentence per miss, with the figures."""
    (sentence,) = missed(replace(FIGURES, **change), expect)  # type: ignore[arg-type]  # test data
    assert words in sentence
