"""One problem from a file, solved and written: `dispatch solve`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from dispatch.cli.shared import coded_errors, console
from dispatch.domain.errors import InvalidInput, Issue, PlanningFailed
from dispatch.planning.check import check
from dispatch.planning.costs import COST_TABLE
from dispatch.planning.formats.objective import verdict_on
from dispatch.planning.formats.recognise import instance_of
from dispatch.planning.formats.reference import cost_in_table
from dispatch.planning.formats.sol import sol_of
from dispatch.planning.formats.starts import start_from
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.validate import validate
from dispatch.planning.words import euros
from dispatch.service.portfolio import solve_on

if TYPE_CHECKING:
    from dispatch.planning.formats.instance import Instance
    from dispatch.planning.solution import Solution
    from dispatch.service.portfolio import Searched

TABLE = "dimacs_vrptw_ref.txt"
SHOWN_JOBS = 20
LONGEST_S = 24 * 3600


@coded_errors
def solve(
    file: Annotated[
        Path, typer.Argument(help="Problem: ours, VROOM's JSON, VRPLIB or Solomon's text.")
    ],
    seconds: Annotated[
        float, typer.Option(min=0.1, max=LONGEST_S, help="How long to search.")
    ] = 20,
    cores: Annotated[
        int, typer.Option(min=1, max=64, help="Searches side by side; the best counts.")
    ] = 1,
    seed: Annotated[
        int, typer.Option(min=0, max=2**31, help="Another seed searches another way.")
    ] = 0,
    out: Annotated[
        Path | None, typer.Option(help="File for the solution: .sol or .json, as fits the input.")
    ] = None,
    start: Annotated[
        Path | None, typer.Option(help="Solution to improve on: ours, VROOM's or .sol.")
    ] = None,
    trace: Annotated[
        Path | None, typer.Option(help="CSV file for seconds and cost of each better plan.")
    ] = None,
) -> None:
    """Solve a problem in a file; print its cost, the gap to a known one and what was left."""
    content = _content(file)
    instance = _with_reference(instance_of(content, file.stem), file)
    writer = _suffix(instance, out) if out else None
    _refuse_folders(out, trace)
    known = _start(instance, start)
    for note in instance.notes:
        console.print(escape(f"Note: {note}."))
    with console.status("solving"):
        budget = Budget(time_limit_s=seconds, seed=seed)
        searched = solve_on(instance.problem, budget=budget, cores=cores, start=known)
    _judge(instance, searched.solution)
    if out and writer:
        text = instance.writers[writer](searched.solution)
        _verify(instance, content, text, writer)
        _write(out, text)
    if trace:
        _write(trace, _traced(instance, searched))
    _report(instance, searched)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        cause = "no such file, or it cannot be read"
        raise _fault("C201", str(file), cause, "Check the path") from error


def _refuse_folders(*files: Path | None) -> None:
    """Raise InvalidInput C209 before the search for a file that could not be written after it."""
    for file in files:
        if file is not None and (file.is_dir() or not file.parent.is_dir()):
            action = "Give a file in a folder that can be written"
            raise _fault("C209", str(file), "it is a folder, or its folder is missing", action)


def _start(instance: Instance, file: Path | None) -> Solution | None:
    """Return the solution to start from: the file's, else the instance's own, None without."""
    orders = start_from(_content(file), instance) if file else instance.start
    if orders is None:
        return None
    issues = validate(instance.problem)
    if issues:
        raise InvalidInput(*issues)
    return reschedule(instance.problem, orders)


def _traced(instance: Instance, searched: Searched) -> str:
    unit = instance.unit
    rows = [
        f"{seconds:.3f},{ueur / unit.ueur:.{unit.decimals}f}" for seconds, ueur in searched.progress
    ]
    return "\n".join(["seconds,cost", *rows, ""])


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        action = "Give a file in a folder that can be written"
        raise _fault("C209", str(out), "it cannot be written", action) from error


def _with_reference(instance: Instance, file: Path) -> Instance:
    """Return the instance with the cost of the `.sol` beside it, else of the table near it."""
    beside = file.with_suffix(".sol")
    if instance.numbering is None:
        return instance
    cost = None
    if beside.is_file() and beside != file:
        cost = sol_of(_content(beside).decode("utf-8", errors="replace")).cost
    for folder in (file.parent, file.parent.parent):
        if cost is None and (folder / TABLE).is_file() and instance.kind == "VRPTW":
            table = _content(folder / TABLE).decode("utf-8", errors="replace")
            cost = cost_in_table(table, instance.name)
    return instance if cost is None else instance.with_reference(cost)


def _suffix(instance: Instance, out: Path) -> str:
    suffix = out.suffix.casefold()
    if suffix in instance.writers:
        return suffix
    cause = f"a {instance.kind} solution is written as {' or '.join(instance.writers)}"
    raise _fault("P631", str(out), cause, "Give the file one of these suffixes")


def _judge(instance: Instance, solution: Solution) -> None:
    """Raise PlanningFailed with V-codes for a solution that breaks a rule."""
    broken = check(instance.problem, solution)
    if broken:
        raise PlanningFailed(
            *(
                Issue(
                    code=violation.code,
                    subject=violation.subject,
                    cause=violation.text,
                    action="Report it with the file: the solver broke a rule",
                )
                for violation in broken[:SHOWN_JOBS]
            )
        )


def _verify(instance: Instance, content: bytes, text: str, suffix: str) -> None:
    """Raise PlanningFailed P609 if a written `.sol` does not cost what it states."""
    if suffix != ".sol":
        return
    sol = sol_of(text)
    found = verdict_on(content.decode("utf-8-sig"), sol)
    if found.twice or abs(found.cost - (sol.cost or 0)) > 10.0**-instance.unit.decimals:
        raise PlanningFailed(
            Issue(
                code="P609",
                subject="solution",
                cause=f"its routes cost {found.cost}, not {sol.cost}",
                action="Report it with the file: reader and sum disagree",
            )
        )


def _report(instance: Instance, searched: Searched) -> None:
    solution, first_s = searched.solution, searched.first_s
    used = sum(bool(route.stops) for route in solution.routes)
    jobs = len(instance.problem.jobs)
    console.print(
        escape(f"{instance.name} ({instance.kind}): {jobs} jobs, {len(solution.routes)} shifts")
    )
    console.print(f"cost       {instance.written(instance.objective(solution))}")
    gap = instance.gap(solution)
    must = [job for job in solution.unassigned if instance.problem.jobs[job].required]
    if instance.reference is not None and gap is not None:
        told = "not comparable, jobs are left" if must else f"{100 * gap:+.2f} %"
        console.print(f"reference  {instance.written(instance.reference)}, gap {told}")
    console.print(f"routes     {used}")
    if first_s is not None:
        console.print(f"first      {first_s:.1f} s")
    console.print(f"search     {searched.seconds:.1f} s")
    left = [instance.jobs[job] for job in (must or solution.unassigned)[:SHOWN_JOBS]]
    more = ", .." if len(solution.unassigned) > len(left) else ""
    named = f": {', '.join(left)}{more}" if left else ""
    console.print(
        f"left       {len(solution.unassigned)} jobs, {len(must)} of them required{named}"
    )
    if instance.kind == "dispatch":
        labels = {kind.code: kind.label.en for kind in COST_TABLE}
        for line in solution.cost_lines:
            console.print(f"  {labels[line.code]:<30} {euros(line.amount_ueur).en:>16}")


def _fault(code: str, subject: str, cause: str, action: str) -> InvalidInput:
    return InvalidInput(Issue(code=code, subject=subject, cause=cause, action=action))
