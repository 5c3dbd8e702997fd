"""The picture's data: heights, shade, contour lines and ticks."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optiviz.engine import (
    SURFACES,
    Cancelled,
    Field,
    FieldSpec,
    PartError,
    Surface,
    sample_field,
)
from optiviz.engine.field import BANDS, power_of_ten

every_surface = pytest.mark.parametrize("key", SURFACES)


def window(surface: Surface, columns: int = 81, rows: int = 61) -> FieldSpec:
    return FieldSpec(surface, *surface.window, columns=columns, rows=rows)


def at_last_bits(height: float) -> Any:
    # numpy's exp and cos on arrays may differ from math's in the last bit.
    return pytest.approx(height, rel=1e-13, abs=1e-13)


@every_surface
def test_heights_are_the_surfaces(key: str) -> None:
    surface = SURFACES[key]()
    spec = window(surface)
    field = sample_field(spec)
    assert field.spec == spec
    assert field.heights.shape == field.shade.shape == (61, 81)
    assert field.heights.dtype == np.float64
    assert field.shade.dtype == np.float32
    (x0, x1), (y0, y1) = surface.window
    # Row 0 is the lower edge, column 0 the left one, and both ends belong to the grid.
    for row, y in ((0, y0), (-1, y1)):
        for column, x in ((0, x0), (-1, x1)):
            assert field.heights[row, column] == at_last_bits(surface.value(x, y))
    x, y = np.linspace(x0, x1, 81), np.linspace(y0, y1, 61)
    for row, column in ((7, 3), (30, 40), (59, 77)):
        height = surface.value(float(x[column]), float(y[row]))
        assert field.heights[row, column] == at_last_bits(height)


@every_surface
def test_shade_rises_with_the_height(key: str) -> None:
    field = sample_field(window(SURFACES[key]()))
    shade, heights = field.shade.ravel(), field.heights.ravel()
    assert shade.min() >= 0.0
    assert shade.max() <= 1.0
    assert shade.max() - shade.min() > 0.3, "a picture of one grey"
    order = np.argsort(heights)
    assert (np.diff(shade[order]) >= 0.0).all()


def test_the_valley_floor_is_dark_and_the_heights_are_bright() -> None:
    surface = SURFACES["quadratic"]()
    field = sample_field(FieldSpec(surface, (-2.0, 2.0), (-2.0, 2.0), 401, 401))
    assert field.shade[200, 200] == 0.0  # the minimum lies on the grid
    assert field.shade[0, 400] > 0.9


def lines(field: Field) -> list[np.ndarray]:
    """The contour lines one by one, (n, 2) each."""
    ends = np.flatnonzero(field.lines_connect == 0) + 1
    points = np.column_stack([field.lines_x, field.lines_y])
    return [line for line in np.split(points, ends) if len(line)]


def interpolated(field: Field, points: np.ndarray) -> np.ndarray:
    """Shade at points that lie on the grid's edges, from the two ends of the edge."""
    rows, columns = field.shade.shape
    (x0, x1), (y0, y1) = field.spec.x_range, field.spec.y_range
    across = (points[:, 0] - x0) / (x1 - x0) * (columns - 1)
    up = (points[:, 1] - y0) / (y1 - y0) * (rows - 1)
    i = np.clip(np.floor(across).astype(int), 0, columns - 2)
    j = np.clip(np.floor(up).astype(int), 0, rows - 2)
    s, t = across - i, up - j
    z = field.shade.astype(float)
    low = (1 - s) * z[j, i] + s * z[j, i + 1]
    high = (1 - s) * z[j + 1, i] + s * z[j + 1, i + 1]
    return (1 - t) * low + t * high


@every_surface
def test_every_contour_line_lies_on_one_level(key: str) -> None:
    field = sample_field(window(SURFACES[key]()))
    levels = set()
    for line in lines(field):
        assert len(line) >= 2
        shade = interpolated(field, line)
        level = round(float(shade.mean()) * BANDS)
        assert 0 < level < BANDS
        assert np.abs(shade - level / BANDS).max() <= 1e-5
        levels.add(level)
    assert len(levels) >= 8, "hardly any lines"


@every_surface
def test_lines_stay_on_the_grid_and_are_joined_by_ones(key: str) -> None:
    field = sample_field(window(SURFACES[key]()))
    (x0, x1), (y0, y1) = field.spec.x_range, field.spec.y_range
    assert field.lines_x.shape == field.lines_y.shape == field.lines_connect.shape
    hair = 1e-12
    assert ((x0 - hair <= field.lines_x) & (field.lines_x <= x1 + hair)).all()
    assert ((y0 - hair <= field.lines_y) & (field.lines_y <= y1 + hair)).all()
    assert set(np.unique(field.lines_connect)) == {0, 1}
    assert field.lines_connect[-1] == 0
    # Joined points are neighbours: no line jumps across the picture.
    joined = field.lines_connect[:-1] == 1
    step = np.hypot(np.diff(field.lines_x), np.diff(field.lines_y))[joined]
    assert step.max() <= math.hypot((x1 - x0) / 80, (y1 - y0) / 60) * (1 + 1e-9)


@every_surface
def test_ticks_name_heights_where_they_are(key: str) -> None:
    surface = SURFACES[key]()
    field = sample_field(window(surface, 401, 401))
    assert 2 <= len(field.ticks) <= 5
    positions = [at for at, _ in field.ticks]
    assert positions == sorted(positions)
    assert positions[0] >= 0.0
    assert positions[-1] <= 1.0
    above = field.heights - surface.least
    known = {power_of_ten(n): 10.0**n for n in range(-20, 20)}
    told = 0
    for at, label in field.ticks:
        # A tick belongs to the grid's points of that height, where it has some.
        there = np.abs(above - known[label]) <= 0.03 * known[label]
        if there.any():
            assert field.shade[there] == pytest.approx(at, abs=0.02)
            told += 1
    assert told >= 1


@pytest.mark.parametrize(
    ("exponent", "label"), [(0, "1"), (1, "10"), (2, "10²"), (-2, "10⁻²"), (14, "10¹⁴")]
)
def test_powers_of_ten_are_written_as_one_reads_them(exponent: int, label: str) -> None:
    assert power_of_ten(exponent) == label


def test_arrays_are_read_only() -> None:
    field = sample_field(window(SURFACES["beale"]()))
    for array in (
        *(field.heights, field.shade),
        *(field.lines_x, field.lines_y, field.lines_connect),
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[:1] = 0


RANGES = [
    (1e6, 1e6 + 1.0),
    (-1e60, 1e60),
    (1e200, 1e201),
    (-1e300, -1e299),
    (-8e307, 8e307),
    (1.0, 1.0 + 1e-9),
    (0.0, 5e-324),
]


@every_surface
@pytest.mark.parametrize("x_range", RANGES, ids=str)
@pytest.mark.parametrize("y_range", [(-1.0, 1.0), (1e200, 1e201)], ids=str)
def test_far_out_and_close_up_nothing_warns(key: str, x_range: Any, y_range: Any) -> None:
    field = sample_field(FieldSpec(SURFACES[key](), x_range, y_range, 23, 17))
    assert ((field.shade >= 0.0) & (field.shade <= 1.0)).all()
    for array in (field.lines_x, field.lines_y):
        assert np.isfinite(array).all()
    assert all(0.0 <= at <= 1.0 and label for at, label in field.ticks)


def test_the_smallest_grid_works() -> None:
    field = sample_field(window(SURFACES["beale"](), 2, 2))
    assert field.heights.shape == (2, 2)


def test_the_same_spec_gives_the_same_bits() -> None:
    spec = window(SURFACES["himmelblau"]())
    one, other = sample_field(spec), sample_field(replace(spec))
    assert spec == replace(spec)
    assert hash(spec) == hash(replace(spec))
    for name in ("heights", "shade", "lines_x", "lines_y", "lines_connect"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
    assert one.ticks == other.ticks


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("x_range", (1.0, 1.0)),
        ("x_range", (2.0, 1.0)),
        ("x_range", (0.0, math.inf)),
        ("x_range", (-1.5e308, 1.5e308)),
        ("y_range", (math.nan, 1.0)),
        ("y_range", (-math.inf, 1.0)),
        ("columns", 1),
        ("rows", 4001),
        ("rows", -5),
        ("columns", 12.5),
        ("rows", True),
    ],
)
def test_a_spec_says_what_is_wrong_with_it(knob: str, value: Any) -> None:
    with pytest.raises(PartError) as caught:
        replace(window(SURFACES["beale"]()), **{knob: value})
    assert knob in caught.value.clause
    assert caught.value.knob == knob
    assert str(caught.value).endswith(".")


# ---- surfaces made of data, whose losses take a while

every_data_surface = pytest.mark.parametrize(
    "key", [key for key, surface in SURFACES.items() if surface.group == "data"]
)


@every_surface
def test_a_field_knows_the_places_of_its_surface(key: str) -> None:
    surface = SURFACES[key]()
    field = sample_field(window(surface, 9, 9))
    assert field.minima == tuple(surface.minima)
    assert field.saddles == tuple(surface.saddles)
    assert field.test_minimum == surface.test_minimum


@every_data_surface
def test_compiled_and_by_numpy_the_heights_are_the_same(
    key: str, compiled_kernels: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = window(SURFACES[key](), 37, 29)
    compiled = sample_field(spec)
    monkeypatch.setattr("optiviz.engine.compiler.ready", lambda _kernel: None)
    monkeypatch.setattr("optiviz.engine.field._PAIRS", 37 * 500)  # some rows at a time
    by_numpy = sample_field(spec)
    assert by_numpy.heights == pytest.approx(compiled.heights, rel=1e-12, abs=1e-13)


@every_data_surface
def test_a_dear_field_comes_coarse_first(key: str) -> None:
    spec = window(SURFACES[key](), 400, 300)
    coarse: list[Field] = []
    fine = sample_field(spec, report=coarse.append)
    assert fine.spec == spec
    (first,) = coarse
    assert (first.spec.columns, first.spec.rows) == (80, 60)
    assert replace(first.spec, columns=400, rows=300) == spec
    # The two tell the same story: heights on common corners, and one scale.
    for corner in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
        assert first.heights[corner] == pytest.approx(fine.heights[corner], rel=1e-12)
    assert [label for _, label in first.ticks] == [label for _, label in fine.ticks]
    assert first.minima == fine.minima


@pytest.mark.parametrize("key", ["beale", "line"])
def test_a_cheap_field_comes_at_once(key: str) -> None:
    spec = window(SURFACES[key](), 400 if key == "beale" else 40, 40)
    coarse: list[Field] = []
    sample_field(spec, report=coarse.append)
    assert coarse == []


@every_data_surface
@pytest.mark.parametrize("compiled", [True, False])
def test_a_field_that_nobody_wants_any_more_is_given_up(
    key: str, compiled: bool, compiled_kernels: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not compiled:
        monkeypatch.setattr("optiviz.engine.compiler.ready", lambda _kernel: None)
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 1

    with pytest.raises(Cancelled):
        sample_field(window(SURFACES[key](), 400, 400), cancelled)
