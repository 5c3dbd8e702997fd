"""Scene files: what is written is read back, and what is wrong is told in one sentence."""

import json
import os
import re
import stat
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optiviz.engine import MAX_STEPS, OPTIMIZERS, SURFACES, Clip, PartError, datasets
from optiviz.scene import (
    MAX_NAME,
    MAX_RACERS,
    Camera,
    Racer,
    Scene,
    Viewpoint,
    first_scene,
)
from optiviz.scene.file import MAX_BYTES, SceneFileError, dumps, loads, read, write

FIRST = first_scene("beale")
TEXT = dumps(FIRST)


def knob_values(spec):
    if spec.kind == "switch":
        return st.booleans()
    if spec.kind == "choice":
        return st.sampled_from(spec.choices)
    if spec.kind == "text":  # what a text may be, its part says; see below
        return st.just(spec.default)
    if spec.integer:
        return st.integers(int(spec.low), int(spec.high))
    return st.floats(spec.low, spec.high)


def parts(table):
    return st.sampled_from([*table.values()]).flatmap(
        lambda part: st.builds(part, **{spec.name: knob_values(spec) for spec in part.knobs()})
    )


names = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=MAX_NAME
).filter(lambda name: 0 < len(name.strip()))
clips = st.none() | st.builds(Clip, st.sampled_from(["norm", "value"]), st.floats(1e-3, 1e3))
finite = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def cameras(draw):
    sides = [draw(st.floats(-1e100, 1e100)) for _ in range(4)]
    try:
        return Camera(*sides)
    except PartError:
        return None


sides = st.floats(-1.0, 1.0)
viewpoints = st.builds(
    Viewpoint,
    st.floats(-360, 360),
    st.floats(0, 90),
    st.floats(0.1, 20),
    sides,
    sides,
    st.floats(-1, 2.5),
)


@st.composite
def scenes(draw):
    looks = draw(st.lists(st.integers(0, 7), unique=True, max_size=MAX_RACERS))
    racers = tuple(
        Racer(draw(parts(OPTIMIZERS)), draw(names), look, draw(st.booleans()), clip=draw(clips))
        for look in looks
    )
    return Scene(
        surface=draw(parts(SURFACES)),
        start=(draw(finite), draw(finite)),
        racers=racers,
        steps=draw(st.integers(1, MAX_STEPS)),
        steps_per_epoch=draw(st.integers(1, MAX_STEPS)),
        seed=draw(st.integers(0, 2**32 - 1)),
        target=draw(st.floats(0, 1e300)),
        link_lr=draw(st.booleans()),
        solo=draw(st.none() | st.integers(0, len(racers) - 1)) if racers else None,
        camera=draw(cameras()),
        viewpoint=draw(st.none() | viewpoints),
    )


@given(scenes())
@settings(deadline=None)
def test_a_scene_comes_back_as_it_was(scene):
    text = dumps(scene)
    assert loads(text) == scene
    assert loads(text.encode()) == scene
    assert dumps(loads(text)) == text


@pytest.mark.parametrize("key", SURFACES)
def test_a_file_can_be_read_by_people(key):
    text = dumps(first_scene(key))
    data = json.loads(text)
    assert data["optiviz"] == 2
    assert data["surface"]["key"] == key
    assert data["racers"][3]["optimizer"]["beta1"] == 0.9
    assert text.endswith("}\n")
    assert "\n  " in text


def test_what_may_be_left_out():
    data = json.loads(TEXT)
    for name in ("steps_per_epoch", "seed", "target", "epoch_follows_data", "link_lr"):
        del data[name]
    for racer in data["racers"]:
        for name in ("enabled", "schedule", "gradient"):
            del racer[name]
        racer["optimizer"] = {"key": racer["optimizer"]["key"]}
    scene = loads(json.dumps(data))
    assert [racer.optimizer for racer in scene.racers] == [
        OPTIMIZERS[key]() for key in ("sgd", "momentum", "rmsprop", "adam")
    ]


def test_what_there_is_not_is_left_out():
    data = json.loads(TEXT)
    assert not {"solo", "camera", "viewpoint", "data"} & set(data)
    assert all("clip" not in racer for racer in data["racers"])


def test_each_field_of_a_scene_is_in_its_file():
    """By the declarations alone: a field that is added must not be forgotten."""
    racer = replace(FIRST.racers[0], clip=Clip.norm(1.0))
    scene = replace(
        FIRST,
        racers=(racer,),
        solo=0,
        camera=Camera(0, 1, 2, 3),
        viewpoint=Viewpoint(0, 45, 2, 0.1, 0.2, 0.3),
    )
    data = json.loads(dumps(scene))
    assert data.keys() - {"optiviz"} == {field.name for field in fields(Scene)}
    assert data["racers"][0].keys() == {field.name for field in fields(Racer)}
    assert data["camera"] == {"x": [0, 1], "y": [2, 3]}
    assert data["viewpoint"]["looks_at"] == [0.1, 0.2, 0.3]
    assert loads(dumps(scene)) == scene


# What is wrong with a file


def refused(text):
    """Read what must be refused; gives the sentence, which is one."""
    with pytest.raises(SceneFileError) as error:
        loads(text)
    sentence = str(error.value)
    assert_one_sentence(sentence)
    return sentence


def assert_one_sentence(sentence):
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 400
    assert not re.search(r"\.\s+[A-Z]", sentence), sentence


def changed(change):
    data = json.loads(TEXT)
    change(data)
    return json.dumps(data)


def seen(**other):
    """A viewpoint as a file has it, but for something."""
    return {"azimuth": 0.0, "elevation": 45.0, "distance": 2.0, "looks_at": [0.0] * 3, **other}


def optimizer(index, **knobs):
    return changed(lambda data: data["racers"][index]["optimizer"].update(knobs))


def test_a_file_that_ends_too_early_at_every_byte():
    data = TEXT.rstrip().encode()
    for length in range(len(data)):
        refused(data[:length])
    assert loads(data) == FIRST


def test_a_file_with_every_byte_broken():
    data = TEXT.encode()
    for place in range(0, len(data), 3):
        for byte in (0x00, 0xFF, ord("{"), ord('"')):
            broken = data[:place] + bytes([byte]) + data[place + 1 :]
            try:
                loads(broken)
            except SceneFileError as error:
                assert_one_sentence(str(error))


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_anything_else_is_refused(data):
    refused(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | finite | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.data())
@settings(deadline=None)
def test_any_value_in_any_place_is_refused_or_makes_a_whole_scene(data):
    tree = json.loads(TEXT)
    spot = tree
    while True:
        keys = sorted(spot) if isinstance(spot, dict) else list(range(len(spot)))
        key = data.draw(st.sampled_from(keys))
        deeper = isinstance(spot[key], (dict, list)) and len(spot[key]) > 0
        if not deeper or data.draw(st.booleans()):
            break
        spot = spot[key]
    spot[key] = data.draw(json_values)
    try:
        scene = loads(json.dumps(tree))
    except SceneFileError as error:
        assert_one_sentence(str(error))
    else:
        assert loads(dumps(scene)) == scene


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (changed(lambda d: d.update(steps="many")), "$.steps"),
        (changed(lambda d: d.update(steps=0)), "$.steps"),
        (changed(lambda d: d.update(steps=2.5)), "$.steps"),
        (changed(lambda d: d.update(steps=10**300)), "$.steps"),
        (changed(lambda d: d.update(start=[1])), "$.start"),
        (changed(lambda d: d.update(start=[1, None])), "$.start[1]"),
        (changed(lambda d: d.update(seed=-1)), "$.seed"),
        (changed(lambda d: d.update(target=-1)), "$.target"),
        (changed(lambda d: d.update(solo=9)), "$.solo"),
        (changed(lambda d: d.update(racers={})), "$.racers"),
        (changed(lambda d: d.pop("racers")), "racers"),
        (changed(lambda d: d.update(code="import os")), "code"),
        (changed(lambda d: d.update(camera={"x": [1, 0], "y": [0, 1]})), "$.camera"),
        (changed(lambda d: d.update(camera={"x": [-1e308, 1e308], "y": [0, 1]})), "$.camera"),
        (changed(lambda d: d.update(camera={"x": [0, 1]})), "$.camera"),
        (changed(lambda d: d.update(viewpoint=seen(elevation=91.0))), "$.viewpoint"),
        (changed(lambda d: d.update(viewpoint=seen(distance=0.0))), "$.viewpoint"),
        (changed(lambda d: d.update(viewpoint=seen(looks_at=[0.0, 9.0, 0.0]))), "$.viewpoint"),
        (changed(lambda d: d.update(viewpoint=seen(looks_at=[0.0]))), "$.viewpoint.looks_at"),
        (changed(lambda d: d.update(viewpoint=seen(code="x"))), "$.viewpoint"),
        (changed(lambda d: d.update(viewpoint=None)), "$.viewpoint"),
        (changed(lambda d: d.update(camera=None)), "$.camera"),
        (changed(lambda d: d.update(solo=None)), "$.solo"),
        (changed(lambda d: d["racers"][1].update(clip=None)), "$.racers[1].clip"),
        (changed(lambda d: d["surface"].update(key="os.system")), "$.surface.key"),
        (changed(lambda d: d["surface"].update(key=["beale"])), "$.surface.key"),
        (changed(lambda d: d["surface"].pop("key")), "$.surface.key"),
        (changed(lambda d: d["surface"].update(kappa=3)), "$.surface"),
        (changed(lambda d: d["racers"][1].update(style=0)), "$.racers"),
        (changed(lambda d: d["racers"][1].update(style=8)), "$.racers[1].style"),
        (changed(lambda d: d["racers"][1].update(name="")), "$.racers[1].name"),
        (changed(lambda d: d["racers"][1].update(name="a\nb")), "$.racers[1].name"),
        (changed(lambda d: d["racers"][1].update(enabled="yes")), "$.racers[1].enabled"),
        (changed(lambda d: d["racers"][1].update(evil=1)), "$.racers[1]"),
        (changed(lambda d: d["racers"][2]["schedule"].update(key="")), "$.racers[2].schedule.key"),
        (changed(lambda d: d["racers"][2]["gradient"].update(sigma=1)), "$.racers[2].gradient"),
        (
            changed(lambda d: d["racers"][2].update(gradient={"key": "gaussian", "sigma": -1})),
            "$.racers[2].gradient.sigma",
        ),
        (
            changed(lambda d: d["racers"][0].update(clip={"kind": "x", "limit": 1})),
            "$.racers[0].clip.kind",
        ),
        (
            changed(lambda d: d["racers"][0].update(clip={"kind": "norm", "limit": -1})),
            "$.racers[0].clip.limit",
        ),
        (optimizer(0, lr=-1), "$.racers[0].optimizer.lr"),
        (optimizer(0, lr="0.1"), "$.racers[0].optimizer.lr"),
        (optimizer(0, lr=None), "$.racers[0].optimizer.lr"),
        (optimizer(0, lr=True), "$.racers[0].optimizer.lr"),
        (optimizer(0, lr=[1]), "$.racers[0].optimizer.lr"),
        (optimizer(1, beta=1), "$.racers[1].optimizer.beta"),
        (optimizer(1, form="keras"), "$.racers[1].optimizer.form"),
        (optimizer(3, bias_correction=1), "$.racers[3].optimizer.bias_correction"),
        (optimizer(3, key="eval"), "$.racers[3].optimizer.key"),
        (optimizer(3, rho=0.9), "$.racers[3].optimizer"),
    ],
)
def test_the_place_of_a_faulty_field_is_told(text, place):
    assert place in refused(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 5000])
@pytest.mark.parametrize("old", ['"lr": 0.02', '"target": 0.001', '"steps": 300', '"seed": 0'])
def test_numbers_that_are_none(number, old):
    name = old.split(":")[0]
    assert old in TEXT
    refused(TEXT.replace(old, f"{name}: {number}", 1))


def test_a_scene_of_a_newer_version():
    sentence = refused(TEXT.replace('"optiviz": 2', '"optiviz": 3'))
    assert "newer OptiViz" in sentence
    assert "format 3" in sentence
    # Whatever else a newer one may hold, the version is what is told.
    assert "newer" in refused('{"optiviz": 7, "lenses": [{}]}')
    assert "newer" in refused('{"optiviz": 3' + "0" * 400 + "}")


@pytest.mark.parametrize("version", ["0", "-1", "-1" + "0" * 400])
def test_a_version_that_never_was(version):
    assert "no scene format" in refused('{"optiviz": ' + version + "}")


@pytest.mark.parametrize("version", ['"1"', "1.5", "null", "true", "[1]"])
def test_a_version_that_is_no_number(version):
    assert "$.optiviz" in refused('{"optiviz": ' + version + "}")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"optiviz": ' + "[" * 100_000,
        '{"optiviz": 2, "racers": ' + "[" * 100_000 + "]" * 100_000 + "}",
        TEXT.replace('"lr": 0.02', '"lr": ' + "[" * 100_000 + "]" * 100_000),
        TEXT.replace('"lr": 0.02', '"lr": ' + '{"a":' * 100_000 + "1" + "}" * 100_000),
    ],
    ids=range(6),
)
def test_brackets_without_end(text):
    refused(text)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.replace("SGD", "é").encode("latin-1"),
        TEXT.encode("utf-16"),
        b"\xff\xfe" + TEXT.encode(),
        TEXT.encode().replace(b'"lr"', b'"l\xffr"'),
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.",
        b"",
        b"null",
        b"3",
        b'""',
    ],
    ids=range(10),
)
def test_what_is_no_text_in_utf_8_or_no_scene(data):
    refused(data)


def test_a_long_text_is_not_repeated_at_length():
    for text in (
        optimizer(0, lr="x" * 100_000),
        changed(lambda d: d.update({"k" * 100_000: 1})),
        changed(lambda d: d["racers"][0]["optimizer"].update({"k" * 100_000: 1})),
        changed(lambda d: d["surface"].update(key="k" * 100_000)),
    ):
        refused(text)


def test_opening_runs_no_code(tmp_path, monkeypatch):
    hit = tmp_path / "hit"
    code = f"__import__('pathlib').Path({str(hit)!r}).touch()"
    for text in (
        optimizer(0, lr=code),
        optimizer(0, key=code),
        changed(lambda d: d["surface"].update(key="builtins.eval")),
        changed(lambda d: d.update(__reduce__=["os.system", "touch hit"])),
        changed(lambda d: d["racers"][0].update(name=code)),
        "!!python/object/apply:os.system ['touch hit']",
    ):
        refused(text)
    assert not hit.exists()
    # A name is only a name.
    scene = loads(changed(lambda d: d["racers"][0].update(name="{0.__class__}%s")))
    assert scene.racers[0].name == "{0.__class__}%s"


# Files


def test_a_file_written_and_read(tmp_path):
    path = tmp_path / "lecture 1 – é.optiviz"
    write(path, FIRST)
    assert read(path) == FIRST
    assert path.read_text(encoding="utf-8") == TEXT
    assert [*tmp_path.iterdir()] == [path]
    plain = tmp_path / "plain"
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode, "not the rights that new files get"
    other = replace(FIRST, steps=5)
    path.chmod(0o600)
    write(path, other)
    assert read(path) == other
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def not_opened(path):
    with pytest.raises(SceneFileError) as error:
        read(path)
    sentence = str(error.value)
    assert sentence.startswith(f"Could not open {path.name}: ")
    assert_one_sentence(sentence)
    return sentence


def test_files_that_cannot_be_opened(tmp_path, monkeypatch):
    assert "no such file" in not_opened(tmp_path / "gone.optiviz")
    assert "it is a folder, not a file" in not_opened(tmp_path)
    assert "directory" in not_opened(tmp_path / "no folder" / "x.optiviz")
    broken = tmp_path / "broken.optiviz"
    broken.write_text("{", encoding="utf-8")
    assert "not a whole OptiViz scene" in not_opened(broken)
    large = tmp_path / "large.optiviz"
    large.write_bytes(TEXT.encode() + b" " * MAX_BYTES)
    assert "too large" in not_opened(large)
    fits = tmp_path / "fits.optiviz"
    fits.write_bytes(TEXT.encode() + b" " * (MAX_BYTES - len(TEXT.encode())))
    assert read(fits) == FIRST

    def refuse(self, *_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("optiviz.scene.file.open_file", refuse)
    assert "permission denied" in not_opened(fits)


def test_a_file_without_end_is_not_read_whole(tmp_path):
    pipe = tmp_path / "endless.optiviz"
    try:
        pipe.symlink_to("/dev/zero")
    except OSError:
        pytest.skip("no symbolic links here")
    if not pipe.exists():
        pytest.skip("no /dev/zero here")
    assert "it is a device, not a file" in not_opened(pipe)


@pytest.mark.parametrize(
    ("owner", "name"),
    [(os, "fsync"), (Path, "replace")],
    ids=["fsync", "replace"],
)
@pytest.mark.parametrize("existing", [True, False])
def test_a_write_that_fails_leaves_the_old_file_and_no_piece(
    tmp_path, monkeypatch, owner, name, existing
):
    path = tmp_path / "mine.optiviz"
    if existing:
        write(path, FIRST)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(owner, name, full)
    with pytest.raises(SceneFileError) as error:
        write(path, replace(FIRST, steps=5))
    monkeypatch.undo()
    assert str(error.value) == "Could not save mine.optiviz: no space left on device."
    assert [*tmp_path.iterdir()] == ([path] if existing else [])
    if existing:
        assert read(path) == FIRST


@pytest.mark.skipif(os.name == "nt", reason="rights are otherwise there")
def test_a_new_file_has_the_rights_that_new_files_get(tmp_path):
    old = os.umask(0o077)
    try:
        write(tmp_path / "mine.optiviz", FIRST)
    finally:
        os.umask(old)
    assert (tmp_path / "mine.optiviz").stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(tmp_path):
    target, link = tmp_path / "target.optiviz", tmp_path / "link.optiviz"
    write(target, FIRST)
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("no symbolic links here")
    write(link, replace(FIRST, steps=5))
    assert link.is_symlink()
    assert read(target).steps == 5


def test_places_where_nothing_can_be_written(tmp_path):
    folder = tmp_path / "folder.optiviz"
    folder.mkdir()
    for path in (folder, tmp_path / "no folder" / "x.optiviz"):
        with pytest.raises(SceneFileError) as error:
            write(path, FIRST)
        assert_one_sentence(str(error.value))
        assert path.name in str(error.value)
    assert [*tmp_path.iterdir()] == [folder]


# Data sets of the user's own


@pytest.fixture
def shelf(monkeypatch):
    """An empty shelf, as another machine has it; call it for one more."""

    def empty():
        monkeypatch.setattr(datasets, "_shelf", datasets._Shelf())

    empty()
    return empty


def mine(rows=40, columns=("x", "y")):
    """A data set whose numbers are awkward to write."""
    values = np.random.default_rng(5).normal(size=(len(columns), rows)) * 1e-7 + 1 / 3
    values[1, 3] = np.nan
    values[0, :4] = 7, -0.0, 5e-324, 1e100
    sex = datasets.Column("sex, “or” not", np.arange(rows) % 2, "", ("f", 'm,"é'))
    numbers = [datasets.Column(name, of, "m s⁻¹") for name, of in zip(columns, values, strict=True)]
    return datasets.make("Mine", "My table", [*numbers, sex], ["One is missing."])


def scene_of(dataset):
    name = datasets.keep(dataset)
    surface = SURFACES["line"](data=name, feature="y", output="x", standardize=True)
    return replace(FIRST, surface=surface)


def test_a_scene_carries_the_users_data(shelf):
    dataset = mine()
    scene = scene_of(dataset)
    text = dumps(scene)
    shelf()
    assert loads(text) == scene
    found = datasets.find(dataset.name)
    assert found is not dataset
    for ours, theirs in zip(dataset.columns, found.columns, strict=True):
        assert (ours.name, ours.unit, ours.labels) == (theirs.name, theirs.unit, theirs.labels)
        assert ours.values.tobytes() == theirs.values.tobytes()
    assert (found.title, found.notes) == (dataset.title, dataset.notes)
    assert dumps(loads(text)) == text


def test_rows_can_be_read_by_people(shelf):
    values = {"x": [1, 2.5, np.nan, 4, -3, 6], "y": [1, 0, 3, 0.1, 1e-9, 2]}
    made = [datasets.Column(name, np.array(of)) for name, of in values.items()]
    data = json.loads(dumps(scene_of(datasets.make("a", "A", made))))["data"]
    assert data["columns"] == [{"name": "x"}, {"name": "y"}]
    assert data["rows"] == ["1,1", "2.5,0", ",3", "4,0.1", "-3,1e-09", "6,2"]


def test_bundled_data_are_only_named(shelf):
    scene = replace(FIRST, surface=SURFACES["line"]())
    text = dumps(scene)
    assert "rows" not in text
    assert datasets.IRIS in text
    assert loads(text) == scene
    assert "data" not in json.loads(TEXT)


def test_the_largest_data_set_fits(shelf, tmp_path):
    """2,000 rows and 64 columns of the numbers that take the most letters."""
    random = np.random.default_rng(1)
    columns = [
        datasets.Column(f"{i:02}" + "é" * 198, -(random.random(2000) + 1) * 1.1e-101, "é" * 200)
        for i in range(64)
    ]
    dataset = datasets.make("l" * 99, "é" * 200, columns, ["é" * 500] * 100)
    datasets.keep(dataset)
    names = [column.name for column in columns]
    surface = SURFACES["line"](
        data=dataset.name, feature=names[0], output=names[1], standardize=True
    )
    path = tmp_path / "large.optiviz"
    write(path, replace(FIRST, surface=surface))
    assert path.stat().st_size < MAX_BYTES
    shelf()
    assert read(path).surface == surface
    assert datasets.find(dataset.name).columns[63].values.tobytes() == columns[63].values.tobytes()


def carried(shelf, change):
    """A scene with data of the user's, changed in its file, on a machine that has none."""
    data = json.loads(dumps(scene_of(mine())))
    change(data)
    shelf()
    return json.dumps(data)


def test_data_that_are_nowhere_are_told(shelf):
    text = carried(shelf, lambda d: d.pop("data"))
    assert (
        "does not come with OptiViz, and the file does not carry it - at `$.surface.data`"
        in refused(text)
    )


def test_data_that_are_known_need_not_be_carried(shelf):
    text = carried(shelf, lambda d: d.pop("data"))
    datasets.keep(mine())
    assert loads(text).surface.data == mine().name


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["data"]["rows"].pop(), "name does not fit what it holds - at `$.data`"),
        (lambda d: d["data"].update(name="mine-0123456789ab"), "name does not fit"),
        (lambda d: d["data"].update(name=datasets.IRIS), "name does not fit"),
        (lambda d: d["data"]["columns"][0].update(name="z"), "name does not fit"),
        (lambda d: d["data"]["columns"][2].update(labels=["a", "b"]), "name does not fit"),
        (lambda d: d["data"].update(rows=[]), "1 to 2000 rows - at `$.data.rows`"),
        (lambda d: d["data"].update(rows=["1,2,0"] * 2001), "1 to 2000 rows"),
        (lambda d: d["data"]["rows"].insert(5, "1,2"), "be 3 values - at `$.data.rows[5]`"),
        (lambda d: d["data"]["rows"].insert(5, "1,2,3,4"), "be 3 values - at `$.data.rows[5]`"),
        (lambda d: d["data"]["rows"].insert(5, "1,two,0"), "'two' - at `$.data.rows[5]`"),
        (lambda d: d["data"]["rows"].insert(5, "1,inf,0"), "beyond 1e100 - at `$.data`"),
        (lambda d: d["data"]["rows"].insert(5, "1,2,3"), "values are 0 and 1 - at `$.data`"),
        (lambda d: d["data"]["rows"].insert(5, 1), "`$.data.rows[5]`"),
        (lambda d: d["data"].update(columns=[]), "`$.data"),
        (lambda d: d["data"]["columns"][1].update(name="x"), "two columns are called 'x'"),
        (lambda d: d["data"]["columns"][1].update(labels=["a"]), "`$.data.columns[1].labels`"),
        (lambda d: d["data"].update(path="/etc"), "`$.data`"),
        (lambda d: d["surface"].update(data="mine-0123456789ab"), "`$.surface.data`"),
        (lambda d: d["surface"].update(data=3), "`$.surface.data`"),
        (lambda d: d["surface"].update(feature="no"), "`$.surface.feature`"),
    ],
)
def test_faulty_data_are_told_with_their_place(shelf, change, told):
    assert told in refused(carried(shelf, change))


def test_what_a_file_says_of_data_becomes_one_line(shelf):
    def change(data):
        data["data"].update(title="a\n\tb", notes=["c\nd", "e" * 10_000])

    loads(carried(shelf, change))
    found = datasets.find(mine().name)
    assert found.title == "a b"
    assert found.notes == ("c d", "e" * 500)


def test_a_byte_order_mark_is_no_fault():
    scene = first_scene("beale")
    assert loads("\ufeff" + dumps(scene)) == scene
    assert loads(("\ufeff" + dumps(scene)).encode()) == scene


@pytest.mark.parametrize(
    ("now", "then", "where"),
    [
        ('"steps": 300', '"steps": 1e400', "$.steps"),
        ('"lr": 0.02', '"lr": 1e400', "$.racers[0].optimizer.lr"),
        ('"lr": 0.02', '"lr": -1e400', "$.racers[0].optimizer.lr"),
    ],
)
def test_a_number_beyond_all_floats_is_named_by_its_field(now, then, where):
    text = dumps(first_scene("beale"))
    assert now in text
    with pytest.raises(SceneFileError, match=re.escape(f"at `{where}`")):
        loads(text.replace(now, then, 1))


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("steps",), "x", "'x' is a text and must be a whole number - at `$.steps`"),
        (("steps",), 1.5, "1.5 is a number and must be a whole number - at `$.steps`"),
        (("steps",), None, "None is no value and must be a whole number - at `$.steps`"),
        (("start",), [1], "[1] has 1 entry and must have 2 - at `$.start`"),
        (("start",), ["a", 2], "'a' is a text and must be a number - at `$.start[0]`"),
        (("racers",), {"a": 5}, "{'a': 5} is an object and must be a list - at `$.racers`"),
        (("racers", 0, "name"), 3, "3 is a number and must be a text - at `$.racers[0].name`"),
        (("surface",), 5, "5 is a number and must be an object - at `$.surface`"),
        (
            ("racers", 0, "optimizer", "lr"),
            [1],
            "from 1e-9 to 1000; [1] is a list - at `$.racers[0].optimizer.lr`",
        ),
        (("racers", 0, "optimizer", "lr"), None, "None is no value - at"),
    ],
)
def test_a_value_of_another_type_is_told_as_what_it_is(place, value, told):
    file = json.loads(dumps(first_scene("beale")))
    *within, last = place
    holder = file
    for step in within:
        holder = holder[step]
    holder[last] = value
    with pytest.raises(SceneFileError) as error:
        loads(json.dumps(file))
    assert told in str(error.value)
    assert "Expected" not in str(error.value)


@pytest.mark.parametrize(("text", "held"), [("[1, 2]", "a list"), ("3", "a whole number")])
def test_what_is_no_object_is_told_as_what_it_is(text, held):
    with pytest.raises(SceneFileError, match=f"it holds {held}, and no object"):
        loads(text)
