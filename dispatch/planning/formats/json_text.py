"""JSON without surprises: no key twice, nothing nested without end, one code for what is none."""

from __future__ import annotations

import json

from dispatch.planning.formats.faults import refusal


def parsed(text: str, code: str) -> object:
    """Return the JSON value; raises InvalidInput with this code for text that is none."""
    try:
        return json.loads(text, object_pairs_hook=_once)
    except RecursionError as error:
        raise refusal(code, "file", "it is nested too deeply", "Send another file") from error
    except ValueError as error:
        raise refusal(code, "file", f"it is no JSON: {error}", "Correct the file") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} occurs twice in one object")
    return found
