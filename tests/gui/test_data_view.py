"""The data panel: what its points, its batch and its curves are, and that playing stays cheap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QComboBox, QLabel

from optiviz.engine import SURFACES, datasets, draws, run_race
from optiviz.engine.surfaces.data import DataSurface
from optiviz.gui.drawing.stamps import paint_stamps, stamp
from optiviz.gui.theme import palette as theme
from optiviz.gui.theme.palette import Look
from optiviz.gui.theme.stylesheet import mixed
from optiviz.gui.views.data import DataView
from optiviz.gui.views.data.fits import _along, fits_of, inputs_of
from optiviz.gui.views.data.plot import DataPlot
from optiviz.scene import edits, first_scene
from optiviz.scene.data import choose_data
from tests.reference.models import MODELS

DATA_SURFACES = [key for key, kind in SURFACES.items() if issubclass(kind, DataSurface)]
SIZE = (310, 360)


def table(stem, **columns):
    made = [datasets.Column(name, np.array(values, float)) for name, values in columns.items()]
    return datasets.keep(datasets.make(stem, stem.title(), made))


#: Points so far apart that each can be found on the picture.
GRID = table("grid", across=[0, 0, 0, 4, 4, 4, 8, 8, 8, 4], up=[0, 4, 8, 0, 4, 8, 0, 4, 8, 2])


def shuffled(scene, *indices, size=8):
    """Give racers a mini-batch gradient."""
    for index in indices:
        scene = edits.choose_gradient(scene, "mini_batch", index)
        scene = edits.set_gradient_knob(scene, "batch_size", size, index)
    return scene


def first_race(key):
    """The first race on a data surface, of 200 steps."""
    return edits.set_steps(first_scene(key), 200)


def grid_scene():
    scene = choose_data(first_scene("line"), GRID)
    return edits.set_surface_knob(scene, "standardize", False)


def made_view(qtbot, scene, race=True):
    view = DataView()
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.show_scene(scene)
    if race:
        view.show_race(run_race(scene.race_spec()))
    view.show()
    QApplication.processEvents()
    return view


@pytest.fixture
def scene():
    return shuffled(first_race("line"), 1, 3)


@pytest.fixture
def view(qtbot, scene):
    return made_view(qtbot, scene)


def picture_of(view) -> np.ndarray:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8)
    rows = data.reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2::-1].copy()


def is_color(pixels, color, within=12):
    wanted = np.array(QColor(color).getRgb()[:3])
    return np.abs(pixels.astype(int) - wanted).max(axis=-1) < within


def legend_of(view):
    return view._header.legend.accessibleDescription()


def found(view, name, kind=QLabel):
    return view.findChild(kind, name)


# What is there


def test_it_says_what_it_is(view):
    assert view.objectName() == "data_view"
    assert view.accessibleName() == "Data"
    assert view.toolTip()
    assert view.accessibleDescription() == (
        "petal width (cm) against petal length (cm): 105 train, 45 test, batch."
    )


@pytest.mark.parametrize("key", DATA_SURFACES)
def test_the_points_are_the_examples(qtbot, key):
    view = made_view(qtbot, first_scene(key))
    surface, cloud = SURFACES[key](), view.cloud
    data = datasets.find(surface.data)
    whole = np.concatenate([cloud.train, cloud.test])
    usable = np.stack([data.column(getattr(surface, knob)).values for knob in surface.columns])
    assert len(whole) == (~np.isnan(usable).any(axis=0)).sum()
    assert (cloud.train[:, 0] == surface.examples[:, 0]).all()
    assert (cloud.train[:, 1] == surface.examples[:, -1]).all()
    for axis, values in ((cloud.x, whole[:, 0]), (cloud.y, whole[:, 1])):
        assert axis.low < values.min() < values.max() < axis.high
    assert legend_of(view).startswith(f"{len(cloud.train)} train, {len(cloud.test)} test")


def test_points_stand_where_their_numbers_say(qtbot):
    view = made_view(qtbot, grid_scene(), race=False)
    plot, cloud = view.plot, view.cloud
    room = plot.plot
    for points in (cloud.train, cloud.test):
        share = (points - [plot.x.low, plot.y.low]) / [
            plot.x.high - plot.x.low,
            plot.y.high - plot.y.low,
        ]
        wanted = np.stack(
            [room.left() + share[:, 0] * room.width(), room.bottom() - share[:, 1] * room.height()],
            axis=1,
        )
        assert plot.pixels(points) == pytest.approx(wanted)
    image = picture_of(view)
    dark = theme.DARK
    for points, filled in ((cloud.train, True), (cloud.test, False)):
        assert len(points)
        for x, y in plot.pixels(points):
            ink = mixed(dark.window, dark.text, 0.58)
            # A test mark is hollow: its middle is the ground, or the grid's line.
            assert is_color(image[int(y), int(x)], ink, 30) == filled


def test_the_ticks_are_where_their_numbers_are(qtbot):
    plot = made_view(qtbot, grid_scene(), race=False).plot
    assert [text for _, text in plot.x_ticks] == ["0", "2", "4", "6", "8"]
    assert [value for value, _ in plot.x_ticks] == [0, 2, 4, 6, 8]
    assert (plot.x.label, plot.y.label) == ("across", "up")


@pytest.mark.parametrize(
    ("key", "knobs", "x", "y"),
    [
        ("line", {}, "petal length (cm)", "petal width (cm)"),
        (
            "line",
            {"standardize": True},
            "petal length, standardized",
            "petal width, standardized",
        ),
        ("sine", {}, "time (years from mid-1979)", "swing (2.8 °C)"),
    ],
)
def test_the_axes_say_what_they_are_and_what_was_done_to_it(qtbot, key, knobs, x, y):
    scene = first_scene(key)
    for name, value in knobs.items():
        scene = edits.set_surface_knob(scene, name, value)
    cloud = made_view(qtbot, scene, race=False).cloud
    assert (cloud.x.label, cloud.y.label) == (x, y)


def test_a_classifiers_axis_is_a_probability_with_both_kinds_named(qtbot):
    view = made_view(qtbot, first_scene("logistic"), race=False)
    surface, plot = SURFACES["logistic"](), view.plot
    low, high = datasets.find(surface.data).column(surface.output).labels
    assert view.cloud.y.label == f"probability of {high}"
    assert view.cloud.y.names == ((0.0, low), (1.0, high))
    assert all(0.0 <= value <= 1.0 for value, _ in plot.y_ticks)
    # The kinds are where the labels in the data say.
    assert set(view.cloud.train[:, 1]) == {0.0, 1.0}


def test_an_input_of_two_texts_has_their_names_on_its_axis(qtbot):
    scene = first_scene("line")
    surface = scene.surface.with_knob("feature", "species")
    view = made_view(qtbot, replace(scene, surface=surface), race=False)
    assert [text for _, text in view.plot.x_ticks] == list(
        datasets.find(surface.data).column("species").labels
    )


def test_rows_with_the_rare_input_are_triangles(qtbot, monkeypatch):
    view = made_view(qtbot, first_scene("rare_feature"), race=False)
    surface, cloud = SURFACES["rare_feature"](), view.cloud
    assert (cloud.marked == (surface.examples[:, 1] != 0.0)).all()
    assert 0 < cloud.marked.sum() < len(cloud.marked) / 2
    drawn = {}

    def note(painter, pixmap, places):
        drawn[pixmap.cacheKey()] = len(places)

    monkeypatch.setattr("optiviz.gui.views.data.plot.paint_stamps", note)
    view.plot.draw_ground()
    assert drawn[view.plot.mark("triangle", test=False).cacheKey()] == cloud.marked.sum()
    assert drawn[view.plot.mark("dot", test=False).cacheKey()] == (~cloud.marked).sum()
    assert drawn[view.plot.mark("triangle", test=True).cacheKey()] == cloud.marked_test.sum()
    assert cloud.mark_label == surface.rare
    assert surface.rare in legend_of(view)


def test_a_stamp_is_painted_about_its_middle(qapp):
    mark = stamp("dot", 3.0, "#ff0000", "", 0.0, 1.0)
    ground = QPixmap(60, 40)
    ground.fill(Qt.GlobalColor.black)
    painter = QPainter(ground)
    paint_stamps(painter, mark, np.array([[20.0, 10.0], [40.0, 30.0]]))
    paint_stamps(painter, mark, np.zeros((0, 2)))
    painter.end()
    image = ground.toImage()
    red = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).red() > 128
    ]
    middle = np.array(red).reshape(-1, 2)
    first = middle[middle[:, 0] < 30]
    assert first.mean(axis=0) + 0.5 == pytest.approx([20.0, 10.0], abs=0.3)
    assert len(red) == pytest.approx(2 * np.pi * 9.0, rel=0.2)


# The batch


@pytest.mark.parametrize("key", DATA_SURFACES)
def test_the_batch_that_is_lit_is_the_racers_own(qtbot, key):
    scene = shuffled(first_race(key), 1, size=5)
    view = made_view(qtbot, scene)
    run = view._race.runs[1]
    for position in (0.0, 3.0, 3.9, 57.2, 199.0, 199.9):
        view.show_step(position)
        batch = view.batch
        step = int(position)
        assert (batch.rows == run.batch(step)).all()
        assert {tuple(each) for each in batch.points} == {
            tuple(view.cloud.train[row]) for row in run.batch(step)
        }
        # It is what the racer was told: the mean of these rows' gradients, and nothing else.
        here = tuple(map(float, run.path[step]))
        told = scene.surface.example_gradients(*here)[batch.rows].mean(axis=0)
        assert told == pytest.approx(run.gradients[step], rel=1e-9, abs=1e-12)
    view.show_step(200.0)
    assert (view.batch.rows == run.batch(199)).all(), "the last one that was looked at"


def test_lit_examples_have_their_racers_colour(qtbot):
    scene = shuffled(grid_scene(), 1, size=2)
    scene = edits.set_solo(scene, 1, True)
    view = made_view(qtbot, scene)
    view._heads = ()  # no curve runs over them
    for position in (0.0, 1.0, 2.0):
        view.show_step(position)
        image = picture_of(view)
        lit = {tuple(point) for point in view.batch.points}
        for point in view.cloud.train:
            x, y = view.plot.pixels(point[None])[0]
            shown = is_color(image[int(y), int(x)], theme.DARK.racers[1])
            assert shown == (tuple(point) in lit)


def test_the_first_shown_racer_with_batches_is_lit_until_another_is_chosen(view, scene):
    chooser = found(view, "data_view.batch", QComboBox)
    assert [chooser.itemText(i) for i in range(chooser.count())] == ["Momentum", "Adam"]
    assert chooser.currentText() == "Momentum"
    assert found(view, "data_view.batch_size").text() == "8 of 105"
    assert view.batch.style == scene.racers[1].style
    chooser.activated.emit(1)
    assert (view.batch.rows == view._race.runs[3].batch(0)).all()
    assert view.batch.style == scene.racers[3].style
    assert chooser.currentText() == "Adam"
    # One that is off the stage is not lit; nothing moves meanwhile.
    hidden = edits.set_enabled(scene, 3, False)
    view.show_scene(hidden)
    assert view.batch.style == scene.racers[1].style
    nobody = edits.set_enabled(hidden, 1, False)
    height = view._header.sizeHint().height()
    view.show_scene(nobody)
    assert view.batch is None
    assert not chooser.isEnabled()
    assert chooser.isVisible()
    assert view._header.sizeHint().height() == height
    view.show_scene(scene)
    assert view.batch.style == scene.racers[3].style, "the choice is remembered"


def test_whose_batch_it_is_is_said_with_its_marker(view):
    chooser = view._header._batch
    for index in range(2):
        assert not chooser.itemIcon(index).isNull()
    assert "Momentum, 8 of 105" in chooser.toolTip()
    assert chooser.accessibleName()


def test_without_batches_no_line_tells_of_them(qtbot):
    view = made_view(qtbot, first_scene("line"))
    assert view.batch is None
    assert not view._header._batch.isVisible()
    assert "batch" not in legend_of(view)


def test_who_has_diverged_is_named_by_no_mark(qtbot):
    scene = edits.set_racer_knob(shuffled(first_scene("line"), 1), 1, "lr", 5.0)
    race = run_race(scene.race_spec())
    gone = race.runs[1].diverged_step
    assert 1 < gone < scene.steps
    view = made_view(qtbot, scene, race=False)
    view.show_race(race)
    height = view._header.sizeHint().height()
    for step, there in ((gone - 1, True), (gone, False), (scene.steps, False), (0, True)):
        view.show_step(float(step))
        assert ("batch" in legend_of(view)) == there == (view.batch is not None)
        assert (f"Diverged at step {gone}" in found(view, "data_view.state").text()) != there
        assert view._header.sizeHint().height() == height, "nothing moves"


@pytest.mark.parametrize(
    ("size", "steps", "words"),
    [
        (8, 4, "This race is shorter than a pass over the data (30 %)."),
        (8, 14, "Every example is seen once in this race."),
        (35, 6, "Every example is seen 2 times in this race."),
        (8, 21, "An example is seen 1.5 times on average."),
    ],
)
def test_how_often_the_examples_are_seen_is_said_in_words(qtbot, size, steps, words):
    scene = edits.set_steps(shuffled(first_scene("line"), 1, size=size), steps)
    view = made_view(qtbot, scene)
    assert found(view, "data_view.state").text() == words
    # Counted by the batches themselves, of 105 examples.
    run = run_race(scene.race_spec()).runs[1]
    seen = np.bincount(np.concatenate([run.batch(step) for step in range(steps)]), minlength=105)
    assert (seen.min() == 0) == ("shorter" in words)
    assert (seen.min() == seen.max()) == words.startswith("Every")


def test_a_diverged_racer_has_neither_batch_nor_curve(qtbot):
    scene = edits.set_racer_knob(shuffled(first_scene("line"), 1), 1, "lr", 5.0)
    scene = edits.set_solo(scene, 1, True)
    view = made_view(qtbot, scene)
    gone = view._race.runs[1].diverged_step
    assert gone is not None
    view.show_step(gone - 0.5)
    assert view.batch is not None
    view.show_step(float(gone))
    assert view.batch is None
    assert not is_color(picture_of(view), theme.DARK.racers[1])[int(view.plot.plot.top()) :].any()


# A formula


def test_a_formula_without_batches_says_how_to_get_examples(qtbot):
    view = made_view(qtbot, first_scene("beale"))
    assert view.cloud is None
    assert view.plot is None
    nothing = found(view, "data_view.nothing")
    assert nothing.isVisible()
    assert nothing.text().startswith("Here the loss is a formula.")
    assert view.accessibleDescription() == nothing.text()
    below = picture_of(view)[nothing.geometry().bottom() + 2 :]
    assert is_color(below, theme.DARK.window, 1).all(), "no empty axes"


def test_a_formulas_examples_are_their_tilts(qtbot):
    scene = shuffled(first_scene("beale"), 0, 1, 2, 3, size=6)
    view = made_view(qtbot, scene)
    gradient = scene.racers[0].gradient
    cloud = view.cloud
    assert (cloud.train == gradient.spread * draws.offsets(gradient.examples)).all()
    assert not found(view, "data_view.nothing").isVisible()
    assert legend_of(view) == "200 tilts ξ, this batch’s tilt"
    room, plot = view.plot.plot, view.plot
    across = room.width() / (plot.x.high - plot.x.low)
    assert room.height() / (plot.y.high - plot.y.low) == pytest.approx(across)
    run = view._race.runs[0]
    for step in (0, 7, 33, 34, 299):
        view.show_step(float(step))
        assert (view.batch.rows == run.batch(step)).all()
        # The marker is what this batch adds to the full gradient.
        x, y = map(float, run.path[step])
        added = run.gradients[step] - scene.surface.gradient(x, y)
        assert view.batch.mean == pytest.approx(added, rel=1e-6, abs=1e-6 * gradient.spread)


@pytest.mark.parametrize("spread", [0.0, 1e-3, 1e6])
def test_tilts_of_every_size_are_drawn(qtbot, spread):
    scene = edits.set_gradient_knob(shuffled(first_scene("beale"), 0), "spread", spread)
    view = made_view(qtbot, scene)
    assert np.isfinite(view.plot.pixels(view.cloud.train)).all()
    assert not view.grab().isNull()


# The curves


def height_of(image, column, color):
    """The middle of what is of a colour in a column of pixels."""
    rows = np.flatnonzero(is_color(image[:, column], color, 40))
    return rows.mean() + 0.5 if len(rows) else None


def theta(run, position):
    step = min(int(position), len(run.path) - 2)
    share = position - step
    return (1.0 - share) * run.path[step] + share * run.path[step + 1]


def model(key, a, b, x):
    """The model of a surface of data by its formula; a rare feature is 0, as it mostly is."""
    return MODELS[key](np, a, b, (x, 0.0))


@pytest.mark.parametrize("key", DATA_SURFACES)
@pytest.mark.parametrize("position", [0.0, 10.5, 200.0])
def test_the_curve_is_the_model_at_the_playhead(qtbot, monkeypatch, key, position):
    monkeypatch.setattr("optiviz.gui.views.data.fits._along", lambda *_: None)  # no marker
    scene = edits.set_solo(first_race(key), 0, True)
    view = made_view(qtbot, scene)
    view.show_step(position)
    plot, image = view.plot, picture_of(view)
    image[: int(plot.plot.top())] = 0
    a, b = theta(view._race.runs[0], position)
    seen = 0
    for share in np.linspace(0.03, 0.97, 80):
        column = round(plot.plot.left() + share * plot.plot.width())
        x = plot.x.low + (column + 0.5 - plot.plot.left()) / plot.plot.width() * (
            plot.x.high - plot.x.low
        )
        wanted = plot.pixels(np.array([[x, model(key, a, b, x)]]))[0, 1]
        ahead = plot.pixels(np.array([[x + 1e-3, model(key, a, b, x + 1e-3)]]))[0]
        steep = abs(ahead[1] - wanted) / max(ahead[0] - column - 0.5, 1e-9)
        if not plot.plot.top() + 9 < wanted < plot.plot.bottom() - 9 or steep > 5.0:
            continue
        low, high = plot.between_names
        if not low < model(key, a, b, x) < high:
            continue  # a name may stand on it
        found_at = height_of(image, column, theme.DARK.racers[0])
        assert found_at == pytest.approx(wanted, abs=1.5 + steep)
        seen += 1
    assert seen > 5


@pytest.mark.parametrize("key", ["logistic", "neuron", "two_weights"])
@pytest.mark.parametrize("position", [0.0, 40.0, 200.0])
def test_no_curve_hides_the_name_of_a_row_and_no_name_a_marker(qtbot, monkeypatch, key, position):
    scene = first_race(key)
    view = made_view(qtbot, scene)
    view.show_step(position)
    plot, image = view.plot, picture_of(view)
    low, high = plot.between_names
    (_, top), (_, bottom) = plot.pixels(np.array([[0.0, high], [0.0, low]]))
    inputs = inputs_of(plot)
    for fit in fits_of(scene.surface, view._heads, position, inputs):
        place = _along(plot, inputs, fit.outputs, 0.2)
        if ((fit.outputs >= low) & (fit.outputs <= high)).any():
            assert top <= place.y() <= bottom
        else:
            assert place is None or not top < place.y() < bottom
    # Where the names are written, the picture is what it is without any curves.
    monkeypatch.setattr("optiviz.gui.views.data.view.paint_fits", lambda *_: None)
    view.update()
    bare = picture_of(view)
    ink = np.array(QColor(theme.DARK.muted).getRgb()[:3])
    edges = int(plot.plot.top()), int(top), int(bottom), int(plot.plot.bottom())
    for rows in (slice(*edges[:2]), slice(*edges[2:])):
        columns = slice(int(plot.plot.left()) + 2, int(plot.plot.right()) - 2)
        letters = np.abs(bare[rows, columns].astype(int) - ink).max(axis=-1) < 60
        assert letters.sum() > 30
        assert (image[rows, columns][letters] == bare[rows, columns][letters]).all()


def test_every_shown_racer_has_its_curve(view, scene):
    view.show_step(60.0)
    top = int(view.plot.plot.top())
    for color in theme.DARK.racers[:4]:
        assert is_color(picture_of(view)[top:], color).sum() > 20
    view.show_scene(edits.set_solo(scene, 0, True))
    assert is_color(picture_of(view)[top:], theme.DARK.racers[0]).sum() > 20
    assert not is_color(picture_of(view)[top:], theme.DARK.racers[2]).any()


def test_curves_that_are_one_still_show_every_marker(qtbot):
    scene = first_scene("line")
    view = made_view(qtbot, scene)  # at the start all are the same
    image = picture_of(view)[int(view.plot.plot.top()) :]
    for color in theme.DARK.racers[:4]:
        assert is_color(image, color).sum() > 30


def test_a_rare_input_gives_a_second_and_lighter_line(qtbot):
    scene = edits.set_solo(first_race("rare_feature"), 0, True)
    view = made_view(qtbot, scene)
    view.show_step(200.0)
    inputs = inputs_of(view.plot)
    light, full = fits_of(scene.surface, view._heads, 200.0, inputs)
    w1, w2 = view._race.runs[0].path[200]
    assert light.light
    assert not full.light
    assert full.outputs == pytest.approx(w1 * inputs)
    assert light.outputs == pytest.approx(w1 * inputs + w2)


@pytest.mark.parametrize("lr", [1e-9, 3.0, 1e6])
@pytest.mark.parametrize("key", DATA_SURFACES)
def test_however_wild_the_racers_are_the_picture_is_drawn(qtbot, key, lr):
    scene = first_scene(key)
    for index in range(4):
        scene = edits.set_racer_knob(scene, index, "lr", min(lr, 100.0))
    view = made_view(qtbot, scene)
    axes = (view.plot.x, view.plot.y)
    for position in (0.0, 1.0, 2.5, 3.0, 20.0, 200.0):
        view.show_step(position)
        assert not view.grab().isNull()
    assert (view.plot.x, view.plot.y) == axes


# How it behaves


def test_moving_the_playhead_draws_no_point_again(view, monkeypatch):
    view.grab()
    monkeypatch.setattr(DataPlot, "draw_ground", None)
    for step in range(0, 200, 7):
        view.show_step(float(step) + 0.5)
        view.grab()


def test_only_the_plot_is_painted_while_it_plays(view, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(view, "update", lambda *area: asked.append(area))
    view.show_step(3.0)
    view.show_step(3.0)
    assert len(asked) == 1
    assert view.plot.plot.toAlignedRect() == asked[0][0]


def test_a_race_of_another_surface_is_not_shown_on_this_one(qtbot, view):
    other = first_scene("logistic")
    view.show_scene(other)
    assert len(view.cloud.train) == 233
    assert view.batch is None
    view.show_step(5.0)
    assert not is_color(picture_of(view), theme.DARK.racers[0])[int(view.plot.plot.top()) :].any()


def test_points_and_curves_always_are_of_one_race(view, scene):
    changed = edits.set_surface_knob(scene, "standardize", True)
    view.show_scene(changed)
    assert view.cloud.x.label == "petal length (cm)", "the race of before is still shown"
    view.show_race(run_race(changed.race_spec()))
    assert view.cloud.x.label == "petal length, standardized"


def test_showing_never_emits(view, scene):
    said = []
    view.data_wished.connect(said.append)
    view.column_wished.connect(lambda *wish: said.append(wish))
    view.open_wished.connect(lambda: said.append("open"))
    for other in (
        first_scene("rare_feature"),
        first_scene("beale"),
        shuffled(first_scene("beale"), 0),
        scene,
    ):
        view.show_scene(other)
        view.show_race(run_race(other.race_spec()))
        view.show_ghost(None)
        view.show_step(12.5)
        view.show_locked(True)
        view.show_locked(False)
        view.show_look(Look(theme.LIGHT, 1.6))
    assert not said


def test_choosers_wish_and_change_when_they_are_shown(view):
    said = []
    view.data_wished.connect(said.append)
    view.column_wished.connect(lambda *wish: said.append(wish))
    view.open_wished.connect(lambda: said.append("open"))
    header = view._header
    data, feature = header._data, header._columns["feature"]
    assert data.currentData() == datasets.IRIS
    data.activated.emit(data.findData(datasets.PENGUINS))
    assert said.pop() == datasets.PENGUINS
    assert data.currentData() == datasets.IRIS
    data.activated.emit(data.findData(datasets.IRIS))
    feature.activated.emit(feature.findData("sepal length"))
    assert said.pop() == ("feature", "sepal length")
    assert feature.currentData() == "petal length"
    header._open.click()
    assert said == ["open"]


def test_only_data_and_columns_that_can_be_used_are_offered(qtbot):
    view = made_view(qtbot, first_scene("logistic"), race=False)
    header = view._header
    offered = {header._data.itemData(i) for i in range(header._data.count())}
    for each in datasets.bundled():
        kinds = [len(np.unique(column.values[~np.isnan(column.values)])) for column in each.columns]
        assert (each.name in offered) == (2 in kinds), each.title
    output = header._columns["output"]
    for index in range(output.count()):
        column = datasets.find(datasets.PENGUINS).column(output.itemData(index))
        assert len(np.unique(column.values[~np.isnan(column.values)])) == 2
    # Where a set is from is told.
    source = datasets.find(datasets.PENGUINS).source
    place = header._data.findData(datasets.PENGUINS)
    assert source in header._data.itemData(place, Qt.ItemDataRole.ToolTipRole)


def test_a_long_name_is_cut_and_still_told(qtbot):
    name = "a column whose name is far too long for any list " * 3
    data = table("long", **{name.strip(): np.arange(9.0), "y": np.arange(9.0) ** 2})
    view = made_view(qtbot, choose_data(first_scene("line"), data), race=False)
    chooser = view._header._columns["feature"]
    assert chooser.currentText() == name.strip()
    assert chooser.shown_text().endswith("…")
    assert len(chooser.shown_text()) < 40
    assert view._header.width() <= SIZE[0]


@pytest.mark.parametrize("size", [(40, 30), (180, 260), (620, 800), (1900, 1000)])
@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("key", ["rare_feature", "logistic", "beale"])
def test_every_size_and_look_is_drawn(qtbot, size, name, key):
    view = made_view(qtbot, shuffled(first_scene(key), 0))
    view.resize(*size)
    view.show_look(Look(theme.THEMES[name], 1.6))
    assert not view.grab().isNull()


def test_the_curves_have_room_below_the_choosers(qtbot):
    for key in DATA_SURFACES:
        view = made_view(qtbot, shuffled(first_scene(key), 0))
        view.resize(view.minimumSizeHint())
        QApplication.processEvents()
        assert view.plot.plot.height() > 50.0
        assert view.plot.plot.top() > view._header.geometry().bottom()


def test_a_screen_of_another_sharpness_gets_sharp_points(view, qtbot, monkeypatch):
    view.grab()
    assert view._kept["ground"].drawn.devicePixelRatio() == 1.0
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: 2.0)
    QApplication.sendEvent(view, QEvent(QEvent.Type.DevicePixelRatioChange))
    qtbot.waitUntil(lambda: view._kept["ground"].drawn.devicePixelRatio() == 2.0)
