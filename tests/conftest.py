"""What every test may rely on: an empty work folder, clean settings, the corpus, a browser."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from jupyter_client.manager import KernelManager

import helpers
from tests.browser import blocked_requests, browser, lab, offline_page, page
from tests.clusters import scheduler

__all__ = ["blocked_requests", "browser", "lab", "offline_page", "page", "scheduler"]

FOLDERS = {
    "TWO_TRACKS_WORK": "work",
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "jupyter-config",
    "JUPYTER_DATA_DIR": "jupyter-data",
    "JUPYTER_RUNTIME_DIR": "jupyter-runtime",
}

settings.register_profile("steady", derandomize=True, deadline=None, max_examples=50)


def pytest_configure(config: pytest.Config) -> None:
    """Give this run, and every kernel it starts, settings and saved work of nobody's."""
    settings.load_profile("steady")
    root = tempfile.TemporaryDirectory(prefix="two-tracks-", ignore_cleanup_errors=True)
    config.add_cleanup(root.cleanup)
    for name, folder in FOLDERS.items():
        os.environ[name] = str(Path(root.name, folder))
        Path(root.name, folder).mkdir()
    os.environ.pop("TWO_TRACKS_EDITION", None)
    os.environ["MPLCONFIGDIR"] = str(_matplotlib_folder(config))
    # Else each kernel warns on stderr that what it says to this machine is not encrypted.
    KernelManager.transport_encryption.default_value = "auto"


def _matplotlib_folder(config: pytest.Config) -> Path:
    """Settings that open no window, and the list of fonts, kept from run to run.

    A kernel that had to make the list would say so in a notebook's output.
    """
    folder = config.cache.mkdir("matplotlib")
    if not any(folder.glob("fontlist*")):
        (folder / "matplotlibrc").write_text("backend: agg\n")
        environment = {**os.environ, "MPLCONFIGDIR": str(folder)}
        command = [sys.executable, "-c", "import matplotlib.font_manager"]
        subprocess.run(command, env=environment, check=True)
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests run last, so that what is quick to fail fails first."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def corpus() -> helpers.Corpus:
    """The course's corpus, loaded once for all tests; nothing in it can be changed."""
    return helpers.load_corpus()
