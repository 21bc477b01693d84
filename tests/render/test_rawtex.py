"""Raw LaTeX does what it can in formats without LaTeX, and what is lost of it is told once a kind, with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
from docx.oxml.ns import qn
from tests.render import pdf_parts

from paper import build

ONE = r"""
# One

First.[^n]

\newpage

Second \index{first} and \index{second} words.

\vspace{2cm}

\noindent

![A drawing](a.svg){#fig-a fig-alt="A square"}

\begin{center}
Kept \unknownmacro{lost} words.
\end{center}

\setcounter{page}{5}

\begin{tikzpicture}
\draw (0,0) -- (1,1);
\end{tikzpicture}

\listoffigures
\listoftables

[^n]: A note.
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def test_raw_latex_breaks_pages_lists_figures_and_tells_each_kind_that_is_lost(
    book: Callable[..., Path],
) -> None:
    report = build.build(book({"a.svg": DRAWING}, one=ONE), targets=["html", "pdf", "docx"])
    told = [(f.line, f.message.split(" can't")[0]) for f in report.notices]
    assert told == [
        (8, r"the LaTeX \index"),
        (17, r"the LaTeX \unknownmacro"),
        (20, r"the LaTeX \setcounter"),
        (22, r"the LaTeX \begin{tikzpicture}"),
    ]
    assert {f.severity for f in report.notices} == {"warning"}
    pages = [" ".join(words.split()) for words in pdf_parts.page_words(report.outputs["paper"])]
    [at] = [n for n, words in enumerate(pages) if "First." in words]
    assert "Second" not in pages[at] and "Second" in pages[at + 1]
    listed = " ".join(pages).replace("\u00a0", " ").partition("List of Figures")[2]
    assert "Figure 1.1 A drawing" in listed and "List of Tables" in listed
    document = docx.Document(str(report.outputs["word"]))
    assert any(br.get(qn("w:type")) == "page" for br in document.element.body.iter(qn("w:br")))
    assert "Kept words." in " ".join(" ".join(p.text.split()) for p in document.paragraphs)
