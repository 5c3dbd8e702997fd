"""The scene and its edits: what an edit is not given, it keeps."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optiviz.engine import GRADIENTS, OPTIMIZERS, SCHEDULES, SURFACES, PartError
from optiviz.scene import MAX_NAME, MAX_RACERS, Camera, Racer, Scene, edits, first_scene

FIRST = first_scene("beale")


def changed(old, new):
    """The names of the fields in which two scenes differ."""
    return {
        item.name for item in fields(Scene) if getattr(old, item.name) != getattr(new, item.name)
    }


@pytest.fixture
def full():
    scene = FIRST
    for key in ("sgd", "momentum", "rmsprop", "adam"):
        scene = edits.add_racer(scene, key)
    return scene


@pytest.mark.parametrize("key", SURFACES)
def test_the_first_race_of_each_surface(key):
    scene = first_scene(key)
    surface = SURFACES[key]()
    assert scene.surface == surface
    assert scene.start == surface.start
    assert scene.steps == surface.steps
    assert [racer.optimizer.key for racer in scene.racers] == ["sgd", "momentum", "rmsprop", "adam"]
    for racer in scene.racers:
        for name, value in surface.tuned[racer.optimizer.key].items():
            assert getattr(racer.optimizer, name) == value
    assert scene.shown_racers() == (0, 1, 2, 3)
    assert scene.camera is None


def test_a_scene_can_be_compared_and_hashed_and_not_changed():
    assert first_scene("beale") == FIRST
    assert hash(first_scene("beale")) == hash(FIRST)
    # The program opens on the chapter's own picture: a narrow valley.
    assert first_scene() == first_scene("quadratic") != FIRST
    with pytest.raises(AttributeError):
        FIRST.steps = 3


def test_the_race_spec_has_every_racer_shown_or_not():
    scene = edits.set_enabled(edits.set_solo(FIRST, 2, True), 1, False)
    spec = scene.race_spec()
    assert spec == FIRST.race_spec()
    assert [entrant.optimizer for entrant in spec.entrants] == [
        racer.optimizer for racer in scene.racers
    ]


# Edits


def test_simple_edits_change_one_thing():
    cases = {
        "start": edits.move_start(FIRST, 2, -1),
        "steps": edits.set_steps(FIRST, 17),
        "target": edits.set_target(FIRST, 0.5),
        "camera": edits.set_camera(FIRST, Camera(0, 1, 0, 1)),
        "solo": edits.set_solo(FIRST, 1, True),
        "racers": edits.set_racer_knob(FIRST, 0, "lr", 0.5),
    }
    for name, scene in cases.items():
        assert changed(FIRST, scene) == {name}
    assert cases["start"].start == (2.0, -1.0)
    assert edits.set_camera(cases["camera"], None) == FIRST
    assert edits.set_solo(cases["solo"], 1, False) == FIRST


def test_a_surface_knob():
    scene = first_scene("quadratic")
    steep = edits.set_surface_knob(scene, "kappa", 500)
    assert steep.surface.kappa == 500
    assert changed(scene, steep) == {"surface"}
    with pytest.raises(PartError, match=r"^Condition number κ must be .*[.]$"):
        edits.set_surface_knob(scene, "kappa", 0.5)


def test_another_surface_brings_what_belongs_to_it():
    before = edits.set_camera(edits.set_solo(FIRST, 2, True), Camera(0, 1, 0, 1))
    before = edits.set_racer_knob(before, 3, "beta1", 0.5)
    after = edits.choose_surface(before, "rosenbrock")
    first = first_scene("rosenbrock")
    for name in ("surface", "start", "steps", "steps_per_epoch", "target"):
        assert getattr(after, name) == getattr(first, name)
    assert after.camera is None
    assert after.solo == 2
    assert [r.optimizer.lr for r in after.racers] == [r.optimizer.lr for r in first.racers]
    assert after.racers[3].optimizer.beta1 == 0.5


@pytest.mark.parametrize("key", SURFACES)
def test_choosing_each_surface_is_its_first_race(key):
    assert edits.choose_surface(FIRST, key) == first_scene(key)


def test_linked_learning_rates():
    linked = edits.link_lr(FIRST, True)
    assert {racer.optimizer.lr for racer in linked.racers} == {FIRST.racers[0].optimizer.lr}
    moved = edits.set_racer_knob(linked, 2, "lr", 0.3)
    assert {racer.optimizer.lr for racer in moved.racers} == {0.3}
    other = edits.set_racer_knob(linked, 3, "beta1", 0.3)
    assert [getattr(racer.optimizer, "beta1", None) for racer in other.racers] == [None] * 3 + [0.3]
    added = edits.add_racer(moved, "adam")
    assert added.racers[-1].optimizer.lr == 0.3
    there = edits.choose_surface(moved, "rosenbrock")
    assert len({racer.optimizer.lr for racer in there.racers}) == 1
    free = edits.link_lr(moved, False)
    assert changed(moved, free) == {"link_lr"}


def test_who_enters_races_on_equal_terms():
    schedule = SCHEDULES["cosine"](warmup=3.0)
    scene = edits.choose_gradient(FIRST, "mini_batch")
    scene = edits.set_gradient_knob(scene, "batch_size", 5)
    scene = edits.set_schedule(scene, schedule)
    entered = edits.add_racer(scene, "adagrad").racers[-1]
    assert (entered.gradient, entered.schedule) == (scene.racers[0].gradient, schedule)
    assert entered.gradient.settings()["batch_size"] == 5
    # What not all have is nobody's to hand on.
    mixed = edits.choose_gradient(scene, "gaussian", 1)
    mixed = edits.set_schedule_knob(mixed, "warmup", 0.0, 2)
    entered = edits.add_racer(mixed, "adagrad").racers[-1]
    assert (entered.gradient, entered.schedule) == (GRADIENTS["full"](), SCHEDULES["constant"]())
    alone = scene
    while alone.racers:
        alone = edits.remove_racer(alone, 0)
    entered = edits.add_racer(alone, "sgd").racers[-1]
    assert (entered.gradient, entered.schedule) == (GRADIENTS["full"](), SCHEDULES["constant"]())


def test_choosing_a_schedule_for_all_gives_all_the_same():
    scene = edits.set_schedule(FIRST, SCHEDULES["linear"](warmup=6.0), 1)
    for key in ("constant", "cosine"):
        schedules = {racer.schedule for racer in edits.choose_schedule(scene, key).racers}
        assert schedules == {SCHEDULES[key]()}
    warm = edits.set_schedule_knob(scene, "warmup", 6.0)
    schedules = {racer.schedule for racer in edits.choose_schedule(warm, "cosine").racers}
    assert schedules == {SCHEDULES["cosine"](warmup=6.0)}
    one = edits.choose_schedule(scene, "cosine", 1)
    assert one.racers[1].schedule == SCHEDULES["cosine"](warmup=6.0)
    assert one.racers[0] == scene.racers[0]


def test_a_racer_on_off_and_alone():
    off = edits.set_enabled(FIRST, 1, False)
    assert off.shown_racers() == (0, 2, 3)
    assert edits.toggle_racer(off, 1) == FIRST
    assert edits.toggle_racer(FIRST, 7) is FIRST
    alone = edits.set_solo(FIRST, 2, True)
    assert alone.shown_racers() == (2,)
    assert edits.set_solo(alone, 0, True).shown_racers() == (0,)
    # Alone means on the stage, and whoever leaves it is not alone there.
    assert edits.set_solo(edits.set_enabled(FIRST, 2, False), 2, True).shown_racers() == (2,)
    assert edits.set_enabled(alone, 2, False).shown_racers() == (0, 1, 3)
    # Nobody is entered unseen.
    assert 4 in edits.add_racer(alone, "sgd").shown_racers()
    assert 4 in edits.duplicate_racer(alone, 0).shown_racers()


def test_racers_up_to_eight_with_looks_and_names_of_their_own(full):
    assert len(full.racers) == MAX_RACERS
    assert [racer.style for racer in full.racers] == list(range(MAX_RACERS))
    assert [racer.name for racer in full.racers[4:]] == [
        "SGD 2",
        "Momentum 2",
        "RMSProp 2",
        "Adam 2",
    ]
    for edit, argument in ((edits.add_racer, "sgd"), (edits.duplicate_racer, 0)):
        with pytest.raises(PartError, match="at most 8 racers"):
            edit(full, argument)


def test_eight_racers_of_one_kind_have_eight_names():
    scene = replace(FIRST, racers=())
    for _ in range(MAX_RACERS):
        scene = edits.add_racer(scene, "sgd")
    assert len({racer.name for racer in scene.racers}) == MAX_RACERS
    scene = edits.remove_racer(scene, 3)
    scene = edits.duplicate_racer(scene, 6)
    assert len({racer.name for racer in scene.racers}) == MAX_RACERS


@pytest.mark.parametrize("name", ["X" * MAX_NAME, "123456", "  12", "7" * MAX_NAME])
def test_copies_of_awkward_names(name):
    scene = edits.rename_racer(FIRST, 0, name)
    for _ in range(4):
        scene = edits.duplicate_racer(scene, 0)
    names = [racer.name for racer in scene.racers]
    assert len(set(names)) == 8
    assert all(len(each) <= MAX_NAME for each in names)


def test_a_removed_look_is_free_again_and_the_others_keep_theirs(full):
    less = edits.remove_racer(full, 2)
    assert [racer.style for racer in less.racers] == [0, 1, 3, 4, 5, 6, 7]
    again = edits.add_racer(less, "adam")
    assert again.racers[-1].style == 2


@pytest.mark.parametrize(
    ("solo", "removed", "left"), [(2, 0, 1), (2, 2, None), (2, 3, 2), (None, 0, None)]
)
def test_solo_follows_its_racer(solo, removed, left):
    scene = replace(FIRST, solo=solo)
    assert edits.remove_racer(scene, removed).solo == left


def test_an_empty_race():
    scene = FIRST
    for _ in range(4):
        scene = edits.remove_racer(scene, 0)
    assert scene.racers == ()
    assert edits.link_lr(scene, True).link_lr
    assert edits.choose_surface(scene, "rosenbrock").racers == ()
    assert scene.race_spec().entrants == ()
    assert len(edits.add_racer(edits.link_lr(scene, True), "adam").racers) == 1


def test_nobody_is_entered_unseen():
    alone = edits.set_solo(FIRST, 2, True)
    for scene in (edits.add_racer(alone, "adam"), edits.duplicate_racer(alone, 0)):
        assert scene.shown(4)


def test_a_copy_is_on_even_if_the_racer_is_off():
    scene = edits.duplicate_racer(edits.set_enabled(FIRST, 0, False), 0)
    assert scene.racers[4].enabled
    assert scene.racers[4].optimizer == scene.racers[0].optimizer


def test_renaming():
    scene = edits.rename_racer(FIRST, 0, "  Plain descent ")
    assert scene.racers[0].name == "Plain descent"
    for name in (
        "",
        "   ",
        "x" * (MAX_NAME + 1),
        "two\nlines",
        "a\tb",
        "\x00",
        "\ud800",
        "a\u2028b",
    ):
        with pytest.raises(PartError, match="name must"):
            edits.rename_racer(FIRST, 0, name)
    assert edits.rename_racer(FIRST, 0, "Ада́м 🎿").racers[0].name == "Ада́м 🎿"


# What no scene can be


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start": (float("nan"), 0)}, "start"),
        ({"start": (0, float("inf"))}, "start"),
        ({"start": ("1", 0)}, "start"),
        ({"start": (10**400, 0)}, "start"),
        ({"steps": 0}, "steps"),
        ({"steps": 100_001}, "steps"),
        ({"steps": 1.5}, "steps"),
        ({"steps": True}, "steps"),
        ({"steps_per_epoch": 0}, "steps_per_epoch"),
        ({"seed": -1}, "seed"),
        ({"target": -1e-9}, "target"),
        ({"target": float("nan")}, "target"),
        ({"solo": 4}, "solo"),
        ({"solo": -1}, "solo"),
        ({"racers": FIRST.racers[:1] * 2}, "racers"),
    ],
)
def test_what_a_scene_refuses(change, field):
    with pytest.raises(PartError) as refused:
        replace(FIRST, **change)
    assert refused.value.knob == field
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("style", [-1, 8])
def test_a_style_that_there_is_not(style):
    with pytest.raises(PartError, match="style"):
        replace(FIRST.racers[0], style=style)


@pytest.mark.parametrize(
    "sides",
    [
        (0, 0, 0, 1),
        (1, 0, 0, 1),
        (0, 1, 2, 2),
        (0, float("inf"), 0, 1),
        (float("nan"), 1, 0, 1),
        (-1e308, 1e308, 0, 1),
    ],
)
def test_a_camera_without_a_size(sides):
    with pytest.raises(PartError, match="camera"):
        Camera(*sides)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_knob_of_every_optimizer_by_edit(key):
    scene = replace(FIRST, racers=(Racer(OPTIMIZERS[key](), "One", 0),))
    for spec in OPTIMIZERS[key].knobs():
        if spec.kind == "number":
            good, bad = spec.travel, (spec.low - 1, spec.high * 2, float("nan"), "x", None)
        elif spec.kind == "switch":
            good, bad = (True, False), (1, "on", None)
        else:
            good, bad = spec.choices, ("", 3, None)
        for value in good:
            made = edits.set_racer_knob(scene, 0, spec.name, value)
            assert getattr(made.racers[0].optimizer, spec.name) == value
        for value in bad:
            with pytest.raises(PartError) as refused:
                edits.set_racer_knob(scene, 0, spec.name, value)
            assert refused.value.knob == spec.name


steps_of_editing = st.lists(
    st.one_of(
        st.tuples(st.just(edits.add_racer), st.sampled_from([*OPTIMIZERS])),
        st.tuples(st.just(edits.remove_racer), st.integers(0, 7)),
        st.tuples(st.just(edits.duplicate_racer), st.integers(0, 7)),
        st.tuples(st.just(edits.toggle_racer), st.integers(0, 7)),
        st.tuples(st.just(edits.choose_surface), st.sampled_from([*SURFACES])),
        st.tuples(st.just(edits.link_lr), st.booleans()),
        st.tuples(st.just(edits.set_solo), st.integers(0, 7), st.booleans()),
        st.tuples(st.just(edits.move_start), st.floats(-9, 9), st.floats(-9, 9)),
    ),
    max_size=25,
)


@given(steps_of_editing)
def test_any_row_of_edits_leads_to_a_whole_scene(row):
    scene = FIRST
    for edit, *arguments in row:
        before = scene
        try:
            scene = edit(scene, *arguments)
        except (PartError, IndexError):
            assert scene is before
            continue
        looks = [racer.style for racer in scene.racers]
        names = [racer.name for racer in scene.racers]
        assert len(set(looks)) == len(looks) == len(set(names)) <= MAX_RACERS
        if scene.link_lr:
            assert len({racer.optimizer.lr for racer in scene.racers}) <= 1
        assert len(scene.race_spec().entrants) == len(scene.racers)


def test_copies_race_by_other_schedules_and_none_enters_twice():
    scene = edits.set_schedule_knob(first_scene("beale"), "warmup", 5.0)
    raced = edits.race_schedules(scene, 1, ["cosine_restarts", "wsd", "cosine"])
    assert raced.racers[:4] == scene.racers
    for copy, key in zip(raced.racers[4:], ["cosine_restarts", "wsd", "cosine"], strict=True):
        assert copy.optimizer == scene.racers[1].optimizer
        assert copy.schedule == SCHEDULES[key](warmup=5.0)
    names = [racer.name for racer in raced.racers[4:]]
    assert names == ["cosine restarts", "Momentum, wsd", "Momentum, cosine"]
    assert len({racer.style for racer in raced.racers}) == 7
    with pytest.raises(PartError, match="in the race already"):
        edits.race_schedules(raced, 1, ["cosine", "wsd"])
    assert len(edits.race_schedules(raced, 1, ["cosine", "linear"]).racers) == 8
    with pytest.raises(PartError, match="room for 1 more, and 2 schedules would enter"):
        edits.race_schedules(raced, 1, ["step", "linear"])
    alone = edits.race_schedules(edits.set_solo(scene, 0, True), 0, ["cosine"])
    assert alone.solo is None
    assert alone.shown_racers() == (0, 1, 2, 3, 4)
