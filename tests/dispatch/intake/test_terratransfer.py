from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.intake.terratransfer import decode, decode_csv, wrap_answer
from tests.helpers.payloads import a_payload, values

HEADER = "datetime,logger_id,name,latitude,longitude,pegel,wtemp,o,do,elL,hkBat,hkTemp,hkHum"


def row(time: str = "2025-07-02 04:00:01", *, do: str = "2.67", name: str = "Ümminger See") -> str:
    return f"{time},900541,{name},51.46932,7.29004,1.441,18.4,16.2,{do},2488,3.667,35.63,7.9"


def from_csv(*rows: str, header: str = HEADER) -> Any:
    return decode_csv(a_payload("\n".join((header, *rows)), format_name="terratransfer-csv"))


def from_api(answer: object, *, logger_id: str = "900541") -> Any:
    body = wrap_answer(json.dumps(answer).encode(), logger_id=logger_id)
    return decode(a_payload(body, format_name="terratransfer"))


def test_a_row_gives_eight_signals() -> None:
    """Every column the city publishes is kept."""
    assert values(from_csv(row()).signals) == {
        "water_level": 1.441,
        "water_temperature": 18.4,
        "oxygen_saturation": 16.2,
        "dissolved_oxygen": 2.67,
        "water_conductivity": 2488,
        "battery_voltage": 3.667,
        "device_temperature": 35.63,
        "device_humidity": 7.9,
    }


@pytest.mark.parametrize(
    ("written", "hour_utc"), [("2025-07-02 04:00:01", 3), ("2025-01-02 04:00:01", 3)]
)
def test_times_are_utc_plus_one_in_summer_and_winter(written: str, hour_utc: int) -> None:
    """The loggers' clocks know no summer time."""
    moment = from_csv(row(written)).signals[0].observed_at
    assert moment.astimezone(UTC).hour == hour_utc
    assert moment.second == 1


def test_the_repeated_hour_of_october_stays_two_hours() -> None:
    """When Bochum's clocks go back, the loggers' hours still differ by one."""
    signals = from_csv(row("2025-10-26 01:30:00"), row("2025-10-26 02:30:00")).signals
    times = sorted({s.observed_at for s in signals})
    assert (times[1] - times[0]).total_seconds() == 3600


def test_the_api_and_the_published_file_give_the_same_ids() -> None:
    """A row polled live and published a month later is one signal."""
    live = from_api({"DO": [{"2025-07-02 04:00:01": 2.67}]}).signals
    published = {s.id for s in from_csv(row()).signals}
    assert {s.id for s in live} <= published


def test_a_row_twice_has_the_same_ids_twice() -> None:
    """The published files repeat rows; the store drops what it knows."""
    signals = from_csv(row(), row()).signals
    assert (len(signals), len({s.id for s in signals})) == (16, 8)


def test_an_empty_cell_is_no_signal_and_no_fault() -> None:
    """Three loggers have no oxygen probe, and every second row has no housekeeping."""
    found = from_csv(row(do=""))
    assert (len(found.signals), found.issues) == (7, ())


@pytest.mark.parametrize("value", ["9999", "184.2", "-3", "0.0"])
def test_impossible_values_are_kept(value: str) -> None:
    """Grading decides what to believe; intake loses nothing."""
    assert values(from_csv(row(do=value)).signals)["dissolved_oxygen"] == float(value)


@pytest.mark.parametrize(
    ("bad", "code", "kept"),
    [
        (row(do="nan"), "I105", 15),
        (row(do="2;67"), "I105", 15),
        (row("2025-13-02 04:00:00"), "I104", 8),
        (row("gestern"), "I104", 8),
        ("2025-07-02 04:15:00,900541", "I113", 8),
        (row() + ",17", "I113", 8),
        (row().replace("900541", ""), "I113", 8),
        ('2025-07-02 04:15:00,"900541', "I113", 8),
    ],
)
def test_a_bad_row_costs_itself_only(bad: str, code: str, kept: int) -> None:
    """One bad row never stops the others, and its issue says which row it was."""
    found = from_csv(bad, row("2025-07-02 04:15:00"))
    assert (len(found.signals), [i.code for i in found.issues]) == (kept, [code])
    assert "row 2" in found.issues[0].subject


def test_quoted_names_and_other_columns_do_no_harm() -> None:
    """A comma in a name, Windows line ends, a byte order mark and columns to come are no fault."""
    line = row(name='"Teich, groß"') + ",2025-07\r"
    found = from_csv(line, header=f"\ufeff{HEADER},year_month\r")
    assert (len(found.signals), found.issues) == (8, ())


def test_an_answer_without_its_logger_is_refused() -> None:
    """The API does not say whose answer it is; the transport must."""
    with pytest.raises(InvalidInput, match="I114"):
        decode(a_payload({"DO": []}, format_name="terratransfer"))


def test_nulls_and_series_of_other_shapes_in_an_answer() -> None:
    """A null is no observation; a series of another shape is an issue, the others are kept."""
    found = from_api({"DO": [{"2025-07-02 04:00:01": None}, 5], "O": 3, "WTemp": [{"x": 1}]})
    assert found.signals == ()
    assert sorted(i.code for i in found.issues) == ["I102", "I102", "I104"]


@pytest.mark.parametrize("body", [b"", b"\xff\xff", b"a,b,c\n1,2,3"])
def test_a_file_that_is_none_is_refused(body: bytes) -> None:
    """No header, no rows: the whole file goes to quarantine with its reason."""
    with pytest.raises(InvalidInput):
        decode_csv(a_payload(body, format_name="terratransfer-csv"))


def test_an_envelope_takes_the_time_of_its_zone_if_one_is_written() -> None:
    """Should the service one day write offsets, they count."""
    signal = from_api({"DO": [{"2025-07-02 04:00:01+00:00": 1}]}).signals[0]
    assert signal.observed_at == datetime(2025, 7, 2, 4, 0, 1, tzinfo=UTC)
