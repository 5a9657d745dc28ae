"""How quickly a folder of one's own texts is read and cleaned, beside what else reads it.

Three folders are made from the sentences of the course's texts: many small files, a few large
ones, one table of many rows. Some paragraphs are wrapped, some lines are furniture. Each program
runs in a fresh process, in turns, and the quickest turn counts; MB of raw text per second of
processor time (of the clock where two processes work), and the most memory the process held.
The others keep no ledger and no positions: that is what the ratio pays for.

NLTK is no part of this project. To have it measured, install it elsewhere and name that Python::

    .venv/bin/python benchmarks/loading.py --others elsewhere/bin/python
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

from helpers.adopting import PROPOSED
from helpers.loading import course_corpus

START = "import resource, sys, time; folder = sys.argv[1]; cpu = time.process_time\n"
END = """
print(clock() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
OURS = "from helpers import load_corpus, stream_folder\nclock = cpu; start = clock()\n"
LOAD = "corpus = load_corpus(folder, rules={})"
STREAM = "for name, known, passages in stream_folder(folder, rules={}): pass"
TWO = """
from concurrent.futures import ProcessPoolExecutor
clock = time.perf_counter; start = clock()
with ProcessPoolExecutor(2) as on:
    for name, known, passages in stream_folder(folder, rules={}, on=on): pass
"""
PLAIN = r"""
import re
from pathlib import Path
clock = cpu; start = clock()
texts = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).iterdir())]
paragraphs = [[" ".join(p.split()) for p in re.split(r"\n\s*\n", text)] for text in texts]
"""
PANDAS = """
import pandas
from pathlib import Path
clock = cpu; start = clock()
table = pandas.read_csv(next(Path(folder).iterdir()))
"""
NLTK = """
import nltk.data
from nltk.corpus import PlaintextCorpusReader
from nltk.tokenize import BlanklineTokenizer
clock = cpu; start = clock()
nltk.data.path.append(folder)  # else it refuses to read there
reader = PlaintextCorpusReader(folder, ".*", sent_tokenizer=BlanklineTokenizer())
paragraphs = list(reader.paras())
"""


def make_text(rng: random.Random, sentences: list[str], size: int) -> str:
    """A text of about so many characters; in half of all texts its lines are wrapped."""
    wrapped, parts, page = rng.random() < 0.5, list[str](), 0
    while sum(map(len, parts)) < size:
        paragraph = " ".join(rng.choices(sentences, k=rng.randint(2, 6)))
        parts.append(textwrap.fill(paragraph, 72) if wrapped else paragraph)
        if rng.random() < 0.05:
            page += 1
            parts.append(rng.choice([f"Page {page} of 90", "Share this", "WORLD REVIEW"]))
    return "\n\n".join(parts)


def make_folders(root: Path) -> Iterator[tuple[str, Path]]:
    """The three folders, each with its name."""
    rng, passages = random.Random(5), course_corpus().passages
    sentences = [s for passage in passages for s in re.split(r"(?<=[.!?]) ", passage.text)]
    for name, count, size in (("2,000 files of 10 kB", 2000, 10_000), ("5 of 2 MB", 5, 2_000_000)):
        folder = root / name[0]
        folder.mkdir()
        for number in range(count):
            text = make_text(rng, sentences, size)
            (folder / f"text-{number}.txt").write_text(text, encoding="utf-8")
        yield name, folder
    folder = root / "table"
    folder.mkdir()
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["title", "date", "text"])
        for number in range(30_000):
            text = " ".join(rng.choices(sentences, k=rng.randint(2, 6)))
            rows.writerow([f"Title {number}", f"{1990 + number % 30}-03", text])
    yield "a table of 30,000 rows", folder


def list_programs(others: str, *, table: bool) -> Iterator[tuple[str, str, str]]:
    """What is measured: its name, the Python that runs it, the code."""
    ours = {"no rules": [], f"all {len(PROPOSED)} rules": list(PROPOSED)}
    for what, rules in ours.items():
        yield f"load_corpus, {what}", sys.executable, OURS + LOAD.format(rules)
        yield f"stream_folder, {what}", sys.executable, OURS + STREAM.format(rules)
        yield f"the same, two processes, {what}", sys.executable, OURS + TWO.format(rules)
    if table:
        yield "pandas.read_csv", sys.executable, PANDAS
    else:
        yield "read, split at blank lines", sys.executable, PLAIN
        if others:
            yield "NLTK, PlaintextCorpusReader.paras", others, NLTK


def measure(name: str, folder: Path, others: str, turns: int) -> None:
    """Print one table."""
    programs = list(list_programs(others, table=folder.name == "table"))
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    times: dict[str, list[tuple[float, float]]] = {}
    for _ in range(turns):
        for program, python, code in programs:
            command = [python, "-c", START + code + END, str(folder)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            seconds, memory = map(float, done.stdout.split())
            times.setdefault(program, []).append((seconds, memory))
    ours = min(times["stream_folder, no rules"])[0]
    print(f"| {name}, {size:.0f} MB | MB/s | to stream_folder | memory |")
    print("|---|---|---|---|")
    for program, found in times.items():
        seconds, memory = min(found)
        print(f"| {program} | {size / seconds:.1f} | {ours / seconds:.2f} | {memory:.0f} MB |")
    print()


def main() -> None:
    """Measure every folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--others", default="", help="a Python that has NLTK")
    parser.add_argument("--turns", type=int, default=3, help="how often each program runs")
    settings = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        for name, folder in make_folders(Path(root)):
            measure(name, folder, settings.others, settings.turns)


if __name__ == "__main__":
    main()
