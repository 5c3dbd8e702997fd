"""What the stage shows of chance: the batch's loss, the gradient cloud, the test loss's minimum."""

from __future__ import annotations

import math
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu

from optiviz.engine import SURFACES, FieldSpec, run_race, sample_field
from optiviz.engine.chance import batch_field, batch_gradients
from optiviz.engine.gradients import Gaussian, MiniBatch
from optiviz.gui.controllers import overlays
from optiviz.gui.drawing.projection import Projection
from optiviz.gui.state.settings import Settings
from optiviz.gui.theme.palette import DARK, LIGHT, Look
from optiviz.gui.views.contour import ContourView
from optiviz.gui.views.contour.cloud import factor_of
from optiviz.gui.views.curves import CurvesView
from optiviz.scene import Camera, edits, first_scene

DATA = [key for key, surface in SURFACES.items() if surface.group == "data"]
LENGTH = 130.0


def drawn_in_batches(key="two_weights", size=8, racers=range(4), steps=60):
    scene = edits.set_steps(first_scene(key), steps)
    for index in racers:
        scene = edits.choose_gradient(scene, "mini_batch", index)
    return edits.set_gradient_knob(scene, "batch_size", size)


def words(ui):
    return [entry.words for row in chance(ui).legend.rows for entry in row]


def chance(ui):
    return ui.contour.stage.chance


def settled(ui):
    ui.wait(lambda: not ui.parts.compute.busy())


def go(ui, step):
    ui.playback.seek(float(step))
    settled(ui)


# ---- the loss of the batch


def test_b_draws_the_loss_of_the_batch_that_the_step_is_about_to_take(opened):
    ui = opened(drawn_in_batches())
    assert chance(ui).batch.batch is None
    ui.key(Qt.Key.Key_B)
    for step in (0, 1, 17):
        go(ui, step)
        batch = chance(ui).batch.batch
        assert batch.step == step
        assert (batch.rows == ui.race.runs[0].batch(step)).all()
        spec = ui.race.spec
        seen = ui.contour.projection
        again = batch_field(
            spec.surface, spec.entrants[0].gradient, spec.seed, step, seen.window,
            *batch.heights.shape[::-1],
        )  # fmt: skip
        assert again.heights.tobytes() == batch.heights.tobytes()
    assert words(ui) == ["SGD: loss of its batch of 8", "that loss’s minimum"]
    ui.key(Qt.Key.Key_B)
    assert chance(ui).batch.batch is None
    assert words(ui) == []


def test_at_the_end_it_is_the_batch_of_the_last_step(opened):
    ui = opened(drawn_in_batches(steps=20))
    ui.key(Qt.Key.Key_B)
    go(ui, 20)
    assert chance(ui).batch.batch.step == 19


def test_on_a_formula_the_batch_tilts_the_loss(opened):
    ui = opened(drawn_in_batches("quadratic"))
    ui.key(Qt.Key.Key_B)
    go(ui, 3)
    assert chance(ui).batch.batch is not None
    assert len(chance(ui).batch.batch.rows) == 8


def test_it_follows_the_camera_and_the_seed(opened):
    ui = opened(drawn_in_batches())
    ui.key(Qt.Key.Key_B)
    settled(ui)
    before = chance(ui).batch.batch
    ui.store.apply(edits.set_camera, Camera(0.0, 2.0, 0.0, 2.0))
    ui.settle()
    ui.wait(lambda: chance(ui).batch.batch is not before)
    settled(ui)
    near = chance(ui).batch.batch
    assert (near.rows == before.rows).all()
    assert near.lines_x.min() >= ui.contour.projection.x0 - 1e-9
    ui.store.apply(edits.set_seed, 5)
    ui.settle()
    ui.wait(lambda: (chance(ui).batch.batch.rows != near.rows).any())


def test_it_belongs_to_the_first_racer_on_the_stage_that_takes_batches(opened):
    ui = opened(drawn_in_batches(racers=(1, 2)))
    ui.key(Qt.Key.Key_B)
    settled(ui)
    assert words(ui) == ["Momentum: loss of its batch of 8", "that loss’s minimum"]
    assert chance(ui).legend.rows[0][0].style == 1
    ui.key(Qt.Key.Key_2)
    ui.wait(lambda: words(ui)[0] == "RMSProp: loss of its batch of 8")


def test_where_nobody_takes_batches_the_legend_says_so(opened):
    ui = opened(first_scene("beale"))
    ui.key(Qt.Key.Key_B)
    assert words(ui) == ["no racer on the stage is told a mini-batch’s gradient"]
    assert chance(ui).batch.batch is None


def test_a_racer_that_is_gone_has_no_batch_any_more(opened):
    scene = edits.set_racer_knob(drawn_in_batches("quadratic", racers=(0,)), 0, "lr", 1.0)
    ui = opened(scene)
    gone = ui.race.runs[0].diverged_step
    assert gone is not None
    ui.key(Qt.Key.Key_B)
    go(ui, 0)
    assert chance(ui).batch.batch is not None
    go(ui, gone)
    assert chance(ui).batch.batch is None


# ---- the gradient cloud


def test_g_takes_the_cloud_to_a_racer_then_to_the_pointer_then_away(opened):
    ui = opened(drawn_in_batches())
    go(ui, 4)
    ui.key(Qt.Key.Key_G)
    settled(ui)
    cloud = chance(ui).cloud.cloud
    run = ui.race.runs[0]
    assert cloud.point == tuple(run.path[4])
    assert chance(ui).cloud.told == tuple(run.gradients[4])
    spec = ui.race.spec
    again = batch_gradients(spec.surface, spec.entrants[0].gradient, cloud.point, spec.seed)
    assert again.gradients.tobytes() == cloud.gradients.tobytes()
    assert "SGD: gradients of 200 batches of 8, drawn −g × " in words(ui)[0]
    assert "2σ" in words(ui)
    ui.key(Qt.Key.Key_G)
    ui.hover(ui.contour, QPointF(300.0, 500.0))
    ui.wait(lambda: chance(ui).cloud.cloud.point == ui.contour.projection.data(300.0, 500.0))
    assert chance(ui).cloud.told is None
    assert "at the pointer" in words(ui)[0]
    ui.key(Qt.Key.Key_G)
    assert chance(ui).cloud.cloud is None
    assert words(ui) == []


def test_where_the_pointers_cloud_is_is_said_truly(opened):
    ui = opened(drawn_in_batches())
    ui.parts.commands.show_cloud("pointer")
    settled(ui)
    assert "here until the pointer comes" in words(ui)[0]
    ui.hover(ui.contour, QPointF(300.0, 300.0))
    settled(ui)
    assert "at the pointer" in words(ui)[0]
    at = chance(ui).cloud.cloud.point
    QApplication.sendEvent(ui.contour, QEvent(QEvent.Type.Leave))
    settled(ui)
    assert "at the pointer" not in words(ui)[0]
    assert "where the pointer was" in words(ui)[0]
    assert chance(ui).cloud.cloud.point == at


def test_the_cloud_stays_with_the_racer_that_the_pointer_was_over(opened):
    ui = opened(drawn_in_batches(steps=8))
    go(ui, 1)
    ui.key(Qt.Key.Key_G)
    place = next(
        (index, at)
        for index in (3, 2, 1)
        if (at := ui.contour.stage.heads.pixel(index)) is not None
    )
    index, at = place
    ui.hover(ui.contour, at)
    settled(ui)
    name = ui.scene.racers[index].name
    assert words(ui)[0].startswith(name)
    ui.hover(ui.contour, QPointF(at.x() + 150.0, at.y() + 90.0))
    go(ui, 2)
    assert words(ui)[0].startswith(name)
    assert chance(ui).cloud.cloud.point == tuple(ui.race.runs[index].path[2])


def test_nesterovs_cloud_is_where_it_asks_for_its_gradient(opened):
    scene = drawn_in_batches(racers=())
    scene = edits.add_racer(scene, "nesterov")
    scene = edits.choose_gradient(scene, "mini_batch", 4)
    ui = opened(scene)
    go(ui, 3)
    ui.key(Qt.Key.Key_G)
    settled(ui)
    run = ui.race.runs[4]
    assert chance(ui).cloud.cloud.point == tuple(run.lookahead[3])


def test_at_the_end_the_cloud_is_where_the_racer_stands(opened):
    scene = edits.add_racer(drawn_in_batches(racers=(0,), steps=20), "nesterov")
    scene = edits.choose_gradient(scene, "mini_batch", 4)
    for chosen in (scene, edits.set_enabled(scene, 0, False)):
        ui = opened(chosen)
        go(ui, 20)
        ui.key(Qt.Key.Key_G)
        settled(ui)
        run = ui.race.runs[0 if chosen is scene else 4]
        assert chance(ui).cloud.cloud.point == tuple(run.path[20])
        assert chance(ui).cloud.told is None
        assert "this step’s" not in words(ui)


def test_a_larger_batch_shrinks_the_cloud_as_it_is_drawn(opened):
    ui = opened(drawn_in_batches(size=2))
    ui.key(Qt.Key.Key_G)
    settled(ui)
    large, factor = chance(ui).cloud.cloud, chance(ui).cloud.factor
    ui.store.apply(edits.set_gradient_knob, "batch_size", 32)
    ui.settle()
    ui.wait(lambda: chance(ui).cloud.cloud.batch_size == 32)
    small = chance(ui).cloud.cloud
    assert chance(ui).cloud.factor == factor
    ratio = np.hypot(*large.axes[0]) / np.hypot(*small.axes[0])
    count = len(SURFACES["two_weights"]().examples)
    assert ratio == pytest.approx(math.sqrt(16.0 * (count - 2) / (count - 32)))


def test_an_full_gradient_has_an_arrow_and_no_cloud(opened):
    ui = opened(first_scene("beale"))
    ui.key(Qt.Key.Key_G)
    settled(ui)
    assert words(ui)[0].startswith("SGD: full gradient, drawn")
    assert words(ui)[1:] == ["true gradient"]


def test_painted_noise_has_a_cloud_too(opened):
    ui = opened(edits.choose_gradient(first_scene("beale"), "gaussian", 2))
    ui.key(Qt.Key.Key_G)
    settled(ui)
    assert words(ui)[0].startswith("RMSProp: 200 noisy gradients")
    assert isinstance(ui.race.spec.entrants[2].gradient, Gaussian)


def test_another_surface_takes_what_was_shown_along(opened):
    ui = opened(drawn_in_batches())
    ui.key(Qt.Key.Key_B)
    ui.key(Qt.Key.Key_G)
    settled(ui)
    ui.store.apply(edits.choose_surface, "line")
    ui.settle()
    settled(ui)
    assert chance(ui).cloud.cloud.point == ui.scene.start
    count = len(SURFACES["line"]().examples)
    assert chance(ui).batch.batch.rows.max() < count


# ---- where it is computed, and what is remembered


def test_the_worker_computes_and_the_window_does_not(opened, monkeypatch):
    threads = set()
    for name in ("batch_field", "batch_gradients"):
        original = getattr(overlays, name)

        def told(*arguments, original=original):
            threads.add(threading.current_thread())
            return original(*arguments)

        monkeypatch.setattr(overlays, name, told)
    ui = opened(drawn_in_batches())
    ui.key(Qt.Key.Key_B)
    ui.key(Qt.Key.Key_G)
    go(ui, 5)
    assert chance(ui).batch.batch.step == 5
    assert len(threads) == 2
    assert threading.main_thread() not in threads


def test_choosing_data_finds_its_places_in_the_worker(opened, monkeypatch):
    """And its test loss; the window only shows them."""
    from optiviz.engine.surfaces.data import base

    threads = []
    found = base.critical_points

    def told(*arguments):
        threads.append(threading.current_thread())
        return found(*arguments)

    monkeypatch.setattr(base, "critical_points", told)
    ui = opened()
    for split in (3, 4):
        ui.store.apply(edits.choose_surface, "neuron")
        ui.store.apply(edits.set_surface_knob, "split", split)
        ui.settle()
        surface = ui.scene.surface
        ui.hover(ui.contour, QPointF(300.0, 300.0 + split))
        minima, saddles, test = ui.contour.stage.places.points
        assert minima == tuple(surface.minima)
        assert saddles == tuple(surface.saddles)
        assert test == surface.test_minimum
    assert threads
    assert threading.main_thread() not in threads


def test_the_choices_are_remembered(opened, tmp_path):
    settings = Settings(tmp_path / "own.ini")
    ui = opened(drawn_in_batches(), settings=settings)
    ui.key(Qt.Key.Key_B)
    ui.key(Qt.Key.Key_G)
    ui.key(Qt.Key.Key_G)
    settings.save()
    again = Settings(tmp_path / "own.ini")
    assert (again.batch_contour, again.gradient_cloud) == (True, "pointer")
    later = opened(drawn_in_batches(), settings=again)
    settled(later)
    assert chance(later).batch.batch is not None
    assert chance(later).cloud.cloud is not None


def test_the_view_menu_shows_and_chooses(opened):
    ui = opened(drawn_in_batches())
    menu = ui.window.view_menu
    menus = (menu, *menu.findChildren(QMenu))
    actions = {action.objectName(): action for each in menus for action in each.actions()}
    ui.key(Qt.Key.Key_B)
    assert actions["menu.batch_contour"].isChecked()
    actions["menu.batch_contour"].trigger()
    assert not ui.parts.controller.overlays.batch
    actions["menu.gradient_cloud.pointer"].trigger()
    assert ui.parts.controller.overlays.cloud_place == "pointer"
    ui.key(Qt.Key.Key_G)
    assert actions["menu.gradient_cloud.off"].isChecked()


# ---- the test loss's minimum, and the surface as it comes


@pytest.mark.parametrize("key", DATA)
def test_the_test_minimum_stands_on_data_surfaces(opened, key):
    ui = opened(first_scene(key))
    _, _, test = ui.contour.stage.places.points
    assert test == ui.scene.surface.test_minimum
    assert ui.scene.surface.test_value(*test) <= ui.scene.surface.test_value(
        *ui.scene.surface.minima[0]
    )


def test_a_formula_has_its_places_at_once_and_no_test_minimum(qtbot):
    view = ContourView()
    qtbot.addWidget(view)
    surface = SURFACES["himmelblau"]()
    view.show_scene(first_scene("himmelblau"))
    assert view.stage.places.points == (tuple(surface.minima), tuple(surface.saddles), None)


def test_the_places_of_another_surface_are_not_left_standing(qtbot):
    view = ContourView()
    qtbot.addWidget(view)
    view.show_scene(first_scene("line"))
    old = sample_field(FieldSpec(SURFACES["line"](), *SURFACES["line"]().window, 9, 9))
    view.show_field(old)
    assert view.stage.places.points[0] == old.minima
    view.show_scene(first_scene("sine"))
    assert view.stage.places.points == ((), (), None)
    view.show_field(old)  # late
    assert view.stage.places.points == ((), (), None)


def test_a_coarse_surface_is_shown_only_until_there_is_a_better_one(opened):
    ui = opened(first_scene("line"))
    layer = ui.contour.stage.surface
    surface, seen = ui.scene.surface, ui.contour.projection
    assert ui.contour.shows_surface(surface)
    assert not ui.contour.shows_surface(replace(surface, split=1))
    fine = layer._field
    coarse = replace(fine, spec=replace(fine.spec, columns=40, rows=40))
    ui.parts.controller.on_coarse_field(coarse.spec, coarse)
    assert layer._field is fine
    other = replace(coarse, spec=replace(coarse.spec, surface=replace(surface, split=1)))
    ui.parts.controller.on_coarse_field(other.spec, other)
    assert layer._field is other
    assert not layer.covers(other.spec.surface, ((seen.x0 - 50.0, seen.x1), (seen.y0, seen.y1)))


# ---- the sketch of a race


def test_a_sketch_shows_the_paths_and_nobody_else_hears_of_it(opened):
    ui = opened(drawn_in_batches())
    whole = ui.race
    moved = edits.move_start(ui.scene, 0.5, 0.5)
    sketches = []
    final = run_race(moved.race_spec(), report=sketches.append)
    (sketch,) = sketches
    shown = []
    ui.window.view(CurvesView).show_race = shown.append
    ui.parts.controller.on_sketch(sketch.spec, sketch)
    assert ui.race is whole
    assert shown == []
    heads = ui.contour.stage.heads
    assert heads._heads[0].path is sketch.runs[0].path
    trails = ui.contour.stage.trails._trails
    ui.contour.show_race(final)
    # The same paths: what was found out about them stays.
    assert ui.contour.stage.trails._trails == trails
    assert heads._heads[0].path is final.runs[0].path


def test_a_sketch_ends_the_wait_of_the_stage(opened):
    ui = opened(drawn_in_batches())
    sketches = []
    moved = edits.move_start(ui.scene, 0.5, 0.5)
    run_race(moved.race_spec(), report=sketches.append)
    ui.contour.show_scene(moved)
    assert ui.contour._held.isActive()
    ui.parts.controller.on_sketch(moved.race_spec(), sketches[0])
    assert not ui.contour._held.isActive()
    ui.contour.show_scene(ui.scene)


def test_a_drag_under_mini_batches_ends_with_the_scenes_own_race(opened):
    ui = opened(drawn_in_batches())
    to = ui.drag_start(40, 25)
    ui.release(ui.contour, to)
    ui.settle()
    assert not ui.race.is_sketch
    assert ui.race.spec.start == ui.scene.start
    assert np.isfinite(ui.race.runs[0].loss).all()
    assert ui.contour.stage.heads._heads[0].path is ui.race.runs[0].path


def test_the_worker_has_found_the_test_losses(opened):
    ui = opened(drawn_in_batches())
    for run in ui.race.runs:
        assert "test_loss" in vars(run)


# ---- how it is drawn


@pytest.fixture
def stage(qtbot):
    view = ContourView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.show_scene(drawn_in_batches("quadratic"))
    return view


def cloud_at(point, size=8, key="quadratic", **knobs):
    return batch_gradients(SURFACES[key](), MiniBatch(batch_size=size, **knobs), point, 0)


def test_gradients_are_drawn_by_a_factor_of_1_2_or_5_that_any_batch_shares():
    seen = Projection(-2.0, 2.0, -1.5, 1.5, 800.0, 600.0)
    for point in ((1.0, 1.0), (0.0, 0.0), (-1.9, 0.3)):
        factors = {factor_of(cloud_at(point, size), seen, LENGTH) for size in (1, 8, 100)}
        (factor,) = factors
        lead = factor / 10.0 ** math.floor(math.log10(factor))
        assert round(lead, 6) in (1.0, 2.0, 5.0, 10.0)
        cloud = cloud_at(point)
        size = np.hypot(*cloud.true_gradient) + math.sqrt(np.trace(cloud.population) / 2)
        assert LENGTH / 1.6 <= factor * size * seen.x_scale <= LENGTH * 1.6


def test_the_arrow_leads_down_hill_in_the_planes_own_directions(stage):
    cloud = cloud_at((-1.0, 0.6), spread=0.01)
    stage.show_cloud(cloud, 0, "SGD: gradients")
    layer, seen = stage.stage.chance.cloud, stage.projection
    tip = layer._tips(cloud, cloud.true_gradient[np.newaxis])[0]
    foot = np.array(seen.pixel(*cloud.point))
    way = (tip - foot) / np.hypot(*(tip - foot))
    gradient = -cloud.true_gradient / np.hypot(*cloud.true_gradient)
    assert way == pytest.approx(
        [gradient[0], -gradient[1]], abs=1e-9
    )  # y points down on the screen
    there = seen.data(*tip)
    surface = SURFACES["quadratic"]()
    assert there == pytest.approx(np.array(cloud.point) - layer.factor * cloud.true_gradient)
    assert surface.gradient(*cloud.point) == pytest.approx(cloud.true_gradient)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda each: each.name)
@pytest.mark.parametrize("scale", [0.7, 1.0, 1.8])
def test_everything_is_drawn_in_both_themes_and_at_any_scale(stage, theme, scale):
    stage.show_look(Look(theme, scale=scale))
    surface = SURFACES["quadratic"]()
    plain = grabbed(stage)
    batch = batch_field(surface, MiniBatch(), 0, 3, stage.projection.window)
    stage.show_batch(batch, 1, "Momentum: loss of its batch of 8")
    with_batch = grabbed(stage)
    assert with_batch != plain
    cloud = cloud_at((-1.0, 0.6))
    stage.show_cloud(cloud, 2, "RMSProp: gradients of 200 batches of 8", tuple(cloud.gradients[0]))
    assert grabbed(stage) != with_batch
    stage.show_batch(None)
    stage.show_cloud(None)
    assert grabbed(stage) == plain


@pytest.mark.parametrize("point", [(1e200, 1e200), (0.0, 0.0), (1e9, -1e9)])
@pytest.mark.parametrize("spread", [0.0, 1e-9, 1e6])
def test_whatever_the_gradients_are_nothing_warns(stage, point, spread):
    with np.errstate(all="ignore"):
        cloud = cloud_at(point, spread=spread)
    stage.show_cloud(cloud, 0, "SGD: gradients", (1e300, -1e300))
    grabbed(stage)


def test_the_legend_never_covers_the_start(stage):
    stage.show_cloud(cloud_at((-1.0, 0.6)), 0, "SGD: gradients of 200 batches of 8")
    legend, handle = stage.stage.chance.legend, stage.stage.start_handle
    scene = drawn_in_batches("quadratic")
    for pixel in ((120.0, 90.0), (120.0, 520.0), (400.0, 300.0), (150.0, 70.0)):
        stage.show_scene(edits.move_start(scene, *stage.projection.data(*pixel)))
        at = handle.pixel
        assert not legend.room.intersects(QRectF(at.x() - 20.0, at.y() - 20.0, 40.0, 40.0))
        assert QRectF(0.0, 0.0, 800.0, 600.0).contains(legend.room)


def test_the_legend_stays_clear_of_the_settings_printed_on_the_stage(stage):
    stage.show_cloud(cloud_at((-1.0, 0.6)), 0, "SGD: gradients of 200 batches of 8")
    scene = drawn_in_batches("quadratic")
    stage.show_scene(edits.move_start(scene, *stage.projection.data(120.0, 70.0)))
    stage.show_caption(("one line", "another line", "and a third one"))
    room = stage.stage.chance.legend.room
    assert room.bottom() <= stage.stage.caption.room.top()


def test_on_a_narrow_stage_the_legend_breaks_its_rows(stage):
    stage.show_cloud(cloud_at((-1.0, 0.6)), 0, "SGD: gradients of 200 batches of 8", (0.1, 0.1))
    wide = stage.stage.chance.legend.room
    stage.resize(330, 500)
    narrow = stage.stage.chance.legend.room
    assert narrow.height() > wide.height()
    assert narrow.right() <= 330.0


def grabbed(view):
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    view.stage.render(painter)
    painter.end()
    return image
