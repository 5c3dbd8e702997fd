"""The gallery: surfaces to choose from, as small pictures in groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from optiviz.engine import SURFACES
from optiviz.gui.qt.keys import latin_key
from optiviz.gui.qt.timers import every
from optiviz.gui.stage.thumbnails import HEIGHT, WIDTH, thumbnail
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.chooser import Chooser

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

_COLUMNS = 5
_LEAST = 142.0  # of the list's width, in unscaled pixels
_GROUPS = {"classic": "Classics", "teaching": "Made for teaching", "data": "Made of data"}
_STEPS = {
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Up: (0, -1),
}


class Gallery(QFrame):
    """A sheet of pictures. Arrow keys, Home and End move, letters go to a name that begins so.

    Space or Enter chooses, Escape closes.

    Signals: ``chosen(key)``, ``closed()``.
    """

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("surface_gallery")
        self.setAccessibleName("Surfaces")
        self.setProperty("card", True)
        self._look = Look()
        self._buttons: dict[str, QToolButton] = {}
        self._places: dict[tuple[int, int], QToolButton] = {}
        self._headings: list[QLabel] = []
        self._missing: list[str] = []
        self._typed = ""  # the beginning of a name
        self._since = QElapsedTimer()  # its last letter
        inside = self._inside = QWidget(self)
        inside.setProperty("scrolled", True)
        self._grid = QGridLayout(inside)
        line = 0
        for group, title in _GROUPS.items():
            line = self._fill(group, title, line)
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self._scroll)
        # One picture at a time, so that the window goes on meanwhile.
        self._drawing = every(self, 0, self._draw_next)

    def _fill(self, group: str, title: str, line: int) -> int:
        """Add a group's heading and buttons from a line on; give the line below them."""
        keys = [key for key, surface in SURFACES.items() if surface.group == group]
        if not keys:
            return line
        heading = QLabel(title, self)
        heading.setProperty("heading", True)
        self._headings.append(heading)
        self._grid.addWidget(heading, line, 0, 1, _COLUMNS)
        for number, key in enumerate(keys):
            place = (number % _COLUMNS, line + 1 + number // _COLUMNS)
            button = self._button(key)
            self._buttons[key] = self._places[place] = button
            self._grid.addWidget(button, place[1], place[0])
        return line + 1 + -(-len(keys) // _COLUMNS)

    def _button(self, key: str) -> QToolButton:
        surface = SURFACES[key]
        button = QToolButton(self)
        button.setObjectName(f"surface_gallery.{key}")
        button.setText(surface.title)
        button.setAccessibleName(surface.title)
        button.setAccessibleDescription(surface.about)
        button.setToolTip(surface.about)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self._choose(key))
        # A button by itself takes an arrow for the way to the next one, and the list scrolls.
        button.installEventFilter(self)
        return button

    def _choose(self, key: str) -> None:
        self.hide()
        self.chosen.emit(key)

    def show_key(self, key: str) -> None:
        """Mark the surface that is on the stage, and begin there."""
        for each, button in self._buttons.items():
            button.setChecked(each == key)
        if key in self._buttons:
            self._buttons[key].setFocus(Qt.FocusReason.PopupFocusReason)

    def show_look(self, look: Look) -> None:
        """Show the pictures in this theme and scale."""
        self._look = look
        self._grid.setSpacing(round(look.px(6)))
        # Keeps the room until the picture is drawn.
        blank = QPixmap(round(look.px(WIDTH)), round(look.px(HEIGHT)))
        blank.fill(QColor(look.theme.surface[2]))
        for heading in self._headings:
            heading.setFont(look.font(bold=True))
        for button in self._buttons.values():
            button.setFont(look.font(0.9))
            button.setIconSize(QSize(round(look.px(WIDTH)), round(look.px(HEIGHT))))
            button.setIcon(QIcon(blank))
        self._missing = [*self._buttons]
        if self.isVisible():
            self._drawing.start()

    def open_below(self, widget: QWidget, key: str) -> None:
        """Show the sheet below a widget, as large as its window allows."""
        window = widget.window()
        self.ensurePolished()
        self._grid.activate()
        wanted = self._grid.sizeHint() + QSize(30, 16)
        self.resize(wanted.boundedTo(window.size() * 0.92))
        corner = widget.mapToGlobal(widget.rect().bottomLeft())
        right = window.mapToGlobal(window.rect().bottomRight())
        corner.setX(max(min(corner.x(), right.x() - self.width()), 0))
        self.move(corner)
        self.show()
        self.show_key(key)
        if self._missing:
            self._drawing.start()

    def _draw_next(self) -> None:
        if not self._missing:
            self._drawing.stop()
            return
        key = self._missing.pop(0)
        ratio = self.devicePixelRatioF()
        image = thumbnail(key, self._look.theme, self._look.px(1.0) * ratio)
        image.setDevicePixelRatio(ratio)
        self._buttons[key].setIcon(QIcon(QPixmap.fromImage(image)))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._take_key(event)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take_key(event):
            super().keyPressEvent(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; false: it is for the picture that has the focus, or for Qt."""
        key = Qt.Key(latin_key(event))
        text = event.text() if key == event.key() else chr(key)
        places = {button: place for place, button in self._places.items()}
        at = places.get(self.focusWidget())  # type: ignore[call-overload]
        tiles = list(self._places.values())
        others = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if others:
            return False
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go(tiles[0 if key == Qt.Key.Key_Home else -1])
        elif at is not None and key in _STEPS:
            self._move(at, _STEPS[key])
        elif at is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._places[at].click()
        elif text.strip() and text.isprintable():
            self._find(text, tiles, tiles.index(self._places[at]) if at is not None else -1)
        else:
            return False
        return True

    def _move(self, at: tuple[int, int], step: tuple[int, int]) -> None:
        """Move the focus to the next picture in a direction, over a heading if one lies there."""
        column, line = at
        last = max(place[1] for place in self._places)
        for _ in range(last + _COLUMNS):
            column, line = column + step[0], line + step[1]
            if not (0 <= column < _COLUMNS and 0 <= line <= last):
                return
            if (column, line) in self._places:
                self._go(self._places[column, line])
                return

    def _find(self, text: str, tiles: list[QToolButton], at: int) -> None:
        """Go to the next name that begins with what is typed; the same letter again goes on."""
        if self._since.isValid() and self._since.hasExpired(QApplication.keyboardInputInterval()):
            self._typed = ""
        self._since.start()
        self._typed += text.casefold()
        wanted = self._typed
        if len(set(wanted)) == 1:
            wanted, at = wanted[0], at + 1
        in_turn = [*tiles[max(at, 0) :], *tiles[: max(at, 0)]]
        named = [(tile, tile.text().casefold()) for tile in in_turn]
        found = [tile for tile, name in named if name.startswith(wanted)]
        found += [tile for tile, name in named if f" {wanted}" in name]
        if found:
            self._go(found[0])

    def _go(self, tile: QToolButton) -> None:
        tile.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(tile)


class SurfaceChooser(Chooser):
    """The list of surfaces, which opens as the gallery. Signal: ``wished(key)``."""

    wished = Signal(str)

    def __init__(self, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(object_name, "Surface", parent)
        for key, surface in SURFACES.items():
            self.addItem(surface.title, key)
        self.activated.connect(lambda index: self.wished.emit(str(self.itemData(index))))
        self._gallery: Gallery | None = None
        self._look = Look()

    def show_key(self, key: str) -> None:
        """Show which surface is on the stage."""
        self.setCurrentIndex(self.findData(key))

    def show_look(self, look: Look) -> None:
        """Show list and gallery in this theme and scale."""
        self._look = look
        self.setFont(look.font())
        if self._gallery is not None:
            self._gallery.show_look(look)

    @property
    def gallery(self) -> Gallery:
        """The gallery, made when it is first opened."""
        if self._gallery is None:
            self._gallery = Gallery(self)
            self._gallery.show_look(self._look)
            self._gallery.chosen.connect(self.wished)
            self._gallery.closed.connect(self.hidePopup)
        return self._gallery

    def minimumSizeHint(self) -> QSize:
        # A long title is cut before the knobs beside it have to go.
        return QSize(round(self._look.px(_LEAST)), super().minimumSizeHint().height())

    def showPopup(self) -> None:
        self.gallery.open_below(self, str(self.currentData()))
