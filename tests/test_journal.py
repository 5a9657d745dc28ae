"""A folder of records: what happens to it when writing goes wrong."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from helpers import journal
from helpers.errors import WorkError
from helpers.journal import Journal, replace_file


def save(journal: Journal, name: str) -> None:
    """Collect the passage `name`."""
    journal.add("passage", (name,), {"kept": True, "note": ""}, coder="me")


def saved_in(folder: Path) -> list[str]:
    """What somebody finds who opens the folder for the first time."""
    return [record.key[0] for record in Journal(folder).records()]


HANDED = (
    b'{"format": 2, "kind": "export", "coder": "wren-1000", "records": 1}\n{"format": 2, '
    b'"id": "x-1", "number": 1, "time": "2024-09-01T10:00:00Z", "coder": "wren-1000", '
    b'"kind": "passage", "key": ["toy#p01"], "value": {"kept": true, "note": ""}}'
)  # without its last line end


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that does not exist yet."""
    return tmp_path / "my-work"


def test_a_line_is_on_the_disk_before_it_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is synchronised after the line is written, and only then does saving end."""
    seen: list[bytes] = []

    def look(file: int) -> None:
        seen.extend(path.read_bytes() for path in folder.glob("*.jsonl"))

    monkeypatch.setattr(os, "fsync", look)
    save(Journal(folder), "a")
    assert seen[0].endswith(b"\n")


@pytest.mark.parametrize("tail", range(1, 12))
def test_a_line_cut_off_was_never_saved(folder: Path, tail: int) -> None:
    """Wherever a crash cuts the last line, the ones before it are there and nothing is said."""
    for name in "abc":
        save(Journal(folder), "a" if name == "a" else name)
    path = max(folder.glob("*.jsonl"), key=lambda path: b'["c"]' in path.read_bytes())
    whole = path.read_bytes()
    reader = Journal(folder)
    path.write_bytes(whole[: len(whole) * tail // 12])
    assert [record.key[0] for record in reader.records()] == ["a", "b"]
    assert reader.problems() == []
    path.write_bytes(whole)
    assert [record.key[0] for record in reader.records()] == ["a", "b", "c"]


def test_a_line_that_lacks_nothing_but_its_end_counts(folder: Path) -> None:
    """An editor that cuts the last line end off loses nothing; the next save begins a new file."""
    writer = Journal(folder)
    save(writer, "a")
    (path,) = folder.glob("*.jsonl")
    path.write_bytes(path.read_bytes()[:-1])
    save(writer, "b")
    assert saved_in(folder) == ["a", "b"]
    assert len(list(folder.glob("*.jsonl"))) == 2


@pytest.mark.parametrize("written", [0, 1, 40, 10_000])
def test_a_save_that_fails_half_way_spoils_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """When the disk is full it says so, and what is saved later is whole."""
    writer = Journal(folder)
    save(writer, "a")
    write = os.write

    def fill(file: int, line: bytes) -> int:
        write(file, line[:written])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fill)
        patch.setattr(os, "ftruncate", lambda file, size: fill(file, b""))
        with pytest.raises(WorkError, match="disk is full, so this was not saved; free some"):
            save(writer, "b")
    save(writer, "c")
    assert [name for name in saved_in(folder) if name != "b"] == ["a", "c"]
    assert Journal(folder).problems() == []


def test_a_disk_that_is_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system itself says that nothing fits any more, saving fails and goes on later."""
    if not Path("/dev/full").exists():
        pytest.skip("This system has no device that is always full.")
    names = iter(["full", "free"])
    monkeypatch.setattr(journal.secrets, "token_hex", lambda _: next(names))
    folder.mkdir()
    (folder / "work-full.jsonl").symlink_to("/dev/full")
    writer = Journal(folder)
    monkeypatch.setattr(Journal, "_refresh", lambda _: None)  # /dev/full never ends
    with pytest.raises(WorkError, match="disk is full"):
        save(writer, "a")
    monkeypatch.undo()
    (folder / "work-full.jsonl").unlink()
    save(writer, "b")
    assert saved_in(folder) == ["b"]


@contextmanager
def small_files() -> Iterator[None]:
    """No file may grow beyond 300 bytes: no fixture, for pytest's own log is a file too."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_that_may_not_grow(folder: Path) -> None:
    """A quota stops a line half way; what was saved stays, and the next save is whole."""
    writer = Journal(folder)
    with small_files():
        save(writer, "a")
        with pytest.raises(WorkError, match="disk is full"):
            save(writer, "b" * 150)
        save(writer, "c")
    assert saved_in(folder) == ["a", "c"]
    assert all(path.read_bytes().endswith(b"\n") for path in folder.glob("*.jsonl"))


def test_a_save_is_back_when_the_line_is_on_the_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole line is synced before a save returns; if that fails, nothing counts as saved."""
    synced: list[bytes] = []

    def sync(file: int) -> None:
        synced.extend(path.read_bytes() for path in folder.glob("*.jsonl"))

    monkeypatch.setattr("os.fsync", sync)
    save(Journal(folder), "a")
    assert any(b'"a"' in line and line.endswith(b"\n") for line in synced)

    def refuse(file: int) -> None:
        raise OSError(errno.EIO, "the disk is gone")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(WorkError):
        save(Journal(folder), "b")
    assert saved_in(folder) == ["a"]


def test_a_folder_that_is_a_file(folder: Path) -> None:
    """Saving names the file that is in the way; reading finds nothing and says why."""
    folder.write_text("shopping list")
    for where in (folder, folder / "deeper"):
        writer = Journal(where)
        with pytest.raises(WorkError, match=r"my-work is a file; rename that file\."):
            save(writer, "a")
        assert writer.records() == ()
    assert "as my-work is a file" in Journal(folder).problems()[0]
    folder.unlink()
    save(writer, "a")
    assert len(writer.records()) == 1


def test_a_folder_that_cannot_be_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder for reading alone is named, with the way out; what is in it is read."""
    writer = Journal(folder)
    save(writer, "a")

    def refuse(*_: Any) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        with pytest.raises(WorkError, match=r"Permission denied.*TWO_TRACKS_WORK"):
            save(writer, "b")
        assert len(writer.records()) == 1
    save(writer, "b")
    assert saved_in(folder) == ["a", "b"]


def test_a_folder_that_goes_away(folder: Path) -> None:
    """Who deletes the folder has deleted the work, and can begin anew at once."""
    writer = Journal(folder)
    save(writer, "a")
    shutil.rmtree(folder)
    assert writer.records() == ()
    save(writer, "b")
    assert saved_in(folder) == ["b"]


def test_a_damaged_line_is_named_and_kept(folder: Path) -> None:
    """The good lines stay in use, the damaged one is named, and a copy is kept, once."""
    writer = Journal(folder)
    for name in "abc":
        save(writer, name)
    (path,) = folder.glob("*.jsonl")
    damaged = path.read_bytes().replace(b'"key": ["b"]', b'"key": ["b"')
    path.write_bytes(damaged)
    assert [record.key[0] for record in writer.records()] == ["a", "c"]
    (problem,) = writer.problems()
    assert problem == (
        f"{path.name} is damaged: line 2 is no JSON. The other 2 lines are in use, and a copy is "
        f"kept as {path.name}.damaged-copy."
    )
    copy = path.with_name(f"{path.name}.damaged-copy")
    assert copy.read_bytes() == path.read_bytes() == damaged
    save(writer, "d")
    assert saved_in(folder) == ["a", "c", "d"]
    path.write_bytes(damaged.replace(b'"key": ["b"', b'"key": ["b"]'))
    assert writer.problems() == []
    assert copy.read_bytes() == damaged


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"milk\nbread\n", "no file of this course, or damaged; take it out"),
        (b"\x89PNG\r\n\x1a\n\0\0\n", "no file of this course, or damaged; take it out"),
        (b'{"format": 3}\n', "newer version of the course; bring the course up to date"),
        (b'{"format": 2, "kind": "export"}\n', "made to hand in and is not read here; bring"),
        (HANDED, "made to hand in and is not read here; bring"),
    ],
)
def test_a_file_of_somebody_else(folder: Path, raw: bytes, sentence: str) -> None:
    """A file that is not ours is named and left alone, and everything else works."""
    save(Journal(folder), "a")
    (folder / "notes.jsonl").write_bytes(raw)
    (folder / "._notes.jsonl").write_bytes(raw)
    reader = Journal(folder)
    save(reader, "b")
    (problem,) = reader.problems()
    assert sentence in problem
    assert (folder / "notes.jsonl").read_bytes() == raw
    assert saved_in(folder) == ["a", "b"]


def test_a_folder_named_like_a_file(folder: Path) -> None:
    """What cannot be opened is named, and everything else works."""
    (folder / "odd.jsonl").mkdir(parents=True)
    writer = Journal(folder)
    save(writer, "a")
    assert writer.problems() == ["odd.jsonl cannot be opened; what is in it is not shown."]
    assert saved_in(folder) == ["a"]


@pytest.fixture
def old(folder: Path) -> Path:
    """A file of the first format, alone in its folder."""
    folder.mkdir()
    path = folder / "work-old.jsonl"
    path.write_text(
        '{"format": 1, "id": "old-1", "number": 1, "time": "2024-09-01T10:00:00Z", '
        '"coder": "wren-1000", "kind": "passage", "key": "toy#p01", "value": "why"}\n'
    )
    return path


def test_a_file_in_an_older_format_is_written_anew(folder: Path, old: Path) -> None:
    """Reading a file of format 1 writes its records in the current one and keeps it as a copy."""
    before = old.read_bytes()
    reader = Journal(folder)
    (record,) = reader.records()
    assert record.value == {"kept": True, "note": "why"}
    assert (folder / "work-old.jsonl.format-1-copy").read_bytes() == before
    (new,) = folder.glob("*.jsonl")
    assert b'"format": 2, "id": "old-1"' in new.read_bytes()
    save(reader, "b")
    assert saved_in(folder) == ["toy#p01", "b"]
    assert reader.problems() == []


def test_the_last_line_of_an_older_file(folder: Path, old: Path) -> None:
    """A last line that lacks nothing but its end is written anew with the others."""
    first = old.read_text()
    old.write_text(first + first.replace("old-1", "old-2").replace("p01", "p02").rstrip())
    assert saved_in(folder) == ["toy#p01", "toy#p02"]
    assert saved_in(folder) == ["toy#p01", "toy#p02"]
    assert len(list(folder.glob("*.jsonl"))) == 1


def test_an_older_file_in_a_folder_for_reading(
    folder: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be written the older format is read, and nothing is lost by it."""

    def refuse(*_: Any) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)
    assert saved_in(folder) == ["toy#p01"]
    assert list(folder.iterdir()) == [old]


def test_an_older_file_that_cannot_be_renamed(
    folder: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is read, there is one new file for an older one."""

    def refuse(*_: Any) -> None:
        raise PermissionError(errno.EACCES, "in use")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        for _ in range(5):
            assert saved_in(folder) == ["toy#p01"]
        assert len(list(folder.iterdir())) == 2
    assert saved_in(folder) == ["toy#p01"]
    assert len(list(folder.glob("*.jsonl"))) == 1


def test_only_what_has_changed_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading again reads the files that have changed since, and no others."""
    writer, other, reader = Journal(folder), Journal(folder), Journal(folder)
    for name in "abc":
        save(writer, name)
    save(other, "d")
    before = reader.records()
    read: list[bytes] = []
    plain = journal.read_records
    monkeypatch.setattr(
        journal, "read_records", lambda lines: read.extend(filter(None, lines)) or plain(lines)
    )
    assert reader.records() is before
    assert read == []
    save(other, "e")
    read.clear()
    assert len(reader.records()) == 5
    assert [b'["d"]' in line or b'["e"]' in line for line in read] == [True, True]


def test_a_file_that_was_mended_by_hand_is_read_again(folder: Path) -> None:
    """A file that is shorter, or as long as before but other, is read anew."""
    writer, reader = Journal(folder), Journal(folder)
    for name in "abc":
        save(writer, name)
    assert len(reader.records()) == 3
    (path,) = folder.glob("*.jsonl")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[::2]))
    assert [record.key[0] for record in reader.records()] == ["a", "c"]
    path.write_bytes(path.read_bytes().replace(b'["a"]', b'["x"]'))
    assert [record.key[0] for record in reader.records()] == ["x", "c"]
    save(writer, "d")
    assert saved_in(folder) == ["x", "c", "d"]


def test_a_forked_process_has_a_file_of_its_own(folder: Path) -> None:
    """A kernel that was split off does not write into the file of the other."""
    writer = Journal(folder)
    save(writer, "a")
    writer._process += 1  # what a fork would make of it
    save(writer, "b")
    assert saved_in(folder) == ["a", "b"]
    assert len(list(folder.glob("*.jsonl"))) == 2


def test_the_order_does_not_depend_on_clocks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose clock is a century slow still writes what comes last."""
    one, other = Journal(folder), Journal(folder)
    save(one, "a")

    class Slow(journal.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Slow:
            return cls(1925, 1, 1, tzinfo=tz)

    with monkeypatch.context() as patch:
        patch.setattr(journal, "datetime", Slow)
        save(other, "b")
    save(one, "c")
    assert saved_in(folder) == ["a", "b", "c"]


def test_a_file_is_replaced_as_a_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the disk is full the old file stays as it was, and no draft is left behind."""
    path = tmp_path / "a.txt"
    replace_file(path, b"old")

    def fail(file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
