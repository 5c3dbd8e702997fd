"""The ``optiviz`` command: open a window, render a scene to a picture, list the parts.

Qt is imported only where it is needed, so that ``list`` runs without it.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from optiviz import __version__
from optiviz.engine import OPTIMIZERS, SURFACES, Knob, Part, PartError
from optiviz.engine.datasets import keep
from optiviz.engine.digits import rounded
from optiviz.regular import check_place, why_not
from optiviz.scene import Scene, first_scene
from optiviz.scene.data import show_data
from optiviz.scene.edits import choose_surface
from optiviz.scene.file import SceneFileError, read
from optiviz.tables import TableFileError
from optiviz.tables import read as read_table
from optiviz.tables.file import is_table

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Exit codes: all well, something could not be done, the command line is wrong, no OpenGL.
OK, FAILED, USAGE, NO_OPENGL = 0, 1, 2, 3

_LEAST_SIZE, _MOST_SIZE = 200, 8000


class UsageError(Exception):
    """The command line asks for something that there is not."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words[:1] == ["render"]:
            return _render(_render_parser().parse_args(words[1:]))
        if words[:1] == ["list"]:
            _list_parser().parse_args(words[1:])
            return _print(listing())
        return _open(_parser().parse_args(words))
    except UsageError as error:
        return _complain(str(error), USAGE)
    except (SceneFileError, TableFileError) as error:
        return _complain(str(error), FAILED)


def _print(text: str) -> int:
    """Print to where output goes; gives the exit code."""
    if sys.stdout is None:  # it was closed from the start
        return FAILED
    # Not every terminal or file has Greek letters; it then gets question marks, and no traceback.
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except OSError as error:
        # What is still waiting to be written would be tried once more at the end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # whoever read has read enough
            return OK
        return _complain(f"could not print: {(error.strerror or str(error)).lower()}.", FAILED)
    return OK


def _complain(sentence: str, code: int) -> int:
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"optiviz: {sentence}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="optiviz",
        description="Optimizers race down a loss surface. Without a scene, the first race opens.",
        epilog="See also: optiviz render --help, optiviz list.",
    )
    parser.add_argument("scene", nargs="?", type=Path, help="a scene file, or a table of data")
    parser.add_argument("--version", action="version", version=f"optiviz {__version__}")
    return parser


def _list_parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog="optiviz list",
        description="List the optimizers and surfaces with their knobs and ranges.",
    )


def _render_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="optiviz render", description="Draw a scene to a PNG; needs no display."
    )
    parser.add_argument(
        "scene", nargs="?", type=Path, help="a scene or a table; else the first race"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="the PNG to write")
    parser.add_argument("--surface", metavar="KEY", help="another surface than the scene's")
    parser.add_argument(
        "--view",
        choices=("contour", "3d", "split"),
        default="contour",
        help="what to draw; 3D needs OpenGL, if only in software (exit code 3 where there is none)",
    )
    parser.add_argument("--step", type=_whole, metavar="N", help="the step to show; else the last")
    parser.add_argument("--size", type=_size, default=(1440, 900), metavar="WxH")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    return parser


def _whole(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return number


def _size(text: str) -> tuple[int, int]:
    try:
        width, height = map(int, text.lower().split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1440x900") from None
    if not all(_LEAST_SIZE <= side <= _MOST_SIZE for side in (width, height)):
        raise argparse.ArgumentTypeError(
            f"{text!r}: each side must be from {_LEAST_SIZE} to {_MOST_SIZE} pixels"
        )
    return width, height


def _open(options: argparse.Namespace) -> int:
    if not has_display():
        return _complain(
            "there is no display to open a window on; "
            "`optiviz render -o race.png` draws the race to a file instead.",
            FAILED,
        )
    from optiviz.gui.app import run

    return run(options.scene)


def has_display() -> bool:
    """Say whether a window can be opened: always on macOS and Windows, else where one answers."""
    if sys.platform in ("darwin", "win32") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("WAYLAND_DISPLAY")) or (
        bool(os.environ.get("DISPLAY")) and _x_server_answers()
    )


def _x_server_answers() -> bool:
    """Ask the X server named in the environment; Qt would abort the process if there is none."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # nothing to ask with: let Qt find out
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = bool(xcb.xcb_connection_has_error(connection) == 0)
    xcb.xcb_disconnect(connection)
    return answers


def _render(options: argparse.Namespace) -> int:
    scene, remarks = _scene(options.scene)
    if options.surface is not None:
        scene = _on_surface(scene, options.surface)
    step = scene.steps if options.step is None else options.step
    if step > scene.steps:
        raise UsageError(f"step {step} is beyond the race's {scene.steps} steps.")
    if options.output.suffix.lower() not in ("", ".png"):
        raise UsageError(f"the picture is a PNG; {options.output.name} would not be one.")
    try:
        check_place(options.output, may_be_new=True)
    except OSError as error:
        return _not_written(options.output, error)
    _prepare_platform(options.view)
    # The size is in pixels of the picture, whatever the desktop scales its windows by.
    for scaled in ("QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS"):
        os.environ.pop(scaled, None)
    from optiviz.gui.render import NoPicture, render

    try:
        render(
            scene,
            options.output,
            step=step,
            size=options.size,
            theme=options.theme,
            view_mode=options.view,
        )
    except NoPicture as error:
        return _complain(str(error), NO_OPENGL)
    except OSError as error:
        return _not_written(options.output, error)
    _print("".join(f"{remark}\n" for remark in remarks))
    return OK


def _not_written(path: Path, error: OSError) -> int:
    return _complain(f"could not write {path}: {why_not(error)}.", FAILED)


def _prepare_platform(view: str) -> None:
    """Choose where Qt draws: out of sight, and in 3D where there is OpenGL out of sight."""
    if view != "contour":
        if sys.platform in ("darwin", "win32"):
            return  # OpenGL is the desktop's there, which is always present
        if not (os.environ.get("DISPLAY") and _x_server_answers()):
            from optiviz.gui.qt import virtual_display

            virtual_display.provide()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


def _scene(path: Path | None) -> tuple[Scene, tuple[str, ...]]:
    """Give the scene of a file, a table's data on the first race's, or that itself; and remarks."""
    if path is None:
        return first_scene(), ()
    if not is_table(path):
        return read(path), ()
    data = read_table(path).data_set()
    try:
        return show_data(first_scene(), keep(data)), data.notes
    except PartError as error:  # nothing can be made of it, and what was left out may be why
        raise TableFileError(f"could not show {path.name}", str(error), *data.notes) from None


def _on_surface(scene: Scene, key: str) -> Scene:
    if key not in SURFACES:
        raise UsageError(f"there is no surface {key!r}; the surfaces are: {', '.join(SURFACES)}.")
    changed = choose_surface(scene, key)
    return replace(changed, solo=None)


def listing() -> str:
    """Write the optimizers and surfaces with their knobs and ranges."""
    lines: list[str] = []
    for heading, parts in (("Optimizers", OPTIMIZERS), ("Surfaces", SURFACES)):
        lines.append(heading)
        for key, part in parts.items():
            lines.extend(_about(key, part))
        lines.append("")
    return "\n".join(lines)


def _about(key: str, part: type[Part]) -> list[str]:
    return [f"  {key:<12} {part.title}: {part.about}", *map(_knob_line, part.knobs())]


def _knob_line(knob: Knob) -> str:
    shown = str(knob.default)
    if knob.kind == "switch":
        shown = "on" if knob.default else "off"
    elif knob.kind == "number":
        shown = rounded(float(knob.default), 12)
    return f"      {knob.name:<16} {knob.symbol:<6} {shown:<8} {knob.allowed}{knob.unit}"
