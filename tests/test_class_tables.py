"""The tables of a class: they agree with each other, and no spreadsheet computes a cell."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from helpers.class_tables import build_class_tables, measure_class, summarize
from helpers.codebook import load_codebook
from helpers.corpus import Corpus
from helpers.questions import load_questions
from helpers.tallies import ClassWork, find_splits, read_class
from tests.classes import answer, code, collect, hand_in, make_class

Rows = list[dict[str, str]]
MARK = "\N{BYTE ORDER MARK}"


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus) -> ClassWork:
    """Thirty students made by script."""
    folder = tmp_path_factory.mktemp("class")
    make_class(folder, corpus)
    return read_class(folder, corpus=corpus)


def tables(work: ClassWork) -> dict[str, Rows]:
    made = build_class_tables(work)
    assert all(text.startswith(MARK) for text in made.values())
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text.removeprefix(MARK))))
        for name, text in made.items()
    }


def test_the_tables_agree(thirty: ClassWork) -> None:
    """Each number of the summary is the length of a list in the other tables."""
    made = tables(thirty)
    assert len(made["summary"]) == len(thirty.students) == 30
    for row in made["summary"]:
        own = [given for given in made["answers"] if given["coder"] == row["coder"]]
        coded = {given["passage_id"] for given in made["codes"] if given["coder"] == row["coder"]}
        assert int(row["answered"]) == len(own)
        assert int(row["rated"]) == sum(given["right"] != "" for given in own)
        assert int(row["right"]) == sum(given["right"] == "yes" for given in own)
        assert int(row["coded"]) == len(coded) == 20
        assert (row["collected"], row["files"]) == ("8", "1")


def test_agreement_and_divided_passages(thirty: ClassWork) -> None:
    """Each row of agreement is what `measure_agreement` says; each split can be counted again."""
    made = tables(thirty)
    assert [row["round"] for row in made["agreement"]] == sorted("12" * len(load_codebook().codes))
    for row in made["agreement"]:
        measured = measure_class(thirty, int(row["round"])).loc[row["code"]]
        assert float(row["alpha"]) == measured["alpha"]
        assert int(row["disputed"]) == sum(
            (split["round"], split["code"]) == (row["round"], row["code"])
            for split in made["divided"]
        )
        assert row["meaning"].startswith(f"{row['code']}: ")
    split = made["divided"][0]
    votes = [
        c["given"]
        for c in made["codes"]
        if (c["round"], c["passage_id"], c["code"])
        == (split["round"], split["passage_id"], split["code"])
    ]
    assert (int(split["given"]), int(split["coders"])) == (votes.count("1"), len(votes))
    assert int(split["pairs"]) == votes.count("1") * votes.count("0")
    totals = [sum(s.pairs for s in splits) for splits in find_splits(thirty, 1)]
    assert totals == sorted(totals, reverse=True)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a\r=1", "\n=1", " =1", "＝1"]
)
def test_no_cell_is_a_formula(tmp_path: Path, cell: str) -> None:
    """A cell that a spreadsheet would compute begins with an apostrophe, in every column."""
    key = next(q.id for q in load_questions().values() if q.kind == "person")
    note = code("azizian-2003#p01", {"claims_right": True})
    note[2]["note"] = cell
    name = cell.strip()
    deeds = [answer(key, cell), answer(name, "x", wording="0"), collect(name, cell), note]
    (tmp_path / f"{name}-.jsonl").write_bytes(b"not work")
    (tmp_path / "a.jsonl").write_bytes(hand_in("-1-1", deeds, owner="one"))
    made = tables(read_class(tmp_path))
    for row in (row for rows in made.values() for row in rows):
        for value in row.values():
            assert not value.lstrip().startswith(("=", "+", "-", "@", "＝"))
    sign = "" if cell[0] == "a" else "'"
    assert made["codes"][0]["note"] == f"{sign}{cell}".replace("\r", "\n")
    assert made["summary"][0]["coder"] == "'-1-1"
    assert made["answers"][0]["answer"] == f"{sign}{name}".replace("\r", "\n")


def test_our_own_numbers_stay_numbers(tmp_path: Path) -> None:
    """A measure below zero is a number, and a measure without a value is blank."""
    votes = {"azizian-2003#p01": (True, False), "azizian-2003#p02": (False, True)}
    for n in (0, 1):
        deeds = [code(p, {"claims_right": v[n], "limits_right": True}) for p, v in votes.items()]
        (tmp_path / str(n)).write_bytes(hand_in(f"wren-{n}", deeds))
    claims, limits = tables(read_class(tmp_path))["agreement"]
    assert float(claims["kappa"]) == -1
    assert limits["kappa"] == limits["alpha"] == ""
    assert limits["passages"] == "2"


def test_a_class_that_did_not_code(tmp_path: Path) -> None:
    """Without codes the tables have their heads and no rows."""
    (tmp_path / "a").write_bytes(hand_in("wren-1", [collect("azizian-2003#p01")]))
    made = build_class_tables(read_class(tmp_path))
    assert made["agreement.csv"] == f"{MARK}round,code,meaning\n"
    assert made["problems.csv"] == f"{MARK}file,problem\n"
    assert summarize(read_class(tmp_path))[0][:6] == ("wren-1", 1, 0, 0, 0, 1)
