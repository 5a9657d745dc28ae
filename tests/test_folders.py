"""A folder of one's own texts: what is read, what is known, what is wrong with it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from helpers import keep_documents, load_corpus
from helpers.errors import SettingError, SourceError, TwoTracksError
from helpers.extracts import LIMIT
from helpers.folders import read_folder
from tests.folders import SPEECH, make_docx, make_folder, make_pdf

ERRATUM = """
[[erratum]]
seed = "y.txt"
context = "1"
wrong = "1"
right = "2"
reason = "A slip."
"""


def test_a_folder_becomes_a_corpus(tmp_path: Path) -> None:
    """Files of a folder and its sub-folders are documents, in order; paragraphs are passages."""
    folder = make_folder(tmp_path / "mine", speech__md=SPEECH, a___note__txt="One.\n\nTwo.")
    corpus = load_corpus(folder)
    assert repr(corpus) == "Corpus(mine: 2 documents, 1 of them without a date, 4 passages)"
    assert [p.id for p in corpus.passages] == ["speech#p01", "speech#p02", "note#p01", "note#p02"]
    assert corpus.passage("speech#p02").section == "Crimea"
    cited = corpus.cite(corpus.passage("note#p02"))
    assert cited == "[untitled], no date. note#p02, bytes 6–10 of mine/a/note.txt."


def test_front_matter_states_and_is_no_text(tmp_path: Path) -> None:
    """Title, author and date are read with their place, and no passage holds them."""
    corpus = load_corpus(make_folder(tmp_path, speech__md=SPEECH))
    (document,) = corpus.documents
    assert document.title == "Address to the Duma"
    assert (document.date, document.date_precision) == ("2014-03-18", "day")
    evidence = document.date_evidence
    assert evidence
    assert corpus.sources["speech.md"].text[evidence.start : evidence.end] == "2014-03-18"
    assert not any("author" in passage.text for passage in corpus.passages)


@pytest.mark.parametrize(
    ("name", "date", "precision"),
    [
        ("2014-03-18_putin_address", "2014-03-18", "day (inferred)"),
        ("speech-20140318", "2014-03-18", "day (inferred)"),
        ("monitor_2000-02", "2000-02", "month (inferred)"),
        ("report 1999", "1999", "year (inferred)"),
        ("s-300 deal", "", "not stated"),
        ("2001 to 2003", "", "not stated"),
        ("page 123456789", "", "not stated"),
        ("scan_1999-45", "", "not stated"),
        ("report-20211332", "", "not stated"),
        ("page 0012-11 of 2014-03-18", "2014-03-18", "day (inferred)"),
    ],
)
def test_the_name_of_a_file_gives_a_date_and_nothing_else(
    tmp_path: Path, name: str, date: str, precision: str
) -> None:
    """One date in a name is taken, as inferred; two years or other numbers are none."""
    (tmp_path / f"{name}.txt").write_text("Words.")
    (document,) = load_corpus(tmp_path).documents
    assert (document.date, document.date_precision) == (date, precision)
    assert (document.authors, document.title, document.publication) == ((), "", "")


def test_a_table_of_metadata_comes_first(tmp_path: Path) -> None:
    """A row beats front matter, front matter the file's name; ``unknown`` empties a value."""
    table = "File;Author;Date;id\nspeech.md;A. Writer; B. Other;2001;munich\n2003-x.txt;;unknown;\n"
    table = table.replace("A. Writer; B. Other", '"A. Writer; B. Other"')
    files = {"speech__md": SPEECH, "2003-x__txt": "Words.", "metadata__csv": f"\ufeff{table}"}
    first, second = load_corpus(make_folder(tmp_path, **files)).documents[::-1]
    assert (first.id, first.authors, first.date) == ("munich", ("A. Writer", "B. Other"), "2001")
    assert first.title == "Address to the Duma"
    assert (second.id, second.date) == ("2003-x", "")


def test_a_corpus_is_made_again_without_a_rule(tmp_path: Path) -> None:
    """The same documents from the same files and accepted rules, without those that are named."""
    folder = make_folder(tmp_path / "mine", a__md=SPEECH, b__txt="One\nparagraph.", c__txt="Text.")
    small = keep_documents(["a", "b"], corpus=load_corpus(folder, rules=["broken_word"]))
    again = load_corpus(small, without=["whitespace"])
    assert [p.id for p in again.passages] == [p.id for p in small.passages]
    assert (again.rules_on, again.without) == (
        tuple(rule for rule in small.rules_on if rule != "whitespace"),
        ("whitespace",),
    )
    assert "sanctions today" in again.passage("a#p01").text
    assert again.passage("b#p01").text == "One\nparagraph."
    assert len(again.whole.documents) == 3
    course = keep_documents(["edm-2010"])
    assert [d.id for d in load_corpus(course, without=["erratum"]).documents] == ["edm-2010"]


def test_a_table_of_texts_is_a_corpus(tmp_path: Path) -> None:
    """Each row is a document with the row's facts; its text is the cell, byte for byte."""
    rows = 'Title,date,text\nOne,2001,"He said ""no"".\n\nTwice."\n,,\nTwo,,Only this.\n'
    path = make_folder(tmp_path / "mine", speeches__csv=rows) / "speeches.csv"
    corpus = load_corpus(path)
    assert [(d.id, d.title, d.date) for d in corpus.documents] == [
        ("speeches-2", "One", "2001"),
        ("speeches-4", "Two", ""),
    ]
    assert corpus.passages[0].text == 'He said "no".'
    assert corpus.cite(corpus.passages[2]).endswith(
        "bytes 0–10 of the text of mine/speeches.csv, row 4 (its cell as text)."
    )


def test_other_formats_are_extracted(tmp_path: Path) -> None:
    """Word, PDF and saved pages give their text, with the file's checksum and the page."""
    page = (
        "<html><head><title>Speech</title><meta name='author' content='A. Writer'>"
        "<script>alert('never')</script></head><body><nav>Home</nav><article>"
        f"<p>{'Words of the speech that go on and on. ' * 5}</p>"
        f"<p>{'And a second part of it, which is as long. ' * 5}</p>"
        "<script>alert('no')</script></article></body></html>"
    )
    pdf = make_pdf(["The first page ends in the", "middle"], ["of a sentence.", "", "Second."])
    word = make_docx("He spoke of Iran.", "Then he left.", heading="On Iran")
    corpus = load_corpus(make_folder(tmp_path, a__html=page, b__pdf=pdf, c__docx=word))
    a, b, c = corpus.documents
    assert (a.title, a.authors) == ("Speech", ("A. Writer",))
    assert len(a.passages) == 2
    assert not any("alert" in passage.text for passage in corpus.passages)
    assert b.passages[0].text == "The first page ends in the middle of a sentence. Second."
    assert b.passages[0].page == "1–2"
    assert c.title == "On Iran"
    assert [p.text for p in c.passages] == [
        "He spoke of Iran.",
        "Then he left.",
        "Iran | sanctions",
    ]
    assert "pypdf" in corpus.cite(b.passages[0])
    assert corpus.sources["b.pdf"].sha256 == b.sha256 != ""


def test_settings_and_other_files_are_no_texts(tmp_path: Path) -> None:
    """Pictures, hidden files and notes on the folder are left out, and named."""
    files = {"a__txt": "Text.", "README__md": "About.", "b__jpg": b"\xff\xd8", "__hidden__txt": "x"}
    found = read_folder(make_folder(tmp_path, **files))
    assert [text.id for text in found.texts] == ["a"]
    assert found.left_out == ("README.md", "b.jpg")


ZIP = b"PK\x03\x04\0\0"
BAD: list[tuple[dict[str, str | bytes], str]] = [
    ({}, r"No text is in mine; put files there that end in \.txt"),
    ({"a__txt": b"\x89PNG\r\n\0\0"}, "a.txt is no text but looks like a picture"),
    ({"a__txt": b"\0\1\2\3" * 9}, "a.txt is no text; give it its right ending"),
    ({"a__txt": b" \n"}, "a.txt is empty"),
    ({"a__txt": "Die Großen sind groß".encode("cp1252")}, "looks like cp1252, .* “Die Großen"),
    ({"a__txt": "Путин сказал".encode("cp1251")}, "looks like cp1251, .* “Путин сказал”"),
    ({"a__txt": "Putin".encode("utf-16")}, "looks like utf-16"),
    ({"a__txt": "“é” “é” “é”".encode() + b"\xff and more"}, "is UTF-8, but damaged at byte 2"),
    ({"a___x__txt": "1", "b___X__txt": "2"}, "a/x.txt and b/X.txt would both be the document 'x'"),
    ({"x__txt": "1", "x__md": "2"}, "x.md and x.txt would both be"),
    ({"x__md": "---\ndate: 2031-02-30\n---\nHe."}, "front matter.*: there is no day 2031-02-30"),
    ({"x__md": "---\ndate: 18/03/2014\n---\nHe."}, "'18/03/2014' cannot be read; write 2014-03-18"),
    ({"x__csv": "title,text\na, \n"}, "x.csv has no text in any row"),
    ({"x__csv": "title,body\na,b\n"}, "x.csv has no column 'text'; its columns: title, body"),
    ({"x__txt": "1", "metadata__csv": "name\nx.txt\n"}, "metadata.csv has no column 'file'"),
    ({"x__txt": "1", "metadata__csv": "file\ny.txt\n"}, "row 2: .*'y.txt'.* did you mean x.txt"),
    ({"x__txt": "1", "metadata__csv": "file\nx.txt\nx.txt\n"}, "row 3: x.txt has a row already"),
    ({"x__txt": "1", "cleaning__toml": "rules ="}, "cleaning.toml cannot be read"),
    ({"x__txt": "1", "cleaning__toml": "rules = ['page']"}, "Did you mean 'page_number'"),
    (
        {"x__txt": "1", "errata__toml": ERRATUM},
        "no file named in errata.toml",
    ),
    ({"x__html": "<p></p>"}, "No text can be found in x.html"),
    ({"x__pdf": b"%PDF-1.4 nonsense"}, "x.pdf cannot be read as a PDF"),
    ({"x__pdf": make_pdf([])}, "No text can be found in x.pdf; it is probably a scan: run"),
    ({"x__docx": ZIP}, "x.docx cannot be read as a Word document"),
    ({"!__txt": "1"}, "a name without letters"),
]


@pytest.mark.parametrize(("files", "sentence"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_used_is_said_in_a_sentence(
    tmp_path: Path, files: dict[str, str | bytes], sentence: str
) -> None:
    """Each mistake is answered with what is wrong and what to do, and no corpus is built."""
    (tmp_path / "mine").mkdir()
    with pytest.raises(TwoTracksError, match=sentence):
        load_corpus(make_folder(tmp_path / "mine", **files))


def test_a_big_file_is_not_read(tmp_path: Path) -> None:
    """A file of 200 MB is refused by its size alone."""
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(2 * LIMIT)
    with pytest.raises(SourceError, match=r"big\.txt has 200 MB, and one file may have 100; split"):
        load_corpus(tmp_path)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """A link to a file or folder elsewhere is named; one inside the folder is read."""
    make_folder(tmp_path, secret__txt="Secret.", other___x__txt="Other.", mine___a__txt="Text.")
    (tmp_path / "mine" / "b.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "mine" / "c").symlink_to(tmp_path / "other")
    (tmp_path / "mine" / "d.txt").symlink_to("a.txt")
    found = read_folder(tmp_path / "mine")
    assert [sentence for _, sentence in found.problems] == [
        "b.txt is a link that leads out of the folder; copy the file itself.",
        "c is a link that leads out of the folder; copy the file itself.",
    ]
    assert [text.id for text in found.texts] == ["a", "d"]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("text\nHello, world\n", r"t\.csv, row 2 has more cells than the first row; put its text"),
        ("text,text\na,b\n", r"t\.csv has two columns 'text'; give one another name"),
    ],
)
def test_no_cell_of_a_table_is_lost(tmp_path: Path, table: str, sentence: str) -> None:
    """A row longer than the first, or a column given twice, is an error and no shorter text."""
    with pytest.raises(SourceError, match=sentence):
        load_corpus(make_folder(tmp_path, t__csv=table))


def test_a_table_may_begin_with_empty_rows(tmp_path: Path) -> None:
    """Empty rows before the first are passed over and counted; cells too many may be empty."""
    corpus = load_corpus(make_folder(tmp_path, t__csv="\n;\nid;text\na;One.;;\n;Two.\n"))
    assert [(d.id, d.passages[0].text) for d in corpus.documents] == [
        ("a", "One."),
        ("t-5", "Two."),
    ]


def test_prose_between_two_rules_is_text(tmp_path: Path) -> None:
    """Only lines with keys, and what belongs to them, are front matter."""
    prose = "---\nHe said: no.\n\ntitle: x\n---\nThe end.\n"
    keys = "---\n# mine\ntitle: One\ntags:\n  - a\n- b\n\n---\nThe end.\n"
    first, second = load_corpus(make_folder(tmp_path, a__md=prose, b__md=keys)).documents
    assert (first.title, first.passages[0].text) == ("", "--- He said: no.")
    assert (second.title, [p.text for p in second.passages]) == ("One", ["The end."])


def test_a_damaged_word_file_is_named(tmp_path: Path) -> None:
    """Packed parts that cannot be unpacked make a sentence and no traceback."""
    raw = bytearray(make_docx("He spoke. " * 50))
    place = raw.find(b"PK\x03\x04") + 80
    raw[place : place + 40] = b"\xff" * 40
    with pytest.raises(SourceError, match=r"c\.docx cannot be read as a Word document"):
        load_corpus(make_folder(tmp_path, c__docx=bytes(raw)))


def test_a_page_without_words_is_named(tmp_path: Path) -> None:
    """A saved page of nothing but a comment makes a sentence."""
    with pytest.raises(SourceError, match=r"a\.html cannot be read as HTML"):
        load_corpus(make_folder(tmp_path, a__html="<!-- only -->"))


def test_a_page_may_declare_an_encoding_and_have_another(tmp_path: Path) -> None:
    """The encoding named in the table counts, whatever the first line of a page declares."""
    page = '<?xml version="1.0" encoding="utf-8"?><html><body><p>Größe</p></body></html>'
    files = {"a__html": page.encode("cp1252"), "metadata__csv": "file,encoding\na.html,cp1252\n"}
    assert load_corpus(make_folder(tmp_path, **files)).passages[0].text == "Größe"


def test_a_pdf_that_needs_another_library_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An encryption that cannot be undone here is answered as a password is."""

    def refuse(_: object) -> None:
        raise pypdf.errors.DependencyError("cryptography")

    monkeypatch.setattr("pypdf.PdfReader", refuse)
    with pytest.raises(SourceError, match=r"b\.pdf is locked"):
        load_corpus(make_folder(tmp_path, b__pdf=make_pdf(["x"])))


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
@pytest.mark.parametrize("encoding", ["utf-16", "undefined"])
def test_an_encoding_that_cannot_be_is_answered(tmp_path: Path, name: str, encoding: str) -> None:
    """A wrong encoding in the table is answered with the likely one."""
    make_folder(tmp_path, metadata__csv=f"file,encoding\n{name},{encoding}\n")
    (tmp_path / name).write_text("text\nWords of a text.\n")
    with pytest.raises(SourceError, match=f"{name} is not {encoding}; it looks like utf-8: write"):
        load_corpus(tmp_path)


def test_settings_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A file of settings saved by an editor of Windows is read."""
    files = {"a__txt": "Text.", "cleaning__toml": "\ufeffrules = []\n"}
    assert read_folder(make_folder(tmp_path, **files)).settings == {"cleaning.toml": {"rules": []}}


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_utf_16_without_its_mark_is_no_utf_8(tmp_path: Path, name: str) -> None:
    """Letters with an empty byte after each are named as UTF-16, and read where that is stated."""
    (tmp_path / name).write_bytes("text\nHe left.\n".encode("utf-16-le"))
    with pytest.raises(SourceError, match=r"It looks like utf-16-le, .* “text He left\.”; save it"):
        load_corpus(tmp_path)
    make_folder(tmp_path, metadata__csv=f"file,encoding\n{name},utf-16-le\n")
    assert "He left." in load_corpus(tmp_path).passages[0].text


@pytest.mark.parametrize("name", ["~nobodyxyz/x", "x" * 300])
def test_a_name_that_cannot_be_a_folder_is_answered(name: str) -> None:
    """An unknown home and a name too long make a sentence."""
    with pytest.raises(SourceError, match="cannot be a folder; look at how it is spelt"):
        load_corpus(name)


def test_a_link_to_itself_is_named(tmp_path: Path) -> None:
    """A link that leads in a circle is a problem of its own."""
    (make_folder(tmp_path, a__txt="Text.") / "b.txt").symlink_to("b.txt")
    ((name, sentence),) = read_folder(tmp_path).problems
    assert (name, "to nothing" in sentence) == ("b.txt", True)


def test_what_cannot_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, settings and codes that are locked are problems; the rest is read."""
    files = {"themes__toml": "", "codes___x__csv": "", "locked___b__txt": "Text."}
    folder, scan, read = make_folder(tmp_path, a__txt="Text.", **files), os.scandir, Path.open

    def look(path: str) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    def open_file(path: Path, *args: Any, **named: Any) -> object:
        if path.name in ("themes.toml", "x.csv"):
            raise PermissionError(13, "Permission denied", str(path))
        return read(path, *args, **named)

    monkeypatch.setattr("os.scandir", look)
    monkeypatch.setattr(Path, "open", open_file)
    found = read_folder(folder)
    assert [text.id for text in found.texts] == ["a"]
    assert sorted(found.problems) == [
        (name, f"{name} cannot be opened (Permission denied).")
        for name in ("codes/x.csv", "locked", "themes.toml")
    ]


def test_settings_are_known_in_any_capitals(tmp_path: Path) -> None:
    """Names of settings with capitals, as other systems make them, are settings and no texts."""
    files = {"Metadata__csv": "file,title\na.txt,One\n", "Cleaning__toml": 'rules = ["bullet"]\n'}
    found = read_folder(make_folder(tmp_path, a__txt="Text.", **files))
    assert (found.settings, found.left_out) == ({"cleaning.toml": {"rules": ["bullet"]}}, ())
    assert [text.known["title"].value for text in found.texts] == ["One"]


def test_a_link_to_what_is_no_text_is_left_out(tmp_path: Path) -> None:
    """A link that leads out of the folder does no harm where its ending is that of no text."""
    make_folder(tmp_path, b__jpg="x", mine___a__txt="Text.")
    (tmp_path / "mine" / "b.jpg").symlink_to(tmp_path / "b.jpg")
    found = read_folder(tmp_path / "mine")
    assert (found.problems, found.left_out) == ((), ("b.jpg",))


def test_an_unknown_title_is_no_heading(tmp_path: Path) -> None:
    """``unknown`` in the table empties a title that the first heading would give."""
    files = {"a__md": "# Wrong\n\nText.", "metadata__csv": "file,title\na.md,unknown\n"}
    (document,) = load_corpus(make_folder(tmp_path, **files)).documents
    assert document.title == ""


def test_a_page_need_not_say_that_it_is_utf_8(tmp_path: Path) -> None:
    """Title and author of a saved page without any encoding are read as its text is."""
    head = "<title>Größe</title><meta name='author' content='José'>"
    page = f"<html><head>{head}</head><body><p>Détente.</p></body></html>"
    (document,) = load_corpus(make_folder(tmp_path, a__html=page)).documents
    assert (document.title, document.authors) == ("Größe", ("José",))


def test_a_merged_cell_is_read_once(tmp_path: Path) -> None:
    """The text of a cell over two columns stands once in its row."""
    document = docx.Document()
    row = document.add_table(rows=1, cols=3).rows[0]
    row.cells[0].merge(row.cells[1]).text, row.cells[2].text = "Iran", "Iraq"
    document.save(str(tmp_path / "c.docx"))
    assert load_corpus(tmp_path).passages[0].text == "Iran | Iraq"


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("2014-03-18 10:00:00", "2014-03-18"),
        ("2014-03-18T10:00", "2014-03-18"),
        ("2014", "2014"),
        ("March 18, 2014", ""),
        ("2014-03-45", ""),
    ],
)
def test_the_date_of_a_page_is_read_or_told(tmp_path: Path, stated: str, date: str) -> None:
    """A date with a time is read; one in words is left out, and a note says so."""
    page = f"<html><head><meta name='date' content='{stated}'></head><body><p>He.</p></body></html>"
    (text,) = read_folder(make_folder(tmp_path, a__html=page)).texts
    assert text.dates[1][:4] == date[:4]
    assert (text.known["date"].value if date else "") == date
    assert ("put it into metadata.csv" in text.raw.note) == (not date)


def test_metadata_in_another_encoding_is_to_be_saved(tmp_path: Path) -> None:
    """The encoding of the table itself can be named nowhere, so nobody is told to."""
    files = {"a__txt": "Text.", "metadata__csv": "file,title\na.txt,Größe\n".encode("cp1252")}
    with pytest.raises(SourceError, match=r"looks like cp1252, .*; save it as UTF-8\. "):
        load_corpus(make_folder(tmp_path, **files))


def test_a_missing_extractor_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the libraries for a format the sentence says what to install; text needs none."""

    def refuse(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("helpers.extracts.import_module", refuse)
    found = read_folder(make_folder(tmp_path, a__txt="Text.", b__pdf=make_pdf(["x"])))
    assert [text.id for text in found.texts] == ["a"]
    assert "pip install 'two-tracks[formats]'" in found.problems[0][1]


def test_all_that_is_wrong_is_counted(tmp_path: Path) -> None:
    """The sentence names the first file that cannot be used, and how many more there are."""
    folder = make_folder(tmp_path / "mine", a__txt="Text.", b__txt=" ", c__txt=" ")
    with pytest.raises(SourceError, match=r"b\.txt is empty; .* 1 more .* check-corpus mine"):
        load_corpus(folder)


def test_another_encoding_can_be_named(tmp_path: Path) -> None:
    """With its encoding in the table a text is read; positions are those of the decoded text."""
    files = {"a__txt": "Größe.".encode("cp1252"), "metadata__csv": "file,encoding\na.txt,cp1252\n"}
    corpus = load_corpus(make_folder(tmp_path / "mine", **files))
    assert corpus.passages[0].text == "Größe."
    assert "bytes 0–8 of the text of mine/a.txt (decoded from cp1252)" in corpus.cite(
        corpus.passages[0]
    )


def test_a_missing_folder_is_answered_with_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is no folder is answered with the folders beside it, without any path."""
    (tmp_path / "my-texts").mkdir()
    with pytest.raises(SourceError, match="no folder 'my-text'; folders there: my-texts") as error:
        load_corpus(tmp_path / "my-text")
    assert str(tmp_path) not in str(error.value)
    monkeypatch.delenv("TWO_TRACKS_CORPUS", raising=False)
    with pytest.raises(SettingError, match="No corpus of your own is set"):
        load_corpus("own")


def test_a_lesson_names_a_corpus_by_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty is the course's, a name a folder, ``own`` what the environment names."""
    folder = make_folder(tmp_path / "mine", a__txt="Text.")
    monkeypatch.setenv("TWO_TRACKS_CORPUS", str(folder))
    assert repr(keep_documents(corpus="")) == "Corpus(8 documents, 122 passages)"
    own = "Corpus(mine: 1 document, 1 of them without a date, 1 passage)"
    assert repr(keep_documents(corpus="own")) == repr(keep_documents(corpus=str(folder))) == own


def test_nothing_is_written_into_the_folder(tmp_path: Path) -> None:
    """Loading leaves a folder as it was."""
    folder = make_folder(tmp_path / "mine", speech__md=SPEECH)
    shutil.copytree(folder, tmp_path / "copy", copy_function=shutil.copy2)
    load_corpus(folder)
    assert {p.name: p.stat().st_mtime_ns for p in folder.rglob("*")} == {
        p.name: p.stat().st_mtime_ns for p in (tmp_path / "copy").rglob("*")
    }
