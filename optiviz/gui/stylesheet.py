"""The look of the controls: one style sheet for the whole application, made from the theme.

Widgets ask for a look by dynamic properties, set before they are first shown:

================================  ==========================================================
``QFrame[card="true"]``           a card; ``[solo="true"]`` edges it in the accent
``QFrame[bar]``                   ``top`` or ``bottom``: the toolbar and the transport
``QFrame[panel]``                 ``left`` or ``right``: the side panels
``QLabel[muted="true"]``          secondary text
``QLabel[heading="true"]``        a panel's heading
``QLabel[badge]``                 ``plain`` or ``first``: a racer's place
``QLabel[bubble="true"]``         a sentence that points at a refused field
``QAbstractButton[quiet="true"]`` a flat button, for icons and links
``QToolButton[fold="true"]``      a quiet line that folds out what belongs below it
``QAbstractButton[segment]``      ``first``, ``middle``, ``last``: buttons joined to a choice
``QFrame[message]``               ``info``, ``warning`` or ``error``: the message bar
================================  ==========================================================

Fonts are the widgets' own (``Look.font``); only their weight is told here.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPalette

from optiviz import resources

if TYPE_CHECKING:
    from optiviz.gui.theme import Look, Theme


def stylesheet(look: Look) -> str:
    """Write the style sheet for a theme and scale."""
    theme = look.theme
    lengths = {}
    for tenths in _LENGTHS:
        length = max(1, round(look.px(tenths / 10)))
        lengths[f"p{tenths}"] = f"{length}px"
        # Borders do not scale: where one is thicker, padding gives way by so many real pixels.
        for less in (1, 2, 3, 4):
            lengths[f"p{tenths}_{less}"] = f"{max(0, length - less)}px"
    return Template(_SHEET).substitute(
        lengths,
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


def mixed(under: str, over: str, share: float) -> str:
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

# Borders stay at one pixel and focus rings at two, whatever the scale; a focused control takes
# one pixel off its padding, so that nothing moves. The thick edge of what was refused is 4 px.
_SHEET = """
QWidget { color: $text; }
QMainWindow, QDialog, QMessageBox { background: $window; }
QFrame[panel], QFrame[bar] { background: $window; border: 0 solid $border; }
QFrame[panel="left"] { border-right: 1px solid $border; }
QFrame[panel="right"] { border-left: 1px solid $border; }
QFrame[bar="top"] { border-bottom: 1px solid $border; }
QFrame[bar="bottom"] { border-top: 1px solid $border; }
QFrame[card="true"] { background: $card; border: 1px solid $border; border-radius: $p80; }
QFrame[card="true"][solo="true"] { border: 2px solid $accent; }

QLabel { background: transparent; }
QLabel:disabled { color: $faint; }
QLabel[muted="true"] { color: $muted; }
QLabel[heading="true"] { color: $muted; font-weight: 600; }
QLabel[badge] { background: $badge; color: $text; border-radius: $p70; padding: $p20 $p80; }
QLabel[badge="first"] { background: $accent; color: $accent_text; font-weight: 600; }
QLabel[bubble="true"] {
    background: $card; color: $text; padding: $p50 $p80;
    border: 1px solid $error; border-left: $p40 solid $error; border-radius: $p40;
    border-top-left-radius: 0; border-bottom-left-radius: 0;
}

QPushButton, QToolButton, QComboBox {
    background: $field; color: $text; border: 1px solid $border; border-radius: $p60;
    padding: $p50 $p100;
}
QPushButton:hover, QToolButton:hover, QComboBox:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $pressed; }
QPushButton:checked, QToolButton:checked {
    background: $accent; color: $accent_text; border-color: $accent;
}
QPushButton:checked:hover, QToolButton:checked:hover { background: $accent_hover; }
QPushButton:focus, QToolButton:focus, QComboBox:focus {
    border: 2px solid $accent; padding: $p50_1 $p100_1;
}
QPushButton:checked:focus, QToolButton:checked:focus { border: 2px solid $text; }
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled { color: $faint; }
QPushButton:default { border-color: $accent; }

QPushButton[quiet="true"], QToolButton[quiet="true"] {
    background: transparent; color: $muted; border: 1px solid transparent; padding: $p40;
}
QPushButton[quiet="true"]:hover, QToolButton[quiet="true"]:hover {
    background: $hover; color: $text;
}
QPushButton[quiet="true"]:pressed, QToolButton[quiet="true"]:pressed { background: $pressed; }
QPushButton[quiet="true"]:checked, QToolButton[quiet="true"]:checked { color: $text; }
QPushButton[quiet="true"]:focus, QToolButton[quiet="true"]:focus {
    border: 2px solid $accent; padding: $p40_1; color: $text;
}
QPushButton[quiet="true"]:disabled, QToolButton[quiet="true"]:disabled { color: $faint; }

QToolButton[fold="true"] { padding: $p10; }
QToolButton[fold="true"]:focus { padding: $p10_1; }

QPushButton[segment], QToolButton[segment] { border-radius: 0; padding: $p50 $p140; }
QPushButton[segment="first"], QToolButton[segment="first"] {
    border-top-left-radius: $p60; border-bottom-left-radius: $p60; border-right-width: 0;
}
QPushButton[segment="middle"], QToolButton[segment="middle"] { border-right-width: 0; }
QPushButton[segment="last"], QToolButton[segment="last"] {
    border-top-right-radius: $p60; border-bottom-right-radius: $p60;
}
QPushButton[segment]:checked, QToolButton[segment]:checked { font-weight: 600; }
QPushButton[segment]:focus, QToolButton[segment]:focus {
    border-right-width: 2px; padding: $p50_1 $p140_2 $p50_1 $p140_1;
}
QPushButton[segment="last"]:focus, QToolButton[segment="last"]:focus {
    padding: $p50_1 $p140_1;
}

QAbstractButton#play {
    background: $accent; color: $accent_text; border: 2px solid $accent; border-radius: $play_radius;
    padding: 0; min-width: $p440_4; max-width: $p440_4; min-height: $p440_4; max-height: $p440_4;
}
QAbstractButton#play:hover { background: $accent_hover; border-color: $accent_hover; }
QAbstractButton#play:focus { border: 2px solid $text; padding: 0; }
QAbstractButton#play:disabled { background: $badge; border-color: $badge; }

QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }
QToolButton[popupMode="2"], QPushButton[menu="true"] { padding-right: $p240; }
QToolButton[popupMode="2"]::menu-indicator, QPushButton[menu="true"]::menu-indicator {
    image: $arrow; width: $p120; height: $p120; right: $p70;
    subcontrol-origin: padding; subcontrol-position: center right;
}

QComboBox { padding-right: $p240; combobox-popup: 0; }
QComboBox:focus { padding-right: $p240_1; }
QComboBox::drop-down {
    border: 0; width: $p240; subcontrol-origin: border; subcontrol-position: center right;
}
QComboBox::down-arrow { image: $arrow; width: $p120; height: $p120; }
QComboBox QAbstractItemView {
    background: $card; color: $text; border: 1px solid $border; outline: 0;
    selection-background-color: $accent; selection-color: $accent_text; padding: $p40;
}
QComboBox QAbstractItemView::item { padding: $p50 $p80; min-height: $p180; }

QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit {
    background: $field; color: $text; border: 1px solid $border; border-radius: $p60;
    padding: $p40 $p80;
    selection-background-color: $accent; selection-color: $accent_text;
}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 2px solid $accent; padding: $p40_1 $p80_1;
}
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled { color: $faint; }
QLineEdit[number="true"] {
    background: transparent; border-color: transparent; padding: $p20 $p10 $p20 $p50;
}
QLineEdit[number="true"]:hover { background: $field; border-color: $border; }
QLineEdit[number="true"]:focus {
    background: $field; border-color: $accent; padding: $p20_1 $p10_1 $p20_1 $p50_1;
}
QLineEdit[invalid="true"], QLineEdit[invalid="true"]:hover, QLineEdit[invalid="true"]:focus {
    border: 2px solid $error; border-left: 4px solid $error; color: $error;
    border-top-left-radius: 0; border-bottom-left-radius: 0; padding: $p20_1 $p10_1 $p20_1 $p50_3;
}

QCheckBox, QRadioButton { spacing: $p80; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator {
    width: $p140; height: $p140; background: $field; border: 1px solid $muted;
    border-radius: $p40;
}
QRadioButton::indicator { border-radius: $p80; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { background: $hover; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: $check; }
QRadioButton::indicator:checked { background: $accent; border: $p40 solid $field; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; }
QCheckBox::indicator:checked:focus { border: 2px solid $text; }
QCheckBox::indicator:disabled { border-color: $border; }

QMenuBar { background: $window; color: $text; }
QMenuBar::item { background: transparent; padding: $p40 $p80; border-radius: $p40; }
QMenuBar::item:selected { background: $hover; }
QMenu {
    background: $card; color: $text; border: 1px solid $border; padding: $p40;
}
QMenu::item {
    padding: $p60 $p240 $p60 $p280; border-radius: $p40; background: transparent;
}
QMenu::item:selected { background: $accent; color: $accent_text; }
QMenu::item:disabled { color: $faint; background: transparent; }
QMenu::separator { height: 1px; background: $border; margin: $p40 $p80; }
QMenu::icon { left: $p80; }
QMenu::indicator { width: $p140; height: $p140; left: $p80; }
QMenu::indicator:checked { image: $check; background: $accent; border-radius: $p30; }

QToolTip {
    background: $card; color: $text; border: 1px solid $border; padding: $p50 $p70;
}

QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget#scrolled { background: transparent; }
QScrollBar { background: transparent; border: 0; }
QScrollBar:vertical { width: $p100; margin: 0; }
QScrollBar:horizontal { height: $p100; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: $p30; margin: $p20; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:vertical { min-height: $p280; }
QScrollBar::handle:horizontal { min-width: $p280; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTabWidget::pane { border: 0; border-top: 1px solid $border; }
QTabBar { background: transparent; }
QTabBar::tab {
    background: transparent; color: $muted; padding: $p60 $p120; border: 2px solid transparent;
    border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; font-weight: 600; }
QTabBar::tab:focus { border: 2px solid $accent; border-radius: $p40; }

QSplitter::handle { background: $border; }
QSplitter::handle:hover { background: $accent; }

QFrame[message] { background: $card; border: 0; border-left: $p40 solid $accent; }
QFrame[message="warning"] { border-left-color: $warning; }
QFrame[message="error"] { border-left-color: $error; }
QFrame[message="warning"] QLabel[heading="true"] { color: $warning; }
QFrame[message="error"] QLabel[heading="true"] { color: $error; }
"""
