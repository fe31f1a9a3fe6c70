"""Where crews are, and what they photographed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlmodel import col, select

from dispatch.domain.ids import CrewId, PhotoId
from dispatch.domain.job import Organisation
from dispatch.domain.road import Photo
from dispatch.store.crew_tables import CrewPositionRow, PhotoRow
from dispatch.store.session import Queries, unknown

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from dispatch.domain.road import CrewPosition


class RoadQueries(Queries):
    """Personal data: as little of it as can be, and for no longer than is needed."""

    def keep_position(self, position: CrewPosition) -> bool:
        """Keep where the crew is, unless something newer is known; tell whether it was kept."""
        known = self.position_of(position.crew_id)
        if known is not None and known.at >= position.at:
            return False
        row = {"crew_id": position.crew_id, "at": position.at, "document": position}
        self._put(CrewPositionRow, [row])
        return True

    def position_of(self, crew_id: CrewId) -> CrewPosition | None:
        """Return where the crew was last, if that is kept."""
        query = select(CrewPositionRow.document).where(CrewPositionRow.crew_id == crew_id)
        return self._session.exec(query).first()

    def positions(self, crews: Collection[CrewId]) -> list[CrewPosition]:
        """Return where these crews were last, as far as that is kept."""
        query = select(CrewPositionRow.document).where(
            col(CrewPositionRow.crew_id).in_(sorted(crews))
        )
        return list(self._session.exec(query.order_by(CrewPositionRow.crew_id)))

    def forget_position(self, crew_id: CrewId, *, until: datetime) -> None:
        """Forget where the crew was up to that moment."""
        self._session.connection().execute(
            delete(CrewPositionRow).where(
                col(CrewPositionRow.crew_id) == crew_id, col(CrewPositionRow.at) <= until
            )
        )

    def delete_positions(self, *, before: datetime) -> int:
        """Forget where crews were before that moment; return how many."""
        done = self._session.connection().execute(
            delete(CrewPositionRow).where(col(CrewPositionRow.at) < before)
        )
        return int(done.rowcount)

    def add_photo(self, photo: Photo) -> None:
        """Keep a picture; one that is kept under the id already stays."""
        names = [column.name for column in PhotoRow.__table__.c]  # type: ignore[attr-defined]  # SQLModel adds it
        self._insert_new(PhotoRow, [{name: getattr(photo, name) for name in names}])

    def photo(self, photo_id: PhotoId) -> Photo:
        """Return the picture; raises NotFound (DB231)."""
        row = self._session.get(PhotoRow, photo_id)
        if row is None:
            raise unknown("DB231", f"photo {photo_id}")
        return Photo(
            id=PhotoId(row.id),
            crew_id=CrewId(row.crew_id),
            organisation=Organisation(row.organisation),
            received_at=row.received_at,
            media_type=row.media_type,
            width=row.width,
            height=row.height,
            sent=row.sent,
            body=row.body,
        )

    def photo_sent(self, photo_id: PhotoId) -> tuple[CrewId, str] | None:
        """Return who sent the picture of that id and the digest of what was sent, if any."""
        query = select(PhotoRow.crew_id, PhotoRow.sent).where(PhotoRow.id == photo_id)
        found = self._session.exec(query).first()
        return None if found is None else (CrewId(found[0]), found[1])

    def delete_photos(self, *, before: datetime, limit: int) -> int:
        """Forget pictures received before that moment, at most so many; return how many."""
        query = select(PhotoRow.id).where(col(PhotoRow.received_at) < before)
        found = list(self._session.exec(query.order_by(col(PhotoRow.received_at)).limit(limit)))
        self._session.connection().execute(delete(PhotoRow).where(col(PhotoRow.id).in_(found)))
        return len(found)
