"""Hashes that are kept with a file's status are those of its content, whatever becomes of it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper.tools import cache, digests
from paper.tools.digests import Digests
from paper.tools.json_text import indented

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def test_what_is_kept_is_the_hash_of_the_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "YOUNG", -(10**12))  # as if all files were old
    path, other = tmp_path / "Aigul.txt", tmp_path / "other.txt"

    def asked() -> tuple[str, str]:
        kept = Digests(tmp_path / "kept/digests.json")
        result = kept.of(path), kept.of(other)
        kept.keep()
        return result

    assert asked() == ("", "")
    path.write_text("one")
    other.write_text("two")
    assert asked() == asked() == (of(path), of(other))
    found = path.stat()
    path.write_text("ONE")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))  # as long as before, and of the same date
    assert asked() == (of(path), of(other))
    other.replace(path)
    assert asked() == (of(path), "")
    assert "Aigul" not in (tmp_path / "kept/digests.json").read_text()
    for damage in ("", "[]", '{"x": 1}', "\x00"):
        (tmp_path / "kept/digests.json").write_text(damage)
        assert asked() == (of(path), "")


def test_a_kept_hash_is_taken_and_that_of_a_young_file_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("one")
    young = Digests(tmp_path / "digests.json")
    young.of(path)
    young.keep()
    assert not (tmp_path / "digests.json").exists()
    monkeypatch.setattr(cache, "YOUNG", -(10**12))
    old = Digests(tmp_path / "digests.json")
    old.of(path)
    old.keep()
    monkeypatch.setattr(digests, "content_hash", lambda *_: "read anew")
    assert Digests(tmp_path / "digests.json").of(path) == of(path)


@given(JSON)
def test_json_is_laid_out_as_the_standard_library_does(value: object) -> None:
    assert indented(value) == json.dumps(value, indent=1, ensure_ascii=False)
