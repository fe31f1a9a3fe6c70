"""Solomon's and Homberger's text format: VRPTW with one depot and equal vehicles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.planning.formats.classes import instance_of
from dispatch.planning.formats.facts import (
    MOST_PLACES,
    MOST_VEHICLES,
    Facts,
    Place,
    Vehicle,
    euclidean,
)
from dispatch.planning.formats.faults import Faults
from dispatch.planning.formats.sections import finite

if TYPE_CHECKING:
    from dispatch.planning.formats.instance import Instance

COLUMNS = 7
"""Number, x, y, demand, ready time, due date, service time."""


def instance_from(text: str, name: str) -> Instance:
    """Return the instance; raises InvalidInput P606 with every line that cannot be read."""
    faults = Faults()
    lines = [(n, line.split()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    title = " ".join(lines[0][1]) if lines else name
    rows = [(n, words) for n, words in lines[1:] if not words[0][0].isalpha()]
    if not rows:
        faults.add("P606", "file", "it has no numbers", "Give vehicles and customers")
    faults.stop()
    count, capacity = _fleet(*rows[0], faults)
    table = [_customer(n, words, faults) for n, words in rows[1:]]
    if [row[0] for row in table] != list(range(len(table))) or not 1 <= len(table) <= MOST_PLACES:
        faults.add(
            "P606",
            "customers",
            f"they are not numbered 0, 1, .. up to {MOST_PLACES - 1} at most",
            "Number the depot 0 and the customers from 1 on",
        )
    if table and table[0][3]:
        faults.add("P606", "customer 0", "the depot has a demand", "Set it to 0")
    faults.stop()
    return instance_of(
        Facts(
            name=title,
            kind="VRPTW",
            distances=euclidean([(row[1], row[2]) for row in table]),
            depots=1,
            places=tuple(
                Place(demand=int(row[3]), window=(row[4], row[5]), service=row[6]) for row in table
            ),
            fleet=(Vehicle(capacity=capacity),) * count,
        )
    )


def _fleet(number: int, words: list[str], faults: Faults) -> tuple[int, int]:
    whole = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 10]
    if len(whole) != 2 or len(words) != 2 or not 1 <= whole[0] <= MOST_VEHICLES:
        faults.add(
            "P606", f"line {number}", "number and capacity of vehicles expected", "Give both"
        )
        return 1, 0
    return whole[0], whole[1]


def _customer(number: int, words: list[str], faults: Faults) -> tuple[float, ...]:
    values = [value for word in words if (value := finite(word)) is not None]
    sound = len(values) == len(words) == COLUMNS
    if sound and min(values[3:]) >= 0 and values[3] == int(values[3]) and max(values) <= 1e7:
        return tuple(values)
    faults.add(
        "P606",
        f"line {number}",
        f"a customer needs {COLUMNS} numbers, times from 0 on and a whole demand",
        "Correct the line",
    )
    return (0.0,) * COLUMNS
