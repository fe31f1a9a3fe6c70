from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.intake.sensorthings import decode, with_context
from tests.helpers.payloads import RECEIVED, a_payload
from tests.helpers.standards import MAPPED, OBSERVED, a_stream, a_thing, an_observation

MOMENT = datetime(2026, 7, 14, 5, 12, 33, tzinfo=UTC)
TOPIC = "v1.1/Datastreams(19)/Observations"


def decoded(body: object) -> Any:
    return decode(a_payload(body, format_name="sensorthings"))


def mapped(message: dict[str, Any], *, topic: str = TOPIC) -> dict[str, object]:
    return with_context(message, topic=topic, datastreams=MAPPED)


FORMS: dict[str, Any] = {
    "query": a_thing(a_stream(an_observation())),
    "one thing": a_thing(a_stream(an_observation()))["value"][0],
    "one datastream": a_stream(an_observation(), Thing={"properties": {"device_id": "900541"}}),
    "MQTT": mapped(an_observation()),
    "creation": mapped(
        {"result": 0.4, "phenomenonTime": OBSERVED, "Datastream": {"@iot.id": 19}}, topic=""
    ),
    "interval": mapped(an_observation(phenomenonTime=f"2026-07-14T05:00:00Z/{OBSERVED}")),
    "result as text": mapped(an_observation("0.4")),
    "list of observations": mapped({"value": [an_observation()]}),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_way_an_observation_comes_gives_the_same_signal(form: str) -> None:
    """Created, published or queried: one id, so a poll after MQTT adds nothing."""
    (signal,) = decoded(FORMS[form]).signals
    (queried,) = decoded(FORMS["query"]).signals
    assert (signal.kind, signal.value, signal.observed_at) == ("dissolved_oxygen", 0.4, MOMENT)
    assert (signal.id, signal.device_id) == (queried.id, "900541")


def test_the_unit_decides_what_a_property_is() -> None:
    """The same word in percent is saturation; µg/l become mg/l."""
    percent = a_stream(an_observation(), unitOfMeasurement={"symbol": "%"})
    small = a_stream(an_observation(400), unitOfMeasurement={"symbol": "µg/l"})
    found = decoded(a_thing(percent, small)).signals
    assert [(s.kind, s.value) for s in found] == [
        ("oxygen_saturation", 0.4),
        ("dissolved_oxygen", 0.4),
    ]


def test_a_mapping_wins_over_the_names() -> None:
    """Whoever mapped a datastream meant it."""
    stream = a_stream(an_observation(19.4), name="Temperatur", ObservedProperty={"name": "T"})
    mapping = {"19": {"device_id": "sonde-7", "kind": "water_temperature", "unit": "°C"}}
    body = with_context(a_thing(stream), topic="", datastreams=mapping)
    (signal,) = decoded(body).signals
    assert (signal.device_id, signal.kind, signal.value) == ("sonde-7", "water_temperature", 19.4)


def test_a_creation_without_time_is_as_of_its_receipt() -> None:
    """That is what the standard asks of a server."""
    (signal,) = decoded(mapped({"result": 21, "Datastream": {"@iot.id": 19}}, topic="")).signals
    assert signal.observed_at == RECEIVED


def test_the_device_may_stand_in_the_observation_itself() -> None:
    """Several sensors may write into one datastream."""
    observation = an_observation(parameters={"sensor": "aquatos-900541"})
    (signal,) = decoded(a_thing(a_stream(observation))).signals
    assert signal.device_id == "aquatos-900541"


@pytest.mark.parametrize(
    ("observation", "code"),
    [
        (an_observation(None), "I105"),
        (an_observation([1, 2]), "I105"),
        (an_observation(phenomenonTime="2026-07-14T05:12:33"), "I103"),
        (an_observation(phenomenonTime="bald"), "I104"),
        (7, "I102"),
    ],
)
def test_one_bad_observation_never_stops_the_others(observation: object, code: str) -> None:
    """Its reason has a code; the next one is used."""
    found = decoded(a_thing(a_stream(observation, an_observation())))
    assert ([i.code for i in found.issues], len(found.signals)) == ([code], 1)


@pytest.mark.parametrize(
    "body",
    [
        an_observation(),
        {"result": 21, "Datastream": {"@iot.id": 999}},
        a_thing(a_stream(an_observation(), ObservedProperty={"name": "Temperatur"}, name="T")),
        mapped(an_observation(), topic="v1.1/Datastreams(20)/Observations"),
    ],
)
def test_an_observation_nobody_has_mapped_is_kept_out(body: object) -> None:
    """A number without unit and device is not guessed at."""
    found = decoded(body)
    assert ([i.code for i in found.issues], found.signals) == (["I119"], ())


def test_a_unit_that_does_not_fit_is_told() -> None:
    """Oxygen in metres is a wrong mapping."""
    mapping = {"19": {"device_id": "900541", "kind": "dissolved_oxygen", "unit": "m"}}
    found = decoded(with_context(an_observation(), topic=TOPIC, datastreams=mapping))
    assert [i.code for i in found.issues] == ["I119"]


@pytest.mark.parametrize(
    ("body", "code"),
    [("[]", "I101"), ({"value": 1}, "I102"), ({"message": 1}, "I102")],
)
def test_what_is_no_answer_is_refused(body: object, code: str) -> None:
    """Each way of being unusable as a whole has its code."""
    with pytest.raises(InvalidInput) as caught:
        decoded(body)
    assert caught.value.issues[0].code == code


def test_lists_in_lists_without_end_are_refused() -> None:
    """Nobody nests them on purpose."""
    body = '{"value": [' * 900 + "{}" + "]}" * 900
    with pytest.raises(InvalidInput, match="I101"):
        decoded(body)
