"""Every class of public instances: its rounding, its features, its refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vrplib.parse.parse_vrplib import parse_vrplib

from dispatch.domain.errors import InvalidInput
from dispatch.planning.check import check
from dispatch.planning.formats import solomon, vrplib_format
from dispatch.planning.formats.objective import verdict_on
from dispatch.planning.formats.sol import Sol, orders_of, sol_of
from dispatch.planning.reschedule import reschedule
from dispatch.planning.validate import validate
from tests.helpers.builders import solved
from tests.helpers.codes import codes_of
from tests.helpers.instances import POINTS, SOLOMON, TINY, TWO, WINDOWS, vrplib

if TYPE_CHECKING:
    from dispatch.planning.formats.instance import Instance
    from dispatch.planning.solution import Solution

SHARED = Path(__file__).resolve().parents[5] / "shared" / "vrp"


def read(text: str) -> Instance:
    """Return the instance of a VRPLIB text."""
    return vrplib_format.instance_from(text, "tiny")


def planned(instance: Instance, sol: Sol) -> Solution:
    """Return the routes of a `.sol` as our solution."""
    assert instance.numbering is not None
    orders = orders_of(instance.numbering, instance.problem, sol)
    return reschedule(instance.problem, orders)


@pytest.mark.parametrize("kind", TINY)
def test_a_tiny_instance_of_each_class(kind: str) -> None:
    """The routes written beside it cost what they state, twice computed, and break no rule."""
    text, routes = TINY[kind]
    instance, sol = read(text), sol_of(routes)
    assert validate(instance.problem) == []
    solution = planned(instance, sol)
    assert check(instance.problem, solution) == ()
    assert instance.objective(solution) == verdict_on(text, sol).cost == sol.cost
    assert instance.kind == kind


@pytest.mark.parametrize("kind", TINY)
def test_a_tiny_instance_is_solved(kind: str) -> None:
    """The solver finds routes no dearer than those, and the file it writes says so."""
    text, routes = TINY[kind]
    stated = sol_of(routes).cost
    instance = read(text)
    solution = solved(instance.problem)
    assert stated is not None
    assert instance.objective(solution) <= stated
    written = sol_of(instance.writers[".sol"](solution))
    assert written.cost == verdict_on(text, written).cost == instance.objective(solution)


@pytest.mark.parametrize("kind", TINY)
def test_our_numbers_are_those_of_vrplib(kind: str) -> None:
    """The `vrplib` package reads the same distances, demands and windows."""
    text = TINY[kind][0]
    theirs, ours = parse_vrplib(text), read(text).problem
    assert [job.loads[0] for job in ours.jobs] == list(theirs["demand"][-len(ours.jobs) :])
    assert len(ours.matrices[0].distance_m) == len(theirs["edge_weight"]) == len(POINTS)


@pytest.mark.city_data
@pytest.mark.skipif(not SHARED.exists(), reason="no shared instances beside the checkout")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*/*.sol")), ids=lambda path: path.stem)
def test_the_best_known_solution_costs_what_it_states(path: Path) -> None:
    """Through our reader and checker, and through the independent sum, to the last digit."""
    text = path.with_suffix(".vrp").read_text(encoding="utf-8")
    sol = sol_of(path.read_text(encoding="utf-8"))
    instance = vrplib_format.instance_from(text, path.stem)
    solution = planned(instance, sol)
    assert check(instance.problem, solution) == ()
    assert validate(instance.problem) == []
    assert instance.objective(solution) == verdict_on(text, sol).cost == sol.cost
    again = sol_of(instance.writers[".sol"](solution))
    assert replace(again, routes=tuple(filter(None, again.routes))) == replace(
        sol, routes=tuple(filter(None, sol.routes))
    )


@pytest.mark.city_data
@pytest.mark.skipif(not SHARED.exists(), reason="no shared instances beside the checkout")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*/*_*.txt")) + sorted(SHARED.glob("S*/*.txt")))
def test_solomon_and_homberger_are_sound(path: Path) -> None:
    """Every text instance gives a sound problem."""
    instance = solomon.instance_from(path.read_text(encoding="utf-8"), path.stem)
    assert validate(instance.problem) == []
    assert instance.name.upper() == path.stem.upper()


def test_solomon_text_is_the_vrptw() -> None:
    """The text format gives the same problem as the VRPLIB file of the same facts."""
    one = solomon.instance_from(SOLOMON, "tiny")
    other = read(TINY["VRPTW"][0])
    assert one.problem.jobs == other.problem.jobs
    assert one.problem.shifts == other.problem.shifts
    assert one.objective(planned(one, sol_of("Route #1: 1 2 3"))) == 5 + 4.1 + 1 + 5


def test_explicit_weights() -> None:
    """A full matrix and the lower rows of the same distances are the same problem."""
    head = ("CAPACITY : 3", "EDGE_WEIGHT_FORMAT : ")
    full = vrplib("CVRP", *head, NODE_COORD="", EDGE_WEIGHT="0 5 4 5; 5 0 3 3; 4 3 0 1; 5 3 1 0")
    lower = vrplib("CVRP", *head, NODE_COORD="", EDGE_WEIGHT="5; 4 3; 5 3 1")
    texts = [
        text.replace("EUC_2D", "EXPLICIT").replace("FORMAT : ", f"FORMAT : {form}")
        for text, form in ((full, "FULL_MATRIX"), (lower, "LOWER_ROW"))
    ]
    tables = [read(text).problem.matrices[0].distance_m.tolist() for text in texts]
    assert tables[0] == tables[1]
    assert tables[0][0] == [0, 5, 4, 5]


def test_an_open_fleet_is_said() -> None:
    """Where the file names no vehicles, the number used stands in a note."""
    assert read(TINY["CVRP"][0]).notes == ("the file names no number of vehicles; 3 are used",)


@pytest.mark.parametrize(
    ("kind", "limit", "broken"),
    [
        ("CVRP", "VEHICLES_MAX_DISTANCE : 10", set()),
        ("CVRP", "VEHICLES_MAX_DISTANCE : 9", {"V307"}),
        ("VRPTW", "VEHICLES_MAX_DISTANCE : 10.0", set()),
        ("VRPTW", "VEHICLES_MAX_DISTANCE : 9.9", {"V307"}),
    ],
)
def test_the_longest_distance_counts_as_the_class_counts(
    kind: str, limit: str, broken: set[str]
) -> None:
    """Ten there and back are within a limit of ten, in whole numbers or in tenths."""
    instance = read(vrplib(kind, *TWO, limit, TIME_WINDOW=WINDOWS))
    solution = planned(instance, sol_of("Route #1: 2 3"))
    assert {found.code for found in check(instance.problem, solution)} == broken


def test_the_longest_distance_may_differ() -> None:
    """Only the second vehicle gets as far as five; it does two jobs, and the third is left."""
    text = vrplib("CVRP", *TWO, VEHICLES_MAX_DISTANCE="1 8; 2 10")
    solution = solved(read(text).problem)
    assert [len(order) for order in solution.orders] == [0, 2]
    assert solution.unassigned == (0,)


FAULTY = {
    "BACKHAUL": ("P603", vrplib("VRPTW", *TWO, BACKHAUL="1 0; 2 1; 3 1; 4 1")),
    "LINEHAUL": ("P603", vrplib("VRPTW", *TWO, LINEHAUL="1 0; 2 1; 3 1; 4 1")),
    "PICKUP_AND_DELIVERY": ("P603", vrplib("VRPTW", *TWO, PICKUP_AND_DELIVERY="1 0 0 9 0 0 0")),
    "MUTUALLY_EXCLUSIVE_GROUP": ("P603", vrplib("VRPTW", *TWO, MUTUALLY_EXCLUSIVE_GROUP="1 2 3")),
    "VEHICLES_MAX_DISTANCE": ("P604", vrplib("VRPTW", *TWO, "VEHICLES_MAX_DISTANCE : -9")),
    "VEHICLES_MAX_RELOADS": ("P603", vrplib("VRPTW", *TWO, "VEHICLES_MAX_RELOADS : 1")),
    "VEHICLES_UNIT_DURATION_COST": (
        "P603",
        vrplib("VRPTW", *TWO, "VEHICLES_UNIT_DURATION_COST : 1"),
    ),
    "DISTANCE": ("P603", vrplib("CVRP", *TWO, "DISTANCE : 9")),
    "VEHICLES_RELOAD_DEPOT": (
        "P603",
        vrplib(
            "MTVRPTWR",
            *TWO,
            VEHICLES_RELOAD_DEPOT="1 1; 2 1 2",
            DEPOT="1; 2",
            DEMAND="1 0; 2 0; 3 1; 4 1",
        ),
    ),
    "COLOUR": ("P602", vrplib("VRPTW", *TWO, "COLOUR : red")),
    "CAPACITY": ("P602", vrplib("VRPTW", *TWO, CAPACITY="1 2; 2 2")),
    "TYPE": ("P605", vrplib("OVRP", *TWO)),
    "EDGE_WEIGHT_TYPE": ("P605", vrplib("CVRP", *TWO).replace("EUC_2D", "GEO")),
    "DIMENSION": ("P604", vrplib("CVRP", *TWO).replace("DIMENSION : 4", "DIMENSION : many")),
    "NODE_COORD": ("P604", vrplib("CVRP", *TWO, NODE_COORD="1 0 0; 2 1 1")),
    "DEMAND": ("P604", vrplib("CVRP", *TWO, DEMAND="1 0; 2 -1; 3 1; 4 1")),
    "DEPOT": ("P604", vrplib("CVRP", *TWO, DEPOT="2; -1")),
    "VEHICLES_DEPOT": ("P604", vrplib("MDVRPTW", *TWO, VEHICLES_DEPOT="1 1; 2 2")),
    "VEHICLES_ALLOWED_CLIENTS": (
        "P604",
        vrplib("SDVRPTW", *TWO, VEHICLES_ALLOWED_CLIENTS="1 2; 2 9"),
    ),
    "place 1": (
        "P604",
        vrplib("VRPTW", *TWO, TIME_WINDOW=WINDOWS.replace("2 0 50", "2 200 300")),
    ),
}


@pytest.mark.parametrize("subject", FAULTY)
def test_each_fault_has_its_code_and_name(subject: str) -> None:
    """What we cannot keep or read is refused by name, and nothing else is blamed."""
    code, text = FAULTY[subject]
    with pytest.raises(InvalidInput) as caught:
        read(text)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, subject)]


def test_faults_of_lines_come_together() -> None:
    """Two bad lines are told at once, with their numbers."""
    text = TINY["CVRP"][0].replace("2 3 4", "2 three 4").replace("4 1\n", "4 nan\n")
    with pytest.raises(InvalidInput) as caught:
        read(text)
    assert [issue.subject for issue in caught.value.issues] == ["line 8", "line 15"]


@given(st.data())
def test_a_damaged_file_never_crashes(data: st.DataObject) -> None:
    """Lines cut out, doubled or overwritten give an instance or coded faults."""
    kind = data.draw(st.sampled_from(sorted(TINY)))
    lines = TINY[kind][0].splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        word = data.draw(
            st.sampled_from(["", "-1", "1e400", "9" * 30, "x", "0.5", "1e9", ":", "2"])
        )
        words = lines[at].split()
        place = data.draw(st.integers(0, len(words)))
        changed = " ".join([*words[:place], word, *words[place + data.draw(st.integers(0, 1)) :]])
        lines[at : at + 1] = data.draw(
            st.sampled_from([[], [changed], [lines[at], lines[at]], [lines[at], changed]])
        ) or ["EOF"]
    codes = codes_of(read, "\n".join(lines))
    assert codes <= {"P602", "P603", "P604", "P605"}


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_text_gets_a_code(text: str) -> None:
    """Whatever is sent, both readers answer with coded faults."""
    assert codes_of(read, text) <= {"P602", "P603", "P604", "P605"}
    assert codes_of(lambda t: solomon.instance_from(t, "x"), text) <= {"P606"}


@given(st.data())
def test_a_damaged_solomon_text_never_crashes(data: st.DataObject) -> None:
    """One word replaced in the text gives an instance or coded faults."""
    words = SOLOMON.split(" ")
    at = data.draw(st.integers(0, len(words) - 1))
    words[at] = data.draw(st.sampled_from(["", "-1", "1e400", "9" * 30, "x", "0.5", "\n", "7"]))
    codes = codes_of(lambda t: solomon.instance_from(t, "x"), " ".join(words))
    assert codes <= {"P604", "P606"}


def test_an_exact_class_counts_coarser_before_its_sums_overflow() -> None:
    """Rates that would not fit into 64-bit sums are counted in fewer digits of distance."""
    text = vrplib("HFVRP", "VEHICLES : 3", "CAPACITY : 3", "VEHICLES_UNIT_DISTANCE_COST : 1e12")
    instance = read(text)
    assert validate(instance.problem) == []
    sol = Sol(routes=((1, 2, 3),))
    assert instance.unit.ueur < 1_000_000
    assert instance.objective(planned(instance, sol)) == pytest.approx(
        verdict_on(text, sol).cost, 1e-4
    )
