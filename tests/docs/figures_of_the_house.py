"""The figures of chance, the decisions and the README."""

from __future__ import annotations

import numpy as np

from optiviz.engine import SURFACES, datasets, draws, ensemble, typical_gradient
from optiviz.scene import MAX_RACERS
from optiviz.scene.file import MAX_BYTES
from tests.docs.computed import constant, source_number
from tests.docs.reading import ROOT, Compute, Figure

CHANCE, README = "docs/chance.md", "README.md"
BASINS, JOBS = "optiviz/gui/controllers/basins.py", "optiviz/gui/controllers/jobs.py"
RELIEF = "optiviz/gui/views/surface3d"


def _decision(name: str) -> str:
    (found,) = (ROOT / "docs" / "decisions").glob(f"{name}-*.md")
    return found.relative_to(ROOT).as_posix()


def digits_of_noise() -> list[float]:
    """The leading digits that the first σ of the surfaces have."""
    sizes = [typical_gradient(part()) for part in SURFACES.values()]
    return sorted({round(size / 10.0 ** np.floor(np.log10(size) + 1e-9), 9) for size in sizes})


def bands() -> tuple[float, ...]:
    """How many of a hundred the inner band of the losses holds, and the outer one."""
    outer_low, inner_low, _, inner_high, outer_high = ensemble.QUANTILES
    return 100.0 * (inner_high - inner_low), 100.0 * (outer_high - outer_low)


def kept_draws() -> tuple[float, float, float, float]:
    """What is kept at most, in MiB: permutations; small batches of picks, up to a size; others.

    A row's number takes 16 bits. Normal draws take as much as permutations.
    """
    orders, normals, small, large = (
        int(block.cache_parameters()["maxsize"])
        for block in (
            draws._order_block,
            draws._normal_block,
            draws._small_block,
            draws._large_block,
        )
    )
    path = "optiviz/engine/draws.py"
    permutations = orders * constant(path, "_KEPT") * 2 / 2**20
    assert normals * constant(path, "_NORMAL_STEPS") * 2 * 8 / 2**20 == permutations
    of_one = constant(path, "_PICK_STEPS") * 2 / 2**20
    size = constant(path, "_SMALL")
    return permutations, small * size * of_one, size, large * draws.MAX_EXAMPLES * of_one


def kept_data() -> tuple[int, int, float]:
    """The rows and columns of a data set at most, and their size in MB."""
    rows, columns = datasets.MAX_EXAMPLES, datasets.MAX_COLUMNS
    return rows, columns, rows * columns * 8 / 1e6


def fonts() -> float:
    return sum(path.stat().st_size for path in (ROOT / "resources" / "fonts").glob("*.otf")) / 1e6


def name_digits() -> int:
    """The hexadecimal digits at the end of a data set's name."""
    return len(datasets.PENGUINS.rpartition("-")[2])


def code_of_a_signal() -> float:
    """What the number of the signal that ended the program is added to."""
    return source_number("optiviz/gui/app.py", r"_end\(parts, (\d+) \+ number\)")


def _of(document: str, sentence: str, compute: Compute, about: float = 0.0) -> Figure:
    return Figure(document, sentence, compute, about)


FIGURES = [
    # chance.md
    _of(
        CHANCE,
        "the mean {} and the covariance I",
        lambda: round(float(np.abs(draws.offsets(200).mean(axis=0)).max()), 12),
    ),
    _of(
        CHANCE,
        "that a {} of the window's points fall short of",
        lambda: constant("optiviz/engine/chance.py", "_SHARE"),
    ),
    _of(CHANCE, "rounded to {}, {} or {} × 10ⁿ", digits_of_noise),
    _of(
        CHANCE,
        "the bands that hold {} % and {} % of them at each of at most {} steps",
        lambda: (*bands(), ensemble.MOST_STEPS),
    ),
    _of(CHANCE, "{} seeds come first", lambda: ensemble.COARSE),
    _of(
        CHANCE,
        "from a {} of the racer's own to {} times it",
        lambda: (constant(BASINS, "_FACTORS")[0], constant(BASINS, "_FACTORS")[-1]),
    ),
    Figure(
        "optiviz/engine/chance.py",
        "about {} % of a normal cloud",
        lambda: 100.0 * (1.0 - np.exp(-2.0)),
        0.01,
    ),
    # decisions
    _of(
        _decision("0004"),
        "about {} contour lines of a {} x {} grid",
        lambda: (
            constant("optiviz/engine/field.py", "BANDS"),
            *(constant(JOBS, "_MOST_SAMPLES"),) * 2,
        ),
    ),
    _of(
        _decision("0009"),
        "A path of more than {} points",
        lambda: constant("optiviz/gui/stage/trails.py", "_MOST_FOR_ONE"),
    ),
    _of(
        _decision("0009"),
        "the stage waits up to {} ms",
        lambda: constant("optiviz/gui/views/stage_view.py", "_PATIENCE_MS"),
    ),
    _of(_decision("0009"), "a window has {} of them", lambda: 1000.0 / 60.0),
    _of(_decision("0010"), "- {} MB in the wheel", fonts),
    _of(_decision("0011"), "and {} hex digits of", name_digits),
    _of(_decision("0011"), "at most {} rows and {} columns ({} MB)", kept_data, 0.03),
    _of(_decision("0011"), "above {} rows, the others'", lambda: datasets.MAX_EXAMPLES),
    _of(_decision("0011"), "may have {} MB instead", lambda: MAX_BYTES / 1e6),
    _of(
        _decision("0012"),
        "its raw {}-bit words",
        lambda: np.random.Philox(0).random_raw(1).dtype.itemsize * 8,
    ),
    _of(
        _decision("0012"),
        "permutations and normal draws {} MB each at most, independent picks {} MB for batches "
        "of up to {} and {} MB for larger ones",
        kept_draws,
        0.5,
    ),
    _of(
        _decision("0013"),
        "a frame of {} samples a pixel",
        lambda: constant(f"{RELIEF}/gl.py", "SAMPLES"),
    ),
    _of(
        _decision("0013"),
        "carries depth, in {} steps",
        lambda: source_number(f"{RELIEF}/projection.py", r"\((\d+)\.0 / \(far - near\)\)"),
    ),
    _of(
        _decision("0013"),
        "has {} points along its longer side; once nothing changed for a {} of a second, {}.",
        lambda: (
            constant(JOBS, "MOVING"),
            constant("optiviz/gui/controllers/surface3d.py", "_REST_MS") / 1000.0,
            constant(JOBS, "RESTING"),
        ),
    ),
    _of(
        _decision("0013"),
        "were triangles, {} of them",
        lambda: 4.0 * (constant(JOBS, "RESTING") - 1) ** 2,
        0.02,
    ),
    _of(
        _decision("0013"),
        "took longer than {} ms, one face",
        lambda: 1000.0 * constant(f"{RELIEF}/picture.py", "_SLOW"),
    ),
    _of(
        _decision("0013"),
        "heights {} times exaggerated",
        lambda: constant(f"{RELIEF}/guide.py", "MOST_EXAGGERATION"),
    ),
    # README.md
    _of(README, "| {} to {} | a racer on or off", lambda: (1, MAX_RACERS)),
    _of(
        README,
        "nothing but Python {} or newer",
        lambda: source_number("pyproject.toml", r'requires-python = ">=([\d.]+)"'),
    ),
    _of(
        README,
        "ends with exit code {} where there is no OpenGL",
        lambda: source_number("optiviz/cli.py", r"exit code (\d)"),
    ),
    _of(README, "gives {} and the signal's number", code_of_a_signal),
    _of(_decision("0016"), "The exit code is {} and the signal's number", code_of_a_signal),
]
