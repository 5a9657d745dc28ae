"""One lesson run by papermill in a kernel of its own: what it showed, or where it stopped."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Self

from helpers.course import strip_traces
from helpers.sources import find_folder

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Job", "Kernels", "Outcome", "run_lesson"]

ENGINE = "two-tracks"
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
    """What became of a lesson: the notebook as JSON, the seconds it took, and where it stopped.

    `cell` counts code cells from 1, and is 0 if none failed; `code` is its first line.
    """

    notebook: str
    seconds: float
    cell: int = 0
    code: str = ""
    sentence: str = ""


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
    notebook, trouble = _read(job), ""
    for _ in range(STARTS):
        notebook, trouble = _try_lesson(job, kernels, bars=bars)
        if kernels.stopped.is_set() or not trouble or _count_run(notebook):
            break
    seconds = time.perf_counter() - begun
    if kernels.stopped.is_set():
        return Outcome(job.notebook, seconds, sentence="It was stopped before its end.")
    return _describe(notebook, seconds, trouble)


def _try_lesson(job: Job, kernels: Kernels, *, bars: bool) -> tuple[NotebookNode, str]:
    """The notebook as far as it ran, and what went wrong, or nothing."""
    import papermill
    from jupyter_core.utils import ensure_event_loop

    _register_engine()
    notebook, kept = _read(job), list[Any]()
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
    return (kept[-1] if kept else notebook), trouble


def _read(job: Job) -> NotebookNode:
    import nbformat

    notebook: NotebookNode = nbformat.reads(job.notebook, as_version=4)
    return notebook


def _register_engine() -> None:
    """Teach papermill to give each kernel its own environment and folder.

    papermill itself changes the folder of the whole process, which threads share.
    """
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines
    from papermill.log import logger
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
                log=logger,
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


def _count_run(notebook: NotebookNode) -> int:
    """How many code cells were begun."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return sum(bool(cell.metadata.get("papermill", {}).get("start_time")) for cell in cells)


def _describe(notebook: NotebookNode, seconds: float, trouble: str) -> Outcome:
    """The outcome, with a notice under the title where the lesson did not reach its end."""
    import nbformat
    from papermill.execute import remove_error_markers

    notebook = remove_error_markers(notebook)
    cell = _count_run(notebook) if trouble else 0
    code = ""
    if cell:
        failed = [cell for cell in notebook.cells if cell.cell_type == "code"][cell - 1]
        code = failed.source.strip().split("\n", 1)[0][:60]
        for output in failed.outputs:
            if output.output_type == "error":  # the rest names files of this machine
                output.traceback = [f"{output.ename}: {output.evalue}"]
    strip_traces(notebook)
    if trouble:
        where = f"It stopped at its code cell {cell}" if cell else "Its kernel did not start"
        notice = (
            f"<p><strong>This lesson is not complete.</strong> {where}; what comes after was not "
            f"run.</p>\n<pre>{escape(trouble)}</pre>"
        )
        notebook.cells.insert(1, nbformat.v4.new_markdown_cell(notice, id="not-complete"))
    return Outcome(nbformat.writes(notebook), seconds, cell, code, trouble)
