"""Edits that bring data onto the stage."""

import numpy as np
import pytest

from optiviz.engine import SURFACES, PartError, datasets
from optiviz.engine.surfaces.data import DataSurface
from optiviz.scene import Camera, edits, first_scene
from optiviz.scene.data import can_use, choose_column, choose_data, show_data, surface_of

DATA_SURFACES = [key for key, kind in SURFACES.items() if issubclass(kind, DataSurface)]
_RANDOM = np.random.default_rng(4)
_KM = _RANDOM.uniform(0.0, 5000.0, 60)


def kept(stem, **columns):
    """Keep a data set; a column of texts has labels."""
    made = [
        datasets.Column(name, np.array([float(v == "b") for v in values]), "", ("a", "b"))
        if isinstance(values[0], str)
        else datasets.Column(name, np.array(values, dtype=float))
        for name, values in columns.items()
    ]
    return datasets.keep(datasets.make(stem, stem.title(), made))


RIDES = kept("rides", km=_KM, minutes=2.0 * _KM + 7.0, night=["a", "b"] * 30)
NUMBERS = kept("numbers", one=_KM, two=_KM**2)
FLAT = kept("flat", same=[3.0] * 9)


def changed_scene(key):
    """A data surface's scene in which everything is another than at first."""
    scene = edits.choose_gradient(first_scene(key), "mini_batch", 1)
    scene = edits.set_racer_knob(edits.set_steps(scene, 77), 0, "lr", 0.033)
    scene = edits.set_surface_knob(edits.set_seed(scene, 9), "split", 5)
    scene = edits.set_surface_knob(scene, "test_share", 0.25)
    return edits.set_camera(edits.move_start(scene, 0.5, 0.25), Camera(-9.0, 9.0, -8.0, 8.0))


@pytest.mark.parametrize("key", DATA_SURFACES)
def test_another_data_set_keeps_all_but_the_place(key):
    before = changed_scene(key)
    after = choose_data(before, RIDES)
    surface = after.surface
    assert surface.key == key
    assert surface.data == RIDES
    columns = [getattr(surface, knob) for knob in surface.columns]
    assert len(set(columns)) == len(columns)
    assert (surface.split, surface.test_share) == (5, 0.25)
    assert after.start == surface.start
    assert after.camera is None
    assert after.racers == before.racers
    assert (after.steps, after.seed, after.target) == (77, 9, before.target)


@pytest.mark.parametrize("key", DATA_SURFACES)
def test_its_own_data_set_comes_with_the_columns_it_had_at_first(key):
    away = choose_data(first_scene(key), RIDES)
    back = choose_data(away, SURFACES[key]().data)
    assert back.surface == SURFACES[key]()
    assert back.start == first_scene(key).start


@pytest.mark.parametrize("key", DATA_SURFACES)
@pytest.mark.parametrize("name", [RIDES, *(each.name for each in datasets.bundled())])
def test_whatever_can_be_used_can_be_shown_and_raced(key, name):
    kind = SURFACES[key]
    if can_use(kind, datasets.find(name)):
        scene = choose_data(first_scene(key), name)
        (x0, x1), (y0, y1) = scene.surface.window
        assert x0 < scene.start[0] < x1
        assert y0 < scene.start[1] < y1
        assert np.isfinite(scene.surface.value(*scene.start))
    else:
        with pytest.raises(PartError):
            choose_data(first_scene(key), name)


def test_a_classifier_needs_two_kinds():
    assert can_use(SURFACES["logistic"], datasets.find(RIDES))
    assert surface_of(SURFACES["logistic"], datasets.find(RIDES)).output == "night"
    assert not can_use(SURFACES["logistic"], datasets.find(NUMBERS))
    scene = first_scene("logistic")
    with pytest.raises(PartError, match="two different values"):
        choose_data(scene, NUMBERS)


def test_every_knob_needs_a_column_of_its_own():
    alone = kept("alone", one=_KM, same=[3.0] * len(_KM))
    assert not can_use(SURFACES["line"], datasets.find(alone))
    with pytest.raises(PartError, match=r"needs two columns .* Alone has only 'one'\."):
        show_data(first_scene("beale"), alone)
    assert not can_use(SURFACES["rare_feature"], datasets.find(NUMBERS))
    with pytest.raises(PartError, match=r"needs three columns .* only 'one' and 'two'\."):
        surface_of(SURFACES["rare_feature"], datasets.find(NUMBERS))


def test_another_column_moves_the_surface():
    scene = choose_data(changed_scene("line"), RIDES)
    scene = edits.set_camera(edits.move_start(scene, 3.0, 3.0), Camera(0.0, 1.0, 0.0, 1.0))
    after = choose_column(scene, "output", "km")
    assert after.surface.output == "km"
    assert (after.start, after.camera) == (after.surface.start, None)
    assert after.racers == scene.racers
    # What is chosen already moves nothing.
    moved = edits.move_start(after, 3.0, 3.0)
    assert choose_column(moved, "output", "km") == moved


@pytest.mark.parametrize(("knob", "column"), [("feature", "nothing"), ("output", "minutes")])
def test_a_column_that_cannot_be_used_is_refused(knob, column):
    scene = choose_data(first_scene("logistic"), RIDES)
    with pytest.raises(PartError) as refused:
        choose_column(scene, knob, column)
    assert refused.value.knob == knob
    assert str(refused.value).endswith(".")


def test_data_come_onto_any_stage():
    assert show_data(first_scene("two_weights"), NUMBERS).surface.key == "two_weights"
    from_formula = show_data(first_scene("beale"), NUMBERS)
    assert (from_formula.surface.key, from_formula.surface.data) == ("line", NUMBERS)
    assert from_formula.start == from_formula.surface.start
    # Its racers are tuned for the surface, as for any other that is chosen.
    assert from_formula.racers == edits.choose_surface(first_scene("beale"), "line").racers
    assert show_data(first_scene("logistic"), NUMBERS).surface.key == "line"


def test_two_classes_of_one_number_become_a_logistic_regression():
    doses = kept("doses", dose=_KM, died=["a", "b"] * 30)
    for key in ("beale", "line", "logistic"):
        surface = show_data(first_scene(key), doses).surface
        assert (surface.key, surface.feature, surface.output) == ("logistic", "dose", "died")
    # Where two numbers were measured, they are the line, whatever stands beside them.
    surface = show_data(first_scene("beale"), RIDES).surface
    assert (surface.key, surface.feature, surface.output) == ("line", "km", "minutes")


@pytest.mark.parametrize("edit", [choose_data, show_data])
def test_what_is_not_there_or_tells_nothing_is_refused(edit):
    scene = first_scene("line")
    with pytest.raises(PartError, match="no data set"):
        edit(scene, "gone-0123456789ab")
    with pytest.raises(PartError, match="numbers that vary"):
        edit(scene, FLAT)


def test_a_formula_has_no_data_to_choose():
    for edit, arguments in ((choose_data, (RIDES,)), (choose_column, ("feature", "km"))):
        with pytest.raises(PartError, match="is a formula"):
            edit(first_scene("beale"), *arguments)
