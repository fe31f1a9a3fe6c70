"""What a driver has to do along a leg, in German and in English."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphs.turns import headings_deg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from graphs.drives import Drive
    from graphs.streets import StreetGraph

SLIGHT_DEG, TURN_DEG, SHARP_DEG = 20.0, 45.0, 120.0
"""Angles from which a turn is slight, plain or sharp; common to route guidance."""

_ROUND = frozenset({"roundabout", "circular"})


class ManoeuvreKind(StrEnum):
    """Kinds of manoeuvre."""

    DEPART = "depart"
    CONTINUE = "continue"
    SLIGHT_LEFT = "slight_left"
    LEFT = "left"
    SHARP_LEFT = "sharp_left"
    SLIGHT_RIGHT = "slight_right"
    RIGHT = "right"
    SHARP_RIGHT = "sharp_right"
    TURN_ROUND = "turn_round"
    ROUNDABOUT = "roundabout"
    ARRIVE = "arrive"


_WORDS: Mapping[str, Mapping[ManoeuvreKind, tuple[str, str]]] = {
    "de": {
        ManoeuvreKind.DEPART: ("Losfahren", "Losfahren auf: {street}"),
        ManoeuvreKind.CONTINUE: ("Geradeaus weiter", "Weiter auf: {street}"),
        ManoeuvreKind.SLIGHT_LEFT: ("Halb links halten", "Halb links halten auf: {street}"),
        ManoeuvreKind.LEFT: ("Links abbiegen", "Links abbiegen auf: {street}"),
        ManoeuvreKind.SHARP_LEFT: ("Scharf links abbiegen", "Scharf links abbiegen auf: {street}"),
        ManoeuvreKind.SLIGHT_RIGHT: ("Halb rechts halten", "Halb rechts halten auf: {street}"),
        ManoeuvreKind.RIGHT: ("Rechts abbiegen", "Rechts abbiegen auf: {street}"),
        ManoeuvreKind.SHARP_RIGHT: (
            "Scharf rechts abbiegen",
            "Scharf rechts abbiegen auf: {street}",
        ),
        ManoeuvreKind.TURN_ROUND: ("Wenden", "Wenden auf: {street}"),
        ManoeuvreKind.ROUNDABOUT: (
            "Im Kreisverkehr die {exit}. Ausfahrt nehmen",
            "Im Kreisverkehr die {exit}. Ausfahrt nehmen auf: {street}",
        ),
        ManoeuvreKind.ARRIVE: ("Ziel erreicht", "Ziel erreicht: {street}"),
    },
    "en": {
        ManoeuvreKind.DEPART: ("Depart", "Depart on {street}"),
        ManoeuvreKind.CONTINUE: ("Continue straight on", "Continue on {street}"),
        ManoeuvreKind.SLIGHT_LEFT: ("Bear left", "Bear left onto {street}"),
        ManoeuvreKind.LEFT: ("Turn left", "Turn left onto {street}"),
        ManoeuvreKind.SHARP_LEFT: ("Turn sharp left", "Turn sharp left onto {street}"),
        ManoeuvreKind.SLIGHT_RIGHT: ("Bear right", "Bear right onto {street}"),
        ManoeuvreKind.RIGHT: ("Turn right", "Turn right onto {street}"),
        ManoeuvreKind.SHARP_RIGHT: ("Turn sharp right", "Turn sharp right onto {street}"),
        ManoeuvreKind.TURN_ROUND: ("Turn round", "Turn round on {street}"),
        ManoeuvreKind.ROUNDABOUT: (
            "At the roundabout take exit {exit}",
            "At the roundabout take exit {exit} onto {street}",
        ),
        ManoeuvreKind.ARRIVE: ("You have arrived", "You have arrived: {street}"),
    },
}
"""By language and kind: the words without and with a street's name."""

LANGUAGES = tuple(_WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manoeuvre:
    """One thing to do: where, onto which street, and how far it then goes straight on.

    `exit` counts the exits of a roundabout up to the one taken, else 0; `street` is empty where the
    street has neither name nor number.
    """

    kind: ManoeuvreKind
    lat: float
    lon: float
    street: str
    distance_m: int
    exit: int = 0

    def text(self, language: str = "de") -> str:
        """Return the instruction; `language` is one of `LANGUAGES`."""
        plain, named = _WORDS[language][self.kind]
        return (named if self.street else plain).format(street=self.street, exit=self.exit)


class Guide:
    """Finds the manoeuvres of drives on one street graph."""

    def __init__(self, graph: StreetGraph) -> None:
        self._graph = graph
        network = graph.network
        opened = np.flatnonzero(graph.open_segment)
        ends = np.concatenate((network.tail[opened], network.head[opened]))
        self._arms = np.bincount(ends, minlength=network.nodes)
        self._ways_out = np.bincount(graph.tail, minlength=network.nodes)
        self._round = np.array([tags.get("junction") in _ROUND for tags in network.tag_sets])
        slip = [tags.get("highway", "").endswith("_link") for tags in network.tag_sets]
        self._slip = np.array(slip, dtype=np.bool_)
        self._names = [tags.get("name") or tags.get("ref", "") for tags in network.label_sets]

    def manoeuvres(
        self, drive: Drive, ends: tuple[tuple[float, float], tuple[float, float]]
    ) -> tuple[Manoeuvre, ...]:
        """Return what there is to do along a drive between two (lat, lon) street positions."""
        graph, network = self._graph, self._graph.network
        names = [self._names[i] for i in network.label_set[graph.segment[drive.arcs]].tolist()]
        begins_m = _metres_to(graph, drive)
        # A drive that begins at the very end of its first arc begins on the next one.
        leaves = int(len(drive.arcs) > 1 and begins_m[1] < 0.5)
        depart = _Event(leaves, ManoeuvreKind.DEPART, leaves)
        events = [depart, *(e for e in self._events(drive.arcs, names) if e.at > leaves)]
        stops = [*(event.at for event in events[1:]), len(drive.arcs)]
        steps = []
        for event, end in zip(events, stops, strict=True):
            node = int(graph.tail[drive.arcs[event.at]])
            lat, lon = float(network.node_lat[node]), float(network.node_lon[node])
            if event.kind is ManoeuvreKind.DEPART:
                lat, lon = ends[0]
            steps.append(
                Manoeuvre(
                    kind=event.kind,
                    lat=lat,
                    lon=lon,
                    street=names[event.lands],
                    distance_m=round(float(begins_m[end] - begins_m[event.at])),
                    exit=event.exit,
                )
            )
        arrive = ManoeuvreKind.ARRIVE
        (lat, lon), street = ends[1], names[-1]
        return (*steps, Manoeuvre(kind=arrive, lat=lat, lon=lon, street=street, distance_m=0))

    def _events(self, arcs: NDArray[np.int64], names: list[str]) -> Iterator[_Event]:
        """Yield the manoeuvres on the way, each at the index of the arc that it leads into."""
        graph = self._graph
        angles = _angles_deg(graph, arcs)
        segment = graph.segment[arcs]
        reverses = (segment[1:] == segment[:-1]) & (
            graph.forward[arcs[1:]] != graph.forward[arcs[:-1]]
        )
        choice = self._arms[graph.tail[arcs[1:]]] > 2
        round_about = self._round[graph.network.tag_set[segment]].tolist()
        renamed = np.array([one != other for one, other in pairwise(names)], dtype=np.bool_)
        leaves = self._leaves_main_road(segment)
        looked_at = reverses | (choice & ((np.abs(angles) >= TURN_DEG) | renamed | leaves))
        looked_at |= np.array([one != other for one, other in pairwise(round_about)], np.bool_)
        told = names[0]
        for index in (np.flatnonzero(looked_at) + 1).tolist():
            before, here = round_about[index - 1], round_about[index]
            if here and not before and not all(round_about[index:]):
                yield self._roundabout(arcs, index, round_about)
            # Leaving was told on entering, unless the drive begins on the ring.
            elif not before or (not here and all(round_about[:index])):
                kind = _kind(float(angles[index - 1]), bool(reverses[index - 1]))
                if kind is ManoeuvreKind.CONTINUE and leaves[index - 1]:
                    kind = _bearing(float(angles[index - 1]))
                # A street that bends and keeps its name is followed without a word.
                if kind is not ManoeuvreKind.CONTINUE or names[index] not in ("", told):
                    yield _Event(index, kind, index)
                    told = names[index] or told

    def _leaves_main_road(self, segment: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return where a drive goes from a road onto a slip road, however slight the angle."""
        slips = self._slip[self._graph.network.tag_set[segment]]
        return slips[1:] & ~slips[:-1]

    def _roundabout(self, arcs: NDArray[np.int64], index: int, round_about: list[bool]) -> _Event:
        """Return the manoeuvre of a roundabout entered at an arc."""
        leaves = index
        while leaves < len(arcs) and round_about[leaves]:
            leaves += 1
        heads = self._graph.head[arcs[index:leaves]]
        exits = int((self._ways_out[heads] > 1).sum())
        lands = min(leaves, len(arcs) - 1)
        return _Event(index, ManoeuvreKind.ROUNDABOUT, lands, max(exits, 1))


class _Event(NamedTuple):
    """A manoeuvre at the beginning of the arc `at`; it leads onto the arc `lands`."""

    at: int
    kind: ManoeuvreKind
    lands: int
    exit: int = 0


def _metres_to(graph: StreetGraph, drive: Drive) -> NDArray[np.float64]:
    """Return the metres from the start of a drive to each of its arcs, and to its end."""
    length = graph.distance_dm[drive.arcs] / 10.0
    share = np.ones(len(length))
    share[-1] = drive.last_share
    share[0] -= drive.first_share
    return np.concatenate(([0.0], np.cumsum(length * np.maximum(share, 0.0))))


def _angles_deg(graph: StreetGraph, arcs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return by how much each arc turns off from the one before, positive to the right."""
    leaving, arriving = headings_deg(graph.network, graph.segment[arcs], graph.forward[arcs])
    return (leaving[1:] - arriving[:-1] + 180.0) % 360.0 - 180.0


def _bearing(angle_deg: float) -> ManoeuvreKind:
    """Return the side of a slip road; straight on it lies to the right, as exits do."""
    return ManoeuvreKind.SLIGHT_LEFT if angle_deg < 0 else ManoeuvreKind.SLIGHT_RIGHT


def _kind(angle_deg: float, reverses: bool) -> ManoeuvreKind:
    if reverses:
        return ManoeuvreKind.TURN_ROUND
    size, left = abs(angle_deg), angle_deg < 0
    if size < SLIGHT_DEG:
        return ManoeuvreKind.CONTINUE
    if size < TURN_DEG:
        return ManoeuvreKind.SLIGHT_LEFT if left else ManoeuvreKind.SLIGHT_RIGHT
    if size < SHARP_DEG:
        return ManoeuvreKind.LEFT if left else ManoeuvreKind.RIGHT
    return ManoeuvreKind.SHARP_LEFT if left else ManoeuvreKind.SHARP_RIGHT
