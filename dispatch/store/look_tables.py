"""Tables of what is to be looked at."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class WantedLookRow(SQLModel, table=True):
    """News of a site (None: of notices) that nobody has made jobs of yet.

    A row for each piece of news: one that is added while another is worked on waits for nobody.
    """

    __tablename__ = "wanted_look"
    # A number that was taken off the list is never given to later news.
    __table_args__: ClassVar[Any] = {"sqlite_autoincrement": True}
    id: int | None = Field(default=None, primary_key=True)
    site_id: str | None = Field(default=None, foreign_key="site.id")
