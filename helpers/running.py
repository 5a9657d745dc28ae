"""The whole course for one section or forty: run, kept with its handouts, taken up where it ended.

Every file is written under a temporary name first, so that what has its final name is whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

from helpers import __version__
from helpers.course import note_minutes
from helpers.errors import SettingError
from helpers.execution import Job, Kernels, Outcome, run_lesson, strip_traces
from helpers.handouts import build_handouts
from helpers.journal import replace_file
from helpers.machines import checksum_files, checksum_package, map_unordered
from helpers.questions import load_minutes
from helpers.sections import Lesson, Section
from helpers.sources import find_folder

__all__ = ["run_sections"]

NOTE = "run.json"
LIBRARIES = ("ipykernel", "matplotlib", "nbclient", "nbconvert", "pandas", "papermill")
FOR_INSTRUCTORS = (
    "This is the instructor's edition, with model answers, minutes in class, and what students "
    "typically misread."
)
Tell = Callable[[str], None]


def run_sections(
    sections: Sequence[Section],
    out: Path,
    executor: Executor,
    *,
    resume: bool = False,
    tell: Tell = lambda _: None,
) -> list[str]:
    """Run the lessons of all sections and write what they show into `out`.

    A single section is written into `out` itself, several each into a folder of its name there:
    ``notebooks/``, a page a lesson, an index, a reader of the texts, and ``run.json``. On a
    terminal a bar for each section and for each lesson that runs shows how far it is.

    Parameters
    ----------
    sections : sequence of Section
        What to run, as `read_sections` gives it.
    out : Path
        Where to write. What an earlier run wrote there is replaced.
    executor : Executor
        Runs the lessons, as `open_executor` gives it; so many at a time as it has workers.
    resume : bool
        Run only what is missing, failed, or would be run from other inputs now.
    tell : callable, optional
        Hears a line for each lesson and each section that is done.

    Returns
    -------
    list of str
        The lessons that did not reach their end: section, lesson, cell and sentence.

    Raises
    ------
    SettingError
        If a folder holds something else.
    """
    places = [out / section.name if len(sections) > 1 else out for section in sections]
    courses = [_Course(*both, tell) for both in zip(sections, places, strict=True)]
    for course in courses:
        course.check_folder()
    for course in courses:
        course.begin(resume=resume)
    owners = {job: course for course in courses for job in course.todo}
    with Kernels() as kernels:
        is_here = isinstance(executor, ThreadPoolExecutor)
        run = partial(run_lesson, kernels=kernels, bars=True) if is_here else run_lesson
        with closing(map_unordered(executor, run, owners)) as results:
            for job, future in results:
                owners[job].keep(job, _outcome_of(job, future))
    return [sentence for course in courses for sentence in course.failures()]


def _outcome_of(job: Job, future: Future[Outcome]) -> Outcome:
    """What a machine sent back; if it was lost, that is what became of the lesson."""
    if error := CancelledError() if future.cancelled() else future.exception():
        return Outcome(job.notebook, 0, f"its machine was lost ({type(error).__name__})")
    return future.result()


class _Course:
    """One section in its folder, and the note of what is done there."""

    def __init__(self, section: Section, folder: Path, tell: Tell) -> None:
        self.section = section
        self.folder = folder
        self.tell = tell
        self.note: dict[str, Any] = {"lessons": {}, "pages": {}}
        self.todo: dict[Job, str] = {}  # with the checksum of all that goes into it

    def check_folder(self) -> None:
        """Read the note of an earlier run; SettingError if the folder is somebody else's."""
        try:
            self.note = {**self.note, **json.loads((self.folder / NOTE).read_bytes())}
        except (FileNotFoundError, NotADirectoryError):
            drafts = set(self.folder.glob(".*.draft"))
            if self.folder.is_file() or set(self.folder.glob("*")) - drafts:
                raise SettingError(
                    f"{self.folder} holds something else than a run of the course; name an empty "
                    "or a new folder with --out."
                ) from None
        except ValueError:
            raise SettingError(f"{self.folder / NOTE} was changed; delete that folder.") from None

    def begin(self, *, resume: bool) -> None:
        """Find what is to be done, and take away what is not to stay."""
        from tqdm import tqdm

        done, pages = self.note["lessons"], self.note["pages"]
        for path in self.folder.rglob(".*.draft"):  # of a run that was killed
            path.unlink()
        for name in [] if resume else [*pages, *map(_file_of, done)]:
            (self.folder / name).unlink(missing_ok=True)
        done = done if resume else {}
        shared = _describe_run(self.section)
        self.note = {**shared, "lessons": done, "pages": pages if resume else {}}
        for lesson in self.section.lessons:
            job = _make_job(lesson, self.section)
            files = checksum_files(map(Path, lesson.parameters.get("neighbours", ())))
            inputs = _checksum(json.dumps([job.notebook, lesson.parameters, shared, files]))
            if not self._is_done(lesson.stem, inputs):
                self.todo[job] = inputs
                done[lesson.stem] = {
                    "status": "waiting",
                    "stopped": "",
                    "parameters": dict(lesson.parameters),
                }
                self.note["pages"] = dict.fromkeys(self.note["pages"], "")
        self._save_note()
        (self.folder / "notebooks").mkdir(exist_ok=True)
        self.bar = tqdm(
            total=len(self.todo), desc=self.section.name, unit="lesson", leave=False, disable=None
        )
        if not self.todo:
            self._finish()

    def keep(self, job: Job, outcome: Outcome) -> None:
        """Write down what became of a lesson; after the last one, make the handouts."""
        replace_file(self.folder / _file_of(job.name), outcome.notebook.encode())
        noted = self.note["lessons"][job.name]
        noted |= {
            "status": "failed" if outcome.stopped else "complete",
            "stopped": outcome.stopped,
            "seconds": round(outcome.seconds, 1),
            "notebook": _checksum(job.notebook),
            "inputs": self.todo.pop(job),
            "output": _checksum(outcome.notebook),
        }
        self._save_note()
        self.bar.update()
        self.tell(
            f"{self.section.name}, {job.name}: {outcome.stopped or f'{outcome.seconds:.1f} s'}"
        )
        if not self.todo:
            self.bar.close()
            self._finish()

    def failures(self) -> list[str]:
        """The lessons of the section that did not reach their end, and why."""
        noted = self.note["lessons"]
        return [
            f"{self.section.name}, {lesson.stem}: {noted[lesson.stem]['stopped']}"
            for lesson in self.section.lessons
            if noted[lesson.stem]["stopped"]
        ]

    def _is_done(self, stem: str, inputs: str) -> bool:
        """Whether a lesson was run to its end from the same inputs, and lies there unchanged."""
        noted = self.note["lessons"].get(stem, {})
        if noted.get("status") != "complete" or noted.get("inputs") != inputs:
            return False
        return bool(_checksum_file(self.folder / _file_of(stem)) == noted["output"])

    def _finish(self) -> None:
        """Make the handouts, unless they lie there unchanged."""
        pages = self.note["pages"]
        if not pages or any(_checksum_file(self.folder / p) != pages[p] for p in pages):
            built = build_handouts(
                self.folder / "notebooks",
                self.folder,
                corpus=self.section.corpus,
                about=self._say_about(),
            )
            self.note["pages"] = {page.name: _checksum_file(page) for page in built}
            self._save_note()
        total, failed = len(self.section.lessons), len(self.failures())
        self.tell(f"{self.section.name}: {total - failed} of {total} lessons are complete.")

    def _say_about(self) -> str:
        """What the index says of the section."""
        is_hers = self.section.edition == "instructor"
        said = [f"Section: {self.section.name}."] + ([FOR_INSTRUCTORS] if is_hers else [])
        failed = [name for name, noted in self.note["lessons"].items() if noted["stopped"]]
        return " ".join([*said, *(f"Not complete: {name}." for name in failed)])

    def _save_note(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.note, ensure_ascii=False, indent=1)
        replace_file(self.folder / NOTE, f"{text}\n".encode())


def _file_of(stem: str) -> str:
    return f"notebooks/{stem}.ipynb"


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _describe_run(section: Section) -> dict[str, Any]:
    """With what the lessons of a section are run: names, versions and checksums, and no path."""
    inputs: dict[str, Any] = checksum_package()
    if section.folder:
        inputs["corpus"] = checksum_files(Path(section.folder).rglob("*"))
    versions = {"python": python_version(), "two-tracks": __version__}
    return {
        "format": 1,
        "section": section.name,
        "edition": section.edition,
        "corpus": Path(section.folder).name,
        "versions": {**versions, **{name: version(name) for name in LIBRARIES}},
        "inputs": inputs,
    }


def _make_job(lesson: Lesson, section: Section) -> Job:
    """A lesson without outputs, ready to be sent; an instructor's has the minutes."""
    import nbformat

    notebook = nbformat.read(lesson.file, as_version=4)
    strip_traces(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if section.edition == "instructor":
        note_minutes(notebook, load_minutes(lesson.stem[:2]))
    folder = lesson.file.parent.resolve()
    return Job(
        lesson.stem,
        nbformat.writes(notebook),
        lesson.parameters,
        {
            "TWO_TRACKS_EDITION": section.edition,
            "TWO_TRACKS_CORPUS": section.folder,
            "TWO_TRACKS_FILES": str(Path.cwd()),
        },
        "" if folder == find_folder("notebooks") else str(folder),
    )
