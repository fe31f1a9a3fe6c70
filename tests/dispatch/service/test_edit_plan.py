"""Two services on one database edit one draft: no edit is lost, and both see the same."""

from __future__ import annotations

from contextlib import ExitStack, closing
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.draft import EditStatus
from dispatch.domain.edit import Edit, EditKind
from dispatch.domain.errors import Conflict
from dispatch.domain.ids import JobId
from dispatch.service.draft_memory import KEPT
from dispatch.service.edit_plan import DraftMoved, Drafts
from dispatch.store import open_store
from graphs.provider import CrowFlies
from tests.helpers.databases import fresh_store, fresh_url, postgresql_url
from tests.helpers.doors import an_actor
from tests.helpers.handmade import MADE_AT, a_glass_day

if TYPE_CHECKING:
    from pathlib import Path

    from dispatch.domain.ids import DraftId
    from dispatch.service.open_draft import DraftView

ROUNDS = 8


def toggled(draft: DraftView, job: str) -> Edit:
    """Return the edit that locks the job's stop, or unlocks it if it is locked."""
    locked = {draft.basis.rest.jobs[number].id for number in draft.sketch.locked}
    kind = EditKind.UNLOCK if job in locked else EditKind.LOCK
    return Edit(kind=kind, job_id=JobId(job))


def persist(drafts: Drafts, draft_id: DraftId, job: str) -> int:
    """Lock and unlock a stop so many times, each time as the draft is; return how often in vain."""
    actor, in_vain = an_actor(), 0
    view = drafts.look(draft_id, actor=actor)
    for _ in range(ROUNDS):
        while True:
            edit, version = toggled(view, job), view.draft.version
            try:
                view, _ = drafts.edit(draft_id, [edit], version=version, actor=actor, now=MADE_AT)
            except DraftMoved as moved:
                view, in_vain = moved.now, in_vain + 1
            else:
                break
    return in_vain


def edited_at_once(url: str) -> None:
    """Let two services edit one draft in the same moment, and look at what came of it."""
    with ExitStack() as stack:
        stores = [stack.enter_context(closing(open_store(url))) for _ in range(2)]
        plan = a_glass_day(stores[0])
        services = [Drafts(store, streets=CrowFlies()) for store in stores]
        draft_id = services[0].open(plan.id, actor=an_actor(), now=MADE_AT).draft.id
        ready, in_vain = Barrier(2), []

        def work(service: Drafts, job: str) -> None:
            ready.wait()
            in_vain.append(persist(service, draft_id, job))

        pairs = zip(services, ("g-0", "g-3"), strict=True)
        threads = [Thread(target=work, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(in_vain) == 2
        views = [service.look(draft_id, actor=an_actor()) for service in services]
        for view in views:
            assert view.draft.version == 1 + 2 * ROUNDS
            assert [edit.number for edit in view.edits] == list(range(1, 2 * ROUNDS + 1))
            assert {edit.edit.job_id for edit in view.edits} == {"g-0", "g-3"}
        assert views[0].edits == views[1].edits
        assert views[0].sketch == views[1].sketch


def test_two_services_lose_no_edit(tmp_path: Path) -> None:
    """Each of sixteen edits made at once is stored once, in one order, for both."""
    edited_at_once(fresh_url(tmp_path))


@pytest.mark.services
def test_two_services_on_postgresql_lose_no_edit() -> None:
    """Likewise on the database that a city has."""
    edited_at_once(postgresql_url())


def test_one_draft_is_finished_or_thrown_away_once() -> None:
    """Who comes second is told that it is closed (C612), whatever the version."""
    with closing(fresh_store()) as store:
        plan = a_glass_day(store)
        one, two = (Drafts(store, streets=CrowFlies()) for _ in range(2))
        view = one.open(plan.id, actor=an_actor(), now=MADE_AT)
        two.look(view.draft.id, actor=an_actor())
        one.discard(view.draft.id, version=1, actor=an_actor(), now=MADE_AT)
        with pytest.raises(Conflict, match="C612"):
            two.discard(view.draft.id, version=1, actor=an_actor(), now=MADE_AT)


def test_more_drafts_than_memory_holds() -> None:
    """The ones not used for long are built again when asked for, to the same."""
    with closing(fresh_store()) as store:
        plan = a_glass_day(store)
        drafts = Drafts(store, streets=CrowFlies())
        first = drafts.open(plan.id, actor=an_actor(), now=MADE_AT).draft.id
        edit = Edit(kind=EditKind.EXCLUDE, job_id=JobId("g-0"))
        before, _ = drafts.edit(first, [edit], version=1, actor=an_actor(), now=MADE_AT)
        for _ in range(KEPT):
            drafts.open(plan.id, actor=an_actor(), now=MADE_AT)
        after = drafts.look(first, actor=an_actor())
        assert after.sketch == before.sketch
        assert after.verdict == before.verdict
        assert [edit.status for edit in after.edits] == [EditStatus.DONE]
