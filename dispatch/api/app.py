"""The service: reads of the store as JSON, and the page that shows them."""

from __future__ import annotations

from secrets import token_bytes
from typing import TYPE_CHECKING, Any

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles

from dispatch import __version__
from dispatch.api import (
    audit,
    health,
    info,
    ingest,
    jobs,
    map,
    plan_changes,
    plans,
    quarantine,
    register,
    runs,
    sheets,
    sites,
    webhooks,
)
from dispatch.api.by_hand import BY_HAND
from dispatch.api.document import completed
from dispatch.api.doors import DOORS
from dispatch.api.drafts import answer_moved
from dispatch.api.errors import install_error_handlers
from dispatch.api.guard import guard
from dispatch.api.headers import SecurityHeaders
from dispatch.api.limits import BODY_LIMIT, BodyLimit
from dispatch.api.observe import Observed
from dispatch.api.operations import Operations
from dispatch.api.sign_in import SignIn
from dispatch.api.tablets import TABLETS
from dispatch.service.crews.positions import PositionRules
from dispatch.service.edit_plan import DraftMoved
from dispatch.service.figures import figures_of
from dispatch.service.inbox import Inbox
from dispatch.service.passwords import Passwords
from dispatch.service.runs.orders import RunLimits

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from dispatch.api.guard import Gate
    from dispatch.api.street_map import StreetMap
    from dispatch.service.edit_plan import Drafts
    from dispatch.store import Store

SUBJECTS = (
    *(health, info, plans, plan_changes, runs, jobs, sites, register),
    *(ingest, quarantine, map, audit, sheets, webhooks),
)

NO_POSITIONS = PositionRules()


class DispatchApi(FastAPI):
    """FastAPI whose OpenAPI document tells who may call, and errors as they are."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = completed(super().openapi())
        return self.openapi_schema


def create_app(
    store: Store,
    *,
    street_map: StreetMap,
    web_dir: Path,
    gate: Gate,
    now: Callable[[], datetime],
    drafts: Drafts | None = None,
    run_limits: RunLimits | None = None,
    sign_in: SignIn | None = None,
    body_limit: int = BODY_LIMIT,
    position_rules: PositionRules = NO_POSITIONS,
    inbox: Inbox | None = None,
    operations: Operations | None = None,
) -> FastAPI:
    """Return the service over an open store; the caller closes the store.

    `gate` recognises who calls, `now` is the clock (aware times), `sign_in` how people log in
    (without it: passwords, over HTTPS). `web_dir` holds the page (index.html and what it names);
    raises RuntimeError without it. `body_limit` is in bytes. `position_rules` say
    whether the places of crews are kept. `inbox` takes payloads in, by default each with its
    own commit. `operations` are its checks and metrics.
    Without `drafts`, which need streets, no plan can be opened for editing.
    """
    sign_in = sign_in or SignIn(passwords=Passwords(token_bytes))
    app = DispatchApi(
        title="Bochum Dispatch",
        version=__version__,
        description="Plans, routes, jobs and signals of municipal field crews.",
        # The usual pages for trying out an API load their scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(guard)],
    )
    app.state.store = store
    app.state.gate = gate
    app.state.now = now
    app.state.drafts = drafts
    app.state.run_limits = run_limits or RunLimits()
    app.state.random_bytes = token_bytes
    app.state.sign_in = sign_in
    app.state.position_rules = position_rules
    app.state.inbox = inbox or Inbox(store)
    app.state.body_limit = body_limit
    app.state.operations = operations = operations or Operations()
    operations.metrics.ask(lambda: figures_of(store))
    app.state.street_source = street_map.source
    app.state.main_streets = street_map.main_lines
    app.state.street_document = map.street_document(street_map)
    install_error_handlers(app)
    app.add_exception_handler(DraftMoved, answer_moved)
    app.add_middleware(BodyLimit, limit=body_limit)
    app.add_middleware(SecurityHeaders, https=sign_in.public_url.startswith("https:"))
    app.add_middleware(Observed, metrics=operations.metrics, random_bytes=operations.random_bytes)
    for subject in (*DOORS, *SUBJECTS, *BY_HAND, *TABLETS):
        app.include_router(subject.router)
    # Last, so that it gets only what no endpoint answers.
    app.mount("/", StaticFiles(directory=web_dir, html=True), name="web")
    return app
