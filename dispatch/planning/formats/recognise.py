"""Which format a file has, by its content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dispatch.planning.formats import own, solomon, vroom, vrplib_format
from dispatch.planning.formats.faults import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.planning.formats.instance import Instance

OURS = re.compile(r'"format"\s*:\s*"dispatch-')
SECTION = re.compile(r"^\s*(\w+_SECTION|DIMENSION)\b", re.MULTILINE | re.IGNORECASE)
CUSTOMER = re.compile(r"^\s*CUSTOMER\b", re.MULTILINE | re.IGNORECASE)


def instance_of(content: bytes, name: str) -> Instance:
    """Return the instance of a file; raises InvalidInput P601 if no format fits, else P6xx."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal("P601", name, "it is no UTF-8 text", "Send another file") from error
    return _reader(text, name)(text, name)


def _reader(text: str, name: str) -> Callable[[str, str], Instance]:
    if text.lstrip().startswith("{"):
        return own.instance_of if OURS.search(text) else vroom.instance_of
    if SECTION.search(text):
        return vrplib_format.instance_from
    if CUSTOMER.search(text):
        return solomon.instance_from
    raise refusal(
        "P601",
        name,
        "it is neither our JSON, VROOM's JSON, VRPLIB nor Solomon's text",
        "See the README of formats for what is read",
    )
