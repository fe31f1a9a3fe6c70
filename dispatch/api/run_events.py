"""Steps of a run as server-sent events (WHATWG HTML, 9.2), told from the database."""

from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.concurrency import run_in_threadpool

from dispatch.api.run_schemas import RunEventOut
from dispatch.domain.ids import RunId
from dispatch.domain.run import ENDINGS, RunEvent
from dispatch.store import Store

EVENT_STREAM = "text/event-stream"
LOOK_S = 0.5
"""So often the database is asked for new steps; it may be another service that plans."""
HEARTBEAT_S = 15.0
"""A silent connection is kept open by a comment: proxies close one after a minute or so."""
RETRY_MS = 2000
HEARTBEAT = b": still there\n\n"


async def told(
    store: Store, run_id: RunId, *, after: int, pause: Callable[[float], Awaitable[None]]
) -> AsyncIterator[bytes]:
    """Yield the steps after that number as they come, until one that ends the run.

    Between two looks no thread is held.
    """
    yield f"retry: {RETRY_MS}\n\n".encode()
    silent_s = 0.0
    while True:
        steps = await run_in_threadpool(_steps, store, run_id, after)
        for step in steps:
            after = step.number
            yield _written(step)
            if step.phase in ENDINGS:
                return
        silent_s = 0.0 if steps else silent_s + LOOK_S
        if silent_s >= HEARTBEAT_S:
            silent_s = 0.0
            yield HEARTBEAT
        await pause(LOOK_S)


def _steps(store: Store, run_id: RunId, after: int) -> list[RunEvent]:
    with store.read() as tx:
        return tx.run_events(run_id, after=after)


def _written(step: RunEvent) -> bytes:
    data = RunEventOut.from_domain(step).model_dump_json()
    return f"id: {step.number}\nevent: step\ndata: {data}\n\n".encode()
