"""Tidying changes how a .bib file looks and nothing of what it says, once and for all."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from bib_samples import BYTES, files
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples

from paper.bibliography.model import Entry
from paper.bibliography.reader import parse, read, read_text
from paper.bibliography.tidy import diff, read_and_tidy, tidy_file, tidy_text, write
from paper.errors import CitationError
from paper.text.decoding import decode
from paper.tools import pandoc

UNTIDY = """\
% The sources of a study.

@string{ijpa = "International Journal of Public Administration"}
@Book{ womack1996, Title={Lean Thinking}, author = "Womack, J. P.",
   YEAR=1996 , rating = {5}, publisher = {Simon \\& Schuster}}

% The first to say so.
@article{hood1991,
  pages={3-19}, journal = ijpa # { Review}, note = {one
     two}, author={Hood, C.}, title={A {Public} Management}, year = 1991 }  % seen
@comment{jabref-meta: grouping:x;}
"""
TIDY = """\
% The sources of a study.

@string{ijpa = "International Journal of Public Administration"}

% The first to say so.
@article{hood1991,
  author       = {Hood, C.},
  title        = {A {Public} Management},
  journal      = ijpa # { Review},
  pages        = {3--19},
  year         = 1991,
  note         = {one
     two},
}  % seen

@book{womack1996,
  author       = "Womack, J. P.",
  title        = {Lean Thinking},
  publisher    = {Simon \\& Schuster},
  year         = 1996,
  rating       = {5},
}

@comment{jabref-meta: grouping:x;}
"""


def test_order_layout_and_dashes() -> None:
    assert tidy_text(read_text(UNTIDY)) == TIDY


def test_a_second_run_changes_nothing() -> None:
    assert tidy_text(read_text(TIDY)) == TIDY


def test_the_projects_own_bibliography_is_tidy(repository: Path) -> None:
    bib = read(repository / "references.bib")
    assert tidy_text(bib) == bib.text


@pytest.mark.parametrize(
    "before, after",
    [
        ("{420-437}", "{420--437}"),
        ("{420 – 437}", "{420--437}"),
        ('"xiii—xxiii"', '"xiii--xxiii"'),
        ("{1-3, 5–7,9}", "{1--3, 5--7,9}"),
        ("{S12-S15}", "{S12--S15}"),
        ("{420---437}", "{420--437}"),
        ("{3--19}", "{3--19}"),
        ("{A-12}", "{A-12}"),
        ("{12-1--12-9}", "{12-1--12-9}"),
        ("{e0232076}", "{e0232076}"),
        ("{123-es}", "{123-es}"),
        ("12", "12"),
    ],
)
def test_page_ranges_get_two_hyphens_and_what_is_none_stays(before: str, after: str) -> None:
    assert f"= {after},\n" in tidy_text(read_text(f"@misc{{a, pages = {before}}}"))


def test_letters_are_composed_in_words_and_left_in_file_names() -> None:
    text = tidy_text(read_text("@misc{a, title = {e\u0301\u212b}, file = {e\u0301}}"))
    assert "title        = {é\u212b}" in text and "file         = {e\u0301}" in text


def test_an_entry_that_others_refer_to_comes_after_them() -> None:
    text = "@book{a2000, title={x}}\n@inbook{z2000, crossref={a2000}}\n@book{m2000, title={y}}"
    assert [entry.key for entry in read_text(tidy_text(read_text(text))).entries] == [
        "m2000",
        "z2000",
        "a2000",
    ]


def test_headings_strings_and_comments_divide_the_order() -> None:
    text = "@misc{d,}\n@misc{c,}\n% Methods\n\n@misc{b,}\n@misc{a,}\n@string{s = {x}}\n@misc{f,}\n@misc{e,}\n"
    tidy = tidy_text(read_text(text))
    assert [
        word for word in tidy.replace("{", " ").replace(",", " ").split() if word in [*"abcdefs", "Methods"]
    ] == [
        *("c", "d", "Methods", "a", "b", "s", "e", "f"),
    ]


def test_a_line_about_encoding_stays_at_the_top() -> None:
    text = "% Encoding: UTF-8\n@misc{b,}\n@misc{a,}\n"
    assert tidy_text(read_text(text)).startswith("% Encoding: UTF-8\n\n@misc{a,")


def test_an_entry_with_a_comment_within_is_moved_as_it_is() -> None:
    entry = "@misc{b,\n  YEAR={2},\n  % or 3?\n  title={x}\n}"
    assert tidy_text(read_text(f"{entry}\n@misc{{a,}}\n")) == f"@misc{{a,\n}}\n\n{entry}\n"


def test_nothing_is_moved_in_a_file_with_faults() -> None:
    broken = "@misc{z, title = {open\n}\n\n"
    text = tidy_text(read_text(f"{broken}@MISC{{b,YEAR=2}} tail\n@misc{{a,}}\n"))
    assert text == f"{broken}@misc{{b,\n  year         = 2,\n}} tail\n@misc{{a,\n}}\n"


def test_one_field_given_twice_keeps_its_order() -> None:
    text = tidy_text(read_text("@misc{a, Title={x}, author={y}, title={z}}"))
    assert text.index("{x}") < text.index("{z}")


def test_the_list_prints_as_before() -> None:
    def printed(text: str) -> object:
        return sorted(
            json.loads(pandoc.run(text, source="biblatex", to="csljson")), key=lambda item: item["id"]
        )

    assert printed(UNTIDY) == printed(TIDY)


@examples()
@given(files())
def test_whatever_the_file_a_second_run_changes_nothing(text: str) -> None:
    once = tidy_text(read_text(text))
    assert tidy_text(read_text(once)) == once


@examples()
@given(files())
def test_whatever_the_file_no_field_comment_or_string_is_lost(text: str) -> None:
    before, after = read_text(text), read_text(tidy_text(read_text(text)))
    assert len(after.problems) == len(before.problems)
    assert after.strings == before.strings
    assert _words(after.text) == _words(before.text)


def _words(text: str) -> list[str]:
    """The letters and digits of a file, whatever their order and their capitals."""
    return sorted(letter for letter in unicodedata.normalize("NFC", text).lower() if letter.isalnum())


@examples()
@given(files())
def test_every_sound_file_is_put_in_order(text: str) -> None:
    bib = read_text(text)
    if not bib.problems:
        runs: list[list[str]] = [[]]
        for block in read_text(tidy_text(bib)).blocks:
            if isinstance(block, Entry):
                runs[-1].append(block.key.casefold())
            else:
                runs.append([])
        parents = {entry.get("crossref") for entry in bib.entries}
        if len(parents) <= 1:
            assert all(run == sorted(run) for run in runs)


# -- files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_a_file_keeps_its_encoding_its_mark_and_its_line_ends(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes(data)
    before = decode(data)
    try:
        tidy_file(path)
    except CitationError as error:
        assert "not written" in str(error) and path.read_bytes() == data
        return
    after = decode(path.read_bytes())
    assert (after.encoding, after.mark) == (before.encoding, before.mark)
    assert after.newline == before.newline or "\n" not in before.text
    assert _words(after.text) == _words(before.text)
    assert not tidy_file(path)


def test_a_tidy_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_text(TIDY, "utf8")
    stamp = path.stat().st_mtime_ns
    assert not tidy_file(path) and path.stat().st_mtime_ns == stamp


def test_a_file_of_guessed_letters_is_not_written(tmp_path: Path) -> None:
    data = "@misc{b, title={naïve}}\n".encode() + "@misc{a, title={naïve}}\n".encode("latin-1")
    path = tmp_path / "a.bib"
    path.write_bytes(data)
    with pytest.raises(CitationError, match="2: not written: its letters were guessed"):
        tidy_file(path)
    assert path.read_bytes() == data


def test_a_letter_that_the_encoding_lacks_stops_the_writing(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes("@misc{a, title={naïve}}\n".encode("latin-1"))
    bib, text = read_and_tidy(path, "a.bib")
    with pytest.raises(CitationError, match="not written"):
        write(path, bib, text + "Ж")
    assert path.read_bytes() == bib.decoded.encode(bib.text)
    assert [file.name for file in tmp_path.iterdir()] == ["a.bib"]


def test_a_file_that_cant_be_written_is_left_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.bib"
    path.write_text(UNTIDY, "utf8")
    monkeypatch.setattr("secrets.token_hex", lambda _: "taken")
    (tmp_path / ".taken.tmp").mkdir()
    with pytest.raises(CitationError, match="can't be written"):
        tidy_file(path)
    assert path.read_text("utf8") == UNTIDY


def test_links_and_permissions_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "a.bib", tmp_path / "link.bib"
    path.write_text(UNTIDY, "utf8")
    path.chmod(0o640)
    link.symlink_to(path)
    assert tidy_file(link)
    assert link.is_symlink() and path.stat().st_mode & 0o777 == 0o640 and path.read_text("utf8") == TIDY


def test_the_diff_shows_old_and_new_lines() -> None:
    bib = read_text("@misc{a,title={x}}", "a.bib")
    assert list(diff(bib, tidy_text(bib))) == [
        *("--- a.bib", "+++ a.bib (tidied)", "@@ -1,1 +1,4 @@"),
        *("-@misc{a,title={x}}", "+@misc{a,", "+  title        = {x},", "+}", "+"),
    ]


@examples()
@given(st.binary(max_size=300))
def test_any_bytes_are_read_and_tidied(data: bytes) -> None:
    bib = parse(decode(data), "a.bib")
    once = tidy_text(bib)
    assert tidy_text(read_text(once)) == once


def test_a_heading_stays_with_its_section_and_a_remark_with_its_entry() -> None:
    text = """\
% ---- Theory ----
@misc{z, title={Z}}
@misc{a, title={A}}

% Health care
@misc{y, title={Y}}
% look up the pages
@misc{m, title={M}}
% The first to say so.
@misc{b, title={B}}
%% ====
%% Law
%% ====
@misc{x, title={X}}
@misc{c, title={C}}
"""
    once = tidy_text(read_text(text))
    seen = [line for line in once.split("\n") if line.startswith(("%", "@"))]
    assert seen == ["% ---- Theory ----", "@misc{a,", "@misc{z,", "% Health care", "% The first to say so.", "@misc{b,",
                    "% look up the pages", "@misc{m,", "@misc{y,", "%% ====", "%% Law", "%% ====", "@misc{c,",
                    "@misc{x,"]  # fmt: skip
    assert tidy_text(read_text(once)) == once
