"""The demo: a day in Bochum from signals to served routes; and the service alone."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
import uvicorn

import dispatch
from dispatch.api.app import create_app
from dispatch.api.gate import Doorkeeper
from dispatch.api.metrics import Metrics
from dispatch.api.operations import Operations
from dispatch.api.street_map import StreetMap
from dispatch.cli.doors import by_console, parts_of, sign_in_of, warnings_at_start
from dispatch.cli.operating import inbox_figure, operations_of, webhook_part
from dispatch.cli.planner_process import PlannerProcess
from dispatch.cli.planning import limits_of
from dispatch.cli.receiving import MEGABYTE, receiving
from dispatch.cli.serving import Part, ending_in_order, running
from dispatch.cli.shared import (
    DataOption,
    DateOption,
    coded_errors,
    console,
    now,
    opened,
    planning_day,
    rush_of,
    settings_for,
    spare_the_collector,
    streets_of,
)
from dispatch.cli.views import print_verdict
from dispatch.domain.access import Role
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.plan import StreetSource
from dispatch.logs import set_up_logs
from dispatch.planning.solution import Budget
from dispatch.service.accounts import NewAccount, add_account
from dispatch.service.crews.positions import PositionRules
from dispatch.service.edit_plan import Drafts
from dispatch.service.inbox import Inbox
from dispatch.service.workers import SolverProcess
from dispatch.settings import Settings
from dispatch.sheets import plan_sheets
from dispatch.store import Store
from graphs.network import StreetNetwork
from graphs.street_matrix import StreetMatrix
from scenarios.day import DayRun, DaySettings, Tools, run_day
from scenarios.progress import Stopwatch
from scenarios.world import WorldSettings

# A Wednesday in a dry July: every kind of work is there.
DEMO_DAY = datetime(2026, 7, 15)  # noqa: DTZ001  # a date, as typer hands dates over
DEMO_DATABASE = Path("demo") / "dispatch.sqlite"
"""Below the data folder: the demo never touches the database of the city."""
END_S = 3
"""So long answers may take when the service ends; a page that follows a run would wait for ever."""
WEB_DIR = Path(dispatch.__file__).parent / "web"
COORDINATE_DIGITS = 5
"""About a metre: finer than a line on the map."""


@coded_errors
def demo(
    date: DateOption = DEMO_DAY,
    seconds: Annotated[float, typer.Option(min=0.1, help="Time for the search.")] = 15.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the world and of the search.")] = 44,
    serve_it: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the plan until Ctrl-C.")
    ] = True,
    data: DataOption = None,
) -> None:
    """Seed a world, take in thirty days of its payloads, plan the day, print it and serve it.

    The demo's own database (demo/ below the data folder) is made anew each time; a street graph
    that was built is used.
    """
    spare_the_collector()
    started = perf_counter()
    settings = settings_for(data)
    day = planning_day(date)
    door = listening(settings) if serve_it else None
    database = fresh_database(settings)
    watch = Stopwatch(console)
    with watch.step("Street graph"):
        streets = streets_of(settings)
        network = streets.network
    wanted = DaySettings(
        world=WorldSettings(today=day, seed=seed),
        day=day,
        signal_days=settings.history_days,
        budget=Budget(time_limit_s=seconds, seed=seed),
    )
    with opened(database) as store:
        with SolverProcess() as solver:
            tools = Tools(
                network=network,
                streets=streets,
                rush=rush_of(streets),
                store=store,
                solver=solver,
                reporter=watch,
            )
            run = run_day(wanted, tools)
        _print_day(run)
        console.print(f"From payloads to the published plans: {perf_counter() - started:.0f} s")
        if door is not None:
            _print_login(store, settings)
            parts = [PlannerProcess(settings, database, by_the_clock=False)]
            _serve(settings, store, streets, door, parts=parts)


@coded_errors
def serve(data: DataOption = None) -> None:
    """Serve plans, routes, jobs and sites, and the page that shows them."""
    settings = settings_for(data)
    set_up_logs(settings.log_format, settings.log_level)
    door = listening(settings)
    streets = streets_of(settings)
    with opened(settings.store_url) as store:
        metrics = Metrics()
        inbox, parts = receiving(settings, store, on_stored=metrics.signals_stored)
        metrics.ask(lambda: [inbox_figure(inbox)])
        parts += [
            PlannerProcess(settings, settings.store_url, by_the_clock=True),
            webhook_part(settings, store),
        ]
        watched = operations_of(settings, parts, metrics)
        _serve(settings, store, streets, door, parts=parts, inbox=inbox, operations=watched)


def street_map_of(network: StreetNetwork) -> StreetMap:
    """Return the network's lines by road class, for drawing."""
    lines: dict[str, list[tuple[tuple[float, float], ...]]] = {}
    longitudes = network.shape_lon.round(COORDINATE_DIGITS).tolist()
    latitudes = network.shape_lat.round(COORDINATE_DIGITS).tolist()
    offsets = network.shape_offset.tolist()
    for segment, (begin, end) in enumerate(pairwise(offsets)):
        highway = network.tags(segment).get("highway", "road")
        line = tuple(zip(longitudes[begin:end], latitudes[begin:end], strict=True))
        lines.setdefault(highway, []).append(line)
    return StreetMap(
        source=StreetSource(
            name=network.name, stand_in=network.stand_in, attribution=network.attribution
        ),
        classes=tuple((highway, tuple(found)) for highway, found in sorted(lines.items())),
    )


def listening(settings: Settings) -> socket.socket:
    """Return a socket bound to the address; raises InvalidInput C207 when it is taken."""
    # Said to be TCP, it gets answers out at once: asyncio turns Nagle's waiting off only then, and
    # 40 ms went by between the head and the body of an answer to a POST.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((settings.host, settings.port))
    except OSError as error:
        door.close()
        raise InvalidInput(
            Issue(
                code="C207",
                subject=f"{settings.host}:{settings.port}",
                cause=f"the service cannot listen there ({error.strerror})",
                action="Set DISPATCH_PORT to a free port, or end the program that has this one",
            )
        ) from error
    return door


def _serve(
    settings: Settings,
    store: Store,
    streets: StreetMatrix,
    door: socket.socket,
    *,
    parts: Sequence[Part] = (),
    inbox: Inbox | None = None,
    operations: Operations | None = None,
) -> None:
    sign_in = sign_in_of(settings)
    app = create_app(
        store,
        street_map=street_map_of(streets.network),
        web_dir=WEB_DIR,
        gate=Doorkeeper(store, sign_in, now),
        now=now,
        drafts=Drafts(store, streets=streets, rush=rush_of(streets)),
        run_limits=limits_of(settings),
        sign_in=sign_in,
        body_limit=settings.body_limit_mb * MEGABYTE,
        inbox=inbox,
        position_rules=PositionRules(on=settings.positions),
        operations=operations or operations_of(settings, parts, Metrics()),
    )
    for line in warnings_at_start(store, settings):
        console.print(line, soft_wrap=True)
    host, port = door.getsockname()[:2]
    console.print(f"Serving http://{host}:{port}/ until Ctrl-C")
    sys.stdout.flush()
    # Who asks is read from the headers of a proxy only where it is one of ours.
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        forwarded_allow_ips=settings.proxies,
        timeout_graceful_shutdown=END_S,
    )
    with ending_in_order(), running(parts):
        uvicorn.Server(config).run(sockets=[door])


def fresh_database(settings: Settings) -> str:
    """Return the URL of the demo's own database, the one of an earlier demo removed."""
    file = settings.data_dir / DEMO_DATABASE
    try:
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise InvalidInput(
            Issue(
                code="C204",
                subject=str(file),
                cause=f"the database of an earlier demo cannot be removed ({error.strerror})",
                action="Give a folder that can be written with --data",
            )
        ) from error
    return f"sqlite:///{file}"


def _print_login(store: Store, settings: Settings) -> None:
    """Make the demo's only account, with another password each time, and say it."""
    wish = NewAccount(login="demo", name="Demo", role=Role.ADMIN, temporary=False)
    account, password = add_account(wish, parts=parts_of(settings, store), done=by_console())
    console.print(f"Log in as {account.login} with the password {password}", soft_wrap=True)


def _print_day(run: DayRun) -> None:
    ingested = run.ingested
    open_jobs = (*run.jobs.created, *run.jobs.updated, *run.jobs.unchanged)
    known = {job.id: job for job in open_jobs}
    console.print()
    for plan in run.plans:
        console.print(plan_sheets(plan, known), markup=False, soft_wrap=True)
        console.print()
    console.print(
        f"{ingested.payloads} payloads: {ingested.stored} signals stored, "
        f"{ingested.duplicates} sent twice, {ingested.quarantined} in quarantine; "
        f"{sum(job.required for job in open_jobs)} must and "
        f"{sum(not job.required for job in open_jobs)} may jobs"
    )
    print_verdict(run.plans, known)
