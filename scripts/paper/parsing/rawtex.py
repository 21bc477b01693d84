"""LaTeX that an author or a cell wrote as such: tables, formulas, lists and words, as pandoc reads them.

No format of this engine is made by LaTeX, so what pandoc can't read is lost in all of them, and told.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import panflute as pf

from paper.errors import ToolError
from paper.parsing.conditions import kept_formats
from paper.parsing.constructs import FloatList
from paper.parsing.tree import RAW, every, walk
from paper.parsing.wording import Wording
from paper.project import FORMATS
from paper.report import Fault, warning
from paper.text.snippets import PAGE_BREAK
from paper.text.source import Source
from paper.tools import pandoc, trees

# Commands without words that only lay out LaTeX's own pages, or tell it names: without them nothing is missing.
_LAYOUT: Final = re.compile(
    r"\\(linebreak|nopagebreak|bigskip|medskip|smallskip|noindent|indent|[vh]space|[vh]fill|vskip|hskip|appendix"
    r"|frontmatter|mainmatter|backmatter|centering|ragged(right|left|bottom)|FloatBarrier|tiny|scriptsize|footnotesize"
    r"|small|normalsize|large|Large|LARGE|huge|Huge|(single|double|onehalf)spacing|setlength|pagenumbering"
    r"|(this)?pagestyle|(re)?newcommand|providecommand|def|let|DeclareMathOperator|usepackage|addcontentsline"
    r"|mark(both|right)|label|sloppy|protect|par|phantomsection|needspace|enlargethispage|strut|null|relax|selectfont"
    r"|allowbreak|(begin|end)\{(landscape|center|spacing)\}|tableofcontents)(?![A-Za-z])"
)
_NEW_PAGE: Final = re.compile(r"\\(newpage|clearpage|cleardoublepage|pagebreak)(\[\d\])?(\{\})?")
_LISTS: Final = {r"\listoffigures": ("fig", "lof"), r"\listoftables": ("tbl", "lot")}
_REMEDY: Final = "write it in Markdown, or a formula between $ signs"
_COMMAND: Final = re.compile(r"\\(?:begin\s*\{[^}]*\}|[A-Za-z@]+\*?)")
# What a remedy can name.
_REMEDIES: Final = (
    (
        r"\\(index|printindex|gls|Gls|glspl|printgloss\w+|makeindex)$",
        "no format here has an index or a glossary: write a list",
    ),
    (
        r"\\(set|addto|step|refstep)counter$",
        "numbers follow crossref: and number-offset, not counters: take it out",
    ),
    (r"\\(input|include)$", "include the file as Markdown: {{< include file.qmd >}}"),
    (r"\\begin\{(tikz|pgf|forest|circuit)\w*\}$", "save the drawing as SVG or PDF, and show it as an image"),
)


def convert(doc: pf.Doc, source: Source, wording: Wording) -> list[Fault]:
    """Put what pandoc reads in raw LaTeX into the tree, in place; returns each kind that it can't read, with its place.

    A new page, and a list of figures or tables, stand in the PDF and the Word file.
    """
    lost: dict[str, Fault] = {}

    def read(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        if element.format not in ("tex", "latex"):
            return None
        if not _kept(element):
            return []
        text = element.text.strip()
        if isinstance(element, pf.RawBlock) and (result := _of_pages(text, wording)):
            return result
        blocks = list(trees.load(_read(text)).content)
        for command in _unread(text, bool(blocks)):
            if command not in lost:
                place = source.find(command)
                remedy = next((words for sign, words in _REMEDIES if re.match(sign, command)), _REMEDY)
                message = f"the LaTeX {command} can't be shown in any format"
                lost[command] = warning(place, "raw-latex", message, remedy)
        if isinstance(element, pf.RawBlock):
            return blocks
        return [inline for block in blocks for inline in getattr(block, "content", ())]

    walk(doc, read, *RAW)
    return list(lost.values())


def _of_pages(text: str, wording: Wording) -> list[pf.Element]:
    """Return new pages and lists of floats, where raw LaTeX is nothing else."""
    results: list[pf.Element] = []
    for line in re.sub(r"(?<!\\)%.*", "", text).split():
        if _NEW_PAGE.fullmatch(line):
            results += [pf.RawBlock(code, format=form) for form, code in PAGE_BREAK.items() if form != "html"]
        elif line in _LISTS:
            kind, words = _LISTS[line]
            results.append(FloatList(kind=kind, heading=wording.word(words)).element())
        else:
            return []
    return results


def _unread(text: str, read: bool) -> list[str]:
    """Return the commands in LaTeX that pandoc passes over with what they would print."""
    if not read:
        command = _COMMAND.search(text)
        if _LAYOUT.match(text) or _NEW_PAGE.match(text) or not re.search(r"\w", text):
            return []
        return [command[0] if command else text.splitlines()[0][:60]]
    raws = every(trees.load(_read(text, "latex+raw_tex")), pf.RawBlock, pf.RawInline)
    commands = [_COMMAND.match(raw.text) for raw in raws if not _LAYOUT.match(raw.text)]
    return [command[0] for command in commands if command and not _NEW_PAGE.match(command[0])]


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
def _read(text: str, reader: str = "latex") -> str:
    try:
        return pandoc.run(text, source=reader, to="json", args=["--sandbox"])
    except ToolError:  # no LaTeX that pandoc could make anything of
        return '{"pandoc-api-version":[1,23,1],"meta":{},"blocks":[]}'
