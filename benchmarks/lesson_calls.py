"""How long the calls of a lesson take: first (nothing read yet) and again, in milliseconds.

Run it with ``.venv/bin/python benchmarks/lesson_calls.py``. Each call is made in a fresh process
with the libraries imported and the corpus loaded, and then again five times, of which the
quickest counts. What a lesson waits for is the second number, and once per kernel the first.
It is processor time: the calls wait for nothing else, and other work on the machine does not
count.
"""

from __future__ import annotations

import subprocess
import sys
from time import process_time

LIMITS = {"call": 50, "figure": 400}  # milliseconds, again
CALLS = [
    "find_passages('preempt* OR \"pre-empt*\"')",
    "find_passages(theme='iran')",
    "find_passages(speaker='Vladimir Putin', person='Igor Ivanov')",
    "keep_documents(years=[2000, 2003])",
    "concordance('Russia*')",
    "show_concordance('terror*', sort='right')",
    "show_passages('Iran', theme='iran')",
    "show_quotations(theme='preemption')",
    "explain_theme('azizian-2003#p04', 'preemption')",
    "count_passages(['preempt*', '\"pre-empt*\"', 'prevent*'])",
    "count_hits('terror*', by='speaker')",
    "count_hits('terror*', by='theme')",
    "count_themes()",
    "count_speakers()",
    "count_keyness(find_passages(theme='central_asia'))",
    "count_collocates('Russia*')",
    "measure_dispersion(['terror*', 'partner*', 'Ivanov'])",
    "measure_themes()",
    "measure_themes(documents='held-out')",
    "show_misses('cooperation_confrontation')",
    "PassageExplorer(theme='preemption')",
    "ConcordanceExplorer('terror*', window=8)",
    "draw_timeline()",
    "draw_grid(count_themes())",
    "draw_bars(count_hits('terror*', by='speaker'), column='per_1000_words')",
    "draw_dispersion(['terror*', 'partner*', 'Ivanov'])",
    "draw_keyness(count_keyness(find_passages(theme='central_asia'), size=15))",
    "draw_speakers()",
]


def measure(call: str) -> tuple[float, float]:
    """The first time and the quickest of five more, shown as a notebook would show them."""
    code = f"from benchmarks.lesson_calls import time_call; time_call({call!r})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    first, again = map(float, done.stdout.split())
    return first, again


def time_call(call: str) -> None:
    """Time one call in this process, imports and the loading of the corpus left out."""
    import matplotlib.figure  # noqa: F401 -- its import is not what is timed

    import helpers

    names = {name: getattr(helpers, name) for name in helpers.__all__}
    names["load_corpus"]()
    helpers.find_passages("zzz")
    times = []
    for _ in range(6):
        start = process_time()
        shown = eval(call, names)
        getattr(shown, "_repr_html_", shown.__repr__)()
        times.append(1000 * (process_time() - start))
    print(times[0], min(times[1:]))


def main() -> int:
    """Print the table; the exit code is 1 if a call is too slow."""
    slow = 0
    print(f"{'first':>7} {'again':>7}  call")
    for call in CALLS:
        first, again = measure(call)
        limit = LIMITS["figure" if call.startswith("draw_") else "call"]
        slow += again > limit
        print(f"{first:7.0f} {again:7.1f}  {call}{'  <- too slow' if again > limit else ''}")
    print(f"\n{slow} of {len(CALLS)} calls are slower than {LIMITS}.")
    return int(bool(slow))


if __name__ == "__main__":
    sys.path.insert(0, str(__import__("pathlib").Path(__file__).resolve().parent.parent))
    sys.exit(main())
