"""Who may call what: one row per endpoint, and none that is not here.

Which organisation's or crew's things somebody reaches is decided where they are read
(`Actor.must_reach`, `Actor.must_be_crew`).
"""

from collections.abc import Mapping

from dispatch.domain.access import Role

ADMIN, DISPATCHER, CREW = Role.ADMIN, Role.DISPATCHER, Role.CREW
SOURCE, READER = Role.SOURCE, Role.READER

PUBLIC: frozenset[Role] = frozenset()
"""Answers anybody, also who is not recognised."""

EVERYBODY = frozenset(Role)
PEOPLE = frozenset({ADMIN, DISPATCHER, CREW, READER})
OFFICE = frozenset({ADMIN, DISPATCHER, READER})
SENDERS = frozenset({ADMIN, SOURCE})
DESK = frozenset({ADMIN, DISPATCHER})

ACCESS: Mapping[tuple[str, str], frozenset[Role]] = {
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/api/v1/session/ways"): PUBLIC,
    ("GET", "/api/v1/session/oidc"): PUBLIC,
    ("GET", "/api/v1/session/oidc/callback"): PUBLIC,
    ("POST", "/api/v1/session"): PUBLIC,
    ("GET", "/api/v1/session"): EVERYBODY,
    ("DELETE", "/api/v1/session"): EVERYBODY,
    ("PUT", "/api/v1/session/password"): EVERYBODY,
    ("GET", "/api/v1/accounts"): frozenset({ADMIN}),
    ("POST", "/api/v1/accounts"): frozenset({ADMIN}),
    ("PATCH", "/api/v1/accounts/{account_id}"): frozenset({ADMIN}),
    ("GET", "/api/v1/tokens"): frozenset({ADMIN}),
    ("POST", "/api/v1/tokens"): frozenset({ADMIN}),
    ("DELETE", "/api/v1/tokens/{token_id}"): frozenset({ADMIN}),
    ("GET", "/readyz"): PUBLIC,
    # Asks itself whether it is this machine, or somebody who shows the token for it.
    ("GET", "/metrics"): PUBLIC,
    ("GET", "/api/v1/info"): PEOPLE,
    ("GET", "/api/v1/plans"): OFFICE,
    ("GET", "/api/v1/plans/{plan_id}"): OFFICE,
    ("GET", "/api/v1/plans/{plan_id}/jobs"): OFFICE,
    ("GET", "/api/v1/plans/{plan_id}/routes/{shift_id}"): OFFICE,
    ("GET", "/api/v1/plans/{plan_id}/geometry"): OFFICE,
    ("GET", "/api/v1/plans/{plan_id}/routes/{shift_id}/geometry"): OFFICE,
    ("GET", "/api/v1/days/{day}/plan"): OFFICE,
    ("GET", "/api/v1/days/{day}/plans"): OFFICE,
    ("POST", "/api/v1/plans/{plan_id}/publish"): DESK,
    ("POST", "/api/v1/plans/{plan_id}/close"): DESK,
    ("POST", "/api/v1/plans/{plan_id}/discard"): DESK,
    ("POST", "/api/v1/runs"): DESK,
    ("GET", "/api/v1/runs"): OFFICE,
    ("GET", "/api/v1/runs/{run_id}"): OFFICE,
    ("GET", "/api/v1/runs/{run_id}/events"): OFFICE,
    ("POST", "/api/v1/runs/{run_id}/cancel"): DESK,
    ("GET", "/api/v1/audit"): DESK,
    ("GET", "/api/v1/plans/{plan_id}/changes"): OFFICE,
    ("POST", "/api/v1/plans/{plan_id}/edit"): DESK,
    ("GET", "/api/v1/plans/{plan_id}/jobs/{job_id}/remedies"): DESK,
    ("GET", "/api/v1/drafts"): DESK,
    ("GET", "/api/v1/drafts/{draft_id}"): DESK,
    ("GET", "/api/v1/drafts/{draft_id}/geometry"): DESK,
    ("POST", "/api/v1/drafts/{draft_id}/edits"): DESK,
    ("POST", "/api/v1/drafts/{draft_id}/preview"): DESK,
    ("POST", "/api/v1/drafts/{draft_id}/undo"): DESK,
    ("POST", "/api/v1/drafts/{draft_id}/redo"): DESK,
    ("POST", "/api/v1/drafts/{draft_id}/plan"): DESK,
    ("DELETE", "/api/v1/drafts/{draft_id}"): DESK,
    ("GET", "/api/v1/drafts/{draft_id}/unassigned"): DESK,
    ("GET", "/api/v1/drafts/{draft_id}/jobs/{job_id}/remedies"): DESK,
    ("GET", "/api/v1/jobs"): OFFICE,
    ("GET", "/api/v1/jobs/{job_id}"): OFFICE,
    ("GET", "/api/v1/sites"): OFFICE,
    ("GET", "/api/v1/sites/{site_id}"): OFFICE,
    ("GET", "/api/v1/sites/{site_id}/signals"): OFFICE,
    ("PUT", "/api/v1/sites/{site_id}"): DESK,
    ("POST", "/api/v1/sites/import"): DESK,
    ("PUT", "/api/v1/devices/{device_id}"): DESK,
    ("GET", "/api/v1/crews"): OFFICE,
    ("GET", "/api/v1/crews/{crew_id}/route"): DESK | {CREW},
    ("GET", "/api/v1/crews/{crew_id}/geometry"): DESK | {CREW},
    ("GET", "/api/v1/crews/{crew_id}/progress"): OFFICE | {CREW},
    ("POST", "/api/v1/reports"): DESK | {CREW},
    ("GET", "/api/v1/reports"): OFFICE,
    ("GET", "/api/v1/reports/reasons"): PEOPLE,
    ("GET", "/api/v1/reports/refused"): DESK,
    ("PUT", "/api/v1/photos/{photo_id}"): frozenset({CREW}),
    ("GET", "/api/v1/photos/{photo_id}"): OFFICE | {CREW},
    ("POST", "/api/v1/pairings"): DESK,
    ("POST", "/api/v1/pairings/claim"): PUBLIC,
    ("GET", "/api/v1/pairings"): DESK,
    ("DELETE", "/api/v1/pairings/{pairing_id}"): DESK,
    ("POST", "/api/v1/positions"): frozenset({CREW}),
    ("GET", "/api/v1/positions"): DESK,
    ("GET", "/api/v1/quarantine"): DESK,
    ("GET", "/api/v1/quarantine/{entry_id}"): DESK,
    ("POST", "/api/v1/quarantine/replay"): DESK,
    ("POST", "/api/v1/ingest/{format_name}"): SENDERS,
    ("GET", "/api/v1/map/streets"): PEOPLE,
    ("GET", "/api/v1/plans/{plan_id}/routes/{shift_id}/sheet.pdf"): PEOPLE,
    ("GET", "/api/v1/plans/{plan_id}/routes/{shift_id}/sheet.gpx"): PEOPLE,
    ("GET", "/api/v1/plans/{plan_id}/routes/{shift_id}/sheet.geojson"): PEOPLE,
    ("GET", "/api/v1/plans/{plan_id}/routes/{shift_id}/sheet.ics"): PEOPLE,
    ("GET", "/api/v1/crews/{crew_id}/calendar.ics"): PEOPLE,
    ("POST", "/api/v1/crews/{crew_id}/calendar"): DESK,
    ("GET", "/api/v1/webhooks"): frozenset({ADMIN}),
    ("POST", "/api/v1/webhooks"): frozenset({ADMIN}),
    ("GET", "/api/v1/webhooks/{webhook_id}"): frozenset({ADMIN}),
    ("DELETE", "/api/v1/webhooks/{webhook_id}"): frozenset({ADMIN}),
    ("POST", "/api/v1/webhooks/{webhook_id}/secret"): frozenset({ADMIN}),
    ("POST", "/api/v1/webhooks/{webhook_id}/ping"): frozenset({ADMIN}),
    ("GET", "/api/v1/webhooks/{webhook_id}/deliveries"): frozenset({ADMIN}),
    ("POST", "/api/v1/webhooks/{webhook_id}/deliveries/{delivery}/retry"): frozenset({ADMIN}),
}
