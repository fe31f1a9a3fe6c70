"""A solution in a file, as orders to start a search from: ours, VROOM's or `.sol`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.formats import own
from dispatch.planning.formats.faults import Faults, refusal
from dispatch.planning.formats.recognise import OURS
from dispatch.planning.formats.sol import orders_of, sol_of

if TYPE_CHECKING:
    from dispatch.planning.formats.instance import Instance, Orders


def start_from(content: bytes, instance: Instance) -> Orders:
    """Return the orders of a solution of this instance; all times are computed anew.

    Raises InvalidInput P632 for another format or a job done twice, else the code of the format.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal("P632", "start", "it is no UTF-8 text", "Send another file") from error
    orders = _read(text, instance)
    faults = Faults()
    done = Counter(v.index for order in orders for v in order if v.kind is StopKind.JOB)
    for job, times in sorted(done.items()):
        if times > 1:
            faults.add("P632", f"job {job}", f"it is done {times} times", "Do it once")
    faults.stop()
    return orders


def _read(text: str, instance: Instance) -> Orders:
    structured = text.lstrip().startswith("{")
    if structured and OURS.search(text):
        return own.solution_of(text).orders
    if structured and instance.orders is not None:
        return instance.orders(text)
    if not structured and instance.numbering is not None:
        return orders_of(instance.numbering, instance.problem, sol_of(text))
    cause = f"it is no solution in a format of a {instance.kind} problem"
    action = "Give our JSON, VROOM's for VROOM's problems, or .sol for public instances"
    raise refusal("P632", "start", cause, action)
