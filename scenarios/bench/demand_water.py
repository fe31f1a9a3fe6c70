"""The own irrigation model: worked examples, beside pyfao56, and a summer's waterings.

Real weather is the city's two benches of May to September 2025 (`../shared`); without it, and
always beside it, a generated summer. Nothing here is fitted to either.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Final

from dispatch.demand.irrigation.et0 import BOCHUM, reference_et
from dispatch.demand.irrigation.rootzone import root_zone
from dispatch.demand.irrigation.settings import IrrigationSettings
from dispatch.demand.irrigation.stations import StationWeather, city_weather
from dispatch.domain.clock import BERLIN
from dispatch.domain.site import YoungTree
from dispatch.intake.weather.stations import read_stations
from dispatch.service.weather.source import WeatherFiles
from scenarios.bench.sheet import Sheet
from scenarios.bench.water_examples import examples
from scenarios.bench.water_peer import peer_reference_et, peer_season
from scenarios.bench.water_season import SeasonRun, season_inputs, water_season
from scenarios.feeds.clockwork import FeedPeriod
from scenarios.feeds.weather import station_csv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.domain.weather import WeatherDay

SETTINGS: Final = IrrigationSettings()
WEATHER_FOLDER: Final = Path("bochum/weather")
DEPTHS_M: Final = (None, 4.0, 3.0, 2.0, 1.0)
PLANTED_YEARS: Final = (1, 2, 3)
PRACTICE: Final = (75, 200)
PEER_SHARE: Final = 0.05
"""So far our sums may lie from pyfao56's."""
SEASON_COLUMNS: Final = (
    *("year", "groundwater", "waterings", "litres each", "would fill", "litres in all", "ET"),
    *("rain", "from below", "lost below", "days of stress", "without water"),
)
LESS_WATER: Final = 0.5
"""At 1 m at most this share of the water at 4 m counts as clearly less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summer:
    """A season's weather and what it is called."""

    name: str
    weather: StationWeather

    @property
    def days(self) -> Sequence[WeatherDay]:
        """The days in order."""
        return self.weather.days


def sheets(shared: Path | None, out: Path | None) -> list[Sheet]:
    """Return the tables; with `out`, the summers are drawn there too."""
    summers = [generated_summer()]
    real = None if shared is None else real_summer(shared)
    if real is not None:
        summers.insert(0, real)
    found = [examples()]
    if real is None:
        why = "skipped: the city's weather (bochum/weather) is not there"
        found.append(Sheet("Irrigation: real weather", ("what", "result"), (("all", why),)))
    for summer in summers:
        runs = _runs(summer)
        found += [_weather(summer), _peer(summer), _season(summer, runs)]
        if out is not None:
            _draw(summer, runs, out)
    return found


def real_summer(shared: Path) -> Summer | None:
    """Return the city's summer 2025, None where its file is missing."""
    folder = shared / WEATHER_FOLDER
    if not folder.is_dir():
        return None
    weather = WeatherFiles(folder=folder).weather(date(2025, 5, 1), date(2025, 9, 30))
    return Summer(name="Bochum 2025", weather=weather)


def generated_summer() -> Summer:
    """Return the demo's weather of a whole season: showers, and a dry spell at the end."""
    now = datetime(2026, 9, 30, 12, tzinfo=BERLIN)
    rows = read_stations(station_csv(FeedPeriod(now=now, days=1, seed=44)), station="")
    return Summer(name="generated 2026", weather=city_weather(rows.readings, place=BOCHUM))


def _weather(summer: Summer) -> Sheet:
    """Return the weather by month, and what of the stations was not believed."""
    months: dict[int, list[WeatherDay]] = defaultdict(list)
    for day in summer.days:
        months[day.day.month].append(day)
    rows = [
        (
            f"{date(2025, month, 1):%B}",
            str(len(days)),
            f"{sum(d.rain_mm for d in days):.0f} mm",
            f"{fmean(reference_et(d, BOCHUM) for d in days):.2f} mm/d",
            f"{sum(d.radiation_mj is None for d in days)} days",
            f"{sum(d.wind_m_s is None for d in days)} days",
        )
        for month, days in sorted(months.items())
    ]
    notes = [(note.en, "", "", "", "", "") for note in summer.weather.notes]
    columns = ("month", "days", "rain", "ET0", "radiation estimated", "wind assumed")
    return Sheet(f"Irrigation: weather, {summer.name}", columns, (*rows, *notes))


def _peer(summer: Summer) -> Sheet:
    """Return our sums beside pyfao56's, with and without waterings; both without groundwater."""
    month = summer.days[0].day.month
    settings = replace(SETTINGS, season_month=month)
    rows, near = [], []
    version = "missing"
    theirs = peer_reference_et(summer.days, BOCHUM)
    if theirs is not None:
        ours = sum(reference_et(day, BOCHUM) for day in summer.days)
        what = "reference evapotranspiration"
        rows.append(("all days", what, f"{ours:.1f} mm", f"{theirs:.1f} mm"))
        near.append(abs(ours - theirs) <= PEER_SHARE * theirs)
    for waters in (False, True):
        inputs = season_inputs(summer.days, settings)
        zone = root_zone(_tree(2, summer), summer.days[-1].day, settings)
        until = summer.days[-1].day
        run = water_season(zone, inputs, settings, until=until, waters=waters)
        peer = peer_season(run, inputs, {day.day: day for day in summer.days})
        if peer is None:
            continue
        version = peer.version
        pairs = [
            ("evapotranspiration", run.total("et_mm"), peer.et_mm),
            ("evaporation", run.total("evaporation_mm"), peer.evaporation_mm),
            ("percolation", run.total("percolation_mm"), peer.percolation_mm),
        ]
        name = "watered" if waters else "not watered"
        rows += [(name, what, f"{a:.1f} mm", f"{b:.1f} mm") for what, a, b in pairs]
        rows.append((name, "depletion, farthest day", f"{peer.apart_mm:.2f} mm apart", ""))
        near += [abs(a - b) <= PEER_SHARE * max(b, 1.0) for _, a, b in pairs]
    return Sheet(
        f"Irrigation: beside pyfao56 {version}, {summer.name}",
        ("season", "what", "ours", "pyfao56"),
        tuple(rows),
        (("water balance within 5 % of pyfao56", all(near) if near else None),),
    )


Runs = dict[tuple[int, float | None], SeasonRun]


def _runs(summer: Summer) -> Runs:
    """Return the season of a tree by years since planting and depth of groundwater."""
    until = summer.days[-1].day
    return {
        (year, depth): water_season(
            root_zone(_tree(year, summer), until, SETTINGS),
            season_inputs(summer.days, SETTINGS, depth_m=depth),
            SETTINGS,
            until=until,
        )
        for year in PLANTED_YEARS
        for depth in DEPTHS_M
    }


def _tree(year: int, summer: Summer) -> YoungTree:
    planted = date(summer.days[-1].day.year - year, 11, 1)
    return YoungTree(species="Winterlinde", planted=planted, girth_cm=20)


def _season(summer: Summer, runs: Runs) -> Sheet:
    """Return the season's totals per setting."""
    dry = {
        key: water_season(
            run.zone,
            season_inputs(summer.days, SETTINGS, depth_m=key[1]),
            SETTINGS,
            until=summer.days[-1].day,
            waters=False,
        )
        for key, run in runs.items()
    }
    rows = [_season_row(key, run, dry[key]) for key, run in runs.items()]
    given = [litres for run in runs.values() for litres in run.litres.values()]
    near = sum(sum(runs[year, 1.0].litres.values()) for year in PLANTED_YEARS)
    far = sum(sum(runs[year, 4.0].litres.values()) for year in PLANTED_YEARS)
    least, most = PRACTICE
    return Sheet(
        f"Irrigation: waterings, {summer.name}",
        SEASON_COLUMNS,
        tuple(rows),
        (
            (
                "every watering within the 75 to 200 l of practice",
                all(least <= litres <= most for litres in given) if given else None,
            ),
            (
                "groundwater at 1 m: clearly less water than at 4 m",
                near <= LESS_WATER * far if far else None,
            ),
        ),
    )


def _season_row(key: tuple[int, float | None], run: SeasonRun, dry: SeasonRun) -> tuple[str, ...]:
    year, depth = key
    litres, filling = sorted(run.litres.values()), sorted(run.filling.values())
    return (
        f"{year}.",
        "none" if depth is None else f"{depth:g} m",
        str(len(litres)),
        f"{litres[0]:g} to {litres[-1]:g} l" if litres else "-",
        f"{filling[0]:.0f} to {filling[-1]:.0f} l" if filling else "-",
        f"{sum(litres):.0f} l",
        f"{run.total('et_mm'):.0f} mm",
        f"{run.total('rain_mm'):.0f} mm",
        f"{run.total('rise_mm'):.0f} mm",
        f"{run.total('percolation_mm'):.0f} mm",
        str(run.stress_days),
        str(dry.stress_days),
    )


def _draw(summer: Summer, runs: Runs, out: Path) -> None:
    try:
        from scenarios.bench.water_plot import draw_seasons
    except ImportError:  # the extra `plot` is not installed
        return
    year = PLANTED_YEARS[1]
    chosen = {
        "no groundwater near": runs[year, None],
        "groundwater at 3 m": runs[year, 3.0],
        "groundwater at 1 m": runs[year, 1.0],
    }
    out.mkdir(parents=True, exist_ok=True)
    name = summer.name.replace(" ", "_").casefold()
    draw_seasons(chosen, f"Young tree, second year: {summer.name}", out / f"watering_{name}.png")
