"""Many texts: the same documents as those of a corpus, few of them in memory at a time."""

from __future__ import annotations

import os
import tempfile
import tracemalloc
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import load_corpus, stream_folder
from helpers.adopting import PROPOSED
from helpers.errors import DataError, SettingError, SourceError, TwoTracksError, UnknownNameError
from helpers.machines import map_in_order, open_executor
from tests.folders import PAPER, SPEECH, TEXTS, make_docx, make_folder, make_pdf

ROWS = 'id,title,date,text\nr1,One,2001,"Of sanc-\ntions.\n\nWe go."\n,Two,,Page 2 of 9\n,,,\n'
ERRATUM = (
    '[[erratum]]\nseed = "{}"\ncontext = "We go."\nwrong = "go"\nright = "went"\nreason = "Print."'
)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of every format with settings of every kind, of which few bytes go at a time."""
    monkeypatch.setattr("helpers.streaming.BATCH", 40)
    return make_folder(
        tmp_path / "mine",
        speech__md=SPEECH,
        paper__txt=PAPER,
        rows__csv=ROWS,
        a___word__docx=make_docx("He spoke of sanctions.", heading="On Iran"),
        b__pdf=make_pdf(["FOREIGN NEWS 5", "The first page."], ["FOREIGN NEWS 6", "Second."]),
        größe__txt="Größe. Share this\n\nShare this".encode("cp1252"),
        metadata__csv="file,encoding,author\ngröße.txt,cp1252,A. Writer; B. Other\n",
        cleaning__toml='rules = ["broken_word", "site_furniture"]',
        errata__toml=ERRATUM.format("rows.csv, row 2"),
    )


def collect(folder: Path, **settings: Any) -> list[tuple[str, str, Any]]:
    """What a stream gives, in the form of `load`."""
    documents = stream_folder(folder, **settings)
    return [(name, known["seed_file"], passages) for name, known, passages in documents]


def load(folder: Path, **settings: Any) -> list[tuple[str, str, Any]]:
    documents = load_corpus(folder, **settings).documents
    return [(document.id, document.seed_file, document.passages) for document in documents]


@given(
    st.dictionaries(st.sampled_from(["a.txt", "b.md", "c.txt"]), TEXTS, min_size=1),
    st.sets(st.sampled_from(PROPOSED)),
)
def test_a_stream_gives_what_a_corpus_has(texts: dict[str, str], rules: set[str]) -> None:
    """Whatever the texts and rules, passages and their ids are those of load_corpus."""
    with tempfile.TemporaryDirectory() as name:
        for file, text in texts.items():
            Path(name, file).write_bytes(text.encode())
        assert collect(Path(name), rules=sorted(rules)) == load(Path(name), rules=sorted(rules))


@pytest.mark.parametrize("rules", [None, [], PROPOSED])
def test_all_that_a_folder_can_hold_is_streamed(mine: Path, rules: list[str] | None) -> None:
    """Formats, metadata, errata and rules have their effect in batches of a few bytes."""
    found = collect(mine, rules=rules)
    assert found == load(mine, rules=rules)
    assert len(found) == 7
    assert "We went." in [passage.text for *_, passages in found for passage in passages]


def test_a_stream_says_what_is_known(mine: Path) -> None:
    """With the passages comes what a document's citation needs."""
    facts = {name: known for name, known, _ in stream_folder(mine)}
    assert facts["speech"]["date"] == "2014-03-18"
    assert facts["grösse"]["author"] == "A. Writer; B. Other"
    assert (facts["r1"]["title"], facts["r1"]["date_precision"]) == ("One", "year")
    assert facts["b"]["sha256"] == load_corpus(mine).document("b").sha256


def test_a_rule_left_out_is_left_out(mine: Path) -> None:
    """Rules that can be switched off for a corpus can be for a stream."""
    assert collect(mine, without=["broken_word"]) == load(mine, without=["broken_word"])
    assert collect(mine, without=["broken_word"]) != collect(mine)


def test_threads_and_processes_give_the_same(mine: Path) -> None:
    """Two threads and two processes clean what one would, in the same order."""
    expected = load(mine)
    with ThreadPoolExecutor(2) as threads:
        assert collect(mine, on=threads) == expected
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert collect(mine, on=processes) == expected
        make_folder(mine, c__txt=b"\xff\xd8\xff")
        with pytest.raises(SourceError, match=r"c\.txt is no text but looks like a picture"):
            collect(mine, on=processes)


def test_a_cluster_gives_the_same(mine: Path, scheduler: str) -> None:
    """Two workers of a Dask cluster, each a process, clean what one process would."""
    from distributed import Client

    with open_executor(on=scheduler) as executor:
        for _ in range(4):
            assert collect(mine, on=executor) == load(mine)
    with Client(scheduler, set_as_default=False) as client:
        done = client.run(lambda dask_worker: dask_worker.state.executed_count)
    assert len(done) == 2
    assert all(done.values())


class Watched(Executor):
    """An executor that counts what was begun."""

    begun = 0

    def submit(self, function: Any, /, *args: Any, **_: Any) -> Future[Any]:
        """Do it at once."""
        self.begun += 1
        future: Future[Any] = Future()
        future.set_result(function(*args))
        return future


def test_few_are_on_their_way_at_a_time() -> None:
    """What is begun before its turn weighs no more than allowed, or is one item alone."""
    watched, taken = Watched(), 0
    for result in map_in_order(watched, abs, range(-20, 0), weigh=abs, most=30):
        ahead = range(taken - 20, watched.begun - 20)
        assert sum(map(abs, ahead[:-1])) < 30
        taken += 1
        assert result == 21 - taken
    assert taken == watched.begun == 20


def test_a_table_is_read_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times the rows take no more memory, and the first are there before the last are read."""
    monkeypatch.setattr("helpers.streaming.BATCH", 10_000)
    text, peaks = "He went there and came back. " * 30, list[int]()
    for count in (100, 1000):
        rows = "".join(f"{text} {number}\n" for number in range(count))
        make_folder(tmp_path / "mine", t__csv=f"text\n{rows}")
        tracemalloc.start()
        assert sum(len(passages) for _, _, passages in stream_folder(tmp_path / "mine")) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 400 * 1000
    make_folder(tmp_path / "mine", t__csv=f"text\n{rows}".encode() + b"\xff")
    stream = stream_folder(tmp_path / "mine")
    assert next(stream)[0] == "t-2"
    place = len(f"text\n{rows}")
    with pytest.raises(SourceError, match=rf"t\.csv is UTF-8, but damaged at byte {place};"):
        list(stream)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (b'text\n"open', "cannot be read as a table: unexpected end of data"),
        (b"text\n\xe9t\xe9 comme hiver\n" * 3, "byte 5 cannot be read.*looks like cp1252"),
        (b"\n \n", "t.csv is empty"),
        (b"", "t.csv is empty"),
        (b"PK\x03\x04", "no text but looks like a Word document"),
        (b"text\n" + b"x" * 11_000_000, "a line of over 10,000,000 characters"),
        (b'text\n"' + b"x\n" * 5_500_000, "field larger than field limit"),
    ],
    ids=range(7),
)
def test_a_bad_table_is_said_in_a_sentence(tmp_path: Path, rows: bytes, sentence: str) -> None:
    """A table that cannot be read is named, streamed or loaded, with the same words."""
    make_folder(tmp_path, t__csv=rows)
    for read in (load, collect):
        with pytest.raises(SourceError, match=rf"{sentence}.*check-corpus"):
            read(tmp_path)


def test_a_large_table_is_streamed_and_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table above the limit of one file goes into a store, a text above it nowhere."""
    monkeypatch.setattr("helpers.folders.LIMIT", 20)
    make_folder(tmp_path, t__csv="text\nHe went there and came back.\n")
    assert [name for name, *_ in collect(tmp_path)] == ["t-2"]
    with pytest.raises(SourceError, match=r"t\.csv has .* or make a store of it"):
        load_corpus(tmp_path)
    make_folder(tmp_path, u__txt="He went there and came back.\n")
    with pytest.raises(SourceError, match=r"u\.txt has .* split it into its documents"):
        stream_folder(tmp_path)


def test_what_is_cheap_to_see_is_said_at_once(mine: Path) -> None:
    """Before the first document settings are checked, and where all texts are read, all texts."""
    with pytest.raises(UnknownNameError, match="no cleaning rule 'whitespaces'"):
        stream_folder(mine, rules=["whitespaces"])
    make_folder(mine, z__txt=" ")
    with pytest.raises(SourceError, match=r"z\.txt is empty.*check-corpus mine"):
        next(stream_folder(mine))
    stream = stream_folder(mine, rules=[])
    assert next(stream)[0] == "b"
    with pytest.raises(SourceError, match=r"z\.txt is empty.*check-corpus mine"):
        list(stream)
    make_folder(mine, errata__toml=ERRATUM.format("nowhere.txt"))
    with pytest.raises(UnknownNameError, match=r"no file named in errata\.toml 'nowhere\.txt'"):
        stream_folder(mine)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"Rows-2__txt": "x"}, r"Rows-2.txt and rows.csv, row 3 would both be"),
        ({"errata__toml": ERRATUM.format("rows.csv, row 9")}, "errata.toml 'rows.csv, row 9'"),
    ],
)
def test_what_only_the_whole_shows_is_said_when_it_is_met(
    tmp_path: Path, files: dict[str, str], sentence: str
) -> None:
    """Two documents of one id, and an erratum for a row that is not there, end the stream."""
    rows = ROWS.replace(",Two,", "rows-2,Two,")
    make_folder(tmp_path / "mine", rows__csv=rows, **files)
    with pytest.raises(TwoTracksError, match=sentence):
        collect(tmp_path / "mine")
    with pytest.raises(TwoTracksError, match=sentence):
        load(tmp_path / "mine")


def test_a_file_that_goes_away_is_named(tmp_path: Path) -> None:
    """A file that was there when the stream began, or is not on another machine, is named."""
    make_folder(tmp_path, a__txt="x")
    stream = stream_folder(tmp_path)
    (tmp_path / "a.txt").unlink()
    with pytest.raises(SourceError, match=r"a\.txt cannot be opened \(No such file"):
        next(stream)


def test_a_rule_that_cannot_be_left_out_is_said_at_once(mine: Path) -> None:
    """An unknown rule to leave out ends a stream before the first document, with its own kind."""
    with pytest.raises(UnknownNameError, match="no rule that can be switched off 'nonsense'"):
        stream_folder(mine, without=["nonsense"])


def test_only_what_is_wrong_with_a_file_names_the_check(mine: Path) -> None:
    """An erratum that does not fit keeps its kind of error and its sentence, as when loaded."""
    make_folder(mine, errata__toml=ERRATUM.format("speech.md").replace("We go.", "No."))
    said = []
    for read in (load, collect):
        with pytest.raises(DataError, match="do not stand in it") as raised:
            read(mine)
        said.append(str(raised.value))
    assert said[0] == said[1]


def test_an_erratum_for_a_whole_table_is_refused(mine: Path) -> None:
    """A table's name is that of no text, so no erratum for it is accepted and then forgotten."""
    make_folder(mine, errata__toml=ERRATUM.format("rows.csv"))
    for read in (load, stream_folder):
        with pytest.raises(UnknownNameError, match=r"no file named in errata\.toml 'rows\.csv'"):
            read(mine)


def test_a_process_that_ended_is_said(mine: Path) -> None:
    """A worker that dies gives a sentence about what to do."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        processes.submit(os._exit, 1).exception()
        with pytest.raises(SettingError, match="has ended, or could not begin"):
            collect(mine, on=processes)
