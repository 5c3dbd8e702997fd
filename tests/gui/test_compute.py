"""LatestWins: nothing starves, nothing stale lands, nothing dies silently."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QThread, QTimer

from optiviz.gui.compute.latest_wins import BACKGROUND, Cancelled, LatestWins


@pytest.fixture
def lanes(qapp):
    """A LatestWins that keeps a record of what it says, with a clock that stands still."""
    made = Recorded()
    yield made
    assert made.compute.shutdown(10.0)
    assert not made.compute.busy()


class Heard(LatestWins):
    """Tells one listener of all that its receivers get, by lane."""

    def __init__(self, tell, **settings):
        super().__init__(**settings)
        self._tell = tell

    def submit(self, lane, request, job, *, key=None):
        super().submit(
            lane,
            request,
            job,
            key=key,
            done=lambda *said: self._tell("done", lane, *said),
            partial=lambda *said: self._tell("partial", lane, *said),
        )


class Recorded:
    def __init__(self):
        self.now = 0.0
        self.said = []
        self.then = lambda *said: None  # what a receiver does besides
        self.compute = Heard(self.tell, patience={"slow": 5.0}, clock=lambda: self.now)
        self.compute.failed.connect(lambda *said: self.said.append(("failed", *said)))
        self.compute.busy_changed.connect(lambda *said: self.said.append(("busy", *said)))

    def tell(self, kind, *said):
        self.said.append((kind, *said))
        if kind == "done":
            self.then(*said)

    def of(self, kind):
        return [said[1:] for said in self.said if said[0] == kind]

    def results(self):
        return [said[1] for said in self.of("done")]


class Gate:
    """A job that holds until it is let go, or is asked to stop."""

    def __init__(self, *, heeds=True):
        self.started = threading.Event()
        self.go = threading.Event()
        self.heeds = heeds
        self.was_cancelled = False

    def __call__(self, request, cancelled, report):
        self.started.set()
        while not self.go.wait(0.001):
            if self.heeds and cancelled():
                self.was_cancelled = True
                raise Cancelled
        return f"result of {request}"


def twice(request, cancelled, report):
    return request * 2


def is_idle(lanes, lane="race"):
    return lambda: not lanes.compute.busy(lane)


def test_a_result_arrives_in_the_gui_thread_computed_in_another(lanes, qtbot):
    threads = []
    lanes.then = lambda *_: threads.append(QThread.currentThread())

    def where(request, cancelled, report):
        return QThread.currentThread()

    lanes.compute.submit("race", 1, where)
    qtbot.waitUntil(is_idle(lanes))
    assert threads == [QCoreApplication.instance().thread()]
    assert lanes.of("done")[0][2] is not threads[0]
    assert lanes.of("busy") == [("race", True), ("race", False)]


def test_two_hundred_quick_requests_keep_results_coming_and_the_last_one_lands(lanes, qtbot):
    requests = iter(range(200))
    between = []

    def drag():
        lanes.compute.submit("race", next(requests), slow_twice)
        between.append(len(lanes.of("done")))
        if len(between) == 200:
            timer.stop()

    def slow_twice(request, cancelled, report):
        QThread.msleep(3)
        if cancelled():
            raise Cancelled
        return request * 2

    timer = QTimer()
    timer.setInterval(1)
    timer.timeout.connect(drag)
    timer.start()
    qtbot.waitUntil(lambda: len(between) == 200 and not lanes.compute.busy("race"), timeout=20000)
    shown = lanes.results()
    assert shown[-1] == 199
    assert shown == sorted(set(shown)), "in order, none twice"
    assert between[-1] > 10, "results came while the hand still moved"


def test_requests_submitted_at_once_show_the_first_and_the_newest(lanes, qtbot):
    for request in range(200):
        lanes.compute.submit("race", request, twice)
    qtbot.waitUntil(is_idle(lanes))
    assert lanes.results() == [0, 199]
    assert lanes.of("busy") == [("race", True), ("race", False)]


def test_the_running_job_finishes_when_a_newer_request_waits(lanes, qtbot):
    gate = Gate()
    lanes.compute.submit("race", "a", gate)
    qtbot.waitUntil(gate.started.is_set)
    lanes.compute.submit("race", "b", twice)
    lanes.compute.submit("race", "c", twice)
    gate.go.set()
    qtbot.waitUntil(is_idle(lanes))
    assert lanes.of("done") == [("race", "a", "result of a"), ("race", "c", "cc")]


def test_another_key_stops_the_running_job(lanes, qtbot):
    gate = Gate()
    lanes.compute.submit("race", "a", gate, key="beale")
    qtbot.waitUntil(gate.started.is_set)
    lanes.compute.submit("race", "b", twice, key="rosenbrock")
    qtbot.waitUntil(is_idle(lanes))
    assert gate.was_cancelled
    assert lanes.results() == ["b"]
    assert not lanes.of("failed")


def test_a_result_of_another_key_is_dropped_even_if_its_job_did_not_stop(lanes, qtbot):
    gate = Gate(heeds=False)
    lanes.compute.submit("race", "a", gate, key="beale")
    qtbot.waitUntil(gate.started.is_set)
    lanes.compute.submit("race", "b", twice, key="rosenbrock")
    gate.go.set()
    qtbot.waitUntil(is_idle(lanes))
    assert lanes.results() == ["b"]


def test_a_partial_of_another_key_is_dropped_though_it_was_on_its_way(lanes, qtbot):
    reported = threading.Event()
    gate = Gate()

    def reports(request, cancelled, report):
        report("half")
        reported.set()
        return gate(request, cancelled, report)

    lanes.compute.submit("race", "a", reports, key="beale")
    assert reported.wait(5.0)  # the partial is queued; nothing has been delivered yet
    lanes.compute.submit("race", "b", twice, key="rosenbrock")
    qtbot.waitUntil(is_idle(lanes))
    assert not lanes.of("partial")


def test_partials_come_before_the_result(lanes, qtbot):
    def counts(request, cancelled, report):
        for part in range(3):
            report(part)
        return "whole"

    lanes.compute.submit("race", "a", counts)
    qtbot.waitUntil(is_idle(lanes))
    assert [said[0] for said in lanes.said if said[0] != "busy"] == ["partial"] * 3 + ["done"]
    assert [said[2] for said in lanes.of("partial")] == [0, 1, 2]


def test_a_slow_job_is_stopped_only_when_a_newer_request_waits(lanes, qtbot):
    gate = Gate()
    lanes.compute.submit("race", "a", gate)
    qtbot.waitUntil(gate.started.is_set)
    lanes.now = 100.0
    qtbot.wait(20)
    assert not gate.was_cancelled, "nothing newer waits"
    lanes.compute.submit("race", "b", twice)
    qtbot.waitUntil(is_idle(lanes))
    assert gate.was_cancelled
    assert lanes.results() == ["b"]


def test_patience_is_a_lanes_own(lanes, qtbot):
    gate = Gate()
    lanes.compute.submit("slow", "a", gate)
    qtbot.waitUntil(gate.started.is_set)
    lanes.compute.submit("slow", "b", twice)
    lanes.now = 4.0
    qtbot.wait(20)
    assert not gate.was_cancelled
    lanes.now = 5.1
    qtbot.waitUntil(is_idle(lanes, "slow"))
    assert gate.was_cancelled


def test_a_lane_grows_patient_so_that_slow_jobs_get_through_in_the_end(lanes, qtbot):
    started, superseded = threading.Event(), threading.Event()
    given_up = []

    def takes_three_seconds(request, cancelled, report):
        began = lanes.now
        started.set()
        superseded.wait(5.0)
        superseded.clear()
        while lanes.now - began < 3.0:  # six times the patience
            lanes.now += 0.1
            if cancelled():
                given_up.append(request)
                raise Cancelled
        return request

    # A hand that never rests: behind every job that runs, a newer request waits.
    for request in range(6):
        lanes.compute.submit("race", request, takes_three_seconds)
        if request:
            superseded.set()
        qtbot.waitUntil(started.is_set)
        started.clear()
    superseded.set()
    qtbot.waitUntil(is_idle(lanes))
    assert given_up[:3] == [0, 1, 2], "after half a second, one and two"
    assert lanes.results()[0] == 3, "which had four seconds"


def test_an_exception_is_told_and_the_lane_goes_on(lanes, qtbot):
    def breaks(request, cancelled, report):
        return 1 / 0

    lanes.compute.submit("race", "a", breaks)
    qtbot.waitUntil(is_idle(lanes))
    lanes.compute.submit("race", "b", twice)
    qtbot.waitUntil(is_idle(lanes))
    ((lane, request, sentence, details),) = lanes.of("failed")
    assert (lane, request) == ("race", "a")
    assert sentence == "The race could not be computed: division by zero."
    assert "ZeroDivisionError" in details
    assert "breaks" in details
    assert lanes.results() == ["b"]


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), MemoryError()])
def test_no_exception_of_any_kind_ends_a_lane(lanes, qtbot, error):
    def breaks(request, cancelled, report):
        raise error

    lanes.compute.submit("race", "a", breaks)
    qtbot.waitUntil(is_idle(lanes))
    assert type(error).__name__ in lanes.of("failed")[0][3]
    lanes.compute.submit("race", "b", twice)
    qtbot.waitUntil(is_idle(lanes))
    assert lanes.results() == ["b"]


def test_a_fault_is_told_even_if_its_request_is_pointless_by_now(lanes, qtbot):
    gate = Gate()

    def breaks(request, cancelled, report):
        gate.started.set()
        gate.go.wait(5.0)
        raise ValueError("no such surface")

    lanes.compute.submit("race", "a", breaks, key="beale")
    assert gate.started.wait(5.0)
    lanes.compute.submit("race", "b", twice, key="rosenbrock")
    gate.go.set()
    qtbot.waitUntil(is_idle(lanes))
    assert lanes.of("failed")[0][2] == "The race could not be computed: no such surface."
    assert lanes.results() == ["b"]


def test_lanes_do_not_wait_for_each_other(lanes, qtbot):
    gate = Gate()
    lanes.compute.submit("field", "a", gate)
    lanes.compute.submit("race", "b", twice)
    qtbot.waitUntil(is_idle(lanes))
    assert lanes.results() == ["b"]
    assert lanes.compute.busy("field")
    gate.go.set()
    qtbot.waitUntil(is_idle(lanes, "field"))


def test_a_receiver_may_ask_for_more(lanes, qtbot):
    def more(lane, request, _result):
        if request < 5:
            lanes.compute.submit(lane, request + 1, twice)

    lanes.then = more
    lanes.compute.submit("race", 0, twice)
    qtbot.waitUntil(lambda: len(lanes.results()) == 6)
    qtbot.waitUntil(is_idle(lanes))
    assert lanes.results() == list(range(6))
    assert lanes.of("busy")[-1] == ("race", False)


def test_cancel_drops_what_runs_and_what_waits(lanes, qtbot):
    gate = Gate()
    lanes.compute.submit("race", "a", gate)
    qtbot.waitUntil(gate.started.is_set)
    lanes.compute.submit("race", "b", twice)
    lanes.compute.cancel("race")
    qtbot.waitUntil(is_idle(lanes))
    assert lanes.results() == []


def test_run_once_runs_everything_in_turn_at_low_priority(lanes, qtbot):
    warmed = []

    def warm_up(what):
        warmed.append((what, QThread.currentThread().priority()))

    lanes.compute.run_once(lambda _: warm_up("kernels"), name="kernels")
    lanes.compute.run_once(lambda _: warm_up("fonts"), name="fonts")
    qtbot.waitUntil(is_idle(lanes, BACKGROUND))
    low = QThread.Priority.LowPriority
    assert warmed == [("kernels", low), ("fonts", low)]


def test_work_in_the_background_does_not_count_as_busy(lanes, qtbot):
    go = threading.Event()
    lanes.compute.run_once(lambda _: go.wait(5.0))
    assert not lanes.compute.busy()
    assert lanes.compute.busy(BACKGROUND)
    go.set()
    qtbot.waitUntil(is_idle(lanes, BACKGROUND))


def test_a_fault_in_the_background_is_told(lanes, qtbot):
    lanes.compute.run_once(lambda _: {}["kernel"])
    qtbot.waitUntil(is_idle(lanes, BACKGROUND))
    assert lanes.of("failed")[0][2] == "Work in the background failed: 'kernel'."


def test_shutdown_stops_a_running_job_and_reports_nothing_more(lanes, qtbot):
    gate = Gate()
    lanes.compute.submit("race", "a", gate)
    qtbot.waitUntil(gate.started.is_set)
    lanes.compute.submit("race", "b", twice)
    assert lanes.compute.shutdown(10.0)
    assert gate.was_cancelled
    lanes.compute.submit("race", "c", twice)
    qtbot.wait(20)
    assert lanes.of("done") == lanes.of("failed") == []


def test_shutdown_stops_what_runs_in_the_background(lanes, qtbot):
    gate = Gate()
    lanes.compute.run_once(lambda cancelled: gate("warm-up", cancelled, None))
    qtbot.waitUntil(gate.started.is_set)
    assert lanes.compute.shutdown(10.0)
    assert gate.was_cancelled


def test_a_receiver_may_shut_down(lanes, qtbot):
    lanes.then = lambda *_: lanes.compute.shutdown(10.0)
    lanes.compute.submit("race", "a", twice)
    qtbot.waitUntil(lambda: lanes.results() == ["a"])
    qtbot.wait(20)


def test_a_result_does_not_live_on_in_the_lane(lanes, qtbot):
    import gc
    import weakref

    class Result:
        pass

    lanes.compute.submit("race", "a", lambda *_: Result())
    qtbot.waitUntil(is_idle(lanes))
    kept = weakref.ref(lanes.said[-2][3])
    lanes.said.clear()
    qtbot.wait(20)
    gc.collect()
    assert kept() is None


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        ("submit('race', 1, ", "a job of the lane 'race' did not stop in time\n"),
        ("run_once(", ""),  # a compiler that warms up is nobody's concern
    ],
)
@pytest.mark.parametrize("stubborn", ["while True: sum(range(1000))", "time.sleep(60)"])
def test_the_process_ends_cleanly_though_a_job_never_answers(stubborn, ask, told):
    program = f"""
        import time
        from PySide6.QtCore import QCoreApplication, QTimer
        from optiviz.gui.compute import latest_wins as compute

        app = QCoreApplication([])
        lanes = compute.LatestWins()

        def job(*_):
            {stubborn}

        def close():
            print("ended:", lanes.shutdown(0.1))
            app.quit()

        lanes.{ask}job)
        QTimer.singleShot(200, close)
        app.exec()
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "ended: False\n")
    assert ran.stderr == told
