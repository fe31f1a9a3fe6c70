"""Files of stations and groundwater as cities and models write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.errors import InvalidInput
from dispatch.intake.weather.columns import DWD_10_MINUTES, ECOWITT, HOURLY, columns_of
from dispatch.intake.weather.groundwater import read_groundwater
from dispatch.intake.weather.stations import read_stations

if TYPE_CHECKING:
    from collections.abc import Callable

BENCH = (
    "datetime,outdoor_temperature,outdoor_humidity,solar_and_uvi_solar,rainfall_piezo_daily,"
    "wind_wind_speed"
)
WELLS = "site_id,depth_m,date,capillary_mm_d,sigma,method"


def bench(*rows: str) -> bytes:
    return "\n".join([BENCH, *rows]).encode()


def test_a_benchs_row_becomes_a_reading_in_our_units() -> None:
    """Times with offset, km/h, W/m2; the station stands in the file's name."""
    found = read_stations(bench("2025-07-08 14:00:00+02:00,24.5,55,640,0.0,7.2"), station="B1")
    (reading,) = found.readings
    assert reading.station == "B1"
    assert reading.at == datetime(2025, 7, 8, 12, tzinfo=UTC)
    assert (reading.temperature_c, reading.humidity_pct, reading.radiation_w_m2) == (24.5, 55, 640)
    assert reading.wind_m_s == pytest.approx(2.0)
    assert found.issues == ()


def test_a_daily_counter_of_rain_becomes_the_rain_of_each_interval() -> None:
    """It grows, stands, and starts again at midnight."""
    rows = [
        "2025-07-08 23:45:00+02:00,20,80,0,1.0,3",
        "2025-07-08 23:50:00+02:00,20,80,0,1.5,3",
        "2025-07-08 23:55:00+02:00,20,80,0,1.5,3",
        "2025-07-09 00:00:00+02:00,20,80,0,0.3,3",
    ]
    rain = [r.rain_mm for r in read_stations(bench(*rows), station="B1").readings]
    assert rain == pytest.approx([1.0, 0.5, 0.0, 0.3])


def test_rows_sent_twice_count_once_and_bad_rows_are_named() -> None:
    """One bad row never stops the others; values that cannot be are not measured."""
    row = "2025-07-08 14:00:00+02:00,24.5,55,640,0.0,7.2"
    found = read_stations(
        bench(
            row,
            row,
            "yesterday,1,2,3,4,5",
            "2025-07-08 14:05:00+02:00,24.5,55",
            "2025-07-08 14:10:00+02:00,warm,55,640,0.0,7.2",
            "2025-07-08 14:15:00+02:00,99,0,-999,,9999",
        ),
        station="B1",
    )
    assert [str(fault.code) for fault in found.issues] == ["I104", "I113", "I105"]
    assert len(found.readings) == 3
    last = found.readings[-1]
    assert (last.temperature_c, last.humidity_pct, last.radiation_w_m2) == (None, None, None)
    assert (last.rain_mm, last.wind_m_s) == (None, None)


def test_a_file_may_hold_several_stations() -> None:
    """As the hourly means do; their times are UTC."""
    text = (
        "time_utc,station,temperature_c,humidity_pct,solar_w_m2,wind_speed,pressure_hpa,rain_mm\n"
        "2025-05-01 00:00:00+00:00,943CC645201F,13.04,81.5,0.0,3.6,1007.37,0.2\n"
        "2025-05-01 00:00:00+00:00,B8D61A7ACDA3,,,,,1007.37,0.0\n"
    )
    first, second = read_stations(text.encode(), station="x").readings
    assert (first.station, first.wind_m_s, first.rain_mm) == ("943CC645201F", 1.0, 0.2)
    assert (second.station, second.temperature_c) == ("B8D61A7ACDA3", None)


def test_ten_minute_values_of_the_weather_service() -> None:
    """Semicolons, 202507081200, J/cm2 and -999 for what is missing."""
    text = (
        "STATIONS_ID;MESS_DATUM;QN;TT_10;RF_10;GS_10;FF_10;RWS_10\n"
        "  1303;202507081200;3;24.5;55.0;36.0;3.2;-999\n"
    )
    (reading,) = read_stations(text.encode(), station="x").readings
    assert (reading.station, reading.at) == ("1303", datetime(2025, 7, 8, 12, tzinfo=UTC))
    assert reading.radiation_w_m2 == pytest.approx(600)
    assert (reading.wind_m_s, reading.rain_mm) == (3.2, None)


def test_the_kind_of_file_is_told_by_its_header() -> None:
    """Whatever columns come beside the known ones."""
    assert columns_of(BENCH + ",battery") is ECOWITT
    assert columns_of("rain_mm,time_utc,other") is HOURLY
    assert columns_of("MESS_DATUM;TT_10") is DWD_10_MINUTES
    assert columns_of("datetime,logger_id,do") is None
    with pytest.raises(InvalidInput, match="I113"):
        read_stations(b"datetime,logger_id\n", station="x")
    with pytest.raises(InvalidInput, match="I101"):
        read_stations(b"\xff\xfe", station="x")


def test_groundwater_as_the_contract_has_it() -> None:
    """Depth, day, the model's own rise and error; sorted, the later row of a day counts."""
    text = f"{WELLS}\nbaum-2,3.4,2026-07-01,,,\nbaum-1,1.2,2026-07-01,0.8,0.3,kriging\n"
    text += "baum-2,3.6,2026-07-01,,0.5,well\n"
    one, two = read_groundwater(text.encode()).levels
    assert (one.site_id, one.depth_m, one.capillary_mm_d, one.sigma_m) == ("baum-1", 1.2, 0.8, 0.3)
    assert (two.depth_m, two.capillary_mm_d, two.sigma_m) == (3.6, None, 0.5)
    assert (one.day, two.method) == (date(2026, 7, 1), "well")


def test_groundwater_as_a_german_spreadsheet_saves_it() -> None:
    """Semicolons, a comma in the figure, a byte order mark, three columns only."""
    text = "\ufeffdate;site_id;depth_m\n2026-07-01;baum-1;3,45\n"
    (level,) = read_groundwater(text.encode()).levels
    assert (level.depth_m, level.sigma_m) == (3.45, 0)


def test_wrong_rows_of_groundwater_are_named_and_left_out() -> None:
    """No site, no figure, no date, or above the ground."""
    rows = ["baum-1,x,2026-07-01", "baum-1,-2,2026-07-01", "baum-1,2,July", ",2,2026-07-01"]
    found = read_groundwater("\n".join(["site_id,depth_m,date", *rows]).encode())
    assert found.levels == ()
    assert [fault.code for fault in found.issues] == ["I130"] * 4
    with pytest.raises(InvalidInput, match="lacks depth_m"):
        read_groundwater(b"site_id,date\n")


def refusals(read: Callable[[bytes], object], body: bytes) -> set[str]:
    """Return the codes with which a reader refuses a file; none when it reads it."""
    try:
        read(body)
    except InvalidInput as error:
        return {fault.code for fault in error.issues}
    return set()


@given(st.binary(max_size=300))
def test_no_bytes_crash_a_reader(body: bytes) -> None:
    """They are refused with a code, or read."""
    for header in (b"", BENCH.encode() + b"\n", WELLS.encode() + b"\n"):
        for read in (lambda raw: read_stations(raw, station="x"), read_groundwater):
            assert refusals(read, header + body) <= {"I101", "I113"}
