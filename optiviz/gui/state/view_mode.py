"""Which of the two stages is seen."""

from typing import Literal

#: The contour, the surface in 3D, or both side by side.
ViewMode = Literal["contour", "3d", "split"]
