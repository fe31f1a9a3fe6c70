"""What endpoints are given: the store, and parameters that several of them take."""

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

Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many entries")]

IfNoneMatch = Annotated[
    str | None, Header(description="Tags of copies at hand; 304 when one is still true")
]
