"""What pandoc refuses is told with its place and a remedy: no command line, no kilobytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from paper.errors import CitationError, ToolError
from paper.tools import pandoc


def test_a_bibliography_that_pandoc_cannot_read_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "works.bib"
    path.write_text("@article{a\n  title={A}\n}\n")
    with pytest.raises(CitationError) as told:
        pandoc.run("@a", source="markdown", args=["--citeproc", f"--bibliography={path}"])
    assert str(told.value.place) == "works.bib:2:3"
    assert "comma" in told.value.remedy and str(tmp_path) not in str(told.value)


def test_other_faults_are_told_in_pandocs_words_and_shortly() -> None:
    with pytest.raises(ToolError) as told:
        pandoc.run('{"pandoc-api-version": [1, 23], "meta": {}, "blocks": "' + "x" * 9000 + '"}')
    assert told.value.message.startswith("pandoc can't take this: ")
    assert len(str(told.value)) < 2000 and "--from" not in str(told.value)
