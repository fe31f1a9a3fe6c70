"""The bench of edits: a day that can be planned, and figures of every kind of edit."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dispatch.api.app import create_app
from dispatch.api.street_map import StreetMap
from dispatch.domain.plan import StreetSource
from dispatch.service.edit_plan import Drafts
from dispatch.service.workers import InProcess
from graphs.street_matrix import StreetMatrix
from scenarios.bench.edits import PLANNED_AT, a_large_day, run
from scenarios.streets import stand_in
from tests.helpers.asgi import call
from tests.helpers.databases import fresh_store
from tests.helpers.doors import ADMIN_GATE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Budget, Solution


class Brief(InProcess):
    """Searches little, and the same on every machine."""

    def solve(self, problem: Problem, *, budget: Budget, start: Solution | None = None) -> Solution:
        """Return what a few solutions come to."""
        return super().solve(problem, budget=replace(budget, solution_limit=3), start=start)


def test_edits_of_a_day_are_counted(tmp_path: Path) -> None:
    """Each answer is in the row of its kind and in that of all; opening has one of its own."""
    streets = StreetMatrix(stand_in(nodes=400))
    with closing(fresh_store()) as store:
        plan = a_large_day(store, streets, Brief(), jobs=30, shifts=6)
        app = create_app(
            store,
            street_map=StreetMap(
                source=StreetSource(name="none", stand_in=True, attribution=""), classes=()
            ),
            web_dir=tmp_path,
            gate=ADMIN_GATE,
            now=lambda: PLANNED_AT,
            drafts=Drafts(store, streets=streets),
        )

        def ask(method: str, path: str, headers: Mapping[str, str], body: Any) -> tuple[int, Any]:
            answer = call(app, method, path, headers=headers, json=body)
            return answer.status, answer.json()

        rows = {row.what: row for row in run(ask, plan, edits=40)}
    kinds = set(rows) - {"all edits", "open"}
    assert {"move", "exclude"} <= kinds
    assert rows["all edits"].answers == sum(rows[kind].answers for kind in kinds)
    assert rows["open"].answers == 1
    assert all(0 < row.p50_s <= row.p99_s <= row.worst_s for row in rows.values())
