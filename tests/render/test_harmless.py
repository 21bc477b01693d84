"""What a text from elsewhere brings can't act on a page or lead a reader away, in any form of the paper."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from paper import build
from paper.parsing.sanitise import is_script_url, sanitise_html

Book = Callable[..., Path]
CODE = [
    "javascript:alert(1)", " JaVaScript:alert(1)", "java\tscript:x", "java\nscript:x", "&#106;avascript:x",
    "&#x6A;avascript:x", "javascript&colon;x", "java&Tab;script:x", "\x01javascript:x", "vbscript:x",
    "data:text/html;base64,PHA+", "data:,x", "java\u200bscript:x",
]  # fmt: skip
PLACES = [
    "https://example.org/javascript:x", "#javascript", "one.html", "data:image/png;base64,AAAA", "mailto:a@example.org",
    "doi:10.1000/x", "", "chapters/data.html",
]  # fmt: skip


@pytest.mark.parametrize("address", CODE)
def test_an_address_that_is_code_is_known_however_it_is_written(address: str) -> None:
    assert is_script_url(address)
    for quoted in (f'"{address}"', f"'{address}'"):
        assert sanitise_html(f"<a class=x href = {quoted}>words</a>") == '<a class=x href = "#">words</a>'


@pytest.mark.parametrize("address", PLACES)
def test_places_are_left_as_they_are(address: str) -> None:
    assert not is_script_url(address)
    text = f'<a href="{address}">words</a><img src="{address}">'
    assert sanitise_html(text) == text


@pytest.mark.parametrize(
    "tag", ['<meta http-equiv="refresh" content="0;url=//x">', "<BASE href=//x.example>", "<link rel=a href=b>"]
)  # fmt: skip
def test_elements_that_lead_away_are_taken_out(tag: str) -> None:
    assert sanitise_html(f"<p>a {tag} b</p>") == "<p>a  b</p>"


BIB = r"""
@misc{evil2001,
  author = {Evil, A.},
  title = {A title},
  howpublished = {\href{javascript:alert(13)}{somewhere}},
  url = {javascript:alert(14)},
  year = {2001}
}
"""


def test_links_to_code_reach_no_form_of_the_paper(book: Book) -> None:
    chapter = """
    # One

    Said [@evil2001], [first words](javascript:alert(1)), [second words](&#106;avascript:alert(2)).

    <meta http-equiv="refresh" content="0;url=http://evil.example/"><a href="javascript:alert(3)">third words</a>
    """
    root = book(one=chapter)
    (root / "references.bib").write_text(BIB)
    report = build.build(root, targets={"html", "onefile", "pdf", "docx", "jats"})
    assert {n.rule for n in report.notices} == {"link-that-runs"}
    site = root / "_site"
    for page in site.glob("*.html"):
        soup = BeautifulSoup(page.read_text("utf8"), "html.parser")
        assert not [a for a in soup.select("[href]") if "script" in str(a["href"]).split(":")[0].lower()]
        assert not soup.select('meta[http-equiv="refresh"]')
        policy = soup.select_one('meta[http-equiv="Content-Security-Policy"]')
        assert policy and "base-uri 'none'" in policy["content"] and "form-action 'none'" in policy["content"]
    words = (site / "one.html").read_text("utf8")
    assert all(f"{n} words" in words for n in ("first", "second", "third"))
    notes = [
        note.get_object()
        for page in PdfReader(next(site.glob("*.pdf"))).pages
        for note in page.get("/Annots", [])
    ]
    uris = [str(note["/A"].get("/URI", "")) for note in notes if "/A" in note]
    assert not [uri for uri in uris if uri.startswith("javascript")]
    for name in ("*.docx", "*-jats.zip"):
        with zipfile.ZipFile(next(site.glob(name))) as archive:
            for member in archive.namelist():
                if member.endswith((".xml", ".rels")):
                    assert not re.search(rb'(?:Target|href)="\s*javascript', archive.read(member)), member
