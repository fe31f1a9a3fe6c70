from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.intake.watering_need import decode
from tests.helpers.payloads import a_need, a_payload, a_run


def decoded(body: object) -> Any:
    return decode(a_payload(body, format_name="watering-need"))


def test_a_need_becomes_one_signal_with_everything_the_model_said() -> None:
    """Litres, dates, stress, confidence and the model's own reason reach demand."""
    (signal,) = decoded(a_run(a_need())).signals
    assert (signal.value, signal.site_id, signal.device_id) == (
        100,
        "baum-0001",
        "bochum-irrigation",
    )
    assert signal.observed_at == datetime(2026, 7, 14, 2, tzinfo=UTC)
    assert signal.need is not None
    assert (signal.need.earliest, signal.need.latest) == (date(2026, 7, 14), date(2026, 7, 17))
    assert (signal.need.litres_min, signal.need.stress_at_latest) == (75, 0.8)
    assert signal.need.reason == "Wurzelraum trocken: 31 mm fehlen"


def test_a_run_sent_twice_is_the_same_run() -> None:
    """Ids depend on model, site and run, not on what is written around them."""
    first = decoded(a_run(a_need())).signals
    again = decoded(a_run(a_need(litres=90), valid_from="2026-07-14")).signals
    assert [s.id for s in first] == [s.id for s in again]


def test_the_next_run_is_another() -> None:
    """A new run supersedes the old one instead of vanishing as its duplicate."""
    model = {"name": "bochum-irrigation", "run_id": "2026-07-15T04:00:00+02:00"}
    first, later = decoded(a_run(a_need())), decoded(a_run(a_need(), model=model))
    assert first.signals[0].id != later.signals[0].id


@pytest.mark.parametrize(
    "bad",
    [
        a_need(litres="viel"),
        a_need(litres=-1),
        a_need(litres=9_000_000),
        a_need(litres_min=101),
        a_need(latest="2026-07-13"),
        a_need(earliest="morgen"),
        a_need(earliest=None),
        a_need(stress_at_latest=80),
        a_need(confidence=None),
        a_need(site_id=7),
        "a need",
        None,
    ],
)
def test_a_need_that_cannot_be_used_costs_itself_only(bad: object) -> None:
    """Each bad need is an issue that names its site; the others are kept."""
    found = decoded(a_run(bad, a_need(site_id="baum-0002")))
    assert [s.site_id for s in found.signals] == ["baum-0002"]
    assert [i.code for i in found.issues] == ["I112"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (a_run(schema="watering-need/2"), "I111"),
        ({}, "I111"),
        (a_run(model=None), "I102"),
        (a_run(needs={}), "I102"),
        (a_run(model={"name": "m", "run_id": "2026-07-14T04:00:00"}), "I103"),
        (a_run(model={"name": "m", "run_id": "17"}), "I104"),
    ],
)
def test_a_run_that_cannot_be_used_is_refused(body: object, code: str) -> None:
    """Another schema or a run without a zoned time is refused as a whole."""
    with pytest.raises(InvalidInput) as caught:
        decoded(body)
    assert caught.value.issues[0].code == code
