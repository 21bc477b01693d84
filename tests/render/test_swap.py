"""The last output stays whole whatever the file system knows and wherever a build is stopped."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from paper.errors import MachineError
from paper.tools import swap


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A new output and the place of the last one."""
    new, place = tmp_path / "new", tmp_path / "_site"
    for folder, text in ((new, "new"), (place, "last")):
        folder.mkdir()
        (folder / "index.html").write_text(text)
    return new, place


def no_exchange(_one: Path, _other: Path) -> bool:
    """A file system that can't let two folders change places."""
    return False


@pytest.mark.parametrize("exchange", [swap.exchange, no_exchange], ids=["in one step", "in two"])
def test_the_new_output_takes_the_place_and_nothing_else_is_left(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, exchange: Callable[[Path, Path], bool]
) -> None:
    new, place = folders
    monkeypatch.setattr(swap, "exchange", exchange)
    swap.replace_folder(new, place)
    assert (place / "index.html").read_text() == "new"
    assert [path.name for path in place.parent.iterdir()] == ["_site"]


def test_the_first_output_takes_an_empty_place(folders: tuple[Path, Path]) -> None:
    new, place = folders
    place.rename(place.with_name("_site.old"))  # of a build that was killed long ago
    swap.replace_folder(new, place)
    assert (place / "index.html").read_text() == "new"
    assert [path.name for path in place.parent.iterdir()] == ["_site"]


def test_where_the_second_of_two_steps_fails_the_last_output_is_put_back(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, place = folders
    monkeypatch.setattr(swap, "exchange", no_exchange)
    rename = Path.rename

    def refused(path: Path, target: Path) -> Path:
        if path == new:
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(MachineError, match="No space left on device") as told:
        swap.replace_folder(new, place)
    assert "the last output is untouched" in told.value.remedy
    assert (place / "index.html").read_text() == "last"
    assert (new / "index.html").read_text() == "new"


def test_an_exchange_that_fails_for_want_of_a_folder_is_told_and_not_tried_otherwise(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=os.strerror(2)):
        swap.exchange(tmp_path / "one", tmp_path / "other")


def test_after_a_build_killed_between_two_steps_the_last_output_is_brought_back(
    folders: tuple[Path, Path],
) -> None:
    new, place = folders
    old = place.with_name("_site.old")
    place.rename(old)
    swap.recover(place)
    assert (place / "index.html").read_text() == "last"
    new.rename(old)  # killed after the second step, before the old one was removed
    swap.recover(place)
    assert (place / "index.html").read_text() == "last"
    assert not old.exists()
    swap.recover(place)
    assert (place / "index.html").read_text() == "last"
