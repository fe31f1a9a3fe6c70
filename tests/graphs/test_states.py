"""States of driving: exactly the legal drives, whatever is forbidden and however it overlaps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.states import States, states_of
from graphs.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Sequence

Ends = tuple[int, int]
Word = tuple[int, ...]

LONGEST = 6


def turns_of(arcs: Sequence[Ends], banned: set[Word]) -> Turns:
    """Return all turns between arcs that follow each other, without the banned pairs."""
    pairs = [
        (i, j)
        for i, (_, head) in enumerate(arcs)
        for j, (tail, _) in enumerate(arcs)
        if head == tail and (i, j) not in banned
    ]
    start, end = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Turns(
        start=start,
        end=end,
        angle_deg=np.zeros(len(start)),
        reverses=np.zeros(len(start), dtype=np.bool_),
    )


def legal_drives(arcs: Sequence[Ends], through: Sequence[bool], words: set[Word]) -> set[Word]:
    """Return every legal sequence of up to LONGEST arcs, by trying all of them."""
    drives: set[Word] = {(arc,) for arc in range(len(arcs))}
    newest = drives
    for _ in range(LONGEST - 1):
        newest = {
            (*drive, arc)
            for drive in newest
            for arc, (tail, _) in enumerate(arcs)
            if arcs[drive[-1]][1] == tail and is_legal((*drive, arc), through, words)
        }
        drives = drives | newest
    return drives


def is_legal(drive: Word, through: Sequence[bool], words: set[Word]) -> bool:
    """Tell whether no forbidden word is driven and nobody drives through a place for stops."""
    inside = {
        drive[begin:end] for begin in range(len(drive)) for end in range(begin, len(drive) + 1)
    }
    letters = "".join("t" if through[arc] else "s" for arc in drive)
    return not inside & words and re.fullmatch("s*t*s*", letters) is not None


def driven(states: States) -> list[Word]:
    """Return every sequence of up to LONGEST arcs that the states allow, repeats included."""
    following: dict[int, list[int]] = {}
    for tail, head in zip(states.tail.tolist(), states.head.tolist(), strict=True):
        following.setdefault(tail, []).append(head)
    newest: list[tuple[Word, int]] = [
        ((int(states.arc[state]),), state) for state in states.start.tolist()
    ]
    found = [word for word, _ in newest]
    for _ in range(LONGEST - 1):
        newest = [
            ((*word, int(states.arc[head])), head)
            for word, state in newest
            for head in following.get(state, [])
        ]
        found += [word for word, _ in newest]
    return found


def compiled(arcs: Sequence[Ends], through: Sequence[bool], words: set[Word]) -> States:
    """Return the states for arcs with some words forbidden."""
    turns = turns_of(arcs, words)
    longer = sorted(word for word in words if len(word) > 2)
    return states_of(np.array(through, dtype=np.bool_), turns, longer)


@st.composite
def small_towns(draw: st.DrawFn) -> tuple[list[Ends], list[bool], set[Word]]:
    """Return arcs, which of them are open to through traffic, and forbidden walks along them."""
    node = st.integers(0, 2)
    arcs = draw(st.lists(st.tuples(node, node), min_size=2, max_size=6))
    through = draw(st.lists(st.sampled_from((True, True, False)), min_size=6, max_size=6))
    words = set()
    for _ in range(draw(st.integers(0, 4))):
        word = [draw(st.integers(0, len(arcs) - 1))]
        for _ in range(draw(st.integers(1, 4))):
            onward = [i for i, (tail, _) in enumerate(arcs) if arcs[word[-1]][1] == tail]
            if onward:
                word.append(draw(st.sampled_from(onward)))
        if len(word) > 1:
            words.add(tuple(word))
    return arcs, through[: len(arcs)], words


@given(small_towns())
def test_the_states_allow_exactly_the_legal_drives(
    town: tuple[list[Ends], list[bool], set[Word]],
) -> None:
    """Every legal sequence of arcs can be driven in one way, and no other one at all."""
    found = driven(compiled(*town))
    assert len(found) == len(set(found))
    assert set(found) == legal_drives(*town)


ROUND = [(0, 1), (1, 2), (2, 3), (3, 4), (1, 0), (2, 1)]


@pytest.mark.parametrize(
    ("words", "still"),
    [
        ({(0, 1, 2)}, (1, 2, 3)),
        ({(0, 1, 2, 3)}, (0, 1, 2)),
        ({(0, 1, 2, 3), (1, 2)}, (0, 1, 5)),
        ({(0, 1, 2), (1, 2, 3)}, (0, 1, 5)),
        ({(0, 1, 5, 4), (1, 5, 1)}, (0, 1, 5)),
        ({(0, 1, 2), (0, 1, 2, 3)}, (1, 2, 3)),
    ],
)
def test_nested_and_overlapping_words_are_all_forbidden(words: set[Word], still: Word) -> None:
    """A word inside, before or behind another one is forgotten neither by it nor after it."""
    found = set(driven(compiled(ROUND, [True] * len(ROUND), words)))
    assert still in found
    assert not any(
        word == drive[begin : begin + len(word)]
        for word in words
        for drive in found
        for begin in range(len(drive))
    )


def test_a_street_for_stops_has_one_state_to_leave_and_one_to_enter() -> None:
    """Of the two copies one leads to open streets, and the other one is entered from them."""
    states = compiled([(0, 1), (1, 2), (2, 3)], [True, False, True], set())
    assert states.arc.tolist() == [0, 1, 2, 1]
    turns = list(zip(states.tail.tolist(), states.head.tolist(), strict=True))
    assert sorted(turns) == [(0, 3), (1, 2)]
    assert states.start.tolist() == [0, 1, 2]
