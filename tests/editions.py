"""Run every notebook with papermill in every edition; print what became of each as JSON.

A program of its own, as papermill leaves an event loop open in every thread it runs in.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import papermill
from jupyter_client.manager import KernelManager

STARTS = 3  # tries to start a kernel
EDITIONS: dict[str, dict[str, Any]] = {
    "one document": {"documents": ["monitor-2000"], "years": [2000, 2000]},
    "two documents, no window": {
        "documents": ["lavrov-israel-2021", "edm-2010"],
        "years": [2010, 2021],
        "window": 0,
    },
}


def run(path: Path, out: Path, parameters: dict[str, Any]) -> str:
    """Run one notebook with those of the parameters it has; what went wrong, or nothing.

    Between the choice of a kernel's ports and their use another program may take one. The
    kernel then never answers, which says nothing about the notebook: it is started again.
    """
    known = papermill.inspect_notebook(str(path))
    chosen = {name: value for name, value in parameters.items() if name in known}
    options = {"cwd": str(path.parent), "progress_bar": False, "start_timeout": 20}
    went_wrong = ""
    for _ in range(STARTS):
        try:
            papermill.execute_notebook(str(path), str(out), chosen, **options)
        except papermill.exceptions.PapermillExecutionError as error:
            return str(error)
        except RuntimeError as error:
            went_wrong = str(error)
        else:
            return ""
    return went_wrong


def main(notebooks: Path, out: Path) -> None:
    """Run all notebooks of a folder, a few at a time."""
    KernelManager.transport_encryption.default_value = "auto"
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {
            f"{path.stem}, {name}": pool.submit(run, path, out / f"{i}-{path.name}", parameters)
            for path in sorted(notebooks.glob("*.ipynb"))
            for i, (name, parameters) in enumerate(EDITIONS.items())
        }
    print(json.dumps({name: future.result() for name, future in runs.items()}))  # noqa: T201 -- its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
