"""The decisions that packaging/dev.py takes, without a system being touched."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """dev.py as a module; as a script it finds needs.py beside itself."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    spec = importlib.util.spec_from_file_location("optiviz_dev", PACKAGING / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("needs", None)


@pytest.fixture
def needs(dev: ModuleType) -> ModuleType:
    return dev.needs


def test_every_library_that_cannot_be_loaded_is_told_by_its_package(needs: ModuleType) -> None:
    absent = {"libxcb-cursor.so.0", "libEGL.so.1"}
    missing = needs.missing_libraries(lambda library: library not in absent)
    assert missing == {"libegl1": "libEGL.so.1", "libxcb-cursor0": "libxcb-cursor.so.0"}
    assert needs.missing_libraries(lambda library: True) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="shared libraries of Linux")
def test_a_library_is_there_if_it_loads(needs: ModuleType) -> None:
    assert needs.loads("libc.so.6")
    assert not needs.loads("libno-such-thing.so.0")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('PRETTY_NAME="Debian GNU/Linux"\nID=debian\n', True),
        ("ID=ubuntu\nID_LIKE=debian\n", True),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', True),
        ('ID=fedora\nHOME_URL="debian"\n', False),
        ("", False),
    ],
)
def test_debian_and_its_children_are_known(needs: ModuleType, text: str, expected: bool) -> None:
    assert needs.is_debian(text) is expected


def test_without_root_the_exact_command_is_told(
    needs: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "missing_libraries", lambda: {"libegl1": "libEGL.so.1"})
    monkeypatch.setattr(needs, "on_debian", lambda: True)
    monkeypatch.setattr(needs, "is_root", lambda: False)
    command = "sudo apt-get install -y --no-install-recommends libegl1"
    with pytest.raises(needs.Refusal, match=command):
        needs.see_to_libraries()
    monkeypatch.setattr(needs, "on_debian", lambda: False)
    with pytest.raises(needs.Refusal, match="libEGL"):
        needs.see_to_libraries()


def test_missing_tools_only_cost_the_tests_that_use_them(
    needs: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(needs, "missing_tools", lambda: ["gcc"])
    monkeypatch.setattr(needs, "on_debian", lambda: True)
    needs.mention_tools()
    told = capsys.readouterr().out
    assert "the benchmark against C" in told
    assert "gcc libc6-dev" in told
    assert "whole program" not in told


@pytest.mark.parametrize(
    ("platform", "debian", "newer", "expected"),
    [
        ("linux", True, "python3.12", "`python3.12 packaging/dev.py test -x`"),
        ("linux", True, "", "sudo apt-get install -y python3.11 python3.11-venv"),
        ("darwin", False, "", "brew install python@3.13"),
        ("win32", False, "", "winget install Python.Python.3.13"),
        ("linux", False, "", "package manager"),
    ],
)
def test_an_old_python_is_told_what_to_type(
    needs: ModuleType, platform: str, debian: bool, newer: str, expected: str
) -> None:
    def which(name: str) -> str | None:
        return name if name == newer else None

    sentence = needs.python_sentence((3, 9), "test -x", platform, debian, which)
    assert "this is 3.9" in sentence
    assert expected in sentence
    assert needs.python_sentence((3, 11), "run", platform, debian, which) == ""


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], ("help", [])),
        (["--help"], ("help", [])),
        (["run"], ("run", [])),
        (["run", "--help"], ("run", ["--help"])),
        (["test", "-k", "drag", "--", "x"], ("test", ["-k", "drag", "--", "x"])),
        (["screens", "--theme=dark"], ("screens", ["--theme=dark"])),
        (["reference"], ("reference", [])),
    ],
)
def test_arguments_are_passed_on_untouched(
    dev: ModuleType, argv: list[str], expected: tuple[str, list[str]]
) -> None:
    assert dev.parse(argv) == expected


def test_an_unknown_command_is_answered_with_the_known_ones(dev: ModuleType) -> None:
    with pytest.raises(dev.Refusal, match="run, test, screens, reference") as refused:
        dev.parse(["tests"])
    assert refused.value.exit_code == 2


def test_torch_alone_takes_no_arguments(dev: ModuleType) -> None:
    with pytest.raises(dev.Refusal, match="'-x'") as refused:
        dev.parse(["reference", "-x"])
    assert refused.value.exit_code == 2


@pytest.fixture
def installed(
    dev: ModuleType, needs: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> list[str]:
    """What pip is asked for by commands that find a .venv; nothing is installed."""
    asked: list[str] = []

    def call(command: list[str], **_: object) -> int:
        asked.extend(command[command.index("-e") + 1 :])
        return 0

    write_sources(tmp_path)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(dev, "venv_python", lambda: Path(sys.executable))
    monkeypatch.setattr(dev, "see_to_venv", lambda: None)
    monkeypatch.setattr(dev.subprocess, "call", call)
    for name in ("see_to_libraries", "see_to_tools", "mention_tools"):
        monkeypatch.setattr(needs, name, lambda: None)
    return asked


def test_torch_is_installed_for_whoever_asks_and_for_nobody_else(
    dev: ModuleType, installed: list[str]
) -> None:
    for command in ("run", "test", "screens", "reference", "test", "reference"):
        dev.prepare(command)
    assert installed == [".", ".[dev]", ".[dev,reference]"]


def test_torch_on_a_new_machine_brings_what_the_tests_use(
    dev: ModuleType, installed: list[str]
) -> None:
    dev.prepare("reference")
    dev.prepare("test")
    dev.prepare("run")
    assert installed == [".[dev,reference]"]


def test_ci_has_torch_and_takes_a_skipped_test_for_a_failure() -> None:
    script = (PACKAGING.parent / ".ci" / "run").read_text(encoding="utf-8")
    torch, strict, tests = (
        script.index(line)
        for line in ("dev.py reference\n", "export CI=true\n", "exec python3 packaging/dev.py test")
    )
    assert torch < strict < tests


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_whether_a_window_can_open(
    dev: ModuleType, platform: str, environ: dict[str, str], expected: bool
) -> None:
    assert dev.has_display(platform, environ) is expected


def test_without_a_display_run_draws_the_first_race_and_says_so(dev: ModuleType) -> None:
    drawn = dev.program("run", [], display=False)
    assert drawn[-3:] == ["render", "-o", "optiviz.png"]
    sentence = dev.display_sentence()
    assert "no display" in sentence
    assert "optiviz.png" in sentence
    assert sentence.count(".") == 2  # one full stop, one in the name of the file
    assert dev.program("run", ["list"], display=False)[-1] == "list"
    assert dev.program("run", [], display=True)[-1] == "optiviz"


def write_sources(root: Path) -> None:
    (root / "packaging").mkdir()
    (root / "packaging" / "constraints.txt").write_text("numpy==2.0\n")
    (root / "pyproject.toml").write_text("[project]\n")


def test_the_mark_changes_with_all_that_the_environment_rests_on(
    dev: ModuleType, tmp_path: Path
) -> None:
    write_sources(tmp_path)
    marks = [dev.fingerprint(tmp_path, (3, 11, 7)), dev.fingerprint(tmp_path, (3, 12, 0))]
    (tmp_path / "packaging" / "constraints.txt").write_text("numpy==2.1\n")
    marks.append(dev.fingerprint(tmp_path, (3, 11, 7)))
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    marks.append(dev.fingerprint(tmp_path, (3, 11, 7)))
    assert len(set(marks)) == 4
    assert dev.fingerprint(tmp_path, (3, 11, 7)) == marks[-1]


def test_the_stamp_holds_for_one_mark_only(dev: ModuleType, tmp_path: Path) -> None:
    stamp = tmp_path / "stamp.json"
    assert dev.read_stamp(stamp, "a") == set()
    dev.write_stamp(stamp, "a", {"packages", "libraries"})
    assert dev.read_stamp(stamp, "a") == {"packages", "libraries"}
    assert dev.read_stamp(stamp, "b") == set()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"done": 3}', b"\xff\xfe"])
def test_a_broken_stamp_is_none(dev: ModuleType, tmp_path: Path, content: bytes) -> None:
    stamp = tmp_path / "stamp.json"
    stamp.write_bytes(content)
    assert dev.read_stamp(stamp, "a") == set()


def test_an_environment_of_another_python_does_not_fit(dev: ModuleType, tmp_path: Path) -> None:
    cfg = tmp_path / "pyvenv.cfg"
    assert not dev.venv_fits(cfg, "3.11.7")
    cfg.write_text("home = x\nversion = 3.11.7\n")
    assert dev.venv_fits(cfg, "3.11.7")
    assert not dev.venv_fits(cfg, "3.11.70")


def test_help_and_a_wrong_command_touch_nothing(tmp_path: Path) -> None:
    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(PACKAGING / "dev.py"), *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    helped = call("-h")
    assert helped.returncode == 0
    assert "run" in helped.stdout
    wrong = call("walk")
    assert wrong.returncode == 2
    assert wrong.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
