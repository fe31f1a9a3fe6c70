from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.domain.signal import Grade, SignalKind
from dispatch.intake.quality import grade
from dispatch.intake.treesense import decode, with_device
from tests.helpers.payloads import a_payload, values

HEADER = "time;resistance;temperature;resis_temp_comp;moisture_content"


def decoded(*rows: str, header: str = HEADER) -> Any:
    body = with_device("\n".join((header, *rows)).encode(), device_id="A8404109918718E8")
    return decode(a_payload(body, format_name="treesense-csv"))


def test_a_row_gives_what_was_measured() -> None:
    """The computed column is left out; day, month and two-digit year are read the German way."""
    found = decoded("14.6.23 8:45;5.944;22.3;7.099700831;100", header="\ufeff" + HEADER)
    assert values(found.signals) == {
        "stem_resistance": 5.944,
        "stem_temperature": 22.3,
        "stem_moisture": 100,
    }
    assert found.signals[0].observed_at == datetime(2023, 6, 14, 8, 45, tzinfo=UTC)
    assert found.signals[0].device_id == "A8404109918718E8"


def test_times_that_bochums_clocks_left_out_are_times() -> None:
    """The sensors write UTC: half past two on 31 March 2024 exists."""
    found = decoded("31.3.24 2:35;17.095;6.4;6.58;100")
    assert found.signals[0].observed_at == datetime(2024, 3, 31, 2, 35, tzinfo=UTC)


def test_a_moisture_damaged_by_a_spreadsheet_is_kept_and_graded() -> None:
    """10031265 percent is nothing a tree holds, and nothing we delete."""
    found = decoded("31.5.24 22:48;11.647;15.3;8.68;10031265")
    moisture = [s for s in found.signals if s.kind is SignalKind.STEM_MOISTURE]
    assert moisture[0].value == 10031265
    assert grade(moisture)[0].grade is Grade.OUT_OF_RANGE


def test_the_end_of_the_scale_is_no_measurement() -> None:
    """A resistance of 1000 means saturated."""
    found = decoded("12.5.24 7:21;1000;19.6;1000;35")
    resistance = [s for s in found.signals if s.kind is SignalKind.STEM_RESISTANCE]
    assert grade(resistance)[0].grade is Grade.OUT_OF_RANGE


@pytest.mark.parametrize(
    ("bad", "code", "kept"),
    [
        ("31.2.24 8:45;5.9;22.3;7.1;100", "I104", 3),
        ("2024-02-03 08:45;5.9;22.3;7.1;100", "I104", 3),
        ("3.2.24 8:45;5,9;22.3;7.1;100", "I105", 5),
        ("3.2.24 8:45;;22.3", None, 4),
        ("", None, 3),
    ],
)
def test_a_bad_row_costs_itself_only(bad: str, code: str | None, kept: int) -> None:
    """Dates that do not exist and decimal commas are issues; the next row is read."""
    found = decoded(bad, "3.2.24 9:00;5.9;22.3;7.1;100")
    assert (len(found.signals), [i.code for i in found.issues]) == (kept, [code] if code else [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (f"{HEADER}\n", "I114"),
        ("# device_id: \n", "I114"),
        ("# device_id: A1\n", "I113"),
        ("# device_id: A1", "I113"),
        (b"\xff", "I101"),
    ],
)
def test_a_file_without_sensor_or_header_is_refused(body: object, code: str) -> None:
    """A file that does not say which tree it is from cannot be placed."""
    with pytest.raises(InvalidInput) as caught:
        decode(a_payload(body, format_name="treesense-csv"))
    assert caught.value.issues[0].code == code
