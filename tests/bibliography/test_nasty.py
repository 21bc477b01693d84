"""Other people's files: whatever they hold, they are read, every fault that can be had is told, in good time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bib_samples import BYTES, entries, files, rubbish
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from tests.waiting import working

from paper.bibliography.audit import audit, check_file
from paper.bibliography.reader import parse, read_text
from paper.bibliography.rules import Library
from paper.bibliography.tidy import tidy_text
from paper.report import Fault
from paper.text.decoding import decode

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = dict(
    re.findall(
        r"^=== (\S+)\n(.*?)(?=\n+=== |\s*\Z)", (SAMPLES / "expected.txt").read_text("utf8"), re.M | re.S
    )
)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.bib")))
def test_what_is_found_in_files_of_other_programs(name: str) -> None:
    faults = check_file(SAMPLES / name, name)
    assert [f"{f.line} {f.rule}" for f in faults if f.severity != "note"] == EXPECTED[name].split(
        "\n"
    ) * bool(EXPECTED[name])


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.bib")))
def test_files_of_other_programs_are_tidied_once(name: str) -> None:
    once = tidy_text(read_text((SAMPLES / name).read_text("utf8")))
    assert tidy_text(read_text(once)) == once


def test_wherever_a_brace_is_missing_the_other_entries_are_read() -> None:
    text = (
        (SAMPLES / "jabref.bib")
        .read_text("utf8")
        .replace("@comment", "@misc{last2000, title = {Last}}\n@comment", 1)
    )
    for match in re.finditer("[{}]", text[: text.index("@misc")]):
        bib = read_text(text[: match.start()] + text[match.end() :])
        assert "last2000" in bib.by_key, match.start()
        assert bib.problems, match.start()


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_every_encoding_is_read(data: bytes) -> None:
    bib = parse(decode(data), "a.bib")
    faults = audit(Library([bib])).faults
    assert "".join(bib.text[block.start : block.end] for block in bib.blocks) == bib.text
    if data and b"naive" not in data and not data.startswith(b"\x89"):
        assert bib.decoded.encoding == "utf-8" or any(fault.rule == "encoding" for fault in faults)


@pytest.mark.parametrize(
    "encoding, text",
    [
        ("cp1252", "Müller – “Größe”"), ("utf-16-le", "Müller"), ("utf-16-be", "Müller"),
        ("cp1251", "Государственное управление"), ("koi8-r", "Государственное управление"),
        ("cp866", "Государственное управление"), ("utf-8", "Государственное"),
    ],
)  # fmt: skip
def test_letters_of_old_encodings_come_out_right(encoding: str, text: str) -> None:
    file = f"@misc{{a,\n  title = {{{text} of many plain words}},\n  year = 1999,\n}}\n"
    found = decode(file.encode(encoding))
    assert (found.encoding, found.text, found.exact) == (encoding, file, True)
    assert found.encode(found.text) == file.encode(encoding)


def _of(text: str) -> list[Fault]:
    return audit(Library([read_text(text, "a.bib")])).faults


@examples()
@given(files())
def test_whatever_the_file_it_is_audited(text: str) -> None:
    lines = text.count("\n") + text.count("\r") + 1
    for fault in _of(text):
        assert fault.line and 1 <= fault.line <= lines and fault.message and fault.remedy


@examples()
@given(st.lists(entries(), min_size=1, max_size=4).map("\n".join))
def test_whatever_the_fields_say_they_are_audited(text: str) -> None:
    _of(text)


@examples()
@given(rubbish())
def test_whatever_is_rubbish_is_read_whole(text: str) -> None:
    bib = read_text(text)
    assert "".join(bib.text[block.start : block.end] for block in bib.blocks) == bib.text


@examples()
@given(st.binary(max_size=300))
def test_whatever_the_bytes_they_are_audited(data: bytes) -> None:
    audit(Library([parse(decode(data), "a.bib")]))
    audit(Library([parse(decode(b"@misc{a,\n title = {" + data + b"},\n}"), "a.bib")]))


MANY = 10_000
SOME = 1_000  # of what takes a rule or two to look at
LONG = {
    "open comments": "@comment{\n" * MANY,
    "open comments in brackets": "@comment(\n" * MANY,
    "open strings": '@string{a = "\n' * MANY,
    "open fields": "@misc{a,\n" + "title = {x,\n" * MANY,
    "open quotations": "@misc{a,\n" + 'title = "{x,\n' * MANY,
    "fields that close at the end": "@misc{a,\n" + "title = {x,\n" * MANY + "}\n" * MANY,
    "deep braces": "@misc{a, title = {" + "{" * MANY + "}" * MANY + "}, author = {" + "a{" * MANY + "}" * MANY + "}}",
    "white space": "@misc{a, title = {x}}" + "\n" * MANY + "," + " " * MANY + "@misc{b" + " " * MANY + "x}",
    "one long word": "@misc{a, title = {" + "a" * MANY + "}, author = {" + "A" * MANY + "1, B}}",
    "marks": "@misc{a, title = {" + "$&%#_^[(“" * MANY + "}}",
    "proper nouns": "@misc{a, title = {" + "of Kazakhstan and " * MANY + "}}",
    "strings that double": "@string{a0={xx}}\n" + "".join(f"@string{{a{n + 1}=a{n}#a{n}}}\n" for n in range(SOME)),
    "a chain of references": "".join(f"@book{{a{n}, crossref={{a{n + 1}}}}}\n" for n in range(SOME)),
    "a ring of references": "".join(f"@book{{a{n}, crossref={{a{(n + 1) % SOME}}}}}\n" for n in range(SOME)),
    "one title": "".join(f"@book{{a{n}, author={{B, C}}, title={{A title of some words}}}}\n" for n in range(SOME)),
    "one name": "".join(f"@book{{a{n}, author={{Smithson, J. and Smitson, J. B.}}}}\n" for n in range(SOME)),
    "one key": "@book{a, title={b}}\n" * SOME,
    "one field": "@book{a," + "title={b},\n" * MANY + "}",
    "pages": "@misc{a, pages = {" + "1-2, " * MANY + "}, isbn = {" + "978 " * MANY + "}}",
    "at signs": "@" * MANY + "@a " * MANY,
    "null bytes": "\0" * MANY,
}  # fmt: skip


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_no_file_takes_long(text: str) -> None:
    with working(5):  # in time with the square of its size it would take a minute
        bib = read_text(text, "a.bib")
        audit(Library([bib]))
        tidy_text(bib)
