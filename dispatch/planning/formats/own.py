"""Our Problem and Solution as JSON: every field by its name, versioned, nothing lost.

A document is `{"format": "dispatch-problem", "version": 1, "problem": {..}}`, and the same with
`solution`. Sets are sorted lists, matrices lists of rows. Fields with a default may be missing. A
break rule may be written out or named (`LAWS`); it is always written out, so that a document keeps
its meaning when the law changes.
"""

from __future__ import annotations

import json
import types
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from dispatch.planning.formats.faults import Faults, refusal
from dispatch.planning.formats.instance import Instance, Unit
from dispatch.planning.formats.json_text import parsed
from dispatch.planning.law import ARBZG, EC_561, BreakRule
from dispatch.planning.problem import Problem
from dispatch.planning.solution import Solution

VERSION = 1
GREATEST = 2**60
"""Beyond this a whole number does not fit into the solver's sums."""

LAWS = {"ARBZG": ARBZG, "EC_561": EC_561}
"""Break rules that a document may name instead of writing them out."""

EUROS = Unit(ueur=1_000_000, decimals=2, name="EUR")


def problem_text(problem: Problem) -> str:
    """Return the problem as a JSON document."""
    return _document("problem", problem)


def solution_text(solution: Solution) -> str:
    """Return the solution as a JSON document."""
    return _document("solution", solution)


def problem_of(text: str) -> Problem:
    """Return the problem of a document; raises InvalidInput P611 or P612 with every fault."""
    problem = _value_of("problem", Problem, text)
    assert isinstance(problem, Problem)  # noqa: S101  # what the decoder was asked for
    return problem


def solution_of(text: str) -> Solution:
    """Return the solution of a document; raises InvalidInput P611 or P612 with every fault."""
    solution = _value_of("solution", Solution, text)
    assert isinstance(solution, Solution)  # noqa: S101  # what the decoder was asked for
    return solution


def instance_of(text: str, name: str) -> Instance:
    """Return the problem of a document with its costs in euros."""
    problem = problem_of(text)
    return Instance(
        name=name,
        kind="dispatch",
        problem=problem,
        unit=EUROS,
        writers={".json": solution_text},
        jobs=tuple(str(number) for number in range(len(problem.jobs))),
    )


def _document(kind: str, value: object) -> str:
    whole = {"format": f"dispatch-{kind}", "version": VERSION, kind: _plain(value)}
    return json.dumps(whole, separators=(",", ":")) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _value_of(kind: str, wanted: type, text: str) -> object:
    document = parsed(text, "P611")
    head = f"dispatch-{kind}"
    if not isinstance(document, dict) or document.get("format") != head:
        raise refusal("P611", "file", f"its format is not `{head}`", "Send such a document")
    if document.get("version") is not VERSION and document.get("version") != VERSION:
        found = document.get("version")
        raise refusal("P611", "version", f"{found!r} is not {VERSION}", "Write it in version 1")
    reader = _Reader()
    for extra in sorted(set(document) - {"format", "version", kind}):
        reader.fault(extra, "nobody knows this field", "Leave it out")
    value = reader.read(wanted, document.get(kind), kind)
    reader.faults.stop()
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


class _Reader:
    """Turns plain JSON into values of given types; a fault leaves None and is told at the end."""

    def __init__(self) -> None:
        self.faults = Faults()

    def fault(self, at: str, cause: str, action: str = "Correct it") -> None:
        """Note what is wrong with the value at this place."""
        self.faults.add("P612", at, cause, action)

    def read(self, wanted: Any, value: object, at: str) -> Any:
        """Return the value as the wanted type."""
        origin = get_origin(wanted)
        if origin in (types.UnionType, Union):
            kinds = [kind for kind in get_args(wanted) if kind is not types.NoneType]
            return None if value is None else self.read(kinds[0], value, at)
        if origin in (tuple, frozenset):
            return self._many(origin, get_args(wanted), value, at)
        if origin is np.ndarray:
            return self._table(value, at)
        if wanted is BreakRule and isinstance(value, str):
            return self._law(value, at)
        if is_dataclass(wanted):
            return self._object(wanted, value, at)
        return self._single(wanted, value, at)

    def _law(self, name: str, at: str) -> BreakRule | None:
        if name not in LAWS:
            self.fault(at, f"it is none of {', '.join(LAWS)}", "Name one or write the rule out")
        return LAWS.get(name)

    def _single(self, wanted: Any, value: object, at: str) -> Any:
        if issubclass(wanted, Enum):
            known = [member.value for member in wanted]
            if value in known:
                return wanted(value)
            self.fault(at, f"it is none of {', '.join(map(str, known))}")
        elif type(value) is not wanted:
            self.fault(at, f"it must be {wanted.__name__}, not {type(value).__name__}")
        elif isinstance(value, int) and abs(value) > GREATEST:
            self.fault(at, "the number is too great")
        return value

    def _many(self, kind: Any, parts: tuple[Any, ...], value: object, at: str) -> Any:
        item = parts[0]
        if not isinstance(value, list):
            self.fault(at, f"it must be a list, not {type(value).__name__}")
            return kind()
        if Ellipsis not in parts and kind is tuple and len(value) != len(parts):
            self.fault(at, f"it must have {len(parts)} members, not {len(value)}")
        items = [self.read(item, part, f"{at}[{n}]") for n, part in enumerate(value)]
        if kind is frozenset:
            items = [part for part in items if type(part) is item]
            if len(set(items)) < len(value):
                self.fault(at, "a member occurs twice or is none")
        return kind(items)

    def _table(self, value: object, at: str) -> Any:
        rows = value if isinstance(value, list) else [value]
        whole = all(
            isinstance(row, list)
            and len(row) == len(rows)
            and all(type(cell) is int and abs(cell) <= GREATEST for cell in row)
            for row in rows
        )
        if not whole:
            self.fault(at, "it is no square table of whole numbers")
            return None
        return np.array(rows, dtype=np.int64).reshape(len(rows), len(rows))

    def _object(self, wanted: Any, value: object, at: str) -> Any:
        if not isinstance(value, dict):
            self.fault(at, f"it must be an object, not {type(value).__name__}")
            return None
        known: dict[str, Field[Any]] = {field.name: field for field in fields(wanted)}
        for extra in sorted(set(value) - set(known)):
            self.fault(f"{at}.{extra}", "nobody knows this field", "Leave it out")
        parts = {}
        for name, field in known.items():
            if name in value:
                parts[name] = self.read(_hints(wanted)[name], value[name], f"{at}.{name}")
            elif field.default is MISSING:
                self.fault(f"{at}.{name}", "it is missing", "Give it")
        return None if self.faults.issues else wanted(**parts)
