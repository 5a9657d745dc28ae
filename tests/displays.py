"""HTML read as a browser would: which elements there are, and what a reader sees."""

from __future__ import annotations

from html.parser import HTMLParser

__all__ = ["read_page"]

ELEMENTS = {
    *("article", "blockquote", "caption", "code", "del", "details", "div", "em", "figcaption"),
    *("figure", "img", "input", "ins", "li", "mark", "p", "pre", "strong", "style", "summary"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}
EMPTY = {"img", "input"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, f"<{tag}> has no place in a display"
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.words += [f" {value} " for name, value in attrs if name in ("value", "alt") and value]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] != "style":
            self.words.append(data)


def read_page(html: str) -> str:
    """What `html` says, marks left out; fails if it holds an element that no display has."""
    page = _Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return "".join(page.words)
