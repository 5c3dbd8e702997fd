"""Settings: what is remembered from one start to the next, and is not part of a scene.

Everything is kept as plain text. So a settings file can be read and mended by hand, and nothing in
it can be more than a text of which the getters make what they can, or else take the default.
"""

from __future__ import annotations

import json
import math
import os
import re
from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QStyle

from optiviz.engine import PartError
from optiviz.gui.playback import SPEED_RANGE
from optiviz.gui.relief import Relief

if TYPE_CHECKING:
    from collections.abc import Iterable

ThemeWish = Literal["system", "dark", "light"]
CloudPlace = Literal["off", "racer", "pointer"]
ZoneMode = Literal["bound", "band", "off"]
SightWish = Literal["contour", "3d", "split"]

SCALE_RANGE = (0.5, 2.0)
MOST_RECENT = 10
ZONE_RANGE = (0.0, 1e6)
ZONE_BAND = (1e-3, 1.0)
FOLDED_AT_FIRST = frozenset({"seeds", "basins"})
_BINARY = re.compile(rb'[^=]*=\s*"?@(Variant|DateTime)\(')
_DAMAGED = "The settings were damaged; defaults are used where they were."


class Settings:
    """Reads and writes the settings; whatever is broken is replaced by its default.

    Nothing here raises for what it finds on disk: :attr:`problem` holds a sentence instead.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self._problem: str | None = None
        self._store = _open(path)
        self._path = Path(self._store.fileName())
        if _drop_binary_values(self._path):
            self._problem = _DAMAGED
            self._store = _open(path)
        self._check_file()

    @property
    def path(self) -> Path:
        """Where the settings are kept."""
        return self._path

    @property
    def problem(self) -> str | None:
        """What is wrong with the settings file, in one sentence, or ``None``."""
        return self._problem

    def save(self) -> bool:
        """Write everything to disk; where that fails, :attr:`problem` tells of it."""
        self._store.sync()
        if self._store.status() == QSettings.Status.AccessError:
            self._problem = f"Settings cannot be saved in {self._path.parent}."
            return False
        return True

    # What is remembered

    @property
    def theme(self) -> ThemeWish:
        """Which theme is wished for."""
        text = self._text("theme")
        return text if text in get_args(ThemeWish) else "system"  # type: ignore[return-value]

    @theme.setter
    def theme(self, theme: ThemeWish) -> None:
        self._put("theme", theme)

    @property
    def scale(self) -> float:
        """How large everything is drawn."""
        return self._number("scale", 1.0, SCALE_RANGE)

    @scale.setter
    def scale(self, scale: float) -> None:
        self._put("scale", repr(float(scale)))

    @property
    def speed(self) -> float:
        """How fast races are played."""
        return self._number("speed", 1.0, SPEED_RANGE)

    @speed.setter
    def speed(self, speed: float) -> None:
        self._put("speed", repr(float(speed)))

    @property
    def log_loss(self) -> bool:
        """Whether losses are drawn on a logarithmic axis."""
        return self._switch("log_loss") is not False

    @log_loss.setter
    def log_loss(self, log: bool) -> None:
        self._put_switch("log_loss", log)

    @property
    def test_loss(self) -> bool:
        """Whether the loss of the test examples is drawn beside that of the train examples."""
        return self._switch("test_loss") is not False

    @test_loss.setter
    def test_loss(self, on: bool) -> None:
        self._put_switch("test_loss", on)

    @property
    def log_rate(self) -> bool:
        """Whether ε is drawn on a logarithmic axis."""
        return self._switch("log_rate") is True

    @log_rate.setter
    def log_rate(self, log: bool) -> None:
        self._put_switch("log_rate", log)

    @property
    def zone_mode(self) -> ZoneMode:
        """Which epochs count as productive: by the local bound, by a fixed band, or none."""
        text = self._text("zone/mode")
        return text if text in get_args(ZoneMode) else "bound"  # type: ignore[return-value]

    @zone_mode.setter
    def zone_mode(self, mode: ZoneMode) -> None:
        self._put("zone/mode", mode)

    @property
    def zone_band(self) -> tuple[float, float]:
        """The ends of the fixed band, the lower first."""
        low = self._number("zone/low", ZONE_BAND[0], ZONE_RANGE)
        high = self._number("zone/high", ZONE_BAND[1], ZONE_RANGE)
        return (low, high) if low <= high else ZONE_BAND

    @zone_band.setter
    def zone_band(self, band: tuple[float, float]) -> None:
        self._put("zone/low", repr(float(band[0])))
        self._put("zone/high", repr(float(band[1])))

    @property
    def sight(self) -> SightWish:
        """Whether the contour is seen, the 3D view, or both."""
        text = self._text("view")
        return text if text in get_args(SightWish) else "contour"  # type: ignore[return-value]

    @sight.setter
    def sight(self, sight: SightWish) -> None:
        self._put("view", sight)

    @property
    def relief(self) -> Relief:
        """How the 3D view shows a surface."""
        relief = Relief()
        for spec in Relief.knobs():
            text = self._text(f"relief/{spec.name}") or ""
            try:
                relief = relief.with_knob(spec.name, text if spec.choices else float(text))
            except (PartError, ValueError):
                continue
        return relief

    @relief.setter
    def relief(self, relief: Relief) -> None:
        for name, value in relief.settings().items():
            self._put(f"relief/{name}", str(value))

    @property
    def stretch(self) -> bool:
        """Whether the surface fills the stage although its axes are not equal then."""
        return self._switch("stretch") is True

    @stretch.setter
    def stretch(self, stretch: bool) -> None:
        self._put_switch("stretch", stretch)

    @property
    def batch_contour(self) -> bool:
        """Whether the loss of the step's batch is drawn on the stage."""
        return self._switch("batch_contour") is True

    @batch_contour.setter
    def batch_contour(self, on: bool) -> None:
        self._put_switch("batch_contour", on)

    @property
    def gradient_cloud(self) -> CloudPlace:
        """Where the gradient cloud is drawn, if anywhere."""
        text = self._text("gradient_cloud")
        return text if text in get_args(CloudPlace) else "off"  # type: ignore[return-value]

    @gradient_cloud.setter
    def gradient_cloud(self, place: CloudPlace) -> None:
        self._put("gradient_cloud", place)

    @property
    def enlarged(self) -> bool:
        """Whether the instruments take half of the window."""
        return self._switch("enlarged") is True

    @enlarged.setter
    def enlarged(self, enlarged: bool) -> None:
        self._put_switch("enlarged", enlarged)

    @property
    def reduced_motion(self) -> bool | None:
        """Whether motion is reduced; ``None`` leaves it to the system."""
        return self._switch("reduced_motion")

    @reduced_motion.setter
    def reduced_motion(self, reduced: bool | None) -> None:
        self._put_switch("reduced_motion", reduced)

    @property
    def geometry(self) -> bytes:
        """Where the main window was; empty if unknown."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, geometry: bytes) -> None:
        self._put_bytes("window/geometry", geometry)

    @property
    def folded(self) -> frozenset[str]:
        """The object names of the panels that are folded away; at first, those that take time."""
        names = self._list("window/folded")
        told = names or self._text("window/folded") == "[]"
        if not told or not all(isinstance(name, str) for name in names):
            return FOLDED_AT_FIRST
        return frozenset(map(str, names))

    @folded.setter
    def folded(self, names: Iterable[str]) -> None:
        self._put("window/folded", json.dumps(sorted(names)))

    @property
    def recent_files(self) -> tuple[Path, ...]:
        """The scene files opened or saved last, the newest first, as far as they exist."""
        names = [name for name in self._list("recent_files") if isinstance(name, str) and name]
        return tuple(dict.fromkeys(Path(name) for name in names if _is_file(Path(name))))[
            :MOST_RECENT
        ]

    def add_recent_file(self, path: Path | str) -> None:
        """Put a scene file to the top of the recent ones."""
        newest = Path(os.path.abspath(path))
        paths = [newest, *(known for known in self.recent_files if known != newest)]
        self._put("recent_files", json.dumps([str(known) for known in paths[:MOST_RECENT]]))

    # From text, and back

    def _check_file(self) -> None:
        self._store.allKeys()  # reads the file; only then is its status known
        status = self._store.status()
        if status == QSettings.Status.AccessError or not _is_readable(self._path):
            self._problem = f"The settings in {self._path} cannot be read; defaults are used."
        elif status == QSettings.Status.FormatError:
            self._problem = _DAMAGED

    def _text(self, key: str) -> str | None:
        value = self._store.value(key)
        return value if isinstance(value, str) else None

    def _number(self, key: str, default: float, within: tuple[float, float]) -> float:
        try:
            number = float(self._text(key) or "")
        except ValueError:
            return default
        low, high = within
        return number if math.isfinite(number) and low <= number <= high else default

    def _switch(self, key: str) -> bool | None:
        return {"true": True, "false": False}.get(self._text(key) or "")

    def _bytes(self, key: str) -> bytes:
        try:
            return b64decode(self._text(key) or "", validate=True)
        except ValueError:
            return b""

    def _list(self, key: str) -> list[object]:
        try:
            found = json.loads(self._text(key) or "[]")
        except (ValueError, RecursionError):
            return []
        return found if isinstance(found, list) else []

    def _put(self, key: str, text: str) -> None:
        self._store.setValue(key, text)

    def _put_switch(self, key: str, on: bool | None) -> None:
        if on is None:
            self._store.remove(key)
        else:
            self._put(key, "true" if on else "false")

    def _put_bytes(self, key: str, data: bytes) -> None:
        self._put(key, b64encode(bytes(data)).decode("ascii"))


def system_reduces_motion() -> bool:
    """Say whether the style has no animations: the one sign of reduced motion that Qt gives."""
    style = QApplication.style()
    return style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


def _open(path: Path | str | None) -> QSettings:
    ini = QSettings.Format.IniFormat
    if path is not None:
        return QSettings(str(path), ini)
    store = QSettings(ini, QSettings.Scope.UserScope, "OptiViz", "OptiViz")
    store.setFallbacksEnabled(False)
    return store


def _drop_binary_values(path: Path) -> bool:
    """Take values out of the file that are not text; say whether there were any.

    Even to read such a value would let Qt unpack whatever object it holds.
    """
    try:
        data = path.read_bytes()
        lines = data.splitlines(keepends=True)
        plain = [line for line in lines if not _BINARY.match(line)]
        if len(plain) < len(lines):
            path.write_bytes(b"".join(plain))
    except OSError:
        return False
    return len(plain) < len(lines)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_readable(path: Path) -> bool:
    try:
        return not path.exists() or (path.is_file() and os.access(path, os.R_OK))
    except OSError:
        return False
