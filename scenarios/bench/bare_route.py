"""The least that could take a message in: a FastAPI route that inserts one row.

A peer to measure by. `python -m scenarios.bench.bare_route DATABASE_URL PORT` serves it.
"""

import sys
from datetime import UTC, datetime
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Request
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    event,
    insert,
)

METADATA = MetaData()
MESSAGE = Table(
    "message",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("received_at", DateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
)


def bare_app(engine: Engine) -> FastAPI:
    """Return the app: what is posted is a row when it is answered."""
    app = FastAPI()

    async def body_of(request: Request) -> bytes:
        return await request.body()

    # `def`, as FastAPI's own pages do it with a database: the insert holds no other request up.
    @app.post("/messages")
    def keep(body: Annotated[bytes, Depends(body_of)]) -> dict[str, bool]:
        row = {"received_at": datetime.now(UTC).replace(tzinfo=None), "body": body}
        with engine.begin() as connection:
            connection.execute(insert(MESSAGE), row)
        return {"stored": True}

    return app


def main(url: str, port: int) -> None:
    """Serve until killed, with SQLite as safe as ours is."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _as_safe_as_ours)
    METADATA.create_all(engine)
    uvicorn.run(bare_app(engine), host="127.0.0.1", port=port, log_level="warning")


def _as_safe_as_ours(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
