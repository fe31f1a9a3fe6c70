"""Which sites' jobs are to be looked at, because news came since they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert
from sqlmodel import select

from dispatch.store.look_tables import WantedLookRow
from dispatch.store.session import Queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.domain.ids import SiteId

_LOOK: Any = WantedLookRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_ADD = insert(WantedLookRow)
_NEWEST = select(func.max(_LOOK.id))
_OLDEST = select(_LOOK.site_id).order_by(_LOOK.id).limit(1)


class LookQueries(Queries):
    """A list kept with the signals themselves, so that it outlives the process that made it."""

    def want_looks(self, sites: Sequence[SiteId | None]) -> None:
        """Note that news came of these sites, None standing for notices."""
        if sites:
            self._session.connection().execute(_ADD, [{"site_id": site} for site in sites])

    def next_look(self) -> tuple[SiteId | None] | None:
        """Return whose news has waited longest and take all of it off the list, None without any.

        To be asked before the signals are read: what comes in later stays on the list.
        """
        row = self._session.connection().execute(_OLDEST).first()
        if row is None:
            return None
        site = row[0]
        mine = _LOOK.site_id.is_(None) if site is None else _LOOK.site_id == site
        self._session.connection().execute(delete(WantedLookRow).where(mine))
        return (site,)

    def last_look(self) -> int:
        """Return the number of the newest entry on the list, 0 if it is empty."""
        return self._session.connection().execute(_NEWEST).scalar() or 0

    def forget_looks(self, *, until: int) -> None:
        """Take everything up to that number off the list: all sites have been looked at since."""
        self._session.connection().execute(delete(WantedLookRow).where(until >= _LOOK.id))
