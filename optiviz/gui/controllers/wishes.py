"""Which wish of a panel or a stage is which edit of the scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optiviz.gui.views.data import DataView
from optiviz.gui.views.surface import SurfacePanel
from optiviz.gui.words import captions
from optiviz.scene import Camera, edits

if TYPE_CHECKING:
    from optiviz.gui.controllers.editor import Editor
    from optiviz.gui.views.contour import ContourView
    from optiviz.gui.views.stage_view import StageView
    from optiviz.gui.window.main_window import MainWindow


def connect_panels(window: MainWindow, editor: Editor) -> None:
    """Connect toolbar, racers and transport; edits of one gesture are one step of the history."""
    edit, finished = editor.edit, editor.finish_gesture
    top, racers, transport = window.top_bar, window.racers, window.transport
    top.surface_wished.connect(lambda key: edit(edits.choose_surface, key))
    surface, data = window.view(SurfacePanel), window.view(DataView)
    for panel in (top, surface):
        panel.knob_changed.connect(
            lambda name, value: edit(edits.set_surface_knob, name, value, gesture=f"surface.{name}")
        )
        panel.knob_change_finished.connect(lambda _: finished())
    surface.open_wished.connect(data.open_wished)
    surface.data_wished.connect(lambda: window.instruments.unfold("data"))
    top.gradient_wished.connect(lambda key: edit(edits.choose_gradient, key))
    top.gradient_knob_changed.connect(
        lambda name, value: edit(edits.set_gradient_knob, name, value, gesture=f"gradient.{name}")
    )
    top.gradient_knob_change_finished.connect(lambda _: finished())
    racers.knob_changed.connect(
        lambda i, name, value: edit(
            edits.set_racer_knob, i, name, value, gesture=f"racer_{i}.{name}"
        )
    )
    racers.knob_change_finished.connect(lambda _i, _name: finished())
    racers.enabled_wished.connect(lambda i, on: edit(edits.set_enabled, i, on, even_locked=True))
    racers.solo_wished.connect(lambda i, on: edit(edits.set_solo, i, on, even_locked=True))
    racers.remove_wished.connect(lambda i: edit(edits.remove_racer, i))
    racers.duplicate_wished.connect(lambda i: edit(edits.duplicate_racer, i))
    racers.rename_wished.connect(lambda i, name: edit(edits.rename_racer, i, name))
    racers.clip_wished.connect(lambda i, clip: edit(edits.set_clip, i, clip))
    racers.gradient_wished.connect(lambda i, key: edit(edits.choose_gradient, key, i))
    racers.gradient_knob_changed.connect(
        lambda i, name, value: edit(
            edits.set_gradient_knob, name, value, i, gesture=f"racer_{i}.gradient.{name}"
        )
    )
    racers.gradient_knob_change_finished.connect(lambda _i, _name: finished())
    racers.add_wished.connect(lambda key: edit(edits.add_racer, key))
    racers.link_wished.connect(lambda on: edit(edits.link_lr, on))
    racers.target_wished.connect(lambda target: edit(edits.set_target, target))
    racers.start_wished.connect(lambda x, y: edit(edits.move_start, x, y))
    transport.steps_wished.connect(lambda steps: edit(edits.set_steps, steps))
    transport.seed_wished.connect(lambda seed: edit(edits.set_seed, seed))


def connect_start(view: StageView, editor: Editor) -> None:
    """Connect a stage's start, moved as finely as a pixel shows it."""

    def move(x: float, y: float) -> None:
        across, up = view.units()
        place = captions.neat(x, across), captions.neat(y, up)
        editor.edit(edits.move_start, *place, gesture="start")

    view.start_dragged.connect(move)
    view.start_drag_finished.connect(editor.finish_gesture)


def connect_camera(view: ContourView, editor: Editor) -> None:
    """Connect where a stage looks; one drag is one step of the history."""
    view.camera_moved.connect(
        lambda x0, x1, y0, y1: editor.edit(
            edits.set_camera, Camera(x0, x1, y0, y1), gesture="camera"
        )
    )
    view.camera_settled.connect(editor.finish_gesture)
