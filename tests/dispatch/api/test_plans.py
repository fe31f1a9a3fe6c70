"""Plans over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.domain.job import Organisation
from tests.helpers.asgi import call
from tests.helpers.plans import DAY, a_plan

if TYPE_CHECKING:
    from fastapi import FastAPI

    from dispatch.store import Store

SHIFT = f"glas@{DAY.isoformat()}"


def test_plan_in_force(app: FastAPI) -> None:
    """The plan of a day comes with its sums, bill, routes and reasons, but without lines."""
    answer = call(app, "GET", f"/api/v1/days/{DAY.isoformat()}/plan?organisation=usb")
    plan = answer.json()
    assert answer.status == 200
    assert (plan["id"], plan["revision"], plan["day"]) == ("plan-1", 1, DAY.isoformat())
    assert (plan["cost_ct"], plan["jobs_served"]) == (11_000, 2)
    assert (plan["distance_m"], plan["travel_s"]) == (8000, 1200)
    assert (plan["service_s"], plan["wait_s"]) == (720, 60)
    assert plan["bill"][0] == {
        "code": "crews",
        "label": {"de": "Löhne", "en": "Wages"},
        "amount_ct": 9000,
    }
    assert plan["unassigned"] == [
        {
            "job_id": "job-3",
            "code": "price",
            "text": {"de": "zu weit", "en": "too far"},
            "further": ["no_room"],
            "remedies": [
                {
                    "shift_id": SHIFT,
                    "changes": [
                        {"kind": "capacity", "amount": 300, "dimension": "water_l"},
                        {"kind": "price", "amount": 150, "dimension": None},
                    ],
                    "text": {"de": "mit mehr Platz und Geld", "en": "with more room and money"},
                }
            ],
            "sought": True,
        }
    ]
    assert plan["violations"][0]["code"] == "V999"
    assert plan["streets"]["stand_in"] is True
    assert "geometry" not in answer.body.decode()


def test_stop_is_told_in_full(app: FastAPI) -> None:
    """A stop tells kind, place in GeoJSON order, aware times, what is on board and its drive."""
    route = call(app, "GET", f"/api/v1/plans/plan-1/routes/{SHIFT}").json()
    start, work, _end = route["stops"]
    assert (route["crew_name"], route["vehicle_name"]) == ("Kolonne Größ", "Glaslaster")
    assert (start["travel_s"], start["distance_m"], start["job_id"]) == (None, None, None)
    assert work == {
        "kind": "job",
        "name": "Hüttenstraße",
        "location": [7.2201, 51.47],
        "arrives_at": "2026-10-24T04:15:00Z",
        "starts_at": "2026-10-24T04:15:00Z",
        "departs_at": "2026-10-24T04:25:00Z",
        "loads": [{"dimension": "green_glass_l", "amount": 1500}],
        "job_id": "job-1",
        "facility_id": None,
        "travel_s": 300,
        "distance_m": 2000,
    }


def test_one_revision(app: FastAPI) -> None:
    """A revision is found by its id and equals the plan in force when it is the one."""
    by_id = call(app, "GET", "/api/v1/plans/plan-1")
    assert by_id.status == 200
    assert (
        by_id.json()
        == call(app, "GET", f"/api/v1/days/{DAY.isoformat()}/plan?organisation=usb").json()
    )


def test_plans_of_a_day(app: FastAPI, store: Store) -> None:
    """Every organisation's plan in force comes in full; a day without plans is an empty list."""
    parks = a_plan("plan-p", organisation=Organisation.PARKS)
    with store.begin() as tx:
        tx.add_plan(parks)
        tx.set_current(parks)
    plans = call(app, "GET", f"/api/v1/days/{DAY.isoformat()}/plans").json()
    assert [(plan["id"], plan["organisation"]) for plan in plans] == [
        ("plan-p", "parks"),
        ("plan-1", "usb"),
    ]
    assert plans[1] == call(app, "GET", "/api/v1/plans/plan-1").json()
    assert call(app, "GET", "/api/v1/days/2026-12-24/plans").json() == []


def test_list_leaves_routes_out(app: FastAPI, store: Store) -> None:
    """The list has the newest revision first, says which one counts, and carries no routes."""
    with store.begin() as tx:
        tx.add_plan(a_plan("plan-2", revision=2))
    heads = call(app, "GET", "/api/v1/plans").json()
    assert [(head["id"], head["in_force"]) for head in heads] == [
        ("plan-2", False),
        ("plan-1", True),
    ]
    assert heads[1]["cost_ct"] == 11_000
    assert (heads[1]["jobs_unassigned"], heads[1]["violations"]) == (1, 1)
    assert "routes" not in heads[0]
    assert len(call(app, "GET", "/api/v1/plans?limit=1").json()) == 1


def test_geometry_of_a_drawn_route(app: FastAPI) -> None:
    """A route is one line along its drives, joined without doubled points, and a point per stop."""
    answer = call(app, "GET", f"/api/v1/plans/plan-1/routes/{SHIFT}/geometry").json()
    line, *points = answer["features"]
    assert answer["type"] == "FeatureCollection"
    assert line["geometry"]["type"] == "LineString"
    assert line["geometry"]["coordinates"] == [
        [7.2, 51.47],
        [7.21, 51.47],
        [7.22, 51.47],
        [7.2, 51.47],
    ]
    assert line["properties"] == {"shift_id": SHIFT, "crew_id": "glas", "on_streets": True}
    assert [point["properties"]["kind"] for point in points] == ["start", "job", "end"]
    assert points[1]["geometry"] == {"type": "Point", "coordinates": [7.2201, 51.47]}
    assert (points[1]["properties"]["place"], points[1]["properties"]["job_id"]) == (1, "job-1")


def test_undrawn_route_says_so(app: FastAPI) -> None:
    """Where no drive was drawn the line goes straight from stop to stop and is marked."""
    features = call(app, "GET", "/api/v1/plans/plan-1/geometry").json()["features"]
    drawn, straight = (f for f in features if f["geometry"]["type"] == "LineString")
    assert drawn["properties"]["on_streets"] is True
    assert straight["properties"]["on_streets"] is False
    assert straight["geometry"]["coordinates"] == [[7.2, 51.47], [7.2201, 51.47], [7.2, 51.47]]
    assert len(features) == 2 + 6


def test_jobs_of_a_plan(app: FastAPI) -> None:
    """The jobs a plan names come in the order of work, those left out last."""
    jobs = call(app, "GET", "/api/v1/plans/plan-1/jobs").json()
    assert [job["id"] for job in jobs] == ["job-1", "job-2", "job-3"]


def test_plan_without_routes(app: FastAPI, store: Store) -> None:
    """A plan may be empty: no line, no stop, sums of zero."""
    with store.begin() as tx:
        tx.add_plan(a_plan("leer", revision=2, routes=(), unassigned=(), bill=()))
    assert call(app, "GET", "/api/v1/plans/leer/geometry").json()["features"] == []
    assert call(app, "GET", "/api/v1/plans/leer").json()["jobs_served"] == 0
    assert call(app, "GET", "/api/v1/plans/leer/jobs").json() == []


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/plans/nope",
        "/api/v1/plans/nope/geometry",
        "/api/v1/plans/nope/jobs",
        "/api/v1/plans/plan-1/routes/nope",
        "/api/v1/plans/plan-1/routes/nope/geometry",
        "/api/v1/days/2026-10-25/plan?organisation=usb",
        "/api/v1/days/2026-10-24/plan?organisation=parks",
    ],
)
def test_unknown_plan_or_route(app: FastAPI, path: str) -> None:
    """What is not there is a coded 404 that names it."""
    answer = call(app, "GET", path)
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    (issue,) = answer.json()["issues"]
    assert "nope" in issue["subject"] or "2026-10-2" in issue["subject"]


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        ("/api/v1/days/2026-13-01/plan?organisation=usb", "path day"),
        ("/api/v1/days/heute/plan?organisation=usb", "path day"),
        ("/api/v1/days/1784073600/plan?organisation=usb", "path day"),
        ("/api/v1/days/2026-10-24/plan?organisation=post", "query organisation"),
        ("/api/v1/crews/glas/route?day=0", "query day"),
        ("/api/v1/sites/glass-1/signals?since=-5", "query since"),
        ("/api/v1/plans?limit=0", "query limit"),
        ("/api/v1/plans?limit=101", "query limit"),
        ("/api/v1/plans?limit=many", "query limit"),
    ],
)
def test_bad_date_or_limit(app: FastAPI, path: str, subject: str) -> None:
    """A value that cannot be used is a coded 422 that names the parameter."""
    answer = call(app, "GET", path)
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    (issue,) = answer.json()["issues"]
    assert (issue["code"], issue["subject"]) == ("A101", subject)
