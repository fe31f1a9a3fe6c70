"""Street graphs: build one from OpenStreetMap, and look at what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.shared import DataOption, coded_errors, console, settings_for
from dispatch.domain.errors import InvalidInput, Issue
from graphs.files import GraphFiles
from graphs.network import StreetNetwork
from graphs.osm import read_osm, read_place
from scenarios.progress import Stopwatch

app = typer.Typer(help="Build and inspect street graphs.", no_args_is_help=True)


@app.command()
@coded_errors
def build(
    source: Annotated[
        Path | None, typer.Argument(help="OpenStreetMap extract: .osm.pbf, .osm or .osm.gz.")
    ] = None,
    place: Annotated[
        str | None, typer.Option(help='Ask Overpass for a place, such as "Bochum, Germany".')
    ] = None,
    clip: Annotated[
        str | None, typer.Option(help="Keep only WEST,SOUTH,EAST,NORTH in degrees.")
    ] = None,
    name: Annotated[
        str, typer.Option(help="Name of the graph; `city` is used by default.")
    ] = "city",
    data: DataOption = None,
) -> None:
    """Build a street graph from a file or a place and keep it under a name."""
    files = GraphFiles(settings_for(data).graphs_dir)
    network = _read(source, place, corners(clip))
    file = files.save(name, network)
    console.print(
        f"{name}: {network.nodes} junctions, {network.segments} street pieces, "
        f"{network.length_m.sum() / 1000:.0f} km; kept in {file}"
    )


@app.command()
@coded_errors
def info(
    name: Annotated[str | None, typer.Argument(help="Name of a graph; all without it.")] = None,
    data: DataOption = None,
) -> None:
    """Show what graphs there are and where they come from."""
    files = GraphFiles(settings_for(data).graphs_dir)
    names = (name,) if name else files.names()
    if not names:
        console.print("No graph has been built; the stand-in network is used.")
    for known in names:
        about = files.info(known)
        kind = "stand-in" if about.stand_in else "real streets"
        console.print(
            f"{known}: {about.title}, {kind}, {about.nodes} junctions, {about.segments} pieces, "
            f"{about.length_km:.0f} km, {about.size_bytes / 1e6:.1f} MB; {about.attribution}"
        )


def corners(clip: str | None) -> list[tuple[float, float]] | None:
    """Return the (lat, lon) corners of WEST,SOUTH,EAST,NORTH; raises InvalidInput C202."""
    if clip is None:
        return None
    try:
        west, south, east, north = (float(part) for part in clip.split(","))
    except ValueError as error:
        raise InvalidInput(
            Issue(
                code="C202",
                subject=f"--clip {clip}",
                cause="not four numbers",
                action="Give WEST,SOUTH,EAST,NORTH in degrees, such as 7.10,51.41,7.35,51.53",
            )
        ) from error
    return [(south, west), (south, east), (north, east), (north, west)]


def _read(
    source: Path | None, place: str | None, clip: list[tuple[float, float]] | None
) -> StreetNetwork:
    watch = Stopwatch(console)
    if source is not None and place is None:
        with watch.step("Streets read") as advance:
            return read_osm(source, clip=clip, progress=advance)
    if place is not None and source is None and clip is None:
        with watch.step("Streets downloaded"):
            return read_place(place)
    raise InvalidInput(
        Issue(
            code="C203",
            subject="graph build",
            cause="give either a file or --place, and --clip only with a file",
            action="Such as: dispatch graph build bochum.osm.pbf",
        )
    )
