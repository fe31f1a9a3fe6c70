"""Settings switch transports on, and wrong ones are told at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dispatch.cli.receiving import broker_of, receiving, topics_of
from dispatch.domain.errors import InvalidInput
from dispatch.service.reactions import Reactions
from dispatch.service.repeating import Repeating
from dispatch.service.transports.mqtt import MqttTransport, Topic
from dispatch.settings import Settings
from tests.helpers.databases import fresh_store

if TYPE_CHECKING:
    from pathlib import Path

POLL = {"terratransfer_url": "https://ponds.example/api", "terratransfer_loggers": "900541 900356"}


def parts_of(**settings: Any) -> list[type]:
    store = fresh_store()
    inbox, parts = receiving(Settings(**settings), store, on_stored=lambda _: None)
    kinds = [type(part) for part in parts if part is not inbox]
    for part in parts:
        if isinstance(part, MqttTransport):
            part.stop()
    store.close()
    return kinds


def test_only_what_is_wanted_runs(tmp_path: Path) -> None:
    """Without settings nothing but reactions; each transport by its own setting."""
    assert parts_of() == [Reactions]
    assert parts_of(react=False) == []
    assert parts_of(react=False, mqtt_host="broker") == [MqttTransport]
    assert parts_of(react=False, inbox_dir=tmp_path, **POLL) == [Repeating, Repeating]


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"mqtt_host": "broker", "mqtt_topics": "a/b"}, "DISPATCH_MQTT_TOPICS"),
        ({"mqtt_host": "broker", "mqtt_topics": "a/b=morse"}, "DISPATCH_MQTT_TOPICS"),
        ({"mqtt_host": "broker", "mqtt_topics": " , "}, "DISPATCH_MQTT_TOPICS"),
        ({"mqtt_host": "broker", "mqtt_ca_file": "nowhere.pem"}, "DISPATCH_MQTT_CA_FILE"),
        ({"inbox_dir": "nowhere"}, "DISPATCH_INBOX_DIR"),
        (POLL | {"terratransfer_url": "file:///etc/passwd"}, "DISPATCH_TERRATRANSFER_URL"),
        (POLL | {"terratransfer_loggers": " "}, "DISPATCH_TERRATRANSFER_LOGGERS"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], name: str) -> None:
    """Before anything runs."""
    with pytest.raises(InvalidInput) as refused:
        parts_of(**settings)
    assert [(issue.code, issue.subject) for issue in refused.value.issues] == [("C240", name)]


def test_topics_may_hold_equals_signs() -> None:
    """The format is what stands behind the last one."""
    assert topics_of("a=b/+/up=ttn, x/#=readings") == (
        Topic(filter="a=b/+/up", format="ttn"),
        Topic(filter="x/#", format="readings"),
    )


def test_a_password_gets_to_the_broker() -> None:
    """And is shown nowhere."""
    settings = Settings(mqtt_host="broker", mqtt_user="city", mqtt_password="geheim")  # type: ignore[arg-type]  # noqa: S106
    assert broker_of(settings).password == "geheim"  # noqa: S105
    assert "geheim" not in f"{settings!r} {broker_of(settings)!r}"
