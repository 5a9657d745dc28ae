"""The `two-tracks` command: a thin skin over functions."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers import __version__
from helpers.errors import TwoTracksError
from helpers.sources import find_folder

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, 1 for what failed, 2 for what cannot be asked."""
    parser = argparse.ArgumentParser(prog="two-tracks", description=main.__doc__)
    parser.description = "The course Two Tracks: build its data and its notebooks."
    parser.add_argument("--version", action="version", version=f"two-tracks {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    data = commands.add_parser("data", help="rebuild the tables in data/ from seeds/")
    data.add_argument("--check", action="store_true", help="write nothing; exit 1 if any is stale")
    data.add_argument("--out", type=Path, help="another folder to write to")
    notebooks = commands.add_parser("notebooks", help="run every lesson afresh and store it")
    notebooks.add_argument("--folder", type=Path, help="another folder of lessons")
    handouts = commands.add_parser("handouts", help="make of every lesson one page of HTML")
    handouts.add_argument("--folder", type=Path, help="another folder of lessons")
    handouts.add_argument("--out", type=Path, default=Path("build/handouts"), help="where to")
    course = commands.add_parser("run", help="run the course for sections of a class")
    add = course.add_argument
    add("--with", type=Path, nargs="+", default=[], dest="files", help="what to run, in YAML")
    add("--out", type=Path, default=Path("build/course"), help="where to write")
    add("--folder", type=Path, help="another folder of lessons")
    add("--only", default="", help="lessons by number, as in: 03,04")
    add("--edition", default="", help="student or instructor")
    add("--corpus", default="", help="a folder of your own texts")
    add("--jobs", type=_positive, default=os.cpu_count() or 2, help="lessons at the same time")
    add("--resume", action="store_true", help="run only what is missing, failed or changed")
    add("--on", default="", help="the scheduler of a Dask cluster, as in: tcp://scheduler:8786")
    start = commands.add_parser("start", help="put a working copy of the lessons into a folder")
    start.add_argument("folder", type=Path, nargs="?", default=Path("two-tracks-course"))
    collect = commands.add_parser("collect", help="put the work of a class together")
    collect.add_argument("folder", type=Path, help="the files that students handed in")
    collect.add_argument("--out", type=Path, default=Path("build/collect"), help="where to")
    commands.add_parser("doctor", help="say what is well here, and what to do about the rest")
    check = commands.add_parser("check-corpus", help="look at a folder of texts of your own")
    check.add_argument("folder", type=Path, help="the folder, or one table of texts")
    check.add_argument("--html", type=Path, help="write the report there too, as a page")
    options = parser.parse_args(arguments)
    if reconfigure := getattr(sys.stdout, "reconfigure", None):
        reconfigure(errors="replace")  # a terminal that does not know every sign
    run: dict[str, Callable[[argparse.Namespace], int]] = {"data": _data, "notebooks": _notebooks}
    run |= {"handouts": _handouts, "start": _start, "collect": _collect, "run": _run}
    run |= {"doctor": _doctor, "check-corpus": _check_corpus}
    try:
        return run[options.command](options)
    except TwoTracksError as error:
        print(f"two-tracks: {error}", file=sys.stderr)
        return 1


def _data(options: argparse.Namespace) -> int:
    from helpers.loading import load_corpus
    from helpers.tables import find_stale, write_tables

    folder = options.out or find_folder("data")
    corpus = load_corpus()
    if options.check:
        stale = ", ".join(path.name for path in find_stale(corpus, folder))
        print(f"stale: {stale}; run: make data" if stale else "The tables are up to date.")
        return int(bool(stale))
    folder.mkdir(parents=True, exist_ok=True)
    written = write_tables(corpus, folder)
    print(f"{corpus}: {', '.join(path.name for path in written) or 'every table was up to date'}")
    return 0


def _notebooks(options: argparse.Namespace) -> int:
    from helpers.course import store_notebooks

    store_notebooks(
        options.folder or find_folder("notebooks"), tell=lambda name: print(name, flush=True)
    )
    return 0


def _handouts(options: argparse.Namespace) -> int:
    from helpers.handouts import build_handouts

    pages = build_handouts(options.folder or find_folder("notebooks"), options.out, tell=print)
    print(f"{len(pages)} pages in {options.out}; begin with {options.out / 'index.html'}.")
    return 0


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return int(text)


def _run(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from helpers.errors import SettingError, WorkError
    from helpers.machines import open_executor
    from helpers.running import run_sections
    from helpers.sections import read_sections

    given = {key: getattr(options, key) for key in ("only", "edition", "corpus")}
    try:
        sections = read_sections(
            options.files, notebooks=options.folder or find_folder("notebooks"), **given
        )
        with open_executor(jobs=options.jobs, on=options.on) as executor:
            failures = run_sections(
                sections, options.out, executor, resume=options.resume, tell=tqdm.write
            )
    except SettingError as error:
        print(f"two-tracks: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        raise WorkError(
            f"{options.out} cannot be written ({error.strerror}). What is done is kept; make room "
            "or name another folder with --out."
        ) from error
    except KeyboardInterrupt:
        print("two-tracks: Stopped. What is done is kept; --resume goes on.", file=sys.stderr)
        return 130
    for failure in failures:
        print(f"two-tracks: {failure}", file=sys.stderr)
    return int(bool(failures))


def _start(options: argparse.Namespace) -> int:
    from helpers.start import start_course

    print("\n".join(start_course(options.folder)))
    return 0


def _collect(options: argparse.Namespace) -> int:
    from helpers.errors import SettingError
    from helpers.reports import write_class
    from helpers.tallies import read_class

    try:
        work = read_class(options.folder, skip=options.out)
    except SettingError as error:
        print(f"two-tracks: {error}", file=sys.stderr)
        return 2
    for problem in work.problems:
        print(f"- {problem.sentence}")
    paths = write_class(work, options.out)
    said = f"{_count(work.students, 'student')}, {_count(work.problems, 'remark')}"
    print(f"{said}: {len(paths)} files in {options.out}; begin with {paths[-1]}.")
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from helpers.doctor import check_setup

    findings = []
    for finding in check_setup():
        print(finding, flush=True)
        findings.append(finding)
    bad = [finding for finding in findings if not finding.is_ok]
    print(f"To do: {len(bad)} of {len(findings)}." if bad else "All is well.")
    return int(bool(bad))


def _check_corpus(options: argparse.Namespace) -> int:
    from helpers.errors import WorkError
    from helpers.readiness import check_corpus

    report = check_corpus(options.folder)
    if options.html:
        page = report.to_page(f"The texts in {options.folder.absolute().name}")
        try:
            options.html.parent.mkdir(parents=True, exist_ok=True)
            options.html.write_text(page, encoding="utf-8")
        except OSError as error:
            raise WorkError(
                f"{options.html} cannot be written ({error.strerror}); name another file with "
                "--html."
            ) from error
    print(report.text)
    return 0 if report.ready else 1


def _count(things: Sequence[object], what: str) -> str:
    return f"{len(things)} {what}{'' if len(things) == 1 else 's'}"


if __name__ == "__main__":
    sys.exit(main())
