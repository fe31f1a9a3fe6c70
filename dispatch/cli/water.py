"""What demand goes by, as the settings say: the irrigation model's sources, and its rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.demand.settings import DemandSettings
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.weather import WeatherOrigin
from dispatch.service.make_jobs import JobsRequest
from dispatch.service.weather.dwd import DwdForecast
from dispatch.service.weather.source import (
    WaterSources,
    WeatherFiles,
    WeatherSource,
    groundwater_of,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    from dispatch.settings import Settings


def request_of(settings: Settings, *, now: datetime, day: date) -> JobsRequest:
    """Return what the jobs for a day are made from. Raises as `water_of` does."""
    return JobsRequest(
        now=now,
        day=day,
        history_days=settings.history_days,
        settings=rules_of(settings),
        water=water_of(settings),
    )


def rules_of(settings: Settings) -> DemandSettings:
    """Return the figures of the rules; what no setting names stays as it is."""
    usual = DemandSettings()
    return replace(usual, glass=replace(usual.glass, hot_opens=settings.glass_hot_opens))


def water_of(settings: Settings) -> WaterSources | None:
    """Return the sources, None without any weather: then the own model is not asked.

    With a forecast alone it is not asked either, but glass crews may start early on hot days.

    Raises InvalidInput C230 for a folder or file that is not there, I101 and I113 for a file of
    groundwater that cannot be read.
    """
    if settings.weather_dir is None and not settings.forecast:
        return None
    sources: list[WeatherSource] = []
    if settings.weather_dir is not None:
        sources.append(WeatherFiles(folder=_folder(settings.weather_dir)))
    if settings.forecast.casefold() == "dwd":
        sources.append(DwdForecast())
    elif settings.forecast:
        folder = _folder(Path(settings.forecast))
        sources.append(WeatherFiles(folder=folder, origin=WeatherOrigin.FORECAST))
    wells = settings.groundwater_file
    if wells is not None and not wells.is_file():
        raise _missing(wells)
    return WaterSources(sources=sources, groundwater=groundwater_of(wells) if wells else ())


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise _missing(path)
    return path


def _missing(path: Path) -> InvalidInput:
    return InvalidInput(
        Issue(
            code="C230",
            subject=str(path),
            cause="a setting names it, and it is not there",
            action="Correct DISPATCH_WEATHER_DIR, DISPATCH_FORECAST or DISPATCH_GROUNDWATER_FILE",
        )
    )
