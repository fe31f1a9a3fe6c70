"""`dispatch bench edit`: how long a dispatcher waits for what an edit does."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Annotated, Any

import typer
import uvicorn
from rich.table import Table

from dispatch.api.app import create_app
from dispatch.api.guard import AN_ADMIN, EverybodyIs
from dispatch.api.street_map import StreetMap
from dispatch.cli.shared import coded_errors, console, opened, rush_of
from dispatch.domain.plan import StreetSource
from dispatch.service.edit_plan import Drafts
from dispatch.service.workers import InProcess
from dispatch.store import Store
from graphs.street_matrix import StreetMatrix
from scenarios.bench import edits as edits_bench
from scenarios.streets import stand_in

NO_MAP = StreetMap(source=StreetSource(name="none", stand_in=True, attribution=""), classes=())


@coded_errors
def edit(
    jobs: Annotated[int, typer.Option(min=20, help="Jobs of the day.")] = 500,
    shifts: Annotated[int, typer.Option(min=6, help="Shifts of the day.")] = 30,
    edits: Annotated[int, typer.Option(min=10, help="Edits that are made.")] = 300,
    seconds: Annotated[float, typer.Option(min=0.1, help="Time for planning the day.")] = 10.0,
    database: Annotated[
        str | None, typer.Option(help="URL of an empty database; without it a file of SQLite.")
    ] = None,
) -> None:
    """Edit the plan of a large day over HTTP and print how long the answers took."""
    with TemporaryDirectory() as folder, console.status("planning a day, then editing it"):
        url = database or f"sqlite:///{Path(folder) / 'edits.sqlite'}"
        streets = StreetMatrix(stand_in())
        with opened(url) as store:
            plan = edits_bench.a_large_day(
                store, streets, InProcess(), jobs=jobs, shifts=shifts, seconds=seconds
            )
            with _served(store, streets) as port:
                rows = edits_bench.run(_asking(port), plan, edits=edits)
    table = Table(
        "What", "Answers", "p50", "p99", "Worst", "Work p50", "Goal", box=None, pad_edge=False
    )
    for row in rows:
        figures = (
            f"{1000 * value:.0f} ms" for value in (row.p50_s, row.p99_s, row.worst_s, row.work_s)
        )
        goal = "" if row.what == "open" else f"{1000 * edits_bench.GOAL_S:.0f} ms"
        table.add_row(row.what, str(row.answers), *figures, goal)
    console.print(table)


def _asking(port: int) -> edits_bench.Ask:
    """Return what asks the service over one connection that stays open."""
    connection = HTTPConnection("127.0.0.1", port)

    def ask(method: str, path: str, headers: Mapping[str, str], body: Any) -> tuple[int, Any]:
        sent = None if body is None else json.dumps(body).encode()
        told = {**headers, **({"Content-Type": "application/json"} if sent else {})}
        connection.request(method, path, body=sent, headers=told)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    return ask


@contextmanager
def _served(store: Store, streets: StreetMatrix) -> Iterator[int]:
    """Yield the port at which the service answers in a thread of this process."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.listen()  # who connects before the server is there waits
    with TemporaryDirectory() as web:
        app = create_app(
            store,
            street_map=NO_MAP,
            web_dir=Path(web),
            gate=EverybodyIs(AN_ADMIN),
            now=lambda: edits_bench.PLANNED_AT,
            drafts=Drafts(store, streets=streets, rush=rush_of(streets)),
        )
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()
