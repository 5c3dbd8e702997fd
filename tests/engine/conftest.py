"""What the engine's tests share: every kernel compiled, once."""

from __future__ import annotations

import pytest

from optiviz.engine import warm_up


@pytest.fixture(scope="session")
def compiled_kernels() -> None:
    """Compile all kernels, or load them from the disk cache."""
    warm_up()
