"""The log: lines of text or of JSON, one per decision, without secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET = re.compile(
    r"(?i)\b(token|secret|password|passwd|api_?key|code|state|signature)=[^&\s\"']+"
)
"""What stands in a query and is nobody's to read."""
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Signs by which whoever is named in a line could begin one of his own."""


def set_up_logs(form: Literal["text", "json"], level: str, *, to: TextIO | None = None) -> None:
    """Let all loggers of the process, uvicorn's too, write lines of one form to standard error.

    Lines of libraries are told from warnings on, whatever the level is.
    """
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.getLevelNamesMapping()[level.upper()], logging.WARNING))
    for name in ("dispatch", "graphs", "scenarios", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(level.upper())
    for name in ("uvicorn.error", "uvicorn.asgi"):
        logging.getLogger(name).handlers = []
    # Requests have a line of ours, with the route instead of the path.
    logging.getLogger("uvicorn.access").disabled = True


def cleaned(text: str) -> str:
    """Return the text without secrets of queries and headers."""
    return BEARER.sub(r"\1 ***", SECRET.sub(r"\1=***", text))


class TextLines(logging.Formatter):
    """Lines for people: time, level, logger, what happened."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback follows on lines of its own."""
        text = CONTROL.sub("\N{REPLACEMENT CHARACTER}", cleaned(record.getMessage()))
        line = f"{_moment(record)} {record.levelname:<7} {record.name}: {text}"
        if record.exc_info:
            line = f"{line}\n{cleaned(self.formatException(record.exc_info))}"
        return line


class JsonLines(logging.Formatter):
    """Lines for programs: one JSON object each, a traceback as one of its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields: Mapping[str, Any] = getattr(record, "fields", {})
        line = {
            "at": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "text": cleaned(record.getMessage()),
            **fields,
        }
        if record.exc_info:
            line["traceback"] = cleaned(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
