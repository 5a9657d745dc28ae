"""How long a reader waits, beside what a reader would take instead. Prints Markdown.

Four tables: from process start to the first filtered result on the seeds, cleaning included;
`import helpers`; from a key press to the updated list of the explorer (kernel and messages,
without the drawing of the browser); a strict check of each lesson with nbval, beside the start
and stop of one kernel. Programs run in fresh processes, in turns, and the median counts.

NLTK and conc are no part of this project. To have them measured, install them elsewhere and
name that Python::

    python -m venv elsewhere
    elsewhere/bin/pip install nltk conc
    .venv/bin/python benchmarks/first_result.py --others elsewhere/bin/python

conc wants a language model of spaCy's, which would be fetched. It uses only the model's
tokenizer, so it gets a blank English one here, made and saved before the clock starts.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from jupyter_client.manager import KernelManager, start_new_kernel

from helpers.course import find_lessons
from helpers.sources import find_folder

WORD = "preemptive"
OURS = "Two Tracks: cleaned, filtered, with hits"
FIRST = {
    OURS: f"""
import helpers
found = helpers.find_passages({WORD!r})
assert sum(len(found.hits(passage)) for passage in found) >= 2
""",
    "plain re: lines of the raw files": f"""
import re, sys
from pathlib import Path
word = re.compile(r"\\b{WORD}\\b", re.IGNORECASE)
texts = [path.read_text(encoding="utf-8") for path in Path(sys.argv[1]).iterdir()]
assert len([line for text in texts for line in text.splitlines() if word.search(line)]) >= 2
""",
}
OTHERS = {
    "NLTK: concordance of the raw files": f"""
import sys
from pathlib import Path
from nltk.text import Text
from nltk.tokenize import wordpunct_tokenize
texts = [path.read_text(encoding="utf-8") for path in Path(sys.argv[1]).iterdir()]
text = Text([word for raw in texts for word in wordpunct_tokenize(raw)])
assert len(text.concordance_list({WORD!r})) >= 2
""",
    "conc: corpus built, concordance": f"""
import sys
from conc.corpus import Corpus
from conc.concordance import Concordance
corpus = Corpus(name="seeds")
corpus.build_from_files(sys.argv[1], sys.argv[2] + "/", model=sys.argv[2] + "/blank")
assert len(Concordance(corpus).concordance({WORD!r}).to_frame()) >= 2
""",
}
BLANK_MODEL = """
import spacy, sys
model = spacy.blank("en")
for name in ("parser", "ner", "lemmatizer", "tagger", "senter", "tok2vec", "attribute_ruler"):
    model.add_pipe("sentencizer", name=name)
model.to_disk(sys.argv[2] + "/blank")
"""
IMPORT = "import time; t = time.perf_counter(); import helpers; print(time.perf_counter() - t)"
EXPLORER = "import helpers; e = helpers.PassageExplorer(); print(e.query.comm.comm_id)"
TYPED = ("preempt*", "Russia", "Iran OR Turkey", '"axis of evil"', "NEAR(missile Iran, 9)")


def run(python: str, code: str, work: str) -> tuple[float, str]:
    """Seconds that a fresh process takes for `code`, and what it printed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "PYTHONPYCACHEPREFIX": str(Path(work, "bytecode"))}
    command = [python, "-c", code, str(find_folder("seeds")), work]
    start = time.perf_counter()
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=work, env=environment
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stderr)
    return seconds, done.stdout


def is_installed(python: str, code: str) -> bool:
    """Whether the library that `code` imports is there."""
    library = next(name for name in ("nltk", "conc") if f"from {name}." in code)
    probe = f"import importlib.util as u, sys; sys.exit(u.find_spec({library!r}) is None)"
    return not subprocess.run([python, "-c", probe], check=False).returncode


def print_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """One table in Markdown, and a blank line."""
    for cells in (head, tuple("---" for _ in head), *rows):
        print("|", " | ".join(cells), "|")
    print()


def measure_first_result(others: str, runs: int, work: str) -> None:
    """Process start to first result, all programs in turns."""
    programs = {name: (sys.executable, code) for name, code in FIRST.items()}
    programs["python -c pass"] = (sys.executable, "pass")
    there = {name: code for name, code in OTHERS.items() if is_installed(others, code)}
    programs |= {name: (others, code) for name, code in there.items()}
    if any("conc" in code for code in there.values()):
        run(others, BLANK_MODEL, work)
    times: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(runs + 1):
        for name, (python, code) in programs.items():
            seconds, _ = run(python, code, work)
            times[name] += [seconds] if turn else []  # the first turn fills the caches
    ours = median(times[OURS])
    rows = [
        (name, f"{median(found) * 1000:.0f} ms", f"{median(found) / ours:.2f}")
        for name, found in sorted(times.items(), key=lambda item: median(item[1]))
    ]
    rows += [(name, "not installed", "") for name in OTHERS if name not in there]
    print_table(("process start to first result", f"median of {runs}", "to ours"), rows)


def measure_import(runs: int, work: str) -> None:
    """`import helpers`, measured inside a fresh process."""
    seconds = median(float(run(sys.executable, IMPORT, work)[1]) for _ in range(runs))
    print_table(
        ("inside a process", f"median of {runs}"), [("import helpers", f"{seconds * 1000:.0f} ms")]
    )


def measure_keys() -> None:
    """Each key typed into the explorer of a kernel, until the kernel has sent the new list."""
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        told: list[str] = []
        client.execute_interactive(
            EXPLORER, output_hook=lambda message: told.append(message["content"].get("text", ""))
        )
        widget = "".join(told).strip()
        texts = [words[:end] for words in TYPED for end in range(1, len(words) + 1)]
        times = [_type(client, widget, text) for text in texts]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    row = (f"{len(times)} keys", f"{median(times) * 1000:.1f} ms", f"{max(times) * 1000:.1f} ms")
    print_table(("key press to updated list", "median", "slowest"), [row])


def _type(client: Any, widget: str, text: str) -> float:
    """Seconds from the message that `text` stands in the field to the end of the answer."""
    data = {"method": "update", "state": {"value": text}, "buffer_paths": []}
    message = client.session.msg("comm_msg", {"comm_id": widget, "data": data})
    start = time.perf_counter()
    client.shell_channel.send(message)
    for answer in iter(lambda: client.get_iopub_msg(timeout=10), None):
        ours = answer["parent_header"].get("msg_id") == message["header"]["msg_id"]
        if ours and answer["content"].get("execution_state") == "idle":
            return time.perf_counter() - start
    raise SystemExit("The kernel did not answer.")


def measure_lessons(runs: int) -> None:
    """Strict nbval of each lesson, in seconds and in starts and stops of a kernel."""
    kernel = median(_start_and_stop() for _ in range(runs))
    rows = [("start and stop of one kernel", f"{kernel:.2f} s", "1.0")]
    for lesson in find_lessons(find_folder("notebooks")):
        checks = [_check(lesson) for _ in range(runs)]
        seconds = median(seconds for seconds, _ in checks)
        stale = "" if all(passed for _, passed in checks) else " (stale: run make notebooks)"
        rows.append((lesson.name + stale, f"{seconds:.2f} s", f"{seconds / kernel:.1f}"))
    print_table(("strict nbval of a lesson, kernel and all", f"median of {runs}", "kernels"), rows)


def _start_and_stop() -> float:
    start = time.perf_counter()
    manager, client = start_new_kernel(kernel_name="python3")
    client.stop_channels()
    manager.shutdown_kernel()
    return time.perf_counter() - start


def _check(lesson: Path) -> tuple[float, bool]:
    """Seconds that pytest counts for a lesson, its own start left out, and whether it passes."""
    root = find_folder("notebooks").parent
    options = ["--nbval", "--nbval-current-env", "--nbval-sanitize-with", "tests/nbval.cfg"]
    command = [sys.executable, "-m", "pytest", "-q", *options, str(lesson)]
    done = subprocess.run(command, check=False, cwd=root, capture_output=True, text=True)
    counted = re.search(r" in ([\d.]+)s\b", done.stdout.splitlines()[-1])
    if not counted:
        raise SystemExit(done.stdout + done.stderr)
    return float(counted[1]), not done.returncode


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How long a reader waits. Prints Markdown.")
    parser.add_argument("--runs", type=int, default=15, help="fresh processes of each program")
    parser.add_argument("--others", default=sys.executable, help="a Python with nltk and conc")
    options = parser.parse_args()
    KernelManager.transport_encryption.default_value = "auto"  # else each kernel warns
    with tempfile.TemporaryDirectory() as work:
        measure_first_result(options.others, options.runs, work)
        measure_import(options.runs, work)
    measure_keys()
    measure_lessons(max(1, options.runs // 5))


if __name__ == "__main__":
    main()
