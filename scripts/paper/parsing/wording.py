"""What each construct is called and how it is numbered: by the book's language, ``language:`` and ``crossref:``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from paper.project import Project
from paper.settings import Yaml, either_ending, read_yaml

FOLDER: Final = Path(__file__).parents[1] / "strings" / "constructs"

FLOATS: Final = ("fig", "tbl", "lst")
CALLOUTS: Final = ("note", "warning", "important", "tip", "caution")
CALLOUT_LABELS: Final = {
    "nte": "note",
    "wrn": "warning",
    "imp": "important",
    "tip": "tip",
    "cau": "caution",
}
THEOREMS: Final = ("thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "alg")
PROOFS: Final = ("proof", "remark", "solution")
PROOF_LABELS: Final = {"rem": "remark", "sol": "solution"}
KINDS: Final = frozenset((*FLOATS, *CALLOUT_LABELS, *THEOREMS, *PROOF_LABELS, "eq", "sec"))

# The names that Quarto gives these words where a book sets its own under ``language:``.
_SETTINGS: Final = {
    **{kind: f"crossref-{kind}-title" for kind in (*FLOATS, *THEOREMS)},
    **{kind: f"crossref-{kind}-prefix" for kind in ("eq", "sec", "ch", "apx")},
    **{kind: f"callout-{kind}-title" for kind in CALLOUTS},
    **{kind: f"environment-{kind}-title" for kind in PROOFS},
    "code": "code-summary",
    "line": "code-line",
    "lines": "code-lines",
    "abstract": "section-title-abstract",
    "keywords": "title-block-keywords",
    "lof": "crossref-lof-title",
    "lot": "crossref-lot-title",
}


def options(project: Project, meta: Mapping[str, Any], form: str) -> Yaml:
    """Return the options of one chapter for a format: the format's, under those in the chapter's front matter."""
    formats = meta.get("format")
    own = formats.get(form) if isinstance(formats, Mapping) else None
    shared = {key: value for key, value in meta.items() if key != "format"}
    results = {**project.format(form), **shared, **(own if isinstance(own, Mapping) else {})}
    given = results.get("language")
    file = project.root / given if isinstance(given, str) else either_ending(project.root / "_language.yml")
    if file.is_file() and file.resolve().is_relative_to(project.root.resolve()):
        words = read_yaml(file)  # the book's own names, in a file as Quarto has them
        results["language"] = {**words, **given} if isinstance(given, Mapping) else words
    return results


@dataclass(frozen=True)
class Wording:
    """The words and numbers of one chapter's constructs."""

    lang: str
    """The language, a BCP 47 tag."""
    words: Mapping[str, str]
    """The words of that language, by Quarto's short names."""
    language: Mapping[str, Any]
    """The book's own words, as ``language:`` gives them."""
    crossref: Mapping[str, Any]
    """The book's settings of numbers and captions, as ``crossref:`` gives them."""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Wording:
        """Of a chapter's options."""
        lang = str(settings.get("lang") or "en")
        language = settings.get("language")
        crossref = settings.get("crossref")
        return cls(
            lang,
            _words(lang),
            language if isinstance(language, Mapping) else {},
            crossref if isinstance(crossref, Mapping) else {},
        )

    @property
    def custom(self) -> frozenset[str]:
        """The kinds of floats that the book defines."""
        return frozenset(_custom(self.crossref))

    @property
    def chapters(self) -> bool:
        """Whether numbers begin with that of the chapter."""
        return self.crossref.get("chapters", True) is not False

    def word(self, name: str) -> str:
        """Return a construct's name in the book's language, such as "Note" for ``note``."""
        given = self.language.get(_SETTINGS.get(name, ""))
        return str(given) if given is not None else self.words.get(name, "")

    def title(self, kind: str) -> str:
        """Return what stands before the number where the construct itself stands: "Figure" for ``fig``."""
        if (given := self.crossref.get(f"{kind}-title")) is not None:
            return str(given)
        if own := _custom(self.crossref).get(kind):
            return str(own.get("caption-prefix") or own.get("reference-prefix") or kind)
        return self.word(PROOF_LABELS.get(kind) or CALLOUT_LABELS.get(kind) or kind)

    def prefix(self, kind: str) -> str:
        """Return what stands before the number in a reference; "" where the book wants nothing."""
        if kind not in ("sec", "ch", "apx") and (given := self.crossref.get(f"{kind}-prefix")) is not None:
            return str(given)
        if own := _custom(self.crossref).get(kind):
            return str(own.get("reference-prefix") or kind)
        for name in (f"crossref-{kind}-prefix", f"crossref-{kind}-title"):
            if (given := self.language.get(name)) is not None:
                return str(given)
        if english := PROOF_LABELS.get(kind) or CALLOUT_LABELS.get(kind):
            return _words("en")[english]  # Quarto translates these where they stand only
        return self.words.get(kind, "")

    def caption_location(self, kind: str) -> str:
        """Where the captions of a kind that the book defines stand; "" for others."""
        own = _custom(self.crossref).get(kind)
        return "" if own is None else str(own.get("caption-location") or "bottom")

    def space(self, kind: str) -> str:
        """Return what stands between a kind's name and its number."""
        own = _custom(self.crossref).get(kind, {})
        return "" if own.get("space-before-numbering", True) is False else "\u00a0"

    @property
    def delimiter(self) -> str:
        """What stands between a number and the caption."""
        return str(self.crossref.get("title-delim", ":"))

    @property
    def between(self) -> str:
        """What stands between several references made at once."""
        return str(self.crossref.get("ref-delim", ","))

    @property
    def appendix_title(self) -> str:
        """What stands before an appendix's letter."""
        return str(self.crossref.get("appendix-title") or self.word("apx"))

    @property
    def appendix_delimiter(self) -> str:
        """What stands between an appendix's letter and its title."""
        return str(self.crossref.get("appendix-delim", " —"))

    def count(self, kind: str, number: int) -> str:
        """Return a number in the style set for its kind: 3, c, iii, or the third of a list."""
        default = "alpha a" if kind == "subref" else "arabic"
        style = self.crossref.get(f"{kind}-labels", self.crossref.get("labels", default))
        if isinstance(style, list) and style:
            return str(style[(number - 1) % len(style)])
        style = str(style)
        if style.startswith("alpha"):
            first = style[-1] if " " in style and not style.endswith(" ") else "a"
            begins = ord(first.lower()) - ord("a") if first.isascii() and first.isalpha() else 0
            return _letters(begins + number, upper=first.isupper())
        if style.startswith("roman"):
            return _roman(number).lower() if style.endswith("i") else _roman(number)
        return str(number)


def _custom(crossref: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the settings of the book's own kinds of floats, by key."""
    given = crossref.get("custom")
    listed = given if isinstance(given, list) else []
    return {
        str(own["key"]): own
        for own in listed
        if isinstance(own, Mapping) and own.get("key") and own.get("kind", "float") == "float"
    }


@cache
def _words(lang: str) -> dict[str, str]:
    """English words, under those of the language and of its region, such as ``pt-BR``, where Quarto has them."""
    results: dict[str, str] = {}
    language, *further = lang.split("-")
    for name in ("en", language.lower(), "-".join([language.lower(), *further])):
        path = FOLDER / f"{name}.yml"
        if path.is_file():
            results.update(yaml.load(path.read_text("utf8"), Loader=yaml.CSafeLoader))
    return results


def is_known(lang: str) -> bool:
    """Whether the words of a language are known, so that they don't stay English."""
    return (FOLDER / f"{lang.split('-')[0].lower()}.yml").is_file()


def _letters(number: int, *, upper: bool) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr((65 if upper else 97) + rest) + letters
    return letters


def _roman(number: int) -> str:
    parts = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
             (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
    result = ""
    for value, letters in parts:
        result += letters * (number // value)
        number %= value
    return result
