"""How much of each kind is found that gets out: at least 95 of 100, of forms that were written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.coding import privacy_forms as made

from paper.coding.privacy.excerpts import Interviews
from paper.coding.privacy.extract import Piece, pieces
from paper.coding.privacy.identifiers import find_identifiers
from paper.coding.privacy.names import Names
from paper.coding.privacy.settings import PrivacySettings

NOBODY = PrivacySettings(frozenset(), (), ("Test Author",), ())
SENTENCE = "Yesterday I spoke with {} about it."
AIM = 0.95


def private(root: Path, name: str, text: str) -> Path:
    (root / "data/private").mkdir(parents=True, exist_ok=True)
    (root / "data/private" / name).write_text(text, "utf8")
    return root


def misses(root: Path, forms: dict[str, str], *, decompose: bool = False) -> tuple[list[str], int]:
    missed, total = [], 0
    for name, written in forms.items():
        names = Names.read(private(root, "names.txt", f"{name}\n"), ())
        for form in written.split():
            total += 1
            shown = made.decomposed(form) if decompose else form
            content = SENTENCE.format(shown).encode()
            if not any(list(names.search(piece, "a.md")) for piece in pieces("a.md", content)):
                missed.append(f"{name}: {form}")
    return missed, total


@pytest.mark.parametrize("kind", ["RUSSIAN", "KAZAKH", "TRANSLITERATED", "DECOMPOSED"])
def test_names_are_found_in_the_forms_that_they_take(kind: str, tmp_path: Path) -> None:
    missed, total = misses(tmp_path, getattr(made, kind), decompose=kind == "DECOMPOSED")
    print(f"{kind}: {total - len(missed)} of {total}; missed: {missed}")
    assert len(missed) <= (1 - AIM) * total, missed


def test_people_are_found_by_the_names_they_are_called(tmp_path: Path) -> None:
    missed = []
    for name, texts in made.WHOLE.items():
        names = Names.read(private(tmp_path, "names.txt", f"{name}\n"), ())
        missed += [text for text in texts if not list(names.search(Piece(SENTENCE.format(text)), "a.md"))]
    assert not missed


@pytest.mark.parametrize("file", ["excerpts.csv", "coding.xlsx", "interview.txt"])
def test_a_passage_is_found_however_it_was_altered(file: str, tmp_path: Path) -> None:
    said = f"Well. {made.SAID}. That was the year before."
    if file == "excerpts.csv":
        private(tmp_path, file, f"segment,excerpt\ni-1,{made.SAID}\n")
    elif file == "coding.xlsx":
        from openpyxl import Workbook

        book = Workbook()
        book.active.append(["Respondent", "Codes", "Quote"])
        book.active.append(["R1", "pressure", made.SAID])
        private(tmp_path, "names.txt", "")
        book.save(tmp_path / "data/private" / file)
    else:
        private(tmp_path, file, said)
    interviews = Interviews.read(tmp_path)
    missed = []
    for kind, text in made.ALTERED.items():
        found = pieces("a.md", f"# One\n\nAs one of them put it, {text}, and so on.\n".encode())
        if not any(list(interviews.search(piece, "a.md")) for piece in found):
            missed.append(kind)
    print(f"{file}: {len(made.ALTERED) - len(missed)} of {len(made.ALTERED)}; missed: {missed}")
    assert len(missed) <= (1 - AIM) * len(made.ALTERED), missed


@pytest.mark.parametrize(("kind", "rule"), [("PHONES", "phone"), ("ADDRESSES", "e-mail")])
def test_numbers_and_addresses_are_found_as_people_write_them(kind: str, rule: str) -> None:
    missed = [
        text
        for text in getattr(made, kind)
        if rule
        not in {
            fault.rule
            for piece in pieces("a.md", SENTENCE.format(text).encode())
            for fault in find_identifiers(piece, "a.md", NOBODY)
        }
    ]
    print(f"{kind}: {len(getattr(made, kind)) - len(missed)} of {len(getattr(made, kind))}; missed: {missed}")
    assert not missed
