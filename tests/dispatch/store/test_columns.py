"""What columns keep that plain SQL types would lose."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from dispatch.domain.clock import BERLIN, at_local, to_utc
from dispatch.domain.fleet import Vehicle
from dispatch.domain.ids import DepotId
from dispatch.domain.job import Organisation, TimeWindow
from dispatch.domain.plan import Plan
from dispatch.domain.signal import Payload
from dispatch.domain.site import Pond, Site, YoungTree
from dispatch.store.columns import DomainJson
from tests.helpers.plans import (
    DAY,
    a_city,
    a_device,
    a_fleet,
    a_payload,
    a_plan,
    a_route,
    a_signal,
    a_site,
    a_stored_job,
    at,
)

if TYPE_CHECKING:
    from dispatch.domain.job import Job
    from dispatch.store import Store

NAIVE = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001  # the very thing that must be refused

NEW_FIELDS = {"ec_561", "range_km"}

TWICE = [
    datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=0),
    datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),
]
"""Half past two, before and after the clocks go back."""


def test_hour_that_occurs_twice_is_told_apart(city_store: Store) -> None:
    """The two half past two of 25 October are stored an hour apart, in columns and documents."""
    payloads = [
        Payload(id=f"p{n}", format="ttn", received_at=m, body=b"") for n, m in enumerate(TWICE)
    ]
    job = a_stored_job(
        due=TWICE[1],
        windows=(TimeWindow(earliest=TWICE[0], latest=TWICE[1]),),
    )
    with city_store.begin() as tx:
        tx.add_payloads(payloads)
        tx.save_jobs([job])
    with city_store.read() as tx:
        first, second = (tx.payload(payload.id).received_at for payload in payloads)
        (window,), due = tx.job(job.id).windows, tx.job(job.id).due
    assert second - first == timedelta(hours=1)
    assert first == to_utc(TWICE[0])
    assert window.latest - window.earliest == timedelta(hours=1)
    assert due == to_utc(TWICE[1])


def test_stops_keep_the_clock_of_the_day(city_store: Store) -> None:
    """Times in a plan come back as the same moments whatever zone they were told in."""
    route = a_route()
    local = tuple(
        replace(stop, arrives_at=stop.arrives_at.astimezone(BERLIN)) for stop in route.stops
    )
    plan = a_plan(routes=(replace(route, stops=local),))
    with city_store.begin() as tx:
        tx.add_plan(plan)
    with city_store.read() as tx:
        assert tx.plan(plan.id) == plan


@pytest.mark.parametrize(
    "moment",
    [
        at_local(DAY, time(6)),
        datetime(2026, 10, 24, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
        datetime(2026, 10, 24, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    ],
)
def test_every_digit_is_kept(city_store: Store, moment: datetime) -> None:
    """A moment comes back the same to the microsecond, in UTC."""
    with city_store.begin() as tx:
        tx.add_payloads([Payload(id="p", format="ttn", received_at=moment, body=b"\x00\xff")])
    with city_store.read() as tx:
        stored = tx.payload("p")
    assert stored.received_at == moment
    assert stored.received_at.utcoffset() == timedelta(0)
    assert stored.body == b"\x00\xff"


def test_signals_sort_by_true_time(city_store: Store) -> None:
    """Signals come in the order in which they happened, across the change of the clocks too."""
    early, late = (a_signal(observed_at=moment, value=n) for n, moment in enumerate(TWICE))
    with city_store.begin() as tx:
        tx.add_signals([late, early])
    with city_store.read() as tx:
        found = tx.signals_of_site(a_site().id, since=at(0), until=at(2880))
    assert [signal.value for signal in found] == [0.0, 1.0]


def test_naive_column_is_refused(city_store: Store) -> None:
    """A signal without time zone is not stored."""
    with pytest.raises(StatementError, match="no time zone"), city_store.begin() as tx:
        tx.add_signals([replace(a_signal(), received_at=NAIVE)])


@pytest.mark.parametrize(
    "job",
    [
        a_stored_job(due=NAIVE),
        a_stored_job(created_at=NAIVE),
        a_stored_job(updated_at=NAIVE),
    ],
)
def test_naive_time_inside_a_document_is_refused(city_store: Store, job: Job) -> None:
    """No field of a job may be a time without zone, however deep it lies."""
    with pytest.raises(StatementError, match="no time zone"), city_store.begin() as tx:
        tx.save_jobs([job])


def test_naive_stop_and_mounting_are_refused(city_store: Store) -> None:
    """Neither may a stop or a device's mounting."""
    stop = replace(a_route().stops[0], departs_at=NAIVE)
    plan = a_plan(routes=(replace(a_route(), stops=(stop,)),))
    with pytest.raises(StatementError, match="no time zone"), city_store.begin() as tx:
        tx.add_plan(plan)
    device = a_device(mounted_until=NAIVE)
    with pytest.raises(StatementError, match="no time zone"), city_store.begin() as tx:
        tx.save_city(replace(a_city(), devices=(device,)))


def test_number_that_is_none_is_refused(city_store: Store) -> None:
    """NaN would come back as nothing; it is refused when written, not when read."""
    pond = a_site("pond-1", asset=Pond(alarm_mg_l=float("nan")))
    with pytest.raises(StatementError, match="JSON"), city_store.begin() as tx:
        tx.save_city(replace(a_city(), sites=(pond,)))


def test_payload_id_is_its_content(city_store: Store) -> None:
    """The same bytes received again stay one payload, with the time they first came."""
    again = replace(a_payload(), received_at=at(0))
    with city_store.begin() as tx:
        tx.add_payloads([again])
    with city_store.read() as tx:
        assert tx.count_payloads() == 1
        assert tx.payload(again.id) == a_payload()


def test_documents_from_before_a_field_existed_are_read() -> None:
    """A register stored last year opens with the defaults of what vehicles have since got."""
    vehicle = a_fleet().vehicles[0]
    column = DomainJson(Vehicle)
    text = column.process_bind_param(vehicle, sqlite.dialect())
    assert text is not None
    old = {name: value for name, value in json.loads(text).items() if name not in NEW_FIELDS}
    assert len(old) == len(json.loads(text)) - 2
    assert column.process_result_value(json.dumps(old), sqlite.dialect()) == vehicle


def test_plans_from_before_there_were_remedies_are_read() -> None:
    """Of a job left in an old plan only the first reason is known: nothing else was sought."""
    plan = a_plan()
    column = DomainJson(Plan)
    text = column.process_bind_param(plan, sqlite.dialect())
    assert text is not None
    document = json.loads(text)
    (left,) = document["unassigned"]
    document["unassigned"] = [{name: left[name] for name in ("job_id", "code", "text")}]
    old = column.process_result_value(json.dumps(document), sqlite.dialect())
    (known,) = old.unassigned
    assert (known.further, known.remedies, known.sought) == ((), (), False)
    assert replace(old, unassigned=plan.unassigned) == plan


def test_what_decides_law_and_overtime_comes_back(city_store: Store) -> None:
    """Overtime, law, range, limits and other ends survive the database."""
    fleet = a_fleet()
    pattern = replace(
        fleet.patterns[0], overtime_from=time(13), end_depot_id=DepotId("hof"), open_end=True
    )
    changed = replace(
        fleet,
        crews=tuple(replace(crew, overtime_ct=900) for crew in fleet.crews),
        vehicles=tuple(replace(v, ec_561=True, range_km=180) for v in fleet.vehicles),
        facilities=tuple(replace(f, at_once=1, charges=True) for f in fleet.facilities),
        patterns=(pattern, fleet.patterns[1]),
    )
    job = a_stored_job(late_ct_per_h=500, persons=2, organisation=Organisation.PARKS)
    with city_store.begin() as tx:
        tx.save_city(replace(a_city(), fleet=changed))
        tx.save_jobs([job])
    with city_store.read() as tx:
        assert tx.fleet() == changed
        assert tx.job(job.id) == job


def test_a_tree_stored_before_soils_were_known_is_read_with_defaults() -> None:
    """Registers of last year's version open as they are; the tables fill in the rest."""
    old = (
        '{"id":"baum-1","name":"Allee 1","location":{"lat":51.48,"lon":7.21},'
        '"asset":{"species":"Winterlinde","planted":"2024-11-05","girth_cm":20}}'
    )
    site = DomainJson(Site).process_result_value(old, sqlite.dialect())
    assert site.asset == YoungTree(species="Winterlinde", planted=date(2024, 11, 5), girth_cm=20)
    assert (site.asset.soil, site.asset.root_area_m2) == (None, None)
