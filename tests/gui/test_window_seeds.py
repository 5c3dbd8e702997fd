"""Chance by counting, in the window: the floor, many seeds, which minimum, and where they stand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QColor, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from optiviz import resources
from optiviz.engine import OPTIMIZERS, run_race
from optiviz.engine.basins import BasinSpec, find_basins
from optiviz.engine.ensemble import EnsembleSpec, run_ensemble
from optiviz.engine.floor import ONLY_FOR, measured, theory
from optiviz.gui.controllers.basins import NO_BATCHES
from optiviz.gui.stage.floor_rings import FloorRing
from optiviz.gui.state.settings import FOLDED_AT_FIRST, Settings
from optiviz.gui.theme.palette import LIGHT, Look
from optiviz.gui.views.basins import BasinsView
from optiviz.gui.views.basins import view as basins_view
from optiviz.gui.views.curves import CurvesView
from optiviz.gui.views.seeds import SeedsView
from optiviz.gui.views.seeds import view as seeds_view
from optiviz.gui.words.numbers import NOTHING, format_loss
from optiviz.scene import edits, first_scene
from optiviz.scene import file as scene_file

NAMES = ("curves", "data", "chance", "seeds", "basins")


def chance_scene(surface="flat_and_sharp", gradient="mini_batch", **knobs):
    scene = edits.choose_gradient(first_scene(surface), gradient)
    for name, value in knobs.items():
        scene = edits.set_gradient_knob(scene, name, value)
    return edits.set_steps(scene, 100)


@pytest.fixture
def by_chance(opened):
    return opened(chance_scene(batch_size=4))


def unfold(ui, *names):
    """Fold instruments out, each as a hand does; the last one has the room for sure."""
    if ui.window.instruments.tab != "chance":
        ui.click("tab_chance")
    for name in names:
        if not ui(f"{name}_view").isVisible():
            ui.click(f"{name}.fold")
    ui.wait(ui(f"{names[-1]}_view").isVisible)


def counted(ui):
    """Wait until all seeds and pairs are there."""
    ui.settle()
    QApplication.processEvents()


def members(ui):
    ensemble = ui.window.view(SeedsView).ensemble
    return 0 if ensemble is None else len(ensemble.kinds)


def text(ui, name):
    return ui(name).text


def is_all_seen(ui, name):
    """Say whether an instrument is unfolded and scrolled into sight, all of it."""
    port = ui("instruments_scroll").viewport()
    item = next(item for item in ui.window.instruments.items if item.name == name)
    seen = item.rect().translated(item.mapTo(port, item.rect().topLeft()))
    return item.view.isVisible() and item.height() > 100 and port.rect().contains(seen)


# The instruments


def test_the_dear_ones_are_folded_at_first(by_chance):
    ui = by_chance
    assert ui.window.instruments.seen == NAMES
    assert ui.window.instruments.folded == FOLDED_AT_FIRST == {"seeds", "basins"}
    assert ui("data_view").isVisible()
    assert not ui("seeds_view").isVisible()
    assert not ui("basins_view").isVisible()


def test_folding_is_remembered(opened, tmp_path):
    settings = Settings(tmp_path / "own.ini")
    ui = opened(chance_scene(), settings)
    unfold(ui, "seeds")
    ui.click("data.fold")
    assert settings.folded == {"basins", "data"}
    for name in ("basins", "data"):
        ui.click(f"{name}.fold")
    assert settings.folded == frozenset()
    settings.save()  # as it does by itself once the hand rests
    assert opened(settings=Settings(tmp_path / "own.ini")).window.instruments.folded == frozenset()


@pytest.mark.parametrize("size", [(1024, 768), (1440, 900)])
def test_what_is_unfolded_is_seen_whole_and_so_is_what_has_the_focus(opened, size):
    ui = opened(chance_scene(), size=size)
    if size[0] < 1180:
        ui.click("instruments_tab")
        ui.wait(lambda: ui("instruments").geometry().right() == ui.contour.geometry().right())
    scroll = ui("instruments_scroll")
    for name, within in (("seeds", ("seeds_on", "seeds_count")), ("basins", ("basins_racer",))):
        ui.click(f"{name}.fold")
        ui.wait(lambda name=name: is_all_seen(ui, name))
        for part in within:
            ui.focus(ui(part))
            seen = ui(part).mapTo(scroll.viewport(), ui(part).rect().center())
            assert scroll.viewport().rect().contains(seen), part


def test_what_was_turned_on_is_in_sight_once_the_instruments_slide_out(opened):
    ui = opened(chance_scene(), size=(1024, 768))
    ui.key(Qt.Key.Key_N)
    ui.wait(lambda: members(ui) == 200)
    ui.click("instruments_tab")
    ui.wait(lambda: is_all_seen(ui, "seeds"))


def test_nothing_moves_sideways_when_the_scroll_bar_comes(by_chance):
    ui = by_chance
    place = ui("data.enlarge").mapTo(ui.window, ui("data.enlarge").rect().topLeft())
    ui.window.resize(1440, 480)
    bar = ui("instruments_scroll").verticalScrollBar()
    ui.wait(lambda: bar.isVisible())
    assert ui("data.enlarge").mapTo(ui.window, ui("data.enlarge").rect().topLeft()).x() == place.x()


def test_no_instrument_is_wider_than_the_panel(opened):
    scene = chance_scene()
    long_name = edits.rename_racer(scene, 0, "A racer of a long name")
    ui = opened(long_name)
    unfold(ui, "seeds", "basins")
    port = ui("instruments_scroll").viewport().width()
    for scale in (0.8, 1.0, 1.6):
        ui.settings.scale = scale
        ui.parts.appearance.on_system_changed()
        QApplication.processEvents()
        port = ui("instruments_scroll").viewport().width()
        for name in ("chance_panel", "seeds_view", "basins_view"):
            assert 0 < ui(name).width() <= port
            assert ui(name).minimumSizeHint().width() <= port, (name, scale)


# The floor


def test_each_racer_s_distance_and_theory_s(opened):
    ui = opened(chance_scene("quadratic", replacement=True, batch_size=4, spread=0.5))
    ui.wait(lambda: text(ui, "chance_panel.0.measured") != NOTHING)
    scene, race = ui.scene, ui.race
    for i, racer in enumerate(scene.racers):
        assert text(ui, f"chance_panel.{i}.name") == racer.name
        off = measured(race.runs[i], (0.0, 0.0))
        assert text(ui, f"chance_panel.{i}.measured") == format_loss(off)
        floor = theory(race.spec.entrants[i], scene.surface)
        told = ui(f"chance_panel.{i}.theory")
        if racer.optimizer.key in ("sgd", "momentum"):
            assert told.text.removeprefix("→ ") == format_loss(floor.rms)
        else:
            assert told.text == NOTHING
            assert told.toolTip() == ONLY_FOR
            assert ONLY_FOR in told.accessibleDescription()


def floors(ui):
    """What is drawn of the noise floor: rings on the stage, and lines among the losses."""
    return ui.contour.stage.floors.rings, ui.window.view(CurvesView)._floors


def test_theory_s_floor_is_drawn_where_it_holds(opened):
    ui = opened(chance_scene("quadratic", replacement=True, batch_size=4, spread=0.5))
    ui.wait(lambda: bool(floors(ui)[0]))
    scene = ui.scene
    known = [theory(each, scene.surface) for each in ui.race.spec.entrants]
    rings, losses = floors(ui)
    wanted = [(i, floor) for i, floor in enumerate(known) if floor.rms is not None]
    assert len(wanted) == 2
    assert rings == tuple(FloorRing(0.0, 0.0, floor.rms, i) for i, floor in wanted)
    assert losses == tuple((i, floor.loss) for i, floor in wanted)
    with_rings = ui.contour.grab().toImage()
    ui.contour.stage.floors.show_rings(())
    assert ui.contour.grab().toImage() != with_rings
    # Both fall with ε, and those of who is off the stage go.
    ui.type("racer_0.lr", "0.001")
    ui.settle()
    ui.wait(lambda: floors(ui)[0][0].radius < rings[0].radius)
    assert floors(ui)[1][0][1] < losses[0][1]
    ui.click("racer_0.enabled")
    assert [ring.racer_style for ring in floors(ui)[0]] == [1]
    ui.parts.editor.edit(edits.choose_gradient, "full")
    ui.settle()
    assert floors(ui) == ((), ())


def test_floors_follow_a_hand_while_it_moves(opened):
    ui = opened(chance_scene("quadratic", replacement=True, batch_size=4, spread=0.5))
    ui.wait(lambda: bool(floors(ui)[0]))
    before = floors(ui)[0][0].radius
    slider = ui("racer_0.lr.slider")
    ui.press(slider, QPointF(0.5 * slider.width(), slider.height() / 2))
    ui.move(slider, QPointF(0.2 * slider.width(), slider.height() / 2))
    assert ui.store.gesture == "racer_0.lr"
    ui.wait(lambda: floors(ui)[0][0].radius < before)
    ui.release(slider, QPointF(0.2 * slider.width(), slider.height() / 2))
    ui.settle()


def test_no_floor_is_drawn_where_theory_does_not_hold(opened):
    for scene in (
        chance_scene("quadratic", batch_size=4),
        edits.choose_schedule(chance_scene("quadratic", replacement=True), "cosine"),
        chance_scene("beale", replacement=True),
    ):
        ui = opened(scene)
        ui.wait(lambda ui=ui: text(ui, "chance_panel.0.measured") != NOTHING)
        assert floors(ui) == ((), ())
        assert ui("chance_panel.0.theory").toolTip() == ONLY_FOR


@pytest.mark.parametrize("scene", ["The noise floor", "AdaGrad and a rare feature"])
def test_the_names_of_shipped_scenes_have_room(opened, scene):
    ui = opened(scene_file.read(resources.path("scenes", f"{scene}{scene_file.SUFFIX}")))
    ui.window.instruments.reveal("chance")
    ui.settle()
    for index, racer in enumerate(ui.scene.racers):
        name = ui(f"chance_panel.{index}.name")
        assert name.text == racer.name
        assert QFontMetricsF(name.font()).horizontalAdvance(name.text) <= name.width() + 1


def test_an_arrow_says_that_the_race_is_too_short(opened):
    scene = chance_scene("quadratic", "gaussian", sigma=0.5)
    scene = edits.set_racer_knob(scene, 0, "lr", 0.01)
    ui = opened(edits.set_steps(scene, 20))
    ui.wait(lambda: text(ui, "chance_panel.0.theory").startswith("→ "))
    assert "too short" in ui("chance_panel.0.theory").toolTip()
    ui.type("steps", "2000")
    ui.settle()
    ui.wait(lambda: not text(ui, "chance_panel.0.theory").startswith("→"))
    assert text(ui, "chance_panel.0.theory") != NOTHING


def test_epochs_follow_the_playhead(by_chance):
    ui = by_chance
    for step, epochs in ((0, "0.0"), (25, "0.5"), (100, "2.0")):
        ui.playback.seek(step)
        assert text(ui, "chance_panel.0.epochs") == epochs


def test_rows_are_of_the_racers_on_the_stage(by_chance):
    ui = by_chance
    ui.click("racer_1.enabled")
    ui.settle()
    names = [text(ui, f"chance_panel.{i}.name") for i in range(3)]
    assert names == ["SGD", "RMSProp", "Adam"]
    assert not ui("chance_panel.3.name").isVisible()
    ui.click("racer_2.solo")
    ui.settle()
    assert text(ui, "chance_panel.0.name") == "RMSProp"
    ui.parts.editor.edit(edits.choose_gradient, "full")
    ui.settle()
    assert ui("instruments.nothing").isVisible()
    assert not ui("chance_panel.0.name").isVisible()


def test_a_racer_that_diverges_has_no_distance(opened):
    scene = chance_scene("quadratic", replacement=True, batch_size=1)
    ui = opened(edits.set_racer_knob(scene, 0, "lr", 1.0))
    ui.wait(lambda: "too large" in ui("chance_panel.0.theory").toolTip())
    assert text(ui, "chance_panel.0.measured") == NOTHING
    assert text(ui, "chance_panel.0.theory") == NOTHING


# Many seeds


def test_many_seeds_are_those_of_single_races(by_chance):
    ui = by_chance
    unfold(ui, "seeds")
    assert ui("seeds_view").accessibleDescription() == seeds_view.OFF
    ui.type("seeds_count", "40")
    ui.click("seeds_on")
    ui.wait(lambda: members(ui) == 40)
    ensemble = ui.window.view(SeedsView).ensemble
    race = ui.scene.race_spec()
    race = replace(race, entrants=race.entrants[:1])
    for member in (0, 1, 39):
        (run,) = run_race(replace(race, seed=member)).runs
        assert (ensemble.endpoints[member] == run.path[-1]).all()
    told = text(ui, "seeds_view.told")
    assert told == f"40 of 40: {ensemble.finished} finished, {ensemble.diverged} diverged"
    assert told in ui("seeds_view").accessibleDescription()
    assert (ui.contour.stage.endpoints.points == ensemble.endpoints).all()
    assert ui.contour.stage.endpoints.isVisible()


def test_they_begin_with_the_scene_s_own_seed(by_chance):
    ui = by_chance
    ui.type("seed", "77")
    ui.settle()
    ui.key(Qt.Key.Key_Escape)
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_N)
    ui.wait(lambda: members(ui) == 200)
    assert (ui.window.view(SeedsView).ensemble.endpoints[0] == ui.race.runs[0].path[-1]).all()


def test_the_key_unfolds_them_and_turns_them_off_again(by_chance):
    ui = by_chance
    ui.key(Qt.Key.Key_N)
    ui.wait(lambda: ui("seeds_view").isVisible() and members(ui) == 200)
    assert ui("seeds_on").isChecked()
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_N)
    assert not ui("seeds_on").isChecked()
    assert ui.window.view(SeedsView).ensemble is None
    assert text(ui, "seeds_view.told") == ""
    assert not ui.contour.stage.endpoints.isVisible()
    assert ui("seeds_view").isVisible()
    counted(ui)


def test_another_racer_and_another_number(by_chance):
    ui = by_chance
    unfold(ui, "seeds")
    ui.click("seeds_on")
    ui.wait(lambda: members(ui) == 200)
    chooser = ui("seeds_racer")
    assert [chooser.itemText(i) for i in range(chooser.count())] == [
        racer.name for racer in ui.scene.racers
    ]
    ui.focus(chooser)
    ui.key(Qt.Key.Key_Down)
    ui.wait(
        lambda: (
            members(ui) == 200
            and ui.window.view(SeedsView).ensemble.spec.race.entrants[0].optimizer.key == "momentum"
        )
    )
    ui.type("seeds_count", "60")
    ui.wait(lambda: members(ui) == 60)
    for wrong in ("9", "1001", "2.5", "many"):
        ui.type("seeds_count", wrong)
        assert ui("seeds_count").invalid
        assert ui.window.view(SeedsView).ensemble.spec.seeds == 60
    ui.key(Qt.Key.Key_Escape)
    counted(ui)


def test_who_is_removed_is_not_run_any_more(by_chance):
    ui = by_chance
    unfold(ui, "seeds")
    chooser = ui("seeds_racer")
    ui.focus(chooser)
    ui.key(Qt.Key.Key_End)
    ui.click("seeds_on")
    ui.wait(lambda: members(ui) == 200)
    assert ui.window.view(SeedsView).ensemble.spec.race.entrants[0].optimizer.key == "adam"
    ui.click("racer_3.remove")
    ui.wait(
        lambda: (
            members(ui) == 200
            and ui.window.view(SeedsView).ensemble.spec.race.entrants[0].optimizer.key == "sgd"
        )
    )
    assert chooser.currentText() == "SGD"
    for _ in range(3):
        ui.click("racer_0.remove")
    counted(ui)
    assert ui.window.view(SeedsView).ensemble is None
    assert chooser.count() == 0


def test_while_a_slider_moves_there_is_always_a_coarse_picture(by_chance):
    ui = by_chance
    unfold(ui, "seeds")
    ui.click("seeds_on")
    ui.wait(lambda: members(ui) == 200)
    seen = []
    slider = ui("racer_0.lr.slider")
    middle = slider.height() / 2
    ui.press(slider, QPointF(0.4 * slider.width(), middle))
    for k in range(40):
        ui.move(slider, QPointF((0.4 + 0.005 * k) * slider.width(), middle))
        QTest.qWait(2)
        QApplication.processEvents()
        ensemble = ui.window.view(SeedsView).ensemble
        seen.append((ensemble.spec.race.entrants[0].optimizer.lr, len(ensemble.kinds)))
    ui.release(slider, QPointF(0.6 * slider.width(), middle))
    assert all(count >= 25 for _, count in seen)
    wanted = ui.scene.racers[0].optimizer.lr
    ui.wait(
        lambda: (
            members(ui) == 200
            and ui.window.view(SeedsView).ensemble.spec.race.entrants[0].optimizer.lr == wanted
        )
    )
    counted(ui)


def test_nothing_of_another_surface_stays(by_chance):
    ui = by_chance
    unfold(ui, "seeds", "basins")
    ui.click("seeds_on")
    ui.click("basins_on")
    ui.wait(lambda: members(ui) == 200 and ui.window.view(BasinsView).table is not None)
    ui.parts.editor.edit(edits.choose_surface, "two_basins")
    assert ui.window.view(SeedsView).ensemble is None
    assert ui.window.view(BasinsView).table is None
    assert ui.contour.stage.endpoints.points is None
    assert ui.contour.stage.letters.letters == ()
    ui.wait(lambda: members(ui) == 200)
    counted(ui)


def test_diverged_members_are_counted_and_not_drawn(opened):
    scene = chance_scene("quadratic", replacement=True, batch_size=1, spread=5.0)
    ui = opened(edits.set_racer_knob(scene, 0, "lr", 0.5))
    ui.key(Qt.Key.Key_N)
    ui.wait(lambda: members(ui) == 200)
    assert text(ui, "seeds_view.told") == "200 of 200: 0 finished, 200 diverged"
    assert len(ui.contour.stage.endpoints.points) == 0
    assert not ui.window.grab().isNull()


def test_the_band_is_drawn_in_the_racer_s_colour(by_chance):
    ui = by_chance
    unfold(ui, "seeds")
    plot = ui.window.view(SeedsView).plot
    blank = plot.grab().toImage()
    ui.click("seeds_on")
    ui.wait(lambda: members(ui) == 200)
    image = plot.grab().toImage()
    color = ui.window.look.color(0)

    def like(picture):
        pixels = np.array(
            [
                QColor(picture.pixel(x, y)).getRgb()[:3]
                for x in range(0, picture.width(), 2)
                for y in range(picture.height())
            ]
        )
        return int((abs(pixels - color.getRgb()[:3]).max(axis=1) < 24).sum())

    assert like(blank) == 0
    assert like(image) > 100


def test_the_median_is_where_it_should_be(by_chance):
    ui = by_chance
    unfold(ui, "seeds")
    ui.click("seeds_on")
    ui.wait(lambda: members(ui) == 200)
    plot, ensemble = ui.window.view(SeedsView).plot, ui.window.view(SeedsView).ensemble
    reference = run_ensemble(ensemble.spec)
    assert (ensemble.losses == reference.losses).all()
    low, high = plot.value_range.low, plot.value_range.high
    assert low <= np.median(reference.losses[:, -1]) <= high
    described = ui("seeds_view").accessibleDescription()
    assert format_loss(float(np.median(reference.losses[:, -1]))) in described


# Which minimum


def test_counts_are_the_engine_s(by_chance):
    ui = by_chance
    unfold(ui, "basins")
    assert ui("basins_view").accessibleDescription() == basins_view.OFF
    ui.click("basins_on")
    ui.wait(lambda: ui.window.view(BasinsView).table is not None)
    counted(ui)
    shown = ui.window.view(BasinsView).table.basins
    assert shown.spec.batch_sizes == (1, 4, 16, 64, 200)
    assert shown.spec.rates == (0.025, 0.05, 0.1, 0.2, 0.4, 0.8)
    race = ui.scene.race_spec()
    small = BasinSpec(replace(race, entrants=race.entrants[:1]), (1, 200), (0.05, 0.4), 100)
    expected = find_basins(small).counts
    assert (shown.counts[[0, 0, 4, 4], [1, 4, 1, 4]] == expected.reshape(4, -1)).all()
    assert text(ui, "basins_view.progress") == ""
    assert "λmax 10" in text(ui, "basins_view.minima")


def test_letters_on_the_stage_go_from_flat_to_sharp(by_chance):
    ui = by_chance
    unfold(ui, "basins")
    ui.click("basins_on")
    ui.wait(lambda: len(ui.contour.stage.letters.letters) == 2)
    flat, sharp = ui.contour.stage.letters.letters
    assert (flat.text, sharp.text) == ("A λmax 1", "B λmax 10")
    assert (flat.x, flat.y) == (-1.8, -0.6)
    assert len(ui.contour.stage.letters.text_rooms()) == 2
    ui.click("basins_on")
    assert ui.contour.stage.letters.letters == ()
    assert ui.window.view(BasinsView).table is None
    counted(ui)


def test_a_cell_is_told_by_keys_and_by_the_pointer(by_chance):
    ui = by_chance
    unfold(ui, "basins")
    ui.click("basins_on")
    ui.wait(lambda: ui.window.view(BasinsView).table is not None)
    counted(ui)
    grid, table = ui("basins_grid"), ui.window.view(BasinsView).table
    ui.focus(grid)
    assert text(ui, "basins_view.told") == table.told(0, 0)
    ui.key(Qt.Key.Key_Right)
    ui.key(Qt.Key.Key_Right)
    ui.key(Qt.Key.Key_Down)
    assert text(ui, "basins_view.told") == table.told(1, 2)
    assert table.told(1, 2).startswith("m 4, ε 0.1: ")
    assert grid.accessibleDescription() == table.told(1, 2)
    for _ in range(9):
        ui.key(Qt.Key.Key_Right)
        ui.key(Qt.Key.Key_Down)
    assert grid.cell == (4, 5)
    ui.hover(grid, grid.cell_rect(3, 1).center())
    assert text(ui, "basins_view.told") == table.told(3, 1)
    assert sum(share.count for share in table.shares(3, 1)) == 100


def test_the_racers_own_epsilon_stands_out(by_chance):
    ui = by_chance
    unfold(ui, "basins")
    ui.click("basins_on")
    ui.wait(lambda: ui.window.view(BasinsView).table is not None)
    counted(ui)
    grid, spec = ui("basins_grid"), ui.window.view(BasinsView).table.basins.spec
    image = grid.grab().toImage()
    bright = []
    for column in range(len(spec.rates)):
        room = grid.cell_rect(0, column)
        pixels = [
            image.pixelColor(x, y).lightness()
            for x in range(round(room.left()), round(room.right()))
            for y in range(round(room.top()) - 2)
        ]
        bright.append(max(pixels))
    own = spec.rates.index(ui.scene.racers[0].optimizer.lr)
    assert bright[own] > 40 + max(each for i, each in enumerate(bright) if i != own)


def test_without_mini_batches_nothing_is_counted(by_chance):
    ui = by_chance
    unfold(ui, "basins")
    ui.click("basins_on")
    ui.wait(lambda: ui.window.view(BasinsView).table is not None)
    ui.parts.editor.edit(edits.choose_gradient, "gaussian")
    assert ui.window.view(BasinsView).table is None
    assert ui("basins_view").accessibleDescription() == NO_BATCHES
    assert "basins" not in ui.window.instruments.seen
    counted(ui)


def test_what_is_pointless_now_leaves_nothing_on_the_stage_and_comes_back(by_chance):
    ui = by_chance
    ui.key(Qt.Key.Key_N)
    ui.wait(lambda: members(ui) == 200)
    ui.parts.editor.edit(edits.choose_gradient, "full")
    assert members(ui) == 0
    assert "seeds" not in ui.window.instruments.seen
    ui.settle()
    ui.key(Qt.Key.Key_N)
    ui.told_one("no seed changes the race", kind="info")
    ui.click("undo")
    ui.wait(lambda: members(ui) == 200)
    assert "seeds" in ui.window.instruments.seen


def test_what_does_not_matter_counts_nothing_anew(by_chance):
    ui = by_chance
    unfold(ui, "basins")
    ui.click("basins_on")
    counted(ui)
    ui.wait(lambda: ui.window.view(BasinsView).table is not None)
    counted(ui)
    table = ui.window.view(BasinsView).table
    ui.parts.editor.edit(edits.set_gradient_knob, "batch_size", 9)
    ui.parts.editor.edit(edits.rename_racer, 0, "Descent")
    ui.parts.editor.edit(edits.set_racer_knob, 1, "lr", 0.001)
    counted(ui)
    assert ui.window.view(BasinsView).table is table
    ui.parts.editor.edit(edits.set_racer_knob, 0, "lr", 0.04)
    ui.wait(lambda: ui.window.view(BasinsView).table.basins.spec.rates[2] == 0.04)
    counted(ui)


def test_many_minima_and_few_examples(opened):
    ui = opened(edits.choose_gradient(first_scene("sine"), "mini_batch"))
    unfold(ui, "basins")
    ui.click("basins_on")
    ui.wait(lambda: ui.window.view(BasinsView).table is not None)
    ui.settle()
    count = len(ui.scene.surface.examples)
    assert ui.window.view(BasinsView).table.basins.spec.batch_sizes[-1] == count
    assert len(ui.contour.stage.letters.letters) == len(ui.scene.surface.minima)
    assert not ui.window.grab().isNull()


@pytest.mark.parametrize("key", ["ackley", "saddle"])
def test_cusps_and_saddles_are_counted_too(opened, key):
    ui = opened(chance_scene(key))
    unfold(ui, "basins")
    ui.click("basins_on")
    ui.settle()
    assert not ui.window.grab().isNull()
    shown = ui.window.view(BasinsView).table
    assert shown is not None or not ui.scene.surface.minima


# All of it


def test_closing_in_the_middle_leaves_nothing(opened):
    ui = opened(chance_scene("himmelblau"))
    unfold(ui, "seeds", "basins")
    ui.click("seeds_on")
    ui.click("basins_on")
    ui.window.close()
    assert not ui.parts.compute.busy("seeds")


def test_both_themes_and_a_larger_scale(by_chance):
    ui = by_chance
    unfold(ui, "seeds", "basins")
    ui.click("seeds_on")
    ui.click("basins_on")
    counted(ui)
    for look in (Look(LIGHT, 1.6), Look(LIGHT, 0.8, True), ui.window.look):
        ui.window.show_look(look)
        QApplication.processEvents()
        assert not ui.window.grab().isNull()
    assert ui.window.view(SeedsView).ensemble is not None


def test_the_menu_turns_many_seeds_on(by_chance):
    ui = by_chance
    ui.window.view_menu.findChild(QAction, "menu.seeds").trigger()
    ui.wait(lambda: members(ui) == 200)
    assert ui("seeds_on").isChecked()


def test_an_exact_racer_ends_at_one_place(opened):
    ui = opened(edits.choose_gradient(chance_scene(), "full", 0))
    ui.key(Qt.Key.Key_N)
    ui.wait(lambda: members(ui) == 200)
    ui.window.view(SeedsView).racer_wished.emit(ui.scene.racers[0].style)
    ui.wait(lambda: text(ui, "seeds_view.told") == seeds_view.EXACT)
    ends = ui.window.view(SeedsView).ensemble.endpoints
    assert (ends == ends[0]).all()
    assert math.isfinite(float(ends.sum()))
    assert text(ui, "seeds_view.told") == seeds_view.EXACT


def test_the_optimizers_that_have_a_theory_are_the_ones_told():
    rules = [key for key in OPTIMIZERS if key in ("sgd", "momentum", "nesterov")]
    scene = chance_scene("quadratic", replacement=True, spread=0.2)
    for key in OPTIMIZERS:
        entrant = replace(scene.race_spec().entrants[0], optimizer=OPTIMIZERS[key](lr=0.01))
        assert (theory(entrant, scene.surface).rms is not None) == (key in rules)


def test_an_ensemble_s_first_members_do_not_change(by_chance):
    race = by_chance.scene.race_spec()
    spec = EnsembleSpec(replace(race, entrants=race.entrants[:1]), 10)
    assert (
        run_ensemble(spec).endpoints == run_ensemble(replace(spec, seeds=30)).endpoints[:10]
    ).all()
