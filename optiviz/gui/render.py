"""A scene as a picture: the stage with every setting printed on it, without a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QEventLoop, QIODevice
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from optiviz.atomic import write_atomically
from optiviz.engine import run_race, sample_field
from optiviz.gui.app import application
from optiviz.gui.controllers.jobs import mesh_spec, stage_field_spec
from optiviz.gui.controllers.surface3d import camera_of
from optiviz.gui.drawing.stage_formula import stage_formula
from optiviz.gui.state.relief import Relief
from optiviz.gui.theme.palette import THEMES, Look, ThemeName
from optiviz.gui.views.contour import ContourView
from optiviz.gui.words import captions

if TYPE_CHECKING:
    from pathlib import Path

    from optiviz.engine import Race
    from optiviz.gui.state.view_mode import ViewMode
    from optiviz.gui.views.stage_view import StageView
    from optiviz.scene import Scene

_GAP = 2  # pixels between two views


class NoPicture(Exception):
    """The picture cannot be drawn here; the message is one sentence for the user."""


def picture(
    scene: Scene,
    *,
    step: int,
    size: tuple[int, int],
    theme: ThemeName,
    view_mode: ViewMode = "contour",
) -> QImage:
    """Draw the stage at a step, with the settings as its caption.

    Raises:
        NoPicture: the surface is wanted in 3D, and there is no OpenGL.
    """
    application()
    # A picture twice as wide has type twice as large, so that it reads the same on a slide.
    look = Look(THEMES[theme], scale=max(0.7, min(size[0] / 1200, size[1] / 760)))
    race = run_race(scene.race_spec())
    lines = captions.settings(scene, race, step)
    if view_mode == "contour":
        return _contour(scene, race, step, size, look, lines)
    if view_mode == "3d":
        return _surface(scene, race, step, size, look, lines, alone=True)
    left, height = (size[0] - _GAP) // 2, size[1]
    right = size[0] - _GAP - left
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(look.theme.border))
    # The surface first: where it cannot be had, nothing else is drawn.
    surface = _surface(scene, race, step, (right, height), look, (), alone=False)
    painter = QPainter(image)
    painter.drawImage(0, 0, _contour(scene, race, step, (left, height), look, lines))
    painter.drawImage(left + _GAP, 0, surface)
    painter.end()
    return image


def _contour(
    scene: Scene,
    race: Race,
    step: int,
    size: tuple[int, int],
    look: Look,
    lines: tuple[str, ...],
) -> QImage:
    view = ContourView()
    _show(view, scene, size, look)
    _show_formula(view, scene, look)
    view.show_field(sample_field(stage_field_spec(scene, view.projection)))
    return _drawn(view, race, step, lines)


def _surface(
    scene: Scene,
    race: Race,
    step: int,
    size: tuple[int, int],
    look: Look,
    lines: tuple[str, ...],
    *,
    alone: bool,
) -> QImage:
    from optiviz.engine.mesh import sample_mesh
    from optiviz.gui.views.surface3d import Surface3DView

    view = Surface3DView()
    _show(view, scene, size, look)
    if alone:
        _show_formula(view, scene, look)
    view.show_camera3d(camera_of(scene))
    view.show_mesh(sample_mesh(mesh_spec(scene, Relief())))
    # Names and marks are put where the surface is seen, so it is drawn before them.
    view.draw_now()
    try:
        if view.missing:
            raise NoPicture(
                "there is no OpenGL here to draw the surface in 3D; install Mesa’s software "
                "renderer and Xvfb, or draw the contour."
            )
        return _drawn(view, race, step, lines)
    finally:
        view.release()


def _show(view: StageView, scene: Scene, size: tuple[int, int], look: Look) -> None:
    view.show_look(look)
    view.resize(*size)
    view.show_scene(scene)


def _show_formula(view: StageView, scene: Scene, look: Look) -> None:
    view.show_formula(stage_formula(scene.surface, look, 1.0))


def _drawn(view: StageView, race: Race, step: int, lines: tuple[str, ...]) -> QImage:
    view.show_race(race)
    view.show_step(float(step))
    view.show_caption(lines)
    QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    image = view.grab().toImage()
    view.deleteLater()
    return image


def render(
    scene: Scene,
    path: Path,
    *,
    step: int,
    size: tuple[int, int],
    theme: ThemeName,
    view_mode: ViewMode = "contour",
) -> None:
    """Draw a scene to a PNG file, atomically.

    Raises:
        OSError: the file cannot be written.
        NoPicture: the surface is wanted in 3D, and there is no OpenGL.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawn = picture(scene, step=step, size=size, theme=theme, view_mode=view_mode)
    drawn.save(buffer, "PNG")  # type: ignore[call-overload]
    write_atomically(path, bytes(buffer.data().data()))
