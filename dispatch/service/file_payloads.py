"""A file as a payload: unpacked, its sender added from its name, its format told by its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.signal import payload_of
from dispatch.intake.decoders import DECODERS
from dispatch.intake.files import body_of_file
from dispatch.intake.guess import guess_format

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.domain.signal import Payload


def payload_of_file(
    raw: bytes, *, file_name: str, format_name: str | None, received_at: datetime
) -> Payload:
    """Return the payload in a file; without a format it is told by the content.

    Raises InvalidInput S411 for content like none of the formats, I101 for an archive that cannot
    be unpacked, I114 for a file that must name its sender and does not.
    """
    chosen = format_name or guessed_format(raw, file_name=file_name)
    body = body_of_file(raw, file_name=file_name, format_name=chosen)
    return payload_of(body, format_name=chosen, received_at=received_at)


def guessed_format(raw: bytes, *, file_name: str) -> str:
    """Return the format of a file's content; raises InvalidInput S411."""
    body = body_of_file(raw, file_name=file_name, format_name="")
    found = guess_format(body)
    if found in DECODERS:
        return str(found)
    raise InvalidInput(
        Issue(
            code="S411",
            subject=file_name,
            cause="its content is like none of the formats",
            action=f"Name the format: one of {', '.join(sorted(DECODERS))}",
        )
    )
