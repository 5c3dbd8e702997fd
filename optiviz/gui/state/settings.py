"""Settings: what is remembered from one start to the next, and is not part of a scene."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from PySide6.QtWidgets import QApplication, QStyle

from optiviz.engine import PartError
from optiviz.gui.state.playback import SPEED_RANGE
from optiviz.gui.state.relief import Relief
from optiviz.gui.state.settings_file import SettingsFile
from optiviz.gui.state.tabs import TabKey
from optiviz.gui.state.view_mode import ViewMode

if TYPE_CHECKING:
    from collections.abc import Iterable

ThemeWish = Literal["system", "dark", "light"]
CloudAnchor = Literal["off", "racer", "pointer"]
ZoneMode = Literal["bound", "band", "off"]

SCALE_RANGE = (0.5, 2.0)
MOST_RECENT = 10
ZONE_RANGE = (0.0, 1e6)
ZONE_BAND = (1e-3, 1.0)
FOLDED_AT_FIRST = frozenset({"seeds", "basins"})
PINNED_AT_FIRST = frozenset({"curves"})


class Settings(SettingsFile):
    """Reads and writes the settings; whatever is broken is replaced by its default."""

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
    def view_mode(self) -> ViewMode:
        """Whether the contour is seen, the 3D view, or both."""
        text = self._text("view")
        return text if text in get_args(ViewMode) else "contour"  # type: ignore[return-value]

    @view_mode.setter
    def view_mode(self, mode: ViewMode) -> None:
        self._put("view", mode)

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
    def gradient_cloud(self) -> CloudAnchor:
        """Where the gradient cloud is drawn, if anywhere."""
        text = self._text("gradient_cloud")
        return text if text in get_args(CloudAnchor) else "off"  # type: ignore[return-value]

    @gradient_cloud.setter
    def gradient_cloud(self, place: CloudAnchor) -> None:
        self._put("gradient_cloud", place)

    @property
    def tab(self) -> TabKey | None:
        """Which tab of the right column was chosen; ``None`` leaves it to the scene."""
        text = self._text("window/tab")
        return text if text in get_args(TabKey) else None  # type: ignore[return-value]

    @tab.setter
    def tab(self, tab: TabKey) -> None:
        self._put("window/tab", tab)

    @property
    def enlarged(self) -> str:
        """Which instrument has the whole right column; empty: none."""
        return self._text("window/enlarged") or ""

    @enlarged.setter
    def enlarged(self, name: str) -> None:
        self._put("window/enlarged", name)

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
        """The names of the instruments that are folded away; at first, those that take time."""
        return self._names("window/folded", FOLDED_AT_FIRST)

    @folded.setter
    def folded(self, names: Iterable[str]) -> None:
        self._put("window/folded", json.dumps(sorted(names)))

    @property
    def pinned(self) -> frozenset[str]:
        """The names of the instruments that stay above every tab; at first, the loss curves."""
        return self._names("window/pinned", PINNED_AT_FIRST)

    @pinned.setter
    def pinned(self, names: Iterable[str]) -> None:
        self._put("window/pinned", json.dumps(sorted(names)))

    @property
    def recent_files(self) -> tuple[Path, ...]:
        """The scene files opened or saved last, the newest first, as far as they exist."""
        names = [name for name in self._list("recent_files") if isinstance(name, str) and name]
        return tuple(dict.fromkeys(Path(name) for name in names if _is_file(Path(name))))[
            :MOST_RECENT
        ]

    def _names(self, key: str, default: frozenset[str]) -> frozenset[str]:
        names = self._list(key)
        told = names or self._text(key) == "[]"
        if not told or not all(isinstance(name, str) for name in names):
            return default
        return frozenset(map(str, names))

    def add_recent_file(self, path: Path | str) -> None:
        """Put a scene file to the top of the recent ones."""
        newest = Path(os.path.abspath(path))
        self._share()  # another window may have opened or saved something
        paths = [newest, *(known for known in self.recent_files if known != newest)]
        self._put("recent_files", json.dumps([str(known) for known in paths[:MOST_RECENT]]))
        self._share()


def system_reduces_motion() -> bool:
    """Say whether the style has no animations: the one sign of reduced motion that Qt gives."""
    style = QApplication.style()
    return style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
