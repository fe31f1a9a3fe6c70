"""What a run tells while it is worked on, and whether it is still wanted."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.domain.run import RunPhase
from dispatch.planning.build import UEUR_PER_CT
from dispatch.service.runs.searchers import Listening

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from threading import Event

    from dispatch.domain.run import Run
    from dispatch.planning.build import BuiltProblem
    from dispatch.store import Store

LOOK = timedelta(seconds=1)
"""So often it is looked whether the run was cancelled."""
TELL = timedelta(seconds=0.5)
"""Better plans that come faster are told together."""


class Ended(StrEnum):
    """Why a run is put down."""

    CANCELLED = "cancelled"
    LOST = "taken up by another planner"
    STOPPING = "given back, for the service stops"


class Stopped(Exception):  # not an error
    """The run is not to be worked on any more."""

    def __init__(self, why: Ended) -> None:
        super().__init__(why)
        self.why = why


class Progress:
    """One run in the hands of a planner."""

    def __init__(
        self,
        run: Run,
        store: Store,
        now: Callable[[], datetime],
        ends: Mapping[Ended, Event],
    ) -> None:
        self._run = run
        self._store = store
        self._now = now
        self._ends = ends
        self._looked = self._told = now()
        self._best: tuple[int, int | None] | None = None
        self._untold = False
        self._left_out: tuple[int, int] = (0, 0)

    @property
    def listening(self) -> Listening:
        """What searches are to tell."""
        return Listening(watch=self.better, tick=self.tick)

    def begin_search(self, built: BuiltProblem) -> None:
        """Tell that the search begins; jobs that never got into the problem count as unserved."""
        self._left_out = (len(built.left_out), built.left_out_ct)
        self.phase(RunPhase.SEARCHING)

    def phase(self, phase: RunPhase) -> None:
        """Tell what the run is at from now on, and the best plan so far; raises Stopped."""
        now = self._now()
        self.tick()
        left, left_ct = self._left_out
        cost, unserved = self._best or (None, None)
        with self._store.begin() as tx:
            tx.add_run_event(
                self._run.id,
                phase,
                at=now,
                cost_ct=None if cost is None else round(cost / UEUR_PER_CT) + left_ct,
                unserved=None if unserved is None else unserved + left,
            )
        self._told, self._untold = now, False

    def better(self, seconds: float, ueur: int, left: int | None) -> None:
        """Take note of a plan, if it is the cheapest so far; it is told with the next tick."""
        del seconds
        if self._best is None or ueur < self._best[0]:
            known = self._best[1] if self._best else None
            self._best = (ueur, known if left is None else left)
            self._untold = True

    def tick(self) -> None:
        """Tell what is new; raises Stopped if the run is not to be worked on any more.

        `ends` says what else may end it: the service stops, or the run is another's.
        """
        now = self._now()
        for why, happened in self._ends.items():
            if happened.is_set():
                raise Stopped(why)
        if now - self._looked >= LOOK:
            self._look(now)
        if self._untold and now - self._told >= TELL:
            self._untold = False
            self.phase(RunPhase.SEARCHING)

    def _look(self, now: datetime) -> None:
        self._looked = now
        with self._store.read() as tx:
            cancelled = tx.run(self._run.id).cancel_wanted
        if cancelled:
            raise Stopped(Ended.CANCELLED)
