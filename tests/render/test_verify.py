"""A published site can be compared with a checkout, and a chapter's state explained."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from paper import project
from paper.errors import MachineError, ProjectError, SourceError
from paper.render import build
from paper.render.explain import explain
from paper.render.verify import verify

CELL = "```{python}\nprint(open('data.txt').read())\n```\n"


@pytest.fixture
def built(book: Callable[..., Path]) -> Path:
    root = book({"data.txt": "first"}, one=f"# One\n\n{CELL}", two="# Two\n\nText.\n")
    build.build(root, targets={"html"})
    return root


@pytest.fixture
def served(built: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(built / "_site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_untouched_site_is_what_the_checkout_gives(built: Path, served: str) -> None:
    loaded = project.load(built)
    assert verify(loaded, str(built / "_site")).same
    assert verify(loaded, served).same


def test_a_page_changed_after_publishing_is_found(built: Path, served: str) -> None:
    page = built / "_site" / "two.html"
    page.write_text(page.read_text().replace("Text.", "Forged."))
    (built / "_site" / "one.html").unlink()
    for site in (str(built / "_site"), served):
        verdict = verify(project.load(built), site)
        assert verdict.damaged == ["one.html", "two.html"]
        assert not verdict.same


def test_other_sources_are_found(built: Path) -> None:
    (built / "two.qmd").write_text("# Two\n\nNew text.\n")
    verdict = verify(project.load(built), str(built / "_site"))
    assert verdict.sources == ["two.qmd"]
    assert verdict.damaged == []


def test_what_is_no_site_of_ours_is_refused(built: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no manifest\.json"):
        verify(project.load(built), str(tmp_path))
    with pytest.raises(MachineError, match="can't be reached"):
        verify(project.load(built), "http://127.0.0.1:9")


def test_a_chapter_says_why_it_is_or_is_not_done_again(built: Path) -> None:
    loaded = project.load(built)
    assert explain(loaded, "one").cells == "unchanged"
    assert explain(loaded, "one").uses == ("data.txt",)
    assert "page: kept" in str(explain(loaded, "two.qmd"))
    (built / "data.txt").write_text("second")
    assert explain(loaded, "one").cells == "changed: data.txt"
    (built / "two.qmd").write_text("# Two\n\nNew text.\n")
    assert explain(loaded, "two").text == ("two.qmd",)
    with pytest.raises(ProjectError, match="chapters: index, one, two"):
        explain(loaded, "three")
