"""One lesson run by papermill in a kernel of its own: what it showed, or where it stopped."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Self

from helpers.sources import find_folder

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Job", "Kernels", "Outcome", "run_lesson", "strip_traces"]

ENGINE = "two-tracks"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
STARTS = 3  # tries to start a kernel
START_SECONDS, CELL_SECONDS = 30, 600  # patience with a kernel that starts, and with a cell


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One lesson to run, as it can be sent to another machine.

    Parameters
    ----------
    name : str
        What to call it.
    notebook : str
        The notebook itself, as JSON.
    parameters : mapping
        Those of its parameters that differ from its own.
    environment : mapping
        What the kernel finds in its environment besides that of the machine it runs on.
    folder : str
        The folder it runs in; that of the installed lessons if empty.
    """

    name: str
    notebook: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a lesson: the notebook as JSON, the seconds it took, and why it stopped.

    `stopped` names the code cell, counted from 1, and what it said; empty after the last cell.
    """

    notebook: str
    seconds: float
    stopped: str = ""


class Kernels:
    """The kernels that run in this process, to end them all at once; nothing starts afterwards."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._clients: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @contextmanager
    def watch(self, client: Any) -> Iterator[None]:
        """Keep an eye on the kernel of a notebook client while it works."""
        self._clients.append(client)
        try:
            yield
        finally:
            self._clients.remove(client)

    def stop(self) -> None:
        """End every kernel without asking it; whoever waits for one hears that it died."""
        self.stopped.set()
        for client in list(self._clients):
            provisioner = getattr(client.km, "provisioner", None)
            if process := getattr(provisioner, "process", None):
                with suppress(OSError):
                    process.kill()


def run_lesson(job: Job, *, kernels: Kernels | None = None, bars: bool = False) -> Outcome:
    """Run a lesson from top to bottom, apart from anybody's saved work; it never raises.

    Between the choice of a kernel's ports and their use another program may take one. The
    kernel then never answers, which says nothing about the lesson: it is started again.

    Parameters
    ----------
    job : Job
        What to run.
    kernels : Kernels, optional
        By which somebody else may stop it.
    bars : bool
        Whether to show a bar of its cells while it runs, where there is a terminal.
    """
    kernels = kernels or Kernels()
    begun = time.perf_counter()
    for _ in range(STARTS):
        notebook, trouble = _try_lesson(job, kernels, bars=bars)
        cells = _list_begun(notebook)
        if cells or not trouble or kernels.stopped.is_set():
            break
    if trouble and cells:
        code = cells[-1].source.strip().split("\n", 1)[0][:60]
        trouble = f"code cell {len(cells)} “{code}”: {trouble}"
    return Outcome(_settle(notebook, trouble), time.perf_counter() - begun, trouble)


def _try_lesson(job: Job, kernels: Kernels, *, bars: bool) -> tuple[NotebookNode, str]:
    """The notebook as far as it ran, and what went wrong, or nothing."""
    import nbformat
    import papermill
    from jupyter_core.utils import ensure_event_loop

    _register_engine()
    notebook = nbformat.reads(job.notebook, as_version=4)
    kept = [notebook]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        try:
            papermill.execute_notebook(
                notebook,
                None,
                dict(job.parameters),
                engine_name=ENGINE,
                kernel_name="python3",
                progress_bar={"desc": job.name, "leave": False, "disable": None} if bars else False,
                start_timeout=START_SECONDS,
                kept=kept,
                kernels=kernels,
                environment={**os.environ, **job.environment, "TWO_TRACKS_WORK": work},
                folder=job.folder or str(find_folder("notebooks")),
            )
            trouble = ""
        except papermill.exceptions.PapermillExecutionError as error:
            trouble = f"{error.ename}: {error.evalue}"
        except (RuntimeError, OSError) as error:  # a kernel that died or took too long
            trouble = f"{type(error).__name__}: {str(error).splitlines()[0]}"
        finally:
            ensure_event_loop().close()  # else one stays open in every thread
            asyncio.set_event_loop(None)
    return kept[-1], trouble


def _register_engine() -> None:
    """Teach papermill to give each kernel its own environment and folder.

    papermill itself changes the folder of the whole process, which threads share.
    """
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines
    from traitlets.config import Config

    class LessonEngine(NBClientEngine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(
            cls, nb_man: Any, kernel_name: str, *, start_timeout: int, **job: Any
        ) -> None:
            job["kept"].append(nb_man.nb)
            settings = Config()
            settings.KernelManager.transport_encryption = "auto"  # else it warns on stderr
            client = PapermillNotebookClient(
                nb_man,
                config=settings,
                kernel_name=kernel_name,
                log=logging.Logger(ENGINE, logging.CRITICAL),  # the outcome says it
                startup_timeout=start_timeout,
                timeout=CELL_SECONDS,
                shutdown_kernel="immediate",  # what a lesson leaves behind is not asked for
                store_widget_state=False,
            )
            kernels: Kernels = job["kernels"]
            if not kernels.stopped.is_set():
                with kernels.watch(client):
                    client.execute(env=job["environment"], cwd=job["folder"])

    papermill_engines.register(ENGINE, LessonEngine)


def _list_begun(notebook: NotebookNode) -> list[NotebookNode]:
    """The code cells that were begun."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell for cell in cells if cell.metadata.get("papermill", {}).get("start_time")]


def _settle(notebook: NotebookNode, trouble: str) -> str:
    """The notebook to keep; one that was not finished says so under its title."""
    import nbformat
    from papermill.execute import remove_error_markers

    notebook = remove_error_markers(notebook)
    for output in (out for cell in notebook.cells for out in cell.get("outputs", ())):
        if output.output_type == "error":  # the rest names files of this machine
            output.traceback = [f"{output.ename}: {output.evalue}"]
    strip_traces(notebook)
    if trouble:
        notice = (
            "<p><strong>This lesson is not complete.</strong> It stopped here, and what comes "
            f"after was not run:</p>\n<pre>{escape(trouble)}</pre>"
        )
        notebook.cells.insert(1, nbformat.v4.new_markdown_cell(notice, id="not-complete"))
    return str(nbformat.writes(notebook))


def strip_traces(notebook: NotebookNode) -> None:
    """Take out what would differ from run to run, or show dead controls: times, paths, widgets."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", True):  # papermill gives every cell a list
            del cell.metadata["tags"]
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET_VIEW, None)
