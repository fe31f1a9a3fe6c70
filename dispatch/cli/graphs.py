"""Street graphs: build one from OpenStreetMap, and look at what there is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from dispatch.cli.shared import (
    BAD_INPUT,
    DataOption,
    coded_errors,
    console,
    errors,
    settings_for,
)
from dispatch.domain.errors import InvalidInput, Issue
from graphs.clip import read_clip
from graphs.errors import StoredInvalid
from graphs.files import GraphFiles
from graphs.network import StreetNetwork
from graphs.osm import read_osm, read_place
from graphs.street_matrix import StreetMatrix
from scenarios.progress import Stopwatch

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from graphs.streets import CompileReport

app = typer.Typer(help="Build street graphs and ask them for ways.", no_args_is_help=True)


@app.command()
@coded_errors
def build(
    source: Annotated[
        Path | None,
        typer.Argument(help="OpenStreetMap extract: .osm.pbf, .osm, .osm.gz, or Overpass JSON."),
    ] = None,
    place: Annotated[
        str | None, typer.Option(help='Ask Overpass for a place, such as "Bochum, Germany".')
    ] = None,
    clip: Annotated[
        str | None,
        typer.Option(help="Keep only WEST,SOUTH,EAST,NORTH in degrees, or a GeoJSON/.poly file."),
    ] = None,
    name: Annotated[
        str, typer.Option(help="Name of the graph; `city` is used by default.")
    ] = "city",
    data: DataOption = None,
) -> None:
    """Build a street graph from a file or a place and keep it under a name."""
    files = GraphFiles(settings_for(data).graphs_dir)
    # Raises for a name that cannot be, before minutes are spent on reading.
    files.has(name)
    network = _read(source, place, area_of(clip))
    file = files.save(name, network)
    console.print(
        f"{name}: {network.nodes} junctions, {network.segments} street pieces, "
        f"{network.length_m.sum() / 1000:.0f} km, {len(network.restrictions)} turn restrictions; "
        f"kept in {escape(str(file))}"
    )


@app.command()
@coded_errors
def info(
    name: Annotated[str | None, typer.Argument(help="Name of a graph; all without it.")] = None,
    profile: Annotated[
        str | None, typer.Option(help="Also what the graph is for a vehicle class.")
    ] = None,
    restrictions: Annotated[
        bool, typer.Option("--restrictions", help="List every turn restriction with its outcome.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Show what graphs there are and where they come from."""
    files = GraphFiles(settings_for(data).graphs_dir)
    names = (name,) if name else files.names()
    if not names:
        console.print("No graph has been built; the stand-in network is used.")
    if restrictions and profile is None:
        raise InvalidInput(
            Issue(
                code="C203",
                subject="graph info --restrictions",
                cause="what becomes of a restriction depends on the vehicle",
                action="Give --profile too, such as: --profile truck26 --restrictions",
            )
        )
    unreadable = False
    for known in names:
        try:
            about = files.info(known)
        except StoredInvalid as error:
            # One file that cannot be read must not hide the others.
            errors.print(escape(str(error)))
            unreadable = True
            continue
        kind = "stand-in" if about.stand_in else "real streets"
        console.print(
            f"{known}: {escape(about.title)}, {kind}, {about.nodes} junctions, "
            f"{about.segments} pieces, {about.length_km:.0f} km, {about.restrictions} turn "
            f"restrictions, {about.size_bytes / 1e6:.1f} MB; {escape(about.attribution)}"
        )
        if profile is not None:
            _show_profile(stored_streets(files, known), profile, restrictions)
    if unreadable:
        raise typer.Exit(BAD_INPUT)


def _show_profile(streets: StreetMatrix, profile: str, restrictions: bool) -> None:
    """Print what became of a graph for a vehicle class."""
    report: CompileReport = streets.graph(profile).report
    console.print(
        f"  {profile}: {report.used_segments} pieces used ({report.stop_only_segments} open for "
        f"stops only), {report.closed_segments} closed to it, {report.island_segments} cut off; "
        f"{report.closing_barriers} barriers close; {report.states} states, {report.turns} turns"
    )
    outcomes = Counter(row.reason for row in report.restrictions)
    for reason, count in outcomes.most_common():
        console.print(f"    {count:>5} turn restrictions: {escape(reason)}")
    for kind, count in report.unknown.items():
        console.print(f"    {count:>5} pieces with {escape(kind)}")
    if restrictions:
        for row in report.restrictions:
            console.print(f"    relation {row.relation_id}: {row.outcome}, {escape(row.reason)}")


def stored_streets(files: GraphFiles, name: str) -> StreetMatrix:
    """Return the travel times on a stored graph, compiled parts from the cache."""
    return StreetMatrix.of_stored(files.open(name), files.cache)


def area_of(clip: str | None) -> list[tuple[float, float]] | BaseGeometry | None:
    """Return the area of --clip, four numbers or a file; raises C202 or G107."""
    if clip is not None and Path(clip).is_file():
        return read_clip(Path(clip))
    return corners(clip)


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
                cause="neither a file nor four numbers",
                action="Give WEST,SOUTH,EAST,NORTH in degrees, such as 7.10,51.41,7.35,51.53",
            )
        ) from error
    return [(south, west), (south, east), (north, east), (north, west)]


def _read(
    source: Path | None, place: str | None, clip: list[tuple[float, float]] | BaseGeometry | None
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
