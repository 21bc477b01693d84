"""The PDF beside the page: it follows each save, and is shown page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient
from tests.browser import chromium
from tests.render import pdf_parts
from tests.render.test_preview import Preview
from tests.waiting import until, within

from paper.preview.server import Server
from paper.preview.session import Session

HERE = {"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"}


@pytest.fixture
def session(book: Callable[..., Path]) -> Iterator[Session]:
    running = Session(
        book(one="# One\n\nFirst words of the chapter.\n", two="# Two\n\nOther words.\n").resolve(), None
    )
    assert not running.rebuild().problems
    yield running
    running.close()


def test_the_pdf_of_a_saved_sentence_does_not_wait_for_the_rest(session: Session) -> None:
    assert session.make_proof() is not None
    path = session.root / "one.qmd"
    path.write_text("# One\n\nSaved words of the chapter.\n")
    assert session.rebuild(complete=False, saved={path}).unfinished
    proof = session.make_proof()
    assert proof is not None
    assert "Saved words" in pdf_parts.words(proof.path)
    session.rebuild()
    whole = session.make("A-small-book.pdf")
    assert whole is not None and whole.read_bytes() == proof.path.read_bytes()


def test_pages_are_drawn_as_wide_as_they_are_asked_for(session: Session) -> None:
    proof = session.make_proof()
    assert proof is not None
    document = pypdfium2.PdfDocument(proof.path)
    assert len(proof.sizes()) == len(document)
    drawn = proof.page(0, 400)
    assert drawn is not None and drawn.startswith(b"\x89PNG")
    assert int.from_bytes(drawn[16:20], "big") == 400
    assert proof.page(len(document), 400) is None


def told(listening: Any) -> dict[str, Any]:
    message = within(listening.receive_json)
    while not message.get("proof"):
        message = within(listening.receive_json)
    return dict(message)


def test_who_looks_at_the_pdf_is_told_of_each_new_one(session: Session) -> None:
    said: list[str] = []
    with TestClient(Server(session, said.append).app(), base_url="http://127.0.0.1:8000") as client:
        until(lambda: bool(said))
        assert client.get("/__paper/proof", headers={"host": "evil.example"}).status_code == 403
        assert "proof.js" in client.get("/__paper/proof").text
        with client.websocket_connect("/__paper/live", headers=HERE) as listening:
            listening.send_json({"proof": True})
            told(listening)
            first = client.get("/__paper/proof/pages.json").json()
            assert first["sizes"] and not first["problem"]
            assert client.get("/__paper/proof/0.png?width=300").headers["content-type"] == "image/png"
            assert client.get("/__paper/proof/99.png?width=300").status_code == 404
            (session.root / "one.qmd").write_text("# One\n\nSaved words of the chapter.\n")
            told(listening)
            assert client.get("/__paper/proof/pages.json").json()["version"] != first["version"]
            (session.root / "one.qmd").write_text("# One\n\n```{=typst}\n#unknown-function()\n```\n")
            told(listening)
            until(lambda: "one.qmd" in client.get("/__paper/proof/pages.json").json()["problem"])


@pytest.mark.browser
@pytest.mark.slow
def test_the_pdf_in_the_browser_stays_where_it_is_read(book: Callable[..., Path]) -> None:
    long = "\n\n".join(f"Paragraph {n} of a long chapter, which says little." for n in range(200))
    running = Preview(book(one=f"# One\n\nFirst words.\n\n{long}\n", two="# Two\n"))
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto(running.url + "__paper/proof")
        pages = tab.locator("#preview-proof-pages img")
        expect(pages.first).to_be_visible(timeout=20000)
        until(lambda: tab.evaluate("document.images[1].naturalWidth") > 300)
        tab.evaluate("scrollTo(0, 1500)")
        before = pages.first.get_attribute("src")
        path = running.root / "one.qmd"
        path.write_text(path.read_text().replace("First words", "Saved words"))
        until(lambda: pages.first.get_attribute("src") != before)
        assert abs(tab.evaluate("scrollY") - 1500) < 5
        tab.close()
    assert running.stop() == 0
