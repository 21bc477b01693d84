"""Text from data reads like the prose around it."""

from __future__ import annotations

from paper.typography import curly


def test_quotation_marks_are_set_as_the_prose_has_them() -> None:
    assert curly('"concern about" isn\'t') == "“concern about” isn’t"
