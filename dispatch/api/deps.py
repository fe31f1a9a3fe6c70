"""What endpoints are given: the store, and parameters that several of them take."""

from typing import Annotated

from fastapi import Depends, Header, Query, Request

from dispatch.store import Store


async def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


StoreDep = Annotated[Store, Depends(_store)]

Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many entries")]

IfNoneMatch = Annotated[
    str | None, Header(description="Tags of copies at hand; 304 when one is still true")
]
