"""How long `two-tracks collect` takes for a class made by script, start of the command included.

Run it with ``.venv/bin/python benchmarks/class_of_thirty.py [STUDENTS]``. Each student answers
most questions of the course, collects eight passages and codes the practice passages twice.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print what the command says and the seconds it took."""
    from helpers.loading import course_corpus
    from tests.classes import make_class

    students = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory() as home:
        folder, out = Path(home, "class"), Path(home, "out")
        make_class(folder, course_corpus(), students=students)
        size = sum(path.stat().st_size for path in folder.iterdir())
        command = [sys.executable, "-m", "helpers", "collect", str(folder), "--out", str(out)]
        times = []
        for _ in range(3):
            start = perf_counter()
            done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
            times.append(perf_counter() - start)
        page = (out / "report.html").stat().st_size
    print(done.stdout.partition(":")[0])
    print(f"{size / 1e6:.1f} MB handed in, {page / 1e3:.0f} kB of report")
    print(f"{min(times):.1f} to {max(times):.1f} seconds, three times")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
