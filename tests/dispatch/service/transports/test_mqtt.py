"""What a broker is asked for, and what becomes of what it sends."""

from __future__ import annotations

import json
from random import Random

import pytest

from dispatch.service.envelopes import with_topic
from dispatch.service.transports.mqtt import Broker, Topic
from dispatch.service.transports.patience import pause_s

BROKER = Broker(
    host="broker",
    topics=(
        Topic(filter="v3/+/devices/+/up", format="ttn"),
        Topic(filter="application/+/device/+/event/up", format="chirpstack"),
        Topic(filter="application/#", format="readings"),
    ),
)


@pytest.mark.parametrize(
    ("topic", "format_name"),
    [
        ("v3/glas@bochum/devices/eui-24e1/up", "ttn"),
        ("application/7/device/24e1/event/up", "chirpstack"),
        ("application/7/device/24e1/event/status", "readings"),
        ("v3/glas@bochum/devices/eui-24e1/join", "mqtt"),
        ("", "mqtt"),
    ],
)
def test_the_topic_tells_the_format(topic: str, format_name: str) -> None:
    """The first filter that fits counts; what nobody asked for has a format nobody reads."""
    assert BROKER.format_of(topic) == format_name


def test_services_that_share_ask_as_one() -> None:
    """The broker gives each message to one of them."""
    shared = Broker(host="broker", topics=BROKER.topics[:1], share="dispatch")
    assert shared.subscriptions() == [("$share/dispatch/v3/+/devices/+/up", 1)]
    assert BROKER.subscriptions()[0] == ("v3/+/devices/+/up", 1)


def test_a_password_is_not_shown() -> None:
    """A broker's settings may be logged."""
    assert "geheim" not in repr(Broker(host="broker", user="dispatch", password="geheim"))  # noqa: S106


def test_only_sensorthings_need_their_topic() -> None:
    """All other bodies are kept as they came."""
    body = b'{"result": 8.4}'
    assert with_topic(body, topic="x", format_name="ttn") == body
    wrapped = with_topic(
        body, topic="v1.1/Datastreams(19)/Observations", format_name="sensorthings"
    )
    assert json.loads(wrapped) == {
        "topic": "v1.1/Datastreams(19)/Observations",
        "message": {"result": 8.4},
    }


def test_pauses_grow_and_differ() -> None:
    """A broker that comes back is not stormed, and nobody waits longer than a minute."""
    random = Random(44)  # noqa: S311
    pauses = [pause_s(failures, most_s=60, random=random) for failures in range(1, 40)]
    assert all(2**at / 2 <= pause <= 2**at for at, pause in enumerate(pauses[:6]))
    assert all(30 <= pause <= 60 for pause in pauses[6:])
    assert len(set(pauses)) == len(pauses)
