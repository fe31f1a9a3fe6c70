"""One attribute of an NGSI-LD entity, whatever form it is written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEPARATORS: Final = re.compile(r"[#/:]")
_VALUES: Final = ("value", "hasValue", "object", "hasObject", "id")
_DEEPEST: Final = 4
"""So many wrappers a value can have: instance list, attribute, typed value, JSON-LD value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A plain value with what its attribute says about it; texts are "" where it says nothing."""

    value: object = None
    unit: str = ""
    observed_at: str = ""


def local_name(name: str) -> str:
    """Return the last part of a name: `https://uri.fiware.org/ns/data-models#O2` is `O2`."""
    return _SEPARATORS.split(name)[-1].lstrip("@")


def members_of(entity: Mapping[str, object]) -> dict[str, object]:
    """Return an object's members by their local names; of two alike the first one counts."""
    found: dict[str, object] = {}
    for name, value in entity.items():
        found.setdefault(local_name(name), value)
    return found


def attribute_of(raw: object) -> Attribute:
    """Return an attribute read from normalized, concise, key-values or expanded form."""
    unit = observed_at = ""
    for _ in range(_DEEPEST):
        raw = _chosen(raw)
        if not isinstance(raw, dict):
            break
        members = members_of(raw)
        unit = unit or _plain_text(members.get("unitCode"))
        observed_at = observed_at or _plain_text(members.get("observedAt"))
        name = next((name for name in _VALUES if name in members), None)
        if name is None:
            break
        raw = members[name]
    return Attribute(value=raw, unit=unit, observed_at=observed_at)


def _chosen(raw: object) -> object:
    """Return the instance of an attribute that counts: the one without `datasetId`."""
    if not isinstance(raw, list) or not raw or not isinstance(raw[0], dict):
        return raw
    instances = (one for one in raw if isinstance(one, dict))
    return next((one for one in instances if "datasetId" not in members_of(one)), raw[0])


def _plain_text(raw: object) -> str:
    """Return a text, unwrapped from `[{"@value": ...}]` if need be."""
    for _ in range(_DEEPEST):
        if isinstance(raw, list) and raw:
            raw = raw[0]
        elif isinstance(raw, dict):
            members = members_of(raw)
            raw = next((members[name] for name in _VALUES if name in members), None)
    return raw if isinstance(raw, str) else ""
