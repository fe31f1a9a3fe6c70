"""How many signals were ever stored for each site: whether anything is new costs one look."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class TallyRow(SQLModel, table=True):
    """A site's count; it only grows, also when old signals are erased."""

    __tablename__ = "site_tally"
    site_id: str = Field(primary_key=True)
    stored: int = Field(sa_type=BigInteger)
