"""What the first race does not pay for: it is imported only once somebody asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SHOW_THE_FIRST_RACE = """
import sys, time
from PySide6.QtWidgets import QApplication
from optiviz.gui.app import application, build

app = application([])
parts = build()
parts.window.show()
end = time.monotonic() + 60
while parts.window.race is None and time.monotonic() < end:
    app.processEvents()
assert parts.window.race is not None
late = [
    "optiviz.gui.views.surface3d", "optiviz.gui.panels.surface_bar", "optiviz.engine.mesh",
    "optiviz.gui.views.surface3d.gl", "optiviz.gui.qt.virtual_display", "OpenGL",
]
here = [name for name in late if name in sys.modules]
if "open" in sys.argv:
    parts.commands.show_view_mode("3d")
    here = [name for name in late[:2] if name not in sys.modules]
parts.window.close()
assert not here, here
"""


@pytest.mark.parametrize("wish", ["", "open"])
def test_the_first_race_pays_for_no_third_dimension(tmp_path: Path, wish: str) -> None:
    environ = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", SHOW_THE_FIRST_RACE, wish],
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
