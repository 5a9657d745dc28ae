"""The handouts in a real browser, opened from disk with every request blocked."""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from helpers.corpus import Corpus
from helpers.course import find_lessons
from helpers.errors import TwoTracksError
from helpers.handouts import build_handouts
from helpers.kwic import concordance
from helpers.loading import course_corpus
from helpers.rendering import render_live
from helpers.search import find_passages, keep_documents, known_values
from helpers.showing import show_concordance
from helpers.sources import find_folder
from helpers.words import fold_words
from tests.browser import Lab, find_errors, open_notebook, run_all_cells
from tests.lessons import explorer_form, write_lesson
from tests.toys import MARKUP, markup_corpus

LESSONS = [path.stem for path in find_lessons(find_folder("notebooks"))]
NARROW = {"width": 320, "height": 640}

# What a page finds for many requests at once; a sentence stands for a request it cannot answer.
ANSWER_ALL = """requests => requests.map(request => {
    try {
        const { passages, terms, theme, title, conditions } = findPassages(request);
        const hits = passages.map(passage => findHits(terms, passage, theme));
        return { ids: passages.map(passage => passage.id), hits, title, conditions };
    } catch (error) {
        if (!(error instanceof Sentence)) throw error;
        return error.message;
    }
})"""


@dataclass
class Handouts:
    """A folder of pages, and what the browser complained of while one of them was open."""

    folder: Path
    complaints: list[str] = field(default_factory=list)

    def open(self, page: Page, name: str) -> None:
        """Open the page `name` from disk."""
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.goto((self.folder / f"{name}.html").as_uri())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handouts of the course, and of a made-up lesson with an explorer and a concordance."""
    folder = tmp_path_factory.mktemp("lessons")
    for path in find_lessons(find_folder("notebooks")):
        (folder / path.name).write_bytes(path.read_bytes())
    small = keep_documents(["azizian-2003", "edm-2010"])
    settings = {"query": "missile*", "window": 4, "sort": "left"}
    plain = show_concordance("missile*", window=4, sort="left", corpus=small).html
    write_lesson(
        folder,
        explorer_form(theme="preemption"),
        render_live("concordance", settings, small, plain),
        explorer_form(query="axis OR evil"),
        name="99-toy",
    )
    build_handouts(folder, folder / "out")
    return folder / "out"


@pytest.fixture
def handouts(built: Path, blocked_requests: list[str]) -> Iterator[Handouts]:
    """The pages; the test fails if one of them complains or asks for anything."""
    handouts = Handouts(built)
    yield handouts
    assert handouts.complaints == []
    assert blocked_requests == []


def find_faults(page: Page, context: Any = None) -> list[dict[str, Any]]:
    """What axe-core finds wrong: rule, impact and the elements, in the page or in a part of it."""
    page.evaluate(AXE_SCRIPT)
    run = "context => axe.run(context ?? document, { resultTypes: ['violations'] })"
    return [
        {"rule": fault["id"], "impact": fault["impact"], "in": [n["html"] for n in fault["nodes"]]}
        for fault in page.evaluate(run, context)["violations"]
    ]


# --- the same answers as Python -------------------------------------------------------------


def make_requests(corpus: Corpus, size: int) -> list[dict[str, Any]]:
    """Requests of every kind that a page can answer, and some that nobody can."""
    dice = random.Random(20000301)
    kinds = {kind: known_values(kind, corpus=corpus) for kind in ("theme", "document", "speaker")}
    requests = []
    for _ in range(size):
        query = " ".join(make_term(corpus, dice) for _ in range(dice.choice((0, 1, 1, 1, 2, 3))))
        request: dict[str, Any] = {"query": query, "years": [None, None]}
        for kind, values in kinds.items():
            request[kind] = dice.choice(values) if dice.random() < 0.15 else ""
        if dice.random() < 0.3:
            request["years"] = [dice.choice((None, dice.randint(1998, 2022))) for _ in "ab"]
        requests.append(request)
    return requests


def make_term(corpus: Corpus, dice: random.Random) -> str:
    """A word, beginning or phrase of the texts, as somebody might type it; now and then rubbish."""
    text = dice.choice(corpus.passages).text
    words = text.split()
    start = dice.randrange(len(words))
    phrase = " ".join(words[start : start + dice.randint(1, 4)]).replace('"', "")
    word = words[start]
    shapes = (
        *(word, word.upper(), word.lower(), word.strip(".,;:"), f"{word[: dice.randint(1, 6)]}*"),
        *(f'"{phrase}"', f"“{phrase}”", f'"{phrase}"*', f"«{phrase.casefold()}»"),
        *(
            "AND",
            f"AND {word}",
            "pre-empt*",
            "U.S.",
            "S-300",
            "Russia’s",
            "9/11",
            "naïve",
            "Çetin*",
        ),
        *('"', "*", "a*b", "…", "–", '""', "and", "Or", "ﬁrst", "ＮＡＴＯ", "re\u0301gime", "-war"),
    )
    return dice.choice(shapes)


def answer(request: dict[str, Any], corpus: Corpus) -> Any:
    """What Python finds, in the form of `ANSWER_ALL`."""
    try:
        found = find_passages(corpus=corpus, **request)
    except TwoTracksError as error:
        return str(error)
    hits = [[[hit.start, hit.end] for hit in found.hits(passage)] for passage in found]
    ids = [passage.id for passage in found]
    return {"ids": ids, "hits": hits, "title": found.title, "conditions": found.conditions}


def test_a_page_finds_what_python_finds(
    offline_page: Page, handouts: Handouts, corpus: Corpus
) -> None:
    """For words, prefixes, phrases, theme, document, speaker and years, the passages, the places
    marked in them, the count and the conditions are the same; and both refuse the same queries.
    """
    handouts.open(offline_page, "reader")
    requests = [request for request in make_requests(corpus, 1000) if "(" not in request["query"]]
    answers = offline_page.evaluate(ANSWER_ALL, requests)
    assert sum(isinstance(found, dict) and 0 < len(found["ids"]) < 122 for found in answers) > 300
    assert sum(isinstance(found, str) for found in answers) > 50
    for request, found in zip(requests, answers, strict=True):
        expected = answer(request, corpus)
        if isinstance(expected, str):
            assert isinstance(found, str), request
            assert found.endswith("."), request
        else:
            assert found == expected, request


def test_a_part_of_the_corpus(offline_page: Page, handouts: Handouts, corpus: Corpus) -> None:
    """An explorer of some documents counts and finds in these alone, as Python does."""
    handouts.open(offline_page, "reader")
    ids = ["monitor-2000", "edm-2010", "lavrov-israel-2021"]
    small = keep_documents(ids, corpus=corpus)
    requests = [request for request in make_requests(corpus, 300) if "(" not in request["query"]]
    answers = offline_page.evaluate(
        ANSWER_ALL, [{**request, "documents": ids} for request in requests]
    )
    for request, found in zip(requests, answers, strict=True):
        expected = answer(request, small)
        assert isinstance(found, str) if isinstance(expected, str) else found == expected, request


def test_words_are_folded_as_in_python(offline_page: Page, handouts: Handouts) -> None:
    """Case, accents, ligatures, vowel signs and soft hyphens count for the page as in Python."""
    handouts.open(offline_page, "reader")
    letters = [
        chr(code)
        for code in range(0x20, 0x2E00)
        if unicodedata.category(chr(code)) != "Cn"
        and not 0x13A0 <= code < 0x1400  # Cherokee, whose case is folded upwards
    ]
    texts = [f"a{letter}b {letter}" for letter in letters] + ["ΟΔΟΣ", "Straße", "İstanbul", "हिन्दी"]
    words = offline_page.evaluate(
        "texts => texts.map(text => tokenize(text).map(token => token.word))", texts
    )
    for text, found in zip(texts, words, strict=True):
        assert found == fold_words(text), ascii(text)


@pytest.mark.parametrize(
    "query",
    ["war OR peace", "war NOT peace", "NEAR(war peace, 5)", "NEAR (war peace)", "(war)", "(", "OR"],
)
def test_other_operators_get_a_sentence(offline_page: Page, handouts: Handouts, query: str) -> None:
    """What only JupyterLab can answer is said to be so, and never taken for a word."""
    handouts.open(offline_page, "reader")
    (sentence,) = offline_page.evaluate(ANSWER_ALL, [{"query": query}])
    assert "works in JupyterLab only; here write words" in sentence


def test_a_concordance_is_that_of_python(
    offline_page: Page, handouts: Handouts, corpus: Corpus
) -> None:
    """Lines, context, order, title and conditions are the same for every order and window."""
    handouts.open(offline_page, "reader")
    queries = ("missile*", '"axis of evil"', "U.S.", "Ivanov", '"the United" States', "zzz")
    requests = [
        {"query": query, "window": window, "sort": sort}
        for query in queries
        for window in (0, 1, 8, 500)
        for sort in ("corpus", "left", "right", "date", "document", "speaker")
    ]
    answers = offline_page.evaluate(
        """requests => requests.map(request => {
            const { lines, title, conditions } = findConcordance(request);
            const cells = lines.map(line => [line.passage.id, line.left, line.node, line.right]);
            return [cells, lines.map(line => line.speaker), title, conditions];
        })""",
        requests,
    )
    for request, found in zip(requests, answers, strict=True):
        table = concordance(corpus=corpus, **request)  # type: ignore[arg-type]
        cells = table[["passage_id", "left", "node", "right"]].to_numpy().tolist()
        about = [table.attrs["title"], table.attrs["conditions"]]
        assert found == [cells, table["speaker"].tolist(), *about], request


def test_texts_come_through_whole(offline_page: Page, handouts: Handouts, corpus: Corpus) -> None:
    """The text in a page is the clean text of the passage, sign by sign."""
    handouts.open(offline_page, "reader")
    found = offline_page.evaluate("() => corpus.passages.map(passage => passage.text.join(''))")
    assert found == [passage.text for passage in corpus.passages]


# --- used by a reader -----------------------------------------------------------------------


def shown(page: Page, form: int = 0) -> list[str]:
    """Ids of the passages that an explorer shows."""
    return page.locator("[data-explorer]").nth(form).locator("article strong").all_inner_texts()


def test_an_explorer_answers(offline_page: Page, handouts: Handouts, corpus: Corpus) -> None:
    """Typing and choosing filter at once; pages turn; a slip keeps the last result."""
    handouts.open(offline_page, "99-toy")
    form = offline_page.locator("[data-explorer]").first
    status = form.get_by_role("status")
    found = find_passages(theme="preemption", corpus=corpus)
    expect(status).to_have_text(f"{found.title} — theme preemption")
    assert shown(offline_page) == [passage.id for passage in found]

    form.get_by_label("Words").press_sequentially("Georgia")
    found = find_passages("Georgia", theme="preemption", corpus=corpus)
    assert shown(offline_page) == [passage.id for passage in found]
    marks = [text[hit.start : hit.end] for p in found for hit in found.hits(p) for text in [p.text]]
    assert form.locator("mark").all_inner_texts() == marks

    form.get_by_label("Words").fill('"axis of')
    expect(status).to_contain_text("is never closed; add the closing one.")
    assert shown(offline_page) == [passage.id for passage in found]

    form.get_by_label("Words").fill("")
    form.get_by_label("Theme").select_option("")
    form.get_by_label("Document").select_option("azizian-2003")
    form.get_by_label("From year").fill("2003")
    found = find_passages(document="azizian-2003", years=(2003, None), corpus=corpus)
    ids = [passage.id for passage in found]
    assert len(ids) > 10
    expect(status).to_contain_text(f"{found.title}, 1 to 10 shown — {found.conditions}")
    assert shown(offline_page) == ids[:10]
    form.get_by_role("button", name="Next 10").click()
    assert shown(offline_page) == ids[10:20]
    form.get_by_role("button", name="Previous 10").click()
    assert shown(offline_page) == ids[:10]

    form.get_by_label("To year").fill("2002")
    expect(status).to_contain_text("The years 2003–2002 are the wrong way round; write 2002–2003.")
    form.get_by_label("To year").fill("2021")
    form.get_by_label("Words").fill("zzz")
    expect(form).to_contain_text("Nothing fits")


def test_a_concordance_answers(offline_page: Page, handouts: Handouts) -> None:
    """Words, window and order change the table, whose lines lead to their passages."""
    handouts.open(offline_page, "99-toy")
    form = offline_page.locator("[data-concordance]")
    small = keep_documents(["azizian-2003", "edm-2010"])
    table = concordance("missile*", window=4, sort="left", corpus=small)
    status = form.get_by_role("status")
    part = ", 1 to 25 shown" if len(table) > 25 else ""
    expect(status).to_have_text(f"{table.attrs['title']}{part} — {table.attrs['conditions']}")
    form.get_by_label("Words", exact=True).fill("Taliban")
    form.get_by_label("Words on each side").fill("2")
    form.get_by_label("Order").select_option("right")
    table = concordance("Taliban", window=2, sort="right", corpus=small)
    assert form.locator("mark").all_inner_texts() == table["node"].tolist()
    assert form.locator("td:first-child").all_inner_texts() == table["passage_id"].tolist()
    form.get_by_label("Words on each side").fill("-1")
    expect(status).to_contain_text("A window of -1 words is impossible; take 0 or more.")
    form.get_by_label("Words", exact=True).fill("")
    form.locator("td a").first.click()
    name = table["passage_id"].iloc[0].replace("#", "-")
    expect(offline_page.locator(f"[id='{name}']")).to_be_in_viewport()


def test_a_form_with_an_operator_stays_plain(offline_page: Page, handouts: Handouts) -> None:
    """Settings that only JupyterLab can answer leave the stored passages, with a sentence."""
    handouts.open(offline_page, "99-toy")
    form = offline_page.locator("[data-explorer]").nth(1)
    expect(form.get_by_role("status")).to_contain_text("‘OR’ works in JupyterLab only")
    found = find_passages("axis OR evil")
    assert shown(offline_page, 1) == [passage.id for passage in found.passages[:10]]
    expect(form).to_contain_text(found.title)


def test_the_reader(offline_page: Page, handouts: Handouts, corpus: Corpus) -> None:
    """The reader shows every passage, filters in place, and unfolds raw sources and cards."""
    handouts.open(offline_page, "reader")
    cards = offline_page.locator("[data-passage]")
    assert cards.count() == len(corpus.passages)
    offline_page.get_by_label("Theme").select_option("iran")
    found = find_passages(theme="iran", corpus=corpus)
    assert [card.get_attribute("data-passage") for card in cards.all() if card.is_visible()] == [
        passage.id for passage in found
    ]
    kept = {passage.doc_id for passage in found}
    titles = offline_page.locator(".document > h2:visible")
    assert titles.count() == len(kept) < len(corpus.documents)
    raw = offline_page.locator("[data-passage]:not([hidden]) details").first
    raw.locator("summary").click()
    expect(raw.locator("pre")).to_be_visible()


def test_without_a_script(browser: Browser, built: Path, corpus: Corpus) -> None:
    """Where scripts are off, the stored passages and the whole reader can be read."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((built / "99-toy.html").as_uri())
        expect(page.locator("[data-explorer] article").first).to_be_visible()
        assert page.locator("input[type=search]").count() == 0
        page.goto((built / "reader.html").as_uri())
        expect(page.locator("[data-passage]").last).to_be_visible()


def test_markup_in_a_text_is_text(offline_page: Page, tmp_path: Path) -> None:
    """A corpus full of markup shows it as text, in cards, marks, lines and choices alike."""
    toy = markup_corpus()
    forms = [
        render_live(kind, {"query": "alert"}, toy, "<p>plain</p>")
        for kind in ("explorer", "concordance")
    ]
    write_lesson(tmp_path, *forms)
    build_handouts(tmp_path, tmp_path / "out", corpus=toy)
    handouts = Handouts(tmp_path / "out")
    for name in ("00-toy", "reader"):
        handouts.open(offline_page, name)
        assert offline_page.locator("main script, main b").count() == 0
        assert MARKUP[:20] in offline_page.locator("main").inner_text()
        assert set(offline_page.locator("main mark").all_inner_texts()) <= {"alert"}
    assert handouts.complaints == []


# --- for everybody ----------------------------------------------------------------------------

PAGES = [*LESSONS, "99-toy", "index", "reader"]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_fault(offline_page: Page, handouts: Handouts, name: str) -> None:
    """On a narrow screen, with every fold open, axe-core finds nothing at all to object to, and
    nothing but tables has to be scrolled sideways; nor is there a fault on a wide screen.
    """
    handouts.open(offline_page, name)
    if name not in LESSONS:  # whose parts are the same as these
        assert find_faults(offline_page) == []
    offline_page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert offline_page.evaluate("() => document.documentElement.scrollWidth") == 320
    offline_page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
    offline_page.evaluate("() => dispatchEvent(new Event('resize'))")
    assert find_faults(offline_page) == []


@pytest.mark.parametrize("name", ["99-toy", "index", "reader"])
def test_the_keyboard_reaches_every_control(
    offline_page: Page, handouts: Handouts, name: str
) -> None:
    """Tab goes to each link, field, button and fold in order, and the focus can be seen."""
    handouts.open(offline_page, name)
    if name == "reader":
        offline_page.get_by_role("combobox", name="Document").select_option("monitor-2000")
        offline_page.evaluate("() => document.activeElement.blur()")
    offline_page.evaluate("() => scrollTo(0, 0)")
    wanted = offline_page.evaluate(
        """() => [...document.querySelectorAll(
            "a[href], button:enabled, input, select, summary, [tabindex='0']"
        )].filter(element => element.checkVisibility()).length"""
    )
    seen = """() => {
        const element = document.activeElement;
        element.dataset.seen = (element.dataset.seen ?? "") + "+";
        return getComputedStyle(element).outlineStyle !== "none";
    }"""
    for _ in range(wanted):
        offline_page.keyboard.press("Tab")
        assert offline_page.evaluate(seen)
    marks = "() => [...document.querySelectorAll('[data-seen]')].map(e => e.dataset.seen)"
    assert offline_page.evaluate(marks) == ["+"] * wanted


def test_the_skip_link(offline_page: Page, handouts: Handouts) -> None:
    """The first stop of the Tab key is a link that can then be seen and leads to the text."""
    handouts.open(offline_page, "index")
    offline_page.keyboard.press("Tab")
    skip = offline_page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_in_viewport()
    offline_page.keyboard.press("Enter")
    assert offline_page.evaluate("() => document.activeElement.id") == "main"


def test_on_paper(offline_page: Page, handouts: Handouts) -> None:
    """In print there are no controls, the settings stay, and code is there if wanted."""
    handouts.open(offline_page, "99-toy")
    offline_page.emulate_media(media="print")
    for part in ("header", ".controls", ".pages", "footer"):
        expect(offline_page.locator(part).first).to_be_hidden()
    expect(offline_page.get_by_role("status").first).to_contain_text("theme preemption")
    code = offline_page.locator(".code").first
    expect(code).to_be_visible()
    offline_page.emulate_media(media="screen")
    offline_page.get_by_label("Show the code, also in print").uncheck()
    expect(code).to_be_hidden()
    offline_page.emulate_media(media="print")
    expect(code).to_be_hidden()


def test_settings_of_lessons_can_be_answered(
    offline_page: Page, handouts: Handouts, corpus: Corpus
) -> None:
    """Each explorer and concordance of a lesson shows what Python finds for its settings."""
    for name in [*LESSONS, "99-toy"]:
        texts = course_corpus("example") if name.startswith("13-") else corpus
        handouts.open(offline_page, name)
        for number, form in enumerate(offline_page.locator("[data-explorer]").all()):
            settings = json.loads(form.get_attribute("data-explorer") or "")
            ids = settings.pop("documents")
            found = find_passages(corpus=keep_documents(ids, corpus=texts), **settings)
            expect(form).to_contain_text(found.title)
            assert shown(offline_page, number) == [p.id for p in found.passages[:10]]
        for form in offline_page.locator("[data-concordance]").all():
            settings = json.loads(form.get_attribute("data-concordance") or "")
            ids = settings.pop("documents")
            table = concordance(corpus=keep_documents(ids, corpus=texts), **settings)
            expect(form).to_contain_text(table.attrs["title"])


@pytest.mark.parametrize("name", LESSONS)
def test_axe_in_jupyterlab(page: Page, lab: Lab, name: str) -> None:
    """A lesson runs in JupyterLab without error, and axe-core finds no serious fault in it."""
    open_notebook(page, lab, f"{name}.ipynb")
    run_all_cells(page)
    assert find_errors(page) == []
    ours = [".jp-OutputArea-output .tt", ".jp-OutputArea-output .jupyter-widgets"]
    for part in ours:
        expect(page.locator(part).first).to_be_attached()
    faults = find_faults(page, {"include": [[part] for part in ours]})
    assert [fault for fault in faults if fault["impact"] in ("serious", "critical")] == []
