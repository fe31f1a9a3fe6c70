"""The daily work: take payloads in, make jobs, plan a day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dispatch.cli.shared import (
    DataOption,
    DateOption,
    MaybeDateOption,
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
from dispatch.cli.views import counted, jobs_table, print_verdict
from dispatch.cli.water import request_of
from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.job import Organisation
from dispatch.domain.signal import payload_of
from dispatch.intake.decoders import DECODERS
from dispatch.intake.files import body_of_file
from dispatch.intake.quality import describe
from dispatch.planning.solution import Budget
from dispatch.service.ingest import ingest, known_format
from dispatch.service.make_jobs import make_jobs
from dispatch.service.plan_together import plan_together, requests_of_all
from dispatch.service.workers import SolverProcess
from dispatch.sheets import plan_sheets

SHOWN_ISSUES = 20
"""So many reasons are printed; a broken file may have thousands of rows."""


@coded_errors
def ingest_file(
    file: Annotated[Path, typer.Argument(help="File of payloads (.gz is unpacked).")],
    format_name: Annotated[str, typer.Option("--format", help=f"One of {', '.join(DECODERS)}.")],
    data: DataOption = None,
) -> None:
    """Take one file in through the same door as every payload."""
    spare_the_collector()
    known_format(format_name)
    if not file.is_file():
        raise InvalidInput(
            Issue(code="C201", subject=str(file), cause="no such file", action="Check the path")
        )
    body = body_of_file(file.read_bytes(), file_name=file.name, format_name=format_name)
    payload = payload_of(body, format_name=format_name, received_at=now())
    with opened(settings_for(data).store_url) as store:
        result = ingest([payload], store=store)
        with store.read() as tx:
            kept_apart = tx.quarantine(payload_id=payload.id, limit=SHOWN_ISSUES)
    grades = ", ".join(
        f"{count} {describe(grade).en}" for grade, count in result.grades.most_common()
    )
    console.print(
        f"{result.stored} signals stored ({grades or 'none'}), "
        f"{counted(result.notices, 'notice', 'notices') + ', ' if result.notices else ''}"
        f"{result.duplicates} known already, "
        f"{counted(result.quarantined, 'entry', 'entries')} in quarantine"
    )
    for entry in kept_apart:
        console.print(escape(str(entry.issue)))


@coded_errors
def jobs(
    date: MaybeDateOption = None,
    make: Annotated[bool, typer.Option(help="Bring the jobs up to date first.")] = False,
    data: DataOption = None,
) -> None:
    """List the open jobs with their reasons."""
    settings = settings_for(data)
    moment = now()
    if date and not make:
        raise InvalidInput(
            Issue(
                code="C206",
                subject="--date",
                cause="open jobs are listed whatever their day",
                action="Give --make too, to make the jobs for that day",
            )
        )
    with opened(settings.store_url) as store:
        if make:
            day = (
                planning_day(date)
                if date
                else (moment.astimezone(BERLIN) + timedelta(days=1)).date()
            )
            request = request_of(settings, now=moment, day=day)
            changed = make_jobs(request, store=store)
            console.print(
                f"{len(changed.created)} new, {len(changed.updated)} changed, "
                f"{len(changed.unchanged)} as before, {len(changed.closed)} no longer needed"
            )
        with store.read() as tx:
            found = tx.open_jobs()
    console.print(jobs_table(found) if found else "No open jobs.")


@coded_errors
def plan(
    date: DateOption,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.1, help="Time for the search.")
    ] = None,
    organisation: Annotated[
        Organisation | None, typer.Option(help="Whose plan; without it, one after the other.")
    ] = None,
    sheets: Annotated[bool, typer.Option(help="Print the route sheets.")] = False,
    data: DataOption = None,
) -> None:
    """Plan a day from the open jobs and publish the plan of each organisation."""
    settings = settings_for(data)
    budget = Budget(time_limit_s=seconds or settings.solve_s)
    requests = requests_of_all(planning_day(date), now=now(), budget=budget)
    wanted = [one for one in requests if organisation in (None, one.organisation)]
    with opened(settings.store_url) as store, SolverProcess() as solver:
        streets = streets_of(settings)
        published = plan_together(
            wanted, store=store, streets=streets, solver=solver, rush=rush_of(streets)
        )
        with store.read() as tx:
            known = tx.jobs_by_id({job for plan in published for job in plan.job_ids})
    if sheets:
        for one in published:
            console.print(plan_sheets(one, known), markup=False, soft_wrap=True)
    print_verdict(published, known)
