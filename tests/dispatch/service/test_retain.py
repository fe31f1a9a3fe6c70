"""What is not kept for ever goes in time, and what refers to it still works."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.edit import Edit, EditKind
from dispatch.domain.errors import NotFound
from dispatch.domain.ids import JobId
from dispatch.service.edit_plan import Drafts
from dispatch.service.ingest import ingest
from dispatch.service.quarantine import Wanted, replay, waiting
from dispatch.service.retain import BATCH, RULES, retain
from dispatch.settings import Settings
from graphs.provider import CrowFlies
from tests.helpers.databases import fresh_store
from tests.helpers.doors import an_actor
from tests.helpers.handmade import MADE_AT, a_glass_day
from tests.helpers.payloads import a_payload
from tests.helpers.towns import NIGHT, an_uplink

if TYPE_CHECKING:
    from dispatch.store import Store

YEAR = timedelta(days=366)


def test_every_rule_has_its_setting() -> None:
    """Nothing is deleted but by a rule whose days an operator can set."""
    assert set(Settings().keep_days) == set(RULES)
    assert all(days > 0 for days in Settings().keep_days.values())


def test_bytes_are_erased_and_their_signals_stay(town: Store) -> None:
    """After the days that are set the body is gone; the signal and the digest are not."""
    uplink = an_uplink(900)
    assert ingest([uplink], store=town).stored == 3
    assert retain({"payloads": 366}, store=town, now=NIGHT + YEAR) == {"payloads": 0}
    later = NIGHT + YEAR + timedelta(days=1)
    assert retain({"payloads": 366}, store=town, now=later) == {"payloads": 1}
    assert retain({"payloads": 366}, store=town, now=later) == {"payloads": 0}
    with town.read() as tx:
        assert sum(tx.count_signals().values()) == 3
        with pytest.raises(NotFound, match="DB206"):
            tx.payload(uplink.id)
    again = ingest([uplink], store=town)
    assert (again.stored, again.duplicates) == (0, 3)
    with town.read() as tx, pytest.raises(NotFound, match="DB206"):
        tx.payload(uplink.id)


def test_nobody_replays_what_was_erased(town: Store) -> None:
    """What waited in quarantine goes with the bytes it speaks of."""
    stranger = an_uplink(900, dev_eui="24E124FFFFFFFFFF")
    assert ingest([stranger], store=town).quarantined == 1
    retain({"payloads": 1}, store=town, now=NIGHT + timedelta(days=2))
    assert waiting(Wanted(), store=town) == []
    assert replay(Wanted(), store=town, now=NIGHT).taken.payloads == 0


def test_a_pile_goes_in_many_small_transactions(town: Store) -> None:
    """However much there is, all of it goes in one run."""
    pile = [
        a_payload({"n": number}, format_name="ttn", received_at=NIGHT)
        for number in range(2 * BATCH + 1)
    ]
    ingest(pile, store=town)
    done = retain({"payloads": 1}, store=town, now=NIGHT + timedelta(days=2))
    assert done == {"payloads": 2 * BATCH + 1}


def test_drafts_go_when_their_day_is_long_over() -> None:
    """Open or thrown away, with all their changes; the plan and what the audit says stay."""
    with closing(fresh_store()) as store:
        plan = a_glass_day(store)
        desk, actor = Drafts(store, streets=CrowFlies()), an_actor()
        first, second = (desk.open(plan.id, actor=actor, now=MADE_AT).draft.id for _ in range(2))
        lock = Edit(kind=EditKind.LOCK, job_id=JobId("g-0"))
        desk.edit(first, [lock], version=1, actor=actor, now=MADE_AT)
        desk.discard(second, version=1, actor=actor, now=MADE_AT)
        over = datetime.combine(plan.day, time(), tzinfo=UTC) + timedelta(days=31)
        assert retain({"drafts": 30}, store=store, now=over - timedelta(seconds=1)) == {"drafts": 0}
        assert desk.look(first, actor=actor).draft.version == 2
        assert retain({"drafts": 30}, store=store, now=over) == {"drafts": 2}
        for gone in (first, second):
            with pytest.raises(NotFound, match="DB240"):
                desk.look(gone, actor=actor)
        with store.read() as tx:
            assert tx.draft_edits(first) == []
            assert tx.plan(plan.id).id == plan.id
            assert [entry.action for entry in tx.audit(subject=f"draft/{first}")] == [
                "draft.edited",
                "draft.opened",
            ]
        assert retain({"drafts": 30}, store=store, now=over) == {"drafts": 0}


def test_a_draft_of_a_day_gone_by_stays_while_it_is_new() -> None:
    """Whoever looks at an old day in a draft opened today keeps it as long as any other."""
    with closing(fresh_store()) as store:
        plan = a_glass_day(store)
        desk, late = Drafts(store, streets=CrowFlies()), MADE_AT + YEAR
        draft_id = desk.open(plan.id, actor=an_actor(), now=late).draft.id
        assert retain({"drafts": 30}, store=store, now=late) == {"drafts": 0}
        assert desk.look(draft_id, actor=an_actor()).draft.id == draft_id
        later = late + timedelta(days=30, seconds=1)
        assert retain({"drafts": 30}, store=store, now=later) == {"drafts": 1}


def test_zero_days_keep_for_ever(town: Store) -> None:
    """An operator may decide to delete nothing of a kind."""
    ingest([an_uplink(900)], store=town)
    assert retain({"payloads": 0}, store=town, now=NIGHT + 10 * YEAR) == {}
    with town.read() as tx:
        assert tx.count_payloads() == 1
