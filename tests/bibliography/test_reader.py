"""What a .bib file holds is read with its places, and a fault costs no more than itself."""

from __future__ import annotations

import json

import pytest

from paper.bibliography.model import Bibliography
from paper.bibliography.reader import read_text
from paper.errors import ToolError
from paper.tools import pandoc


def fields(bib: Bibliography, key: str) -> dict[str, str]:
    return bib.by_key[key].values


def rules(bib: Bibliography) -> list[tuple[str, int]]:
    return [(problem.rule, bib.line(problem.position)) for problem in bib.problems]


def test_values_in_braces_in_quotes_and_bare_are_read_alike() -> None:
    bib = read_text('@article{a, title = {A {B} C}, journal = "The "#{Times}, year = 1999, month = jan}')
    assert fields(bib, "a") == {
        "title": "A {B} C",
        "journal": "The Times",
        "year": "1999",
        "month": "January",
    }
    assert not bib.problems


def test_strings_are_put_in_where_they_are_defined_before() -> None:
    bib = read_text(
        '@string{a = "x"}\n@string{b = a # "y"}\n@misc{k, title = b # {z}, note = c}\n@string{c = 1}'
    )
    assert fields(bib, "k") == {"title": "xyz", "note": "c"}
    assert rules(bib) == [("undefined-string", 3)]


def test_a_key_and_a_type_may_hold_what_programs_put_there() -> None:
    bib = read_text("@Web_Page{DBLP:conf/x/SmithJ99+b,\n title={t}}\n@ARTICLE { Müller_2001 , title={u} }")
    assert [(entry.type, entry.key) for entry in bib.entries] == [
        ("Web_Page", "DBLP:conf/x/SmithJ99+b"),
        ("ARTICLE", "Müller_2001"),
    ]


def test_blocks_joined_are_the_file() -> None:
    text = 'Head\n@comment{a {b} @article{no}}\n%@book{no}\n@preamble{"x"}@misc{a, title={b}} tail\n@string{s={t}}\n'
    bib = read_text(text)
    assert "".join(text[block.start : block.end] for block in bib.blocks) == text
    assert [block.kind for block in bib.blocks] == [
        *("text", "comment", "text", "preamble", "entry", "text", "string", "text"),
    ]
    assert [entry.key for entry in bib.entries] == ["a"]


def test_places_are_those_of_the_file() -> None:
    bib = read_text("\n@article{a,\n  title = {x\ny},\n  year = 1999\n}\n")
    entry = bib.by_key["a"]
    assert [bib.line(entry.place(name)) for name in ("title", "year", "doi")] == [3, 5, 2]
    assert bib.entry_at(entry.place("year")) is entry
    assert bib.entry_at(0) is None


def test_a_field_given_twice_counts_as_its_last_as_in_pandoc() -> None:
    assert fields(read_text("@misc{a, title={x}, Title={y}}"), "a") == {"title": "y"}


def test_comments_within_an_entry_are_skipped() -> None:
    bib = read_text("@misc{a,\n  % year = {1},\n  title = {x}, % why\n  note = {100% sure}\n}")
    assert fields(bib, "a") == {"title": "x", "note": "100% sure"}
    assert not bib.problems and not bib.by_key["a"].plain


BROKEN = {
    "a brace too few": ("title = {Open {brace,\n  year = {1999},", {"year": "1999"}, "unbalanced-braces", 2),
    "a brace too many": (
        "title = {Closed}},\n  year = {1999},",
        {"title": "Closed", "year": "1999"},
        "unbalanced-braces",
        2,
    ),
    "a quote too few": ('title = "Open,\n  year = {1999},', {"year": "1999"}, "unbalanced-quotes", 2),
    "quotes within quotes": (
        'title = "The "New" State",\n  year = {1999},',
        {"year": "1999"},
        "unbalanced-quotes",
        2,
    ),
    "no comma": ("title = {A}\n  year = {1999},", {"title": "A", "year": "1999"}, "missing-comma", 3),
    "two commas": ("title = {A},,\n  year = {1999},", {"title": "A", "year": "1999"}, "syntax", 2),
    "no value": ("title = ,\n  year = {1999},", {"title": "", "year": "1999"}, "empty-value", 2),
    "no braces": (
        "title = A new state,\n  year = {1999},",
        {"title": "A new state", "year": "1999"},
        "syntax",
        2,
    ),
    "no equals sign": ("title {A},\n  year = {1999},", {"year": "1999"}, "syntax", 2),
    "prose": ("read this!\n  year = {1999},", {"year": "1999"}, "syntax", 2),
}


@pytest.mark.parametrize("body, values, rule, line", BROKEN.values(), ids=BROKEN)
def test_a_broken_field_is_told_and_the_rest_is_read(
    body: str, values: dict[str, str], rule: str, line: int
) -> None:
    bib = read_text(f"@book{{a,\n  {body}\n}}\n@book{{b, title = {{Whole}}}}\n")
    assert (rule, line) in rules(bib)
    assert values.items() <= fields(bib, "a").items()
    assert fields(bib, "b") == {"title": "Whole"}


@pytest.mark.parametrize(
    "text, rule",
    [
        ("@book{a, title = {x}\n@book{b, title = {y}}", "unbalanced-braces"),
        ("@book(a, title = {x})\n@book{b, title = {y}}", "syntax"),
        ("@book{title = {x}}\n@book{b, title = {y}}", "no-key"),
        ("@book{, title = {x}}\n@book{b, title = {y}}", "no-key"),
        ("@book{a title = {x}}\n@book{b, title = {y}}", "missing-comma"),
        ("@book{two words, title = {x}}\n@book{b, title = {y}}", "bad-key"),
        ("mail@example.org\n@book{a, title = {x}}\n@book{b, title = {y}}", "syntax"),
        ("@comment{open\n@book{a, title = {x}}\n@book{b, title = {y}}", "unbalanced-braces"),
        ("@string{open = {x\n@book{a, title = {x}}\n@book{b, title = {y}}", "unbalanced-braces"),
        ("@comment jabref\n@book{a, title = {x}}\n@book{b, title = {y}}", "syntax"),
        ("@string{x}\n@book{a, title = {x}}\n@book{b, title = {y}}", "syntax"),
    ],
)
def test_a_broken_entry_doesnt_hide_the_next(text: str, rule: str) -> None:
    bib = read_text(text)
    assert rules(bib) == [(rule, 1)]
    assert [entry.values for entry in bib.entries] == [{"title": "x"}, {"title": "y"}]


def test_strings_that_double_each_other_dont_fill_the_memory() -> None:
    chain = "@string{a0 = {xx}}\n" + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(200))
    bib = read_text(chain + "@misc{k, title = a200}")
    assert len(fields(bib, "k")["title"]) <= 5_000
    assert {problem.rule for problem in bib.problems} == {"syntax"}


def keys_of_pandoc(text: str) -> list[str] | None:
    """The keys that pandoc reads; None where it gives the file up."""
    try:
        return sorted(item["id"] for item in json.loads(pandoc.run(text, source="biblatex", to="csljson")))
    except ToolError:
        return None


@pytest.mark.parametrize(
    "text",
    [
        "@misc{a, title = {x}, year = 1999,}\n@misc{b, title = \"y\" # {z}, month = jan}",
        "Text.\n% a@example.org {\n@Article { Key:1/x_y+z-(2)&'! , ti_tle:x = {x}}\n,\n@comment{a {b} @c{d}}",
        "\ufeff@string{s = {x}}@preamble{\"y\"}\n@misc{b, title = s, % note {\n note = {100\\% } }",
        "@misc{a, title = {x}}}\n@misc{b, title = {y}}",
        "@misc{ü1, title = {x}, title = {y}}",
    ],
)  # fmt: skip
def test_pandoc_reads_every_file_without_a_fault_and_the_same_keys(text: str) -> None:
    bib = read_text(text)
    assert not bib.problems
    assert keys_of_pandoc(bib.text) == sorted(entry.key for entry in bib.entries)


@pytest.mark.parametrize(
    "text",
    [
        "@misc(a, title = {x})", "@string(a = {x})", "@comment(x)", "@ misc{a, title = {x}}", "@a_b{a, title = {x}}",
        "@misc{a}", "@misc{a, title = {x},, year = 1}", "@misc{a, title = {x} year = 1}", "@misc{title = {x}}",
        "@misc{a b, title = {x}}", "@misc{a#b, title = {x}}", '@misc{a"b, title = {x}}', "@misc{a\\b, title = {x}}",
        "@misc{a, ti.tle = {x}}", '@misc{a, title = "A "B" C"}', "@misc{a, title = {x}", "a@example.org", "@comment x",
    ],
)  # fmt: skip
def test_what_pandoc_gives_up_is_a_fault(text: str) -> None:
    assert keys_of_pandoc(text) is None
    assert read_text(text).problems
