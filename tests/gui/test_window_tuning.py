"""Tune again: the printed rule for the race as it is, in the worker, and what is said of it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from optiviz.engine import OPTIMIZERS, SURFACES
from optiviz.engine.tuning import RATES, tune
from optiviz.scene import edits, first_scene
from tests.reference import tune as reference


def rule(ui):
    return ui("tuning_rule").text()


def rates(ui):
    return [racer.optimizer.lr for racer in ui.scene.racers]


def tune_again(ui):
    ui.focus(ui("tune_again"))
    ui.key(Qt.Key.Key_Space)
    ui.wait(lambda: not ui.parts.compute.busy("tuning"))
    ui.settle()


def test_it_is_offered_only_where_something_has_changed(ui):
    assert not ui("tune_again").isVisible()
    ui.parts.editor.edit(edits.move_start, 2.0, 1.0)
    assert "since then changed: the start" in rule(ui)
    assert ui("tune_again").isVisible()
    ui.parts.editor.undo()
    assert not ui("tune_again").isVisible()


def test_the_rule_runs_for_the_race_as_it_is_and_says_what_it_found(ui):
    ui.parts.editor.edit(edits.move_start, 2.0, 1.0)
    before = rates(ui)
    tune_again(ui)
    surface = SURFACES["beale"]()
    found = [tune(surface, (2.0, 1.0), surface.target, OPTIMIZERS[r]()) for r in reference.RULES]
    assert rates(ui) == [each.lr for each in found] != before
    told = ui.message
    for racer, each in zip(ui.scene.racers, found, strict=True):
        assert f"{racer.name} ε {each.lr:g}" in told
        assert f"({each.steps} steps)" in told
    # The race that is shown is there at the step that was told.
    ui.wait(lambda: ui.race.runs[3].entrant.optimizer.lr == found[3].lr)
    assert ui.race.runs[3].finish_step == found[3].steps
    assert rule(ui).startswith("ε tuned for this start")
    assert not ui("tune_again").isVisible()
    ui.parts.editor.undo()
    assert rates(ui) == before
    assert "since then changed" in rule(ui)
    ui.parts.editor.redo()
    assert not ui("tune_again").isVisible()
    ui.parts.editor.edit(edits.set_racer_knob, 0, "lr", 0.3)
    assert "since then changed" in rule(ui)


def test_what_was_found_for_another_race_is_dropped(ui):
    ui.parts.editor.edit(edits.move_start, 2.0, 1.0)
    ui.click("tune_again")
    assert ui("tune_again").text() == "Tuning …"
    ui.parts.editor.edit(edits.move_start, 2.5, 1.0)
    before = rates(ui)
    ui.wait(lambda: not ui.parts.compute.busy("tuning"))
    ui.settle()
    assert rates(ui) == before
    assert ui("tune_again").text() == "Tune again"
    assert ui("tune_again").isEnabled()


def test_a_locked_scene_is_not_tuned(ui):
    ui.parts.editor.edit(edits.move_start, 2.0, 1.0)
    ui.parts.editor.set_locked(True)
    assert not ui("tune_again").isEnabled()
    ui.parts.editor.set_locked(False)
    assert ui("tune_again").isEnabled()


def test_what_was_tuned_plainly_is_not_said_of_a_clipped_one(ui):
    ui.parts.editor.edit(edits.choose_schedule, "cosine", 0)
    tune_again(ui)
    assert "since then changed: SGD" in rule(ui)
    assert "with full gradients" in ui.message


def test_a_rule_that_diverges_everywhere_has_no_best_rate():
    surface = SURFACES["rosenbrock"]()
    assert tune(surface, (1e6, 1e6), 1e-3, OPTIMIZERS["sgd"]()) is None


def test_rates_are_set_at_once_and_linked_no_more():
    scene = edits.link_lr(first_scene("beale"), linked=True)
    changed = edits.set_rates(scene, (0.1, None, 0.3, RATES[0]))
    lrs = [racer.optimizer.lr for racer in changed.racers]
    assert lrs == [0.1, scene.racers[1].optimizer.lr, 0.3, 1e-5]
    assert not changed.link_lr
