"""The look of the controls: one style sheet for the whole application, made from the theme.

Widgets ask for a look by dynamic properties, set before they are first shown:

================================  ==========================================================
``QFrame[card="true"]``           a card; ``[solo="true"]`` edges it in the accent
``QFrame[bar]``                   ``top`` or ``bottom``: the toolbar and the transport
``QFrame[panel]``                 ``left`` or ``right``: the side panels
``QLabel[muted="true"]``          secondary text
``QLabel[heading="true"]``        a panel's heading
``QLabel[badge]``                 ``plain``: a key on the cheat sheet
``QLabel[bubble="true"]``         a sentence that points at a refused field
``QToolButton[quiet="true"]``     a flat button, for icons and links
``QComboBox[compact="true"]``      a low one, as is such a ``QToolButton``
``QToolButton[toggle="true"]``    a quiet button that is edged while it is on
``QLineEdit[number="true"]``      a number that looks like a field under pointer or focus only
``QLineEdit[inline="true"]``      a name that looks like a field only while it is written
``QToolButton[fold="true"]``      a quiet line that folds out what belongs below it
``QWidget[scrolled="true"]``      what a scroll area scrolls
``QFrame[message]``               ``info``, ``warning`` or ``error``: the message bar
================================  ==========================================================

Fonts are the widgets' own (``Look.font``); only their weight is told here, and the font of menus
and tooltips, which are windows of their own and would have the system's.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPalette

from optiviz import resources

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look, Theme


def stylesheet(look: Look) -> str:
    """Write the style sheet for a theme and scale."""
    theme = look.theme
    font = look.font(0.95)
    lengths = {}
    for tenths in _LENGTHS:
        length = max(1, round(look.px(tenths / 10)))
        lengths[f"p{tenths}"] = f"{length}px"
        # Borders do not scale: where one is thicker, padding gives way by so many real pixels.
        for less in (1, 2, 3, 4):
            lengths[f"p{tenths}_{less}"] = f"{max(0, length - less)}px"
    return Template(resources.text("stylesheet.qss")).substitute(
        lengths,
        family=font.family(),
        points=f"{font.pointSizeF():.2f}",
        # Qt draws no round corner at all where its radius is more than half of a side.
        play_radius=f"{round(look.px(44.0)) // 2}px",
        window=theme.window,
        card=theme.card,
        field=theme.field,
        border=theme.border,
        text=theme.text,
        muted=theme.muted,
        accent=theme.accent,
        accent_text=theme.accent_text,
        warning=theme.warning,
        error=theme.error,
        hover=mixed(theme.field, theme.text, 0.08),
        pressed=mixed(theme.field, theme.text, 0.16),
        accent_hover=mixed(theme.accent, theme.text, 0.14),
        faint=faint(theme),
        badge=mixed(theme.card, theme.text, 0.10),
        scroll=mixed(theme.window, theme.text, 0.30),
        arrow=_url(f"arrow.{theme.name}.svg"),
        check=_url(f"check.{theme.name}.svg"),
    )


def palette(theme: Theme) -> QPalette:
    """Make the palette that goes with the style sheet, for what it does not reach."""
    made = QPalette()
    role = QPalette.ColorRole
    for each, color in {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: theme.card,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.field,
        role.ButtonText: theme.text,
        role.BrightText: theme.error,
        role.ToolTipBase: theme.card,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.accent_text,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.border,
        role.Midlight: theme.border,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Shadow: theme.halo,
    }.items():
        made.setColor(each, QColor(color))
    for each in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, each, QColor(faint(theme)))
    return made


def mixed(under: QColor | str, over: QColor | str, share: float) -> str:
    """Mix two colours: ``share`` of the second one, as ``#rrggbb``."""
    a, b = QColor(under), QColor(over)
    return QColor.fromRgbF(
        a.redF() + (b.redF() - a.redF()) * share,
        a.greenF() + (b.greenF() - a.greenF()) * share,
        a.blueF() + (b.blueF() - a.blueF()) * share,
    ).name()


def faint(theme: Theme) -> str:
    """Give the colour of text that cannot be used now."""
    return mixed(theme.window, theme.text, 0.5)


def _url(name: str) -> str:
    return f'url("{resources.path("icons", name).as_posix()}")'


# Lengths that the sheet uses, in tenths of an unscaled pixel: ${p60} is 6 px at scale 1, ${p60_1}
# one real pixel less.
_LENGTHS = (10, 20, 30, 40, 50, 60, 70, 80, 100, 120, 140, 180, 240, 280, 440)
