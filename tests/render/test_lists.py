"""panflute's lists are filled and gone through in one loop, and keep what panflute promises of them."""

import panflute as pf
import pytest

from paper.tools import trees  # noqa: F401  which quickens them


def test_a_class_stands_for_its_instance():
    paragraph = pf.Para(pf.Str("a"), pf.Space, pf.Str("b"))
    paragraph.content.append(pf.Space)
    paragraph.content.extend([pf.Str("c"), pf.SoftBreak])
    assert [type(part) for part in paragraph.content] == [
        pf.Str, pf.Space, pf.Str, pf.Space, pf.Str, pf.SoftBreak,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fill",
    [
        lambda: pf.Para(pf.Para()),
        lambda: pf.Para().content.append(pf.Para()),
        lambda: pf.Para().content.extend([pf.Str("a"), pf.Para()]),
    ],
    ids=["made", "appended", "extended"],
)
def test_what_may_not_stand_in_a_list_is_refused_by_name(fill):
    with pytest.raises(TypeError, match='received "Para"'):
        fill()


def test_an_element_knows_its_place():
    first, second = pf.Str("a"), pf.Str("b")
    paragraph = pf.Para(first, second)
    for part in paragraph.content:
        assert part.parent is paragraph
    assert (second.index, first.next, second.prev) == (1, second, first)


def test_a_list_may_change_while_it_is_gone_through():
    paragraph = pf.Para(pf.Str("a"))
    for part in paragraph.content:
        if len(paragraph.content) < 3:
            paragraph.content.append(pf.Str(part.text + "a"))
    assert pf.stringify(paragraph).strip() == "aaaaaa"
