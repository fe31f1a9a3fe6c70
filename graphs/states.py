"""States of driving: an arc, and what must be remembered of the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphs.restrictions import Word
    from graphs.turns import Turns

THROUGH, LEAVING, ENTERING = 0, 1, 2
"""Where a drive is: on open streets; still on those it may only begin on; on those it ends on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class States:
    """States (s,) with their arc and mode, and turns (t,) between them.

    `start` (a,) is the state of a drive that begins on an arc. `turn` (t,) is the turn of the arcs
    that each turn of the states stands for.
    """

    arc: NDArray[np.int64]
    mode: NDArray[np.int8]
    start: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    turn: NDArray[np.int64]


def states_of(through: NDArray[np.bool_], turns: Turns, words: Sequence[Word]) -> States:
    """Return the states for arcs (a,) that are open to `through` traffic or for stops only.

    An arc for stops only has two states: drives that begin there are leaving, all others are
    entering and never come out again. Forbidden words of three arcs or more add states that
    remember how such a word began; `turns` lack the forbidden words of two arcs already.
    """
    plain = _plain_states(through, turns)
    return _remembering(plain, turns, words) if words else plain


def _plain_states(through: NDArray[np.bool_], turns: Turns) -> States:
    """Return the states without any memory."""
    arcs = len(through)
    own = np.flatnonzero(~through)
    entering = np.full(arcs, -1, dtype=np.int64)
    entering[own] = arcs + np.arange(len(own))
    mode = np.where(through, THROUGH, LEAVING).astype(np.int8)
    begin_open, end_open = through[turns.start], through[turns.end]
    # From an open arc one enters; from a leaving state everything is open, stops included.
    stays = ~begin_open & ~end_open
    number = np.arange(len(turns.start))
    first_end = np.where(begin_open & ~end_open, entering[turns.end], turns.end)
    return States(
        arc=np.concatenate((np.arange(arcs), own)),
        mode=np.concatenate((mode, np.full(len(own), ENTERING, dtype=np.int8))),
        start=np.arange(arcs),
        tail=np.concatenate((turns.start, entering[turns.start[stays]])),
        head=np.concatenate((first_end, entering[turns.end[stays]])),
        turn=np.concatenate((number, number[stays])),
    )


def _remembering(plain: States, turns: Turns, words: Sequence[Word]) -> States:
    """Return the states with those that remember the beginning of a forbidden word.

    An automaton as by Aho and Corasick (1975) over the forbidden words: a state is the longest
    beginning of a word, of two arcs at least, that the drive ends with (Villeneuve and Desaulniers
    2005, The shortest path problem with forbidden paths).
    """
    banned = set(words)
    beginnings = sorted({word[:size] for word in words for size in range(2, len(word))})
    modes_of = _states_by_arc(plain)
    number: dict[tuple[Word, int], int] = {}
    for beginning in beginnings:
        for mode in modes_of[beginning[-1]]:
            number[beginning, mode] = len(plain.arc) + len(number)
    tail, head = plain.tail.copy(), plain.head.copy()
    known = set(beginnings)
    openers = {beginning for beginning in beginnings if len(beginning) == 2}
    _redirect(plain, (tail, head), openers, number)
    first = np.searchsorted(turns.start, np.arange(len(plain.start) + 1))
    extra: list[tuple[int, int, int]] = []
    for (beginning, mode), state in number.items():
        arc = beginning[-1]
        outgoing = _outgoing(plain, modes_of[arc][mode])
        for turn in range(int(first[arc]), int(first[arc + 1])):
            if turn not in outgoing:
                continue
            driven = (*beginning, int(turns.end[turn]))
            suffixes = [driven[size:] for size in range(len(driven) - 1)]
            if any(suffix in banned for suffix in suffixes):
                continue
            target = outgoing[turn]
            longest = next((suffix for suffix in suffixes if suffix in known), None)
            if longest is not None:
                target = number[longest, int(plain.mode[target])]
            extra.append((state, target, turn))
    more = np.array(extra, dtype=np.int64).reshape(-1, 3)
    arcs = np.array([beginning[-1] for beginning, _ in number], dtype=np.int64)
    modes = np.array([mode for _, mode in number], dtype=np.int8)
    return States(
        arc=np.concatenate((plain.arc, arcs)),
        mode=np.concatenate((plain.mode, modes)),
        start=plain.start,
        tail=np.concatenate((tail, more[:, 0])),
        head=np.concatenate((head, more[:, 1])),
        turn=np.concatenate((plain.turn, more[:, 2])),
    )


def _states_by_arc(plain: States) -> dict[int, dict[int, int]]:
    """Return the plain states of each arc by mode."""
    result: dict[int, dict[int, int]] = {}
    for state, (arc, mode) in enumerate(zip(plain.arc.tolist(), plain.mode.tolist(), strict=True)):
        result.setdefault(arc, {})[mode] = state
    return result


def _redirect(
    plain: States,
    turns: tuple[NDArray[np.int64], NDArray[np.int64]],
    openers: set[Word],
    number: dict[tuple[Word, int], int],
) -> None:
    """Lead the turns that begin a word into the states that remember it."""
    tail, head = turns
    first_arcs = np.array(sorted({word[0] for word in openers}), dtype=np.int64)
    for at in np.flatnonzero(np.isin(plain.arc[tail], first_arcs)).tolist():
        word = (int(plain.arc[tail[at]]), int(plain.arc[head[at]]))
        if word in openers:
            head[at] = number[word, int(plain.mode[head[at]])]


def _outgoing(plain: States, state: int) -> dict[int, int]:
    """Return the plain state that each turn leads to from a plain state."""
    at = np.flatnonzero(plain.tail == state)
    return dict(zip(plain.turn[at].tolist(), plain.head[at].tolist(), strict=True))
