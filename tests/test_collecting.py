"""A folder of handed-in files: nothing in it stops the rest, and nothing is passed over."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.__main__ import main
from helpers.collecting import MOST_FILES, Problem, Student, read_folder, tame
from helpers.errors import SettingError
from helpers.handing import MOST_BYTES
from tests.classes import collect, hand_in

P1, P2, P3 = "azizian-2003#p01", "azizian-2003#p02", "azizian-2003#p03"


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return folder


def read(folder: Path, **files: bytes) -> tuple[list[Student], list[Problem]]:
    return read_folder(fill(folder, {f"{name}.jsonl": raw for name, raw in files.items()}))


def names(students: list[Student]) -> list[str]:
    return [student.name for student in students]


def sentences(problems: list[Problem]) -> str:
    return "\n".join(problem.sentence for problem in problems)


def kept(student: Student) -> set[str]:
    return set(student.work.evidence())


def test_files_of_a_class(tmp_path: Path) -> None:
    """Each good file is one student, in the order of names, and there is nothing to remark."""
    students, problems = read(
        tmp_path, b=hand_in("teal-1", [collect(P1)]), a=hand_in("wren-1", [collect(P2)])
    )
    assert names(students) == ["teal-1", "wren-1"]
    assert students[0].files == ("b.jsonl",)
    assert [kept(student) for student in students] == [{P1}, {P2}]
    assert students[0].last == "2026-03-01T10:01:00Z"
    assert problems == []


def test_the_name_of_a_file_means_nothing(tmp_path: Path) -> None:
    """Renamed, in a folder of its own or without ending, a file is who it says inside."""
    files = {
        "Anna B/handin (3).txt": hand_in("wren-1", [collect(P1)]),
        "x/y/z": hand_in("teal-1", [collect(P1)]),
    }
    students, problems = read_folder(fill(tmp_path, files))
    assert {student.name: student.files for student in students} == {
        "teal-1": ("x/y/z",),
        "wren-1": ("Anna B/handin (3).txt",),
    }
    assert problems == []


def test_handed_in_twice(tmp_path: Path) -> None:
    """A first and a later file of one student are one student, with all that either holds."""
    deeds = [collect(P1), collect(P2)]
    students, problems = read(
        tmp_path,
        first=hand_in("wren-1", deeds[:1]),
        later=hand_in("wren-1", deeds),
        copy=hand_in("wren-1", deeds),
    )
    assert names(students) == ["wren-1"]
    assert kept(students[0]) == {P1, P2}
    assert len(students[0].work.records) == 2
    assert sentences(problems) == (
        "copy.jsonl, first.jsonl, later.jsonl hold work of wren-1 in common; it was put together."
    )


def test_two_students_with_one_name(tmp_path: Path) -> None:
    """Work without a common record is of two students, who are told apart, and it is said."""
    students, problems = read(
        tmp_path,
        a=hand_in("wren-1", [collect(P1)], owner="one"),
        b=hand_in("wren-1", [collect(P2)], owner="two"),
        c=hand_in("wren-1", [collect(P2), collect(P3)], owner="two"),
    )
    assert names(students) == ["wren-1", "wren-1 (2)"]
    assert [kept(student) for student in students] == [{P1}, {P2, P3}]
    assert (
        "2 students with different work hand in as wren-1; whoever handed in a.jsonl is called "
        "wren-1 here." in sentences(problems)
    )
    assert "whoever handed in b.jsonl, c.jsonl is called wren-1 (2) here." in sentences(problems)


def test_a_file_that_joins_two(tmp_path: Path) -> None:
    """Two files without a common record are one student's if a third has records of both."""
    both = hand_in("wren-1", [collect(P1), collect(P2)])
    head, first, second = both.splitlines(keepends=True)
    students, _ = read(tmp_path, a=head + first, b=head + second, c=both)
    assert names(students) == ["wren-1"]


def test_a_copy_under_another_name(tmp_path: Path) -> None:
    """The same records under two names are two students, and the instructor is told."""
    students, problems = read(
        tmp_path,
        a=hand_in("teal-1", [collect(P1)], owner="one"),
        b=hand_in("wren-1", [collect(P1), collect(P2)], owner="one"),
    )
    assert names(students) == ["teal-1", "wren-1"]
    assert "b.jsonl (wren-1) holds 1 of the records that stand in a.jsonl (teal-1): a copy, or" in (
        sentences(problems)
    )


def test_damaged_files(tmp_path: Path) -> None:
    """What can be read of a damaged file counts, and what cannot is said, file by file."""
    good = hand_in("wren-1", [collect(P1), collect(P2)])
    students, problems = read(
        tmp_path,
        cut=good[:-40],
        empty=b"",
        essay=b"Dear teacher,",
        nul=b"\0" * 1000,
        newer=good.replace(b'"format": 2', b'"format": 99').replace(b'"format":2', b'"format":99'),
    )
    assert names(students) == ["wren-1"]
    assert {problem.file for problem in problems} == {
        "cut.jsonl",
        "empty.jsonl",
        "essay.jsonl",
        "newer.jsonl",
        "nul.jsonl",
    }
    assert "newer version of the course" in sentences(problems)


def test_what_is_no_file_to_read(tmp_path: Path) -> None:
    """Archives, links, pipes and files too large are named and not opened."""
    good = hand_in("wren-1", [collect(P1)])
    outside = fill(tmp_path / "outside", {"secret.jsonl": hand_in("teal-1", [collect(P1)])})
    folder = fill(tmp_path / "class", {"a.jsonl": good, "all.ZIP": b"PK\3\4", "big.jsonl": good})
    os.truncate(folder / "big.jsonl", MOST_BYTES + 1)
    (folder / "link.jsonl").symlink_to(outside / "secret.jsonl")
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    os.mkfifo(folder / "pipe")
    students, problems = read_folder(folder)
    assert names(students) == ["wren-1"]
    assert [problem.sentence for problem in problems] == [
        "all.ZIP is an archive; unpack it into this folder and run collect again.",
        "big.jsonl was not read: it is larger than 20 MB.",
        "link.jsonl is a link to another place and was not followed.",
        "linked is a link to another place and was not followed.",
        "pipe is no file and was not opened.",
    ]


def test_too_deep_and_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder by mistake, with thousands of files, is read up to a limit that is said."""
    monkeypatch.setattr("helpers.collecting.MOST_FILES", 3)
    files = {f"{n}.jsonl": hand_in(f"wren-{n}", [collect(P1)]) for n in range(9)}
    students, problems = read_folder(fill(tmp_path, files))
    assert len(students) == 3 < MOST_FILES
    assert sentences(problems) == (
        "There are more than 3 files; those from 3.jsonl on were not read."
    )
    deep = fill(tmp_path / "deep", {"0.jsonl": files["0.jsonl"], "1/2/3/4/5/6/x": files["1.jsonl"]})
    students, problems = read_folder(deep)
    assert names(students) == ["wren-0"]
    assert "1/2/3/4/5/6 lies more than 5 folders deep" in sentences(problems)


def test_the_tables_of_last_time_are_no_work(tmp_path: Path) -> None:
    """A folder of tables inside the folder of the class is passed over."""
    folder = fill(tmp_path, {"a.jsonl": hand_in("wren-1", [collect(P1)]), "out/answers.csv": b"x"})
    assert read_folder(folder, skip=folder / "out")[1] == []
    assert len(read_folder(folder)[1]) == 1


def test_names_of_files_are_made_harmless(tmp_path: Path) -> None:
    """Line ends, codes for a terminal and turned writing in a file's name become visible signs."""
    name = "a\n\x1b[31m\u202eb.jsonl"
    students, problems = read_folder(fill(tmp_path, {name: b"?", "b": hand_in("w", [collect(P1)])}))
    assert problems[0].file == "a��[31m�b.jsonl"
    assert tame("x" * 200) == "x" * 119 + "…"
    assert len(students) == 1


def test_a_folder_without_work(tmp_path: Path) -> None:
    """Where there is no folder, or no work in it, there is one sentence."""
    with pytest.raises(SettingError, match=r"There is no folder .*gone; name the one with"):
        read_folder(tmp_path / "gone")
    with pytest.raises(SettingError, match=r"was written by export_work\.$"):
        read_folder(tmp_path)
    with pytest.raises(SettingError, match=r"What is there: a\.zip is an archive; unpack it"):
        read_folder(fill(tmp_path, {"a.zip": b""}))


@given(st.lists(st.binary(max_size=300), max_size=4), st.randoms(use_true_random=False))
def test_no_bytes_stop_the_others(raws: list[bytes], chance: random.Random) -> None:
    """Whatever bytes stand beside it or in it, every other student's file is read."""
    import tempfile

    good = hand_in("wren-1", [collect(P1), collect(P2)])
    spoilt = bytearray(hand_in("teal-1", [collect(P1), collect(P2), collect(P3)]))
    for _ in range(chance.randrange(8)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    files = {f"{n}.jsonl": raw for n, raw in enumerate([*raws, bytes(spoilt), good])}
    with tempfile.TemporaryDirectory() as folder:
        students, _ = read_folder(fill(Path(folder), files))
        out = Path(folder, "out")
        assert main(["collect", folder, "--out", str(out)]) == 0
        assert len(list(out.iterdir())) == 7
    assert "wren-1" in names(students)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is 0 also where files had problems, which are named, and 2 without work."""
    folder = fill(tmp_path / "class", {"a": hand_in("wren-1", [collect(P1)]), "b.pdf": b"%PDF"})
    out = tmp_path / "out"
    assert main(["collect", str(folder), "--out", str(out)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("- b.pdf is no file that export_work wrote")
    assert said[1] == f"1 student, 1 remark: 7 files in {out}; begin with {out / 'report.html'}."
    assert main(["collect", str(tmp_path / "gone")]) == 2
    assert "There is no folder" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main(["collect", str(folder), "--out", str(tmp_path / "file")]) == 1
    assert "could not be written" in capsys.readouterr().err
