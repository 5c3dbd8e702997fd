"""Errors in overrides of Qt's methods: told, and survived, whoever raised them."""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

import optiviz.gui
from optiviz.gui.qt.overrides import is_override

ROOT = Path(__file__).resolve().parents[2]

#: Opens the real window, breaks an override of a class that is in use, and lets Python call into Qt
#: so that Qt calls the override: there an error that compiled code raised used to end the process.
BREAKS = """
import builtins, importlib, sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication
from optiviz.gui.app import application, build
from optiviz.gui.state.settings import Settings

def bodies(__class__):  # for overrides that call super()
    def refused(self, *_): __class__, PAINTER().drawLines("x", 3)
    def counted(self, *_): __class__, int("x")
    def listed(self, *_): __class__, [][1]
    return {"refused": refused, "counted": counted, "listed": listed}

def plain():
    def refused(self, *_): PAINTER().drawLines("x", 3)
    def counted(self, *_): int("x")
    def listed(self, *_): [][1]
    return {"refused": refused, "counted": counted, "listed": listed}

builtins.PAINTER = QPainter  # a body that is put into another module sees that one's names
settings, module, kind, name, error = sys.argv[1:]
app = application()
parts = build(None, Settings(settings))
parts.problems.install_hooks()
told = []
parts.problems.told.connect(lambda problem: told.append(problem.sentence))
parts.window.show()
override = vars(getattr(importlib.import_module(module), kind))[name]
override = getattr(override, "__wrapped__", override)

def touch():
    for widget in QApplication.allWidgets():
        if any(each.__name__ == kind for each in type(widget).__mro__):
            widget.resize(widget.width() + 5, widget.height() + 5)
            widget.grab()
            widget.adjustSize()
            widget.setEnabled(False)

def go():
    whole = override.__code__
    override.__code__ = (bodies(None) if whole.co_freevars else plain())[error].__code__
    try:
        touch()
    finally:
        override.__code__ = whole
        QTimer.singleShot(100, end)

def end():
    shown = parts.window.message_bar.problem
    print(told[0] if told else "nothing told")
    print("shown:", shown is not None and shown.sentence in told)
    parts.window.close()
    app.quit()

QTimer.singleShot(300, go)
app.exec()
print("alive")
"""

OVERRIDES = {
    "a painting": ("optiviz.gui.views.plot_view", "PlotView", "paintEvent"),
    "a painting with a painter": ("optiviz.gui.widgets.knob_slider", "KnobSlider", "paintEvent"),
    "a size": ("optiviz.gui.widgets.picture", "Picture", "sizeHint"),
    "an event": ("optiviz.gui.widgets.knob_slider", "KnobSlider", "event"),
    "a resizing": ("optiviz.gui.window.main_window", "MainWindow", "resizeEvent"),
}


def test_every_override_of_the_program_is_guarded():
    for module in pkgutil.walk_packages(optiviz.gui.__path__, "optiviz.gui."):
        importlib.import_module(module.name)
    gc.collect()
    kinds, seen = [QObject.__mro__[-2]], set()
    while kinds:
        kind = kinds.pop()
        if kind not in seen:
            seen.add(kind)
            kinds += kind.__subclasses__()
    ours = [kind for kind in seen if kind.__module__.startswith("optiviz.")]
    assert len(ours) > 60
    bare = [
        f"{owner.__qualname__}.{name}"
        for kind in ours
        for owner in kind.__mro__
        if owner.__module__.startswith("optiviz.")
        for name, found in vars(owner).items()
        if type(found).__name__ == "function" and is_override(kind, name)
        if not hasattr(found, "__wrapped__")
    ]
    assert bare == []


@pytest.mark.slow
@pytest.mark.parametrize("error", ["refused", "counted", "listed"])
@pytest.mark.parametrize("which", OVERRIDES)
def test_an_error_in_an_override_is_told_and_the_program_lives_on(tmp_path, which, error):
    done = subprocess.run(
        [sys.executable, "-c", BREAKS, str(tmp_path / "o.ini"), *OVERRIDES[which], error],
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told, shown, alive = done.stdout.splitlines()
    assert told.startswith("Something unexpected went wrong (")
    assert (shown, alive) == ("shown: True", "alive")
