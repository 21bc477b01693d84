"""What is kept between builds: by content, for this engine, and not for ever."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from tests.waiting import LONG

from paper.tools import cache as keeping
from paper.tools.cache import Cache


def test_what_another_version_of_the_engine_made_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Cache(tmp_path)
    kept.put("page", "key", "old")
    assert kept.get("page", "key") == "old"
    monkeypatch.setattr(keeping, "engine", lambda _: "a newer one")
    assert kept.get("page", "key") is None


@pytest.mark.parametrize(
    "name", ["writers/html.py", "site/templates/state.html.j2", "project.py", "settings.py"]
)
def test_a_change_of_the_code_that_makes_pages_or_reads_settings_makes_another_engine(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "paper"
    shutil.copytree(Path(keeping.__file__).parents[1], package)
    monkeypatch.setattr(keeping, "__file__", str(package / "tools/cache.py"))
    monkeypatch.setattr(keeping, "YOUNG", 0)
    before = keeping.hash_engine(tmp_path)
    assert (tmp_path / "engine.json").is_file()
    assert keeping.hash_engine(tmp_path) == before
    with (package / name).open("a") as file:
        file.write("\n")
    assert keeping.hash_engine(tmp_path) != before


def test_a_folder_that_nobody_may_write_only_takes_longer(tmp_path: Path) -> None:
    (tmp_path / "engine.json").mkdir()
    assert keeping.hash_engine(tmp_path) == keeping.hash_engine(tmp_path / "another")


def test_a_damaged_entry_is_as_good_as_none(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.put("page", "key", "whole")
    next(tmp_path.glob("page/*.json")).write_text('"ha')
    assert kept.get("page", "key") is None


def test_the_oldest_entries_go_when_there_are_too_many(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    for number in range(5):
        kept.put("page", str(number), number)
        newest = max(tmp_path.glob("page/*.json"), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (number, number))
    kept.tidy(most=2)
    assert [kept.get("page", str(number)) for number in range(5)] == [None, None, None, 3, 4]


def test_what_two_ask_for_at_the_same_time_is_made_once(tmp_path: Path) -> None:
    begun, asked = Event(), Event()
    made: list[str] = []

    def make() -> str:
        begun.set()
        assert asked.wait(LONG)
        made.append("it")
        return "the result"

    def ask_again() -> str:
        assert begun.wait(LONG)
        asked.set()
        return str(Cache(tmp_path).made_once("citations", "key", make))

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(Cache(tmp_path).made_once, "citations", "key", make)
        second = pool.submit(ask_again)
        assert (first.result(LONG), second.result(LONG)) == ("the result", "the result")
    assert made == ["it"]
    Cache(tmp_path).tidy(0)


def test_it_is_made_where_nothing_can_be_locked(tmp_path: Path) -> None:
    (tmp_path / "citations.lock").mkdir()
    assert Cache(tmp_path).made_once("citations", "key", lambda: "the result") == "the result"


def test_a_large_file_is_read_once_and_again_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "LARGE", 1)
    monkeypatch.setattr(keeping, "YOUNG", 0)
    kept, data = Cache(tmp_path / "cache"), tmp_path / "data.bin"
    data.write_bytes(b"first")
    before = data.stat()
    first = keeping.file_digest(data, kept)
    assert first == keeping.file_digest(data)
    with monkeypatch.context() as context:
        context.setattr(keeping.hashlib, "file_digest", None)
        assert keeping.file_digest(data, kept) == first
    while data.stat().st_ctime_ns == before.st_ctime_ns:  # file systems tell time in steps of milliseconds
        data.write_bytes(b"other")
        os.utime(data, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert keeping.file_digest(data, kept) == keeping.file_digest(data) != first
