"""A Dask cluster on this machine, for the tests of what is mapped over many machines."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

__all__ = ["scheduler", "wait_for"]


def wait_for(condition: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a Dask scheduler with two workers, each a process of its own."""
    if not find_spec("distributed"):
        pytest.skip("distributed is not installed: pip install 'two-tracks[cluster]'")
    file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    place = ["--scheduler-file", str(file)]
    host = ["--host", "127.0.0.1", "--no-dashboard"]
    worker = ["worker", *place, "--no-nanny", "--nthreads", "1", *host]
    worker += ["--local-directory", str(tmp_path / "dask")]
    started = [subprocess.Popen([*dask, "scheduler", *place, "--port", "0", *host], **quiet)]
    try:
        wait_for(file.exists)
        started += [subprocess.Popen([*dask, *worker], **quiet) for _ in range(2)]
        address = json.loads(file.read_text())["address"]
        code = (
            "from distributed import Client; client = Client({!r}); client.wait_for_workers(2, 60)"
        )
        subprocess.run([sys.executable, "-c", code.format(address)], check=True, **quiet)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()
