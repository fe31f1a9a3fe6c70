"""`dispatch solve`: any format in, a checked solution out, faults as codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from dispatch.planning.check import check
from dispatch.planning.formats import own
from dispatch.planning.formats.objective import verdict_on
from dispatch.planning.formats.recognise import instance_of
from dispatch.planning.formats.sol import sol_of
from dispatch.planning.problem import job_visit
from dispatch.planning.reschedule import reschedule
from tests.dispatch.cli.test_commands import run
from tests.helpers.builders import a_job, a_problem, a_shift
from tests.helpers.codes import codes_of
from tests.helpers.instances import SOLOMON, TINY

if TYPE_CHECKING:
    from pathlib import Path

QUICK = ("--seconds", "0.5")
VROOM = {
    "jobs": [{"id": 7, "location_index": 1}],
    "vehicles": [{"id": 1, "start_index": 0, "end_index": 0}],
    "matrices": {"car": {"durations": [[0, 60], [60, 0]]}},
}


def test_an_instance_is_solved_written_and_compared(tmp_path: Path) -> None:
    """Cost and gap to the `.sol` beside it are printed; the written file costs what it states."""
    text, routes = TINY["VRPTW"]
    (tmp_path / "tiny.vrp").write_text(text)
    (tmp_path / "tiny.sol").write_text(routes)
    code, told = run("solve", tmp_path / "tiny.vrp", *QUICK, "--out", tmp_path / "out.sol")
    assert code == 0
    assert "cost 20.0 reference 20.0, gap +0.00 % routes 2" in told
    assert "left 0 jobs" in told
    written = sol_of((tmp_path / "out.sol").read_text())
    assert written.cost == verdict_on(text, written).cost == 20.0


def test_the_table_of_references_is_found(tmp_path: Path) -> None:
    """A Solomon text without a `.sol` is compared with the table in the folder above."""
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.txt").write_text(SOLOMON)
    (tmp_path / "dimacs_vrptw_ref.txt").write_text("Set Other 1\nSet Tiny 16.0\n")
    code, told = run("solve", tmp_path / "set" / "a.txt", *QUICK)
    assert code == 0
    assert "reference 16.0, gap +25.00 %" in told


def test_vroom_in_vroom_out_on_two_cores(tmp_path: Path) -> None:
    """A VROOM document is answered as VROOM's; two searches run side by side."""
    (tmp_path / "in.json").write_text(json.dumps(VROOM))
    out = tmp_path / "out.json"
    code, told = run("solve", tmp_path / "in.json", *QUICK, "--cores", 2, "--out", out)
    assert code == 0, told
    assert json.loads(out.read_text())["summary"]["cost"] == 120


def test_our_own_json(tmp_path: Path) -> None:
    """Our problem gives our solution, with the bill in euros."""
    problem = a_problem(jobs=[a_job(1)], shifts=[a_shift(use_ueur=5_000_000)])
    (tmp_path / "in.json").write_text(own.problem_text(problem))
    out = tmp_path / "out.json"
    code, told = run("solve", tmp_path / "in.json", *QUICK, "--out", out)
    assert code == 0
    assert "Vehicle use 5.00 EUR" in told
    assert check(problem, own.solution_of(out.read_text())) == ()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.vrp", b"nothing", "P601"),
        ("a.vrp", b"\xff\xfe", "P601"),
        ("a.vrp", TINY["CVRP"][0].replace("CVRP", "OVRP").encode(), "P605"),
        ("a.json", b"{}", "P623"),
        ("a.json", b'{"format": "dispatch-problem"}', "P611"),
    ],
)
def test_bad_input_is_a_code_and_exit_2(
    tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    """What cannot be read is said with its code."""
    (tmp_path / name).write_bytes(content)
    code, told = run("solve", tmp_path / name, *QUICK)
    assert code == 2
    assert expected in told


def test_faults_of_the_problem_come_back_from_the_solver(tmp_path: Path) -> None:
    """A document that is well formed but unsound ends with its P-codes, all of them."""
    problem = a_problem(jobs=[a_job(1, windows=())], shifts=[a_shift(start_s=9, end_s=5)])
    (tmp_path / "in.json").write_text(own.problem_text(problem))
    code, told = run("solve", tmp_path / "in.json", *QUICK)
    assert code == 2
    assert "P101" in told
    assert "P201" in told


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    """A missing input and an output of another kind end with exit code 2 before any search."""
    code, told = run("solve", tmp_path / "none.vrp")
    assert (code, told.split()[0]) == (2, "C201")
    (tmp_path / "in.json").write_text(json.dumps(VROOM))
    code, told = run("solve", tmp_path / "in.json", "--out", tmp_path / "out.sol")
    assert (code, told.split()[0]) == (2, "P631")
    code, told = run("solve", tmp_path / "in.json", "--seconds", "nan")
    assert (code, "--seconds" in told) == (2, True)


def test_a_solution_is_improved_on_and_the_way_is_written(tmp_path: Path) -> None:
    """What `--out` wrote is taken by `--start`, in every format; the trace ends at the cost."""
    ours = own.problem_text(a_problem(jobs=[a_job(1)]))
    texts = {"v.json": json.dumps(VROOM), "s.txt": SOLOMON, "o.json": ours}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        out, trace = tmp_path / f"{name}.json", tmp_path / "trace.csv"
        assert run("solve", tmp_path / name, *QUICK, "--out", out)[0] == 0
        code, told = run("solve", tmp_path / name, *QUICK, "--start", out, "--trace", trace)
        assert code == 0, told
        head, *rows = trace.read_text().splitlines()
        assert head == "seconds,cost"
        assert f"cost {rows[-1].split(',')[1]}" in told
        told_s = float(told.split("first ")[1].split(" s")[0])
        assert told_s == pytest.approx(float(rows[0].split(",")[0]), abs=0.06)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"", "P632"),
        (b"\xff", "P632"),
        (b"Route #1: 1", "P632"),
        (b'{"routes": [', "P623"),
        (b'{"routes": [{"vehicle": 2, "steps": []}]}', "P623"),
        (b'{"format": "dispatch-solution"}', "P611"),
    ],
)
def test_a_start_that_does_not_fit_is_a_code(tmp_path: Path, start: bytes, expected: str) -> None:
    """It is refused before the search, with the code of what is wrong."""
    (tmp_path / "in.json").write_text(json.dumps(VROOM))
    (tmp_path / "start").write_bytes(start)
    code, told = run("solve", tmp_path / "in.json", *QUICK, "--start", tmp_path / "start")
    assert (code, told.split()[0]) == (2, expected)


def test_a_start_that_does_a_job_twice_is_refused(tmp_path: Path) -> None:
    """Nobody can do a job twice; the job is named."""
    problem = a_problem(jobs=[a_job(1)])
    twice = reschedule(problem, [[job_visit(0), job_visit(0)]])
    (tmp_path / "in.json").write_text(own.problem_text(problem))
    (tmp_path / "start.json").write_text(own.solution_text(twice))
    code, told = run("solve", tmp_path / "in.json", "--start", tmp_path / "start.json")
    assert (code, told.split()[:3]) == (2, ["P632", "job", "0:"])


def test_a_folder_that_is_not_there_is_told_before_the_search(tmp_path: Path) -> None:
    """Nobody waits for a result that cannot be written."""
    (tmp_path / "in.json").write_text(json.dumps(VROOM))
    for option in ("--out", "--trace"):
        file = tmp_path / "none" / "x.json"
        code, told = run("solve", tmp_path / "in.json", "--seconds", 3600, option, file)
        assert (code, told.split()[0]) == (2, "C209")


def test_every_format_is_recognised_by_content() -> None:
    """Names and suffixes do not matter."""
    texts = [TINY["CVRP"][0], SOLOMON, json.dumps(VROOM), own.problem_text(a_problem())]
    kinds = [instance_of(text.encode(), "x").kind for text in texts]
    assert kinds == ["CVRP", "VRPTW", "VROOM", "dispatch"]
    assert codes_of(lambda text: instance_of(text.encode(), "x"), "{") == {"P623"}
