"""Surfaces made of data: against torch and scipy, and what happens to a user's odd table."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from optiviz.engine import SURFACES, PartError, datasets
from optiviz.engine.datasets import Column
from optiviz.engine.kernels import kernel_of
from optiviz.engine.surfaces import DataSurface
from optiviz.engine.surfaces.data.examples import split
from optiviz.engine.surfaces.search import critical_points, descend
from tests.engine.surface_cases import ALL, DATA, name, points
from tests.reference.models import torch_loss

Array = np.ndarray
CLOSE = 1e-10

every_data_surface = pytest.mark.parametrize(
    "surface", [it for it in ALL if isinstance(it, DataSurface)], ids=name
)
every_data_default = pytest.mark.parametrize("surface", [part() for part in DATA], ids=name)


def table(stem: str = "made", **columns: Any) -> str:
    """Keep a data set of these columns; two-valued ones may come with labels."""
    made = [
        Column(key, np.asarray(values[0] if isinstance(values, tuple) else values, dtype=float),
               labels=values[1] if isinstance(values, tuple) else None)
        for key, values in columns.items()
    ]  # fmt: skip
    return datasets.keep(datasets.make(stem, stem.title(), made))


@every_data_surface
def test_loss_gradient_and_hessian_are_torchs(surface: DataSurface) -> None:
    torch = pytest.importorskip("torch")
    *inputs, target = torch.tensor(surface.examples.T.copy(), dtype=torch.float64)

    def loss(theta: Any) -> Any:
        return torch_loss(surface.key, theta[0], theta[1], inputs, target)

    for x, y in points(surface, 12).tolist():
        at = torch.tensor([x, y], dtype=torch.float64)
        exact = [
            loss(at).item(),
            torch.autograd.functional.jacobian(loss, at).numpy(),
            torch.autograd.functional.hessian(loss, at).numpy(),
        ]
        ours = [surface.value(x, y), surface.gradient(x, y), surface.hessian(x, y)]
        for one, other in zip(ours, exact, strict=True):
            scale = max(1.0, float(np.abs(other).max()))
            assert np.abs(one - other).max() <= CLOSE * scale


@every_data_surface
def test_the_loss_is_the_mean_over_its_examples(surface: DataSurface) -> None:
    kernel = kernel_of(surface)
    rows = surface.example_rows
    assert len(rows) == len(surface.examples) >= 2
    from optiviz.engine.rebound import plain

    for x, y in points(surface, 4).tolist():
        losses, gradients = [], []
        for row in rows:
            g = [0.0, 0.0]
            losses.append(plain(kernel)(x, y, (), [row], g))
            gradients.append(g)
        assert surface.value(x, y) == pytest.approx(np.mean(losses), rel=1e-12)
        each = surface.example_gradients(x, y)
        assert each.shape == (len(rows), 2)
        scale = max(1.0, float(np.abs(each).max()))
        assert np.abs(each - gradients).max() <= 1e-13 * scale
        assert np.abs(each.mean(axis=0) - surface.gradient(x, y)).max() <= 1e-13 * scale


@every_data_surface
def test_no_better_place_is_in_the_window(surface: DataSurface) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    (x0, x1), (y0, y1) = surface.window
    starts = [(x, y) for x in np.linspace(x0, x1, 4) for y in np.linspace(y0, y1, 4)]
    best = min(
        (
            optimize.minimize(
                lambda theta: surface.value(float(theta[0]), float(theta[1])),
                start,
                jac=lambda theta: surface.gradient(float(theta[0]), float(theta[1])),
                method="L-BFGS-B",
                bounds=surface.window,
                options={"ftol": 1e-15, "gtol": 1e-11},
            )
            for start in starts
        ),
        key=lambda found: found.fun,
    )
    assert surface.least == pytest.approx(best.fun, rel=1e-9, abs=1e-12)
    assert surface.value(*surface.minima[0]) == pytest.approx(surface.least, rel=1e-12)


@pytest.mark.parametrize("key", ["line", "rare_feature"])
@pytest.mark.parametrize("seed", [0, 5])
def test_least_squares_are_those_of_numpy(key: str, seed: int) -> None:
    surface = SURFACES[key](split=seed)
    assert surface.quadratic
    for examples, found in (
        (surface.examples, surface.minima[0]),
        (surface.test_examples, surface.test_minimum),
    ):
        inputs = examples[:, :-1]
        if key == "line":
            inputs = np.column_stack([inputs, np.ones(len(inputs))])
        exact = np.linalg.lstsq(inputs, examples[:, -1], rcond=None)[0]
        assert found == pytest.approx(exact, rel=1e-10)


def test_a_standardized_line_is_a_round_bowl_with_the_correlation_at_the_bottom() -> None:
    raw, standard = SURFACES["line"](), SURFACES["line"](standardize=True)
    assert np.linalg.cond(raw.hessian(0.0, 0.0)) == pytest.approx(119.6, abs=0.1)
    assert np.abs(standard.hessian(0.0, 0.0) - np.eye(2)).max() < 1e-14
    correlation = np.corrcoef(raw.examples.T)[0, 1]
    assert standard.minima[0] == pytest.approx((correlation, 0.0), abs=1e-14)


def test_the_two_weights_mirror_each_other() -> None:
    surface = SURFACES["two_weights"]()
    one, other = surface.minima
    assert one == pytest.approx((-other[0], -other[1]), rel=1e-12)
    assert surface.saddles == ((0.0, 0.0),)
    # There the Hessian is that of the linear network: −mean(x y) off its diagonal.
    x, y = surface.examples.T
    cross = -float((x * y).mean())
    expected = np.array([[0.0, cross], [cross, 0.0]])
    assert np.abs(surface.hessian(0.0, 0.0) - expected).max() < 1e-14


def test_the_sine_has_minima_of_many_kinds() -> None:
    surface = SURFACES["sine"]()
    sharpness = [np.linalg.eigvalsh(surface.hessian(*at))[1] for at in surface.minima]
    assert len(sharpness) >= 8
    assert max(sharpness) > 5.0 * min(sharpness)
    frequencies = [x for x, _ in surface.minima if abs(x - 2.0 * np.pi) < 0.1]
    assert len(frequencies) == 2, "the year, on both sides of its ridge"


def test_far_out_a_surely_wrong_classifier_pays_in_proportion() -> None:
    surface = SURFACES["logistic"]()
    x, y = surface.examples.T
    wrong = np.maximum(-1e6 * x, 0.0) + 1e6 * x * y
    assert surface.value(-1e6, 0.0) == pytest.approx(wrong.mean(), rel=1e-12)
    assert np.isfinite(surface.value(-1e100, 0.0))
    assert np.isfinite(surface.gradient(-1e100, 1e99)).all()


@every_data_default
def test_what_the_model_says_is_what_the_loss_is_made_of(surface: DataSurface) -> None:
    x, y = surface.start
    inputs, target = surface.examples[:, :-1], surface.examples[:, -1]
    output = surface.predict(x, y, inputs if inputs.shape[1] > 1 else inputs[:, 0])
    assert output.shape == target.shape
    if surface.key == "logistic":
        loss = -np.mean(target * np.log(output) + (1 - target) * np.log1p(-output))
    else:
        loss = 0.5 * np.mean((output - target) ** 2)
    assert surface.value(x, y) == pytest.approx(loss, rel=1e-9)


@every_data_default
def test_a_grid_of_points_takes_no_more_room_than_the_points(surface: DataSurface) -> None:
    import tracemalloc

    x, y = np.meshgrid(np.linspace(-1.0, 1.0, 300), np.linspace(-1.0, 1.0, 300))
    surface.value(0.1, 0.2)
    tracemalloc.start()
    surface.value(x, y)
    surface.hessian(x[:60], y[:60])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 40e6  # points × examples would take 168 MB a number and more


# The two parts


@pytest.mark.parametrize("count", [4, 5, 17, 150, 2000])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.5])
def test_a_split_parts_all_rows_in_two(count: int, share: float) -> None:
    train, test = split(count, 3, share)
    assert sorted([*train, *test]) == list(range(count))
    assert list(train) == sorted(train)
    assert list(test) == sorted(test)
    expected = 0 if share == 0.0 else min(max(round(share * count), 2), count - 2)
    assert len(test) == expected
    assert len(train) >= 2


def test_a_split_is_its_seeds() -> None:
    def tests(seed: int, share: float = 0.3) -> set[int]:
        return set(split(100, seed, share)[1].tolist())

    assert tests(1) == tests(1)
    assert tests(1) != tests(2)
    assert tests(1, 0.1) < tests(1, 0.3) < tests(1, 0.5)
    # These numbers hold on every machine and for every version of numpy.
    assert split(10, 0, 0.3)[1].tolist() == [2, 4, 8]
    # Every row is as likely to be in the test part as another.
    hits = np.bincount(np.concatenate([split(40, seed, 0.25)[1] for seed in range(2000)]))
    assert abs(hits - 500).max() < 5 * np.sqrt(500 * 0.75)


@every_data_default
def test_the_train_part_alone_decides_the_scale(surface: DataSurface) -> None:
    whole = surface.with_knob("test_share", 0.0)
    assert len(whole.examples) == len(surface.examples) + len(surface.test_examples)
    assert len(whole.test_examples) == 0
    assert whole.test_minimum is None
    with pytest.raises(ValueError, match="no test examples"):
        whole.test_value(0.0, 0.0)
    for part in (surface.examples, surface.test_examples):
        assert part.flags.c_contiguous
        assert not part.flags.writeable
        assert part.dtype == np.float64
    assert surface.examples is type(surface)().examples, "made once"
    inputs, column = surface.examples[:, 0], datasets.find(surface.data).column(surface.feature)
    if "standardized" in surface.input_label:
        assert inputs.mean() == pytest.approx(0.0, abs=1e-12)
        assert inputs.std() == pytest.approx(1.0)
    else:
        assert np.isin(inputs, column.values).all(), "as they are"


@every_data_default
def test_the_test_minimum_is_lowest_for_the_test_part(surface: DataSurface) -> None:
    place = surface.test_minimum
    assert place is not None
    assert place not in surface.minima
    lowest = surface.test_value(*place)
    assert isinstance(lowest, float)
    (x0, x1), (y0, y1) = surface.window
    grid = np.meshgrid(np.linspace(x0, x1, 80), np.linspace(y0, y1, 80))
    assert surface.test_value(*grid).min() >= lowest - 1e-12
    assert surface.test_value(*surface.minima[0]) >= lowest
    assert surface.value(*place) >= surface.least


def test_a_formula_has_no_examples() -> None:
    surface = SURFACES["beale"]()
    assert not surface.has_examples
    assert surface.examples.size == surface.test_examples.size == 0
    assert surface.test_minimum is None
    assert not surface.quadratic
    assert SURFACES["booth"].quadratic
    with pytest.raises(ValueError, match="no examples"):
        surface.example_gradients(0.0, 0.0)
    with pytest.raises(ValueError, match="no test examples"):
        surface.test_value(0.0, 0.0)


@pytest.mark.parametrize("key", SURFACES)
def test_quadratic_says_whether_the_hessian_is_the_same_everywhere(key: str) -> None:
    surface = SURFACES[key]()
    one, other = surface.hessian(0.7, -1.1), surface.hessian(-1.9, 2.3)
    assert surface.quadratic == bool(np.allclose(one, other, rtol=1e-9, atol=1e-12))


# What users bring

X = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])


@pytest.mark.parametrize(
    ("settings", "knob", "says"),
    [
        ({"data": "nothing-000000000000"}, "data", "no data set 'nothing-000000000000'"),
        ({"feature": "z"}, "feature", "has no column 'z'; its columns are: a, b, c, d, e, few"),
        ({"output": "z"}, "output", "has no column 'z'"),
        ({"feature": "c"}, "feature", "Every value of the column 'c' is the same"),
        ({"feature": "few"}, "data", "At least 4 rows must have a value .* 3 of 6 have"),
        ({"feature": "e"}, "standardize", "switch standardize on"),
        ({"output": "e"}, "standardize", "switch standardize on"),
        ({"feature": ""}, "feature", "must be one line"),
        ({"test_share": 0.6}, "test_share", "from 0 to 0.5"),
    ],
)
def test_a_bad_choice_is_told_in_a_sentence(settings: dict[str, Any], knob: str, says: str) -> None:
    few = np.where(X > 3.0, np.nan, X)
    data = table(a=X, b=X[::-1] ** 2, c=0 * X + 7, d=X > 3, e=X * 1e80, few=few)
    with pytest.raises(PartError, match=says) as told:
        SURFACES["line"](**{"data": data, "feature": "a", "output": "b", **settings})
    assert told.value.knob == knob
    assert str(told.value).endswith(".")


def test_a_classifier_wants_two_kinds() -> None:
    data = table(a=X, b=X**2, c=(X > 3, ("low", "high")), d=3 + 2.0 * (X > 2))
    with pytest.raises(PartError, match="two different values; 'b' has 6") as told:
        SURFACES["logistic"](data=data, feature="a", output="b", test_share=0.0)
    assert told.value.knob == "output"
    for kinds in "cd":  # two texts or any two numbers
        surface = SURFACES["logistic"](data=data, feature="a", output=kinds, test_share=0.0)
        assert set(surface.examples[:, 1]) == {0.0, 1.0}
        # One number parts them without a mistake: the loss falls for ever.
        assert surface.minima == ()
        assert np.isfinite(surface.least)


def test_a_split_can_leave_one_kind_alone() -> None:
    data = table(a=X, b=[0, 0, 0, 0, 0, 1])
    told = []
    for seed in range(20):
        try:
            SURFACES["logistic"](data=data, feature="a", output="b", split=seed, test_share=0.5)
        except PartError as error:
            told.append(error)
    assert 0 < len(told) < 20
    assert {error.knob for error in told} == {"split"}
    assert "In the train part every value of the column 'b' is the same" in str(told[0])


def test_features_that_go_together_cannot_be_told_apart() -> None:
    data = table(a=X, b=X**2, c=X - X.mean())
    with pytest.raises(PartError, match="rises and falls with 'a'") as told:
        SURFACES["rare_feature"](data=data, feature="a", rare="c", output="b", test_share=0.0)
    assert told.value.knob == "rare"


@pytest.mark.parametrize("key", [part.key for part in DATA])
@pytest.mark.parametrize("size", [1.0, 1e-150, 1e99, 12345.0])
def test_any_numbers_can_be_looked_at(key: str, size: float) -> None:
    rng = np.random.default_rng(4)
    count = 40
    x = rng.normal(size=count)
    columns = {
        "when": size * (5.0 + x),
        "rarely": size * (rng.uniform(size=count) < 0.2),
        "kind": (x + rng.normal(size=count) > 0.0, ("no", "yes")),
        "much": size * (np.tanh(x) + 0.3 * rng.normal(size=count)),
        "kinds": (x + rng.normal(size=count) > 0.3, ("a", "b")),
    }
    data = datasets.find(table(f"size {size:g}", **columns))
    surface = SURFACES[key].fitting(data)
    assert surface.data == data.name
    assert surface.output == ("kinds" if key == "logistic" else "much")
    assert surface.feature == "when"
    (x0, x1), (y0, y1) = surface.window
    assert x0 < surface.start[0] < x1
    assert y0 < surface.start[1] < y1
    assert 0.1 < (x1 - x0) / (y1 - y0) < 10.0, "axes are equal"
    assert np.isfinite(surface.value(*surface.start))
    assert surface.value(*surface.start) > surface.least
    assert surface.minima


def test_fitting_needs_fitting_columns() -> None:
    assert SURFACES["line"].columns_for("feature", datasets.find(table(a=X, b=0 * X))) == ("a",)
    alone = SURFACES["line"].fitting(datasets.find(table(a=X, b=0 * X)))
    assert (alone.feature, alone.output) == ("a", "a")
    with pytest.raises(PartError, match="no column of two different values"):
        SURFACES["logistic"].fitting(datasets.find(table(a=X)))
    with pytest.raises(PartError, match="no column of numbers that vary"):
        SURFACES["sine"].fitting(datasets.find(table(a=0 * X)))


def test_columns_are_chosen_as_a_person_would() -> None:
    size = len(X)
    people = {
        "id": range(size),
        "height": 150.0 + X**1.5,
        "weight": 40.0 + X**2,
        "sex": ([0, 1] * (size // 2), ("F", "M")),
        "left": [0, 1] * (size // 2),
    }
    data = datasets.find(table("people", **people))
    line = SURFACES["line"].fitting(data)
    assert (line.feature, line.output) == ("height", "weight")
    logistic = SURFACES["logistic"].fitting(data)
    assert (logistic.feature, logistic.output) == ("height", "sex")
    classes = {name: people[name] for name in ("sex", "left", "height")}
    number = SURFACES["line"].fitting(datasets.find(table("classes", **classes)))
    assert (number.feature, number.output) == ("left", "height")
    numbers = {name: people[name] for name in ("left", "height", "id")}
    alone = SURFACES["logistic"].fitting(datasets.find(table("alone", **numbers)))
    assert (alone.feature, alone.output) == ("height", "left")


def test_every_bundled_data_set_can_be_a_line() -> None:
    for data in datasets.bundled():
        surface = SURFACES["line"].fitting(data)
        assert surface.minima


def test_importing_the_engine_reads_no_data() -> None:
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) "
        "if event == 'open' else None)\n"
        "import optiviz.engine\n"
        "assert opened\n"
        "assert not [name for name in opened if name.endswith('.csv')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# The search itself


def test_the_search_finds_what_is_known() -> None:
    for key in ("himmelblau", "six_hump_camel", "flat_and_sharp"):
        surface = SURFACES[key]()

        def gradients(x: Any, y: Any, surface: Any = surface) -> Any:
            return tuple(surface.gradient(x, y))

        found = critical_points(
            surface.value, gradients, surface.second_derivatives, surface.window
        )
        for ours, listed in ((found.minima, surface.minima), (found.saddles, surface.saddles)):
            assert np.array(sorted(ours)) == pytest.approx(np.array(sorted(listed)), abs=1e-9)
        heights = [surface.value(*at) for at in found.minima]
        assert heights == pytest.approx(sorted(heights))


def test_a_descent_ends_at_the_bottom_or_says_that_there_is_none() -> None:
    bowl = SURFACES["quadratic"]()

    def gradients(x: Any, y: Any) -> Any:
        return tuple(bowl.gradient(x, y))

    found = descend(bowl.value, gradients, bowl.second_derivatives, (3.0, 1.0), 10.0)
    assert found == pytest.approx((0.0, 0.0), abs=1e-12)
    assert descend(bowl.value, gradients, bowl.second_derivatives, (30.0, 1.0), 10.0) is None
    flat = descend(
        lambda x, y: np.exp(-x) + y * y,
        lambda x, y: (-np.exp(-x), 2.0 * y),
        lambda x, y: (np.exp(-x), 0.0 * x, 2.0 + 0.0 * x),
        (0.0, 1.0),
        20.0,
    )
    assert flat is None


def test_a_gradient_that_never_vanishes_has_no_places() -> None:
    found = critical_points(
        lambda x, y: x + y * y,
        lambda x, y: (1.0 + 0.0 * x, 2.0 * y),
        lambda x, y: (0.0 * x, 0.0 * x, 2.0 + 0.0 * x),
        ((-1.0, 1.0), (-1.0, 1.0)),
    )
    assert found == ((), ())


def test_a_small_table_whose_few_odd_rows_are_needed_has_no_test_part() -> None:
    data = datasets.find(table(a=X, b=[0, 0, 1, 0, 0, 0], c=X**2))
    surface = SURFACES["line"].fitting(data)
    assert (surface.feature, surface.output) == ("a", "c")
    assert surface.test_share == 0.3
    rare = SURFACES["rare_feature"].fitting(data)
    assert (rare.feature, rare.rare, rare.output) == ("a", "b", "c")
    tests = split(6, 0, 0.3)[1]
    assert (rare.test_share == 0.0) == (2 in tests)
