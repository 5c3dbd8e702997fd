"""Colours, racers' styles, fonts and scale: all that decides how the window looks.

A :class:`Look` is handed to every view and panel (``show_look``); none of them knows a colour of
its own. The racers' colours follow Okabe and Ito (2008), which stay apart for the three common
kinds of colour blindness; each racer also has a marker shape and a dash of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication

from optiviz import resources

ThemeName = Literal["dark", "light"]
Marker = Literal[
    "square", "triangle", "diamond", "circle", "pentagon", "triangle_down", "hexagon", "plus"
]


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, as ``#rrggbb``."""

    name: ThemeName
    window: str  # toolbar, side panels, transport
    card: str  # cards and fields on them
    field: str  # number fields, buttons
    border: str
    text: str
    muted: str  # secondary text; at least 4.5:1 on window and card
    accent: str
    accent_text: str
    groove: str  # the unused part of a slider
    handle: str
    warning: str
    error: str
    surface: tuple[str, ...]  # from the valley floor to the heights
    contour: str  # the thin lines on the surface
    halo: str  # behind trails, names and tick labels on the stage
    ink: str  # names, ticks, start handle and stars on the stage
    racers: tuple[str, ...]  # eight, by a racer's style


DARK = Theme(
    name="dark",
    window="#1b1f27",
    card="#232833",
    field="#2a303c",
    border="#343b49",
    text="#eef1f6",
    muted="#a3acbb",
    accent="#7aa2ff",
    accent_text="#10141c",
    groove="#343b49",
    handle="#eef1f6",
    warning="#f0c05a",
    error="#ff8f8f",
    surface=("#151a24", "#262e3e", "#3a455c", "#4a5874", "#5d6d90"),
    contour="#8d9ab4",
    halo="#11151d",
    ink="#ffffff",
    racers=(
        "#e69f00",
        "#56b4e9",
        "#2fbf8f",
        "#f06ba8",
        "#f0e442",
        "#b79cff",
        "#ff8a5c",
        "#c9d1dc",
    ),
)

LIGHT = Theme(
    name="light",
    window="#ffffff",
    card="#f2f4f8",
    field="#ffffff",
    border="#d3d9e3",
    text="#161b26",
    muted="#525d70",
    accent="#2256d6",
    accent_text="#ffffff",
    groove="#d3d9e3",
    handle="#161b26",
    warning="#8a5a00",
    error="#b3261e",
    surface=("#ffffff", "#e6eaf2", "#ced6e4", "#b9c4d7", "#a0aec8"),
    contour="#6b7890",
    halo="#ffffff",
    ink="#10141c",
    racers=(
        "#a86700",
        "#0072b2",
        "#00795a",
        "#c2246c",
        "#7a6a00",
        "#6a3fc4",
        "#b8431a",
        "#4a5363",
    ),
)

THEMES: dict[str, Theme] = {theme.name: theme for theme in (DARK, LIGHT)}


@dataclass(frozen=True)
class RacerStyle:
    """What tells a racer apart without colour: its marker and its dash.

    The dash is in multiples of the line's width: drawn, gap, drawn, gap …; empty means solid.
    """

    marker: Marker
    dash: tuple[float, ...]


RACER_STYLES: tuple[RacerStyle, ...] = (
    RacerStyle("square", ()),
    RacerStyle("triangle", (5.0, 2.5)),
    RacerStyle("diamond", (1.0, 1.8)),
    RacerStyle("circle", (5.0, 2.0, 1.0, 2.0)),
    RacerStyle("pentagon", (9.0, 3.0)),
    RacerStyle("triangle_down", (2.5, 1.8)),
    RacerStyle("hexagon", (9.0, 2.0, 1.0, 2.0, 1.0, 2.0)),
    RacerStyle("plus", (3.0, 1.5, 3.0, 4.0)),
)


#: The design was drawn for text of this height. Every length stands in proportion to it, so that
#: nothing is cut off where the system asks for larger text.
_DRAWN_POINTS = 9.0
#: Points are counted at so many dots to the inch, as all systems do but the Mac, which has 72.
_DPI = 96.0


@dataclass(frozen=True)
class Look:
    """How everything is drawn now: theme, scale of type, lines and markers, and motion.

    Attributes:
        scale: how much larger than usual everything was chosen to be.
        point_size: of the system's text, at 96 dots to the inch.
    """

    theme: Theme = DARK
    scale: float = 1.0
    reduced_motion: bool = False
    point_size: float = _DRAWN_POINTS

    @property
    def zoom(self) -> float:
        """How much larger than drawn everything is: by choice, and because the text is."""
        return self.scale * self.point_size / _DRAWN_POINTS

    def color(self, racer_style: int) -> QColor:
        """Give a racer's colour in this theme."""
        return QColor(self.theme.racers[racer_style])

    def font(self, size: float = 1.0, *, bold: bool = False, italic: bool = False) -> QFont:
        """Give the window's font at a multiple of the system's size, with tabular digits."""
        return ui_font(self.point_size * self.scale * size, bold=bold, italic=italic)

    def px(self, length: float) -> float:
        """Scale a length, as drawn, in device-independent pixels."""
        return length * self.zoom


_FAMILY = "Inter"


def load_fonts() -> None:
    """Make the bundled typeface known to Qt; the system's own is used where that fails."""
    for name in ("Inter-Regular.otf", "Inter-SemiBold.otf", "Inter-Italic.otf"):
        QFontDatabase.addApplicationFont(str(resources.path("fonts", name)))


def system_point_size() -> float:
    """Ask for the system's text size in points, at 96 dots to the inch."""
    font = QGuiApplication.font()
    points = font.pointSizeF()
    pixels = points * _dpi() / 72.0 if points > 0 else font.pixelSize()
    return pixels * 72.0 / _DPI if pixels > 0 else 10.0


def ui_font(points: float | None = None, *, bold: bool = False, italic: bool = False) -> QFont:
    """Build the window's font; digits have one width, so that no figure jumps about."""
    points = system_point_size() if points is None else points
    font = QFont(_FAMILY)
    font.setPointSizeF(max(1.0, points * _DPI / _dpi()))
    font.setFeature(QFont.Tag("tnum"), 1)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    font.setItalic(italic)
    return font


def _dpi() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.logicalDotsPerInch() if screen else _DPI


def system_theme() -> ThemeName:
    """Say which theme the system asks for."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return "light" if scheme == Qt.ColorScheme.Light else "dark"
