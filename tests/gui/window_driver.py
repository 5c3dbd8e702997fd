"""Drives the real window by object names, as a hand and a keyboard would."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from optiviz.scene import common_gradient

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class WindowDriver:
    """A shown window, found, typed into, dragged and waited for."""

    def __init__(self, qtbot, parts):
        self.qtbot = qtbot
        self.parts = parts
        self.window = parts.window
        self.store = parts.store
        self.playback = parts.playback
        self.settings = parts.settings
        self.contour = parts.window.contour
        self.told = []
        parts.problems.told.connect(self.told.append)

    # What is there

    def __call__(self, name):
        """The one widget of this object name."""
        found = self.window.findChildren(QWidget, name)
        assert len(found) == 1, f"{len(found)} widgets are named {name!r}"
        return found[0]

    def has(self, name):
        return bool(self.window.findChildren(QWidget, name))

    @property
    def scene(self):
        return self.store.scene

    @property
    def race(self):
        return self.window.race

    def knob(self, name):
        """The value of a knob in the scene, by the object name of its editor."""
        owner, *within, knob = name.split(".")
        if owner == "surface":
            return getattr(self.scene.surface, knob)
        if owner == "gradient":
            return getattr(common_gradient(self.scene), knob)
        racer = self.scene.racers[int(owner.removeprefix("racer_"))]
        return getattr(racer.gradient if within == ["gradient"] else racer.optimizer, knob)

    def paths(self):
        return np.array([run.path for run in self.race.runs])

    @property
    def message(self):
        """The sentence in the message bar; empty while it is hidden."""
        if not self("message_bar").isVisible():
            return ""
        return self.window.findChild(QLabel, "message_bar.sentence").text()

    def told_one(self, *words, kind="error"):
        """Wait for one message of this kind with these words in it, and take it as expected."""
        self.qtbot.waitUntil(lambda: any(problem.kind == kind for problem in self.told))
        found = [problem for problem in self.told if problem.kind == kind]
        assert len(found) == 1, found
        self.told.remove(found[0])
        sentence = found[0].sentence
        assert self.message == sentence
        for word in words:
            assert word in sentence
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return found[0]

    # Waiting

    def settle(self):
        """Wait until the race that is shown is the scene's, and the surface is drawn."""

        def settled():
            race = self.window.race
            assert race is not None
            assert race.spec == self.scene.race_spec()
            assert not self.parts.compute.busy()

        self.qtbot.waitUntil(settled, timeout=30_000)
        QApplication.processEvents()

    def wait(self, condition):
        self.qtbot.waitUntil(condition)

    # The mouse

    def mouse(self, widget, kind, at, button=LEFT, buttons=None):
        at = QPointF(at)
        held = LEFT if kind != QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
        event = QMouseEvent(
            kind, at, QPointF(widget.mapToGlobal(at)), button, buttons or held, NONE
        )
        QApplication.sendEvent(widget, event)

    def press(self, widget, at):
        self.mouse(widget, QEvent.Type.MouseButtonPress, at)

    def move(self, widget, at):
        self.mouse(widget, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton)

    def release(self, widget, at):
        self.mouse(widget, QEvent.Type.MouseButtonRelease, at)

    def hover(self, widget, at):
        none = Qt.MouseButton.NoButton
        self.mouse(widget, QEvent.Type.MouseMove, at, none, none)

    def click(self, name):
        QTest.mouseClick(self(name), LEFT)

    def slide(self, name, place):
        """Press a slider's groove at a place from 0 to 1, and let go."""
        slider = self(name)
        at = QPointF(place * slider.width(), slider.height() / 2)
        self.press(slider, at)
        self.release(slider, at)

    def drag_start(self, dx, dy):
        """Press the start handle and move it by pixels; the button stays down."""
        at = self.contour.pixel_of(*self.scene.start)
        self.press(self.contour, at)
        to = QPointF(at.x() + dx, at.y() + dy)
        self.move(self.contour, QPointF(at.x() + dx / 2, at.y() + dy / 2))
        self.move(self.contour, to)
        return to

    # The keyboard

    def focus(self, widget):
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.wait(widget.hasFocus)

    def key(self, key, modifiers=NONE):
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def type(self, name, text, enter=True):
        """Type a text into a field instead of the one it has, and press Enter."""
        field = self(name)
        self.focus(field)
        field.selectAll()
        if text:
            QTest.keyClicks(field, text)
        else:
            QTest.keyClick(field, Qt.Key.Key_Delete)
        if enter:
            QTest.keyClick(field, Qt.Key.Key_Return)
