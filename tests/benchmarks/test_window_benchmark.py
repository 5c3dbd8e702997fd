"""How soon the window answers, how steadily it ticks, how fast it starts and what it holds.

As everywhere in this folder, figures are told as ratios against something measured in the same
run, and nothing here fails for being slow.
"""

from __future__ import annotations

import os

# Before Qt is loaded: a benchmark needs no display.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import json
import math
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QPointF, Qt, QTimer

from optiviz.engine import SCHEDULES, run_race, warm_up
from optiviz.gui.app import application, build
from optiviz.gui.compute.latest_wins import BACKGROUND
from optiviz.gui.state.settings import Settings
from optiviz.gui.views.schedule import ScheduleView
from optiviz.scene import first_scene
from optiviz.scene.edits import choose_gradient, move_start, set_schedule
from tests.benchmarks.hand import Hand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optiviz.gui.app import Parts

FRAME = 1 / 60  # seconds
MOVES = 150
TICKS = 180  # of 16 ms, about 3 s

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


@pytest.fixture
def parts(qapp, tmp_path) -> Iterator[Parts]:
    application([])
    warm_up()
    scene = replace(first_scene("beale"), steps=500)
    built = build(scene, Settings(tmp_path / "settings.ini"))
    built.window.resize(1440, 900)
    built.window.show()
    _let_pass(1.0)
    while built.compute.busy(BACKGROUND):  # the gallery's pictures
        _let_pass(0.1)
    # The worst case: all paths are drawn whole, with halo and dashes.
    built.playback.to_end()
    _let_pass(0.2)
    yield built
    built.window.close()


def _let_pass(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def _once(benchmark, work: Callable[[], object]) -> None:
    """Let pytest-benchmark list what takes its measurements itself."""
    benchmark.pedantic(work, rounds=1, iterations=1)


def _tell_frame(benchmark, work: str, taken: list[float]) -> None:
    median, p95 = np.percentile(taken, (50, 95))
    benchmark.extra_info.update(
        work=f"{work}, 1440 x 900: median {median * 1e3:.1f} ms, p95 {p95 * 1e3:.1f} ms",
        against="a frame of 16.7 ms",
        ratio=f"{p95 / FRAME:.2f}",
        bar="at most 1",
    )
    assert len(taken) == MOVES


def _drag_start(benchmark, parts, work: str) -> None:
    hand, taken = Hand(parts), []

    def drag() -> None:
        for i in range(MOVES + 20):
            seconds = hand.move(3 * math.cos(i / 7), 3 * math.sin(i / 5))
            if i >= 20:
                taken.append(seconds)

    _once(benchmark, drag)
    hand.release()
    _tell_frame(benchmark, work, taken)


def test_hand_to_path(benchmark, parts):
    _drag_start(benchmark, parts, "hand to path, 4 racers x 500 steps")


def test_hand_to_path_on_examples(benchmark, parts):
    """The same, where every step sees a batch of real examples, and losses come after paths."""
    scene = replace(choose_gradient(first_scene("logistic"), "mini_batch"), steps=500)
    parts.store.open(scene)
    _let_pass(2.0)
    parts.playback.to_end()
    _let_pass(0.2)
    examples = len(scene.surface.examples)
    work = f"hand to path, 4 racers x 500 steps with batches of {examples} examples"
    _drag_start(benchmark, parts, work)


def test_schedule_to_path(benchmark, parts):
    """The same, for a handle of the schedule: it changes every racer's steps, and the zone."""
    scene = set_schedule(parts.store.scene, SCHEDULES["cosine"](warmup=5.0, end=0.3))
    parts.store.open(scene)
    _let_pass(1.0)
    parts.playback.to_end()
    plot = parts.window.view(ScheduleView).plot
    at = {grip.name: grip.at for grip in plot.grips}["end"]
    hand, taken = Hand(parts, plot, QPointF(at)), []

    def drag() -> None:
        for i in range(MOVES + 20):
            # Always another height, and never beyond what the handle may do.
            seconds = hand.move(0.0, 4.0 if (i // 8) % 2 else -4.0)
            if i >= 20:
                taken.append(seconds)

    _once(benchmark, drag)
    hand.release()
    _tell_frame(benchmark, "a schedule's handle to path, 4 racers x 500 steps", taken)


def _ticks(during: Callable[[], None]) -> np.ndarray:
    """Give the seconds between the ticks of a 16 ms timer in the GUI thread."""
    at: list[float] = []
    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(16)
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def tick() -> None:
        at.append(time.perf_counter())
        during()
        if len(at) > TICKS:
            loop.quit()

    timer.timeout.connect(tick)
    timer.start()
    loop.exec()
    timer.stop()
    return np.diff(at)


def test_timer_while_the_worker_is_busy(benchmark, parts):
    """Races of eight times 100,000 steps, one after the other, in the worker of the window."""
    scene = replace(first_scene("rosenbrock"), steps=100_000)
    heavy = replace(
        scene,
        racers=tuple(
            replace(racer, look=look) for look, racer in enumerate((*scene.racers, *scene.racers))
        ),
    )
    moved = 0

    def job(spec, cancelled, report):
        run_race(spec, cancelled)

    def ask() -> None:
        nonlocal moved
        moved += 1
        spec = move_start(heavy, -1.2 + 1e-6 * moved, 1.0).race_spec()
        parts.compute.submit("busy", spec, job)

    shares: list[tuple[float, float]] = []

    def measure() -> None:
        for _ in range(3):
            idle = np.percentile(_ticks(lambda: None), 99)
            shares.append((idle, np.percentile(_ticks(ask), 99)))

    _once(benchmark, measure)
    idle, busy = (statistics.median(column) for column in zip(*shares, strict=True))
    benchmark.extra_info.update(
        work=f"p99 of a 16 ms timer, worker busy: {busy * 1e3:.1f} ms",
        against=f"idle: {idle * 1e3:.1f} ms",
        ratio=f"{busy / idle:.2f}",
        bar="at most 1.2",
    )
    assert moved >= 3 * TICKS


def _started(kind: str, folder: Path, settle: float) -> dict[str, float]:
    script = Path(__file__).with_name("start.py")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "NUMBA_CACHE_DIR": str(folder)}
    # Bytecode is kept, as it is wherever people start the program.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, str(script), kind, repr(time.time()), str(settle)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_start_and_memory(benchmark, tmp_path):
    cold = _started("race", tmp_path, 4.0)  # has never run: it fills the cache
    runs: dict[str, list[dict[str, float]]] = {"empty": [], "race": []}

    def measure() -> None:
        for _ in range(3):
            for kind, found in runs.items():
                found.append(_started(kind, tmp_path, 2.0))

    _once(benchmark, measure)
    seconds, mb = (
        {kind: statistics.median(run[what] for run in found) for kind, found in runs.items()}
        for what in ("seconds", "mb")
    )
    benchmark.extra_info.update(
        work=f"start to the first painted race: {seconds['race']:.2f} s "
        f"({cold['seconds']:.2f} s where it has never run)",
        against=f"an empty pyqtgraph window: {seconds['empty']:.2f} s",
        ratio=f"{seconds['race'] / seconds['empty']:.2f}",
        bar="at most 2",
        also={
            "work": f"memory, with the compiler loaded: {mb['race']:.0f} MB",
            "against": f"an empty pyqtgraph window: {mb['empty']:.0f} MB",
            "ratio": f"{mb['race'] / mb['empty']:.2f}",
            "bar": "at most 2.6",
        },
    )
    assert mb["race"] > 0
