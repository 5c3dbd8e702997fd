"""Start a program, wait for its first picture, and print how long it took and what it holds.

``python start.py empty`` opens an empty pyqtgraph window of the same size, ``race`` opens
OptiViz's, until its first race is painted. ``begun`` is the clock when the process was asked for.
Memory is read once more after ``settle`` seconds, when the compiler has been loaded too.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

SIZE = (1440, 900)


def resident_mb() -> float:
    """Read the memory that this process holds now, in MB (Linux)."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * 4096 / 1e6


def main(kind: str, begun: float, settle: float) -> None:
    """Open the window, wait for its picture, print a line of JSON, quit."""
    from PySide6.QtCore import QTimer

    painted = 0.0

    def done() -> None:
        nonlocal painted
        painted = time.time() - begun
        QTimer.singleShot(int(settle * 1000), app.quit)

    if kind == "empty":
        import pyqtgraph as pg

        app = pg.mkQApp()
        window = pg.PlotWidget()
        window.resize(*SIZE)
        window.show()
        app.processEvents()
        window.grab()
        done()
        app.exec()
    else:
        from optiviz.gui.app import application, build
        from optiviz.gui.state.settings import Settings

        app = application([])
        with tempfile.TemporaryDirectory() as folder:
            parts = build(settings=Settings(Path(folder) / "settings.ini"))
            parts.window.resize(*SIZE)
            parts.window.show()

            def look() -> None:
                if parts.window.race is not None and not parts.compute.busy():
                    timer.stop()
                    parts.window.grab()
                    done()

            timer = QTimer()
            timer.setInterval(1)
            timer.timeout.connect(look)
            timer.start()
            parts.playback.play()
            app.exec()
            held = resident_mb()
            parts.window.close()
            sys.stdout.write(json.dumps({"seconds": painted, "mb": held}) + "\n")
            return
    sys.stdout.write(json.dumps({"seconds": painted, "mb": resident_mb()}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
