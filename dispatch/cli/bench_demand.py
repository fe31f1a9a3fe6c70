"""`dispatch bench demand`: what signals become, measured part by part beside its goals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from dispatch.cli.bench_sheets import show_sheet
from dispatch.cli.shared import coded_errors, console, spare_the_collector
from dispatch.domain.errors import InvalidInput, Issue
from scenarios.bench import demand_speed
from scenarios.bench.sheet import Sheet

Part = Callable[[Path | None, Path | None], list[Sheet]]


def _glass(shared: Path | None, out: Path | None) -> list[Sheet]:
    # Imported when asked for: drawing and weather libraries take seconds to load.
    from scenarios.bench import demand_glass

    return list(demand_glass.sheets(shared, out))


def _water(shared: Path | None, out: Path | None) -> list[Sheet]:
    from scenarios.bench import demand_water

    return demand_water.sheets(shared, out)


def _ponds(shared: Path | None, out: Path | None) -> list[Sheet]:
    from scenarios.bench import demand_ponds

    return list(demand_ponds.sheets(shared, out))


PARTS: Final[Mapping[str, Part]] = {
    "ponds": _ponds,
    "glass": _glass,
    "water": _water,
    "speed": demand_speed.sheets,
}
"""A part is a function of the folder with the city's files and of the folder for pictures."""


@coded_errors
def demand(
    part: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(PARTS)}; all without.")
    ] = None,
    shared: Annotated[Path | None, typer.Option(help="Folder with the city's files.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to draw pictures into.")] = None,
) -> None:
    """Measure ponds, glass, watering and speed, and say which goals were reached."""
    spare_the_collector()
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    missed = 0
    for name in _known(part or list(PARTS)):
        with console.status(f"measuring {name}"):
            sheets = _sheets(name, shared, out)
        for sheet in sheets:
            missed += show_sheet(sheet)
    if missed:
        console.print(f"{missed} goals were not reached")


def _known(names: list[str]) -> list[str]:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise InvalidInput(
            Issue(
                code="C210",
                subject=f"--part {unknown[0]}",
                cause="no part of demand has that name",
                action=f"Give one of {', '.join(PARTS)}",
            )
        )
    return names


def _sheets(name: str, shared: Path | None, out: Path | None) -> list[Sheet]:
    try:
        return PARTS[name](shared, out)
    except ImportError as error:
        return [Sheet(f"{name}: left out, {error}", (), ())]
