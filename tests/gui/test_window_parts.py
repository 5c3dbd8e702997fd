"""The chapter's parts in the window: the gallery, the clip, the look-ahead, the bound on ε."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from optiviz.engine import OPTIMIZERS, SURFACES, Clip
from optiviz.scene import edits, first_scene


def opened_gallery(ui):
    ui("surface_chooser").showPopup()
    gallery = ui("surface_chooser").gallery
    ui.wait(gallery.isVisible)
    return gallery


def picture_of(gallery, key):
    return gallery.findChild(QToolButton, f"surface_gallery.{key}")


def test_the_gallery_shows_every_surface_with_a_picture_of_its_own(ui):
    gallery = opened_gallery(ui)
    ui.wait(lambda: not gallery._missing)
    pictures = []
    for key, surface in SURFACES.items():
        button = picture_of(gallery, key)
        assert button.text() == button.accessibleName() == surface.title
        assert button.toolTip() == surface.about
        image = button.icon().pixmap(button.iconSize()).toImage()
        pictures.append(bytes(image.constBits()))
    assert len(set(pictures)) == len(SURFACES)
    assert picture_of(gallery, "beale").isChecked()
    gallery.hide()


@pytest.mark.parametrize("key", ["rosenbrock", "cliff"])
def test_a_picture_chooses_its_surface_and_undo_brings_the_old_one_back(ui, key):
    before = ui.scene
    picture_of(opened_gallery(ui), key).click()
    assert not ui("surface_chooser").gallery.isVisible()
    assert ui.scene.surface.key == key
    assert ui("surface_chooser").currentData() == key
    ui.settle()
    assert ui.race.spec.surface.key == key
    ui.click("undo")
    assert ui.scene == before
    ui.settle()


def test_after_a_choice_with_the_mouse_keys_are_the_windows_again(ui):
    chooser = ui("surface_chooser")
    chooser.setFocus(Qt.FocusReason.MouseFocusReason)
    picture_of(opened_gallery(ui), "booth").click()
    ui.wait(lambda: not chooser.hasFocus())
    # Whoever came with the Tab key goes on from there.
    chooser.setFocus(Qt.FocusReason.TabFocusReason)
    picture_of(opened_gallery(ui), "matyas").click()
    ui.wait(chooser.hasFocus)
    ui.settle()


def test_the_gallery_is_gone_through_by_keys(ui):
    gallery = opened_gallery(ui)
    assert gallery.focusWidget() is picture_of(gallery, "beale")
    ui.qtbot.keyClick(gallery, Qt.Key.Key_Right)
    assert gallery.focusWidget() is picture_of(gallery, "rosenbrock")
    ui.qtbot.keyClick(gallery, Qt.Key.Key_Left)
    ui.qtbot.keyClick(gallery, Qt.Key.Key_Left)  # there is nothing further
    assert gallery.focusWidget() is picture_of(gallery, "beale")
    for _ in range(9):
        ui.qtbot.keyClick(gallery, Qt.Key.Key_Down)
    last = gallery.focusWidget()
    assert SURFACES[last.objectName().removeprefix("surface_gallery.")].group == "data"
    ui.qtbot.keyClick(gallery, Qt.Key.Key_Return)
    assert ui.scene.surface.title == last.text()
    ui.settle()


def test_the_gallery_takes_keys_where_the_focus_is(ui):
    """A real key goes to the picture that has the focus, and rises from there."""
    gallery = opened_gallery(ui)

    def press(key, text=""):
        QTest.keyClick(gallery.focusWidget(), text or key)
        return gallery.focusWidget()

    beale = gallery.focusWidget()
    below = press(Qt.Key.Key_Down)
    assert below.x() == beale.x()
    assert below.y() > beale.geometry().bottom()
    assert press(Qt.Key.Key_Up) is beale
    last = press(Qt.Key.Key_End)
    assert last is picture_of(gallery, [*SURFACES][-1])
    assert not last.visibleRegion().isEmpty()
    assert press(Qt.Key.Key_Home) is picture_of(gallery, next(iter(SURFACES)))
    # A name is typed; a single letter again goes on to the next name with it.
    press(None, "s")
    assert press(None, "t").text().lower().startswith("st")
    gallery._since.invalidate()
    gallery._typed = ""
    found = {press(None, "s").text() for _ in range(12)}
    assert found == {each.title for each in SURFACES.values() if each.title.startswith("S")}
    assert len(found) > 1
    for wanted, letters in (("Flat and sharp", "flat"), ("log Goldstein–Price", "goldstein")):
        gallery._typed = ""
        assert [press(None, letter) for letter in letters][-1].text() == wanted
    chosen = gallery.focusWidget()
    press(Qt.Key.Key_Space)
    assert not gallery.isVisible()
    assert ui.scene.surface.title == chosen.text()
    ui.settle()


@pytest.mark.parametrize("key", SURFACES)
def test_every_surface_races_in_the_window(ui, key):
    ui.parts.editor.edit(edits.choose_surface, key)
    ui.settle()
    assert ui.race.spec.surface.key == key
    assert not ui.window.grab().isNull()


def test_optimizers_are_offered_in_families(ui):
    actions = [each for each in ui("add_racer").menu().actions() if not each.isSeparator()]
    family, found = "", {}
    for action in actions:
        if action.isEnabled():
            found[action.objectName().removeprefix("add_racer.")] = family
            assert action.toolTip()
        else:
            family = action.text()
    assert found == {key: optimizer.family for key, optimizer in OPTIMIZERS.items()}


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_is_entered_and_shows_all_its_knobs(ui, key):
    ui.parts.editor.edit(edits.add_racer, key)
    ui.settle()
    if OPTIMIZERS[key].knobs():
        ui.click("racer_4.more")
    for knob in OPTIMIZERS[key].knobs():
        assert ui(f"racer_4.{knob.name}").isVisible()
    assert not ui.window.grab().isNull()


def test_a_clip_is_chosen_typed_shown_and_undone(ui):
    plain = ui.race.runs[1].finish_step
    before = ui.scene
    ui.click("racer_1.more")
    chooser = ui("racer_1.clip")
    assert not ui("racer_1.clip.limit").isEnabled()
    chooser.setCurrentIndex(1)
    chooser.activated.emit(1)
    assert ui.scene.racers[1].clip == Clip.norm(1.0)
    ui.type("racer_1.clip.limit", "0.5")
    assert ui.scene.racers[1].clip == Clip.norm(0.5)
    ui.settle()
    run = ui.race.runs[1]
    assert run.finish_step != plain
    assert ui("racer_1.clip.acted").text() == f"acted at {int(run.clipped.sum())} of 300 steps"
    # Folded away it is still told.
    ui.click("racer_1.more")
    assert "clip norm 0.5" in ui.window.racers.cards[1].form.unusual.text()
    ui.click("undo")
    ui.click("undo")
    assert ui.scene == before
    ui.settle()


def test_a_limit_that_no_clip_has_is_refused(ui):
    ui.parts.editor.edit(edits.set_clip, 0, Clip.value(2.0))
    ui.click("racer_0.more")
    for text in ("0", "-1", "abc", "", "inf"):
        ui.type("racer_0.clip.limit", text)
        assert ui("racer_0.clip.limit").invalid
        assert ui.scene.racers[0].clip == Clip.value(2.0)
        ui.key(Qt.Key.Key_Escape)
    ui.settle()


def test_nesterovs_look_ahead_is_drawn(opened):
    ui = opened(edits.add_racer(first_scene("beale"), "nesterov"))
    ui.playback.pause()
    run = ui.race.runs[4]
    apart = np.hypot(*(run.lookahead - run.path[:-1]).T)
    (x0, x1), (y0, y1) = ui.scene.surface.window
    x, y = run.lookahead.T
    seen = (x > x0) & (x < x1) & (y > y0) & (y < y1)
    step = int(np.argmax(np.where(seen, apart, 0.0)))
    assert apart[step] > 0.1
    ui.playback.seek(step)
    x, y = run.lookahead[step]
    at = ui.contour.pixel_of(float(x), float(y)).toPoint()
    ring = at + QPoint(round(ui.window.look.px(5.0)), 0)
    image = ui.contour.grab().toImage()
    color = ui.window.look.color(ui.scene.racers[4].style)
    near = [image.pixelColor(ring + QPoint(dx, dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    assert any(abs(each.hue() - color.hue()) < 12 and each.saturation() > 60 for each in near)


def test_the_readout_tells_a_racers_bound(ui):
    ui.playback.pause()
    ui.playback.seek(20)
    run = ui.race.runs[0]
    at = ui.contour.pixel_of(*map(float, run.path[20])).toPoint()
    ui.hover(ui.contour, at)
    wanted = f"within the local bound {run.lr_bound(20):.3g}"
    ui.wait(lambda: any(wanted in line for line in ui.contour.stage.readout._lines))


@pytest.mark.parametrize(
    ("rule", "clip", "told"),
    [
        ("sgd", Clip.norm(1.0), "no bound: a clip voids it"),
        ("lion", Clip.norm(1.0), "no bound: this rule has none"),
        ("adam", None, "no bound: no gradient to divide by yet"),
    ],
)
def test_the_readout_says_why_there_is_no_bound(opened, rule, clip, told):
    scene = edits.add_racer(first_scene("beale"), rule)
    ui = opened(edits.set_clip(scene, 4, clip))
    ui.playback.pause()
    ui.playback.seek(0)
    ui.window.contour.head_hovered.emit(4)
    ui.wait(lambda: any(told in line for line in ui.contour.stage.readout._lines))
