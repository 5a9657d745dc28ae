"""Raw files and curated files, read at the door."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError, SourceError
from helpers.sources import Source, check_table, find_folder, load_source, load_toml, read_data

texts = st.text(alphabet="ab é€😀\n\xa0", min_size=1).filter(str.strip)


@given(texts)
def test_every_character_knows_its_bytes(text: str) -> None:
    """A character's bytes are those that encoding it gives, and each byte knows its character."""
    source = Source("made up", text.encode())
    for place, mark in enumerate(text):
        start, end = source.byte(place), source.byte(place + 1)
        assert source.raw[start:end].decode() == mark
        assert {source.char(byte) for byte in range(start, end)} == {place}
    assert source.byte(len(text)) == len(source.raw)


def test_the_text_is_the_bytes_decoded_and_nothing_else() -> None:
    """Line ends, no-break spaces and a byte order mark are left as they are."""
    raw = "\ufeffone\r\ntwo\xa0three ".encode()
    assert Source("made up", raw).text.encode() == raw


def test_a_file_that_is_there_and_right_is_read(tmp_path: Path) -> None:
    """A file with the right checksum becomes a source of its name."""
    path = tmp_path / "seed.txt"
    path.write_bytes("détente".encode())
    source = load_source(path)
    assert load_source(path, sha256=source.sha256).name == "seed.txt"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, r"seed.txt is missing"),
        (b"", r"seed.txt is empty"),
        (b" \n ", r"seed.txt is empty"),
        (b"caf\xe9", r"seed.txt is not UTF-8 \(byte 3"),
        (b"changed", r"seed.txt has changed"),
    ],
)
def test_a_bad_file_gives_one_sentence_that_names_it(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    """Missing, empty, not UTF-8 and changed files are each refused by name."""
    path = tmp_path / "seed.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=sentence):
        load_source(path, sha256="0" * 64)


def test_folders_do_not_depend_on_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seeds and data are found from wherever Python was started."""
    monkeypatch.chdir(tmp_path)
    assert len(list(find_folder("seeds").glob("*.txt"))) == 5
    with pytest.raises(SourceError, match="folder 'nowhere' is missing"):
        find_folder("nowhere")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, r"data/x.toml is missing"),
        (b"a = caf\xe9", r"data/x.toml is not UTF-8"),
        (b"a = \n", r"data/x.toml cannot be read: .*line 1"),
    ],
)
def test_a_bad_curated_file_gives_one_sentence_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, sentence: str
) -> None:
    """A curated file that is missing or cannot be read is named, with the line."""
    if content is not None:
        (tmp_path / "x.toml").write_bytes(content)
    monkeypatch.setattr("helpers.sources.find_folder", lambda name: tmp_path)
    with pytest.raises(DataError, match=sentence):
        load_toml("x.toml")


def test_curated_files_are_read_as_utf8() -> None:
    """A curated file keeps its curly quotation marks."""
    assert "“" in read_data("errata.toml")


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"name": 3}, "'name' must be text in quotation marks"),
        ({}, "'name' is missing"),
        ({"name": "a", "nmae": "b"}, "'nmae' is not known here; known: name, size"),
        ({"name": "a", "size": "b"}, "'size' must be a whole number"),
    ],
)
def test_a_table_is_held_to_its_keys(table: dict[str, object], sentence: str) -> None:
    """Missing, unknown and mistyped keys are each said in one sentence."""
    with pytest.raises(DataError, match=sentence):
        check_table(table, "here", required={"name": str}, optional={"size": int})
