"""From a fresh clone to a running OptiViz, with nothing but Python.

    python3 packaging/dev.py run [arguments of optiviz]     open the window
    python3 packaging/dev.py test [arguments of pytest]     run the tests
    python3 packaging/dev.py screens [arguments]            every screen into build/screens/
    python3 packaging/dev.py reference                      torch into .venv, to compare with

Each command first makes `.venv` and installs what is missing, once: the versions are those of
packaging/constraints.txt, and a stamp in `.venv` lets the next call start without delay. On
Debian and Ubuntu the system libraries that Qt needs are installed if you are root; otherwise
the command to type is printed. Without a display, `run` draws the first race to optiviz.png.
"""

# Standard library only, and nothing at module level that Python 3.7 cannot read: an old Python
# must get as far as the sentence that says that it is too old.
from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import needs
from needs import Refusal, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "optiviz-stamp.json"
CONSTRAINTS = "packaging/constraints.txt"
COMMANDS = ("run", "test", "screens", "reference")
#: What a command needs beside the libraries of Qt and the packages that OptiViz itself uses.
#: Nobody needs torch to run the tests: those that compare with it are skipped where it is not.
STAGES: Mapping[str, set[str]] = {
    "run": set(),
    "test": {"dev packages", "tools"},
    "screens": {"dev packages"},
    "reference": {"dev packages", "torch"},
}
#: The extras of pyproject.toml that a stage stands for, and what they bring.
EXTRAS = {"dev packages": ("dev", "what its tests use"), "torch": ("reference", "torch")}
#: All tests, on every core. Benchmarks have a run of their own: here they would measure the other
#: tests, and take a quarter of the time.
ALL_TESTS = ("-n", "auto", "--dist", "loadfile", "--ignore=tests/benchmarks")


def has_display(platform: str, environ: Mapping[str, str]) -> bool:
    """Whether a window can open. Only on Linux is a machine without a display common."""
    return platform != "linux" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def parse(argv: Sequence[str]) -> tuple[str, list[str]]:
    """The command and the arguments that it passes on, untouched: they may look like ours.

    Raises:
        Refusal: the command is not one of ours, or takes no arguments.
    """
    if not argv or argv[0] in ("-h", "--help", "help"):
        return "help", []
    if argv[0] not in COMMANDS:
        known = ", ".join(COMMANDS)
        raise Refusal(f"dev.py has no command {argv[0]!r}; it knows {known} and --help.", 2)
    if argv[0] == "reference" and len(argv) > 1:
        raise Refusal(f"dev.py reference takes no arguments, and was given {argv[1]!r}.", 2)
    return argv[0], list(argv[1:])


def display_sentence() -> str:
    """What `run` says before it draws a picture in place of a window."""
    return "There is no display here, so the first race is drawn to optiviz.png."


def program(command: str, rest: Sequence[str], display: bool) -> list[str]:
    """What to start in the virtual environment: the arguments of its Python."""
    if command == "test":
        return ["-m", "pytest", *(rest or ALL_TESTS)]
    if command == "screens":
        return ["packaging/screens.py", *rest]
    # -P: a file of the user's folder must not stand in for a module of the same name.
    optiviz = ["-P", "-m", "optiviz"]
    if not rest and not display:
        return [*optiviz, "render", "-o", "optiviz.png"]
    return [*optiviz, *rest]


def fingerprint(root: Path, version: Sequence[object]) -> str:
    """A hash of all that decides what `.venv` must hold.

    The folder counts, since a virtual environment that was moved along points to the old one.
    """
    digest = hashlib.sha256(repr((str(root), [str(part) for part in version])).encode())
    for name in (CONSTRAINTS, "pyproject.toml"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def read_stamp(stamp: Path, mark: str) -> set[str]:
    """The stages that are done, or none if anything that they rest on has changed."""
    try:
        told = json.loads(stamp.read_text(encoding="utf-8"))
        return set(told["done"]) if told["fingerprint"] == mark else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def write_stamp(stamp: Path, mark: str, done: set[str]) -> None:
    """Keep the stages that are done, for the next call."""
    stamp.write_text(json.dumps({"fingerprint": mark, "done": sorted(done)}), encoding="utf-8")


def venv_python() -> Path:
    """The Python inside `.venv`."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def venv_fits(cfg: Path, python: str) -> bool:
    """Whether a `.venv` is there that this version of Python made."""
    try:
        return f"version = {python}" in cfg.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return False


def has_pip() -> bool:
    """Whether the making of `.venv` came to its end: pip is the last thing that it gets."""
    command = [str(venv_python()), "-m", "pip", "--version"]
    try:
        quiet = subprocess.DEVNULL
        return subprocess.call(command, stdout=quiet, stderr=quiet) == 0
    except OSError:
        return False


def see_to_venv() -> None:
    """Have a `.venv` of this Python; one of another version, or half made, is made anew.

    Raises:
        Refusal: it could not be made.
    """
    if venv_fits(VENV / "pyvenv.cfg", "{}.{}.{}".format(*sys.version_info)) and has_pip():
        return
    needs.see_to_ensurepip()
    say("Making .venv, once.")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]) != 0:
        raise Refusal(f"No virtual environment could be made in {VENV}.")


def install(stages: set[str]) -> None:
    """Install OptiViz from this source tree, with the pinned versions and the stages' extras.

    Raises:
        Refusal: pip failed, and has said why.
    """
    extras = [EXTRAS[stage] for stage in sorted(stages & EXTRAS.keys())]
    what = " and ".join([what for _, what in extras] or ["what it uses"])
    say(f"Installing OptiViz and {what} into .venv, once: this takes a minute or two.")
    names = ",".join(name for name, _ in extras)
    source = f".[{names}]" if names else "."
    # The variables reach the environment in which the build runs, which -c does not; older
    # and newer pips read one each. Both take a relative path, for the sake of a folder whose
    # name has a space in it.
    environ = {**os.environ, "PIP_CONSTRAINT": CONSTRAINTS, "PIP_BUILD_CONSTRAINT": CONSTRAINTS}
    command = [str(venv_python()), "-m", "pip", "install", "-qq"]
    command += ["--disable-pip-version-check", "-c", CONSTRAINTS, "-e", source]
    if subprocess.call(command, cwd=str(ROOT), env=environ) != 0:
        raise Refusal("pip could not install OptiViz; its last lines above say why.")


def prepare(command: str) -> None:
    """Bring `.venv` and the system to where the command can run; at once if they are there."""
    mark = fingerprint(ROOT, sys.version_info)
    # The Python behind `.venv` may have been uninstalled since.
    done = read_stamp(STAMP, mark) if venv_python().exists() else set()
    stages = {"libraries", "packages"} | STAGES[command]
    todo = stages - done
    if sys.platform == "linux":
        if "libraries" in todo:
            needs.see_to_libraries()
        if "tools" in todo:
            needs.see_to_tools()
        if command == "test":
            needs.mention_tools()
    if todo & {"packages", *EXTRAS}:
        see_to_venv()
        install(stages)
    if todo:
        write_stamp(STAMP, mark, done | stages)


def start(arguments: Sequence[str], cwd: Path | None) -> NoReturn:
    """Become the program, so that its exit code and its signals are its own."""
    python = str(venv_python())
    if os.name == "nt":
        # Windows cannot replace a process: exec there returns to the shell at once.
        sys.exit(subprocess.call([python, *arguments], cwd=cwd))
    if cwd is not None:
        os.chdir(cwd)
    os.execv(python, [python, *arguments])


def main(argv: Sequence[str]) -> None:
    """Run one command; does not return when it starts a program."""
    command, rest = parse(argv)
    if command == "help":
        say((__doc__ or "").strip())
        return
    needs.see_to_python(" ".join(argv))
    prepare(command)
    if command == "reference":
        return
    display = has_display(sys.platform, os.environ)
    if command == "run":
        if not rest and not display:
            say(display_sentence())
    else:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    start(program(command, rest, display), None if command == "run" else ROOT)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(refusal.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
