"""What OptiViz needs of the system, and how it gets there: libraries, programs, a Python.

Where only a person can go on, a Refusal carries the one sentence that says what to type.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

OLDEST = (3, 11)

# What Qt loads at start, as Debian's package: the library in it. First what every platform
# of Qt needs, also the one without a display; then what a window on X needs.
LIBRARIES = {
    "libglib2.0-0": "libglib-2.0.so.0",
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libfreetype6": "libfreetype.so.6",
    "libx11-6": "libX11.so.6",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libx11-xcb1": "libX11-xcb.so.1",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xinerama0": "libxcb-xinerama.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
}

# Programs that only some tests want, as program: Debian's packages.
TOOLS = {
    "Xvfb": ("xvfb",),
    "xdotool": ("xdotool",),
    "openbox": ("openbox",),
    # Gives a virtual screen another keyboard.
    "setxkbmap": ("x11-xkb-utils",),
    # The program of ImageMagick that takes a picture of a screen.
    "import": ("imagemagick",),
    # The compiler alone cannot link: the C library's headers are only recommended to it.
    "gcc": ("gcc", "libc6-dev"),
    # Languages to start the program in; the package has their sources too.
    "locale-gen": ("locales",),
}


class Refusal(Exception):
    """This machine cannot go on by itself; the text says what to do."""

    def __init__(self, sentence: str, exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def say(sentence: str) -> None:
    """One line, shown before the slow stage that it announces."""
    print(sentence, flush=True)


def loads(library: str) -> bool:
    """Whether the system can load a shared library, wherever it keeps it."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_libraries(is_there: Callable[[str], bool] = loads) -> dict[str, str]:
    """The part of LIBRARIES that this system lacks."""
    return {package: name for package, name in LIBRARIES.items() if not is_there(name)}


def find_tool(name: str) -> str | None:
    """Where a program is, also one that only root has on the path."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def missing_tools(which: Callable[[str], str | None] = find_tool) -> list[str]:
    """The programs of TOOLS that are not there."""
    return [tool for tool in TOOLS if which(tool) is None]


def is_debian(os_release: str) -> bool:
    """Whether the text of /etc/os-release tells of Debian, Ubuntu, or a child of theirs."""
    families: set[str] = set()
    for line in os_release.splitlines():
        key, _, value = line.partition("=")
        if key.strip() in ("ID", "ID_LIKE"):
            families.update(value.strip().strip("\"'").split())
    return bool(families & {"debian", "ubuntu"})


def on_debian() -> bool:
    """Whether apt-get is the way to install something here."""
    try:
        return is_debian(Path("/etc/os-release").read_text(encoding="utf-8"))
    except OSError:
        return False


def is_root() -> bool:
    """Whether system packages may be installed without asking; never so on Windows."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def apt_command(packages: Iterable[str]) -> str:
    """The command that a person types for packages that only root can install."""
    return "sudo apt-get install -y --no-install-recommends " + " ".join(packages)


def python_sentence(
    version: tuple[int, ...],
    arguments: str,
    platform: str,
    debian: bool,
    which: Callable[[str], str | None] = shutil.which,
) -> str:
    """What to type when this Python is too old; empty when it is not."""
    if version >= OLDEST:
        return ""
    have = ".".join(map(str, version[:2]))
    newer = [name for name in ("python3.13", "python3.12", "python3.11") if which(name)]
    if newer:
        how = f"type `{newer[0]} packaging/dev.py {arguments}`"
    elif debian:
        how = "type `sudo apt-get install -y python3.11 python3.11-venv`"
    elif platform == "darwin":
        how = "type `brew install python@3.13`"
    elif platform == "win32":
        how = "type `winget install Python.Python.3.13`"
    else:
        how = "install Python 3.11 or newer with your system's package manager"
    return f"OptiViz needs Python 3.11 or newer and this is {have}: {how}."


def see_to_python(arguments: str) -> None:
    """Go on only in a Python that OptiViz runs on.

    Raises:
        Refusal: it is too old.
    """
    sentence = python_sentence(tuple(sys.version_info[:2]), arguments, sys.platform, on_debian())
    if sentence:
        raise Refusal(sentence)


def apt_install(packages: Sequence[str], why: str) -> bool:
    """Install Debian packages as root, saying so; whether it went well."""
    say(f"Installing {why} with apt-get: {' '.join(packages)}")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Another apt-get may be at work, as it often is on a machine that has just been set up.
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    for command in ([*apt, "update"], install):
        done = subprocess.run(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    # What a package says as it settles in is of no interest, unless it did not.
    # A failed update alone is none: the lists that are there may do.
    if done.returncode != 0:
        say(done.stdout.decode(errors="replace").strip())
    return done.returncode == 0


def see_to_libraries() -> None:
    """Have the shared libraries that Qt loads, or say which are missing.

    Raises:
        Refusal: they are missing and only the user can install them.
    """
    missing = missing_libraries()
    if not missing:
        return
    packages = list(missing)
    if not on_debian():
        names = ", ".join(missing.values())
        raise Refusal(f"Qt needs system libraries that are missing here; install {names}.")
    if not is_root():
        raise Refusal(f"Qt needs system libraries: type `{apt_command(packages)}`.")
    if not apt_install(packages, "the system libraries that Qt needs"):
        raise Refusal(f"apt-get failed; when it works again, type `{apt_command(packages)}`.")


def see_to_tools() -> None:
    """Have the programs that only some tests want; without them those tests are skipped."""
    missing = missing_tools()
    if missing and on_debian() and is_root():
        packages = [package for tool in missing for package in TOOLS[tool]]
        apt_install(packages, "what the whole-program tests and the C benchmark use")


def mention_tools() -> None:
    """Say which tests will be skipped, and what would change that."""
    missing = missing_tools()
    if not missing:
        return
    skipped = []
    if set(missing) - {"gcc"}:
        skipped.append("the tests of the whole program")
    if "gcc" in missing:
        skipped.append("the benchmark against C")
    packages = [package for tool in missing for package in TOOLS[tool]]
    how = f"; `{apt_command(packages)}` brings them back" if on_debian() else ""
    say(f"Without {', '.join(missing)}, {' and '.join(skipped)} are skipped{how}.")


def see_to_ensurepip() -> None:
    """Have what `python -m venv` needs, which Debian keeps in a package of its own.

    Raises:
        Refusal: it is missing and only the user can install it.
    """
    if importlib.util.find_spec("ensurepip") is not None:
        return
    package = "python{}.{}-venv".format(*sys.version_info)
    if not on_debian():
        raise Refusal(
            f"{sys.executable} has no ensurepip: install your system's package of venv for it."
        )
    if not is_root() or not apt_install([package], "Python's venv"):
        raise Refusal(f"Python's venv is missing: type `{apt_command([package])}`.")
