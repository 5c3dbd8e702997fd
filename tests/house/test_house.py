"""The rules of the house: who imports whom, style, types, and what reaches a user's machine."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from optiviz import resources

ROOT = Path(__file__).resolve().parents[2]
CHECKED = ("optiviz", "tests", "packaging")


def run(*arguments: str, cwd: Path = ROOT) -> None:
    """Run a module of this Python, and show what it said if it failed."""
    # Colours and width are those of a file, whatever terminal this runs in.
    environ = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout


def git_files() -> list[Path]:
    """Every file that is tracked, or would be by the next commit."""
    try:
        told = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git clone")
    return [path for name in told.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_imports_keep_the_contracts() -> None:
    run("-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache")


def test_the_contract_of_independence_lists_every_view() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [
        contract
        for contract in told["tool"]["importlinter"]["contracts"]
        if contract["type"] == "independence"
    ]
    views = ROOT / "optiviz/gui/views"
    rooms = views.glob("*/__init__.py")
    # What all views share; a view itself is a room, or it would escape the contract.
    shared = {"__init__", "empty_note", "plot_view", "racer_header", "scrub_hand", "stage_view"}
    assert {path.stem for path in views.glob("*.py")} == shared | {"step_plot", "view"}
    assert sorted(contract["modules"]) == sorted(
        f"optiviz.gui.views.{room.parent.name}" for room in rooms
    )


def test_the_benchmarks_can_be_collected() -> None:
    """They have a run of their own; here it is seen that nothing was moved away from them."""
    run("-m", "pytest", "-q", "--collect-only", "--benchmark-disable", "tests/benchmarks")


def test_ruff_finds_nothing() -> None:
    run("-m", "ruff", "check", *CHECKED)


def test_code_is_formatted() -> None:
    run("-m", "ruff", "format", "--check", *CHECKED)


@pytest.mark.slow
def test_types_hold() -> None:
    run("-m", "mypy")


MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_CLASS = 350, 250


def test_no_file_and_no_class_is_too_long_to_be_read_at_once() -> None:
    package, told = ROOT / "optiviz", []
    for path in sorted(package.rglob("*.py")):
        name, source = path.relative_to(package).as_posix(), path.read_text(encoding="utf-8")
        if (lines := len(source.splitlines())) > MOST_LINES_OF_A_FILE:
            told.append(f"{name}: {lines} lines")
        for part in ast.walk(ast.parse(source)):
            if isinstance(part, ast.ClassDef):
                lines = (part.end_lineno or part.lineno) - part.lineno + 1
                if lines > MOST_LINES_OF_A_CLASS:
                    told.append(f"{name}: class {part.name}, {lines} lines")
    assert not told, "\n".join(told)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in the wheel, which is built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    (built,) = folder.glob("optiviz-*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_resource(wheel: set[str]) -> None:
    bundled = ROOT / "resources"
    wanted = {
        f"optiviz/resources/{path.relative_to(bundled).as_posix()}"
        for path in git_files()
        if path.is_relative_to(bundled)
    }
    assert wanted, "there are no resources at all"
    assert wanted <= wheel


def test_the_wheel_holds_the_package_and_nothing_beside_it(wheel: set[str]) -> None:
    assert "optiviz/__init__.py" in wheel
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"optiviz"}


def test_resources_are_found_where_they_are() -> None:
    assert resources.path() == ROOT / "resources"
    with pytest.raises(FileNotFoundError, match=r"'lessons/no-such\.toml'"):
        resources.path("lessons", "no-such.toml")


def test_resources_are_found_in_a_frozen_application(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "greeting.txt").write_text("θ", encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources.text("greeting.txt") == "θ"


WITHOUT_QT = """
import sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"PySide6", "shiboken6", "pyqtgraph"}:
            raise ImportError(name + " is not installed")

sys.meta_path.insert(0, NoQt())
import importlib
importlib.import_module(sys.argv[1])
assert not any(name.startswith("optiviz.gui") for name in sys.modules)
"""


@pytest.mark.parametrize("module", ["engine", "scene.file", "tables.file", "resources", "cli"])
def test_it_imports_where_qt_is_not_installed(module: str) -> None:
    run("-c", WITHOUT_QT, f"optiviz.{module}")


READ_ONCE = """
import linecache
import optiviz.gui
linecache.clearcache()
import plistlib
assert plistlib.__file__ not in linecache.cache
"""


def test_no_source_is_kept_of_what_is_imported() -> None:
    run("-c", READ_ONCE)


# In pieces, so that this file does not find itself.
FOLDERS = "|".join(["home", "work", "root", "Users"])
HOSTS = ["pypi" + ".org", "python" + "hosted", "npmjs" + ".org", "debian" + ".org"]
FORBIDDEN = re.compile(
    rf"(?<![\w.$}}])/(?:{FOLDERS})/\w|" + "|".join(re.escape(host) for host in HOSTS)
)


def test_no_file_tells_of_one_machine_or_one_registry() -> None:
    told = []
    for path in git_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture or a font
        name = path.relative_to(ROOT)
        told += [f"{name}:{n}: {line}" for n, line in enumerate(lines, 1) if FORBIDDEN.search(line)]
    assert not told, "\n".join(told)


def pins() -> dict[str, str]:
    """The pinned version of each distribution, by its canonical name."""
    found = {}
    for line in (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, version = line.partition("==")
            found[canonicalize_name(name)] = version
    return found


def test_every_dependency_is_pinned_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = pins()
    assert all(pinned.values()), "each line of the constraints is an exact pin"
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["dev"], *extras["reference"]]
    for requirement in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} has no pin"
        assert version in requirement.specifier, f"{requirement} does not allow {version}"


@pytest.mark.parametrize(
    ("word", "homes"),
    [
        # A layout that is filled before it stands in another one; items by their address.
        (r"\.(add|insert)Layout\b|\.addRow\(", {"widgets/rows.py"}),
        (r"\.(itemAt|itemAtPosition|takeAt)\(", set()),
        # C++ objects that PySide would look up by an address somebody else had before.
        (r"\bQIconEngine\b", set()),
        (r"\bwrapInstance\b|\bPrimitiveArray\b", {"drawing/memory.py"}),
    ],
)
def test_nothing_leaves_pyside_an_address_that_qt_gives_away(word: str, homes: set[str]) -> None:
    gui = ROOT / "optiviz" / "gui"
    found = {
        path.relative_to(gui).as_posix()
        for path in gui.rglob("*.py")
        if re.search(word, path.read_text(encoding="utf-8"))
    }
    assert found == homes


#: Where a clause becomes a sentence, and where a stop is taken off somebody else's words.
THEIR_ROOMS = {"engine/words.py", "gui/compute/lane.py", "gui/state/problems.py"}


def test_sentences_are_made_of_clauses_and_never_taken_apart() -> None:
    """A translation would break code that looks at a letter or a full stop of what is told."""
    letter = r"\.capitalize\(|\[(:1|0)\]\.(upper|lower)\(|(title|error\))\.lower\("
    stop = r"strip\(['\"]\.['\"]\)"
    package = ROOT / "optiviz"
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(f"{letter}|{stop}", path.read_text(encoding="utf-8"))
    }
    assert found == THEIR_ROOMS


#: What the builds of torch for graphics cards bring along; the build for the CPU has none of it.
OF_THE_CARDS = re.compile(r"nvidia|cuda|triton")


def test_what_the_pinned_packages_bring_along_is_pinned_too() -> None:
    pinned, loose = pins(), set()
    for name in pinned:
        try:
            wanted = requires(name) or []
        except PackageNotFoundError:
            continue  # torch, in most environments; colorama's like on another system
        for requirement in map(Requirement, wanted):
            marker, known = requirement.marker, canonicalize_name(requirement.name)
            needed = marker is None or marker.evaluate({"extra": ""})
            if needed and known not in pinned and not OF_THE_CARDS.match(known):
                loose.add(f"{known}, which {name} needs")
    assert not loose
