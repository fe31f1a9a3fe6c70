"""States of driving: an arc, and what must be remembered of the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    return _remembering(plain, words) if words else plain


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


class _PlainTurns:
    """Finds the plain states of arcs, and the turns out of them."""

    def __init__(self, plain: States) -> None:
        self._plain = plain
        self._by_tail = np.argsort(plain.tail, kind="stable")
        self._tails = plain.tail[self._by_tail]
        self._by_arc = np.argsort(plain.arc, kind="stable")
        self._arcs = plain.arc[self._by_arc]

    def states_of(self, arc: int) -> list[int]:
        """Return the plain states of an arc."""
        begin, end = np.searchsorted(self._arcs, (arc, arc + 1))
        return [int(state) for state in self._by_arc[begin:end]]

    def out_of(self, state: int) -> list[int]:
        """Return the numbers of the turns out of a plain state."""
        begin, end = np.searchsorted(self._tails, (state, state + 1))
        return [int(at) for at in self._by_tail[begin:end]]


def _remembering(plain: States, words: Sequence[Word]) -> States:
    """Return the states with those that remember the beginning of a forbidden word.

    An automaton as by Aho and Corasick (1975) over the forbidden words: a state is the longest
    beginning of a word, of two arcs at least, that the drive ends with (Villeneuve and Desaulniers
    2005, The shortest path problem with forbidden paths).
    """
    banned = set(words)
    beginnings = sorted({word[:size] for word in words for size in range(2, len(word))})
    turns = _PlainTurns(plain)
    # A remembering state stands beside a plain one of its last arc, and has its mode.
    beside = {
        (beginning, state): len(plain.arc) + number
        for number, (beginning, state) in enumerate(
            (beginning, state)
            for beginning in beginnings
            for state in turns.states_of(beginning[-1])
        )
    }
    head = plain.head.copy()
    for first, second in {beginning[:2] for beginning in beginnings}:
        for state in turns.states_of(first):
            for at in turns.out_of(state):
                if int(plain.arc[plain.head[at]]) == second:
                    head[at] = beside[(first, second), int(plain.head[at])]
    extra = [
        (state, target, int(plain.turn[at]))
        for (beginning, plain_state), state in beside.items()
        for at in turns.out_of(plain_state)
        if (target := _target(plain, at, beginning, banned, beside)) is not None
    ]
    more = np.array(extra, dtype=np.int64).reshape(-1, 3)
    stands_for = np.array([state for _, state in beside], dtype=np.int64)
    return States(
        arc=np.concatenate((plain.arc, plain.arc[stands_for])),
        mode=np.concatenate((plain.mode, plain.mode[stands_for])),
        start=plain.start,
        tail=np.concatenate((plain.tail, more[:, 0])),
        head=np.concatenate((head, more[:, 1])),
        turn=np.concatenate((plain.turn, more[:, 2])),
    )


def _target(
    plain: States,
    at: int,
    beginning: Word,
    banned: set[Word],
    beside: Mapping[tuple[Word, int], int],
) -> int | None:
    """Return the state that a turn leads to after a beginning of a word, None if it is forbidden.

    It is the one that remembers the longest beginning the drive now ends with, or a plain one.
    """
    target = int(plain.head[at])
    driven = (*beginning, int(plain.arc[target]))
    suffixes = [driven[size:] for size in range(len(driven) - 1)]
    if any(suffix in banned for suffix in suffixes):
        return None
    known = (beside[suffix, target] for suffix in suffixes if (suffix, target) in beside)
    return next(known, target)
