"""Nobody gets past the door of an endpoint who has no business there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.routing import APIRoute

from dispatch.api.access_table import ACCESS
from dispatch.api.app import create_app
from dispatch.api.guard import EverybodyIs
from dispatch.domain.access import Role
from dispatch.domain.errors import NotAllowed
from dispatch.domain.ids import CrewId
from dispatch.domain.job import Organisation
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import call
from tests.helpers.doors import an_actor, early_morning

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.domain.access import Actor
    from dispatch.store import Store


def app_for(actor: Actor, store: Store, web_dir: Path) -> FastAPI:
    """Return the service as that actor finds it."""
    return create_app(
        store,
        street_map=STREET_MAP,
        web_dir=web_dir,
        gate=EverybodyIs(actor),
        now=early_morning,
    )


def test_every_endpoint_has_its_row_and_every_row_its_endpoint(app: FastAPI) -> None:
    """An endpoint that is forgotten in the table is nobody's; a row without one is a mistake."""
    operations = app.openapi()["paths"]
    served = {(method.upper(), path) for path, row in operations.items() for method in row}
    assert served == set(ACCESS)


@pytest.mark.parametrize("role", list(Role))
def test_who_has_no_right_is_told_so(role: Role, store: Store, web_dir: Path) -> None:
    """A role that is not in the row gets 403 and Z301, whatever it asks for."""
    app = app_for(an_actor(role), store, web_dir)
    for method, path in (row for row, roles in ACCESS.items() if roles and role not in roles):
        answer = call(app, method, path.replace("{", "").replace("}", ""))
        assert (answer.status, answer.json()["issues"][0]["code"]) == (403, "Z301"), path


def test_an_endpoint_without_a_row_is_nobodys(store: Store, web_dir: Path) -> None:
    """A new endpoint is closed until somebody decides who may call it."""
    app = app_for(an_actor(Role.ADMIN), store, web_dir)
    app.router.routes.insert(
        0,
        APIRoute("/api/v1/new", lambda: "secret", dependencies=app.router.dependencies),
    )
    assert call(app, "GET", "/api/v1/new").status == 403


def test_own_things_only() -> None:
    """A dispatcher reaches the own organisation, a device the own crew; an administrator all."""
    an_actor(Role.ADMIN).must_reach(Organisation.PARKS)
    an_actor(Role.DISPATCHER).must_reach(Organisation.USB)
    an_actor(Role.DISPATCHER).must_be_crew(CrewId("rot"))
    with pytest.raises(NotAllowed, match="Z302"):
        an_actor(Role.DISPATCHER).must_reach(Organisation.PARKS)
    with pytest.raises(NotAllowed, match="Z303"):
        an_actor(Role.CREW).must_be_crew(CrewId("rot"))


def test_a_device_is_paired_for_its_days_only() -> None:
    """A tablet that was paired for today cannot read tomorrow's route."""
    today = early_morning().date()
    device = an_actor(Role.CREW, first_day=today, last_day=today)
    device.must_be_crew(CrewId("blau"), today)
    with pytest.raises(NotAllowed, match="Z304"):
        device.must_be_crew(CrewId("blau"), today.replace(day=16))


def test_bound_roles_must_be_bound() -> None:
    """A dispatcher without an organisation or a device without a crew would reach everything."""
    with pytest.raises(ValueError, match="belongs to no organisation"):
        an_actor(Role.DISPATCHER, organisation=None)
    with pytest.raises(ValueError, match="belongs to no crew"):
        an_actor(Role.CREW, crew_id=None)
