"""Settings that mean nothing without each other are told before the service starts."""

from __future__ import annotations

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.settings import Settings, read_settings
from dispatch.settings_checks import NEEDS, cross_checks


def test_every_name_is_a_setting() -> None:
    """A setting that was renamed does not slip out of its check."""
    names = {*NEEDS, *(name for needed in NEEDS.values() for name in needed)}
    assert names <= set(Settings.model_fields)


def test_a_setting_without_what_it_needs_is_a_fault() -> None:
    """A password for a broker that nobody named; each lack is told."""
    with pytest.raises(InvalidInput) as caught:
        read_settings({}, mqtt_password="x", terratransfer_loggers="900541")  # noqa: S106
    told = {(issue.code, issue.subject) for issue in caught.value.issues}
    assert told == {
        ("C105", "DISPATCH_MQTT_PASSWORD"),
        ("C105", "DISPATCH_TERRATRANSFER_LOGGERS"),
    }


def test_what_is_whole_is_no_fault() -> None:
    """With what it needs, or with nothing at all."""
    assert list(cross_checks(Settings())) == []
    whole = Settings(mqtt_host="broker", mqtt_user="dispatch", mqtt_password="x")  # type: ignore[arg-type]  # noqa: S106
    assert list(cross_checks(whole)) == []
