from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.intake.csv_mapping import with_mapping
from dispatch.intake.csv_rows import decode
from dispatch.intake.csv_text import plain_number
from tests.helpers.payloads import a_payload, values
from tests.helpers.standards import LONG, WIDE, a_csv

HEADER = "Zeit;Gerät;Sauerstoff;Füllstand"
ONE = {"time": "t", "device": "=900541", "values": {"v": "fill_level"}}
"""The smallest mapping: ISO times with offset and one column of percent."""


def decoded(body: object) -> Any:
    return decode(a_payload(body, format_name="csv"))


def moments(*times: str, zone: str = "Europe/Berlin", values: tuple[str, ...] = ()) -> list[str]:
    """Return the UTC times of rows with these times on the wall, one per hour."""
    shown = values or tuple(str(place) for place in range(len(times)))
    rows = [f"{time};{value}" for time, value in zip(times, shown, strict=True)]
    found = decoded(a_csv(ONE | {"zone": f"={zone}"}, "t;v", *rows))
    return [f"{s.observed_at:%H:%M}" for s in found.signals] + [i.code for i in found.issues]


def test_a_file_as_a_german_spreadsheet_writes_it() -> None:
    """Semicolons, decimal commas, German times, umlauts; an empty cell is no observation."""
    found = decoded(
        a_csv(WIDE, HEADER, "14.07.2026 7:12;900541;8,4;", "14.7.26 7:27:30;900541;;63")
    )
    assert found.issues == ()
    assert [(s.kind, s.value, s.observed_at) for s in found.signals] == [
        ("dissolved_oxygen", 8.4, datetime(2026, 7, 14, 5, 12, tzinfo=UTC)),
        ("fill_level", 63.0, datetime(2026, 7, 14, 5, 27, 30, tzinfo=UTC)),
    ]
    assert {(s.device_id, s.source) for s in found.signals} == {("900541", "csv:labor")}


def test_one_row_per_value() -> None:
    """Kind, unit and zone may be columns; each row has its own."""
    found = decoded(
        a_csv(
            LONG,
            "time,zone,property,value,unit",
            "2026-07-14 07:12:00,+02:00,Bodenfeuchte,0.12,1",
            "2026-07-14 07:12:00,Europe/Berlin,Bodenfeuchte,85,kPa",
            '2026-07-14 05:12:00,UTC,"Sauerstoff","8,4",mg/l',
        )
    )
    assert values(found.signals) == {
        "soil_moisture": 12.0,
        "soil_tension": 85.0,
        "dissolved_oxygen": 8.4,
    }
    assert {s.observed_at for s in found.signals} == {datetime(2026, 7, 14, 5, 12, tzinfo=UTC)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_umlauts_survive_every_usual_encoding(encoding: str) -> None:
    """What is no UTF-8 comes from a German Windows."""
    text = a_csv(WIDE, HEADER, "14.07.2026 7:12;Größe-ß;8,4;63")
    found = decoded(text.encode(encoding))
    assert (len(found.signals), {s.device_id for s in found.signals}) == (2, {"Größe-ß"})


def test_the_file_may_stand_in_an_envelope() -> None:
    """A transport that knows the mapping wraps the file; line ends do not matter."""
    text = f"{HEADER}\r\n14.07.2026 7:12;900541;8,4;63\r\n"
    enveloped = decoded({"mapping": WIDE, "csv": text}).signals
    marked = decoded(with_mapping(text.encode(), WIDE)).signals
    assert [s.id for s in enveloped] == [s.id for s in marked]
    assert len(marked) == 2


@pytest.mark.parametrize(
    ("raw", "decimal", "number"),
    [
        ("12,5", "", 12.5),
        ("12.5", "", 12.5),
        ("1.234,5", "", 1234.5),
        ("1,234.5", "", 1234.5),
        ("1.234.567", "", 1234567),
        ("1 234,5", "", 1234.5),
        ("1.234", ",", 1234),
        ("1,234", ".", 1234),
        ("-0,5", "", -0.5),
        ("1e3", "", 1000),
    ],
)
def test_numbers_as_people_write_them(raw: str, decimal: str, number: float) -> None:
    """Of two signs the last one is the decimal's, and the mapping may settle it."""
    assert float(plain_number(raw, decimal)) == number


def test_the_hour_that_comes_twice_is_told_by_the_rows_order() -> None:
    """On 25 October 2026 the clock goes from 3 back to 2; a copied row stays where it was."""
    day = [
        f"2026-10-25 0{h}:{m:02}" for h, m in ((1, 30), (2, 0), (2, 30), (2, 0), (2, 30), (3, 0))
    ]
    assert moments(*day) == ["23:30", "00:00", "00:30", "01:00", "01:30", "02:00"]
    assert moments(*day[::-1])[::-1] == moments(*day), "newest first"
    hourly = ["2026-10-25 02:00", "2026-10-25 02:00"]
    assert moments(*hourly, values=("1", "2")) == ["00:00", "01:00"]
    assert moments(*hourly, values=("1", "1")) == ["00:00", "00:00"]


def test_an_hour_that_never_was_is_no_time() -> None:
    """On 29 March 2026 there was no half past two in Bochum."""
    assert moments("2026-03-29 01:30", "2026-03-29 02:30", "2026-03-29 03:30") == [
        *("00:30", "01:30", "I104"),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2026-07-14T07:12:00+02:00;voll", "I105"),
        ("2026-07-14T07:12:00+02:00;9" + "9" * 400, "I105"),
        ("2026-07-14T07:12:00;50", "I103"),
        ("gestern;50", "I104"),
        ("1.1.1970 0:00;50", "I104"),
        ("2026-07-14T07:12:00+02:00;50;60", "I113"),
    ],
)
def test_one_bad_row_never_stops_the_others(line: str, code: str) -> None:
    """Its number and reason are told, the next row is used."""
    found = decoded(a_csv(ONE, "t;v", line, "2026-07-14T07:27:00+02:00;51"))
    assert [i.code for i in found.issues] == [code]
    assert [s.value for s in found.signals] == [51.0]
    assert found.issues[0].subject.startswith("row 2")


@pytest.mark.parametrize(
    ("part", "line", "code"),
    [
        ({"zone": "=Europe/Bochum"}, "2026-07-14 07:12;1", "I103"),
        ({"zone": "=+99:00"}, "2026-07-14 07:12;1", "I103"),
        ({"device": "t2"}, "2026-07-14 07:12;1", "I113"),
        ({"values": {"v": {"kind": "Temperatur", "unit": "°C"}}}, "2026-07-14T07:12Z;1", "I118"),
        ({"values": {"v": {"kind": "fill_level", "unit": "mg/l"}}}, "2026-07-14T07:12Z;1", "I118"),
    ],
)
def test_a_mapping_that_does_not_hold_is_told(part: dict[str, Any], line: str, code: str) -> None:
    """Unknown zones and kinds per row, a missing column for the whole file."""
    body = a_csv(ONE | part, "t;v", line)
    try:
        issues = decoded(body).issues
    except InvalidInput as error:
        issues = error.issues
    assert [i.code for i in issues] == [code]


def test_a_format_of_times_may_be_named() -> None:
    """American exports, and whatever else strptime reads."""
    mapping = ONE | {"zone": "=UTC", "time_format": "%m/%d/%Y %I:%M %p", "delimiter": "|"}
    (signal,) = decoded(a_csv(mapping, "t|v", "07/14/2026 05:12 AM|50")).signals
    assert signal.observed_at == datetime(2026, 7, 14, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("t;v\n2026-07-14T07:12:00+02:00;1\n", "I120"),
        ("# {broken\nt;v\n", "I120"),
        ("# []\nt;v\n", "I120"),
        (a_csv({"time": "t"}, "t;v"), "I120"),
        (a_csv(ONE | {"delimiter": "ab"}, "t;v"), "I120"),
        (a_csv(ONE | {"values": {"v": 1}}, "t;v"), "I120"),
        (a_csv(ONE | {"values": {"v": {}}}, "t;v"), "I102"),
        (a_csv(ONE, "x;y"), "I113"),
        (a_csv(ONE), "I113"),
        ({"mapping": ONE, "csv": 1}, "I102"),
        ({"csv": ""}, "I120"),
    ],
)
def test_a_file_without_a_usable_mapping_is_refused(body: object, code: str) -> None:
    """Nobody guesses which column is what."""
    with pytest.raises(InvalidInput) as caught:
        decoded(body)
    assert caught.value.issues[0].code == code
