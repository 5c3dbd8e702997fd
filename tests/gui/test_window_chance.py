"""Chance in the window: gradients for all and for one, seed and die, epochs of the data."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from optiviz.engine import GRADIENTS, SURFACES
from optiviz.engine.gradients import FullGradient, Gaussian, MiniBatch
from optiviz.gui.words import captions
from optiviz.scene import edits, first_scene

FIRST = first_scene("beale")


def with_gradient(key, surface="beale", **knobs):
    scene = edits.choose_gradient(first_scene(surface), key)
    for name, value in knobs.items():
        scene = edits.set_gradient_knob(scene, name, value)
    return scene


def gradients(ui):
    return [racer.gradient for racer in ui.scene.racers]


def choose(ui, name, key):
    """Choose from a list with the keyboard."""
    ui.focus(ui(name))
    while ui(name).currentData() != key:
        before = ui(name).currentIndex()
        target = ui(name).findData(key)
        ui.key(Qt.Key.Key_Down if target > before else Qt.Key.Key_Up)
        assert ui(name).currentIndex() != before


def place(ui, name):
    widget = ui(name)
    return QRect(widget.mapTo(ui.window, QPoint(0, 0)), widget.size())


# The gradient of all


@pytest.mark.parametrize("key", ["mini_batch", "gaussian"])
def test_a_gradient_is_chosen_for_every_racer_and_undone(ui, key):
    exact = ui.paths()
    choose(ui, "gradient_chooser", key)
    first = gradients(ui)
    assert {type(gradient) for gradient in first} == {GRADIENTS[key]}
    assert len(set(first)) == 1
    ui.settle()
    assert [entrant.gradient for entrant in ui.race.spec.entrants] == first
    assert np.abs(ui.paths() - exact).max() > 0.0
    assert ui.scene.racers[0].gradient.title in ui("racer_0.unusual").text()
    while ui.scene != FIRST:
        ui.click("undo")
    assert ui("gradient_chooser").currentText() == "Full gradient"
    assert not ui.has("gradient.batch_size")
    assert not ui("gradient.more").isVisible()
    ui.settle()
    assert np.array_equal(ui.paths(), exact)


def test_choosing_the_present_gradient_again_keeps_its_knobs(opened):
    ui = opened(with_gradient("mini_batch", batch_size=3))
    before = ui.scene
    chooser = ui("gradient_chooser")
    chooser.activated.emit(chooser.currentIndex())
    assert ui.scene == before


@pytest.mark.parametrize(
    ("key", "name"), [("mini_batch", "gradient.batch_size"), ("gaussian", "gradient.sigma")]
)
def test_a_drag_of_a_knob_is_one_step_and_leaves_a_ghost(opened, monkeypatch, key, name):
    ui = opened(with_gradient(key))
    before, old = ui.scene, ui.race
    ghosts = []
    monkeypatch.setattr(ui.contour, "show_ghost", ghosts.append)
    slider = ui(f"{name}.slider")
    at = QPointF(slider.width() * 0.85, slider.height() / 2)
    ui.press(slider, at)
    first = ui.knob(name)
    ui.settle()
    ui.move(slider, at - QPointF(30, 0))
    assert ui.knob(name) not in (first, getattr(before.racers[0].gradient, name.split(".")[1]))
    ui.settle()
    assert ghosts == [old]
    assert {getattr(gradient, name.split(".")[1]) for gradient in gradients(ui)} == {ui.knob(name)}
    assert ui(name).value == ui.knob(name)
    ui.release(slider, at - QPointF(30, 0))
    assert ghosts == [old, None]
    ui.click("undo")
    assert ui.scene == before
    ui.settle()


@pytest.mark.parametrize("text", ["0", "2.5", "abc", "-3", "1e9", ""])
def test_a_batch_that_cannot_be_is_refused_with_a_sentence(opened, text):
    ui = opened(with_gradient("mini_batch"))
    before = ui.scene
    ui.type("gradient.batch_size", text)
    assert ui("gradient.batch_size").invalid
    assert "m must be a whole number" in ui("gradient.batch_size").accessibleDescription()
    assert ui.scene == before
    ui.key(Qt.Key.Key_Escape)
    ui.type("gradient.batch_size", "16")
    assert ui.knob("gradient.batch_size") == 16
    ui.settle()


def test_delete_brings_back_the_noise_that_suits_the_surface(opened):
    ui = opened(with_gradient("gaussian"))
    suited = ui.knob("gradient.sigma")
    assert suited != Gaussian().sigma, "or the test tells nothing"
    ui.type("gradient.sigma", "0.125")
    ui.focus(ui("gradient.sigma.slider"))
    ui.key(Qt.Key.Key_Delete)
    assert ui.knob("gradient.sigma") == suited
    ui.settle()


def test_the_other_knobs_are_on_a_sheet(opened):
    ui = opened(with_gradient("mini_batch"))
    for name in ("gradient.replacement", "gradient.examples", "gradient.spread"):
        assert not ui(name).isVisible()
    stage = ui.contour.geometry()
    ui.click("gradient.more")
    ui.type("gradient.examples", "50")
    ui.type("gradient.spread", "0.25")
    ui.click("gradient.replacement")
    wanted = MiniBatch(batch_size=8, replacement=True, examples=50, spread=0.25)
    assert gradients(ui) == [wanted] * 4
    assert ui.contour.geometry() == stage, "the sheet lies over the stage"
    assert ui("gradient.sheet").geometry().top() >= ui.window.top_bar.geometry().bottom()
    ui.settle()
    ui.click("gradient.more")
    assert not ui("gradient.sheet").isVisible()
    # A gradient without such knobs has no sheet, and an open one goes with it.
    ui.click("gradient.more")
    choose(ui, "gradient_chooser", "gaussian")
    assert not ui("gradient.sheet").isVisible()
    assert not ui("gradient.more").isVisible()
    ui.settle()


def test_the_sheet_is_reached_and_left_by_keys(opened):
    ui = opened(with_gradient("mini_batch"))
    ui.focus(ui("gradient.more"))
    ui.key(Qt.Key.Key_Space)
    assert ui("gradient.sheet").isVisible()
    ui.wait(ui("gradient.replacement").hasFocus)
    ui.key(Qt.Key.Key_Space)
    assert ui.knob("gradient.replacement") is True
    ui.key(Qt.Key.Key_Tab)
    assert ui("gradient.examples.slider").hasFocus()
    ui.key(Qt.Key.Key_Right)
    assert ui.knob("gradient.examples") > 200
    step = ui.playback.position
    ui.key(Qt.Key.Key_Period)  # of no use to a slider: it is the window's
    assert ui.playback.position == step + 1
    ui.key(Qt.Key.Key_Escape)
    assert not ui("gradient.sheet").isVisible()
    assert ui("gradient.more").hasFocus()
    ui.settle()


def test_escape_closes_a_sheet_that_was_opened_by_a_click(opened):
    ui = opened(with_gradient("mini_batch"))
    ui.focus(ui.contour)
    ui.click("gradient.more")
    assert ui("gradient.sheet").isVisible()
    assert ui.contour.hasFocus()
    ui.key(Qt.Key.Key_Escape)
    assert not ui("gradient.sheet").isVisible()
    assert ui.contour.hasFocus()
    # A field in it first takes back what is typed, and then lets go.
    ui.click("gradient.more")
    ui.type("gradient.examples", "77", enter=False)
    for _ in range(3):
        ui.key(Qt.Key.Key_Escape)
    assert not ui("gradient.sheet").isVisible()
    assert ui.knob("gradient.examples") == 200
    ui.settle()


def test_one_sheet_at_a_time(opened):
    ui = opened(with_gradient("mini_batch", "quadratic"), size=(1024, 768))
    ui.click("surface.more")
    assert ui("surface.sheet").isVisible()
    ui.click("gradient.more")
    assert ui("gradient.sheet").isVisible()
    assert not ui("surface.sheet").isVisible()


# The gradient of one


def test_one_racer_can_have_a_gradient_of_its_own(ui):
    exact = ui.paths()
    ui.click("racer_1.more")
    choose(ui, "racer_1.gradient", "mini_batch")
    assert [type(gradient) for gradient in gradients(ui)] == [
        FullGradient,
        MiniBatch,
        FullGradient,
        FullGradient,
    ]
    ui.settle()
    moved = np.abs(ui.paths() - exact).max(axis=(1, 2)) > 0.0
    assert moved.tolist() == [False, True, False, False]
    # Above, it is told that they differ, and a choice there makes them alike again.
    chooser = ui("gradient_chooser")
    assert chooser.currentIndex() == -1
    assert chooser.placeholderText() == "each its own"
    assert not ui.has("gradient.batch_size")
    # Folded away it is still told.
    ui.click("racer_1.more")
    assert ui("racer_1.unusual").text() == "Mini-batch m 8"
    choose(ui, "gradient_chooser", "full")
    assert gradients(ui) == [FullGradient()] * 4
    ui.settle()


def test_a_racers_knobs_are_typed_slid_and_undone(opened):
    ui = opened(with_gradient("mini_batch"))
    before = ui.scene
    ui.click("racer_2.more")
    ui.type("racer_2.gradient.batch_size", "32")
    assert [gradient.batch_size for gradient in gradients(ui)] == [8, 8, 32, 8]
    slider = ui("racer_2.gradient.spread.slider")
    at = QPointF(slider.width() * 0.2, slider.height() / 2)
    ui.press(slider, at)
    ui.move(slider, at + QPointF(9, 0))
    ui.settle()
    assert ui.store.gesture == "racer_2.gradient.spread"
    ui.release(slider, at + QPointF(9, 0))
    ui.click("racer_2.gradient.replacement")
    assert ui.knob("racer_2.gradient.replacement") is True
    assert gradients(ui)[0] == before.racers[0].gradient
    assert ui("racer_2.unusual").text() == "Mini-batch m 32"
    for _ in range(3):
        ui.click("undo")
    assert ui.scene == before
    assert ui("racer_2.gradient.batch_size").value == 8
    ui.settle()


def test_a_copied_racer_has_the_same_gradient(opened):
    ui = opened(edits.set_gradient_knob(with_gradient("mini_batch"), "batch_size", 3, 1))
    ui.click("racer_1.duplicate")
    assert gradients(ui)[4] == MiniBatch(batch_size=3, spread=gradients(ui)[1].spread)
    ui.click("racer_4.more")
    assert ui("racer_4.gradient.batch_size").value == 3
    ui.settle()


def test_without_racers_there_is_no_gradient_to_choose(ui):
    for _ in range(4):
        ui.click("racer_0.remove")
    assert not ui("gradient_chooser").isEnabled()
    ui.click("undo")
    assert ui("gradient_chooser").isEnabled()
    ui.settle()


# How many examples


def test_what_a_batch_is_is_told(opened):
    ui = opened(with_gradient("mini_batch"))
    ui.click("gradient.more")
    ui.click("racer_0.more")
    notes = [ui("gradient.sheet.note"), ui("racer_0.gradient.note")]
    for size, of, words in (
        ("8", "of 200", "Each batch is 8 of 200 examples"),
        ("200", "all 200", "There are 200 examples: every batch is all of them."),
        ("2000", "all 200", "There are 200 examples: every batch is all of them."),
        ("1", "of 200", "Each batch is 1 of 200 examples"),
    ):
        ui.type("gradient.batch_size", size)
        assert ui("gradient.of").text == of
        assert words in ui("gradient.of").toolTip()
        for note in notes:
            assert note.text().startswith(words)
            assert note.isVisible()
            assert note.heightForWidth(note.width()) <= note.height()
    ui.click("gradient.replacement")
    assert {note.text() for note in notes} == {"Each batch is 1 draw from 200 examples."}
    ui.settle()


def test_where_examples_are_real_none_are_made(opened):
    ui = opened(with_gradient("mini_batch", "logistic"))
    count = len(ui.scene.surface.examples)
    assert count > 100
    ui.click("gradient.more")
    ui.click("racer_0.more")
    for name in ("gradient", "racer_0.gradient"):
        assert ui(f"{name}.replacement").isVisible()
        for knob in ("examples", "spread"):
            for part in ("", ".slider", ".label"):
                assert not ui(f"{name}.{knob}{part}").isVisible()
        ui.focus(ui(f"{name}.batch_size.slider"))
        ui.key(Qt.Key.Key_End)
        ui.settle()
        assert ui.knob(f"{name}.batch_size") == count
        ui.click("undo")
        ui.settle()
    ui.type("gradient.batch_size", str(count + 1))
    sentence = f"The data has {count} examples: every batch is all of them."
    assert ui("gradient.sheet.note").text() == ui("racer_0.gradient.note").text() == sentence
    assert ui("gradient.of").text == f"all {count}"
    ui.settle()
    # So the race is that of the full gradient, up to rounding.
    whole = ui.paths()
    ui.parts.editor.edit(edits.choose_gradient, "full")
    ui.settle()
    np.testing.assert_allclose(whole, ui.paths(), rtol=1e-6, atol=1e-9)
    # Back on a formula, they are there again.
    ui.store.open(with_gradient("mini_batch"))
    ui.click("gradient.more")
    assert ui("gradient.examples").isVisible()
    ui.settle()


def test_epochs_of_the_data_are_counted_at_the_playhead(opened):
    scene = edits.choose_gradient(with_gradient("mini_batch"), "gaussian", 1)
    scene = edits.choose_gradient(scene, "full", 2)
    ui = opened(edits.set_gradient_knob(scene, "replacement", True, 3))
    ui.playback.pause()
    # 200 examples in batches of 8 are 25 steps.
    for step, told in ((0, "0.0"), (1, "0.0"), (10, "0.4"), (30, "1.2"), (300, "12.0")):
        ui.playback.seek(step)
        for index in (0, 3):
            assert ui(f"racer_{index}.epoch").isVisible()
            assert ui(f"racer_{index}.epoch").text == f"{told} passes over data"
    assert not ui("racer_1.epoch").isVisible(), "no data stand behind painted noise"
    assert not ui("racer_2.epoch").isVisible()
    ui.store.open(first_scene("logistic"))
    ui.settle()
    ui.playback.seek(7)
    assert ui("racer_0.epoch").text == "7.0 passes over data"


def test_an_epoch_is_told_in_the_room_it_has():
    longest = len(captions.epoch(999.9))
    for seen in (0.0, 0.04, 12.34, 999.94, 999.96, 1234.5, 9999.4, 9999.6, 123_456.7, 5e7):
        assert len(captions.epoch(seen)) <= longest
    assert captions.epoch(1234.5) == "1234 passes over data"
    assert captions.epoch(5e7) == "5.0e7 passes over data"
    assert captions.epoch(4.3) == "4.3 passes over data"


# Seed and die


def test_a_seed_is_typed_and_undone(opened):
    ui = opened(with_gradient("mini_batch"))
    first = ui.paths()
    ui.type("seed", "7")
    assert ui.scene.seed == 7
    ui.settle()
    assert ui.race.spec.seed == 7
    assert np.abs(ui.paths() - first).max() > 0.0
    ui.type("seed", str(2**32 - 1))
    assert ui.scene.seed == 2**32 - 1
    ui.settle()
    ui.click("undo")
    ui.click("undo")
    assert ui.scene.seed == 0
    assert ui("seed").text() == "0"
    ui.settle()
    assert np.array_equal(ui.paths(), first)


@pytest.mark.parametrize("text", ["-1", "4294967296", "1.5", "seven", ""])
def test_what_is_no_seed_is_refused_with_a_sentence(opened, text):
    ui = opened(with_gradient("gaussian"))
    ui.type("seed", text)
    assert ui("seed").invalid
    told = ui("seed").accessibleDescription()
    assert told.startswith("seed must be a whole number from 0 to 4294967295")
    assert ui.scene.seed == 0
    ui.key(Qt.Key.Key_Escape)


def test_the_die_and_its_key_draw_another_seed_each_time(opened):
    ui = opened(with_gradient("mini_batch"))
    seeds = [ui.scene.seed]
    for press in ("die", "key", "die", "key"):
        if press == "die":
            ui.click("seed_die")
        else:
            ui.focus(ui.contour)
            ui.key(Qt.Key.Key_X)
        seeds.append(ui.scene.seed)
        assert ui("seed").value == ui.scene.seed
    assert all(one != other for one, other in pairwise(seeds))
    assert all(0 <= seed < 10_000 for seed in seeds)
    assert "(X)" in ui("seed_die").toolTip()
    for _ in range(4):
        ui.click("undo")
    assert ui.scene.seed == 0
    ui.settle()


@pytest.mark.parametrize(("drawn", "seed"), [(0, 1), (4, 5), (3, 3), (9998, 9999)])
def test_the_die_never_draws_the_present_seed(opened, monkeypatch, drawn, seed):
    ui = opened(edits.set_seed(with_gradient("mini_batch"), 0 if drawn == 0 else 4))
    asked = []
    monkeypatch.setattr("random.randrange", lambda most: (asked.append(most), drawn)[1])
    ui.click("seed_die")
    assert asked == [9999]
    assert ui.scene.seed == seed
    ui.settle()


def test_without_chance_a_seed_is_of_no_use(ui):
    before = {name: ui(name).geometry() for name in ("seed", "seed_die", "step_slider", "speed")}
    assert not ui("seed").isEnabled()
    assert not ui("seed_die").isEnabled()
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_X)
    assert ui.scene == FIRST
    ui.told_one("full gradient", "no seed", kind="info")
    choose(ui, "gradient_chooser", "gaussian")
    assert ui("seed").isEnabled()
    assert ui("seed_die").isEnabled()
    assert {name: ui(name).geometry() for name in before} == before
    ui.settle()


def test_the_cheat_sheet_tells_of_the_die(ui):
    told = [label.text() for label in ui("cheat_sheet_card").findChildren(QLabel)]
    assert told[told.index("Draw another seed") - 1] == "X"


# The lock


def test_the_lock_keeps_gradients_and_seed(opened):
    ui = opened(with_gradient("mini_batch"))
    before = ui.scene
    ui.click("gradient.more")
    ui.click("racer_0.more")
    ui.click("lock")
    names = ["gradient_chooser", "seed", "seed_die", "racer_0.gradient"]
    for knob in ("batch_size", "replacement", "examples", "spread"):
        names += [f"gradient.{knob}", f"racer_0.gradient.{knob}"]
    for name in names:
        assert not ui(name).isEnabled(), name
    ui.click("seed_die")
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_X)
    ui.slide("gradient.batch_size.slider", 0.9)
    assert ui.scene == before
    # A key says so each time; the mouse, which was told by then, not again.
    ui.wait(lambda: bool(ui.told))
    assert {problem.sentence for problem in ui.told} == {"The scene is locked; L unlocks it."}
    ui.told.clear()
    assert ui("gradient.more").isEnabled(), "to look is allowed"
    ui.click("lock")
    for name in names:
        assert ui(name).isEnabled(), name


# Words


def test_the_settings_tell_the_gradients_and_the_seed(opened):
    scene = with_gradient("mini_batch", batch_size=16)
    scene = edits.choose_gradient(edits.set_seed(scene, 42), "full", 3)
    ui = opened(edits.choose_gradient(scene, "gaussian", 2))
    told = []
    original = ui.contour.show_caption
    ui.contour.show_caption = lambda lines: (told.append(lines), original(lines))
    ui.window.view_menu.findChild(QAction, "menu.caption").trigger()
    ui.playback.pause()
    ui.playback.seek(26)
    first, *lines = told[-1]
    assert "seed 42" in first
    spread = ui.scene.racers[0].gradient.spread
    # 200 examples in batches of 16 are 12 batches and one of 8.
    assert f"Mini-batch m 16, N 200, σ_ξ {spread:g}; 2.0 passes over data; loss" in lines[0]
    assert f"Gaussian noise σ {ui.scene.racers[2].gradient.sigma:g}; loss" in lines[2]
    assert "epoch" not in lines[3]
    assert "full" not in lines[3]
    ui.parts.editor.edit(edits.choose_gradient, "full")
    ui.settle()
    assert "seed" not in told[-1][0]


def test_the_settings_of_data_read_well(opened):
    ui = opened(with_gradient("mini_batch", "logistic"))
    lines = captions.settings(ui.scene, ui.race, 0)
    assert lines[0].startswith("Logistic regression, data ")
    assert ui.scene.surface.data not in lines[0], "its hash is for files"
    assert f"feature {ui.scene.surface.feature}, target {ui.scene.surface.output}" in lines[0]
    assert "σ_ξ" not in lines[1]
    assert " N " not in lines[1]
    assert "Mini-batch m 8; 0.0 passes over data" in lines[1]


def test_another_gradient_is_not_what_was_tuned(ui):
    assert "since then changed" not in ui("tuning_rule").text()
    ui.parts.editor.edit(edits.choose_gradient, "mini_batch", 1)
    assert ui("tuning_rule").text().endswith("changed: Momentum.")
    ui.settle()


@pytest.mark.parametrize("key", ["mini_batch", "gaussian"])
def test_every_control_of_a_gradient_is_named_and_explained(opened, key):
    ui = opened(with_gradient(key))
    ui.click("racer_0.more")
    said = {}
    for prefix in ("gradient", "racer_0.gradient"):
        for spec in GRADIENTS[key].knobs():
            name = f"{prefix}.{spec.name}"
            said[name] = ui(name).accessibleName()
            assert spec.help.split("'")[0] in ui(name).toolTip()
            if spec.kind == "number":
                said[f"{name}.slider"] = ui(f"{name}.slider").accessibleName()
    assert all(said.values())
    assert len(set(said.values())) == len(said)
    assert ui("racer_0.gradient").accessibleName() == "SGD, gradient"
    assert ui("gradient_chooser").accessibleName() == "Gradient of all racers"
    for name in ("gradient_chooser", "racer_0.gradient", "seed", "seed_die"):
        assert ui(name).toolTip()


# Room


BAR = """scene_menu surface_chooser surface.kappa.slider surface.kappa surface.angle.slider
surface.angle surface.more gradient_chooser gradient.batch_size.slider gradient.batch_size
gradient.of gradient.sigma.slider gradient.sigma gradient.more undo redo view_menu
lock cheat_sheet""".split()


#: For each count of knobs that a surface may have in the bar, the one whose title is the longest.
LONGEST = {
    sum(knob.kind != "text" and not knob.minor for knob in kind.knobs()): key
    for key, kind in sorted(SURFACES.items(), key=lambda item: len(item[1].title))
}


@pytest.mark.parametrize("key", GRADIENTS)
@pytest.mark.parametrize("surface", LONGEST.values())
@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
def test_the_bar_has_room_for_every_gradient_on_every_surface(opened, surface, key, size):
    ui = opened(with_gradient(key, surface), size=size)
    bar, inside = ui.window.top_bar, ui.window.top_bar.rect()
    height = bar.height()
    shown = [name for name in BAR if ui.has(name) and bar.isAncestorOf(ui(name))]
    shown = [name for name in shown if ui(name).isVisible()]
    places = [place(ui, name) for name in shown]
    for name, each in zip(shown, places, strict=True):
        assert inside.contains(each), name
        assert each.width() >= ui(name).minimumSizeHint().width(), name
    for one, left in zip(shown, places, strict=True):
        for other, right in zip(shown, places, strict=True):
            assert one == other or not left.intersects(right), (one, other)
    if size[0] == 1440:
        for knob in ("surface.kappa", "surface.angle", "gradient.batch_size", "gradient.sigma"):
            assert not ui.has(knob) or knob in shown
    # Another gradient takes no height from the stage.
    ui.parts.editor.edit(edits.choose_gradient, "full")
    ui.settle()
    assert bar.height() == height


@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_in_a_narrow_window_every_knob_can_still_be_had(opened, scale):
    ui = opened(with_gradient("mini_batch", "quadratic"), size=(1024, 768))
    ui.settings.scale = scale
    ui.parts.appearance.on_system_changed()
    QApplication.processEvents()
    knobs = {
        "surface": ("kappa", "angle"),
        "gradient": ("batch_size", "replacement", "examples", "spread"),
    }
    for owner, names in knobs.items():
        ui.click(f"{owner}.more")
        for name in names:
            assert ui(f"{owner}.{name}").isVisible(), name
            assert ui.window.rect().contains(place(ui, f"{owner}.{name}")), name
    ui.click("surface.more")
    ui.type("surface.kappa", "55")
    assert ui.knob("surface.kappa") == 55
    ui.settle()
    # With more room they are beside the chooser again, the same ones.
    ui.settings.scale = 1.0
    ui.parts.appearance.on_system_changed()
    ui.window.resize(1440, 900)
    ui.wait(lambda: ui.window.top_bar.isAncestorOf(ui("surface.kappa")))
    QApplication.processEvents()
    assert ui("surface.kappa").isVisible()
    assert ui("surface.kappa").value == 55
    assert not ui("surface.sheet").isVisible()
    assert not ui("surface.more").isVisible()
    ui.settle()


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
def test_nothing_moves_when_a_knob_of_chance_changes(opened, size):
    ui = opened(with_gradient("mini_batch"), size=size)
    ui.playback.pause()
    ui.click("gradient.more")
    ui.click("racer_0.more")
    QApplication.processEvents()
    watched = [
        w
        for w in ui.window.findChildren(QWidget)
        if w.isVisible() and w.objectName() and not ui("data_view").isAncestorOf(w)
    ]
    before = [widget.geometry() for widget in watched]
    for name, text in (
        ("gradient.batch_size", "2000"),
        ("gradient.batch_size", "1"),
        ("gradient.examples", "4"),
        ("gradient.spread", "123456.789"),
        ("seed", "4294967295"),
        ("steps", "20000"),
    ):
        ui.type(name, text)
        ui.settle()
        ui.playback.seek(ui.scene.steps)
        QApplication.processEvents()
        now = zip(watched, before, strict=True)
        moved = [each.objectName() for each, was in now if each.geometry() != was]
        assert moved == [], (name, text)
