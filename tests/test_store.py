"""The store of a large corpus: held against the index in memory, and against kills."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers import building, places
from helpers.building import build_store, stream_corpus
from helpers.corpus import Corpus
from helpers.errors import DataError, QueryError, SettingError, UnknownNameError
from helpers.index import index_of
from helpers.keyness import count_collocates, count_keyness
from helpers.kwic import concordance
from helpers.listings import make_uri
from helpers.query import parse_query
from helpers.search import find_passages
from helpers.store import SORTS, Store, beside, load_store
from helpers.words import fold_words, tokenize
from tests.test_index import TEXTS, queries, toy_corpus, written

QUERIES = [
    *("preempt*", "pre-empt* OR preempt*", "Russia*", '"the United States"', "of the", "nowhere"),
    *("S-300 NEAR(Iran missile*)", "NEAR(Russia* Iran the, 6)", "a* NOT (of OR in)"),
    *("Russia AND Iran NOT Putin", "the OR th*", '"of the" OR "the Unit*" OR the', "U.S."),
]
A, A_A_A = ("find", ["A"], False), ("find", ["A", "A", "A"], False)
FILTERS = [{}, {"years": (2002, 2010)}, {"years": (None, 2003), "document": ["azizian-2003"]}]


@pytest.fixture(scope="module")
def store(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("store") / "course"
    return load_store(build_store(folder, stream_corpus(corpus), progress=False))


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("query", ["", *QUERIES])
def test_pages_are_those_of_the_index(
    corpus: Corpus, store: Store, query: str, filters: dict
) -> None:
    """Both find the same passages, in the same order, with the same marks and total."""
    found = find_passages(query, corpus=corpus, **filters)
    page = store.page(query, limit=1_000, **filters)
    assert list(page.passages) == list(found)
    assert page.total == len(found)
    if query:
        marks = [[(hit.start, hit.end, hit.term) for hit in found.hits(p)] for p in found]
        assert list(page.marks) == marks
    assert store.page(query, limit=3, offset=2, **filters).passages == page.passages[2:5]


@pytest.mark.parametrize("sort", ["corpus", "left", "right"])
@pytest.mark.parametrize("query", QUERIES)
def test_concordances_are_those_of_the_index(
    corpus: Corpus, store: Store, query: str, sort: str
) -> None:
    """Both give the same lines in the same order, whole or page by page."""
    for window, filters in ((8, FILTERS[0]), (2, FILTERS[1]), (0, FILTERS[2])):
        table = concordance(query, window=window, sort=sort, corpus=corpus, **filters)
        lines = store.concordance(query, window=window, sort=sort, limit=10_000, **filters)
        assert lines.values.tolist() == table[list(lines.columns)].values.tolist()
        page = store.concordance(query, window=window, sort=sort, limit=5, offset=3, **filters)
        assert page.values.tolist() == lines.values.tolist()[3:8]
        assert page.attrs["total"] == len(table)


@pytest.mark.parametrize("query", QUERIES)
def test_counts_are_those_of_the_index(corpus: Corpus, store: Store, query: str) -> None:
    """Both give the same key words and collocates, with the same measures."""
    years = (2000, 2010)
    pairs = [
        (store.count_keyness(query), count_keyness(find_passages(query, corpus=corpus))),
        (store.count_collocates(query), count_collocates(query, corpus=corpus)),
        (
            store.count_collocates(query, window=2, years=years),
            count_collocates(query, window=2, corpus=corpus, years=years),
        ),
    ]
    for ours, theirs in pairs:
        assert list(ours.index) == list(theirs.index)
        assert ours.values.tolist() == theirs[list(ours.columns)].values.tolist()


@settings(max_examples=25)
@example(["A", "A A A"], [("AND", ("near", [A, A_A_A], 1), ("OR", A, ("find", ["A", "A"], False)))])
@given(TEXTS, st.lists(queries("OR", "AND", "NOT", ""), min_size=1, max_size=4))
def test_any_query_has_the_answer_of_the_index(texts: list[str], asked: list[tuple]) -> None:
    """For any words and operators: the same passages, hits, totals and lines as FTS5."""
    corpus = toy_corpus(d2001=texts, d2002=texts[:1])
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "PIECE", 3)  # few words at a time, as of millions
        store = load_store(build_store(Path(folder) / "toy", stream_corpus(corpus), progress=False))
        index = index_of(corpus)
        for query in map(written, asked):
            parsed = parse_query(query)
            page = store.page(query)
            assert [passage.id for passage in page.passages] == index.match(parsed)
            hits = [
                (hit.passage_id, hit.start, hit.end)
                for passage_id in index.match(parsed)
                for hit in index.hits(parsed, corpus.passage(passage_id))
            ]
            lines = store.concordance(query, limit=1_000)
            assert lines[["passage_id", "start", "end"]].apply(tuple, axis=1).tolist() == hits
            for sort in ("left", "right"):
                ours = store.concordance(query, sort=sort, window=2, limit=2)
                theirs = concordance(query, sort=sort, window=2, corpus=corpus)
                assert ours.values.tolist() == theirs[list(ours.columns)].values.tolist()[:2]


@given(st.text(st.sampled_from("aÉé_-'’ ½ß\xad\u0301İक्षि1")))
def test_both_ways_to_read_words_agree(text: str) -> None:
    """The quick way to the words of a text gives those of the exact one."""
    assert fold_words(text) == [token.text for token in tokenize(text)]


def test_the_store_speaks_in_sentences(store: Store, corpus: Corpus, tmp_path: Path) -> None:
    """A request that cannot be met gets the error, and nothing is left behind."""
    with pytest.raises(QueryError, match="no word to look for"):
        store.concordance(" ")
    with pytest.raises(UnknownNameError, match="azizian-2003"):
        store.page(document=["azizian-2030"])
    with pytest.raises(UnknownNameError, match="left"):
        store.concordance("war", sort="lift")
    with pytest.raises(SettingError, match="impossible"):
        store.page(limit=0)
    with pytest.raises(SettingError, match="wrong way round"):
        store.page(years=(2010, 2002))
    with pytest.raises(UnknownNameError, match="edm-2010#p05"):
        store.passage("edm-2010#p5")
    with pytest.raises(SettingError, match="no store"):
        load_store(tmp_path)
    with pytest.raises(SettingError, match="is no store"):
        build_store(tmp_path, stream_corpus(corpus))
    twice = [*stream_corpus(corpus)] * 2
    for documents in (twice, [], [("a", {"date": "May"}, [])]):
        with pytest.raises(DataError):
            build_store(tmp_path / "new", documents, progress=False)
    assert list(tmp_path.iterdir()) == []


def test_a_passage_leads_to_its_file(store: Store, corpus: Corpus) -> None:
    """A store cites each passage as the corpus does, with bytes, and keeps its file's checksum."""
    for passage in corpus.passages:
        assert store.passage(passage.id) == passage
        assert store.cite(passage) == corpus.cite(passage)
    kept = {document.id: store.document(document.id) for document in corpus.documents}
    assert [kept[document.id]["sha256"] for document in corpus.documents] == [
        corpus.source_of(document).sha256 for document in corpus.documents
    ]


def test_a_page_shows_itself(tmp_path: Path, store: Store) -> None:
    """A notebook shows which of how many passages, the marks and citations, and runs no text."""
    page = store.page("Russia*", limit=2, offset=1, years=(2002, 2010))
    assert page.title == f"2–3 of {page.total} passages — query Russia* · years 2002–2010"
    assert repr(page).startswith(page.title)
    for passage, citation in zip(page.passages, page.citations, strict=True):
        assert f"[{passage.id}] {passage.text}\n    {citation}" in repr(page)
    toy = toy_corpus(d2001=["<b>war</b> and war"])
    build_store(tmp_path / "toy", stream_corpus(toy), progress=False)
    html = load_store(tmp_path / "toy").page("war")._repr_html_()
    assert "&lt;b&gt;<mark>war</mark>&lt;/b&gt; and <mark>war</mark>" in html
    assert store.page("nowhere").title == "0 passages — query nowhere"
    assert "101–102 of 826 lines" in repr(store.concordance("the", limit=2, offset=100))


@pytest.mark.parametrize("name", ["corpus.sqlite", "tokens.npy", "rows.npy", "starts.npy"])
def test_a_damaged_store_is_said(tmp_path: Path, name: str) -> None:
    """A file that is cut, missing or of another store gets one sentence that says what to do."""
    folder = tmp_path / "one"
    build_store(folder, stream_corpus(toy_corpus(d2001=["war", "peace"])), progress=False)
    build_store(tmp_path / "two", stream_corpus(toy_corpus(d2001=["war"])), progress=False)
    whole = (folder / name).read_bytes()
    broken = [whole[:60], b"", b"x" * len(whole)]
    broken += [(tmp_path / "two" / name).read_bytes()] * (name != "corpus.sqlite")
    for content in broken:
        (folder / name).write_bytes(content)
        with pytest.raises((DataError, SettingError), match="anew with build_store"):
            load_store(folder)
    (folder / name).unlink()
    with pytest.raises((DataError, SettingError), match="build_store"):
        load_store(folder)


def test_a_store_of_another_format_is_refused(tmp_path: Path) -> None:
    """A store that another version wrote is not read by guess."""
    folder = tmp_path / "one"
    build_store(folder, stream_corpus(toy_corpus(d2001=["war"])), progress=False)
    with sqlite3.connect(folder / "corpus.sqlite") as database:
        database.execute("PRAGMA user_version = 7")
    database.close()
    with pytest.raises(SettingError, match="has format 7, and this version reads format 1; make"):
        load_store(folder)


def test_words_are_read_elsewhere_alike(tmp_path: Path, corpus: Corpus) -> None:
    """Where words are read makes no difference to any file of a store."""
    here = build_store(tmp_path / "here", stream_corpus(corpus), progress=False)
    with ThreadPoolExecutor(2) as two:
        there = build_store(tmp_path / "there", stream_corpus(corpus), progress=False, on=two)
    for path in here.iterdir():
        assert (there / path.name).read_bytes() == path.read_bytes()


def answers(store: Store, query: str) -> list[list]:
    """What a store says of a query, in all ways."""
    return [
        [passage.id for passage in store.page(query, limit=200, years=(2000, 2010)).passages],
        *(store.concordance(query, sort=sort, limit=20).values.tolist() for sort in SORTS),
        store.count_keyness(query).values.tolist(),
        store.count_collocates(query).values.tolist(),
    ]


def test_the_size_of_pieces_makes_no_difference(
    corpus: Corpus, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built and asked a few words at a time, a store has the same files and answers."""
    expected = [answers(store, query) for query in QUERIES]
    monkeypatch.setattr(building, "BATCH", 5)
    monkeypatch.setattr(building, "CHUNK", 300)
    monkeypatch.setattr(places, "PIECE", 40)
    folder = build_store(tmp_path / "pieces", stream_corpus(corpus), progress=False)
    for path in folder.glob("*.npy"):
        assert (store.folder / path.name).read_bytes() == path.read_bytes()
    assert [answers(load_store(folder), query) for query in QUERIES] == expected


def test_a_store_is_replaced_whole(tmp_path: Path) -> None:
    """A new store takes the place of the old one; one that was open still answers."""
    folder = tmp_path / "one"
    for text in ("war", "peace and war"):
        build_store(folder, stream_corpus(toy_corpus(d2001=[text])), progress=False)
    assert load_store(folder).page("peace").total == 1
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    folder.rename(beside(folder, "old"))  # as if killed between two steps
    assert load_store(folder).page("peace").total == 1
    build_store(folder, stream_corpus(toy_corpus(d2001=["war"])), progress=False)
    assert load_store(folder).page("peace").total == 0
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def build(folder: Path, *texts: str) -> Path:
    return build_store(folder, stream_corpus(toy_corpus(d2001=texts)), progress=False)


def test_what_a_replacement_left_behind_does_no_harm(tmp_path: Path) -> None:
    """An old store that could not be thrown away beside a complete one goes with the next build."""
    folder = build(tmp_path / "one", "war")
    build(tmp_path / "two", "peace").rename(beside(folder, "old"))
    assert load_store(build(folder, "calm")).page("calm").total == 1
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_missing_store_has_the_name_that_was_asked_for(tmp_path: Path) -> None:
    """The sentence about a folder without a store has its name and no hidden one."""
    with pytest.raises(SettingError, match="no store in “my-stor”"):
        load_store(tmp_path / "my-stor")


def test_a_link_to_a_store_stays_one(tmp_path: Path) -> None:
    """A store that is built where a link leads is replaced there."""
    link = tmp_path / "link"
    link.symlink_to(build(tmp_path / "one", "war"))
    build(link, "calm")
    assert link.is_symlink()
    assert load_store(tmp_path / "one").page("calm").total == 1


def test_arrays_of_another_shape_are_damage(tmp_path: Path) -> None:
    """An array without an axis, and a folder in the place of the texts, are said in a sentence."""
    folder = build(tmp_path / "one", "war")
    for name in ("starts", "tokens"):
        whole = (folder / f"{name}.npy").read_bytes()
        np.save(folder / f"{name}.npy", np.array(3))
        with pytest.raises(DataError, match="damaged"):
            load_store(folder)
        (folder / f"{name}.npy").write_bytes(whole)
    (folder / "corpus.sqlite").unlink()
    (folder / "corpus.sqlite").mkdir()
    with pytest.raises(DataError, match="damaged"):
        load_store(folder)


@pytest.mark.parametrize("name", [5, None, ["edm-2010"], ("a", "b")])
def test_a_name_that_is_no_text_is_unknown(store: Store, name: object) -> None:
    """A passage asked for by something else than its id is not there; the store is not damaged."""
    with pytest.raises(UnknownNameError, match="There is no passage"):
        store.passage(name)  # type: ignore[arg-type]


def test_a_build_that_cannot_write_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parent that is a file and a full disk get a sentence, and no part of a store stays."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(SettingError, match="“one” was not built"):
        build(tmp_path / "file" / "one", "war")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(building, "_write_places", fail)
    with pytest.raises(SettingError, match=r"No space left on device.*make room"):
        build(tmp_path / "one", "war")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_date_may_be_missing(tmp_path: Path) -> None:
    """A document whose date is None has no year, as one without a date."""
    rows = [
        (name, {"date": None}, texts) for name, _, texts in stream_corpus(toy_corpus(a=["war"]))
    ]
    store = load_store(build_store(tmp_path / "one", rows, progress=False))  # type: ignore[arg-type]
    assert (store.page("war").total, store.page("war", years=(1, None)).total) == (1, 0)


def test_empty_limits_are_none(store: Store) -> None:
    """No document and no years, however they are written, mean any."""
    every = store.page("Russia*")
    assert store.page("Russia*", document="", years=None) == every  # type: ignore[arg-type]
    assert store.page("Russia*", document=None) == every  # type: ignore[arg-type]


def test_a_page_past_the_end_says_so(store: Store) -> None:
    """Beyond the last line the title has the total, and nobody reads that nothing was found."""
    total = store.page("Russia*").total
    assert store.page("Russia*", offset=500).title.startswith(f"{total} passages; none from 501 on")
    shown = repr(store.concordance("the", offset=900))
    assert shown.startswith("826 lines; none from 901 on — query the")
    assert "Nothing was found" not in shown
    assert "This page is past the end" in shown
    assert "Nothing was found" in repr(store.concordance("nowhere", offset=900))


def test_a_closed_store_can_be_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store lets go of its files and says so; one still open elsewhere is asked to be closed."""
    folder = build(tmp_path / "one", "war")
    with load_store(folder) as store:
        assert store.page("war").total == 1
    for ask in (store.page, store.concordance, store.document):
        with pytest.raises(SettingError, match="“one” is closed; open it"):
            ask("war")
    assert repr(store) == "Store(one, closed)"
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path == folder:
            raise PermissionError(13, "Access is denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(SettingError, match=r"Close the store first \(store\.close\(\)\)"):
        build(folder, "peace")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert load_store(folder).page("war").total == 1


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PureWindowsPath(r"\\server\share\a b"), "file:////server/share/a%20b"),
        (PureWindowsPath(r"C:\x\y"), "file:///C:/x/y"),
        (PurePosixPath("/x/a?b#c%"), "file:///x/a%3Fb%23c%25"),
    ],
)
def test_any_path_has_an_address(path: PurePosixPath | PureWindowsPath, uri: str) -> None:
    """A share, a drive and odd signs are written as SQLite takes them."""
    assert make_uri(path) == uri


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from helpers import building, places
from helpers.building import build_store, stream_corpus
from helpers.errors import SettingError
from helpers.loading import course_corpus
from helpers.store import load_store

folder, dice, documents = Path(sys.argv[1]), random.Random(5), [*stream_corpus(course_corpus())]
start = time.perf_counter()
build_store(folder, documents, progress=False)
whole = time.perf_counter() - start
seen = set()
for turn in range(12):
    if turn == 6:
        import shutil
        shutil.rmtree(folder, ignore_errors=True)
    child = os.fork()
    if not child:
        build_store(folder, documents, progress=False)
        os._exit(0)
    time.sleep(dice.uniform(0, 1.1 * whole))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    try:
        seen.add(load_store(folder).concordance("the").attrs["total"])
    except SettingError:
        seen.add("none")
print(sorted(map(str, seen)))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system has no fork.")
def test_a_killed_build_leaves_nothing_half_built(tmp_path: Path) -> None:
    """Killed at any moment, a build leaves the old store, none, or the whole new one."""
    command = [sys.executable, "-W", "ignore", "-c", KILLED, str(tmp_path / "store")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.stdout.strip() in ("['826', 'none']", "['826']"), done.stderr
