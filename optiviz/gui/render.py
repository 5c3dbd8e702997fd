"""A scene as a picture: the stage with every setting printed on it, without a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QEventLoop, QIODevice
from PySide6.QtGui import QGuiApplication, QImage

from optiviz.atomic import write_atomically
from optiviz.engine import run_race, sample_field
from optiviz.gui import captions
from optiviz.gui.app import application
from optiviz.gui.controller import stage_field_spec
from optiviz.gui.formulas import formula_pixmap
from optiviz.gui.theme import THEMES, Look, ThemeName
from optiviz.gui.views.contour import ContourView

if TYPE_CHECKING:
    from pathlib import Path

    from optiviz.scene import Scene


def picture(scene: Scene, *, step: int, size: tuple[int, int], theme: ThemeName) -> QImage:
    """Draw the stage at a step, with the settings as its caption."""
    application()
    # A picture twice as wide has type twice as large, so that it reads the same on a slide.
    look = Look(THEMES[theme], scale=max(0.7, min(size[0] / 1200, size[1] / 760)))
    race = run_race(scene.race_spec())
    view = ContourView()
    view.show_look(look)
    view.resize(*size)
    view.show_scene(scene)
    formula = formula_pixmap(
        scene.surface.formula, look.theme.ink, look.font(1.3).pointSizeF(), 1.0
    )
    view.show_formula(formula)
    view.show_field(sample_field(stage_field_spec(scene, view.projection)))
    view.show_race(race)
    view.show_step(float(step))
    view.show_caption(captions.settings(scene, race, step))
    QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    image = view.grab().toImage()
    view.deleteLater()
    return image


def render(scene: Scene, path: Path, *, step: int, size: tuple[int, int], theme: ThemeName) -> None:
    """Draw a scene to a PNG file, atomically.

    Raises:
        OSError: the file cannot be written.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture(scene, step=step, size=size, theme=theme).save(buffer, "PNG")  # type: ignore[call-overload]
    write_atomically(path, bytes(buffer.data().data()))
