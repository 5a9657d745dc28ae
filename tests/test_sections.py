"""What an instructor may ask for in YAML, and what is said when it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.course import TOOLS, find_lessons
from helpers.errors import SettingError
from helpers.parameters import read_parameters
from helpers.sections import Section, read_sections
from helpers.sources import find_folder

LESSONS = find_folder("notebooks")


def read(tmp_path: Path, *texts: str, **given: str) -> list[Section]:
    files = [tmp_path / f"file-{number}.yaml" for number in range(len(texts))]
    for path, text in zip(files, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return read_sections(files, notebooks=LESSONS, **given)


def numbers(section: Section) -> list[str]:
    return [lesson.stem[:2] for lesson in section.lessons]


def test_nothing_asked_is_the_whole_course(tmp_path: Path) -> None:
    """Without a file every lesson is run as it is, for students, and not the template."""
    (course,) = read(tmp_path)
    assert (course.name, course.edition, course.folder) == ("course", "student", "")
    assert [lesson.file for lesson in course.lessons] == sorted(LESSONS.glob("[01]*.ipynb"))
    assert all(lesson.parameters == {} for lesson in course.lessons)
    assert len(course.corpus.documents) == 8


def test_texts_of_ones_own_go_to_the_lessons_that_take_them(tmp_path: Path) -> None:
    """A folder of texts is read, and lessons that speak of the course's texts are left out."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "2014-03-18_speech.txt").write_text("One paragraph on Iran.\n")
    (course,) = read(tmp_path, corpus=str(tmp_path / "texts"))
    every = {path.name[:2]: read_parameters(path) for path in find_lessons(LESSONS)}
    assert numbers(course) == [number for number in every if "corpus" in every[number]]
    assert numbers(course) == list(TOOLS)
    assert [document.id for document in course.corpus.documents] == ["2014-03-18-speech"]
    (course,) = read(tmp_path, "parameters: {theme: iran}", corpus=str(tmp_path / "texts"))
    assert numbers(course) == [*TOOLS, "th"]
    theme = '[[theme]]\nid = "cost"\ndefinition = "."\nphrases = ["toll"]\n'
    (tmp_path / "texts" / "themes.toml").write_text(theme)
    (course,) = read(tmp_path, "parameters: {theme: cost}", corpus=str(tmp_path / "texts"))
    assert course.lessons[-1].stem == "theme-cost"


def test_the_example_is_a_folder_by_name(tmp_path: Path) -> None:
    """What `load_corpus` knows by a name can be run by it too."""
    (course,) = read(tmp_path, "{only: [13], corpus: example}")
    assert course.corpus.home
    assert course.corpus.home.folder == "example-corpus"


def test_a_lesson_with_texts_of_its_own_knows_nothing_of_the_sections_documents(
    tmp_path: Path,
) -> None:
    """Lesson 13 takes documents and years only where they are asked of it alone."""
    text = """
        only: [3, 13]
        parameters: {documents: [edm-2010], years: [2010, 2021], window: 3}
        lessons: {13: {years: [1999, 2003]}}
    """
    (course,) = read(tmp_path, text)
    assert [dict(lesson.parameters) for lesson in course.lessons] == [
        {"documents": ["edm-2010"], "years": [2010, 2021], "window": 3},
        {"years": [1999, 2003], "window": 3},
    ]
    assert [document.id for document in course.corpus.documents] == ["edm-2010"]


def test_sections_take_the_defaults(tmp_path: Path) -> None:
    """A section's own words count more than the defaults, its lesson's more than both."""
    text = """
        defaults: {only: [3, 8, 11], parameters: {window: 5, years: [2000, 2003]}}
        sections:
        - {name: a, lessons: {03: {window: 2}, 08: {years: [2000, 2000]}}}
        - {name: b, parameters: {window: 9}, only: "03,theme", edition: instructor}
    """
    a, b = read(tmp_path, text)
    assert numbers(a) == ["03", "08", "11"]
    early = {"years": [2000, 2003]}
    assert [dict(lesson.parameters) for lesson in a.lessons] == [
        {"window": 2, **early},
        {"window": 5, "years": [2000, 2000]},
        early,
    ]
    assert (b.edition, [lesson.stem for lesson in b.lessons]) == (
        *("instructor", ["03-preemption", "theme-iran"]),
    )
    assert b.lessons[0].parameters == {"window": 9, **early}
    assert {document.year for document in a.corpus.documents} == {2000, 2002, 2003}


def test_the_command_counts_more_than_the_files(tmp_path: Path) -> None:
    """Several files are several sections; what the command says is said of each."""
    sections = read(tmp_path, "only: 04", "edition: student", only="03", edition="instructor")
    assert [section.name for section in sections] == ["file-0", "file-1"]
    assert [numbers(section) for section in sections] == [["03"], ["03"]]
    assert {section.edition for section in sections} == {"instructor"}


def test_a_theme_adds_its_lesson(tmp_path: Path) -> None:
    """The template is run where it is given a theme, for all or as its own parameter."""
    for text in ("parameters: {theme: israel}", "lessons: {theme: {theme: israel}}"):
        (section,) = read(tmp_path, text)
        assert section.lessons[-1].stem == "theme-israel"
        assert len(section.lessons) == 15
        assert ["theme" in lesson.parameters for lesson in section.lessons].count(True) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "file-0.yaml, line 1: this cannot be read as YAML."),
        ("12", "must be keys with values"),
        ("parametrs: {}", "Did you mean 'parameters'?"),
        ("documents: [edm-2010]", "There is no key 'documents'."),
        ("sections: {name: a}", "'sections' must be a list"),
        ("{sections: [], windw: 2}", "There is no key 'windw'."),
        ("parameters: [2]", "'parameters' cannot be [2]"),
        ("lessons: {03: 4}", "lesson 3: give its parameters"),
        ("lessons: {44: {}}", "There is no lesson '44'."),
        ("only: [3, 44]", "There is no lesson '44'."),
        ("edition: techer", "Did you mean 'instructor'?"),
        ("name: ../b", "'../b' cannot name a section"),
        ("sections: [{name: a}, {name: A}]", "'A' cannot name a section, or is taken"),
        ("parameters: {windw: 3}", "Did you mean 'window'?"),
        ("lessons: {11: {window: 3}}", "file-0, lesson 11: There is no parameter 'window'."),
        ("parameters: {window: wide}", "'window' is 'wide', and must be a whole number."),
        ("parameters: {window: true}", "'window' is True, and must be a whole number."),
        ("parameters: {window: -1}", "'window' is -1, and must be 0 or more words."),
        ("parameters: {documents: edm-2010}", "and must be a list, as in: [one, two]."),
        ("parameters: {documents: [edm-2011]}", "Did you mean 'edm-2010'?"),
        ("parameters: {years: [2021, 2000]}", "the wrong way round"),
        ("parameters: {years: [1990, 1991]}", "widen the years"),
        ("parameters: {years: [2000]}", "must be two whole numbers"),
        ("lessons: {theme: {theme: irn}}", "lesson theme: There is no theme 'irn'."),
        ("lessons: {11: {codes: [claim]}}", "There is no code 'claim'."),
        ("lessons: {11: {neighbours: [no.jsonl]}}", "There is no file 'no.jsonl'"),
        ("parameters: {query: ' '}", "A query has no word to count"),
        ("lessons: {12: {others: [Iran, (a]}}", "lesson 12: "),
        ("lessons: {12: {group: [edm-2011]}}", "Did you mean 'edm-2010'?"),
        ("name: index.html", "'index.html' cannot name a section"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, text: str, sentence: str) -> None:
    """Each mistake has its sentence, with the place where it stands."""
    with pytest.raises(SettingError) as refused:
        read(tmp_path, text)
    assert sentence in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    """Mistakes of all sections and lessons come in one list, each once."""
    bad = "{parameters: {windw: 1, documents: [x], years: [1]}, lessons: {04: {window: z}}}"
    with pytest.raises(SettingError) as refused:
        read(tmp_path, bad, bad.replace("windw", "yaers"))
    lines = str(refused.value).splitlines()
    places = ["file-0"] * 3 + ["file-0, lesson 04"] + ["file-1"] * 3 + ["file-1, lesson 04"]
    assert sorted(line.split(":")[0] for line in lines) == sorted(places)
    assert len(set(lines)) == 8


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A wrong path is a sentence too."""
    with pytest.raises(SettingError, match=r"none\.yaml cannot be opened"):
        read_sections([tmp_path / "none.yaml"], notebooks=LESSONS)
