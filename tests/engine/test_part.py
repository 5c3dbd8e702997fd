"""Knobs: what they allow, what they say, and what a part is."""

from __future__ import annotations

import math
import pickle
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optiviz.engine import GRADIENTS, OPTIMIZERS, SCHEDULES, SURFACES, Clip, Knob, Part, PartError
from optiviz.engine.digits import rounded

PARTS = [part for table in (OPTIMIZERS, SURFACES, SCHEDULES, GRADIENTS) for part in table.values()]
KNOBS = [(part, spec) for part in PARTS for spec in part.knobs()]
every_part = pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
every_knob = pytest.mark.parametrize(
    ("part", "spec"), KNOBS, ids=[f"{part.key}.{spec.name}" for part, spec in KNOBS]
)


#: Other texts that are allowed, by the knob's name.
TEXTS = {"milestones": ["10, 20"], "knots": ["0:1, 10:0"]}


def outside(spec: Knob) -> list[Any]:
    """Values that no knob of this kind may take."""
    if spec.kind == "choice":
        return ["", "no such choice", spec.choices[0].upper() + "!", 0, 1.0, True, None]
    if spec.kind == "switch":
        return [0, 1, 1.0, "on", "True", None]
    if spec.kind == "text":
        return ["", "a" * 401, "two\nlines", 0, 1.0, True, None]
    wrong: list[Any] = [math.nan, math.inf, -math.inf, 10**400, -(10**400), True, False]
    wrong += ["0.1", "abc", "", None, [0.1], 1j]
    if math.isfinite(spec.low):
        wrong += [math.nextafter(spec.low, -math.inf)]
    if math.isfinite(spec.high):
        wrong += [math.nextafter(spec.high, math.inf)]
    return wrong + ([spec.low + 0.5] if spec.integer else [])


def inside(spec: Knob) -> list[Any]:
    if spec.kind == "choice":
        return list(spec.choices)
    if spec.kind == "switch":
        return [True, False]
    if spec.kind == "text":  # what else one may be, its part says
        return [spec.default, *TEXTS.get(spec.name, [])]
    values = [spec.low, spec.high, spec.default, *spec.travel]
    return [value for value in values if math.isfinite(value)]


@every_knob
def test_a_knob_refuses_what_it_does_not_allow(part: type[Part], spec: Knob) -> None:
    for value in outside(spec):
        with pytest.raises(PartError) as caught:
            part(**{spec.name: value})
        sentence = str(caught.value)
        assert caught.value.knob == spec.name
        assert caught.value.clause.startswith(spec.label)
        assert sentence == f"{caught.value.clause[0].upper()}{caught.value.clause[1:]}."
        assert spec.allowed in sentence
        assert repr(value)[:60] in sentence
        assert len(sentence) < 300 + len(spec.allowed)


@pytest.mark.parametrize(
    ("part", "knob", "value", "wrong"),
    [
        (SCHEDULES["milestones"], "milestones", [30, 60], "[30, 60] is a list; write '30, 60'."),
        (SCHEDULES["milestones"], "milestones", 30, "30 is a number; write '30'."),
        (SCHEDULES["milestones"], "milestones", ["a"], "['a'] is a list."),
        (SCHEDULES["milestones"], "milestones", None, "None is no value."),
        (SCHEDULES["milestones"], "milestones", "", "'' is empty."),
        (SCHEDULES["milestones"], "milestones", "1\n2", r"'1\n2' has '\n' in it."),
        (SCHEDULES["milestones"], "milestones", "1," * 300, " has 600 letters."),
        (OPTIMIZERS["adam"], "lr", "0.1", "'0.1' is a text."),
        (OPTIMIZERS["adam"], "lr", {"a": 1}, "{'a': 1} is an object."),
        (OPTIMIZERS["adam"], "lr", True, "True is true or false."),
        (OPTIMIZERS["adam"], "lr", -1, "-1 is too small."),
        pytest.param(
            OPTIMIZERS["adam"],
            "lr",
            10**5000,
            "a number of thousands of digits is too large.",
            id="huge",
        ),
        (OPTIMIZERS["adam"], "lr", math.nan, "nan is no number."),
        (OPTIMIZERS["adam"], "lr", -math.inf, "-inf is infinite."),
        (OPTIMIZERS["adam"], "bias_correction", 1, "1 is a number, and not true or false."),
        (GRADIENTS["mini_batch"], "batch_size", 2.5, "2.5 is no whole number."),
    ],
)
def test_a_refusal_says_what_is_wrong_with_this_value(part, knob, value, wrong) -> None:
    with pytest.raises(PartError) as caught:
        part(**{knob: value})
    assert str(caught.value).endswith(f"; {wrong}" if wrong[0] != " " else wrong)


@every_knob
def test_a_knob_takes_both_ends_of_its_range(part: type[Part], spec: Knob) -> None:
    for value in inside(spec):
        made = part(**{spec.name: value})
        assert getattr(made, spec.name) == value
        assert made == part().with_knob(spec.name, value)


@every_knob
def test_a_knob_explains_itself(part: type[Part], spec: Knob) -> None:
    assert spec.label
    assert spec.symbol
    assert spec.help.endswith(".")
    if spec.kind == "number":
        low, high = spec.travel
        assert spec.low <= low < high <= spec.high
        assert spec.low <= spec.default <= spec.high
        if spec.scale == "log":
            assert low > 0.0
        assert rounded(spec.low, 12) in spec.allowed
        assert rounded(spec.high, 12) in spec.allowed
    assert part.knob(spec.name) == spec


@every_knob
def test_whole_numbers_become_the_knobs_own_type(part: type[Part], spec: Knob) -> None:
    if spec.kind == "number" and spec.low <= 1 <= spec.high:
        value = getattr(part(**{spec.name: 1}), spec.name)
        assert type(value) is (int if spec.integer else float)


def test_numpys_numbers_are_taken_as_pythons() -> None:
    assert type(OPTIMIZERS["sgd"](lr=np.float64(0.5)).lr) is float


@every_part
def test_parts_are_frozen_and_compare_by_their_knobs(part: type[Part]) -> None:
    one, other = part(), part()
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other}) == 1
    assert pickle.loads(pickle.dumps(one)) == one
    assert one.settings() == {spec.name: spec.default for spec in part.knobs()}
    for spec in part.knobs():
        with pytest.raises(FrozenInstanceError):
            setattr(one, spec.name, spec.default)
        others = [value for value in inside(spec) if value != spec.default]
        if not others:
            continue
        changed = one.with_knob(spec.name, others[0])
        assert changed != one
        assert getattr(one, spec.name) == spec.default
        assert {**one.settings(), spec.name: others[0]} == changed.settings()


@every_part
def test_parts_have_titles_and_formulas(part: type[Part]) -> None:
    assert part.title
    assert part.formula
    assert part.about.endswith(".")
    assert part.key == part.key.lower()


@every_part
def test_a_knob_that_is_not_there_is_named_with_those_that_are(part: type[Part]) -> None:
    with pytest.raises(KeyError) as caught:
        part().with_knob("no_such_knob", 1.0)
    assert "no_such_knob" in str(caught.value)
    assert all(spec.name in str(caught.value) for spec in part.knobs())


def test_optimizers_begin_with_the_rate_and_end_with_the_decay() -> None:
    for part in OPTIMIZERS.values():
        names = [spec.name for spec in part.knobs()]
        assert names[0] == "lr"
        assert names[-1] == "weight_decay"


@pytest.mark.parametrize("part", OPTIMIZERS.values(), ids=lambda part: part.key)
def test_the_document_has_every_rule_with_its_knobs(part: type[Part]) -> None:
    text = (Path(__file__).parents[2] / "docs" / "optimizers.md").read_text(encoding="utf-8")
    section = text.split(f"## {part.title} `{part.key}`\n")[1].split("\n## ")[0]
    for spec in part.knobs():
        default = "on" if spec.default is True else spec.default
        told = f"`{spec.name}` {default:g}" if spec.kind == "number" else f"`{spec.name}` {default}"
        assert told.replace("e-0", "e-") in section
    for word in ("*Source:*", "*Remembers:*", "*Teaches:*", "*Elsewhere:*"):
        assert section.count(word) == 1


def test_keys_are_those_of_the_tables() -> None:
    for table in (OPTIMIZERS, SURFACES, SCHEDULES, GRADIENTS):
        assert all(part.key == key for key, part in table.items())
    assert {"sgd", "momentum", "rmsprop", "adam"} <= set(OPTIMIZERS)
    assert {"quadratic", "rosenbrock", "beale", "himmelblau"} <= set(SURFACES)
    assert "constant" in SCHEDULES
    assert "full" in GRADIENTS


@pytest.mark.parametrize("kind", ["norm", "value"])
@pytest.mark.parametrize("limit", [0.0, -1.0, math.nan, math.inf, True, "1", None, 10**400])
def test_a_clip_refuses_a_limit_that_is_none(kind: Any, limit: Any) -> None:
    with pytest.raises(PartError, match="above 0") as caught:
        Clip(kind, limit)
    assert caught.value.knob == "limit"
    assert repr(limit) in str(caught.value)


def test_a_clip_is_by_norm_or_value() -> None:
    with pytest.raises(PartError, match="norm or value"):
        Clip("length", 1.0)  # type: ignore[arg-type]
    assert Clip.norm(1) == Clip("norm", 1.0)
    assert type(Clip.value(2).limit) is float
    assert Clip.norm(1.0).code != Clip.value(1.0).code
