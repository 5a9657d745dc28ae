"""Is a folder ready for the lessons?"""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import check_corpus, show_proposals
from helpers.__main__ import main
from helpers.errors import SourceError
from helpers.readiness import guess_language
from helpers.sources import find_folder
from tests.folders import PAPER, SPEECH, make_folder

SENTENCES = {
    "English": "This is the text of a speech, and it is not for the weak.",
    "German": "Das ist nicht der Weg, den die Minister mit uns gehen.",
    "Russian": "Это не то, что мы хотим, и как его понимать, с этим не ясно.",
    "French": "Le ministre est dans la salle, et les autres que nous voyons.",
}


def test_a_report_speaks_of_every_text(tmp_path: Path) -> None:
    """Size, language, date and where it was found, furniture and mistakes, text by text."""
    folder = make_folder(tmp_path / "mine", speech__md=SPEECH, paper__txt=PAPER, b__jpg=b"\xff")
    text = check_corpus(folder).text
    assert "2 texts can be used, with 8 passages; 0 cannot." in text
    assert "No texts, left out: b.jpg." in text
    assert "date 2014-03-18, day: Stated in the front matter" in text
    assert "probably English, a guess from its small words; no date found" in text
    assert "2 page_number, 3 running_head, 1 site_furniture" in text
    assert 'rules = ["page_number", "running_head", "site_furniture", "mojibake"' in text
    assert "iran 1" in text
    assert "03 Preemption: speaks of the course's own texts; left out." in text
    assert "00 Start here: runs; thin: only 8 passages to search." in text
    assert "12 Does the claim survive?: runs; thin: only 2 texts to compare" in text
    assert "template One theme, from its definition to its limits: runs; thin: " in text


def test_a_report_names_every_lesson(tmp_path: Path) -> None:
    """Each lesson of the course, and the template, has a sentence of its own."""
    text = check_corpus(make_folder(tmp_path, a__txt=SPEECH)).text
    lessons = text.partition("\nLessons\n")[2].splitlines()
    assert len(lessons) == len(list(find_folder("notebooks").glob("*.ipynb")))


def test_duplicates_are_named(tmp_path: Path) -> None:
    """The same text twice, and one that holds most of another, are said to be so."""
    paragraphs = [f"Paragraph {word} has a good number of words in it." for word in "abcdef"]
    text, part = "\n\n".join(paragraphs), "\n\n".join([*paragraphs[:4], "Another."])
    folder = make_folder(tmp_path, a__txt=text, b__txt=text + "\n", c__txt=part, d__txt="Else.")
    said = check_corpus(folder).text
    assert "a and b are the same text; keep one." in said
    assert "a and c share 4 of 4 passages; is one a copy?" in said
    assert "and d" not in said


def test_bad_files_do_not_stop_the_report(tmp_path: Path) -> None:
    """What cannot be used is listed, and the rest is looked at all the same."""
    files = {"a__txt": "Text.", "b__txt": b"\0\1", "c__txt": " ", "cleaning__toml": "rule = 1"}
    report = check_corpus(make_folder(tmp_path, **files))
    assert not report.ready
    assert "1 text can be used, with 1 passage; 2 cannot." in report.text
    for sentence in ("b.txt is no text", "c.txt is empty", "cleaning.toml: 'rule' is not known"):
        assert sentence in report.text
    with pytest.raises(SourceError, match="No text is in"):
        check_corpus(make_folder(tmp_path / "none", a__jpg=b"\xff"))


def test_one_wrong_file_of_settings_takes_nothing_from_the_others(tmp_path: Path) -> None:
    """With a wrong people.toml themes are still found, and it is said what is left out."""
    theme = '[[theme]]\nid = "cost"\ndefinition = "."\nphrases = ["toll"]\n'
    files = {"people__toml": 'person = [{nam = "X"}]', "themes__toml": theme}
    text = check_corpus(make_folder(tmp_path, a__txt="A toll.", **files)).text
    assert "All that follows is without people.toml, until it is mended." in text
    assert "Passages by its themes.toml: cost 1." in text


def test_rows_without_text_are_counted(tmp_path: Path) -> None:
    """What a table leaves out is said once; a table that leaves nothing out says nothing."""
    rows = "title,text\nOne,Words.\nTwo,\nThree,More words.\n,,\nFour,  \n"
    folder = make_folder(tmp_path, a__csv=rows, b__csv="text\nWords of another.\n")
    text = check_corpus(folder).text
    assert text.count("a.csv: rows without text, left out: 2 of 4.") == 1
    assert text.count("left out: ") == 1
    assert "3 texts can be used" in text


def test_people_are_looked_at(tmp_path: Path) -> None:
    """A people.toml that cannot be read is a problem; one that fits no text is thin."""
    folder = make_folder(tmp_path / "mine", a__txt="Text.", people__toml='person = [{nam = "X"}]')
    report = check_corpus(folder)
    assert not report.ready
    assert "mine/people.toml, ?: 'nam' is not known here" in report.text
    text = check_corpus(make_folder(folder, people__toml='person = [{name = "X"}]')).text
    assert "The two Ivanovs: runs; thin: nobody of its people.toml is named" in text


def test_a_wrong_codebook_is_said(tmp_path: Path) -> None:
    """Codes beside the texts are held to their rules before a lesson needs them."""
    folder = make_folder(tmp_path / "mine", a__txt="Text.", codebook__toml='title = "Tone"')
    report = check_corpus(folder)
    assert not report.ready
    assert "mine/codebook.toml: 'question' is missing" in report.text
    assert "1 text can be used" in report.text


def test_the_page_is_safe_and_fetches_nothing(tmp_path: Path) -> None:
    """Markup in a text or a file's name is shown as letters, and a policy forbids the rest."""
    name = "<script>alert(1)<"
    folder = make_folder(tmp_path / "mine", **{f"{name}__txt": "Read more\n\n<b>Share this</b>"})
    page = check_corpus(folder).to_page("The texts in mine")
    assert "<script>" not in page
    assert "default-src 'none'" in page
    assert str(tmp_path) not in page


@pytest.mark.parametrize("language", SENTENCES)
def test_a_language_is_guessed_by_its_small_words(language: str) -> None:
    """One sentence is enough for a guess; numbers are no language."""
    assert guess_language(SENTENCES[language])[0] == language
    assert guess_language("1 2 3") == ("", 0.0)


def test_proposals_show_what_would_change(tmp_path: Path) -> None:
    """Each rule with its count and its first examples; nothing found is said to be nothing."""
    folder = make_folder(tmp_path / "mine", speech__md=SPEECH, paper__txt=PAPER)
    text = show_proposals(folder).text
    assert "running_head removes the line that repeats at the head of each page: 3 places" in text
    assert "paper.txt: “Share this” goes." in text
    assert "“…Iran and the sanc- tions today, and…” → “…Iran and the sanctions today, and…”" in text
    plain = make_folder(tmp_path / "plain", a__txt="Text.")
    assert "No rule finds anything" in show_proposals(plain).text


def test_the_command_writes_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The report is printed and written as a page; the code is 1 where a file cannot be used."""
    folder = make_folder(tmp_path / "mine", a__txt="Text.")
    page = tmp_path / "out" / "report.html"
    assert main(["check-corpus", str(folder), "--html", str(page)]) == 0
    assert "1 text can be used" in capsys.readouterr().out
    assert "<title>The texts in mine</title>" in page.read_text(encoding="utf-8")
    make_folder(folder, b__txt=" ")
    assert main(["check-corpus", str(folder)]) == 1
    assert main(["check-corpus", str(tmp_path / "nowhere")]) == 1
    assert "no folder 'nowhere'" in capsys.readouterr().err
