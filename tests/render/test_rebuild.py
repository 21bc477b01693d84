"""A reader who has an address and this program alone learns whether a site is what its sources give."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import Result
from typer.testing import CliRunner

from paper import build
from paper.cli import verify
from paper.errors import SourceError
from paper.release import record


@dataclass(frozen=True)
class Published:
    """A book in a repository, and what a web server gives: its site under ``site/``, its repository as ``book.git``."""

    root: Path
    folder: Path
    address: str

    @property
    def site(self) -> Path:
        return self.folder / "site"

    def publish(self) -> None:
        """Build the sources as they are, and put the site and all commits online."""
        build.build(self.root, targets=["html"])
        (self.root / "_site").rename(self.site)
        git(self.root, "clone", "-q", "--bare", str(self.root), str(self.folder / "book.git"))
        git(self.folder / "book.git", "update-server-info")


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def published(
    book: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Published]:
    folder = tmp_path / "online"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        root = book({".gitignore": "_site/\n.paper/\n"}, one="# One\n\nText.\n")
        settings = (root / "_quarto.yml").read_text()
        (root / "_quarto.yml").write_text(
            settings.replace(
                "book:\n", f"book:\n  repo-url: {address}/book.git\n  site-url: {address}/site\n"
            )
        )
        git(root, "init", "-q")
        git(root, "add", ".")
        git(root, "commit", "-qm", "One")
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        yield Published(root, folder, address)
        server.shutdown()


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(verify.app, list(arguments))


def test_a_site_that_is_what_its_sources_give_is_found_to_be_so_by_its_address_alone(
    published: Published,
) -> None:
    published.publish()
    (published.root / "one.qmd").write_text("# One\n\nLater text.\n")
    git(published.root, "commit", "-qam", "Two")  # the newest commit isn't what is online
    git(published.root, "push", "-q", str(published.folder / "book.git"), "HEAD")
    git(published.folder / "book.git", "update-server-info")
    done = asked(f"{published.address}/site")
    assert done.exit_code == 0, done.output + str(done.exception)
    assert "The site is what its sources give" in done.output
    assert f"Fetching its sources from {published.address}/book.git" in done.output
    assert "differs" not in done.output and "Why" not in done.output
    manifest = json.loads((published.site / "manifest.json").read_text())
    unpublished = [name for name in manifest["files"] if not name.startswith(("drafts/", "feed.xml"))]
    assert f"{len(unpublished)} files are byte for byte" in done.output
    assert asked(str(published.site)).exit_code == 0  # a folder, too


def test_what_was_changed_after_publishing_is_named_with_a_reason(published: Published) -> None:
    published.publish()
    page = published.site / "one.html"
    page.write_text(page.read_text().replace("Text.", "Forged."))
    done = asked(f"{published.address}/site")
    assert done.exit_code == 1
    assert "one.html: not as the manifest says" in done.output
    assert "Why that may be: the site was changed after it was built" in done.output


def test_a_forged_manifest_does_not_hide_a_forged_page(published: Published) -> None:
    published.publish()
    page = published.site / "one.html"
    page.write_text(page.read_text().replace("Text.", "Forged."))
    manifest = record.read(published.site)
    assert manifest is not None
    record.renew(manifest, published.site)
    done = asked(f"{published.address}/site")
    assert done.exit_code == 1
    assert "one.html: otherwise than its sources give" in done.output
    assert "Why that may be: sources and versions are the same" in done.output


def test_sources_that_were_never_committed_are_named(published: Published) -> None:
    (published.root / "one.qmd").write_text("# One\n\nNot committed.\n")
    published.publish()
    done = asked(f"{published.address}/site")
    assert done.exit_code == 1
    assert "one.qmd: a source that is in no commit" in done.output
    assert "one.html: otherwise than its sources give" in done.output


def test_other_versions_are_the_reason_where_they_differ(published: Published) -> None:
    published.publish()
    page = published.site / "one.html"
    page.write_text(page.read_text().replace("Text.", "Text, as another version sets it."))
    manifest = record.read(published.site)
    assert manifest is not None
    record.renew(replace(manifest, tools=manifest.tools | {"jinja2": "0.1"}), published.site)
    done = asked(f"{published.address}/site")
    assert done.exit_code == 1
    assert "Why that may be: other versions made it: jinja2 0.1 there" in done.output


def test_without_a_repository_it_says_what_it_needs(published: Published) -> None:
    settings = published.root / "_quarto.yml"
    settings.write_text(settings.read_text().replace("repo-url", "repo-actions: []\n  x-url"))
    git(published.root, "commit", "-qam", "No repository")
    published.publish()
    done = asked(f"{published.address}/site")
    assert isinstance(done.exception, SourceError)
    assert "--repository ADDRESS" in str(done.exception)
    assert asked(f"{published.address}/site", "--repository", str(published.root)).exit_code == 0


def test_a_manifest_can_name_no_command_as_its_repository(published: Published, tmp_path: Path) -> None:
    published.publish()
    path = published.site / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["repository"] = f"ext::touch {tmp_path / 'harm'}"
    path.write_text(json.dumps(manifest))
    assert isinstance(asked(f"{published.address}/site").exception, SourceError)
    assert not (tmp_path / "harm").exists()


def test_within_a_checkout_it_is_compared_with_that(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.publish()
    monkeypatch.chdir(published.root)
    assert "The site is what this checkout gives" in asked(f"{published.address}/site").output
    assert "The site is what its sources give" in asked(f"{published.address}/site", "--rebuild").output


def test_each_page_tells_the_command_where_the_address_is_known(published: Published) -> None:
    published.publish()
    page = BeautifulSoup((published.site / "one.html").read_text("utf8"), "lxml")
    (command,) = page.select(".site-footer code")
    assert command.text == f"paper verify {published.address}/site"
    settings = published.root / "_quarto.yml"
    settings.write_text(settings.read_text().replace("site-url", "#"))
    build.build(published.root, targets=["html"])
    assert "paper verify" not in (published.root / "_site/one.html").read_text("utf8")
