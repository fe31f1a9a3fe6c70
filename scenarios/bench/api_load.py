"""A day's traffic on the service: tablets, the console, sensors, and a plan being made meanwhile.

The service is a process of its own; all clients are this one. Tablets ask every ten seconds whether
their route has changed and report something every thirty; the console looks every two seconds.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from dispatch.store import open_store
from scenarios.bench.api_city import make_api_day
from scenarios.bench.api_service import serving
from scenarios.bench.http_link import Book, Link, Reply
from scenarios.bench.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from scenarios.bench.api_city import ApiDay, Tablet

POLL_S, REPORT_EVERY = 10.0, 3
"""A tablet asks every ten seconds, and each third time it has something to report."""
CONSOLE_S = 2.0
MESSAGES_PER_S = 20
"""A city's sensors send some ten thousand messages a day: a hundredth of this."""
PLAN_EVERY_S = 30.0
GOAL_S = 0.1

READ, UNCHANGED, REPORT = "tablet: route, changed", "tablet: route, unchanged", "tablet: report"
CONSOLE, WHOLE, INGEST = "console: lists", "console: the whole plan", "sensors: message"
READS = (READ, UNCHANGED, CONSOLE)
"""What the goal is about; the whole plan of two hundred crews is a megabyte and told beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many tablets, for how many seconds, and whether a plan is made meanwhile."""

    tablets: int = 200
    seconds: float = 60.0
    plan: bool = True


class Clients:
    """All who ask the service at once, until the time is over."""

    def __init__(self, port: int, day: ApiDay, load: Load) -> None:
        self.book = Book()
        self.reported: set[str] = set()
        self.sent = 0
        self._port, self._day = port, day
        self.load = load
        self._end = 0.0

    async def run(self) -> dict[str, Any]:
        """Return the planning run that was asked for, as it ended."""
        self._end = time.perf_counter() + self.load.seconds
        office = Link(self._port, self._day.office_token, self.book)
        run = await self._plan(office) if self.load.plan else ""
        tasks: list[Coroutine[Any, Any, None]] = [
            self._tablet(number, tablet) for number, tablet in enumerate(self._day.tablets)
        ]
        tasks += [self._console(), self._sensors()]
        await asyncio.gather(*tasks)
        return await self._ended(office, run)

    def _over(self) -> bool:
        return time.perf_counter() >= self._end

    async def _pause(self, until: float) -> None:
        await asyncio.sleep(max(0.0, min(until, self._end) - time.perf_counter()))

    async def _tablet(self, number: int, tablet: Tablet) -> None:
        link, tag, turn = Link(self._port, tablet.token, self.book), "", 0
        at = time.perf_counter() + POLL_S * number / self.load.tablets
        path = f"/api/v1/crews/{tablet.crew_id}/route?day={self._day.day}"
        while True:
            await self._pause(at)
            if self._over():
                break
            reply = await link.ask(_kind, "GET", path, tag=tag, good=(200, 304))
            tag = reply.headers.get("etag", tag)
            if (number + turn) % REPORT_EVERY == 0 and turn // REPORT_EVERY < len(tablet.job_ids):
                await self._report(link, tablet, turn // REPORT_EVERY)
            turn += 1
            at += POLL_S
        await link.close()

    async def _report(self, link: Link, tablet: Tablet, job: int) -> None:
        now = datetime.now(UTC).isoformat()
        report = {
            "id": str(uuid4()),
            "kind": "done",
            "day": self._day.day.isoformat(),
            "happened_at": now,
            "job_id": tablet.job_ids[job],
            "plan_id": self._day.plan_id,
            "revision": 1,
        }
        body = json.dumps({"sent_at": now, "reports": [report]}).encode()
        reply = await link.ask(REPORT, "POST", "/api/v1/reports", body=body)
        if reply.status == 200:
            (verdict,) = json.loads(reply.body)["verdicts"]
            if verdict["answer"] == "accepted":
                self.reported.add(str(report["id"]))
            else:
                self.book.faults[REPORT] += 1
                self.book.examples.setdefault(REPORT, reply.body[:300].decode())

    async def _console(self) -> None:
        link = Link(self._port, self._day.office_token, self.book)
        at, whole_at = time.perf_counter(), time.perf_counter()
        while not self._over():
            for path in ("/api/v1/plans?limit=20", "/api/v1/jobs?limit=100", "/api/v1/runs"):
                await link.ask(CONSOLE, "GET", path)
            if time.perf_counter() >= whole_at:
                await link.ask(WHOLE, "GET", f"/api/v1/plans/{self._day.plan_id}")
                whole_at += PLAN_EVERY_S
            at += CONSOLE_S
            await self._pause(at)
        await link.close()

    async def _sensors(self) -> None:
        link = Link(self._port, self._day.source_token, self.book)
        begun = time.perf_counter()
        for number, body in enumerate(self._day.messages):
            await self._pause(begun + number / MESSAGES_PER_S)
            if self._over():
                break
            reply = await link.ask(INGEST, "POST", "/api/v1/ingest/chirpstack", body=body)
            self.sent += reply.status == 200
        await link.close()

    async def _plan(self, office: Link) -> str:
        """Ask for a plan of the parks' crews that is searched for as long as the rest lasts."""
        day = self._day.day + timedelta(days=1)
        while day.weekday() >= 5:
            day += timedelta(days=1)
        order = {
            "day": day.isoformat(),
            "organisation": "parks",
            "seconds": self.load.seconds / 2,
            "make_jobs": False,
        }
        body = json.dumps(order).encode()
        reply = await office.ask("run asked for", "POST", "/api/v1/runs", body=body, good=(202,))
        return str(json.loads(reply.body).get("id", "")) if reply.status == 202 else ""

    async def _ended(self, office: Link, run: str) -> dict[str, Any]:
        give_up = time.perf_counter() + 120
        found: dict[str, Any] = {"status": "not asked for"}
        while run and time.perf_counter() < give_up:
            reply = await office.ask("run looked at", "GET", f"/api/v1/runs/{run}")
            found = json.loads(reply.body)
            if found["status"] not in ("queued", "running", "waiting"):
                break
            await asyncio.sleep(1)
        await office.close()
        return found


def run(*, folder: Path, load: Load, url: str = "") -> Sheet:
    """Return what the clients met; on SQLite in `folder` unless a URL names a database."""
    url = url or f"sqlite:///{folder}/api.sqlite"
    store = open_store(url)
    now = datetime.now(UTC)
    day = make_api_day(
        store, now=now, tablets=load.tablets, messages=int(load.seconds * MESSAGES_PER_S) + 1
    )
    with store.read() as tx:
        payloads = tx.count_payloads()
    store.close()
    with serving(url, folder=folder) as service:
        clients = Clients(service.port, day, load)
        ended = asyncio.run(clients.run())
        used_s = service.processor_s()
    store = open_store(url)
    with store.read() as tx:
        kept = tx.count_payloads() - payloads
        crews = frozenset(tablet.crew_id for tablet in day.tablets)
        reports = {str(r.id) for r in tx.reports(day.day, crews=crews, limit=1_000_000)}
    store.close()
    lost = len(clients.reported - reports) + abs(kept - clients.sent)
    return sheet_of(clients, load, lost=lost, ended=ended, used_s=used_s)


def sheet_of(
    clients: Clients, load: Load, *, lost: int, ended: dict[str, Any], used_s: float
) -> Sheet:
    """Return what was measured as a table, and which goals were reached."""
    book = clients.book
    kinds = sorted(book.seconds, key=lambda kind: -len(book.seconds[kind]))
    reads = Book(seconds={"all": [s for kind in READS for s in book.seconds[kind]]})
    p99 = reads.p("all", 0.99)
    faults = sum(book.faults.values())
    told = "; ".join(f"{kind}: {text}" for kind, text in book.examples.items())
    return Sheet(
        title=f"{load.tablets} tablets, console, sensors, a plan being made: {load.seconds:.0f} s",
        columns=("what", "asked", "per s", "median ms", "p99 ms", "longest ms", "faults"),
        rows=tuple(_row(book, kind, load.seconds) for kind in kinds),
        goals=(
            (f"p99 of reads {1000 * p99:.0f} ms, goal {1000 * GOAL_S:.0f} ms", p99 < GOAL_S),
            (f"{faults} faults {told}".strip(), faults == 0),
            (f"{lost} of {len(clients.reported) + clients.sent} acknowledged lost", lost == 0),
            (
                f"the plan meanwhile: {ended['status']}",
                ended["status"] == "done" if load.plan else None,
            ),
            (f"processor time of the service {used_s / load.seconds:.2f} of a core", None),
        ),
    )


def _kind(reply: Reply) -> str:
    return UNCHANGED if reply.status == 304 else READ


def _row(book: Book, kind: str, seconds: float) -> tuple[str, ...]:
    times = book.seconds[kind]
    return (
        kind,
        str(len(times)),
        f"{len(times) / seconds:.1f}",
        f"{1000 * book.p(kind, 0.5):.1f}",
        f"{1000 * book.p(kind, 0.99):.1f}",
        f"{1000 * max(times):.1f}",
        str(book.faults.get(kind, 0)),
    )
