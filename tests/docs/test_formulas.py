"""The formulas that the documents print, computed as they stand, give the engine's numbers."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SCHEDULES, SURFACES, Entrant, RaceSpec, run_race
from tests.docs.notation import value
from tests.docs.reading import ROOT

Array = np.ndarray


def rows_of_surfaces() -> dict[str, str]:
    """The formula column of the surfaces that are formulas, by key."""
    text = (ROOT / "docs" / "surfaces.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| [^|]+ `(\w+)` \| (.+?\)?) \| (?=[^|]*\|)", text, re.MULTILINE))


def first_paragraphs(document: str) -> dict[str, str]:
    """The formula under each heading of a part, by key."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    return dict(re.findall(r"^## .+ `(\w+)`\n\n(.+)\n", text, re.MULTILINE))


FORMULAS = {key: row for key, row in rows_of_surfaces().items() if SURFACES[key].group != "data"}


def test_every_surface_that_is_a_formula_is_in_the_tables() -> None:
    assert set(FORMULAS) == {key for key, part in SURFACES.items() if part.group != "data"}
    assert set(first_paragraphs("optimizers.md")) == set(OPTIMIZERS)
    assert set(first_paragraphs("schedules.md")) == set(SCHEDULES)


def defined(pieces: list[str], names: dict[str, Any]) -> dict[str, Any]:
    """Add what ``A(s) = …``, ``q = …`` and ``r² = …`` say."""
    for piece in pieces:
        left, right = piece.split(" = ", 1)
        if function := re.fullmatch(r"(\w)\((\w)\)", left):
            name, letter = function.groups()
            names[name] = lambda at, right=right, letter=letter: value(right, {**names, letter: at})
        elif left.endswith("²"):
            names[left[:-1]] = np.sqrt(value(right, names))
        else:
            names[left] = value(right, names)
    return names


def beside_the_formula(key: str, x: Array, y: Array, names: dict[str, Any]) -> dict[str, Any]:
    """What two rows say in words."""
    if key == "quadratic":
        turn = math.radians(names["angle"])
        u = x * math.cos(turn) + y * math.sin(turn)
        return {"u": u, "v": -x * math.sin(turn) + y * math.cos(turn)}
    if key == "flat_and_sharp":
        a, b = -1.8, -0.6
        return {"a₁": a, "a₂": b, "q": names["ρ"] * ((x + a) ** 2 / 10 + (y + b) ** 2 / 2)}
    return {}


@pytest.mark.parametrize("key", FORMULAS)
def test_a_surface_is_what_its_row_says(key: str) -> None:
    surface = SURFACES[key]()
    (x0, x1), (y0, y1) = surface.window
    x, y = np.meshgrid(np.linspace(x0, x1, 23), np.linspace(y0, y1, 19))
    names: dict[str, Any] = {"x": x, "y": y}
    names |= {spec.symbol: getattr(surface, spec.name) for spec in surface.knobs()}
    names |= beside_the_formula(key, x, y, names)
    formula, *pieces = re.split(r", (?=\w+²? = |\w\(\w\) = |\(u, v\))", FORMULAS[key])
    pieces = [piece for piece in pieces if " = " in piece and not piece.startswith("q = ρ")]
    theirs = value(formula, defined(pieces, names))
    assert theirs == pytest.approx(surface.value(x, y), rel=1e-12, abs=1e-12)


# ---- schedules

#: Shapes that a formula tells in words: checked in tests/engine/test_schedules.py.
IN_WORDS = {"one_cycle", "wsd", "drawn"}
#: Letters that stand for what changes along the way.
ALONG = {
    "milestones": lambda e, knobs: {"n": np.searchsorted([30.0, 60.0], e, side="right")},
    "cosine_restarts": lambda e, knobs: {"u": e % knobs["T₀"], "Tᵢ": knobs["T₀"]},
    "cyclical": lambda e, knobs: {"u": e % knobs["P"], "h": 1.0},
}


@pytest.mark.parametrize("key", [key for key in SCHEDULES if key not in IN_WORDS])
def test_a_schedule_is_what_its_formula_says(key: str) -> None:
    schedule, epochs = SCHEDULES[key](), 90.0
    e = np.arange(0.0, epochs, 0.4)
    knobs = {spec.symbol: getattr(schedule, spec.name) for spec in schedule.knobs()}
    names = {"ε": 0.3, "t": e, "T": epochs, **knobs, **ALONG.get(key, lambda *_: {})(e, knobs)}
    # Named otherwise on its knob's row than in the formula.
    names["k"] = getattr(schedule, "step_size", None)
    formula = re.split(r", ", first_paragraphs("schedules.md")[key])[0]
    theirs = value(formula, names)
    assert theirs == pytest.approx(0.3 * schedule.factor(e, epochs), rel=1e-12, abs=1e-15)


# ---- update rules

RULES = first_paragraphs("optimizers.md")
STEPS = 40
START = (1.0, 1.5)


def gradient(theta: Array) -> Array:
    return np.array(SURFACES["beale"]().gradient(float(theta[0]), float(theta[1])))


def statements(key: str) -> list[str]:
    """A rule's formula as a list of assignments, with what it takes from Adam's."""
    adams = RULES["adam"].split("; ")
    text = RULES[key].replace("s and r as in Adam", "; ".join(adams[:4]))
    text = text.replace("then Adam's step", "; ".join(adams)).replace(", s ←", "; s ←")
    return text.replace("μ₁⋯μₜ₊₁", "N").replace("μ₁⋯μₜ", "M").split("; ")


def carry_out(statement: str, names: dict[str, Any]) -> None:
    """Do what ``v ← βv − εg``, ``ŝ = …``, ``g at …`` or NAdam's ``μₜ = …`` says."""
    if statement.startswith("g at "):
        names["g"] = gradient(value(statement.removeprefix("g at "), names))
        return
    name, formula = re.split(r" ← | = ", statement, maxsplit=1)
    names[name] = value(formula, names)
    if name == "μₜ":
        names["μₜ₊₁"] = value(formula, {**names, "t": names["t"] + 1})
        names["M"] = names["M"] * names["μₜ"]
        names["N"] = names["M"] * names["μₜ₊₁"]


def step(key: str, names: dict[str, Any]) -> None:
    for statement in statements(key):
        if statement.startswith("where ρ > 5: "):
            names["trusted"] = names["ρ"] > 5
            if names["trusted"]:
                for each in statement.removeprefix("where ρ > 5: ").split(" and "):
                    carry_out(each, names)
        elif not statement.startswith("else "):
            carry_out(statement, names)
        elif not names["trusted"]:
            carry_out(statement.removeprefix("else "), names)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_a_rule_is_what_its_formula_says(key: str) -> None:
    optimizer = OPTIMIZERS[key](lr=0.002)
    names = {spec.symbol: getattr(optimizer, spec.name) for spec in optimizer.knobs()}
    names |= {name: np.zeros(2) for name in [*optimizer.memory, "m"]}
    names |= {"θ": np.array(START), "M": 1.0}
    path = [names["θ"]]
    for t in range(1, STEPS + 1):
        names |= {"t": t, "g": gradient(names["θ"])}
        step(key, names)
        path.append(names["θ"])
    spec = RaceSpec(SURFACES["beale"](), START, STEPS, (Entrant(optimizer),))
    assert np.array(path) == pytest.approx(run_race(spec).runs[0].path, rel=1e-9, abs=1e-9)


# ---- how large ε may be


def rows_of_bounds() -> dict[str, tuple[str, str]]:
    """The bound and P of each rule, by key; a cell that points to Adam's is Adam's."""
    text = (ROOT / "docs" / "optimizers.md").read_text(encoding="utf-8")
    table = text.split("| rule | bound on ε |")[1].split("\n\n")[0]
    keys = {part.title.lower(): key for key, part in OPTIMIZERS.items()}
    found: dict[str, tuple[str, str]] = {}
    for line in table.splitlines()[2:]:
        names, bound, scale, _ = (cell.strip() for cell in line.strip().strip("|").split("|"))
        for name in names.split(", "):
            found[keys[name.lower()]] = (found["adam"][0] if bound == "as Adam" else bound, scale)
    return found


BOUNDS = rows_of_bounds()


def test_every_rule_has_a_bound_or_none() -> None:
    assert set(BOUNDS) == set(OPTIMIZERS)
    unbounded = {key for key, part in OPTIMIZERS.items() if not part.bounded}
    assert {key for key, (bound, _) in BOUNDS.items() if bound.startswith("none")} == unbounded


def letters_at(key: str, at: int) -> tuple[dict[str, Any], Any]:
    """What the letters of a rule's row are after some steps down a quadratic; and the run."""
    surface = SURFACES["quadratic"]()
    optimizer = OPTIMIZERS[key](weight_decay=0.0)
    spec = RaceSpec(surface, surface.start, at + 10, (Entrant(optimizer),))
    run = run_race(spec).runs[0]
    names: dict[str, Any] = {one.symbol: getattr(optimizer, one.name) for one in optimizer.knobs()}
    names |= {name: values[at] for name, values in run.memory().items()} | {"t": at}
    if "beta1^t" in optimizer.numbers:
        names["r̂"] = names.get("r_max", names.get("r", 0.0)) / (1.0 - names["β₂"] ** at)
    if key == "nadam":
        names["μ"], names["μ′"] = (
            names["β₁"] * (1.0 - 0.5 * 0.96 ** (step * names["ψ"])) for step in (at + 1, at + 2)
        )
    if key == "radam":
        for statement in statements(key)[4:6]:
            carry_out(statement, names)
        carry_out(statements(key)[6].removeprefix("where ρ > 5: ").split(" and ")[0], names)
    return names, run


@pytest.mark.parametrize("key", [key for key, part in OPTIMIZERS.items() if part.bounded])
def test_a_bound_is_what_its_row_says(key: str) -> None:
    bound, scale = BOUNDS[key]
    names, run = letters_at(key, 30)
    divides = value(re.split(r",| with", scale)[0], names) if scale else np.ones(2)
    hessian = run.surface.hessian(*run.path[30])
    names["L"] = float(np.linalg.eigvals(hessian / np.reshape(divides, (2, 1))).real.max())
    printed = value(re.sub(r"λmax of (P⁻¹)?H", "L", bound), names)
    assert run.lr_bound(30) == pytest.approx(printed, rel=1e-9)


@pytest.mark.parametrize("key", [key for key, part in OPTIMIZERS.items() if not part.bounded])
def test_a_rule_without_a_bound_has_none(key: str) -> None:
    assert letters_at(key, 30)[1].lr_bound(30) is None


def test_adadelta_s_first_steps_are_as_long_as_it_says() -> None:
    """About √(δ / (1 − ρ)), as a sentence of it says."""
    optimizer = OPTIMIZERS["adadelta"]()
    spec = RaceSpec(SURFACES["beale"](), START, 1, (Entrant(optimizer),))
    first = np.abs(np.diff(run_race(spec).runs[0].path, axis=0)[0])
    text = (ROOT / "docs" / "optimizers.md").read_text(encoding="utf-8")
    told = re.search(r"the first are about (√\(.+?\)\)) long", text)
    assert told
    names = {"δ": 1e-6, "ρ": 0.9}
    assert first == pytest.approx(np.full(2, value(told[1], names)), rel=1e-3)
