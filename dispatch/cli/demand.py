"""Demand on trial: a past season's files as time passes, and the jobs they would have made."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from pydantic import TypeAdapter, ValidationError
from rich.markup import escape
from rich.table import Table

from dispatch.cli.shared import (
    coded_errors,
    console,
    errors,
    opened,
    spare_the_collector,
)
from dispatch.cli.views import counted
from dispatch.domain.city import City
from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.fleet import Fleet
from dispatch.domain.signal import Grade
from dispatch.intake.decoders import DECODERS
from dispatch.service.ingest import ingest, known_format
from dispatch.service.replay import ReplayedJob, ReplayRequest, replay
from dispatch.service.replay_files import Register, check_span, payloads_of, register_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dispatch.domain.signal import Payload, QuarantineEntry, Signal
    from dispatch.store import Store

app = typer.Typer(help="What sites need, tried on data of the past.", no_args_is_help=True)

IN_MEMORY: Final = "sqlite://"
NEVER: Final = "never"
SHOWN_ISSUES: Final = 20
SUFFIXES: Final = (".csv", ".json", ".gz", ".txt")
"""In a folder only files that end so are taken; a file that is named is always taken."""

NOTES: Final = ("SOURCE.txt", "README.txt")

COLUMNS: Final = (
    *("at", "kind", "device_id", "site_id", "must", "latest", "price_eur_per_day", "reason"),
    *("must_from", "ended", "ended_at"),
)

_DAY: Final = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]


@app.callback()
def demand() -> None:
    """Try on data of the past what sites need."""


@app.command("replay")
@coded_errors
def replay_files(
    sources: Annotated[list[Path], typer.Argument(help="Files, or folders of files.")],
    since: Annotated[datetime, typer.Option("--from", formats=_DAY, help="Begin, Bochum time.")],
    until: Annotated[
        datetime, typer.Option("--to", formats=_DAY, help="End; a day without time is included.")
    ],
    out: Annotated[Path, typer.Option("--out", help="CSV file to write, one row per job.")],
    format_name: Annotated[
        str | None, typer.Option("--format", help=f"One of {', '.join(DECODERS)}; else guessed.")
    ] = None,
    sites: Annotated[
        Path | None, typer.Option(help="Register as JSON; else one site for each device.")
    ] = None,
    done_after: Annotated[
        str, typer.Option(help="Hours from asking until a job is done, or never.")
    ] = "3",
    every: Annotated[int, typer.Option(min=1, help="Minutes from one look to the next.")] = 60,
    history_days: Annotated[int, typer.Option(min=1, help="Days that the rules see.")] = 30,
) -> None:
    """Feed files through intake and demand as time passes, and write the jobs."""
    spare_the_collector()
    request = ReplayRequest(
        since=since.replace(tzinfo=BERLIN),
        until=_end_of(until),
        every=timedelta(minutes=every),
        offset=timedelta(minutes=min(50, every)),
        done_after=_hours(done_after),
        history_days=history_days,
    )
    _check_out(out)
    with opened(IN_MEMORY) as store:
        kept_apart = _take_in(_files(sources), format_name, sites, request=request, store=store)
        steps = sum(1 for _ in request.moments())
        with console.status("making jobs") as status:
            jobs = replay(
                request,
                store=store,
                on_progress=lambda done: status.update(f"making jobs, {100 * done // steps} %"),
            )
        _write(jobs, out)
        _tell(jobs, store, kept_apart, out)


def _end_of(moment: datetime) -> datetime:
    local = moment.replace(tzinfo=BERLIN)
    return local if local.time() != datetime.min.time() else local + timedelta(days=1)


def _hours(text: str) -> timedelta | None:
    if text.casefold() == NEVER:
        return None
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 < hours < 10_000:
        raise _bad("C221", f"--done-after {text}", "not a number of hours", "Give 3, or never")
    return timedelta(hours=hours)


def _bad(code: str, subject: str, cause: str, action: str) -> InvalidInput:
    return InvalidInput(Issue(code=code, subject=subject, cause=cause, action=action))


def _check_out(out: Path) -> None:
    """Raise InvalidInput C209 before the long part for a file that could not be written after."""
    if out.is_dir() or not out.parent.is_dir():
        raise _bad(
            "C209", str(out), "it is a folder, or its folder is missing", "Give another file"
        )


def _files(sources: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file; raises InvalidInput C201 for one that is not there."""
    found: list[Path] = []
    for source in sources:
        inside = (
            [path for path in sorted(source.rglob("*")) if _is_payload(path)]
            if source.is_dir()
            else [source]
        )
        if not inside or not inside[0].is_file():
            raise _bad("C201", str(source), "no such file, or nothing in it", "Check the path")
        found += inside
    for path in found:
        yield path.name, path.read_bytes()


def _is_payload(path: Path) -> bool:
    return path.is_file() and path.suffix.casefold() in SUFFIXES and path.name not in NOTES


def _take_in(
    files: Iterator[tuple[str, bytes]],
    format_name: str | None,
    sites: Path | None,
    *,
    request: ReplayRequest,
    store: Store,
) -> list[QuarantineEntry]:
    """Take the files in through the door of every payload; return what could not be used."""
    if format_name is not None:
        known_format(format_name)
    register = _register(sites) if sites is not None else None
    payloads: list[Payload] = []
    seen: list[Signal] = []
    issues: list[Issue] = []
    notices = 0
    with console.status("reading files"):
        for payload, found in payloads_of(files, format_name=format_name, since=request.since):
            payloads.append(payload)
            seen += found.signals
            notices += len(found.notices)
            issues += found.issues
    register = register or register_of(seen)
    check_span(request.since, request.until, len(register.devices) + notices, issues)
    fleet = Fleet(crews=(), vehicles=(), depots=(), facilities=(), patterns=())
    with store.begin() as tx:
        tx.save_city(
            City(name="replay", sites=register.sites, devices=register.devices, fleet=fleet)
        )
    with console.status("taking files in"):
        result = ingest(payloads, store=store)
    console.print(
        f"{len(payloads)} payloads of {len(register.devices)} devices: {result.stored} signals, "
        f"{counted(result.notices, 'notice', 'notices')}, {result.duplicates} sent twice, "
        f"{result.quarantined} kept apart"
    )
    with store.read() as tx:
        return tx.quarantine(limit=SHOWN_ISSUES)


def _register(file: Path) -> Register:
    """Return the register in a file; raises InvalidInput C201, C222."""
    if not file.is_file():
        raise _bad("C201", str(file), "no such file", "Check the path")
    try:
        return TypeAdapter(Register).validate_json(file.read_bytes())
    except (ValidationError, ValueError) as error:
        cause = str(error).splitlines()[0]
        action = "Give sites and devices as dispatch/cli/README.md shows"
        raise _bad("C222", str(file), f"not a register ({cause})", action) from error


def _write(jobs: Iterable[ReplayedJob], out: Path) -> None:
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_row(found) for found in jobs)


def _row(found: ReplayedJob) -> tuple[str, ...]:
    job = found.job
    return (
        _local(job.created_at),
        job.kind.value,
        " ".join(found.devices),
        job.site_id,
        "true" if job.required else "false",
        _local(job.windows[-1].latest if job.windows else None),
        f"{job.leave_price_ct / 100:.2f}",
        job.reason.de,
        _local(found.must_from),
        found.ending.value,
        _local(found.ended_at),
    )


def _local(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(BERLIN).isoformat(timespec="seconds")


def _tell(
    jobs: tuple[ReplayedJob, ...], store: Store, kept_apart: list[QuarantineEntry], out: Path
) -> None:
    for entry in kept_apart:
        errors.print(escape(str(entry.issue)))
    with store.read() as tx:
        counts = tx.count_signals()
    grades = [grade for grade in Grade if any(found is grade for _, found in counts)]
    signals = Table("Device", *(grade.value for grade in grades), box=None, pad_edge=False)
    for device in sorted({device for device, _ in counts}):
        signals.add_row(device, *(str(counts.get((device, grade), 0)) for grade in grades))
    console.print(signals)
    kinds = Counter(found.job.kind.value for found in jobs)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    console.print(f"{len(jobs)} jobs ({told or 'none'}) in {out}", soft_wrap=True)
