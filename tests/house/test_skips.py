"""A run in CI fails where tests were skipped, and says which; elsewhere it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
TESTS = {
    "test_module.py": 'import pytest\npytest.importorskip("no_such_torch")\ndef test_a(): pass\n',
    "test_case.py": 'import pytest\ndef test_b(): pytest.skip("no screen")\ndef test_c(): pass\n',
    "test_known.py": "import pytest\n@pytest.mark.xfail\ndef test_d(): assert False\n",
}
ROOT_MAY = 'import pytest\ndef test_e(): pytest.skip("root may do anything")\n'
NO_OPENGL = 'import pytest\ndef test_f(): pytest.skip("there is no OpenGL on this display")\n'
INSTEAD = "tests/whole/test_surface3d.py"
ELSEWHERE = "def test_with_software_opengl_everything_is_tested(): pass\n"


def pytest_run(
    folder: Path, files: dict[str, str], *arguments: str, ci: str | None
) -> subprocess.CompletedProcess[str]:
    """Run pytest over a few files, with the conftest of our own tests beside them."""
    for name, text in {**files, "conftest.py": CONFTEST.read_text(encoding="utf-8")}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if name != "CI"}
    environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # which would take most of the time
    if ci is not None:
        environ["CI"] = ci
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")], ids=["one", "two"])
def test_a_skipped_test_fails_a_run_in_ci_and_is_named(
    tmp_path: Path, workers: tuple[str, ...]
) -> None:
    done = pytest_run(tmp_path, TESTS, *workers, ci="true")
    assert done.returncode == 1
    told = [line for line in done.stdout.splitlines() if line.startswith("test_")]
    assert told == [
        "test_case.py::test_b: no screen",
        "test_module.py: could not import 'no_such_torch': No module named 'no_such_torch'",
    ]
    assert "2 skipped. `python3 packaging/dev.py reference` brings torch" in done.stdout


@pytest.mark.parametrize("ci", [None, "false"])
def test_elsewhere_a_skipped_test_is_only_skipped(tmp_path: Path, ci: str | None) -> None:
    done = pytest_run(tmp_path, TESTS, ci=ci)
    assert done.returncode == 0
    assert "that is a failure" not in done.stdout


def test_an_excuse_holds_in_ci(tmp_path: Path) -> None:
    assert pytest_run(tmp_path, {"test_a.py": ROOT_MAY}, ci="true").returncode == 0


def test_an_excuse_that_points_to_another_test_wants_it_passed(tmp_path: Path) -> None:
    files = {"test_a.py": NO_OPENGL}
    alone = pytest_run(tmp_path, files, ci="true")
    assert alone.returncode == 1
    assert "everything_is_tested did not pass instead" in alone.stdout
    files[INSTEAD] = ELSEWHERE
    assert pytest_run(tmp_path, files, ci="true").returncode == 0
    files[INSTEAD] = ELSEWHERE.replace("pass", "assert False")
    failed = pytest_run(tmp_path, files, ci="true")
    assert failed.returncode == 1
    assert "everything_is_tested did not pass instead" in failed.stdout
