"""The book of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.domain.access import Role
from dispatch.domain.errors import Conflict
from dispatch.domain.job import Organisation
from tests.helpers.doors import an_actor
from tests.helpers.plans import a_plan, at

if TYPE_CHECKING:
    from dispatch.store import Store, Transaction

USB, PARKS = Organisation.USB, Organisation.PARKS
CHIEF, OF_USB = an_actor(Role.ADMIN), an_actor(Role.DISPATCHER)


def test_the_newest_change_comes_first_in_pages(city_store: Store) -> None:
    """Entries are counted up; the number of the last one leads to the page before."""
    with city_store.begin() as tx:
        for minute in range(5):
            tx.note(CHIEF, "job.cancelled", f"job/{minute}", {"n": minute}, at=at(minute))
        page = tx.audit(limit=2)
        rest = tx.audit(before=page[-1].number)
    assert [entry.subject for entry in page] == ["job/4", "job/3"]
    assert [entry.subject for entry in rest] == ["job/2", "job/1", "job/0"]
    assert (page[0].at, page[0].details) == (at(4), {"n": 4})
    assert (page[0].actor_id, page[0].actor_name, page[0].role) == (
        CHIEF.id,
        CHIEF.name,
        Role.ADMIN,
    )


def test_an_organisation_sees_its_own(city_store: Store) -> None:
    """An entry belongs to whose things were changed, or to the actor's organisation."""
    with city_store.begin() as tx:
        tx.note(CHIEF, "plan.published", "plan/p", at=at(0), organisation=PARKS)
        tx.note(OF_USB, "job.cancelled", "job/1", at=at(1))
        tx.note(CHIEF, "token.issued", "token/1", at=at(2))
        assert [entry.subject for entry in tx.audit(organisation=USB)] == ["job/1"]
        assert [entry.subject for entry in tx.audit(organisation=PARKS)] == ["plan/p"]
        assert len(tx.audit()) == 3


def test_a_change_that_fails_leaves_no_entry(city_store: Store) -> None:
    """The entry is part of the change."""

    def fail(tx: Transaction) -> None:
        tx.note(CHIEF, "plan.published", "plan/p", at=at(0))
        tx.add_plan(a_plan(revision=0))

    with pytest.raises(Conflict, match="DB103"), city_store.begin() as tx:
        fail(tx)
    with city_store.read() as tx:
        assert tx.audit() == []
