"""Ask: nothing is asked for twice, and only what still fits is let in, in whatever order."""

from __future__ import annotations

from itertools import permutations

import pytest

from optiviz.gui.compute.ask import Ask


class Worker:
    """Takes requests as LatestWins does, and answers when and in which order the test says."""

    def __init__(self):
        self.asked = []
        self.cancelled = []

    def submit(self, lane, request, job, *, key, done, partial):
        self.asked.append((lane, request, job, key, done, partial))

    def cancel(self, lane):
        self.cancelled.append(lane)


def job(request, cancelled, report):
    return f"of {request}"


@pytest.fixture
def worker():
    return Worker()


@pytest.fixture
def shown():
    return []


def ask(worker, shown, **settings):
    return Ask(worker, "race", job, arrived=lambda *what: shown.append(what), **settings)


def test_the_same_thing_is_asked_for_once(worker, shown):
    asking = ask(worker, shown)
    assert asking.wanted is None
    assert asking.want("a")
    assert not asking.want("a")
    assert asking.want("b")
    assert asking.want("a")
    assert [request for _, request, *_ in worker.asked] == ["a", "b", "a"]
    assert asking.wanted == "a"


def test_a_spec_is_its_own_key_unless_it_is_said_what_an_answer_depends_on(worker, shown):
    ask(worker, shown).want(("beale", 1))
    ask(worker, shown, key=lambda spec: spec[0]).want(("beale", 1))
    assert [key for _, _, _, key, *_ in worker.asked] == [("beale", 1), "beale"]


def test_another_job_may_stand_in(worker, shown):
    asking = ask(worker, shown)
    asking.want("a", print)
    asking.want("b")
    assert [each[2] for each in worker.asked] == [print, job]


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_of_answers_in_any_order_the_one_that_is_wanted_is_let_in(worker, shown, order):
    asking = ask(worker, shown)
    for spec in "abc":
        asking.want(spec)
    done = {request: done for _, request, _, _, done, _ in worker.asked}
    for spec in order:
        done[spec](spec, f"of {spec}")
    assert shown == [("c", "of c")]


@pytest.mark.parametrize("order", list(permutations([("x", 1), ("y", 1), ("x", 2)])))
def test_an_answer_of_a_moment_ago_is_let_in_if_it_fits(worker, shown, order):
    asking = ask(worker, shown, fits=lambda answered, wanted: answered[0] == wanted[0])
    for spec in (("x", 1), ("y", 1), ("x", 2)):
        asking.want(spec)
    for spec in order:
        asking.on_done(spec, "answer")
    assert [spec for spec, _ in shown] == [spec for spec in order if spec[0] == "x"]


def test_what_is_wanted_no_more_never_arrives(worker, shown):
    asking = ask(worker, shown, fits=lambda *_: True)
    asking.want("a")
    asking.stop()
    asking.on_done("a", "late")
    assert shown == []
    assert worker.cancelled == ["race"]
    assert asking.want("a"), "it can be wanted again"
    asking.on_done("a", "now")
    assert shown == [("a", "now")]


def test_parts_are_let_in_only_where_somebody_takes_them(worker, shown):
    deaf = ask(worker, shown)
    deaf.want("a")
    deaf.on_partial("a", "part")
    assert shown == []
    parts = []
    asking = ask(worker, shown, partly=lambda *what: parts.append(what))
    asking.want("a")
    asking.on_partial("a", "part")
    asking.want("b")
    asking.on_partial("a", "late")
    assert parts == [("a", "part")]
