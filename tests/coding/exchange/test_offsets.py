"""Selections land on the words that were selected, however the program counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples

from paper.coding.exchange.offsets import STANDARD, Count, Decision, Document, Selected, decide

NVIVO = Count(utf16=True)
ATLAS = Count(pair=False)


def counted(
    raw: str, words: list[str], count: Count, *, inline: bool = False, names: bool = False
) -> list[Selected]:
    """Selections of words, with positions counted in a way that is written out here once more, naively."""

    def position(index: int) -> int:
        total = 0
        for at, letter in enumerate(raw[:index]):
            if letter == "\ufeff" and at == 0:
                total += count.mark
            elif letter == "\r" and raw[at + 1 : at + 2] == "\n":
                total += count.pair
            else:
                total += (
                    1 + (count.utf16 and ord(letter) > 0xFFFF) + (letter == "\n" and inline and count.lost)
                )
        return total

    found = []
    for number, word in enumerate(words):
        at = raw.index(word)
        end = position(at + len(word)) - count.inclusive
        found.append(Selected(f"s{number}", position(at), end, word if names else ""))
    return found


def slices(raw: str, selected: list[Selected], decision: Decision, *, inline: bool = False) -> list[str]:
    document = Document(raw, inline=inline)
    spans = [document.span(one, decision.count) for one in selected]
    return ["" if span is None else document.text[slice(*span)] for span in spans]


TALK = (
    "\ufeffInterviewer 🙂: who asks?\r\nRespondent 🙂: the ministry asks.\r\n"
    "And people ask.\r\nSometimes 🙂 nobody asks.\r\n"
)
WORDS = ["ministry asks", "people", "Sometimes", "nobody"]


@pytest.mark.parametrize(
    "count",
    [
        STANDARD,
        NVIVO,
        ATLAS,
        Count(mark=True),
        Count(utf16=True, pair=False, mark=True),
        Count(inclusive=True),
    ],
    ids=str,
)
def test_the_text_shows_how_positions_were_counted(count: Count) -> None:
    selected = counted(TALK, WORDS, count)

    decision = decide([(Document(TALK), selected)])

    assert slices(TALK, selected, decision) == WORDS
    assert decision.by_text == (count != STANDARD)


def test_a_line_end_that_lost_its_cr_inside_xml_is_found_out() -> None:
    raw = TALK.removeprefix("\ufeff").replace("\r\n", "\n")
    selected = counted(raw, WORDS, Count(lost=True), inline=True)

    decision = decide([(Document(raw, inline=True), selected)])

    assert decision.count == Count(lost=True)
    assert slices(raw, selected, decision, inline=True) == WORDS


def test_one_name_that_repeats_the_text_is_enough() -> None:
    raw = "🙂 -- -- ---- -- --"
    selected = [Selected("s", 9, 13, "---- --...")]

    assert decide([(Document(raw), selected)]) == Decision(STANDARD, doubtful=True)
    assert decide([(Document(raw), [Selected("s", 9, 16, "---- --...")])]) == Decision(NVIVO, by_text=True)


def test_the_known_habit_of_a_program_stands_where_the_text_is_silent() -> None:
    raw = "🙂 .. .. .. .."
    selected = [Selected("s", 4, 6)]

    assert decide([(Document(raw), selected)], NVIVO).count == NVIVO
    assert decide([(Document(raw), selected)]).count == STANDARD


def test_doubt_is_said_where_two_ways_look_equally_good() -> None:
    raw = "🙂 .. .. .. .."

    assert decide([(Document(raw), [Selected("s", 4, 6)])]).doubtful
    assert not decide([(Document(raw[1:]), [Selected("s", 4, 6)])]).doubtful


def test_one_broken_selection_does_not_move_the_others() -> None:
    selected = [*counted(TALK, WORDS, STANDARD), Selected("broken", 0, len(TALK) + 1)]

    decision = decide([(Document(TALK), selected)])

    assert slices(TALK, selected, decision) == [*WORDS, ""]


def test_positions_within_a_character_mean_nothing() -> None:
    document = Document("a🙂b\r\nc")

    assert document.span(Selected("s", 0, 2), NVIVO) is None
    assert document.span(Selected("s", 0, 3), NVIVO) == (0, 2)
    assert document.span(Selected("s", 3, 5), NVIVO) == (2, 3)  # between CR and LF: before the line end
    assert document.span(Selected("s", 3, 99), NVIVO) is None
    assert document.span(Selected("s", -1, 3), NVIVO) is None


@examples()
@given(
    raw=st.text(st.sampled_from("ab 🙂é\n"), min_size=1, max_size=30).map(
        lambda text: text.replace("\n", "\r\n")
    ),
    data=st.data(),
    count=st.builds(
        Count, utf16=st.booleans(), pair=st.booleans(), mark=st.booleans(), inclusive=st.booleans()
    ),
    marked=st.booleans(),
)
def test_every_place_in_every_text_is_found_again(
    raw: str, data: st.DataObject, count: Count, marked: bool
) -> None:
    text = raw.replace("\r\n", "\n")
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    weight = [
        (2 if letter == "\n" and count.pair else 1) + (count.utf16 and ord(letter) > 0xFFFF)
        for letter in text
    ]
    skip = marked and count.mark
    selected = Selected("s", skip + sum(weight[:start]), skip + sum(weight[:end]) - count.inclusive)

    assert Document("\ufeff" * marked + raw).span(selected, count) == (start, end)
