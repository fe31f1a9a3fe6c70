"""Databases for tests: SQLite, or PostgreSQL when `DISPATCH_TEST_DATABASE` names a server.

Every test that needs a store gets it here, so that the same tests run on both databases.
"""

from __future__ import annotations

import atexit
import os
from functools import cache
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from dispatch.store import Store, open_store
from dispatch.store.connect import make_engine
from dispatch.store.metadata import METADATA
from dispatch.store.schema import ensure_schema

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL, Engine

SERVER = os.environ.get("DISPATCH_TEST_DATABASE", "")
ON_POSTGRESQL = bool(SERVER)
USUAL_SERVER = "postgresql+psycopg://postgres@127.0.0.1/postgres"
"""For the tests that are about PostgreSQL and marked `services`: they fail where there is none."""


def fresh_store() -> Store:
    """Return an open database without a row; the caller closes it."""
    if not ON_POSTGRESQL:
        return open_store("sqlite://")
    server = _server(SERVER)
    store = server.free.pop() if server.free else _Lent(server)
    store.clear()
    return store


def fresh_url(folder: Path) -> str:
    """Return the URL of a database without tables that several programs can open.

    A file that is not there yet, in a folder that is not either, or an empty schema.
    """
    if not ON_POSTGRESQL:
        return f"sqlite:///{folder / 'var' / 'dispatch.sqlite'}"
    return _server(SERVER).new_schema()


def postgresql_url() -> str:
    """Return the URL of an empty schema on PostgreSQL, whatever the other tests run on."""
    return _server(SERVER or USUAL_SERVER).new_schema()


class _Server:
    """A database of this test run on the server; it is dropped when the run ends."""

    def __init__(self, url: str) -> None:
        self._admin: Engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self._name = f"dispatch_test_{uuid4().hex[:12]}"
        with self._admin.connect() as connection:
            # Whatever order the server likes, ours must not depend on it.
            connection.execute(text(f'CREATE DATABASE "{self._name}" TEMPLATE template0'))
        self._url: URL = make_url(url).set(database=self._name)
        self._engine: Engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._count = 0
        self.engines: list[Engine] = []
        self.free: list[_Lent] = []
        atexit.register(self._drop)

    def new_schema(self) -> str:
        self._count += 1
        with self._engine.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA s{self._count}"))
        # What a test writes need not survive a power cut.
        options = f"-c search_path=s{self._count} -c synchronous_commit=off"
        url = self._url.update_query_dict({"options": options})
        return url.render_as_string(hide_password=False)

    def _drop(self) -> None:
        for engine in (self._engine, *self.engines):
            engine.dispose()
        with self._admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{self._name}" WITH (FORCE)'))
        self._admin.dispose()


@cache
def _server(url: str) -> _Server:
    return _Server(url)


class _Lent(Store):
    """A store with tables that are made once and lent to one test after the other."""

    def __init__(self, server: _Server) -> None:
        engine = make_engine(server.new_schema())
        server.engines.append(engine)
        ensure_schema(engine)
        super().__init__(engine)
        self._server = server

    def clear(self) -> None:
        """Delete all rows: quicker than TRUNCATE, which makes new files."""
        with self._engine.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(table.delete())

    def close(self) -> None:
        """Give it back."""
        self._server.free.append(self)
