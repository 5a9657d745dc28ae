"""Where work is done: in threads of this process, or on the machines of a Dask cluster.

Whatever is mapped goes through one seam, an executor of the standard library.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from helpers.errors import SettingError
from helpers.sources import PACKAGE, find_folder

__all__ = ["checksum_files", "checksum_package", "map_in_order", "map_unordered", "open_executor"]

Item = TypeVar("Item")
Result = TypeVar("Result")
PATIENCE = "10s"  # for a scheduler to answer


@contextmanager
def open_executor(*, jobs: int = 2, on: str = "") -> Iterator[Executor]:
    """What runs functions: `jobs` threads, or the Dask cluster whose scheduler listens at `on`.

    Threads of one process know of each other's ports, so that their kernels do not collide.

    Raises
    ------
    SettingError
        If Dask is not installed, no scheduler answers, it has no workers, or one of them has
        another version of this package.
    """
    if not on:
        with ThreadPoolExecutor(jobs) as pool:
            yield pool
        return
    try:
        from distributed import Client
    except ImportError:
        raise SettingError(
            "--on needs Dask; install it: pip install 'two-tracks[cluster]'."
        ) from None
    try:
        client = Client(on, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:  # a time-out is an OSError
        raise SettingError(f"No Dask scheduler answers at {on}; is it running there?") from error
    with client:
        _check_workers(client, on)
        yield client.get_executor(pure=False)


def _check_workers(client: Any, on: str) -> None:
    """Hold every worker to our own version: what it shows must not depend on who showed it."""
    found = client.run(checksum_package, on_error="return")
    if not found:
        raise SettingError(f"The scheduler at {on} has no workers; start some, then run again.")
    ours = checksum_package()
    if others := [address for address, theirs in found.items() if theirs != ours]:
        raise SettingError(
            f"{', '.join(sorted(others))}: this worker does not have the two-tracks that you "
            "have; install the same version and data there."
        )


def map_unordered(
    executor: Executor, function: Callable[[Item], Result], items: Iterable[Item]
) -> Generator[tuple[Item, Future[Result]]]:
    """Each item with its future, as it is done; what has not begun is cancelled on leaving.

    Close the iterator (``contextlib.closing``) where the loop over it may be left early.

    Examples
    --------
    >>> with open_executor(jobs=2) as executor:
    ...     sorted(future.result() for _, future in map_unordered(executor, abs, [-1, 2]))
    [1, 2]
    """
    futures = {executor.submit(function, item): item for item in items}
    try:
        for future in as_completed(futures):
            yield futures[future], future
    finally:
        for future in futures:
            future.cancel()


def map_in_order(
    executor: Executor | None,
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    weigh: Callable[[Item], int] = lambda _: 1,
    most: int = 4,
) -> Generator[Result]:
    """The results in the order of the items, of which few are on their way at a time.

    No item is begun while those before it that are not taken yet weigh `most`. Without an executor
    they are worked off here, one after the other.

    Examples
    --------
    >>> with open_executor(jobs=2) as executor:
    ...     list(map_in_order(executor, abs, [-1, 2, -3]))
    [1, 2, 3]
    """
    if executor is None:
        yield from map(function, items)
        return
    waiting, weight = deque[tuple[int, Future[Result]]](), 0
    try:
        for item in items:
            while weight >= most:
                weight -= waiting[0][0]
                yield waiting.popleft()[1].result()
            waiting.append((weigh(item), executor.submit(function, item)))
            weight += waiting[-1][0]
        while waiting:
            yield waiting.popleft()[1].result()
    except BrokenExecutor as error:
        raise SettingError(
            "A process that worked for this one has ended, or could not begin. Give it more memory "
            "or leave out `on`; a script that starts processes does its work below the line "
            'if __name__ == "__main__":.'
        ) from error
    finally:
        for _, future in waiting:
            future.cancel()


def checksum_package() -> dict[str, str]:
    """A checksum each for the code of this package, for its data and for the seeds."""
    code = [*PACKAGE.glob("*.py"), *(PACKAGE / "handout").rglob("*")]
    parts = {name: find_folder(name).rglob("*") for name in ("data", "seeds")}
    return {"code": checksum_files(code), **{k: checksum_files(v) for k, v in parts.items()}}


def checksum_files(paths: Iterable[Path]) -> str:
    """One SHA-256 for the names and bytes of files; folders among `paths` do not count.

    Examples
    --------
    >>> checksum_files([])[:8]
    'e3b0c442'
    """
    whole = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        whole.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()
