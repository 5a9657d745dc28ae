"""The ways a request can fail."""

from __future__ import annotations

import pytest

from helpers import errors
from helpers.errors import TwoTracksError, UnknownNameError, check_name, nearest_names


@pytest.mark.parametrize("name", [n for n in errors.__all__ if n.endswith("Error")])
def test_every_error_is_one_of_ours(name: str) -> None:
    """Whoever catches TwoTracksError catches every error a reader can put right."""
    assert issubclass(getattr(errors, name), TwoTracksError)


def test_a_notebook_shows_the_sentence_alone() -> None:
    """In a notebook an error is its sentence, without a traceback."""
    assert TwoTracksError("Type a word.")._render_traceback_() == ["TwoTracksError: Type a word."]


def test_the_nearest_name_comes_first() -> None:
    """Of the names that exist the one most like what was typed is offered first."""
    assert nearest_names("Iren", ["israel", "iran", "iraq"])[0] == "iran"


def test_a_mistyped_name_is_answered_with_what_exists() -> None:
    """The sentence quotes what was asked, offers the nearest, and lists the rest."""
    with pytest.raises(
        UnknownNameError, match=r"no theme 'irna'\. Did you mean 'iran'\? Themes: iran, iraq"
    ):
        check_name("theme", "irna", ["iraq", "iran"])


def test_a_long_list_says_how_long_it_is() -> None:
    """Twenty names are listed, and how many there are."""
    with pytest.raises(UnknownNameError, match=r"… \(50 in all\)"):
        check_name("passage", "x", [f"p{number}" for number in range(50)])


def test_an_empty_list_is_said_to_be_empty() -> None:
    """Where nothing of the kind exists, nothing is offered."""
    with pytest.raises(UnknownNameError, match="none at all"):
        check_name("theme", "iran", [])
