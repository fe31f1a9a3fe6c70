"""However bad the radio is: the same shift told ends in the same state."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.app import create_app
from dispatch.domain.job import Job, JobStatus
from dispatch.service.work_done import WorkDone, work_done
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import call
from tests.helpers.databases import fresh_store
from tests.helpers.doors import ADMIN_GATE
from tests.helpers.plans import DAY, at
from tests.helpers.tablets import (
    HandClock,
    Told,
    end_of_shift,
    fill_long_shift,
    send,
    told_of_shift,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from dispatch.store import Store

TOLD = told_of_shift()
State = tuple[list[Job], dict[Any, WorkDone], Any, Any]


@pytest.fixture(scope="module")
def clock() -> HandClock:
    """Return the service's clock, at the start of the shift."""
    return HandClock(at(0))


@pytest.fixture(scope="module")
def new_app(
    tmp_path_factory: pytest.TempPathFactory, clock: HandClock
) -> Iterator[Callable[[], FastAPI]]:
    """Return what makes a service with the long shift and nothing told of it."""
    web_dir = tmp_path_factory.mktemp("web")
    (web_dir / "index.html").write_text("<title>Einsatzplan</title>", encoding="utf-8")
    stores: list[Store] = []

    def made() -> FastAPI:
        stores.append(fresh_store())
        fill_long_shift(stores[-1])
        return create_app(
            stores[-1], street_map=STREET_MAP, web_dir=web_dir, gate=ADMIN_GATE, now=clock
        )

    yield made
    for store in stores:
        store.close()


def state_of(app: FastAPI) -> State:
    """Return what the office sees in the end: jobs, work done, the tablet's document, progress."""
    with app.state.store.read() as tx:
        jobs = sorted(tx.jobs(), key=lambda job: job.id)
        done = work_done(tx, now=end_of_shift())
    untimed = [replace(job, updated_at=job.created_at) for job in jobs]
    documents = [
        call(app, "GET", f"/api/v1/crews/glas/{name}?day={DAY.isoformat()}").json()
        for name in ("route", "progress")
    ]
    return untimed, done, documents[0], documents[1]


@pytest.fixture(scope="module")
def expected(new_app: Callable[[], FastAPI], clock: HandClock) -> State:
    """Return the state after each report was sent when it happened."""
    app = new_app()
    for told in TOLD:
        clock.moment = at(max(told.minute, 0))
        answer = send(app, [told.body], sent_at=clock.moment)
        assert [v["answer"] for v in answer.json()["verdicts"]] == ["accepted"]
    clock.moment = end_of_shift()
    return state_of(app)


def offline(app: FastAPI, told: list[Told], chance: random.Random) -> Counter[str]:
    """Send reports shuffled and doubled in batches; return how many answers there were of each."""
    doubled = [*told, *told]
    chance.shuffle(doubled)
    answers: Counter[str] = Counter()
    while doubled:
        size = chance.randint(1, 80)
        batch, doubled = doubled[:size], doubled[size:]
        answer = send(app, [t.body for t in batch], sent_at=end_of_shift())
        assert answer.status == 200
        answers.update(verdict["answer"] for verdict in answer.json()["verdicts"])
    return answers


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_tablet_without_radio_for_a_shift(
    new_app: Callable[[], FastAPI], expected: State, seed: int
) -> None:
    """200 reports shuffled and doubled at the end leave what one by one in time leaves."""
    assert len(TOLD) >= 200
    app = new_app()
    answers = offline(app, TOLD, random.Random(seed))  # noqa: S311  # not for secrets
    assert answers == {"accepted": len(TOLD), "known": len(TOLD)}
    assert state_of(app) == expected
    statuses = {job.status for job in expected[0]}
    assert statuses == {JobStatus.OPEN, JobStatus.PLANNED, JobStatus.DONE}


def test_two_tablets_of_a_crew(
    new_app: Callable[[], FastAPI], clock: HandClock, expected: State
) -> None:
    """One with radio and one without, which tell of the same shift by turns, leave the same."""
    app = new_app()
    chance = random.Random(7)  # noqa: S311  # not for secrets
    first = [told for told in TOLD if chance.random() < 0.5]
    second = [told for told in TOLD if told not in first]
    for told in first:
        clock.moment = at(max(told.minute, 0))
        send(app, [told.body], sent_at=clock.moment)
    clock.moment = end_of_shift()
    # The second has heard of some of the first's reports from the tablet itself and sends them too.
    offline(app, [*second, *first[:20]], chance)
    assert state_of(app) == expected


def test_two_tablets_at_the_same_moment(new_app: Callable[[], FastAPI], expected: State) -> None:
    """Both send the whole shift at once, in batches: every report is taken once all the same."""
    app = new_app()
    chances = [random.Random(seed) for seed in (11, 12)]  # noqa: S311  # not for secrets
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda chance: offline(app, TOLD, chance), chances)
    taken = sum(answers, Counter())
    assert taken == {"accepted": len(TOLD), "known": 3 * len(TOLD)}
    assert state_of(app) == expected


def test_a_tablet_whose_clock_is_wrong(new_app: Callable[[], FastAPI], expected: State) -> None:
    """A clock that is an hour slow changes nothing in what happened when, only that it is told."""
    app = new_app()
    slow = [
        {**told.body, "happened_at": at(told.minute - 60).isoformat()} for told in reversed(TOLD)
    ]
    answer = send(app, slow[:120], sent_at=end_of_shift() - (at(60) - at(0)))
    send(app, slow[120:], sent_at=end_of_shift() - (at(60) - at(0)))
    assert {v["answer"] for v in answer.json()["verdicts"]} == {"accepted"}
    assert state_of(app) == expected
    listed = call(app, "GET", f"/api/v1/reports?day={DAY.isoformat()}&limit=1000").json()
    assert {tuple(report["doubts"]) for report in listed} == {("skew",)}
