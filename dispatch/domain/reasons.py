"""Why crews could not do a job: the catalogue that tablets show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from dispatch.domain.ids import digest
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


class Wait(StrEnum):
    """What happens to a job that was not possible.

    AGAIN: it may be planned again at once. TOMORROW: not before the next day. SETTLED: somebody
    has done it already, nothing was left to do.
    """

    AGAIN = "again"
    TOMORROW = "tomorrow"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One entry: what crews tap on, and what follows from it; `note` must be given with some."""

    code: str
    text: Text
    wait: Wait
    note: bool = False


def _reason(code: str, de: str, en: str, wait: Wait, *, note: bool = False) -> Reason:
    return Reason(code=code, text=Text(de=de, en=en), wait=wait, note=note)


_ENTRIES = (
    _reason("blocked_by_car", "Zugeparkt", "Blocked by a parked car", Wait.AGAIN),
    _reason("not_accessible", "Nicht zugänglich", "Not accessible", Wait.TOMORROW),
    _reason("not_found", "Nicht gefunden", "Not found", Wait.TOMORROW, note=True),
    _reason("broken", "Defekt", "Broken", Wait.TOMORROW),
    _reason("danger", "Gefahr vor Ort", "Danger on site", Wait.TOMORROW),
    _reason("already_done", "Schon erledigt", "Done already", Wait.SETTLED),
    _reason("weather", "Wetter", "Weather", Wait.TOMORROW),
    _reason("no_material", "Material fehlt", "No material left", Wait.AGAIN),
    _reason("vehicle", "Fahrzeug oder Gerät defekt", "Vehicle or tool broken", Wait.AGAIN),
    _reason("no_time", "Keine Zeit mehr", "No time left", Wait.AGAIN),
    _reason("other", "Anderer Grund", "Another reason", Wait.AGAIN, note=True),
)

REASONS: Mapping[str, Reason] = MappingProxyType({reason.code: reason for reason in _ENTRIES})

CATALOGUE_VERSION = digest(
    *(f"{r.code} {r.text.de} {r.text.en} {r.wait} {r.note}" for r in _ENTRIES)
)[:8]
"""Tablets that have the catalogue of this version need not fetch it."""
