"""Plans and jobs on a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console

from dispatch.cli.views import bill_table, jobs_table, plan_summary, unassigned_table
from dispatch.domain.ids import JobId
from dispatch.domain.plan import StreetSource, Unassigned
from dispatch.domain.text import Text
from tests.helpers.plans import a_plan, a_stored_job

if TYPE_CHECKING:
    from rich.table import Table


def printed(table: Table) -> list[str]:
    """Return the lines of a table, runs of blanks made one."""
    text = io.StringIO()
    Console(file=text, width=120).print(table)
    return [" ".join(line.split()) for line in text.getvalue().splitlines()]


def test_jobs_stand_in_the_order_in_which_they_hurt() -> None:
    """Required ones first, then by the price of leaving them."""
    jobs = [
        a_stored_job("a", leave_price_ct=500),
        a_stored_job("b", leave_price_ct=9_950),
        a_stored_job("c", leave_price_ct=100, required=True),
    ]
    lines = printed(jobs_table(jobs))[1:]
    assert [line.split()[1:3] for line in lines] == [
        ["must", "1.00"],
        ["may", "99.50"],
        ["may", "5.00"],
    ]


def test_names_with_brackets_are_printed_as_they_are() -> None:
    """A site called [bold] is no markup."""
    lines = printed(jobs_table([a_stored_job("a", site_name="Platz [bold] 3")]))
    assert "Platz [bold] 3" in lines[1]


def test_the_bill_ends_with_its_sum() -> None:
    """Every line in euros with two decimals, and the total below."""
    assert printed(bill_table(a_plan()))[1:] == ["Wages 90.00", "Left 20.00", "Total 110.00"]


def test_a_stand_in_is_never_passed_off_as_real() -> None:
    """The one-line summary shouts it; real streets are named."""
    assert "STAND-IN" in plan_summary(a_plan())
    real = StreetSource(name="Bochum", stand_in=False, attribution="© OpenStreetMap contributors")
    words = plan_summary(a_plan(streets=real))
    assert words.startswith("Plan 2026-10-24 usb revision 1: 2 jobs on 2 routes, 8 km, 1 job left")
    assert words.endswith("on Bochum")


def test_what_was_left_stands_with_its_reason_required_first() -> None:
    """The dispatcher sees the worst line first."""
    jobs = {name: a_stored_job(name, required=name == "b") for name in ("a", "b")}
    left = tuple(
        Unassigned(job_id=JobId(name), code="price", text=Text(de="zu weit", en=f"too far {name}"))
        for name in jobs
    )
    known = {JobId(name): job for name, job in jobs.items()}
    lines = printed(unassigned_table([a_plan(unassigned=left)], known))[1:]
    assert [line.rsplit(" ", 3)[-1] for line in lines] == ["b", "a"]
