"""A published site can be compared with a checkout, and a chapter's state explained."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from paper import build, project
from paper.errors import MachineError, ProjectError, SourceError
from paper.release.explain import explain
from paper.release.verify import verify

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


def test_a_file_put_into_a_published_folder_is_found(built: Path) -> None:
    site = built / "_site"
    (site / "login.html").write_text("<form>")
    (site / "data.csv").symlink_to("/etc/hostname")
    verdict = verify(project.load(built), str(site))
    assert verdict.added == ["data.csv", "login.html"]
    assert not verdict.same


def test_a_manifest_of_names_that_no_file_can_have_gives_a_verdict(built: Path) -> None:
    site = built / "_site"
    os.mkfifo(site / "pipe")
    odd = ["a\0b", "../two.qmd", "/etc/passwd", "pipe", "x" * 5000, "\ud800", ""]
    manifest = json.loads((site / "manifest.json").read_text())
    manifest["files"] |= dict.fromkeys(odd, "0" * 64)
    (site / "manifest.json").write_text(json.dumps(manifest))
    assert set(odd) <= set(verify(project.load(built), str(site)).damaged)


@pytest.mark.parametrize("way", ["/two.html", "/index.html#part", "/?from=mail"])
def test_the_address_of_a_page_stands_for_its_site(built: Path, served: str, way: str) -> None:
    assert verify(project.load(built), served + way).same


def test_what_stands_there_instead_is_told(built: Path, served: str, tmp_path: Path) -> None:
    """A site of Quarto's, a web app's manifest, a page for what isn't there, no folder, nothing."""
    site, loaded = built / "_site", project.load(built)
    manifest = site / "manifest.json"
    for text, said in (
        (b'{"name": "An app"}', "not one of `paper build`"),
        (b"<html>not here</html>", "a page stands in its place"),
    ):
        manifest.write_bytes(text)
        with pytest.raises(SourceError, match=said):
            verify(loaded, served)
    manifest.unlink()
    (site / "index.html").write_text('<meta name="generator" content="quarto-1.6.40">', "utf8")
    with pytest.raises(SourceError, match=r"whose pages were made by quarto-1\.6\.40"):
        verify(loaded, served)
    (site / "index.html").unlink()
    with pytest.raises(SourceError, match="no page either"):
        verify(loaded, served)
    for address in ("ftp://example.org/", "an address", str(tmp_path / "nowhere")):
        with pytest.raises(SourceError, match="no folder, and no address"):
            verify(loaded, address)


class Odd(http.server.BaseHTTPRequestHandler):
    """A server that answers as ``way`` says; the site is in ``folder``."""

    folder: Path
    way: str

    def do_GET(self) -> None:
        path = self.folder / self.path.lstrip("/")
        body = path.read_bytes() if path.is_file() else b""
        page = path.suffix == ".html"
        if self.way == "no http" and page:
            self.wfile.write(b"\0\1\2 what?\r\n\r\n")
            return
        if self.way == "redirects for ever" and page:
            self.send_response(302)
            self.send_header("Location", self.path)
            self.end_headers()
            return
        self.send_response(200)
        if self.way == "packed":
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        if self.way == "cut short" and page:
            self.send_header("Content-Length", str(len(body) + 10))
        self.end_headers()
        if self.way == "drips" and page:
            with contextlib.suppress(OSError):
                for _ in range(200):
                    self.wfile.write(b" ")
                    time.sleep(0.1)
            return
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("way", ["no http", "redirects for ever", "packed", "cut short", "drips"])
def test_a_server_that_misbehaves_gives_an_answer_in_time(
    built: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("paper.release.verify.TIMEOUT", 3)
    handler = type("Handler", (Odd,), {"folder": built / "_site", "way": way})
    begun = time.monotonic()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            if way in ("packed", "cut short"):
                assert verify(project.load(built), address).same
            else:
                with pytest.raises(MachineError):
                    verify(project.load(built), address)
        finally:
            server.shutdown()
    assert time.monotonic() - begun < 60
