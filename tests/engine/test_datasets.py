"""Data sets: named by what they hold, found by their names, and real."""

import csv
import hashlib
import re
import struct
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, stats

from optiviz import resources
from optiviz.engine import datasets
from optiviz.engine.datasets import Column, UnknownData, find, keep, make

ROOT = Path(__file__).resolve().parents[2]
NAMES = (datasets.PENGUINS, datasets.IRIS, datasets.SEA, datasets.FLIGHTS)


def column(values, name="x", **about):
    return Column(name, np.array(values, dtype=float), **about)


# What comes with the program


@pytest.mark.parametrize("name", NAMES)
def test_a_bundled_name_holds_the_hash_of_its_file(name):
    """Where this fails after a file was changed, the name told is the one to write down."""
    found = find(name)
    made = make(name.partition("-")[0], found.title, found.columns)
    assert made.name == name
    assert datasets.is_bundled(name)
    assert find(name) is found


def test_the_hash_is_what_the_docstring_says():
    made = make("a", "A", [column([1.5, np.nan, -0.0]), column([0, 1, 0], "y", labels=("n", "y"))])
    raw = b""
    for name, labels, values in (("x", ("", ""), (1.5, np.nan, 0.0)), ("y", ("n", "y"), (0, 1, 0))):
        for text in (name, *labels):
            raw += struct.pack("<I", len(text)) + text.encode()
        raw += struct.pack("<I3d", 3, *values)
    assert made.name == "a-" + hashlib.sha256(raw).hexdigest()[:12]


@pytest.mark.parametrize("name", NAMES)
def test_bundled_numbers_are_those_of_the_file(name):
    found = find(name)
    with resources.path("datasets", f"{name.partition('-')[0]}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert found.rows == len(rows)
    for one in found.columns:
        head = f"{one.name} [{one.unit}]" if one.unit else one.name
        texts = [row[head] for row in rows]
        if one.labels:
            assert [one.labels[int(value)] for value in one.values] == texts
        else:
            np.testing.assert_array_equal(one.values, [float(text) for text in texts])


@pytest.mark.parametrize("found", datasets.bundled(), ids=lambda found: found.name)
def test_bundled_sets_are_whole_small_and_free(found):
    assert 50 <= found.rows <= 400
    assert found.source
    assert found.licence
    assert not any(one.missing for one in found.columns)
    told = resources.text("datasets", "README.md")
    assert f"{found.name.partition('-')[0]}.csv | {found.rows} |" in told
    assert found.licence in told


def test_every_file_is_a_data_set():
    files = {path.stem for path in resources.path("datasets").glob("*.csv")}
    assert files == {name.partition("-")[0] for name in NAMES}


def test_penguins_are_the_published_ones():
    """Means of Horst, Hill and Gorman (2020) over the birds that are complete."""
    birds = find(datasets.PENGUINS)
    assert birds.rows == 333
    assert birds.column("sex").labels == ("female", "male")
    assert int(birds.column("sex").values.sum()) == 168
    assert int(birds.column("species").values.sum()) == 119
    assert birds.column("bill length").values.mean() == pytest.approx(43.9928, abs=1e-4)
    assert birds.column("flipper length").values.mean() == pytest.approx(200.967, abs=1e-3)
    assert birds.column("body mass").values.mean() == pytest.approx(4.20706, abs=1e-5)
    np.testing.assert_allclose(
        birds.column("flipper from 206 mm").values,
        (birds.column("flipper length").values - 206) / 10,
    )
    np.testing.assert_array_equal(
        birds.column("Gentoo or not").values, 2 * birds.column("species").values - 1
    )


def test_irises_are_fishers():
    """Means and deviations as Fisher's table gives them, and a bad but drawable line."""
    flowers = find(datasets.IRIS)
    for name, mean, spread in (
        ("sepal length", 5.8433, 0.8281),
        ("sepal width", 3.0573, 0.4359),
        ("petal length", 3.7580, 1.7653),
        ("petal width", 1.1993, 0.7622),
    ):
        values = flowers.column(name).values
        assert values.mean() == pytest.approx(mean, abs=1e-4)
        assert values.std(ddof=1) == pytest.approx(spread, abs=1e-4)
    inputs = np.column_stack([flowers.column("petal length").values, np.ones(150)])
    assert 50 < np.linalg.cond(inputs.T @ inputs) < 200


def test_a_sine_of_amplitude_1_fits_the_sea():
    sea = find(datasets.SEA)
    t, y = sea.column("time").values, sea.column("swing").values
    assert t.mean() == pytest.approx(0, abs=1e-12)
    fit, _ = optimize.curve_fit(lambda t, a, b, w: a * np.sin(w * t + b), t, y, (1, 3, 6.3))
    assert fit[0] == pytest.approx(1, abs=0.05)
    assert fit[2] == pytest.approx(2 * np.pi, rel=0.02)
    assert np.corrcoef(np.sin(fit[2] * t + fit[1]), y)[0, 1] > 0.95
    np.testing.assert_allclose(y, (sea.column("temperature").values - 22.869) / 2.8, atol=6e-5)


def test_rain_is_rare_and_strong():
    late = find(datasets.FLIGHTS)
    time, rain = late.column("time of day").values, late.column("rain").values
    delay = late.column("extra delay").values
    assert 0.03 <= rain.mean() <= 0.08
    inputs = np.column_stack([time, rain])
    weights = np.linalg.lstsq(inputs, delay)[0]
    assert weights[1] > 2 * weights[0] > 0
    assert stats.ttest_ind(delay[rain == 1], delay[rain == 0]).pvalue < 1e-6
    np.testing.assert_allclose(time, (late.column("hour").values - 13.5) / 5)


def test_tanh_has_something_to_saturate_on():
    birds = find(datasets.PENGUINS)
    x, y = birds.column("flipper from 206 mm").values, birds.column("Gentoo or not").values
    fit, _ = optimize.curve_fit(lambda x, a, b: b * np.tanh(a * x), x, y, (1, 1))
    assert fit == pytest.approx((2.88, 1.0), abs=0.02)


# Finding and keeping


def test_unknown_names_are_one_sentence():
    with pytest.raises(UnknownData) as told:
        find("birds-000000000000")
    assert (
        str(told.value)
        == "There is no data set 'birds-000000000000' here; open its file once more."
    )
    assert isinstance(told.value, KeyError)


def test_an_unknown_column_names_those_that_there_are():
    with pytest.raises(KeyError, match=r"no column 'colour'.*petal length, petal width, species"):
        find(datasets.IRIS).column("colour")


def test_the_same_content_has_the_same_name():
    one = make("My file (1)", "Mine", [column([1, 2])], ["A note."])
    other = make("my_file 1", "Other", [column([1, 2], unit="kg")])
    assert one.name == other.name
    assert re.fullmatch(r"my-file-1-[0-9a-f]{12}", one.name)
    different = [
        [column([1, 2.0000000000000004])],
        [column([1, 2], "X")],
        [column([1, np.nan])],
        [column([0, 1], labels=("a", "b"))],
        [column([1, 2]), column([1, 2], "y")],
    ]
    names = {make("my file 1", "", columns).name for columns in different}
    assert len(names | {one.name}) == 6


def test_a_kept_set_is_found_and_the_first_stays():
    first = make("kept", "First", [column([3, 1, 4])])
    again = make("kept", "Again", [column([3, 1, 4])])
    assert keep(first) == keep(again) == first.name
    assert find(first.name) is first
    assert first in datasets.kept()
    assert again not in datasets.kept()
    assert not datasets.is_bundled(first.name)


def test_a_bundled_set_is_not_kept_twice():
    found = find(datasets.SEA)
    assert keep(make("sea", "", found.columns)) == datasets.SEA
    assert find(datasets.SEA) is found


def test_threads_may_keep_and_find_at_once():
    sets = [make("thread", "", [column([i, i + 1.0])]) for i in range(200)]
    faults = []

    def work():
        try:
            for one in sets:
                assert find(keep(one)).name == one.name
                assert find(datasets.PENGUINS).rows == 333
                datasets.kept()
        except Exception as fault:  # noqa: BLE001 - told below, on the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults


def test_values_are_copied_and_closed():
    values = np.array([1.0, 2.0])
    made = make("a", "", [Column("x", values)])
    values[0] = 9
    assert made.column("x").values[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        made.columns[0].values[0] = 5


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ([], "1 to 64 columns, not 0"),
        ([column([1], f"x{i}") for i in range(65)], "1 to 64 columns, not 65"),
        ([column([1]), column([2])], "Two columns are called 'x'"),
        ([column([1]), column([2, 3], "y")], "differ in length"),
        ([column([])], "1 to 2000 values"),
        ([column([0] * 2001)], "1 to 2000 values"),
        ([column([[1, 2]])], "1 to 2000 values"),
        ([column([1e101])], "beyond 1e100"),
        ([column([np.inf])], "beyond 1e100"),
        ([column([1], "")], "1 to 200 letters"),
        ([column([1], "a\nb")], "1 to 200 letters"),
        ([column([1], "x" * 201)], "1 to 200 letters"),
        ([column([1], unit="a\tb")], "unit of 'x'"),
        ([column([0, 2], labels=("a", "b"))], "its values are 0 and 1"),
        ([column([0, 1], labels=("a", "a"))], "are the same"),
        ([column([0, 1], labels=("a", ""))], "A label is one line"),
    ],
)
def test_what_is_no_data_set_is_one_sentence(columns, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        make("a", "A", columns)


@pytest.mark.parametrize(
    ("head", "name", "unit"),
    [
        ("body mass [kg]", "body mass", "kg"),
        (" x ", "x", ""),
        ("x[0]", "x[0]", ""),
        ("[kg]", "[kg]", ""),
        ("a [b] [c d]", "a [b]", "c d"),
        ("", "", ""),
    ],
)
def test_units_stand_in_brackets(head, name, unit):
    assert datasets.name_and_unit(head) == (name, unit)


def test_a_start_reads_no_data():
    """The program starts without them; the first surface of examples pays."""
    code = (
        "import sys, optiviz.engine.datasets as d\nassert not d._shelf.bundled, d._shelf.bundled\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
