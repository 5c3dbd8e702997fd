"""Scene files of older versions: each opens to the scene that it meant, and is saved as one of now.

Those in ``scenes_v1`` were written by the program of that time, and are never written again.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from optiviz import resources
from optiviz.engine import GRADIENTS, OPTIMIZERS, SCHEDULES, SURFACES, Clip, datasets
from optiviz.scene import Camera, Racer, Scene, Viewpoint
from optiviz.scene.file import SceneFileError, dumps, loads, read
from optiviz.scene.upgrades import STEPS, VERSION, upgraded

FILES = Path(__file__).with_name("scenes_v1")


def rule(key, **knobs):
    return OPTIMIZERS[key](**knobs)


def batches(batch_size, replacement=False, spread=1.0):
    return GRADIENTS["mini_batch"](batch_size, replacement, 200, spread)


def constant():
    return SCHEDULES["constant"]()


def rare_feature():
    rates = {"sgd": ("SGD", 0.5), "adagrad": ("AdaGrad", 2.0), "rmsprop": ("RMSProp", 0.2)}
    rates["adam"] = ("Adam", 0.2)
    racers = [
        Racer(rule(key, lr=lr), name, place, True, constant(), batches(8))
        for place, (key, (name, lr)) in enumerate(rates.items())
    ]
    surface = SURFACES["rare_feature"](feature="hour", output="delay", rare="rain")
    return Scene(surface, (6.5, -1.4), tuple(racers), 300, 3, 8, 0.02)


def full_batch():
    surface = SURFACES["logistic"](feature="body mass", output="species")
    racers = (
        Racer(rule("sgd", lr=2.0), "Full batch", 0),
        Racer(rule("sgd", lr=2.0), "Batches of 4", 1, True, constant(), batches(4, spread=0.05)),
    )
    return Scene(surface, (-3.8, -2.5), racers, 200, 2, 1)


def noise_floor():
    surface = SURFACES["line"](feature="petal length", output="petal width", standardize=True)
    gradient = batches(2, True, 0.5)
    racers = (
        Racer(rule("sgd", lr=0.3), "Constant ε", 0, True, constant(), gradient),
        Racer(rule("sgd", lr=0.3), "ε that decays", 1, True, SCHEDULES["cosine"](), gradient),
    )
    return Scene(surface, (1.3, 1.0), racers, 400, 4, 1)


def every_field():
    """Every field of a scene, and every schedule and gradient that there was, on a formula."""
    full, gaussian = GRADIENTS["full"](), GRADIENTS["gaussian"](sigma=0.125)
    schedules = {
        "wsd": {"decay_share": 0.25, "end": 0.05, "shape": "1-sqrt", "warmup": 2.0},
        "one_cycle": {"pct_start": 0.4, "div_factor": 10.0, "anneal_strategy": "linear"},
        "milestones": {"milestones": "10, 35.5, 60", "gamma": 0.2},
        "drawn": {"knots": "0:1, 12.5:0.3, 90:0.01", "warmup": 1.5},
        "cosine_restarts": {"period": 12.0, "multiplier": 3, "end": 0.1},
        "cyclical": {"base": 0.2, "period": 8.0, "mode": "triangular2"},
        "polynomial": {"power": 2.5, "end": 0.01},
        "inverse_sqrt": {"timescale": 4.0},
    }
    shapes = [SCHEDULES[key](**knobs) for key, knobs in schedules.items()]
    clips = (Clip("norm", 2.5), None, Clip("value", 0.75), None, None, None, None, None)
    gradients = (full, batches(16, True, 0.5), gaussian, full, full, batches(3), gaussian, full)
    rules = (
        rule("adamw", lr=0.1 + 0.2, beta1=0.85, beta2=0.99, delta=1e-9, weight_decay=0.03),
        rule("nesterov", lr=0.003, beta=0.95, form="pytorch", weight_decay=1e-3),
        rule("adam", bias_correction=False),
        rule("lion", lr=1e-4),
        rule("nadam", momentum_decay=0.01),
        rule("adadelta"),
        rule("radam"),
        rule("sgd", lr=1e-3),
    )
    racers = tuple(
        Racer(rules[i], f"Läufer {i} “{i}”", 7 - i, i != 4, shapes[i], gradients[i], clips[i])
        for i in range(8)
    )
    return Scene(
        SURFACES["rosenbrock"](b=20.0),
        (-1.2345678901234567, 1e-7),
        racers,
        12_345,
        37,
        2**32 - 1,
        1e-12,
        True,
        True,
        3,
        Camera(-2.5, 1.0 / 3.0, -1e3, 3.0),
        Viewpoint(-123.4, 56.7, 3.21, 0.1, -0.2, 0.3),
    )


def own_table():
    """A data set of the user's own."""
    values = np.arange(24.0).reshape(2, 12) * 7 % 12 / 7 - 1 / 3
    values[1, 3] = np.nan
    kind = datasets.Column("kind", np.arange(12.0) % 2, "", ("weiß", 'a "b", c'))
    numbers = [
        datasets.Column("length, whole", values[0], "mm"),
        datasets.Column("Größe", values[1]),
    ]
    return datasets.make("Mein Heft", "My table", [*numbers, kind], ["One is missing.", "Ünits"])


def own_data():
    """A scene that carries its data."""
    surface = SURFACES["logistic"](datasets.keep(own_table()), "length, whole", "kind", 7, 0.25)
    clip = Clip("value", 1.0)
    racers = (
        Racer(rule("momentum", lr=0.05), "Momentum", 5, True, constant(), batches(4), clip),
        Racer(rule("sgd", lr=0.5), "SGD", 2, False, SCHEDULES["step"](warmup=1.0)),
    )
    seen = Viewpoint(0.0, 90.0, 2.0, 0.0, 0.0, 0.0)
    return Scene(surface, (0.5, -0.5), racers, 250, 5, 3, 0.01, True, viewpoint=seen)


MEANT = {
    "AdaGrad and a rare feature": rare_feature,
    "SGD against full batch": full_batch,
    "The noise floor": noise_floor,
    "Every field": every_field,
    "Own data": own_data,
}


@pytest.fixture(autouse=True)
def shelf(monkeypatch):
    """An empty shelf, as another machine has it; call it for one more."""

    def empty():
        monkeypatch.setattr(datasets, "_shelf", datasets._Shelf())

    empty()
    return empty


def tree_of(name):
    return json.loads((FILES / f"{name}.optiviz").read_text(encoding="utf-8"))


def test_every_file_is_meant():
    assert sorted(path.stem for path in FILES.iterdir()) == sorted(MEANT)
    assert {tree_of(name)["optiviz"] for name in MEANT} == {1}


@pytest.mark.parametrize("name", MEANT)
def test_an_old_file_opens_to_the_scene_that_it_meant(name, shelf):
    opened = read(FILES / f"{name}.optiviz")
    assert opened == MEANT[name]()
    text = dumps(opened)
    assert json.loads(text)["optiviz"] == VERSION
    shelf()
    assert loads(text) == opened
    assert dumps(loads(text)) == text


def test_the_data_that_an_old_file_carries_are_those_it_meant():
    found, meant = datasets.find(read(FILES / "Own data.optiviz").surface.data), own_table()
    for ours, theirs in zip(meant.columns, found.columns, strict=True):
        assert (ours.name, ours.unit, ours.labels) == (theirs.name, theirs.unit, theirs.labels)
        assert ours.values.tobytes() == theirs.values.tobytes()
    assert (found.title, found.notes) == (meant.title, meant.notes)


def test_every_field_of_that_time_is_in_a_file():
    told = tree_of("Every field")
    assert None not in told.values()
    racers = told["racers"]
    assert {racer["slope"]["key"] for racer in racers} == {"exact", "mini_batch", "gaussian"}
    assert {racer["clip"]["kind"] for racer in racers if racer["clip"]} == {"norm", "value"}
    assert {racer["enabled"] for racer in racers} == {True, False}
    assert "data" in tree_of("Own data")


@pytest.mark.parametrize("path", sorted(resources.path("scenes").iterdir()), ids=lambda p: p.stem)
def test_shipped_scenes_are_of_the_newest_version(path):
    assert path.read_text(encoding="utf-8") == dumps(read(path))


@pytest.mark.parametrize("name", MEANT)
def test_a_step_changes_nothing_that_it_is_given(name):
    tree, before = tree_of(name), tree_of(name)
    made = upgraded(tree)
    assert tree == before
    assert made["optiviz"] == VERSION == 1 + len(STEPS)
    assert upgraded(made) == made


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d["racers"][1]["slope"].update(sigma=1), "$.racers[1].gradient"),
        (lambda d: d["racers"][1]["slope"].update(batch_size=0), "$.racers[1].gradient.batch_size"),
        (lambda d: d["racers"][1].update(look=9), "$.racers[1].style"),
        (lambda d: d["racers"][1].update(slope=3), "$.racers[1].gradient"),
        (lambda d: d["racers"][1].update(slope={"key": []}), "$.racers[1].gradient.key"),
        (lambda d: d["racers"][1].update(gradient={"key": "full"}), "`slope` - at `$.racers[1]`"),
        (lambda d: d["racers"][1].update(style=3), "`look` - at `$.racers[1]`"),
        (lambda d: d["racers"].append("nobody"), "$.racers[4]"),
        (lambda d: d.update(racers={"slope": 1}), "$.racers"),
        (lambda d: d.update(racers=None), "$.racers"),
        (lambda d: d.update(surface=None), "$.surface"),
        (lambda d: d.update(steps=None), "$.steps"),
        (lambda d: d.update(viewpoint=None), "$.viewpoint"),
        (lambda d: d.update(code="import os"), "code"),
    ],
)
def test_what_is_wrong_with_an_old_file_is_told_with_its_place(change, place):
    tree = tree_of("AdaGrad and a rare feature")
    change(tree)
    with pytest.raises(SceneFileError) as told:
        loads(json.dumps(tree))
    assert place in str(told.value)


def test_names_of_today_may_stand_in_an_old_file():
    """As programs between the versions wrote them."""
    tree = tree_of("SGD against full batch")
    for racer in tree["racers"]:
        racer["style"], racer["gradient"] = racer.pop("look"), racer.pop("slope")
    assert loads(json.dumps(tree)) == full_batch()


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"lenses": [{}]},
        {"racers": "elsewhere"},
        {"racers": {"by name": {}}, "surface": None, "data": 3},
        {"start": {"x": 1, "y": 2}, "steps": None},
    ],
)
def test_a_newer_file_is_told_by_its_number_whatever_else_it_holds(more):
    number = VERSION + 1
    tree = {**json.loads(dumps(full_batch())), **more, "optiviz": number}
    with pytest.raises(SceneFileError) as told:
        loads(json.dumps(tree))
    assert str(told.value) == (
        f"It was made by a newer OptiViz (format {number}; this one reads up to {VERSION})."
    )
