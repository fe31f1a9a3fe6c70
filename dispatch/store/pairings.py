"""Pairings of tablets with crews, each found by the digest of its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func
from sqlmodel import col, select

from dispatch.store.crew_tables import FailedClaimRow, PairingRow
from dispatch.store.session import Queries, unknown

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from dispatch.domain.ids import CrewId, PairingId
    from dispatch.domain.pairing import Pairing


class PairingQueries(Queries):
    """Offers to tablets, and tries to take one up that was not there."""

    def add_pairing(self, pairing: Pairing, code: str) -> None:
        """Keep a new pairing under the digest of its code."""
        self._session.add(
            PairingRow(
                id=pairing.id,
                code=code,
                crew_id=pairing.crew_id,
                created_at=pairing.created_at,
                document=pairing,
            )
        )
        self._session.flush()

    def change_pairing(self, pairing: Pairing) -> None:
        """Keep what became of a pairing."""
        self._pairing_row(pairing.id).document = pairing
        self._session.flush()

    def pairing(self, pairing_id: PairingId) -> Pairing:
        """Return the pairing; raises NotFound (DB230)."""
        pairing: Pairing = self._pairing_row(pairing_id).document
        return pairing

    def pairing_of(self, code: str) -> Pairing | None:
        """Return the pairing whose code has this digest, also one that is over."""
        query = select(PairingRow.document).where(PairingRow.code == code)
        return self._session.exec(query).first()

    def pairings(
        self, *, crews: Collection[CrewId] | None = None, limit: int = 100
    ) -> list[Pairing]:
        """Return the pairings of all or some crews, the newest first."""
        query = select(PairingRow.document).order_by(
            col(PairingRow.created_at).desc(), PairingRow.id
        )
        if crews is not None:
            query = query.where(col(PairingRow.crew_id).in_(sorted(crews)))
        return list(self._session.exec(query.limit(limit)))

    def add_failed_claim(self, address: str, at: datetime, *, since: datetime) -> None:
        """Note a try that opened nothing, and forget those from before `since`."""
        self._session.connection().execute(
            delete(FailedClaimRow).where(col(FailedClaimRow.at) < since)
        )
        self._session.add(FailedClaimRow(address=address, at=at))
        self._session.flush()

    def count_failed_claims(self, *, since: datetime, address: str | None = None) -> int:
        """Return how many tries opened nothing since then, from everywhere or one address."""
        query = select(func.count()).where(col(FailedClaimRow.at) >= since)
        if address is not None:
            query = query.where(FailedClaimRow.address == address)
        return int(self._session.exec(query).one())

    def delete_pairings(self, *, before: datetime, limit: int) -> int:
        """Forget pairings that were offered before that moment; return how many."""
        query = select(PairingRow.id).where(col(PairingRow.created_at) < before)
        found = list(self._session.exec(query.order_by(col(PairingRow.created_at)).limit(limit)))
        self._session.connection().execute(delete(PairingRow).where(col(PairingRow.id).in_(found)))
        return len(found)

    def _pairing_row(self, pairing_id: PairingId) -> PairingRow:
        row = self._session.get(PairingRow, pairing_id, populate_existing=True)
        if row is None:
            raise unknown("DB230", f"pairing {pairing_id}")
        return row
