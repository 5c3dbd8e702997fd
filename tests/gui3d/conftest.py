"""What every test of the 3D view has: what GUI tests have, and a look whether there is OpenGL."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


def _of_gui_tests():
    """Load the fixtures of the GUI tests; test folders are no packages to import from."""
    place = Path(__file__).parents[1] / "gui" / "conftest.py"
    spec = importlib.util.spec_from_file_location("gui_conftest", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_gui = _of_gui_tests()
fonts = _gui.fonts
own_settings = _gui.own_settings
hooks_restored = _gui.hooks_restored
nothing_left = _gui.nothing_left
window_driver = _gui.window_driver
kernels = _gui.kernels
opened = _gui.opened
ui = _gui.ui
pytest_itemcollected = _gui.pytest_itemcollected


@pytest.fixture(scope="session")
def opengl(qapp):
    """Skip where OpenGL cannot be had: ``tests/whole`` runs these tests where it can."""
    from optiviz.gui.views.surface3d.gl import NoOpenGL, SurfaceGl

    try:
        SurfaceGl().release()
    except NoOpenGL:
        pytest.skip("there is no OpenGL on this display")
