"""The evidence basket: the passages a student collected, with citations, to take into a paper."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import count
from pathlib import Path

from helpers.corpus import Corpus
from helpers.errors import WorkError
from helpers.journal import replace_file
from helpers.loading import course_corpus
from helpers.records import Evidence
from helpers.references import cite_bibtex, cite_csl
from helpers.rendering import Shown, render_remarks
from helpers.workbook import open_workbook, work_folder

__all__ = ["Basket", "my_evidence"]

HOW = (
    "You have collected no passage yet. Under every explorer there is a list “Passage”: choose "
    "one, write why if you like, and press Collect."
)
BLANKS = re.compile(r"\s+")
MARKDOWN = re.compile(r"[\\`*<\[\]|~]|(?<!\w)_|_(?!\w)|&(?=\w+;|#)")
LIST = re.compile(r"^(\d*)([#>+.)-])")  # at the start of a paragraph


class Basket(Shown):
    """Passages collected, in the order collected, as something to look at and to export.

    `collected` is what `Workbook.evidence` gives. `passages` are those of this corpus, and
    `documents` theirs, each once, in the order of the corpus; `notes` say why each passage was
    collected, by its id; `sentences` say how much there is, and what this corpus does not have.

    Examples
    --------
    >>> Basket({}, course_corpus()).to_csl()
    '[]'
    """

    def __init__(self, collected: Mapping[str, Evidence], corpus: Corpus) -> None:
        known = {passage.id: passage for passage in corpus.passages}
        self.corpus = corpus
        self.notes = {name: BLANKS.sub(" ", item.note).strip() for name, item in collected.items()}
        self.passages = tuple(known[name] for name in collected if name in known)
        ids = {passage.doc_id for passage in self.passages}
        self.documents = tuple(document for document in corpus.documents if document.id in ids)
        self.sentences = self._count([name for name in collected if name not in known])
        shown = [render_remarks(corpus, p, self._why(p.id)) for p in self.passages]
        head, *more = map(escape, self.sentences)
        html = f"<p><strong>{head}</strong></p>" + "".join(f"<p>{words}</p>" for words in more)
        super().__init__(
            "\n\n".join([*self.sentences, *(text for text, _ in shown)]),
            html + "".join(article for _, article in shown),
        )

    def _count(self, missing: Sequence[str]) -> list[str]:
        if not self.notes:
            return [HOW]
        number, documents = len(self.passages), len(self.documents)
        passages = f"{number} passage{'s' if number > 1 else ''}"
        head = f"{passages} from {documents} document{'s' if documents > 1 else ''}"
        said = (
            f"{head}, in the order collected."
            if number
            else "None of your passages is in this corpus."
        )
        if not missing:
            return [said]
        return [said, f"Collected, and still kept, but not in this corpus: {', '.join(missing)}."]

    def _why(self, passage_id: str) -> list[str]:
        note = self.notes[passage_id]
        return [f"Why: {note}"] if note else []

    def to_markdown(self) -> str:
        """Each passage as a quotation with its citation, id, bytes and why."""
        parts = ["# My evidence", *map(_escape, self.sentences)]
        for passage in self.passages:
            remarks = [self.corpus.cite(passage), *self._why(passage.id)]
            parts += [f"> {_escape(passage.text)}", *map(_escape, remarks)]
        return "\n\n".join(parts) + "\n"

    def to_bibtex(self) -> str:
        """The documents of the passages as BibTeX."""
        return "\n\n".join(map(cite_bibtex, self.documents)) + ("\n" if self.documents else "")

    def to_csl(self) -> str:
        """The documents of the passages as CSL-JSON."""
        return json.dumps([cite_csl(d) for d in self.documents], ensure_ascii=False, indent=2)

    def save(self, folder: Path | str | None = None) -> Shown:
        """Write the passages (Markdown) and their documents (BibTeX, CSL-JSON) into a folder.

        Parameters
        ----------
        folder : path, optional
            Where to; `evidence` in the folder of your work if left out. A file there that
            says something else is kept beside the new one, with a number.

        Raises
        ------
        WorkError
            If nothing can be written there.
        """
        if not self.notes:
            return _say(HOW)
        files = {"md": self.to_markdown(), "bib": self.to_bibtex(), "json": self.to_csl() + "\n"}
        where = Path(folder) if folder is not None else work_folder() / "evidence"
        name = "/".join(where.parts[-2:] if where.is_absolute() else where.parts) or "this folder"
        try:
            where.mkdir(parents=True, exist_ok=True)
            kept = [_write(where / f"my-evidence.{kind}", text) for kind, text in files.items()]
        except OSError as error:
            raise WorkError(
                f"Your evidence could not be written to {name} ({error.strerror}); name another "
                'folder, as in: my_evidence().save("evidence").'
            ) from None
        older = ", ".join(filter(None, kept))
        return _say(
            f"Written to {name}: my-evidence.md (the passages), my-evidence.bib and "
            f"my-evidence.json (their documents, for a bibliography)."
            + (f" What stood there before is kept as {older}." if older else "")
        )


def _write(path: Path, text: str) -> str:
    """Write a file; if another text stood there it is kept, and its new name returned."""
    raw, kept = text.encode("utf-8"), ""
    if path.exists() and path.read_bytes() != raw:
        names = (f"{path.stem}-{number}{path.suffix}" for number in count(1))
        kept = next(name for name in names if not path.with_name(name).exists())
        path.rename(path.with_name(kept))
    replace_file(path, raw)
    return kept


def _escape(text: str) -> str:
    """Text that Markdown shows as it stands."""
    return LIST.sub(r"\1\\\2", MARKDOWN.sub(r"\\\g<0>", text))


def _say(sentence: str) -> Shown:
    return Shown(sentence, f"<p>{escape(sentence)}</p>")


def my_evidence(corpus: Corpus | None = None) -> Basket:
    """What you have collected, in the order collected; exports it too.

    The passages are those of `corpus`, by default the course's own.
    """
    return Basket(open_workbook().evidence(), (corpus or course_corpus()).whole)
