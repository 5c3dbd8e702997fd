"""Turn a run's JSON into the table of ratios in ``docs/performance.md``.

python -m pytest tests/benchmarks --benchmark-json=build/benchmarks.json
python tests/benchmarks/report.py build/benchmarks.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

COLUMNS = ("work", "against", "ratio", "bar")


def table(results: dict[str, Any]) -> str:
    """Give one line a benchmark; one without a ratio of its own tells its median."""
    lines = ["| work | against | ratio | bar |", "| --- | --- | --- | --- |"]
    for benchmark in results["benchmarks"]:
        told = {"work": benchmark["name"], **benchmark["extra_info"]}
        if "ratio" not in told:
            told["work"] += f": {benchmark['stats']['median'] * 1e3:.3g} ms"
        for row in (told, told.get("also")):
            if row:
                lines.append("| " + " | ".join(str(row.get(name, "")) for name in COLUMNS) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: report.py RESULTS.json")
    print(table(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
