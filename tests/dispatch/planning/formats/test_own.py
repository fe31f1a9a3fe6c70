"""Our own JSON: nothing is lost on the way, and every fault is told with its place."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.errors import InvalidInput
from dispatch.planning.formats import own
from dispatch.planning.law import ARBZG, EC_561
from dispatch.planning.problem import (
    Matrix,
    Problem,
    Window,
    job_visit,
    reload_visit,
)
from dispatch.planning.reschedule import reschedule
from dispatch.planning.validate import validate
from tests.helpers.builders import a_facility, a_job, a_problem, a_shift
from tests.helpers.codes import codes_of
from tests.helpers.days import a_day


def everything() -> Problem:
    """Return a problem that uses every field."""
    jobs = [
        a_job(1, setup_s=100, service_s=3 * 3600, loads=(8,), skills=frozenset({2, 1})),
        a_job(3, loads=(8,), release_s=7, windows=(Window(earliest_s=1, latest_s=80_000),) * 2),
    ]
    shift = a_shift(end_s=8 * 3600, capacities=(10,), skills=frozenset({1, 2}), use_ueur=7)
    shifts = [shift, replace(shift, break_rule=None, max_span_s=999)]
    return a_problem(jobs=jobs, shifts=shifts, facilities=[a_facility(2, 0)])


def same(one: Problem, other: Problem) -> bool:
    """Tell whether two problems are equal, matrices by their cells."""
    cells = all(
        np.array_equal(a.duration_s, b.duration_s) and np.array_equal(a.distance_m, b.distance_m)
        for a, b in zip(one.matrices, other.matrices, strict=True)
    )
    return cells and replace(one, matrices=()) == replace(other, matrices=())


def test_a_problem_survives_the_round_trip() -> None:
    """Every field comes back as it was: rules, sets, limits and matrices."""
    problem = everything()
    again = own.problem_of(own.problem_text(problem))
    assert same(again, problem)
    assert again.shifts[0].break_rule == ARBZG
    assert own.problem_text(again) == own.problem_text(problem)


@pytest.mark.parametrize("seed", range(3))
def test_a_random_day_survives_the_round_trip(seed: int) -> None:
    """Whole days are written and read without loss."""
    problem = a_day(seed, jobs=30, shifts=3)
    assert same(own.problem_of(own.problem_text(problem)), problem)


def test_a_solution_survives_the_round_trip() -> None:
    """Stops, loads, jobs left and the cost sheet come back as they were."""
    problem = everything()
    plan = reschedule(problem, [[job_visit(0), reload_visit(0)], []])
    assert own.solution_of(own.solution_text(plan)) == plan


def document(**parts: Any) -> dict[str, Any]:
    """Return the plain document of a problem with other top-level parts."""
    whole: dict[str, Any] = json.loads(own.problem_text(everything()))
    return whole | parts


def faults(text: str) -> list[tuple[str, str]]:
    """Return codes and places of the faults of a problem's text."""
    with pytest.raises(InvalidInput) as caught:
        own.problem_of(text)
    return [(issue.code, issue.subject) for issue in caught.value.issues]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", '{"format": "x"}', '{"format": 1, "format": 2}', "[" * 100_000),
        json.dumps(document(version=2)),
        json.dumps(document(format="dispatch-solution")),
    ],
)
def test_what_is_no_document_of_ours(text: str) -> None:
    """Text that is no JSON, another format or another version is P611."""
    assert [code for code, _ in faults(text)] == ["P611"]


def test_all_faults_come_together_with_their_place() -> None:
    """A missing, an unknown and two wrong fields are told at once."""
    whole = document(more=1)
    del whole["problem"]["horizon_s"]
    whole["problem"]["jobs"][1]["colour"] = "red"
    whole["problem"]["jobs"][0]["service_s"] = 1.5
    whole["problem"]["shifts"][0]["skills"] = [1, 1]
    whole["problem"]["matrices"][0]["distance_m"] = [[0, 1]]
    assert sorted(faults(json.dumps(whole))) == [
        ("P612", "more"),
        ("P612", "problem.horizon_s"),
        ("P612", "problem.jobs[0].service_s"),
        ("P612", "problem.jobs[1].colour"),
        ("P612", "problem.matrices[0].distance_m"),
        ("P612", "problem.shifts[0].skills"),
    ]


README = Path(own.__file__).with_name("README.md")


def example() -> str:
    """Return the document that the README of formats shows."""
    (text,) = re.findall(r"```json\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return str(text)


def values_within(kind: Any) -> set[type]:
    """Return the value types that a value of this type may hold, itself included."""
    if not is_dataclass(kind):
        return set().union(*(values_within(part) for part in get_args(kind)))
    assert isinstance(kind, type)
    inner = (values_within(hint) for hint in get_type_hints(kind).values())
    return {kind}.union(*inner)


def keys_of(value: object) -> set[str]:
    """Return all keys of a plain document."""
    if isinstance(value, dict):
        return set(value).union(*(keys_of(part) for part in value.values()))
    return set().union(*(keys_of(part) for part in value)) if isinstance(value, list) else set()


def test_the_example_of_the_readme_shows_every_field() -> None:
    """It is a sound problem, names every field of every value, and survives the round trip."""
    problem = own.problem_of(example())
    assert validate(problem) == []
    known = {field.name for kind in values_within(Problem) for field in fields(kind)}
    assert known - keys_of(json.loads(example())) == set()
    assert same(own.problem_of(own.problem_text(problem)), problem)


WHOLE = st.integers(-(2**60), 2**60)
TABLES = st.integers(0, 3).flatmap(
    lambda n: st.lists(WHOLE, min_size=n * n, max_size=n * n).map(
        lambda cells: np.array(cells, dtype=np.int64).reshape(n, n)
    )
)
st.register_type_strategy(int, WHOLE)
PROBLEMS = st.builds(
    Problem,
    **{
        field.name: st.lists(
            st.builds(Matrix, duration_s=TABLES, distance_m=TABLES), max_size=2
        ).map(tuple)
        if field.name == "matrices"
        else st.from_type(get_type_hints(Problem)[field.name])
        for field in fields(Problem)
    },
)


@given(PROBLEMS)
def test_any_problem_survives_the_round_trip(problem: Problem) -> None:
    """Whatever its values: nothing is rounded, reordered or left out."""
    assert same(own.problem_of(own.problem_text(problem)), problem)


def test_a_law_may_be_named() -> None:
    """`ARBZG` and `EC_561` stand for the rules of `law.py`; other names are refused."""
    whole = document()
    for number, name in enumerate(("ARBZG", "EC_561")):
        whole["problem"]["shifts"][number]["break_rule"] = name
    rules = [shift.break_rule for shift in own.problem_of(json.dumps(whole)).shifts]
    assert rules == [ARBZG, EC_561]
    whole["problem"]["shifts"][0]["break_rule"] = "EC_562"
    assert faults(json.dumps(whole)) == [("P612", "problem.shifts[0].break_rule")]


@pytest.mark.parametrize("pair", [[], [0], [0, 1, 0]])
def test_a_pair_has_two_members(pair: list[int]) -> None:
    """Conflicts are pairs of jobs."""
    whole = document()
    whole["problem"]["conflicts"] = [[0, 1], pair]
    assert faults(json.dumps(whole)) == [("P612", "problem.conflicts[1]")]


def test_fields_with_a_default_may_be_missing() -> None:
    """A document of before a field existed is still read."""
    whole = document()
    del whole["problem"]["jobs"][0]["release_s"]
    assert own.problem_of(json.dumps(whole)).jobs[0].release_s == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.data())
def test_a_damaged_document_never_crashes(data: st.DataObject) -> None:
    """Whatever stands in the place of one value, the answer is a problem or coded faults."""
    whole = document()
    place: Any = whole
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            break
        place = inner
    assert codes_of(own.problem_of, json.dumps(whole)) <= {"P611", "P612"}
