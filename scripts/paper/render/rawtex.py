"""LaTeX that an author or a cell wrote as such: tables, formulas, lists and words, as pandoc reads them.

No format of this engine is made by LaTeX, so what pandoc can't read is lost in all of them, and told.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import panflute as pf

from paper.errors import ToolError
from paper.project import FORMATS
from paper.render import pandoc, structure
from paper.render.conditions import kept_formats
from paper.render.source import Source
from paper.render.tree import walk
from paper.report import Fault

# Commands that only lay out LaTeX's own pages: without them nothing is missing.
_LAYOUT: Final = re.compile(
    r"\\(newpage|clearpage|cleardoublepage|pagebreak|nopagebreak|linebreak|bigskip|medskip|smallskip|noindent|indent"
    r"|[vh]space\*?|[vh]fill|vskip|hskip|appendix|frontmatter|mainmatter|backmatter|centering|raggedright|FloatBarrier"
    r"|tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|huge|Huge|singlespacing|doublespacing|onehalfspacing"
    r"|setlength|setcounter|addtocounter|pagenumbering|thispagestyle|pagestyle|newcommand|renewcommand|providecommand"
    r"|def|let|DeclareMathOperator|usepackage|addcontentsline|markboth|markright|label|index|sloppy|protect|par"
    r"|begin\{(landscape|center|spacing)\}|end\{(landscape|center|spacing)\}|tableofcontents|listoffigures|listoftables)"
)


def native(doc: pf.Doc, source: Source) -> list[Fault]:
    """Put what pandoc reads in raw LaTeX into the tree, in place; returns what it can't read, with its place."""
    notices: list[Fault] = []

    def read(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        if not isinstance(element, pf.RawBlock | pf.RawInline) or element.format not in ("tex", "latex"):
            return None
        if not _kept(element):
            return []
        blocks = list(structure.load(_read(element.text)).content)
        if not blocks and not _LAYOUT.match(element.text.strip()) and re.search(r"\w", element.text):
            first = element.text.strip().splitlines()[0]
            place = source.find(first)
            notices.append(
                Fault(
                    str(place.file), place.line, "raw-latex", f"the LaTeX {first[:60]!r} can't be shown in any format",
                    "write it in Markdown, or a formula between $ signs", "warning",
                )
            )  # fmt: skip
        if isinstance(element, pf.RawBlock):
            return blocks
        return [inline for block in blocks for inline in getattr(block, "content", ())]

    walk(doc, read)
    return notices


def _kept(element: pf.Element) -> bool:
    """Whether any format keeps what the raw text stands in."""
    forms = set(FORMATS)
    above = element.parent
    while above is not None:
        if isinstance(above, pf.Div):
            forms &= set(kept_formats(above))
        above = above.parent
    return bool(forms)


@lru_cache(maxsize=256)
def _read(text: str) -> str:
    try:
        return pandoc.run(text, source="latex", to="json", args=["--sandbox"])
    except ToolError:  # no LaTeX that pandoc could make anything of
        return '{"pandoc-api-version":[1,23,1],"meta":{},"blocks":[]}'
