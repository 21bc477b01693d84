"""Quotation marks of the book's language: what stands in straight marks in a source is printed alike in all formats.

pandoc's writers set English marks whatever the language is (jgm/pandoc#11256), Typst those of the language.
"""

from __future__ import annotations

from typing import Final

import panflute as pf

from paper.parsing.tree import walk

_LOW_HIGH: Final = ("„", "“", "‚", "‘")
_LOW_RIGHT: Final = ("„", "”", "‚", "’")
_ANGLES: Final = ("«", "»", "„", "“")
_SPANISH: Final = ("«", "»", "“", "”")
_NORDIC: Final = ("”", "”", "’", "’")
ENGLISH: Final = ("“", "”", "‘", "’")
# Outer and inner marks, as the CLDR's delimiters have them; French with the narrow spaces that its typography asks for.
MARKS: Final = {
    **dict.fromkeys(("ru", "uk", "be", "kk", "ky", "tt", "ba", "az", "hy"), _ANGLES),
    **dict.fromkeys(("de", "cs", "sk", "sl", "bg", "lt", "et", "is", "mk", "ka"), _LOW_HIGH),
    **dict.fromkeys(("pl", "ro", "hu", "hr", "sr", "bs"), _LOW_RIGHT),
    **dict.fromkeys(("es", "it", "pt-pt", "el", "ca", "gl", "eu"), _SPANISH),
    **dict.fromkeys(("sv", "fi"), _NORDIC),
    "pl": ("„", "”", "«", "»"),
    "hu": ("„", "”", "»", "«"),
    "ro": ("„", "”", "«", "»"),
    "fr": ("«\u202f", "\u202f»", "“", "”"),
    "no": ("«", "»", "‘", "’"),
    "nb": ("«", "»", "‘", "’"),
    "nn": ("«", "»", "‘", "’"),
    "da": ("”", "”", "’", "’"),
    "lv": ("“", "”", "„", "“"),
    "de-ch": ("«", "»", "‹", "›"),
    "fr-ch": ("«", "»", "‹", "›"),
    "it-ch": ("«", "»", "‹", "›"),
    "ja": ("「", "」", "『", "』"),
    "zh-tw": ("「", "」", "『", "』"),
    "he": ("”", "”", "’", "’"),
}


def marks(lang: str) -> tuple[str, str, str, str]:
    """Return a language's outer and inner marks, opening and closing. lang: a BCP 47 tag."""
    tag = lang.lower().replace("_", "-")
    return MARKS.get(tag) or MARKS.get(tag.split("-")[0]) or ENGLISH


def set_marks(doc: pf.Doc, lang: str) -> None:
    """Set every quotation of the tree in the marks of its language, in place: a span's own, else ``lang``."""

    def visit(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        own, above = lang, element.parent
        while above is not None:
            if given := getattr(above, "attributes", {}).get("lang"):
                own = given
                break
            above = above.parent
        result = marks(own)
        if result == ENGLISH:
            return None  # as every writer of pandoc's sets them
        opening, closing = result[:2] if element.quote_type == "DoubleQuote" else result[2:]
        return [pf.Str(opening), *element.content, pf.Str(closing)]

    walk(doc, visit, pf.Quoted)
