"""The benchmark of the solver: honest figures, each run once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from dispatch.planning.validate import validate
from scenarios.bench.bochum_days import Variant, bochum_day, shifts_of
from scenarios.bench.solver_figure import draw, mean_curve, points
from scenarios.bench.solver_public import gaps_over_time, mark_of, summary
from scenarios.bench.solver_runs import Runs
from scenarios.bench.solver_vroom import expressible, question

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("variant", list(Variant))
def test_a_day_is_sound_and_the_same_each_time(variant: Variant) -> None:
    """No planner is asked an impossible question, and each is asked the same."""
    day = bochum_day(3, jobs=60, variant=variant)
    again = bochum_day(3, jobs=60, variant=variant)
    assert validate(day) == []
    assert (day.jobs, day.shifts, day.facilities) == (again.jobs, again.shifts, again.facilities)
    assert expressible(day) is (variant is Variant.SINGLE_TRIP)


def test_the_sizes_of_a_day_are_those_of_the_goals() -> None:
    """From 150 jobs on 8 or 9 shifts to 1200 on 40."""
    assert [shifts_of(jobs) for jobs in (150, 300, 600, 1200)] == [9, 13, 22, 40]


def test_a_run_that_is_done_is_not_done_again(tmp_path: Path) -> None:
    """After an interruption the rest is run; half a line at the end is no row."""
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"name": "a", "cost": 1}) + '\n{"name": "b', encoding="utf-8")
    told: list[str] = []
    tasks = [({"name": name}, dict) for name in ("a", "b")]
    rows = Runs(file, ("name",)).complete(tasks, told.append)
    assert rows == [{"name": "a", "cost": 1}, {"name": "b"}]
    assert told == ["2 of 2: b"]
    assert [row["name"] for row in Runs(file, ("name",)).rows] == ["a", "b"]


def row(planner: str, gap_pct: float | None, seconds: float = 10) -> dict[str, object]:
    """Return a row of one instance."""
    return {
        "folder": "Solomon",
        "name": "R101",
        "mark": "up to 250",
        "planner": planner,
        "seconds": seconds,
        "seed": 1,
        "gap_pct": gap_pct,
        "unserved": int(gap_pct is None),
        "violations": [],
        "first_s": 0.2,
        "trace": [(0.1, 5.0), (seconds, gap_pct or 0.0)],
    }


@pytest.mark.parametrize(
    ("ours", "theirs", "goal", "peer"),
    [(0.5, 0.4, True, True), (0.7, 0.3, False, False), (None, 0.3, False, False)],
)
def test_goals_are_compared(ours: float | None, theirs: float, *, goal: bool, peer: bool) -> None:
    """A goal is reached at its gap or below; a plan that leaves jobs reaches none."""
    (line,) = summary([row("solve", ours), row("PyVRP", theirs)])
    assert (line["goal_reached"], line["peer_reached"]) == (goal, peer)
    assert line["gaps"]["VROOM"] is None


def test_each_size_has_its_goal() -> None:
    """Several trips are harder, large instances too."""
    asked = [("VRPTW", 100), ("MTVRPTWR", 200), ("CVRP", 501), ("MDVRPTW", 360)]
    found = [mark_of(kind, jobs) for kind, jobs in asked]
    assert found == ["up to 250", "several trips", "beyond 500", "up to 500"]


def test_a_trace_in_any_unit_becomes_gaps() -> None:
    """Its last cost is the one that was judged."""
    assert gaps_over_time([(0.1, 3000), (2.0, 2200)], 110.0, 100.0) == [(0.1, 50.0), (2.0, 10.0)]
    assert gaps_over_time([], 110.0, 100.0) == []


def test_the_mean_curve_begins_when_all_have_a_plan() -> None:
    """Before that a mean would be of the lucky ones."""
    curve = mean_curve([[(1.0, 10.0), (4.0, 4.0)], [(2.0, 6.0)]])
    assert curve[0] == (2.0, 8.0)
    assert curve[-1] == (4.0, 5.0)
    assert mean_curve([[(1.0, 10.0)], []]) == []


def test_a_picture_is_drawn(tmp_path: Path) -> None:
    """Budgets without a full set of plans have no dot."""
    rows = [row("solve", 1.0), row("solve", None, 30), row("PyVRP", 2.0)]
    assert points([one for one in rows if one["planner"] == "solve"], "gap_pct") == [(10, 1.0)]
    draw({"Solomon": rows}, "gap_pct", "gap", tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_vroom_is_told_of_persons_and_organisations() -> None:
    """As skills: whoever may not do a job lacks one of them."""
    day = bochum_day(5, jobs=80, variant=Variant.SINGLE_TRIP)
    asked = question(day)
    for job, told in zip(day.jobs, asked["jobs"], strict=True):
        able = {
            vehicle["id"]
            for vehicle in asked["vehicles"]
            if set(told["skills"]) <= set(vehicle["skills"])
        }
        assert able == {
            number
            for number, shift in enumerate(day.shifts)
            if job.skills <= shift.skills
            and job.persons <= shift.persons
            and (job.shifts is None or number in job.shifts)
        }
