"""Made-up lessons, stored as a notebook is, without a kernel having run them."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.widgets import PassageExplorer

__all__ = ["explorer_form", "write_lesson"]


def write_lesson(
    folder: Path, *outputs: str, name: str = "00-toy", text: str = "", source: str = "look()"
) -> Path:
    """A lesson with a title, a question, `text`, and a code cell for each of `outputs` (HTML)."""
    cells = [new_markdown_cell(f"# A toy\n\n**Who says\nwhat?**\n\n{text}")]
    for html in outputs:
        data = {"text/html": html, "text/plain": "…"}
        output = new_output("execute_result", data=data, execution_count=1)
        cells.append(new_code_cell(source, outputs=[output], execution_count=1))
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def explorer_form(**settings: object) -> str:
    """What a stored notebook holds of a PassageExplorer with these settings."""
    explorer = PassageExplorer(**settings)  # type: ignore[arg-type]
    return str(explorer._repr_mimebundle_()["text/html"])
