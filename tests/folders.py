"""Small folders of texts, made by hand: also real Word and PDF files."""

from __future__ import annotations

import io
from pathlib import Path

import docx
from hypothesis import strategies as st

__all__ = ["PAPER", "SPEECH", "TEXTS", "make_docx", "make_folder", "make_pdf"]

SPEECH = (
    "---\ntitle: Address to the Duma\nauthor: V. Putin\ndate: 2014-03-18\n---\n"
    "# Address\n\nWe speak about Iran and the sanc-\ntions today, and about détente.\n\n"
    "## Crimea\n\nCrimea is “ours”, he said. The sanctions are wrong.\n"
)
PAPER = (
    "FOREIGN NEWS 3\n\nThe axis\n\nThe axis was named in 2002 and it was\nâ€œnot wiseâ€\x9d, "
    "said the minister who\n\nPage 2 of 9\n\nwas there.\n\nShare this\n\nFOREIGN NEWS 4\n\n"
    "The doctrine came next.\n\nPage 3 of 9\n\nFOREIGN NEWS 5\n\nThis is the end of the text.\n"
)


LINES = st.sampled_from(
    [
        *("Page 2 of 9", "3", "4", "FOREIGN NEWS 5", "Share this", "# Head", "IRAQ", "---"),
        *("It was a sanc-\ntion", "so it was.", "â€œNo.â€\x9d", "voilÃ\xa0 là", "• an item"),
        *("sanction", "\f", "", " ", "He met George W.", "Bush (2) there. ¬\nend", "\ufeff", "é\r"),
        *("РџСѓС‚РёРЅ", "date: 2001", "A long line that ends here. " * 6, "\u2028x", "\x1c"),
    ]
)
TEXTS = st.lists(LINES, min_size=1, max_size=14).map("\n".join).filter(str.strip)


def make_folder(folder: Path, **files: str | bytes) -> Path:
    """A folder of files; in a name ``__`` stands for the dot, ``___`` for the slash."""
    for name, content in files.items():
        path = folder / name.replace("___", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def make_docx(*paragraphs: str, heading: str = "") -> bytes:
    """A Word document, with a heading first if there is one, and a table of one row last."""
    document = docx.Document()
    if heading:
        document.add_heading(heading)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    row = document.add_table(rows=1, cols=2).rows[0]
    row.cells[0].text, row.cells[1].text = "Iran", "sanctions"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def make_pdf(*pages: list[str]) -> bytes:
    """A PDF with these lines on its pages, in a standard font."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown}ET"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * number} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("latin-1")
