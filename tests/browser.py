"""A real browser and a real JupyterLab, for the tests that do what a reader does."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from helpers.sources import find_folder

__all__ = [
    "Lab",
    "blocked_requests",
    "browser",
    "lab",
    "offline_page",
    "open_notebook",
    "page",
    "run_all_cells",
]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOCAL_SCHEMES = ("file:", "data:", "blob:", "about:")
TOKEN = "two-tracks-test"
SECONDS_TO_START = 60
SECONDS_TO_RUN = 120


@dataclass(frozen=True, slots=True)
class Lab:
    """A running JupyterLab and the folder it shows, a copy of ``notebooks/``."""

    url: str
    folder: Path

    def page_of(self, name: str) -> str:
        """The address of the notebook `name`, with nothing else open."""
        return f"{self.url}/lab/tree/{name}?token={TOKEN}&reset"


def find_chromium() -> str:
    """Chromium's path; without one the test is skipped, and under CI it fails."""
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            return path
    sentence = "No Chromium was found; install it (Debian: apt install chromium)."
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Headless Chromium, with a profile of its own."""
    executable = find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, headless=True, args=CHROMIUM_OPTIONS
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of a new visitor."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def blocked_requests() -> list[str]:
    """The addresses that `offline_page` was not given, in the order of asking."""
    return []


@pytest.fixture
def offline_page(page: Page, blocked_requests: list[str]) -> Page:
    """A page that can open files of this machine and nothing else."""

    def answer(route: Route) -> None:
        if route.request.url.startswith(LOCAL_SCHEMES):
            route.continue_()
        else:
            blocked_requests.append(route.request.url)
            route.abort()

    page.context.route("**/*", answer)
    return page


@pytest.fixture(scope="session")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a copy of the lessons; what a test changes there stays there."""
    home = tmp_path_factory.mktemp("lab")
    folder = shutil.copytree(find_folder("notebooks"), home / "notebooks")
    address = f"http://127.0.0.1:{_free_port()}"
    with _serving(home, folder, address):
        yield Lab(address, folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _serving(home: Path, folder: Path, address: str) -> Iterator[None]:
    """Start JupyterLab, wait until it answers, and stop it with all its kernels."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ip=127.0.0.1", f"--port={address.rpartition(':')[2]}"]
    command += ["--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}"]
    command += [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    environment = {**os.environ, **{name: str(home / name.lower()) for name in own}}
    log = home / "lab.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(command, env=environment, stdout=output, stderr=output) as server,
    ):
        try:
            _wait_for(f"{address}/api?token={TOKEN}", server, log)
            yield
        finally:
            server.terminate()
            server.wait(timeout=SECONDS_TO_START)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(address, timeout=1):
                return
        except (URLError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}", pytrace=False)


def open_notebook(page: Page, lab: Lab, name: str) -> None:
    """Open the notebook `name` and wait until its kernel takes orders."""
    page.goto(lab.page_of(name))
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady"
        " && jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'",
        timeout=SECONDS_TO_START * 1000,
    )


def run_all_cells(page: Page) -> None:
    """Run every cell of the open notebook, top to bottom, and wait for the last."""
    page.evaluate(
        """() => {
            window.ranAll = false;
            jupyterapp.commands.execute('notebook:run-all-cells').then(() => ranAll = true);
        }"""
    )
    page.wait_for_function("() => window.ranAll", timeout=SECONDS_TO_RUN * 1000)


def find_errors(page: Page) -> list[Any]:
    """The outputs of the open notebook that report an error or say something on stderr."""
    found: list[Any] = page.evaluate(
        "jupyterapp.shell.currentWidget.content.model.toJSON().cells"
        ".flatMap(cell => cell.outputs || [])"
        ".filter(output => output.output_type === 'error' || output.name === 'stderr')"
    )
    return found
