"""What endpoints are given: the store, and parameters that several of them take."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Query, Request

from dispatch.store import Store


async def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


StoreDep = Annotated[Store, Depends(_store)]


async def _now(request: Request) -> datetime:
    moment: datetime = request.app.state.now()
    return moment


NowDep = Annotated[datetime, Depends(_now)]


async def _random_bytes(request: Request) -> Callable[[int], bytes]:
    source: Callable[[int], bytes] = request.app.state.random_bytes
    return source


RandomDep = Annotated[Callable[[int], bytes], Depends(_random_bytes)]

Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many entries")]

IfNoneMatch = Annotated[
    str | None, Header(description="Tags of copies at hand; 304 when one is still true")
]
