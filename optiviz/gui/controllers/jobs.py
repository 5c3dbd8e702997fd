"""What the stages ask of the worker: the race, the field, the mesh; which part, and how finely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from optiviz.engine import Field, FieldSpec, PartError, Race, RaceSpec, run_race, sample_field

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from optiviz.engine.mesh import Heights, Mesh, MeshSpec
    from optiviz.engine.surfaces.base import Window
    from optiviz.gui.drawing.projection import Projection
    from optiviz.gui.state.relief import Relief
    from optiviz.scene import Scene

#: So many seconds a job waits at most until a sketch's paths have been painted.
_PAINTING = 0.03
#: The field is sampled a little beyond what is visible, so that a pan does not show its edge.
_FIELD_MARGIN = 0.12
#: One sample for this many pixels is as fine as the eye can tell under smooth scaling.
_PIXELS_PER_SAMPLE = 2.5
_MOST_SAMPLES = 400
#: Points along a mesh's longer side while a hand changes the surface, and once it rests.
MOVING, RESTING = 90, 200


@dataclass(frozen=True, eq=False)
class RaceJob:
    """Runs a race, and lets the views thin its paths while nobody waits for them.

    Attributes:
        preparations: what the views want to know of a race.
        of_sketch: those of the views that show sketches.
        painted: set once the sketch that was reported last has been painted.
    """

    preparations: tuple[Callable[[Race], object], ...]
    of_sketch: tuple[Callable[[Race], object], ...]
    painted: Event

    def __call__(
        self, spec: RaceSpec, cancelled: Callable[[], bool], report: Callable[[object], None]
    ) -> Race:
        """Run it. A sketch, the paths alone, is reported where their losses take longer."""

        def sketched(race: Race) -> None:
            for prepare in self.of_sketch:
                prepare(race)
            self.painted.clear()
            report(race)
            # Two threads that take Python's lock in turns would paint at half the speed.
            self.painted.wait(_PAINTING)

        race = run_race(spec, cancelled, report=sketched)
        if len(spec.surface.test_examples):
            for run in race.runs:
                _ = run.test_loss  # kept with the run, so that nobody else waits for it
        for prepare in self.preparations:
            prepare(race)
        return race


def race_key(spec: RaceSpec) -> object:
    """What a race belongs to: a result for other racers or another surface is worth nothing."""
    return (spec.surface.key, tuple(entrant.optimizer.key for entrant in spec.entrants))


def field_job(
    spec: FieldSpec, cancelled: Callable[[], bool], report: Callable[[object], None]
) -> Field:
    """Sample the surface for the contour."""
    return sample_field(spec, cancelled, report)


def mesh_job(
    spec: MeshSpec, cancelled: Callable[[], bool], report: Callable[[object], None]
) -> Mesh:
    """Raise the surface for the 3D view."""
    from optiviz.engine.mesh import sample_mesh

    return sample_mesh(spec, cancelled, report)


def stage_field_spec(scene: Scene, seen: Projection) -> FieldSpec:
    """Say which part of the surface the contour needs, and how finely."""
    wide, high = seen.x1 - seen.x0, seen.y1 - seen.y0
    columns, rows = (
        min(_MOST_SAMPLES, max(2, round(size * (1.0 + 2.0 * _FIELD_MARGIN) / _PIXELS_PER_SAMPLE)))
        for size in (seen.width, seen.height)
    )
    return FieldSpec(
        scene.surface,
        (seen.x0 - _FIELD_MARGIN * wide, seen.x1 + _FIELD_MARGIN * wide),
        (seen.y0 - _FIELD_MARGIN * high, seen.y1 + _FIELD_MARGIN * high),
        columns,
        rows,
    )


def mesh_spec(scene: Scene, relief: Relief, points: int = RESTING) -> MeshSpec:
    """Say what of a scene's surface is raised, and how finely."""
    from optiviz.engine.mesh import MeshSpec

    heights = cast("Heights", relief.heights)
    try:
        return MeshSpec.over(scene.surface, _raised(scene), heights, points)
    except PartError:  # a camera so near that numbers do not tell its sides apart
        return MeshSpec.over(scene.surface, scene.surface.window, heights, points)


def _raised(scene: Scene) -> Window:
    """What the contour shows, in the proportions of the surface's own window."""
    home, camera = scene.surface.window, scene.camera
    if camera is None:
        return home
    seen = (camera.x0, camera.x1), (camera.y0, camera.y1)
    sizes = [high - low for low, high in home]
    share = min((high - low) / size for (low, high), size in zip(seen, sizes, strict=True))
    (x0, x1), (y0, y1) = (
        ((low + high - share * size) / 2.0, (low + high + share * size) / 2.0)
        for (low, high), size in zip(seen, sizes, strict=True)
    )
    return (x0, x1), (y0, y1)
