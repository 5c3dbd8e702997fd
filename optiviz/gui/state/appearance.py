"""Appearance: theme, scale, size of text and motion, from the settings and the system."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication

from optiviz.gui.qt.timers import once
from optiviz.gui.state.settings import Settings, system_reduces_motion
from optiviz.gui.theme.palette import THEMES, Look, system_point_size, system_theme

SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 1.8, 2.0)


class Appearance(QObject):
    """Decides the look, and remembers what was chosen.

    Signal: ``changed(look)``: all is to be shown anew, in this look. It may be the same one, on a
    screen with more or fewer pixels, for which icons are drawn.

    The parent, where it is a window, is listened to for changes of the system.
    """

    changed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._look = self._make()
        self._keys_heard = once(self, 0, self.on_system_changed)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.on_system_changed)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.fontChanged.connect(self.on_system_changed)
        if parent is not None:
            parent.installEventFilter(self)

    @property
    def look(self) -> Look:
        """The look that is to be shown."""
        return self._look

    def choose_theme(self, name: object) -> None:
        """Take ``system``, ``dark`` or ``light``."""
        if name in ("system", "dark", "light"):
            self._settings.theme = name
            self.on_system_changed()

    def choose_reduced_motion(self, reduced: bool) -> None:
        """Reduce motion, or do not, whatever the system says."""
        self._settings.reduced_motion = reduced
        self.on_system_changed()

    def scale_by(self, notches: int) -> None:
        """Go to the next larger or smaller scale; 0 goes back to the original one.

        The change is told when the keys that wait in Qt's queue have been counted: a new look takes
        a third of a second to show, and a held key repeats faster than that.
        """
        if notches == 0:
            self._settings.scale = 1.0
        else:
            scale = self._settings.scale
            nearest = min(range(len(SCALES)), key=lambda i: abs(SCALES[i] - scale))
            self._settings.scale = SCALES[min(max(nearest + notches, 0), len(SCALES) - 1)]
        self._keys_heard.start()

    def on_system_changed(self) -> None:
        """Decide anew, and tell if that makes a difference."""
        look = self._make()
        if look != self._look:
            self._look = look
            self.changed.emit(look)

    def _make(self) -> Look:
        wish = self._settings.theme
        theme = THEMES[system_theme() if wish == "system" else wish]
        reduced = self._settings.reduced_motion
        if reduced is None:
            reduced = system_reduces_motion()
        return Look(theme, self._settings.scale, reduced, system_point_size())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ThemeChange:
            self.on_system_changed()
        elif event.type() == QEvent.Type.DevicePixelRatioChange:
            self._look = self._make()
            self.changed.emit(self._look)
        return super().eventFilter(watched, event)
