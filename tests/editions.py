"""Run every notebook with papermill in every edition; print what became of each as JSON."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from helpers.execution import Job, run_lesson
from helpers.parameters import read_parameters

EDITIONS: dict[str, dict[str, Any]] = {
    "one document": {"documents": ["monitor-2000"], "years": [2000, 2000]},
    "two documents, no window": {
        "documents": ["lavrov-israel-2021", "edm-2010"],
        "years": [2010, 2021],
        "window": 0,
    },
}


def run(path: Path, parameters: dict[str, Any]) -> str:
    """Run one notebook with those of the parameters it has; what went wrong, or nothing."""
    known = read_parameters(path)
    chosen = {name: value for name, value in parameters.items() if name in known}
    text = path.read_text(encoding="utf-8")
    return run_lesson(Job(path.stem, text, chosen, folder=str(path.parent))).stopped


def main(notebooks: Path) -> None:
    """Run all notebooks of a folder, a few at a time."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {
            f"{path.stem}, {name}": pool.submit(run, path, parameters)
            for path in sorted(notebooks.glob("*.ipynb"))
            for name, parameters in EDITIONS.items()
        }
    print(json.dumps({name: future.result() for name, future in runs.items()}))  # noqa: T201 -- its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]))
