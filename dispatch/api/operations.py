"""What operators see of the service: its checks, its metrics, and what it is called outside."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from dispatch.api.metrics import Metrics

RandomBytes = Callable[[int], bytes]
"""Makes so many bytes that nobody can guess."""

Check = Callable[[], str | None]
"""Returns None when its part is well, else what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """What the service is run with.

    `checks` say by name whether it can do its work; the database is always asked. `public_url` is
    where people find the service, empty where nobody said. Who shows `metrics_token` may read the
    metrics from elsewhere; without one only this machine may.
    """

    checks: Mapping[str, Check] = field(default_factory=dict)
    metrics: Metrics = field(default_factory=Metrics)
    public_url: str = ""
    metrics_token: str = field(default="", repr=False)
    random_bytes: RandomBytes = os.urandom


async def _operations(request: Request) -> Operations:
    operations: Operations = request.app.state.operations
    return operations


OperationsDep = Annotated[Operations, Depends(_operations)]
