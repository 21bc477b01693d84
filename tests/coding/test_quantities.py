"""Words of quantity: found whole, held against what is counted, with meanings that the author can change."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from paper.coding.claims import quantities

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def words() -> quantities.Vocabulary:
    vocabulary, faults = quantities.read(REPOSITORY)
    assert faults == []
    return vocabulary


@pytest.mark.parametrize(
    ("word", "holds"),
    [
        ("all", [6]),
        ("nearly all", [5, 6]),
        ("most", [4, 5, 6]),
        ("half", [3]),
        ("several", [3, 4, 5, 6]),
        ("some", [2, 3, 4, 5, 6]),
        ("a few", [2]),
        ("few", [1]),
        ("none", [0]),
        ("not all", [1, 2, 3, 4, 5]),
    ],
)
def test_of_six_interviews_a_word_fits_these_numbers(
    words: quantities.Vocabulary, word: str, holds: list[int]
) -> None:
    assert [n for n in range(7) if not list(words.check(f"{word} of it", n, 6))] == holds


def test_a_share_of_a_number_is_exact() -> None:
    vocabulary = quantities.Vocabulary({"some": {"at least": (Fraction(7, 100), True)}}, ())
    assert not list(vocabulary.check("some", 7, 100))
    assert list(vocabulary.check("some", 6, 100))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A few say so", ["a few"]),
        ("Few say so", ["few"]),
        ("Not\nall say so", ["not all"]),
        ("almost nobody", ["nobody"]),
        ("Mosty, allover, foremost, all-round", []),
        ("MOST and some", ["most", "some"]),
    ],
)
def test_words_are_found_whole_and_the_longest_first(
    words: quantities.Vocabulary, text: str, found: list[str]
) -> None:
    assert words.words_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Three of the six interviewees agree",
        "3 of 6 agree",
        "three trained officials agree",
        "Three of our respondents agree",
        "Three interviews bear it out",
    ],
)
def test_numbers_of_people_are_held_against_the_count(words: quantities.Vocabulary, text: str) -> None:
    assert not list(words.check(text, 3, 6))
    assert len(list(words.check(text, 4, 6))) == 1


def test_a_number_of_something_else_is_left_alone(words: quantities.Vocabulary) -> None:
    assert not list(words.check("one-stop shops in two oblasts, 15 minutes each", 4, 6))
    assert not list(words.check("three interviewees", 1, 2, people=False))


def test_the_message_says_what_the_word_means(words: quantities.Vocabulary) -> None:
    assert list(words.check("A few say so", 4, 6)) == [
        "“a few” means at least 2 and less than 50%, and 4 of 6 are counted (67%)"
    ]
    assert list(words.check("All say so", 1, 0)) == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("words:\n  most: {over: 50%}\n", 2, "'most' has no limits that can be counted"),
        ("words:\n  some: {at least: 2}\n  most: many\n", 3, "'most' has no limits that can be counted"),
        ("words: [most]\n", 1, "expected words and things"),
        ("words: {}\nthings: text\n", 1, "expected words and things"),
        ("words: {}\nmore: 1\n", 1, "expected words and things"),
        ("words: {\n", 2, "not valid YAML"),
    ],
)
def test_a_file_that_is_written_wrongly_is_told(tmp_path: Path, text: str, line: int, said: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / quantities.FILE).write_text(text, "utf8")
    _, [fault] = quantities.read(tmp_path)
    assert (fault.file, fault.line) == (quantities.FILE, line)
    assert said in fault.message


def test_a_missing_file_is_told_and_no_word_is_known(tmp_path: Path) -> None:
    vocabulary, [fault] = quantities.read(tmp_path)
    assert fault.rule == "missing" and vocabulary.words_in("most, all, few") == []
