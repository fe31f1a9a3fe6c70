"""What the kinds of signal promise."""

from __future__ import annotations

import pytest

from dispatch.domain.signal import UNITS, SignalKind, TrapState, says_moved
from tests.helpers.signals import a_signal


def test_every_kind_has_a_unit() -> None:
    """A figure without a unit is shown to nobody."""
    assert set(UNITS) == set(SignalKind)


@pytest.mark.parametrize(
    ("kind", "value", "moved"),
    [
        (SignalKind.TRAP_STATE, TrapState.MOVED, True),
        (SignalKind.TRAP_STATE, TrapState.TRAPPED, False),
        (SignalKind.MOVED, 1, True),
        (SignalKind.FILL_LEVEL, 1, None),
    ],
)
def test_a_device_may_say_that_it_was_moved(
    kind: SignalKind, value: float, moved: bool | None
) -> None:
    """Traps, containers and sensors say it in their own ways; a level says nothing of it."""
    assert says_moved(a_signal(kind, float(value))) is moved
