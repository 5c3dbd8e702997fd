"""Draw every screen of OptiViz, in both themes and three sizes, into ``build/screens/``.

Some are drawn in a larger scale, and some as where the system's text is larger.

The windows are real and the races are run, on Qt's offscreen platform; nothing appears on a
display. What is drawn is what a person should look at after each change of the window. The 3D view
needs OpenGL, which that platform has where an X server answers: on Linux one is started, in memory.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from optiviz.gui.qt import virtual_display

if sys.platform.startswith("linux") and "DISPLAY" not in os.environ:
    virtual_display.provide()

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton

from optiviz import resources
from optiviz.engine import Clip
from optiviz.gui.app import Parts, application, build
from optiviz.gui.commands.actions import command
from optiviz.gui.state.relief import Relief
from optiviz.gui.state.settings import Settings
from optiviz.gui.views.surface3d.gl import SurfaceGl
from optiviz.gui.views.surface3d.missing import NoOpenGL
from optiviz.scene import Scene, Viewpoint, edits, first_scene
from optiviz.scene.file import SUFFIX, read

OUTPUT = Path(__file__).resolve().parent.parent / "build" / "screens"
SIZES = ((1024, 768), (1440, 900), (1920, 1080))
THEMES = ("dark", "light")

Prepare = Callable[[Parts], None]


def _nothing(_: Parts) -> None:
    """Show the scene as it is."""


def _diverged() -> Scene:
    return edits.set_racer_knob(_beale(), 0, "lr", 0.5)


def _eight() -> Scene:
    scene = first_scene("rosenbrock")
    for key in ("sgd", "momentum", "rmsprop", "adam"):
        scene = edits.add_racer(scene, key)
        index = len(scene.racers) - 1
        lr = scene.racers[index].optimizer.lr
        scene = edits.set_racer_knob(scene, index, "lr", lr / 2)
    return scene


def _cheat_sheet(parts: Parts) -> None:
    parts.window.toggle_cheat_sheet()


def _message(parts: Parts) -> None:
    parts.problems.tell("Could not open lecture.optiviz: no such file or directory.")


def _instruments_out(parts: Parts) -> None:
    tab = parts.window.findChild(QToolButton, "instruments_tab")
    if tab is not None and tab.isVisible():
        tab.setChecked(True)


def _knobs_out(parts: Parts) -> None:
    for more in parts.window.findChildren(QToolButton):
        if more.objectName().endswith(".more") and more.isVisible():
            more.click()


_TABLE = (
    "Stadt;Leute;Miete;Note\nA;2.595;620,50;0\nB;3.405;657,51;1\nC;14.715;694,52;2\n"
    "D;5.125;731,53;-999\nE;6.535;768,54;4\nF;17.845;805,55;5\nG;8.255;842,56;3\nH;954;879,57;2\n"
)


def _import(parts: Parts) -> None:
    """Open a table that is asked about, so that its panel opens too."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "mieten.csv"
        table.write_text(_TABLE, encoding="utf-8")
        parts.controller.data.open(table)
        while parts.compute.busy("data"):
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def _soloed() -> Scene:
    return edits.set_solo(_beale(), 3, True)


def _unusual() -> Scene:
    scene = edits.set_racer_knob(_beale(), 1, "weight_decay", 0.01)
    scene = edits.set_racer_knob(scene, 3, "delta", 1e-4)
    scene = edits.set_racer_knob(scene, 3, "bias_correction", False)
    racers = (scene.racers[0], replace(scene.racers[1], clip=Clip.norm(0.5)), *scene.racers[2:])
    return replace(scene, racers=racers)


def _prepared(name: str) -> Callable[[], Scene]:
    return lambda: read(resources.path("scenes", f"{name}{SUFFIX}"))


def _batches(key: str) -> Callable[[], Scene]:
    return lambda: edits.choose_gradient(first_scene(key), "mini_batch")


def _scheduled() -> Scene:
    scene = first_scene("rosenbrock")
    for index, key in enumerate(("cosine", "one_cycle", "wsd", "cosine_restarts")):
        scene = edits.choose_schedule(scene, key, index)
    return scene


def _one_schedule() -> Scene:
    scene = edits.choose_schedule(first_scene("rosenbrock"), "cosine_restarts")
    return edits.set_schedule_knob(scene, "warmup", 5.0)


def _unfolded(*names: str) -> Prepare:
    """Show these instruments alone, out of all."""

    def prepare(parts: Parts) -> None:
        instruments = parts.window.instruments
        all_names = frozenset(item.name for item in instruments.items)
        instruments.show_folded(all_names - set(names))
        for switch in ("seeds_on", "basins_on"):
            found = parts.window.findChild(QAbstractButton, switch)
            if found is not None and found.isVisible() and not found.isChecked():
                found.click()
        _instruments_out(parts)

    return prepare


def _overlays(parts: Parts) -> None:
    parts.commands.on_command(command("batch_contour"))
    parts.commands.on_command(command("gradient_cloud"))


def _in_3d(view_mode: Literal["3d", "split"] = "3d", **relief: object) -> Prepare:
    """Show the surface in three dimensions, with heights shown like this."""

    def prepare(parts: Parts) -> None:
        parts.commands.show_view_mode(view_mode)
        for name, value in {**Relief().settings(), **relief}.items():
            parts.controller.surface3d.on_knob_changed(name, value)

    return prepare


def _seen_from(azimuth: float, elevation: float, key: str) -> Callable[[], Scene]:
    seen = Viewpoint(azimuth, elevation, 2.4, 0.0, 0.0, 0.12)
    return lambda: edits.set_viewpoint(first_scene(key), seen)


def _sheet_in_3d(parts: Parts) -> None:
    _in_3d("split")(parts)
    _knobs_out(parts)


def _beale() -> Scene:
    return first_scene("beale")


#: Name, scene, step, what is done to the window, scale, points of the system's text.
SCREENS: tuple[tuple[str, Callable[[], Scene], int, Prepare, float, float], ...] = (
    ("beale", _beale, 64, _nothing, 1.0, 9.0),
    ("rosenbrock", lambda: first_scene("rosenbrock"), 200, _nothing, 1.0, 9.0),
    ("quadratic", lambda: first_scene("quadratic"), 30, _nothing, 1.0, 9.0),
    ("himmelblau", lambda: first_scene("himmelblau"), 40, _nothing, 1.0, 9.0),
    ("cliff", lambda: first_scene("cliff"), 30, _nothing, 1.0, 9.0),
    ("ripples", lambda: first_scene("ripples"), 60, _nothing, 1.0, 9.0),
    ("diverged", _diverged, 64, _nothing, 1.0, 9.0),
    ("soloed", _soloed, 100, _nothing, 1.0, 9.0),
    ("unusual", _unusual, 64, _nothing, 1.0, 9.0),
    ("eight-racers", _eight, 300, _nothing, 1.0, 9.0),
    ("all-knobs", _beale, 64, _knobs_out, 1.0, 9.0),
    ("cheat-sheet", _beale, 64, _cheat_sheet, 1.0, 9.0),
    ("message", _beale, 64, _message, 1.0, 9.0),
    ("instruments", _beale, 64, _instruments_out, 1.0, 9.0),
    ("data", _batches("logistic"), 20, _unfolded("curves", "data"), 1.0, 9.0),
    ("import", _beale, 200, _import, 1.0, 9.0),
    ("data-sine", lambda: first_scene("sine"), 20, _unfolded("curves", "data"), 1.0, 9.0),
    ("data-rare", _batches("rare_feature"), 20, _unfolded("curves", "data"), 1.0, 9.0),
    ("tilts", _batches("quadratic"), 20, _unfolded("curves", "data"), 1.0, 9.0),
    ("full-batch", _prepared("SGD against full batch"), 60, _overlays, 1.0, 9.0),
    ("floor", _prepared("The noise floor"), 200, _unfolded("chance", "seeds"), 1.0, 9.0),
    ("minima", _batches("two_basins"), 40, _unfolded("basins"), 1.0, 9.0),
    ("schedules", _scheduled, 200, _unfolded("curves", "schedule"), 1.0, 9.0),
    ("snapshots", _one_schedule, 200, _unfolded("schedule"), 1.0, 9.0),
    ("large", _beale, 64, _nothing, 1.6, 9.0),
    ("largest", lambda: first_scene("quadratic"), 30, _nothing, 2.0, 9.0),
    ("largest-keys", _beale, 64, _cheat_sheet, 2.0, 9.0),
    ("3d", _beale, 64, _in_3d(), 1.0, 9.0),
    ("3d-rosenbrock", lambda: first_scene("rosenbrock"), 200, _in_3d(), 1.0, 9.0),
    ("3d-quadratic", lambda: first_scene("quadratic"), 30, _in_3d(), 1.0, 9.0),
    ("3d-himmelblau", lambda: first_scene("himmelblau"), 40, _in_3d(), 1.0, 9.0),
    ("3d-camel", lambda: first_scene("six_hump_camel"), 40, _in_3d(), 1.0, 9.0),
    ("3d-ackley", lambda: first_scene("ackley"), 40, _in_3d(), 1.0, 9.0),
    ("3d-rastrigin", lambda: first_scene("rastrigin"), 40, _in_3d(), 1.0, 9.0),
    ("3d-saddle", lambda: first_scene("saddle"), 40, _in_3d(), 1.0, 9.0),
    ("3d-cliff", lambda: first_scene("cliff"), 30, _in_3d(), 1.0, 9.0),
    ("3d-ripples", lambda: first_scene("ripples"), 60, _in_3d(), 1.0, 9.0),
    ("3d-logistic", _batches("logistic"), 20, _in_3d(), 1.0, 9.0),
    ("3d-neuron", _batches("neuron"), 20, _in_3d(), 1.0, 9.0),
    ("3d-sine", lambda: first_scene("sine"), 20, _in_3d(), 1.0, 9.0),
    ("3d-low", _seen_from(-20.0, 14.0, "beale"), 64, _in_3d(), 1.0, 9.0),
    ("3d-above", _seen_from(-90.0, 90.0, "beale"), 64, _in_3d(), 1.0, 9.0),
    ("3d-compressed", _beale, 64, _in_3d(heights="compressed"), 1.0, 9.0),
    ("3d-through", _beale, 64, _in_3d(opacity=0.5, exaggeration=2.0), 1.0, 9.0),
    ("3d-snapshots", _one_schedule, 200, _in_3d(), 1.0, 9.0),
    ("3d-large", _beale, 64, _in_3d(), 1.6, 9.0),
    ("split", _beale, 64, _in_3d("split"), 1.0, 9.0),
    ("split-knobs", _beale, 64, _sheet_in_3d, 1.0, 9.0),
    ("split-largest", lambda: first_scene("quadratic"), 30, _in_3d("split"), 2.0, 9.0),
    ("text-13pt", lambda: first_scene("quadratic"), 30, _nothing, 1.0, 13.0),
)


def main(wanted: list[str]) -> int:
    """Draw the screens named, or all; returns the exit code."""
    app = application([])
    OUTPUT.mkdir(parents=True, exist_ok=True)
    left_out: list[str] = [] if _has_opengl() else [name for name, *_ in SCREENS if _is_3d(name)]
    with tempfile.TemporaryDirectory() as folder:
        for name, make, step, prepare, scale, points in SCREENS:
            if (wanted and name not in wanted) or name in left_out:
                continue
            font = app.font()
            font.setPointSizeF(points)
            app.setFont(font)
            for theme in THEMES:
                for size in SIZES:
                    settings = Settings(Path(folder) / "screens.ini")
                    settings.theme = theme  # type: ignore[assignment]
                    settings.scale = scale
                    settings.reduced_motion = True
                    file = OUTPUT / f"{name}-{theme}-{size[0]}x{size[1]}.png"
                    draw(build(make(), settings), step, prepare, size, file)
    if left_out:
        sys.stdout.write(
            f"There is no OpenGL here, so these are left out: {', '.join(left_out)}. "
            "On Linux, Xvfb and Mesa’s software renderer give it.\n"
        )
    sys.stdout.write(f"The screens are in {OUTPUT.relative_to(OUTPUT.parent.parent)}.\n")
    return 0


def _is_3d(name: str) -> bool:
    return name.startswith(("3d", "split"))


def _has_opengl() -> bool:
    try:
        SurfaceGl().release()
    except NoOpenGL:
        return False
    return True


def draw(parts: Parts, step: int, prepare: Prepare, size: tuple[int, int], file: Path) -> None:
    """Draw one window to a file, once its race and its field are there."""
    window = parts.window
    window.resize(*size)
    window.show()
    _wait_for(parts)
    parts.playback.seek(step)
    prepare(parts)
    _wait_for(parts)
    window.grab().save(str(file))
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _wait_for(parts: Parts) -> None:
    """Wait until nothing is being computed and the window has been laid out."""
    loop = QEventLoop()

    def ask() -> None:
        if parts.window.race is not None and not parts.compute.busy():
            loop.quit()

    timer = QTimer()
    timer.setInterval(30)
    timer.timeout.connect(ask)
    timer.start()
    QTimer.singleShot(5000, loop.quit)
    QTimer.singleShot(100, lambda: None)
    loop.exec()
    for _ in range(3):
        QApplication.processEvents()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
