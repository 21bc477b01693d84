"""Names that can't be are refused with one that can."""

from __future__ import annotations

import pytest

from paper.errors import SourceError
from paper.new.names import in_words, require_file_name, require_identifier


@pytest.mark.parametrize("name", ["sources", "data-sources", "annex2", "part-2"])
def test_a_file_name_may_have_hyphens(name: str) -> None:
    require_file_name(name, "chapter")


@pytest.mark.parametrize("name", ["waits", "waiting_times", "waits2"])
def test_a_name_in_code_may_have_underscores(name: str) -> None:
    require_identifier(name, "figure")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("Data sources", "data-sources"),
        ("data_sources", "data-sources"),
        ("../index", "index"),
        ("1st", "st"),
        ("données", "donnees"),
        ("-x-", "x"),
        ("", "small letters"),
        ("Выводы", "small letters"),
        ("con", "another name"),
        ("x" * 31, "30 at most"),
        ("a\nb", "a-b"),
    ],
)
def test_a_name_that_cannot_be_is_answered_with_one_that_can(name: str, remedy: str) -> None:
    with pytest.raises(SourceError) as error:
        require_file_name(name, "chapter")
    assert remedy in error.value.remedy


@pytest.mark.parametrize("name", ["waiting-times", "_waits", "waits_", "class", "lambda", "Waits", "a__b"])
def test_a_name_in_code_is_one_that_python_can_read(name: str) -> None:
    with pytest.raises(SourceError):
        require_identifier(name, "figure")


def test_a_name_in_words_begins_with_a_capital() -> None:
    assert in_words("waiting_times") == "Waiting times"
