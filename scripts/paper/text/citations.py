"""Citations as they stand in Markdown: what pandoc reads as one, and where it reads none."""

from __future__ import annotations

import re

from paper.fences import FencedCode
from paper.text import front_matter

# A key as pandoc reads it: letters, digits and "_", with single punctuation marks between; or braces.
KEY = r"(?:\{(?P<braced>[^{}\s]+)\}|(?P<plain>\w(?:\w|[:.#$%&\-+?<>~/](?=\w))*))"
CITATION = re.compile(rf"(?<![\w\\@])(?P<minus>-)?@{KEY}")
_CROSS_REFERENCE = re.compile(
    r"(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|tip|nte|wrn|imp|cau|prf|supp|vid|dia)"
)
_BLANKED = re.compile(
    r"<!--.*?(?:-->|\Z)"  # comments
    r"|(?<![\\`])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)(?:\{[^}\n]*\})?"  # code
    r"|\{\{<(?:(?!\{\{<|>\}\}).)*+>\}\}"  # shortcodes
    r"|(?<!@\{)<?\b(?:https?|ftp|mailto|file)://?[^\s<>]*[^\s<>.,;:!?'\")\]]"  # addresses
    r"|(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)"  # targets of links
    r"|(?<=\])\{[^{}\n]*\}"  # attributes
    r"|\$\$(?:(?!\n[ \t]*\n).)+?\$\$"
    r"|(?<![\\$])\$(?![\s$])(?:\\.|[^$\n\\])*+(?<!\s)\$(?!\d)"  # formulas within a line
    r"|\\begin\{(?P<env>\w+\*?)\}.*?\\end\{(?P=env)\}",
    re.DOTALL,
)
_CAPTION = re.compile(r"^\s*#\|\s*(?:fig|tbl|lst)-(?:cap|subcap)\s*:")
_LISTED = re.compile(r"^\s*(?:(?:[-*+]|\(?[\d#@a-zA-Z]{1,3}[.)]|:)\s|\[\^[^\]\s]+\]:)")  # notes, too


def blank(text: str) -> str:
    """Return the text with spaces for whatever pandoc reads no citation in; lines and positions stay."""
    lines: list[str] = []
    code = FencedCode()
    keep, after_blank, listed = False, True, False
    own = text.split("\n")
    settings = front_matter.closing_line(own)
    for number, line in enumerate(own, 1):
        bare = line.rstrip("\r")
        if number <= settings:
            lines.append(line if _may_hold_citations(bare) else _spaces(line))
        elif code.covers(bare):
            keep = bool(_CAPTION.match(bare)) or (keep and bool(re.match(r"\s*#\|\s{3,}\S", bare)))
            lines.append(line if keep else _spaces(line))
        elif after_blank and not listed and re.match(r"(?: {4}|\t)\s*\S", bare):
            lines.append(_spaces(line))  # an indented code block
            continue
        else:
            lines.append(line)
        if bare.strip():
            listed = bool(_LISTED.match(bare)) or (listed and bare[:1] in " \t")
        after_blank = not bare.strip()
    return _BLANKED.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), "\n".join(lines))


def _spaces(line: str) -> str:
    return " " * len(line)


def _may_hold_citations(line: str) -> bool:
    """Return whether a line of a chapter's YAML can hold citations: not a comment, not an e-mail or handle."""
    return not line.lstrip().startswith("#") and not re.match(r"\s*(?:twitter|email|creator|site)\s*:", line)


def is_cross_reference(key: str, custom: frozenset[str] = frozenset()) -> bool:
    """Return whether ``@key`` names a figure, table, section or another numbered thing rather than a work."""
    kind, dash, _ = key.partition("-")
    kind = kind[:1].lower() + kind[1:]
    return bool(dash) and bool(_CROSS_REFERENCE.fullmatch(kind) or kind in custom)
