"""Editing by hand, timed from request to answer: a day of 500 jobs and 30 shifts."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, NamedTuple

from dispatch.domain.city import City
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import JobId, PartId, SiteId
from dispatch.domain.job import Dimension, Job, JobKind, Load, Organisation, Skill
from dispatch.domain.site import Container, GlassBank, GlassColour, Site
from dispatch.domain.text import Text
from dispatch.planning.solution import Budget
from dispatch.service.plan_day import PlanRequest, plan_day
from graphs.sampling import sample_on_streets
from scenarios.crews import CREW_TYPES, make_fleet
from scenarios.places import BOCHUM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.domain.fleet import Fleet
    from dispatch.domain.plan import Plan
    from dispatch.service.workers import Solver
    from dispatch.store import Store
    from graphs.street_matrix import StreetMatrix

DAY = date(2026, 7, 15)
PLANNED_AT = datetime(2026, 7, 14, 18, tzinfo=UTC)
GOAL_S = 0.1

Ask = Callable[[str, str, Mapping[str, str], Any], tuple[int, Any]]
"""Method, path, headers and a body (None: none) in; status and the answer read as JSON out."""

KINDS = (
    *((JobKind.WATER, Skill.WATERING, Load(dimension=Dimension.WATER_L, amount=200)),) * 6,
    *((JobKind.BAIT, Skill.RODENTICIDE, Load(dimension=Dimension.BAIT_ITEMS, amount=4)),) * 3,
    (JobKind.CHECK, Skill.POND_CARE, None),
)
"""What there is to do, by how much of it: trees, manholes, ponds."""


class Row(NamedTuple):
    """What was asked, how often, and how long the answers took, in seconds.

    `work_s` is the processor time of asker and service, the median: it does not depend on what else
    the machine does.
    """

    what: str
    answers: int
    p50_s: float
    p99_s: float
    worst_s: float
    work_s: float


def a_large_day(
    store: Store,
    streets: StreetMatrix,
    solver: Solver,
    *,
    jobs: int = 500,
    shifts: int = 30,
    seconds: float = 10.0,
) -> Plan:
    """Store a city with such a day of the parks, plan it, and return the plan in force."""
    points = sample_on_streets(streets.network, count=jobs + 12, seed=1)
    places = [LatLon(point.lat, point.lon) for point in points]
    sites = tuple(_site(number, place) for number, place in enumerate(places[12:]))
    with store.begin() as tx:
        tx.save_city(
            City(name="Bochum", sites=sites, devices=(), fleet=_fleet(shifts, places[:12]))
        )
        tx.save_jobs([_job(number, site) for number, site in enumerate(sites)])
    request = PlanRequest(
        day=DAY,
        organisation=Organisation.PARKS,
        now=PLANNED_AT,
        budget=Budget(time_limit_s=seconds, seed=1),
    )
    return plan_day(request, store=store, streets=streets, solver=solver)


def run(ask: Ask, plan: Plan, *, edits: int = 300, seed: int = 1) -> list[Row]:
    """Return how long edits of every kind take, one after the other on one draft."""
    hand = _Hand(ask, plan, random.Random(seed))  # noqa: S311  # which edits are tried
    for _ in range(edits):
        hand.one_more()
    everything = [taken for answers in hand.taken.values() for taken in answers]
    rows = [_row(what, answers) for what, answers in sorted(hand.taken.items())]
    return [*rows, _row("all edits", everything), _row("open", [hand.opened])]


class _Answer(NamedTuple):
    """How long an answer took by the clock, and of processor time."""

    clock_s: float
    work_s: float


class _Hand:
    """Somebody who edits a draft at random, as the draft is."""

    def __init__(self, ask: Ask, plan: Plan, rng: random.Random) -> None:
        self._ask, self._rng = ask, rng
        self.taken: dict[str, list[_Answer]] = {}
        began = _Answer(perf_counter(), process_time())
        status, told = ask("POST", f"/api/v1/plans/{plan.id}/edit", {}, None)
        self.opened = _since(began)
        _must_be(status, 201, told)
        self._path, self._version = f"/api/v1/drafts/{told['id']}", told["version"]
        self._shifts = [route["shift_id"] for route in told["routes"]]
        self._on = {
            stop["job_id"]: route["shift_id"]
            for route in told["routes"]
            for stop in route["stops"]
            if stop["job_id"]
        }
        self._left = set(told["left_job_ids"])

    def one_more(self) -> None:
        """Make one edit, or look at one."""
        kind = self._rng.choice(
            ("move", "move", "move there", "exclude", "add", "lock", "preview", "undo", "redo")
        )
        body = self._body(kind)
        action = kind if kind in ("preview", "undo", "redo") else "edits"
        headers = {"If-Match": f'"{self._version}"'}
        began = _Answer(perf_counter(), process_time())
        status, told = self._ask("POST", f"{self._path}/{action}", headers, body)
        passed = _since(began)
        if status in (409, 422):
            # Locked, or nothing to do again: an answer too, but not the one that is measured.
            return
        _must_be(status, 200, told)
        self.taken.setdefault(kind, []).append(passed)
        if kind != "preview":
            self._version = told["draft"]["version"]
            self._note(told["effect"])

    def _body(self, kind: str) -> Any:
        job = self._rng.choice(sorted(self._on))
        shift = self._rng.choice(self._shifts)
        if kind in ("undo", "redo"):
            return None
        if kind == "add":
            job = self._rng.choice(sorted(self._left) or [job])
        edit: dict[str, Any] = {"kind": kind, "job_id": job}
        if kind in ("move", "preview"):
            edit |= {"kind": "move", "shift_id": shift}
        if kind == "move there":
            edit |= {"kind": "move", "shift_id": shift, "position": self._rng.randrange(4)}
        return {"edits": [edit]}

    def _note(self, effect: Any) -> None:
        for route in effect["routes"]:
            for stop in route["stops"]:
                if stop["job_id"]:
                    self._on[stop["job_id"]] = route["shift_id"]
        self._left = set(effect["left_job_ids"])
        for job in self._left:
            self._on.pop(job, None)


def _since(began: _Answer) -> _Answer:
    return _Answer(perf_counter() - began.clock_s, process_time() - began.work_s)


def _row(what: str, answers: Sequence[_Answer]) -> Row:
    ordered = sorted(answer.clock_s for answer in answers)
    return Row(
        what=what,
        answers=len(ordered),
        p50_s=ordered[len(ordered) // 2],
        p99_s=ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
        worst_s=ordered[-1],
        work_s=sorted(answer.work_s for answer in answers)[len(answers) // 2],
    )


def _must_be(status: int, wanted: int, told: Any) -> None:
    if status != wanted:
        message = f"the service answered {status}: {told}"
        raise RuntimeError(message)


def _site(number: int, place: LatLon) -> Site:
    part = Container(id=PartId(f"p-{number}"), colour=GlassColour.WHITE, volume_l=3000)
    return Site(
        id=SiteId(f"s-{number}"),
        name=f"Platz {number}",
        location=place,
        asset=GlassBank(containers=(part,)),
    )


def _job(number: int, site: Site) -> Job:
    kind, skill, load = KINDS[number % len(KINDS)]
    return Job(
        id=JobId(f"j-{number}"),
        site_id=site.id,
        site_name=site.name,
        location=site.location,
        kind=kind,
        loads=() if load is None else (load,),
        service_s=300 + 60 * (number % 7),
        setup_s=60,
        windows=(),
        skills=frozenset({skill}),
        required=number % 9 == 0,
        leave_price_ct=4_000 + 500 * (number % 5),
        reason=Text(de="fällig", en="due"),
        created_at=PLANNED_AT,
        updated_at=PLANNED_AT,
        organisation=Organisation.PARKS,
    )


def _fleet(shifts: int, places: Sequence[LatLon]) -> Fleet:
    """Return crews of the parks: of three, one is there for sewers, and of six, one for ponds."""
    shares = {"gruen": shifts - shifts // 3 - shifts // 6, "kanal": shifts // 3}
    shares["teich"] = shifts // 6
    lines = (replace(line, count=shares[line.key]) for line in CREW_TYPES if line.key in shares)
    fleet = make_fleet(BOCHUM, tuple(lines))
    spare = iter(places)
    return replace(
        fleet,
        depots=tuple(replace(depot, location=next(spare)) for depot in fleet.depots),
        facilities=tuple(replace(place, location=next(spare)) for place in fleet.facilities),
    )
