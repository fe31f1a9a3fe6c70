"""`dispatch bench solver`: the solver beside its peers, in one go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from dispatch.cli.shared import coded_errors, console
from scenarios.bench import solver_city, solver_public

Line = dict[str, Any]


@coded_errors
def solver(
    shared: Annotated[Path, typer.Option(help="Folder with `vrp`, the public instances.")],
    out: Annotated[Path, typer.Option(help="Folder for results; what is there is kept.")] = Path(
        "bench-results"
    ),
    seconds: Annotated[str, typer.Option(help="Budgets on public instances.")] = "10,30,60",
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each.")] = 5,
    classes: Annotated[str, typer.Option(help="Folders of public instances; empty: none.")] = (
        ",".join(solver_public.CLASSES)
    ),
    per_class: Annotated[
        int | None, typer.Option(min=1, help="At most so many instances of a class.")
    ] = None,
    days: Annotated[str, typer.Option(help="Jobs of Bochum days; empty: none.")] = (
        "150,300,600,1200"
    ),
    day_seconds: Annotated[str, typer.Option(help="Budgets on Bochum days.")] = "20,60",
) -> None:
    """Solve public instances and Bochum days beside PyVRP, VROOM and OR-Tools, on one core."""
    files = solver_public.files_of(shared, _words(classes), per_class)
    with console.status("solving") as status:
        public = solver_public.run(
            files, seconds=_numbers(seconds), seeds=seeds, out=out, told=status.update
        )
        city = solver_city.run(
            [int(size) for size in _numbers(days)],
            seconds=_numbers(day_seconds),
            seeds=seeds,
            out=out,
            told=status.update,
        )
    if public:
        console.print(_public_table(solver_public.summary(public)))
    if city:
        console.print(_city_table(solver_city.summary(city)))
    _draw(public, city, out)


def _draw(public: list[Line], city: list[Line], out: Path) -> None:
    try:
        from scenarios.bench.solver_figure import draw
    except ImportError:
        console.print("No picture: the extra `plot` is not installed.")
        return
    if public:
        fields: dict[str, list[Line]] = {}
        for row in public:
            fields.setdefault(f"{row['folder']}, {row['mark']}", []).append(row)
        draw(fields, "gap_pct", "gap to best known, %", out / "public.png")
    if city:
        sizes: dict[str, list[Line]] = {}
        for row in city:
            if row["variant"] == "full":
                sizes.setdefault(f"{row['jobs']} jobs", []).append(row)
        draw(sizes, "cost_eur", "EUR", out / "days.png")


def _public_table(lines: list[Line]) -> Table:
    planners = tuple(solver_public.PLANNERS)
    table = _table("Class", "Jobs", "Budget", *planners, "Goal", "First plan", "Unserved", "")
    for line in lines:
        table.add_row(
            *(line["folder"], line["mark"], f"{line['seconds']:g} s"),
            *(_pct(line["gaps"][planner]) for planner in planners),
            *(_pct(line["goal"]), f"{_seconds(line['first_s'])} of {line['first_goal_s']:g} s"),
            " ".join(f"{name} {n}" for name, n in line["unserved"].items() if n) or "-",
            _verdict(
                {
                    "goal": line["goal_reached"],
                    "PyVRP": line["peer_reached"],
                    "first": line["first_s"] and line["first_s"] <= line["first_goal_s"],
                },
                line["broken"],
            ),
        )
    return table


def _city_table(lines: list[Line]) -> Table:
    names = ("Jobs", "Budget", "EUR", "below OR-Tools", "PyVRP", "VROOM", "Breaks", "Over", "")
    table = _table(*names)
    for line in lines:
        table.add_row(
            *(str(line["jobs"]), f"{line['seconds']:g} s", f"{line['cost_eur']:.0f}"),
            *(_pct(line[f"below_{name}_pct"]) for name in ("ortools", "pyvrp", "vroom")),
            *(_pct(line["breaks_pct"]), f"{line['over_s']:+.1f} s"),
            _verdict(
                {
                    "OR-Tools": _least(line["below_ortools_pct"], solver_city.BELOW_PCT),
                    "PyVRP": _least(line["below_pyvrp_pct"], solver_city.BELOW_PCT),
                    "VROOM": _least(line["below_vroom_pct"], 0.0),
                    "breaks": (line["breaks_pct"] or 0) < solver_city.BREAKS_PCT,
                    "budget": line["in_budget"],
                },
                line["broken"],
            ),
        )
    return table


def _table(*names: str) -> Table:
    table = Table(*names, box=None, pad_edge=False)
    for column in table.columns[2:-1]:
        column.justify = "right"
    return table


def _verdict(goals: dict[str, bool | None], broken: list[str]) -> str:
    """Return the goals that are missed; None is a goal that nobody set."""
    missed = [name for name, reached in goals.items() if reached is False]
    words = [*(f"[red]misses {name}[/red]" for name in missed), *broken]
    return ", ".join(words) or "[green]reached[/green]"


def _least(found: float | None, goal: float) -> bool | None:
    return None if found is None else found >= goal


def _pct(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} %"


def _seconds(value: float | None) -> str:
    return "?" if value is None else f"{value:.2f}"


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _numbers(text: str) -> list[float]:
    try:
        return [float(word) for word in _words(text)]
    except ValueError as error:
        raise typer.BadParameter(f"`{text}` is no list of numbers like 10,30,60") from error
