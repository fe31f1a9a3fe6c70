"""The benchmark of random days with every rule."""

from __future__ import annotations

from dataclasses import replace

from typer.testing import CliRunner

from dispatch.cli import app
from dispatch.planning.reschedule import reschedule
from scenarios.bench.random_rules import RULES, random_day
from scenarios.bench.year import Outcome, faults_of, run, summary, worst_over_s


def test_days_are_planned_and_told() -> None:
    """One outcome a day, without faults, within the budget."""
    told: list[str] = []
    outcomes = run(range(1, 3), seconds=0.1, told=told.append)
    assert [one.seed for one in outcomes] == [1, 2]
    assert [one.faults for one in outcomes] == [(), ()]
    assert told == ["day 1, 0 with faults", "day 2, 0 with faults"]
    assert worst_over_s(outcomes, 0.1) < 1.01


def test_a_required_job_that_gave_way_is_seen() -> None:
    """A plan that does nothing leaves required jobs for which there is room."""
    problem = replace(random_day(1).problem, relations=())
    nothing = reschedule(problem, [() for _ in problem.shifts])
    assert any(fault.startswith("required job") for fault in faults_of(problem, nothing))


def test_a_wrong_bill_is_seen() -> None:
    """The checker and the comparison of the lines both say so."""
    problem = random_day(1).problem
    plan = reschedule(problem, [() for _ in problem.shifts])
    wrong = replace(plan, cost_lines=plan.cost_lines[:-1])
    assert {"cost lines", "V801 required_left"} <= set(faults_of(problem, wrong))


def test_the_table_counts_days_and_faults_per_rule() -> None:
    """A day counts for each of its rules, a day with two faults once."""
    sound = Outcome(
        seed=1,
        rules=("far", "due"),
        faults=(),
        took_s=1.5,
        twice=False,
        jobs=20,
        left=0,
        required_left=0,
    )
    broken = replace(sound, rules=("far", "any"), faults=("V201 job 1", "V201 job 2"))
    lines = {line.rule: (line.days, line.bad) for line in summary([sound, broken])}
    assert set(lines) == {*RULES, "any", "sequence", "strict", "from_start", "all days"}
    assert lines["far"] == (2, 1)
    assert lines["due"] == (1, 0)
    assert lines["any"] == (1, 1)
    assert lines["all days"] == (2, 1)
    assert worst_over_s([sound, broken], 1.0) == 0.5


def test_the_command_prints_a_table() -> None:
    """One line per rule, and how far over the budget the slowest day was."""
    told = CliRunner().invoke(app, ["bench", "year", "--days", "1", "--seconds", "0.1"])
    assert told.exit_code == 0
    assert all(rule in told.stdout for rule in RULES)
    assert "worst overrun" in told.stdout
