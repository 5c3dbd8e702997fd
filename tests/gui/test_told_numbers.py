"""Numbers in words: the loss that the finish means, and one way to write an exponent."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QLabel, QWidget
from scipy.optimize import differential_evolution

import optiviz
from optiviz import cli
from optiviz.engine import SCHEDULES, SURFACES, run_race
from optiviz.engine.bounds import Bound
from optiviz.engine.digits import near, rounded
from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.panels.racers import RacersPanel
from optiviz.gui.stage.racers import in_words
from optiviz.gui.theme.formulas import formula_pixmap
from optiviz.gui.theme.palette import Look
from optiviz.gui.views.contour import ContourView
from optiviz.gui.words import captions
from optiviz.gui.words.numbers import format_loss
from optiviz.scene import edits, first_scene

# The finish


def least_found(surface) -> float:
    """The least loss in the window, by scipy."""

    def loss(points):
        return surface.value(points[0], points[1])

    return differential_evolution(
        loss, surface.window, seed=1, popsize=40, tol=1e-12, atol=1e-12, vectorized=True,
        updating="deferred", polish=True,
    ).fun  # fmt: skip


@pytest.mark.parametrize("target", [1e-3, 0.2])
@pytest.mark.parametrize("key", SURFACES)
def test_the_finish_says_the_loss_that_is_meant(key, target):
    surface = SURFACES[key]()
    told = captions.finish(surface, target)
    loss = float(re.match(r"loss ≤ (\S+)", told).group(1))
    least = least_found(surface)
    assert loss == pytest.approx(least + target, abs=0.1 * target)
    # A racer has finished exactly there.
    assert (f"({target} above the least)" in told) == (abs(least) > 1e-9)


@pytest.mark.parametrize("target", [0.0, 1e-12, 1e-9, 1.0, 78.0, 1e3, 1e6])
def test_any_finish_is_told_as_finely_as_it_asks_for(target):
    surface = SURFACES["styblinski_tang"]()
    told = captions.finish(surface, target)
    loss = float(re.match(r"loss ≤ (\S+)", told).group(1))
    assert loss == pytest.approx(surface.least + target, abs=max(0.1 * target, 1e-9))
    assert told.endswith("the least)")


def test_the_caption_prints_it():
    scene = first_scene("styblinski_tang")
    race = run_race(scene.race_spec())
    first = captions.settings(scene, race, 0)[0]
    assert "; finish at loss ≤ -78.3313 (0.001 above the least); places by" in first
    finished = [run for run in race.runs if run.finish_step is not None]
    assert finished
    for run in finished:
        assert run.loss[run.finish_step] <= -78.3313 < run.loss[run.finish_step - 1]


@pytest.mark.parametrize(
    ("key", "label", "loss"),
    [
        ("beale", "Finish at loss ≤", "loss ≤ 0.001."),
        ("styblinski_tang", "Finish at loss ≤ least +", "-78.3313 (0.001 above the least)"),
        ("line", "Finish at loss ≤ least +", "(0.001 above the least)"),
    ],
)
def test_the_panel_says_it_beside_the_field_and_in_its_tip(qtbot, key, label, loss):
    panel = RacersPanel()
    qtbot.addWidget(panel)
    scene = first_scene(key)
    panel.show_scene(scene)
    panel.show_race(run_race(scene.race_spec()))
    shown = panel.findChild(QLabel, "race_target.label")
    field = panel.findChild(QWidget, "race_target")
    assert shown.text() == label
    assert loss in shown.toolTip()
    assert shown.toolTip() == field.toolTip()
    panel.show_scene(edits.set_target(scene, 0.25))
    assert "0.25" in field.toolTip()


def test_the_panel_searches_for_no_least_loss(qtbot, monkeypatch):
    """Of data that takes a while: it is known once the race is there."""
    panel = RacersPanel()
    qtbot.addWidget(panel)
    monkeypatch.setattr(type(SURFACES["line"]()), "least", property(lambda _: 1 / 0))
    panel.show_scene(first_scene("line"))
    tip = panel.findChild(QWidget, "race_target").toolTip()
    assert "this close to the least in the window." in tip


def test_the_scale_bar_says_what_its_numbers_are(qapp, monkeypatch):
    written = []
    draw = HaloText.draw
    monkeypatch.setattr(
        HaloText,
        "draw",
        lambda self, painter, text, *rest: (written.append(text), draw(self, painter, text, *rest)),
    )
    view = ContourView()
    view.resize(700, 600)
    view.show_scene(first_scene("styblinski_tang"))
    bar = view.stage.scale_bar
    bar.show_ticks(((0.2, "10⁻²"), (0.8, "10²")))
    view.grab()
    assert "loss above its least" in written
    assert QRectF(view.rect()).contains(bar.room)
    assert bar.room.contains(bar.bar)


@pytest.mark.parametrize("width", [420, 560, 640, 720, 1000])
def test_the_scale_bar_stands_clear_of_the_formula(qapp, width):
    view = ContourView()
    view.resize(width, 600)
    scene = first_scene("flat_and_sharp")
    view.show_scene(scene)
    view.stage.scale_bar.show_ticks(((0.2, "10⁻²"), (0.8, "10²")))
    size = Look().font(1.3).pointSizeF()
    view.show_formula(formula_pixmap(scene.surface.formula, "#ffffff", size))
    assert view.stage.scale_bar.room.isValid()
    assert view.stage.formula.room.isValid()
    assert not view.stage.scale_bar.room.intersects(view.stage.formula.room)


# One way to write an exponent


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (2040.0, 3, "2040"),
        (41.23, 3, "41.2"),
        (99_999.7, 3, "1e5"),
        (1e-8, 3, "1e-8"),
        (0.0123, 3, "0.0123"),
        (-1.25e-7, 3, "-1.25e-7"),
        (-0.0, 3, "0"),
        (float("inf"), 3, "∞"),
        (float("-inf"), 3, "-∞"),
        (float("nan"), 3, "–"),
        (123456.0, 6, "123456"),
        (1234567.0, 6, "1.23457e6"),
    ],
)
def test_a_number_in_a_sentence(value, digits, text):
    assert rounded(value, digits) == text


@pytest.mark.parametrize(
    ("value", "apart", "text"),
    [
        (-78.33133, 1e-3, "-78.3313"),
        (-78.13233, 0.2, "-78.13"),
        (0.0, 1e-3, "0"),
        (1e-3, 1e-3, "0.001"),
        (12345.678, 1e6, "12346"),
    ],
)
def test_a_number_as_finely_as_it_is_needed(value, apart, text):
    assert near(value, apart) == text


def test_the_readout_writes_exponents_as_losses_are_written():
    surface = SURFACES["rosenbrock"]()
    told = " ".join(captions.readout(surface, 3.0, -3.0))
    gradient = float(np.hypot(*surface.gradient(3.0, -3.0)))
    assert 1.4e4 < gradient < 1.5e4
    assert f"gradient norm {gradient:.0f}; curvatures " in told
    assert f"loss {format_loss(surface.value(3.0, -3.0))}" in told
    bound = captions.bound(1e-9, Bound(2.5e-10))
    assert bound == "ε 1e-9, above the local bound 2.5e-10"


def texts():
    surface = SURFACES["rosenbrock"](b=1e4)
    yield from captions.readout(surface, 4e3, -2e-5)
    yield captions.bound(1e-7, Bound(3e-8))
    yield captions.finish(surface, 1e-9)
    yield in_words(edits.move_start(first_scene("beale"), 1e5, -2e-7), "Contour", "Keys.")
    for kind in SCHEDULES.values():
        yield kind().remark(1e-5) or kind.key
        yield kind(warmup=5.0).remark(1e-5) or kind.key
    yield cli.listing()


def test_no_exponent_is_padded_or_signed():
    padded = re.compile(r"(?<![0-9a-f])[\d.]+e([+]|-?0)\d")
    assert [text for text in texts() if padded.search(text)] == []


#: Where numbers are written, or told to be so by tests of their own.
_WRITERS = {"digits.py", "numbers.py"}


def test_nothing_else_writes_a_number_its_own_way():
    found = []
    root = Path(optiviz.__file__).parent
    for file in root.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        # What is made a number again is rounded, not written.
        plain = re.sub(r'float\(f"\{[^}]*\}"\)', "", text)
        if file.name not in _WRITERS:
            found += [(file.name, each) for each in re.findall(r"\{[^{}\"]*:[.\d]*[geGE]\}", plain)]
    assert not found
