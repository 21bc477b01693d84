"""The project's own book, built once for all tests of this folder, and a browser to read it in."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.conftest import made_once

from paper import project as projects
from paper.documents.manuscript.make import make
from paper.site import drafts

REPOSITORY = Path(__file__).parents[2]
UNDER = "/some/where"  # the site is always read under a sub-path
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
EARLIER = dt.date(2020, 1, 31)


@dataclass(frozen=True)
class Site:
    """A built site. pages: addresses of what a reader may open, without the kept drafts' own pages but one."""

    folder: Path
    date: str

    @property
    def root(self) -> Path:
        """The book's sources."""
        return self.folder.parent

    @property
    def chapters(self) -> list[str]:
        return [name for name in self.pages if name == "index.html" or name.startswith("chapters/")]

    @property
    def pages(self) -> list[str]:
        every = sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))
        own = [name for name in every if not name.startswith("drafts/") or name == "drafts/index.html"]
        return [*own, f"drafts/{self.date}/changes.html", f"drafts/{EARLIER}/chapters/conclusion.html"]


@pytest.fixture(scope="session")
def site(built_paper: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The book as it would be published today, beside a kept draft whose first sentence was another one."""

    def publish(root: Path) -> None:
        shutil.copytree(built_paper, root)
        folder = root / "_site"
        (folder / "local-drive.html").unlink()  # the whole paper in one file, which isn't of the site
        book = projects.load(root)
        earlier = replace(book, config={**book.config, "book": {**book.book, "date": EARLIER}})
        drafts.keep(earlier, folder)
        old = folder / "drafts" / EARLIER.isoformat() / "index.html"
        text = old.read_text("utf8")
        assert text.count("Governments and international donors") == 1
        old.write_text(text.replace("Governments and international donors", "Some donors"), "utf8")
        drafts.keep(book, folder)

    root = made_once(tmp_path_factory, "published", publish)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("QUARTO_PROFILE", raising=False)
        date = projects.load(root).date
    assert date
    return Site(root / "_site", date.isoformat())


@pytest.fixture(scope="session")
def with_manuscript(built_paper: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book with everything that a build makes, and a folder ``manuscript`` with that; read-only."""

    def make_manuscript(root: Path) -> None:
        shutil.copytree(built_paper, root)
        make(projects.load(root), root / "manuscript", anonymous=False)

    return made_once(tmp_path_factory, "with manuscript", make_manuscript)


class _Handler(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        if not path.startswith(UNDER + "/"):
            return str(Path(self.directory) / "nothing is here")
        return super().translate_path(path.removeprefix(UNDER))

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def address(site: Site) -> Iterator[str]:
    """The served site's address, with its closing slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(site.folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{UNDER}/"
    server.shutdown()
