"""The benchmark of the solver on generated days."""

from __future__ import annotations

from typer.testing import CliRunner

from dispatch.cli import app
from scenarios.bench.solver_days import PLANNERS, Row, run


def test_each_planner_plans_the_same_day() -> None:
    """All answers keep the rules, and each is told as soon as it is known."""
    seen: list[Row] = []
    rows = run(sizes=[8], budgets_s=[0.2], seeds=[1], watch=seen.append)
    assert [row.planner for row in rows] == list(PLANNERS)
    assert seen == rows
    assert {row.violations for row in rows} == {0}
    assert {row.jobs for row in rows} == {8}


def test_the_command_prints_a_table() -> None:
    """One line per planner."""
    words = ["bench", "solver-days", "--jobs", "6", "--seconds", "0.1"]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0
    assert all(planner in told.stdout for planner in PLANNERS)
