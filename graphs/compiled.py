"""What is worked out once per network and profile, and kept for the next start."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from graphs.closures import ORDINARY, arc_costs
from graphs.customise import Metric, customise
from graphs.files import cache_key
from graphs.hierarchy import Hierarchy, build_hierarchy
from graphs.restrictions import Outcome, RestrictionResult
from graphs.search import Searcher, turn_costs
from graphs.streets import CompileReport, StreetGraph, compile_streets
from graphs.triangles import Schedule, schedule_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from graphs.closures import DayConditions
    from graphs.files import CompiledCache
    from graphs.network import StreetNetwork
    from graphs.profiles import Profile

KIND = "streets/3"
"""Raised with every change of what compiling makes, so that older files are made anew."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompiledStreets:
    """The streets of a profile with their hierarchy and the metric of an ordinary day."""

    graph: StreetGraph
    hierarchy: Hierarchy
    schedule: Schedule
    metric: Metric

    def searcher(self, today: DayConditions) -> Searcher:
        """Return what finds drives under today's conditions.

        Raises PointsInvalid G308 for a closed street that the network does not have.
        """
        arc_cost = arc_costs(self.graph, today)
        cost = turn_costs(self.graph, arc_cost)
        ordinary = today == ORDINARY
        return Searcher(
            graph=self.graph,
            hierarchy=self.hierarchy,
            arc_cost=arc_cost,
            turn_cost=cost,
            metric=self.metric if ordinary else customise(self.hierarchy, self.schedule, cost),
        )


def compiled_streets(
    network: StreetNetwork, profile: Profile, kept: CompiledCache | None
) -> CompiledStreets:
    """Return the compiled streets, from the cache if they are there, and into it if not.

    Raises NetworkInvalid G203 if no street is open to the profile.
    """
    key = cache_key(code_version(), network.digest, repr(profile))
    stored = kept.get(KIND, key) if kept is not None else None
    if stored is not None:
        return _from_arrays(network, profile, *stored)
    made = _compile(network, profile)
    if kept is not None:
        kept.put(KIND, key, *_to_arrays(made))
    return made


@cache
def code_version() -> str:
    """Return a digest of this package's sources: speeds, rules and tables are part of an answer."""
    state = blake2b(digest_size=16)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        state.update(path.read_bytes())
    return state.hexdigest()


def _compile(network: StreetNetwork, profile: Profile) -> CompiledStreets:
    graph = compile_streets(network, profile)
    hierarchy = hierarchy_of(graph)
    schedule = schedule_of(hierarchy)
    cost = turn_costs(graph, arc_costs(graph, ORDINARY))
    return CompiledStreets(
        graph=graph,
        hierarchy=hierarchy,
        schedule=schedule,
        metric=customise(hierarchy, schedule, cost),
    )


def hierarchy_of(graph: StreetGraph) -> Hierarchy:
    """Return the hierarchy over the states of a street graph."""
    segment, group = np.unique(graph.segment[graph.state_arc], return_inverse=True)
    tail = np.repeat(np.arange(graph.states), np.diff(graph.turn_offset))
    network = graph.network
    middle = (network.shape_offset[segment] + network.shape_offset[segment + 1]) // 2
    xy = network.view.to_xy(network.shape_lat[middle], network.shape_lon[middle])
    return build_hierarchy(group.astype(np.int32), (tail, graph.turn_to.astype(np.int64)), xy)


def _to_arrays(made: CompiledStreets) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return header and arrays of compiled streets."""
    report = asdict(made.graph.report)
    report["restrictions"] = [
        [row.relation_id, row.outcome.value, row.forbids] for row in made.graph.report.restrictions
    ]
    parts: dict[str, StreetGraph | Hierarchy | Schedule | Metric] = {
        "graph": made.graph,
        "hierarchy": made.hierarchy,
        "schedule": made.schedule,
        "metric": made.metric,
    }
    arrays = {
        f"{part}.{field.name}": getattr(value, field.name)
        for part, value in parts.items()
        for field in fields(value)
        if isinstance(getattr(value, field.name), np.ndarray)
    }
    return {"report": report}, arrays


def _from_arrays(
    network: StreetNetwork,
    profile: Profile,
    header: Mapping[str, Any],
    arrays: Mapping[str, NDArray[Any]],
) -> CompiledStreets:
    """Return the compiled streets whose `_to_arrays` these are."""
    part: dict[str, dict[str, Any]] = {}
    for name, array in arrays.items():
        owner, _, field = name.partition(".")
        part.setdefault(owner, {})[field] = array
    rows = tuple(
        RestrictionResult(relation_id=number, outcome=Outcome(outcome), forbids=forbids)
        for number, outcome, forbids in header["report"]["restrictions"]
    )
    report = CompileReport(**{**header["report"], "restrictions": rows})
    return CompiledStreets(
        graph=StreetGraph(network=network, profile=profile, report=report, **part["graph"]),
        hierarchy=Hierarchy(**part["hierarchy"]),
        schedule=Schedule(**part["schedule"]),
        metric=Metric(**part["metric"]),
    )
