"""Files as payload bodies: unpacked, and with the sender that only the file's name tells."""

from __future__ import annotations

import gzip
import re
import zlib
from typing import Final

from dispatch.intake.issues import refusal
from dispatch.intake.terratransfer import wrap_answer
from dispatch.intake.treesense import with_device

_DEV_EUI: Final = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{16}(?![0-9A-Fa-f])")
_LOGGER: Final = re.compile(r"(?<!\d)9\d{5}(?!\d)")


def body_of_file(raw: bytes, *, file_name: str, format_name: str) -> bytes:
    """Return the payload body for a file's bytes; `.gz` is unpacked.

    A TreeSense file must have its DevEUI in its name, an answer of the TerraTransfer API its
    logger's number, as the city names them. Raises InvalidInput I101, I114.
    """
    body = _unpacked(raw, file_name) if file_name.endswith(".gz") else raw
    if format_name == "treesense-csv" and not body.startswith(b"#"):
        return with_device(body, device_id=_sender(_DEV_EUI, file_name))
    if format_name == "terratransfer" and b'"logger_id"' not in body:
        return wrap_answer(body, logger_id=_sender(_LOGGER, file_name))
    return body


def _sender(pattern: re.Pattern[str], file_name: str) -> str:
    found = pattern.search(file_name)
    if found is None:
        raise refusal("I114", file_name, "neither the file nor its name says who sent it")
    return found.group()


def _unpacked(raw: bytes, file_name: str) -> bytes:
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise refusal("I101", file_name, f"not a gzip file ({error})") from None
