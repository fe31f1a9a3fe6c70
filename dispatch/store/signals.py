"""Payloads and signals."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from dispatch.domain.errors import Issue, NotFound
from dispatch.domain.ids import DeviceId, PayloadId, SiteId
from dispatch.domain.signal import Grade, Payload, Signal, SignalKind
from dispatch.store.session import Queries, chunks, unknown
from dispatch.store.tables import PayloadRow, SignalRow, SiteRow
from dispatch.store.tally_tables import TallyRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from dispatch.domain.ids import SignalId
    from dispatch.domain.site import SiteKind

_COLUMNS = (
    "id",
    "source",
    "device_id",
    "kind",
    "value",
    "observed_at",
    "received_at",
    "payload_id",
    "site_id",
    "part_id",
    "grade",
    "need",
)

# Asked with each new signal: built once, for building costs more than asking.
_SIGNAL: Any = SignalRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_KNOWN = select(_SIGNAL.id).where(_SIGNAL.id.in_(bindparam("ids", expanding=True)))
_OF_DEVICES = (
    select(*(_SIGNAL[name] for name in _COLUMNS))
    .where(
        _SIGNAL.device_id.in_(bindparam("ids", expanding=True)),
        _SIGNAL.kind.in_(bindparam("kinds", expanding=True)),
        _SIGNAL.observed_at >= bindparam("since"),
        _SIGNAL.observed_at < bindparam("until"),
    )
    .order_by(_SIGNAL.observed_at, _SIGNAL.id)
)
_TALLY: Any = TallyRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_STORED_AT = select(_TALLY.stored).where(_TALLY.site_id == bindparam("site"))
_STORED_BY_SITE = (
    select(_TALLY.site_id, _TALLY.stored)
    .join(SiteRow, col(SiteRow.id) == _TALLY.site_id)
    .where(col(SiteRow.kind).in_(bindparam("kinds", expanding=True)))
)
_ANY_AFTER = (
    select(_SIGNAL.id)
    .where(_SIGNAL.site_id == bindparam("site"), _SIGNAL.observed_at > bindparam("moment"))
    .limit(1)
)


class SignalQueries(Queries):
    """What arrived, and what it meant."""

    def add_payloads(self, payloads: Iterable[Payload]) -> None:
        """Keep the payloads; one already kept stays as it is."""
        rows = [
            {"id": p.id, "format": p.format, "received_at": p.received_at, "body": p.body}
            # In the same order whoever writes: two that write the same never wait for each other.
            for p in sorted(payloads, key=lambda payload: payload.id)
        ]
        self._insert_new(PayloadRow, rows)

    def payload(self, payload_id: PayloadId) -> Payload:
        """Return the bytes as received; raises NotFound, DB206 for those that were erased."""
        row = self._session.get(PayloadRow, payload_id)
        if row is None:
            raise unknown("DB201", f"payload {payload_id}")
        if row.erased_at is not None:
            raise NotFound(
                Issue(
                    code="DB206",
                    subject=f"payload {payload_id}",
                    cause=f"its bytes were erased at {row.erased_at:%Y-%m-%d %H:%M} UTC",
                    action="Nothing: they are kept for so long only as the settings say",
                )
            )
        return Payload(id=payload_id, format=row.format, received_at=row.received_at, body=row.body)

    def latest_payloads(self, format_name: str, *, until: datetime, limit: int) -> list[Payload]:
        """Return the newest payloads of a format received up to a moment, newest first."""
        query = (
            select(PayloadRow)
            .where(
                PayloadRow.format == format_name,
                col(PayloadRow.received_at) <= until,
                col(PayloadRow.erased_at).is_(None),
            )
            .order_by(col(PayloadRow.received_at).desc(), PayloadRow.id)
            .limit(limit)
        )
        return [
            Payload(
                id=row.id,  # type: ignore[arg-type]  # ids are plain strings in rows
                format=row.format,
                received_at=row.received_at,
                body=row.body,
            )
            for row in self._session.exec(query)
        ]

    def last_payloads(self, formats: Iterable[str]) -> dict[str, datetime]:
        """Return when a payload of each format was received last; formats without one are left out.

        One look into the index per format, however many payloads there are.
        """
        found: dict[str, datetime] = {}
        for name in formats:
            query = select(func.max(PayloadRow.received_at)).where(PayloadRow.format == name)
            if (last := self._session.exec(query).one()) is not None:
                found[name] = last
        return found

    def first_receipts(self, payload_ids: Sequence[PayloadId]) -> dict[PayloadId, datetime]:
        """Return when those of the payloads that are kept were first received."""
        found: dict[PayloadId, datetime] = {}
        for ids in chunks(payload_ids):
            query = select(PayloadRow.id, PayloadRow.received_at).where(col(PayloadRow.id).in_(ids))
            found |= {PayloadId(known): at for known, at in self._session.exec(query)}
        return found

    def count_payloads(self) -> int:
        """Return how many payloads are kept."""
        return self._session.exec(select(func.count()).select_from(PayloadRow)).one()

    def add_signals(self, signals: Iterable[Signal]) -> frozenset[SignalId]:
        """Store the signals not stored yet; return their ids. Sent twice is stored once."""
        fresh: dict[SignalId, Signal] = {}
        for signal in signals:
            fresh.setdefault(signal.id, signal)
        for ids in chunks(list(fresh)):
            for known in self._session.connection().scalars(_KNOWN, {"ids": ids}):
                del fresh[known]
        rows = [{name: getattr(s, name) for name in _COLUMNS} for s in fresh.values()]
        self._insert_new(SignalRow, rows)
        self._tally(signal.site_id for signal in fresh.values() if signal.site_id is not None)
        return frozenset(fresh)

    def _tally(self, sites: Iterable[SiteId]) -> None:
        """Count what was stored; in the order of the sites, so that nobody waits in a circle."""
        rows = [{"site_id": site, "stored": n} for site, n in sorted(Counter(sites).items())]
        if rows:
            dialect = self._session.get_bind().dialect.name
            self._session.connection().execute(_add_to_tally(dialect), rows)

    def signals_of_devices(
        self,
        device_ids: Collection[DeviceId],
        *,
        since: datetime,
        until: datetime,
        kinds: Collection[SignalKind] | None = None,
    ) -> list[Signal]:
        """Return what these devices observed (of these kinds) in [since, until), in time order."""
        found: list[Signal] = []
        asked = {
            "kinds": sorted(SignalKind if kinds is None else kinds),
            "since": since,
            "until": until,
        }
        for ids in chunks(sorted(device_ids)):
            rows = self._session.connection().execute(_OF_DEVICES, {**asked, "ids": ids})
            found += map(_signal, rows)
        return found

    def signals_by_site(
        self,
        *,
        since: datetime,
        until: datetime,
        kinds: Collection[SignalKind] | None = None,
        sites: Collection[SiteId] | None = None,
    ) -> Iterator[tuple[SiteId, list[Signal]]]:
        """Yield each site, or those asked for, with its signals in [since, until], in time order.

        Sites that were asked for may be a few thousand at most.
        """
        conditions = [
            col(SignalRow.site_id).is_not(None),
            col(SignalRow.observed_at) >= since,
            col(SignalRow.observed_at) <= until,
        ]
        if kinds is not None:
            conditions.append(col(SignalRow.kind).in_(sorted(kinds)))
        if sites is not None:
            conditions.append(col(SignalRow.site_id).in_(sorted(sites)))
        order = (col(SignalRow.site_id), col(SignalRow.observed_at), col(SignalRow.id))
        for site_id, group in groupby(
            self._signals(*conditions, order=order), key=lambda signal: signal.site_id
        ):
            if site_id is not None:
                yield site_id, list(group)

    def signals_of_site(
        self, site_id: SiteId, *, since: datetime, until: datetime, limit: int = 10_000
    ) -> list[Signal]:
        """Return the newest `limit` signals of a site in [since, until], oldest first."""
        newest = self._signals(
            col(SignalRow.site_id) == site_id,
            col(SignalRow.observed_at) >= since,
            col(SignalRow.observed_at) <= until,
            order=(col(SignalRow.observed_at).desc(), col(SignalRow.id)),
            limit=limit,
        )
        return list(newest)[::-1]

    def last_heard(
        self, *, until: datetime, devices: Collection[DeviceId] | None = None
    ) -> dict[DeviceId, datetime]:
        """Return when each device, or those asked for, last observed anything up to a moment."""
        query = (
            select(SignalRow.device_id, func.max(SignalRow.observed_at))
            .where(col(SignalRow.observed_at) <= until)
            .group_by(SignalRow.device_id)
        )
        if devices is not None:
            query = query.where(col(SignalRow.device_id).in_(sorted(devices)))
        return {DeviceId(device): at for device, at in self._session.exec(query)}

    def stored_at(self, site_id: SiteId) -> int:
        """Return how many signals of a site were ever stored: a number that grows with each."""
        found = self._session.connection().execute(_STORED_AT, {"site": site_id}).scalar()
        return 0 if found is None else int(found)

    def stored_by_site(self, kinds: Collection[SiteKind]) -> dict[SiteId, int]:
        """Return `stored_at` of all sites of these kinds that ever sent anything."""
        found = self._session.connection().execute(_STORED_BY_SITE, {"kinds": sorted(kinds)})
        return {SiteId(site): int(stored) for site, stored in found}

    def has_signals_after(self, site_id: SiteId, moment: datetime) -> bool:
        """Tell whether a site has signals that were observed later than a moment."""
        asked = {"site": site_id, "moment": moment}
        return self._session.connection().execute(_ANY_AFTER, asked).first() is not None

    def count_signals(self) -> dict[tuple[DeviceId, Grade], int]:
        """Return how many signals each device has sent, by grade."""
        query = select(SignalRow.device_id, SignalRow.grade, func.count()).group_by(
            SignalRow.device_id, SignalRow.grade
        )
        return {
            (device, Grade(grade)): count  # type: ignore[misc]  # ids are plain strings in rows
            for device, grade, count in self._session.exec(query)
        }

    def _signals(self, *conditions: Any, order: Sequence[Any], limit: int | None = None) -> Any:
        columns = [SignalRow.__table__.c[name] for name in _COLUMNS]  # type: ignore[attr-defined]  # SQLModel adds it
        query = select(*columns).where(*conditions).order_by(*order).limit(limit)
        for row in self._session.connection().execute(query).yield_per(10_000):
            yield _signal(row)


@cache
def _add_to_tally(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(TallyRow)
    return statement.on_conflict_do_update(
        index_elements=["site_id"],
        set_={"stored": _TALLY.stored + statement.excluded.stored},
    )


_KINDS = {kind.value: kind for kind in SignalKind}
_GRADES = {grade.value: grade for grade in Grade}


def _signal(row: Any) -> Signal:
    # Hundreds of thousands of rows pass here: two dictionary look-ups beat two enum calls.
    return Signal(
        id=row[0],
        source=row[1],
        device_id=row[2],
        kind=_KINDS[row[3]],
        value=row[4],
        observed_at=row[5],
        received_at=row[6],
        payload_id=row[7],
        site_id=row[8],
        part_id=row[9],
        grade=_GRADES[row[10]],
        need=row[11],
    )
