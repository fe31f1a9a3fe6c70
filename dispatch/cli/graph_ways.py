"""What a street graph is asked for: matrices, routes and pictures."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from rich.markup import escape

from dispatch.cli.graphs import stored_streets
from dispatch.cli.shared import DataOption, coded_errors, console, settings_for
from dispatch.domain.errors import InvalidInput, Issue
from graphs.closures import DayConditions
from graphs.files import GraphFiles
from graphs.gpx import gpx_of
from graphs.manoeuvres import LANGUAGES
from graphs.path import PathLeg
from graphs.plot import plot_network, plot_routes
from graphs.points import read_points
from graphs.sampling import sample_on_streets
from scenarios.progress import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphs.street_matrix import StreetMatrix

Name = Annotated[str, typer.Argument(help="Name of the graph.")]
ProfileOption = Annotated[str, typer.Option(help="Vehicle class.")]
PeriodOption = Annotated[str, typer.Option(help="Hour of departure: night, off_peak or peak.")]
ClosedOption = Annotated[
    list[int] | None, typer.Option("--closed-way", help="OpenStreetMap way closed today.")
]


def streets_today(
    data: Path | None, name: str, period: str, closed: list[int] | None
) -> StreetMatrix:
    """Return the travel times of a stored graph under today's conditions."""
    files = GraphFiles(settings_for(data).graphs_dir)
    today = DayConditions(closed_ways=frozenset(closed or ()), period=period)
    return stored_streets(files, name).on(today)


@coded_errors
def matrix(
    name: Name,
    points: Annotated[Path, typer.Argument(help="CSV file: id,lat,lon and maybe side.")],
    out: Annotated[Path, typer.Option(help=".npz to write: ids, duration_s, distance_m.")],
    profile: ProfileOption = "truck26",
    period: PeriodOption = "off_peak",
    closed_way: ClosedOption = None,
    data: DataOption = None,
) -> None:
    """Write seconds and metres between all points of a file; -1 = unreachable."""
    asked = read_points(points)
    watch = Stopwatch(console)
    with watch.step("Streets"):
        streets = streets_today(data, name, period, closed_way)
        streets.searcher(profile)
    with watch.step("Matrix"):
        table = streets.matrix(asked.places, profile=profile, sides=asked.sides)
    lost = streets.snap_report(asked.places, profile)
    for point in lost:
        console.print(
            f"{escape(asked.ids[point.index])}: unreachable, {point.code} "
            f"({point.distance_m:g} m from the nearest street)"
        )
    found = np.ones(len(asked.ids), dtype=np.bool_)
    found[[point.index for point in lost]] = False
    cut = int((~table.reachable[np.ix_(found, found)]).sum())
    if cut:
        console.print(f"{cut} pairs of points on streets have no way from one to the other")
    with writing(out), out.open("wb") as stream:
        np.savez(
            stream,
            ids=np.array(asked.ids, dtype=np.str_),
            duration_s=table.duration_s,
            distance_m=table.distance_m,
        )
    count = len(asked.ids)
    share = table.reachable.sum() / max(table.reachable.size, 1)
    console.print(f"{count} x {count}, {share:.1%} reachable; kept in {escape(str(out))}")


@coded_errors
def route(
    name: Name,
    places: Annotated[list[str], typer.Argument(help="Two or more places as LAT,LON.")],
    profile: ProfileOption = "truck26",
    period: PeriodOption = "off_peak",
    closed_way: ClosedOption = None,
    geojson: Annotated[Path | None, typer.Option(help="Write the way as GeoJSON.")] = None,
    gpx: Annotated[Path | None, typer.Option(help="Write the way as GPX.")] = None,
    language: Annotated[str, typer.Option(help="de or en.")] = "de",
    data: DataOption = None,
) -> None:
    """Show the fastest way between places, with what the driver has to do."""
    points = [place_of(text) for text in places]
    if len(points) < 2:
        raise _bad("C208", "graph route", "it needs two places at least")
    if language not in LANGUAGES:
        raise _bad("C208", f"--language {language}", f"it is none of {', '.join(LANGUAGES)}")
    streets = streets_today(data, name, period, closed_way)
    legs = streets.legs(points, profile=profile, manoeuvres=True)
    for leg in legs:
        console.print(f"{leg.distance_m / 1000:.2f} km, {leg.duration_s / 60:.1f} min")
        for step in leg.manoeuvres:
            console.print(f"  {escape(step.text(language)):<60} {step.distance_m:>6} m")
    source = streets.source
    if geojson is not None:
        with writing(geojson):
            geojson.write_text(json.dumps(_features(legs, source.attribution)), encoding="utf-8")
    if gpx is not None:
        credit = f"{source.name}, {source.attribution}"
        text = gpx_of(legs, name=name, source=credit, language=language)
        with writing(gpx):
            gpx.write_text(text, encoding="utf-8")


@coded_errors
def plot(
    name: Name,
    out: Annotated[Path, typer.Option(help="PNG file to write.")],
    routes: Annotated[int, typer.Option(help="Also draw so many random ways.", min=0)] = 0,
    profile: ProfileOption = "truck26",
    seed: Annotated[int, typer.Option(help="Which ways.", min=0)] = 1,
    data: DataOption = None,
) -> None:
    """Draw the network by road class, and ways on it if wanted."""
    streets = streets_today(data, name, "off_peak", None)
    network = streets.network
    if routes == 0:
        with writing(out):
            plot_network(network, file=out)
    else:
        ends = sample_on_streets(network, count=2 * routes, seed=seed)
        points = [(point.lat, point.lon) for point in ends]
        lines = [
            streets.legs(points[i : i + 2], profile=profile)[0].geometry
            for i in range(0, 2 * routes, 2)
        ]
        with writing(out):
            plot_routes(network, lines, file=out)
    console.print(f"Drawn to {escape(str(out))}")


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Raise InvalidInput C209 where the file cannot be written."""
    try:
        yield
    except OSError as error:
        raise InvalidInput(
            Issue(
                code="C209",
                subject=str(file),
                cause=f"it cannot be written ({error.strerror})",
                action="Give a file in a folder that can be written",
            )
        ) from error


def place_of(text: str) -> tuple[float, float]:
    """Return a (lat, lon) from LAT,LON; raises InvalidInput C208."""
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError as error:
        raise _bad("C208", f"place '{text}'", "it is not LAT,LON in degrees") from error
    return lat, lon


def _bad(code: str, subject: str, cause: str) -> InvalidInput:
    action = "Such as: dispatch graph route city 51.482,7.216 51.470,7.250"
    return InvalidInput(Issue(code=code, subject=subject, cause=cause, action=action))


def _features(legs: tuple[PathLeg, ...], credit: str) -> dict[str, Any]:
    """Return the legs as a GeoJSON FeatureCollection, [lon, lat]."""
    return {
        "type": "FeatureCollection",
        "attribution": credit,
        "features": [
            {
                "type": "Feature",
                "geometry": {
                    "type": "LineString",
                    "coordinates": [[lon, lat] for lat, lon in leg.geometry],
                },
                "properties": {
                    "duration_s": leg.duration_s,
                    "distance_m": leg.distance_m,
                    "streets": list(leg.street_names),
                },
            }
            for leg in legs
        ],
    }
