"""A large corpus on one machine: our store beside what a reader would take instead.

The corpus is made from the seeds' own clauses, put together anew by a seeded sampler, with
invented names of which a few are frequent and most are rare. It is written once into a folder
and used again. All programs get the same files, run one after the other, each in a process of
its own; every figure is the quickest of several calls in it, building and opening one call.

NLTK, conc and Polars are no part of this project: install them elsewhere and name that Python
with ``--others``. What is not installed, or takes longer than ``--limit``, is said so; what was
measured before the limit stays in the table::

    .venv/bin/python benchmarks/large_corpus.py --passages 20000 --folder somewhere
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import subprocess
import sys
from itertools import accumulate
from pathlib import Path

from helpers.loading import course_corpus

MEASURE = """
import csv, json, resource, sys, time
from pathlib import Path
work, source = Path(sys.argv[1]), sys.argv[1] + "/texts/corpus.csv"

def say(name, value):  # at once: what comes after it may take too long
    print(json.dumps({name: value}), file=sys.__stdout__, flush=True)

def timed(name, ask, times=5):
    took = []
    for _ in range(times):
        start = time.perf_counter()
        answer = ask()
        took.append(time.perf_counter() - start)
        if sum(took) > 20:
            break
    say(name, min(took) * 1000)
    return answer

def rows():
    with open(source, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
"""
END = """
say("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
BUILD = """
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from helpers import build_store
from helpers.corpus import Passage

def stream():
    for (name, date), some in groupby(rows(), lambda row: (row["document"], row["date"])):
        yield name, {"date": date}, [
            Passage(row["id"], name, n, "", "", 0, 0, 0, 0, row["text"])
            for n, row in enumerate(some, 1)
        ]

before = time.perf_counter()
timed("reading the table alone", lambda: sum(len(some) for _, _, some in stream()), 1)
between = time.perf_counter()
timed("build", lambda: build_store(work / "store", stream(), progress=False), 1)
say("build, the reading left out", (time.perf_counter() - 2 * between + before) * 1000)
say("memory of building", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
with ProcessPoolExecutor(1) as other:
    timed("build with another process",
        lambda: build_store(work / "store", stream(), progress=False, on=other), 1)
"""
CLEAN = """
from concurrent.futures import ProcessPoolExecutor
from helpers import build_store, stream_folder
with ProcessPoolExecutor(2) as two:
    timed("build from the folder, cleaning included", lambda: build_store(
        work / "cleaned", stream_folder(work / "texts", on=two), progress=False), 1)
say("memory of cleaning and building", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
say("memory of each process that cleans",
    resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""
ASK = """
import pandas
from helpers import load_store
store = timed("open", lambda: load_store(work / "store"), 1)
for name, query in (("rare", "bozoted"), ("middling", "preemptive"), ("frequent", "the")):
    timed(name + " word", lambda: store.page(query))
timed("phrase", lambda: store.page('"united states"'))
timed("phrase of frequent words", lambda: store.page('"of the"'))
timed("two-letter prefix", lambda: store.page("pr*"))
timed("either of two", lambda: store.page("russia OR iran"))
timed("both, near", lambda: store.page("NEAR(russia iran, 5)"))
timed("the two most frequent, near", lambda: store.page("NEAR(the of, 5)"))
timed("one, not the other", lambda: store.page('"of the" NOT (russia OR pr*)'))
timed("frequent word in ten years", lambda: store.page("the", years=(1995, 2004)))
some = [f"d{number:06}" for number in range(0, 700, 7)]
timed("frequent word in 100 documents", lambda: store.page("the", document=some))
timed("concordance, corpus order", lambda: store.concordance("russia"))
timed("concordance of the most frequent, corpus order", lambda: store.concordance("the"))
timed("concordance, sorted right", lambda: store.concordance("russia", sort="right"))
timed("concordance, sorted left", lambda: store.concordance("russia", sort="left"))
timed("concordance of the most frequent, right", lambda: store.concordance("the", sort="right"))
timed("keyness of ten years", lambda: store.count_keyness(years=(1995, 2004)))
timed("collocates", lambda: store.count_collocates("preemptive"))
timed("collocates of a frequent word", lambda: store.count_collocates("russia"))
"""
FTS5 = """
import sqlite3
texts = [row["text"] for row in rows()]
database = sqlite3.connect(work / "fts5.sqlite")
def build():
    database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "DROP TABLE IF EXISTS words; CREATE VIRTUAL TABLE words USING fts5(text, content='');")
    with database:
        database.executemany("INSERT INTO words VALUES (?)", ((text,) for text in texts))
timed("build, the reading left out", build, 1)
def page(match):
    one = database.execute("SELECT count(*) FROM words WHERE words MATCH ?", [match]).fetchone()
    return one, database.execute(
        "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid LIMIT 50", [match]).fetchall()
for name, query in (("rare", "bozoted"), ("middling", "preemptive"), ("frequent", "the")):
    timed(name + " word", lambda: page(query))
timed("phrase", lambda: page('"united states"'))
timed("phrase of frequent words", lambda: page('"of the"'))
timed("two-letter prefix", lambda: page("pr*"))
timed("either of two", lambda: page("russia OR iran"))
timed("both, near", lambda: page("NEAR(russia iran, 5)"))
timed("the two most frequent, near", lambda: page("NEAR(the of, 5)"))
timed("one, not the other", lambda: page('"of the" NOT (russia OR pr*)'))
"""
PANDAS = """
import pandas as pd
table = timed("open", lambda: pd.read_csv(source), 1)
lower = timed("build, the reading left out", lambda: table["text"].str.lower(), 1)
def page(pattern):
    found = lower.str.contains(pattern)
    return found.sum(), table[found].head(50)
for name, query in (("rare", "bozoted"), ("middling", "preemptive"), ("frequent", "the")):
    timed(name + " word", lambda: page(rf"\\b{query}\\b"), 2)
timed("phrase", lambda: page(r"\\bunited states\\b"), 2)
timed("two-letter prefix", lambda: page(r"\\bpr"), 2)
"""
POLARS = """
import polars as pl
table = timed("open", lambda: pl.read_csv(source), 1)
lower = pl.col("text").str.to_lowercase()
table = timed("build, the reading left out", lambda: table.with_columns(lower=lower), 1)
def page(pattern):
    found = table.filter(pl.col("lower").str.contains(pattern))
    return len(found), found.head(50)
def lines(pattern, sort):
    cut = table.select(pl.col("lower").str.extract_all(pattern + r".{0,60}")).explode("lower")
    cut = cut.drop_nulls()
    return len(cut), (cut.sort("lower") if sort else cut).head(100)
for name, query in (("rare", "bozoted"), ("middling", "preemptive"), ("frequent", "the")):
    timed(name + " word", lambda: page(rf"\\b{query}\\b"), 3)
timed("phrase", lambda: page(r"\\bunited states\\b"), 3)
timed("two-letter prefix", lambda: page(r"\\bpr"), 3)
timed("concordance, corpus order", lambda: lines(r"\\brussia\\b", False), 3)
timed("concordance, sorted right", lambda: lines(r"\\brussia\\b", True), 3)
"""
NLTK = """
from nltk.text import Text, ConcordanceIndex
from nltk.tokenize import wordpunct_tokenize
from nltk.collocations import BigramCollocationFinder
texts = [row["text"] for row in rows()]
def build():
    words = [word for text in texts for word in wordpunct_tokenize(text)]
    text = Text(words)
    text._concordance_index = ConcordanceIndex(words, key=lambda word: word.lower())
    return text
text = timed("build, the reading left out", build, 1)
timed("concordance, corpus order", lambda: text.concordance_list("russia", lines=100))
def sort_right():
    words = text.tokens
    places = text._concordance_index.offsets("russia")
    return sorted(places, key=lambda at: [word.lower() for word in words[at + 1 : at + 9]])[:100]
timed("concordance, sorted right", sort_right, 2)
"""
CONC = """
import spacy
model = spacy.blank("en")
for name in ("parser", "ner", "lemmatizer", "tagger", "senter", "tok2vec", "attribute_ruler"):
    model.add_pipe("sentencizer", name=name)
model.to_disk(work / "blank")
import contextlib, io
from conc.corpus import Corpus
from conc.conc import Conc
with contextlib.redirect_stdout(io.StringIO()):
    corpus = Corpus(name="large", description="large")
    timed("build", lambda: corpus.build_from_csv(
        source, str(work) + "/", text_column="text", model=str(work / "blank")), 1)
    conc = Conc(corpus)
    timed("concordance, sorted right",
        lambda: conc.concordance("russia", context_length=8, page_size=100).to_frame())
    timed("concordance, sorted left", lambda: conc.concordance(
        "russia", context_length=8, page_size=100, order="1L2L3L").to_frame())
    timed("concordance of the most frequent, right",
        lambda: conc.concordance("the", context_length=8, page_size=100).to_frame())
    timed("collocates", lambda: conc.collocates("preemptive").to_frame())
    timed("collocates of a frequent word", lambda: conc.collocates("russia").to_frame())
"""
PROGRAMS = {
    "bare FTS5": ("sqlite3", FTS5),
    "pandas": ("pandas", PANDAS),
    "Polars": ("polars", POLARS),
    "NLTK": ("nltk", NLTK),
    "conc": ("conc", CONC),
}


def make_corpus(path: Path, passages: int) -> None:
    """Write a CSV table of passages, the same for the same number of them."""
    dice = random.Random(5)
    clauses = [
        clause
        for passage in course_corpus().passages
        for clause in re.findall(r"\S.{24,160}?(?=[,;.:] |$)[,;.:]?", passage.text)
    ]
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    names = ["".join(dice.choices(syllables, k=3)).title() for _ in range(200_000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(names))))
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("id", "document", "date", "text"))
        for number in range(passages):
            words = dice.choices(clauses, k=dice.randint(4, 7))
            for at, name in enumerate(dice.choices(names, cum_weights=weights, k=4)):
                words.insert(2 * at + 1, name)
            if number % 5_000 == 7:
                words.append("Bozoted")
            at, text = f"d{number // 50:06}", " ".join(words)
            year = 1990 + number // 50 * 7919 % 32
            table.writerow((f"{at}-{number % 50:02}", at, year, text))
    part.rename(path)


def run(python: str, code: str, work: Path, limit: float) -> tuple[dict[str, float], str]:
    """What a program measured, and why it did not measure more."""
    command = [python, "-W", "ignore", "-c", MEASURE + code + END, str(work)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=limit)
        said, remark = done.stdout, ""
        if done.returncode:
            wrong = done.stderr.decode().strip().splitlines() or ["killed"]
            remark = f"failed: {wrong[-1]}"
    except subprocess.TimeoutExpired as late:
        said, remark = late.stdout or b"", f"stopped after {limit:.0f} s"
    figures: dict[str, float] = {}
    for line in said.decode().splitlines():
        figures |= json.loads(line)
    print(figures, remark, file=sys.stderr, flush=True)  # a long run can be watched
    return figures, remark


def find_python(library: str, others: str) -> str:
    """A Python that has a library; empty if none has."""
    probe = f"import importlib.util as u, sys; sys.exit(u.find_spec({library!r}) is None)"
    for python in (sys.executable, others):
        if not subprocess.run([python, "-c", probe], check=False).returncode:
            return python
    return ""


def say(name: str, value: float, size: float) -> str:
    """A figure with its unit; a build as its speed."""
    if name.startswith("memory"):
        return f"{value:,.0f} MB"
    if name.startswith(("build", "reading")):
        return f"{size / value * 1000:.1f} MB/s"
    return f"{value:,.1f} ms"


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description="A large corpus, side by side. Prints Markdown.")
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, required=True, help="for the corpus and the stores")
    parser.add_argument("--others", default=sys.executable, help="a Python with nltk, conc, polars")
    parser.add_argument("--limit", type=float, default=600, help="seconds for each program")
    parser.add_argument("--only", default="", help="names of programs, with commas")
    options = parser.parse_args()
    work = options.folder / str(options.passages)
    work.mkdir(parents=True, exist_ok=True)
    source = work / "texts" / "corpus.csv"
    if not source.exists():
        source.parent.mkdir(exist_ok=True)
        make_corpus(source, options.passages)
    size = source.stat().st_size / 1e6
    print(f"{options.passages:,} passages, {size:,.0f} MB; load {os.getloadavg()[0]:.1f}\n")
    ours, remarks = dict[str, float](), list[str]()
    for code in (BUILD, CLEAN, ASK):
        figures, remark = run(sys.executable, code, work, options.limit)
        ours |= figures
        remarks += [f"two-tracks {remark}"] * bool(remark)
    found: dict[str, dict[str, float]] = {}
    for name, (library, code) in PROGRAMS.items():
        if not options.only or name in options.only.split(","):
            python = find_python(library, options.others)
            found[name], remark = (
                run(python, code, work, options.limit) if python else ({}, "missing")
            )
            remarks += [f"{name} {remark}"] * bool(remark)
    print("| | two-tracks |", " | ".join(found), "|")
    print("| --- |", " | ".join("---" for _ in [ours, *found]), "|")
    for name, value in ours.items():
        cells = [say(name, value, size)]
        for other in found.values():
            figure = other.get(name)
            ratio = f" ({figure / value:.2g}×)" if figure else "–"
            cells.append((say(name, figure, size) if figure else "") + ratio)
        print("|", " | ".join([name, *cells]), "|")
    print(f"\nIn brackets: time or memory as a multiple of ours. Load {os.getloadavg()[0]:.1f}.")
    print("\n".join(f"{remark}." for remark in remarks))


if __name__ == "__main__":
    main()
