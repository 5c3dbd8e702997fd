"""Typeset the formulas of all parts into ``resources/formulas``; run it when one changes."""

from __future__ import annotations

import sys
from pathlib import Path

from optiviz.engine import GRADIENTS, OPTIMIZERS, SCHEDULES, SURFACES
from optiviz.gui.theme.typesetting import pieces, shipped_name, typeset

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "formulas"


def formulas() -> dict[str, str]:
    """Collect the formulas, by the name of the file each belongs in."""
    tables = (OPTIMIZERS, SURFACES, SCHEDULES, GRADIENTS)
    latex = [each for table in tables for part in table.values() for each in part.formulas()]
    # Those of schedules and surfaces stand in a narrow column too, piece by piece.
    narrow = (*SCHEDULES.values(), *SURFACES.values())
    latex += [piece for part in narrow for each in part.formulas() for piece in pieces(each)]
    return {shipped_name(each): each for each in latex}


def main() -> int:
    """Write the files that are wanted, and take away those that are not."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = formulas()
    for file in FOLDER.glob("*.svg"):
        if file.name not in wanted:
            file.unlink()
    for name, latex in wanted.items():
        (FOLDER / name).write_text(typeset(latex) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(wanted)} formulas.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
