"""Processes that write work, and are killed while they do: run as a program by the tests.

A small program of its own can fork at little cost; nothing of pytest is in the children.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from helpers.workbook import Workbook

__all__: list[str] = []


def write_forever(folder: Path, name: str, pipe: int, seed: int) -> None:
    """Save answer after answer, short and long; tell of each when it is saved."""
    dice, workbook = random.Random(seed), Workbook(folder)
    for number in range(1_000_000):
        text = "é" * dice.choice((1, 50, 2_000, 40_000))
        workbook.save_answer(f"{name}-{number}", text, wording="", right=None)
        os.write(pipe, f"{name}-{number}:{len(text)}\n".encode())


def start_writer(folder: Path, name: str, seed: int) -> tuple[int, int]:
    """A child that writes until it is killed: its process id, and where it tells."""
    told, tell = os.pipe()
    if child := os.fork():
        os.close(tell)
        return child, told
    try:
        os.close(told)
        write_forever(folder, name, tell, seed)
    finally:
        os._exit(1)


def kill_writers(folder: Path, kills: int, seed: int) -> dict[str, object]:
    """Kill writers at random moments, one or two at a time, and look for what they told."""
    dice, reader = random.Random(seed), Workbook(folder)
    saved: dict[str, int] = {}
    lost, silent, killed = set(), 0, 0
    while killed < kills:
        names = [f"w{killed}", f"x{killed}"][: dice.choice((1, 1, 2))]
        writers = [start_writer(folder, name, dice.randrange(10**9)) for name in names]
        select.select([told for _, told in writers], [], [], 0.2)  # until one has told something
        time.sleep(dice.uniform(0, 0.012))
        for child, told in writers:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            heard = b"".join(iter(lambda told=told: os.read(told, 65536), b"")).decode()
            os.close(told)
            silent += not heard
            saved |= {
                name: int(size) for name, size in (line.split(":") for line in heard.splitlines())
            }
        killed += len(writers)
        lost |= find_lost(reader, saved)
    found = Workbook(folder)
    lost |= find_lost(found, saved)
    files = list(folder.glob("*.jsonl"))
    return {
        "kills": killed,
        "saved": len(saved),
        "lost": sorted(lost),
        "silent": silent,
        "found": len(found.answers()),
        "torn": sum(file.stat().st_size > 0 and not ends_well(file) for file in files),
        "files": len(files),
        "problems": reader.problems + found.problems,
    }


def find_lost(workbook: Workbook, saved: dict[str, int]) -> set[str]:
    """The answers told of that are not there as they were told."""
    answers = workbook.answers()
    return {n for n, size in saved.items() if n not in answers or len(answers[n].value) != size}


def ends_well(file: Path) -> bool:
    """Whether the last line of a file has its end."""
    return file.read_bytes().endswith(b"\n")


def write_together(folder: Path, writers: int, answers: int) -> dict[str, object]:
    """Several processes save so many answers each, all at once, and read in between."""
    children = []
    for writer in range(writers):
        if child := os.fork():
            children.append(child)
            continue
        with suppress(BaseException):
            workbook = Workbook(folder)
            for number in range(answers):
                workbook.save_answer(f"w{writer}-{number}", number, wording="", right=None)
                workbook.save_answer("shared", f"w{writer}-{number}", wording="", right=None)
                if not workbook.problems and f"w{writer}-{number}" in workbook.answers():
                    continue
                os._exit(1)
            os._exit(0)
        os._exit(1)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    found = Workbook(folder)
    return {"codes": codes, "found": len(found.answers()), "problems": found.problems}


if __name__ == "__main__":
    run = {"kill": kill_writers, "together": write_together}[sys.argv[1]]
    sys.stdout.write(json.dumps(run(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
