"""Titles: capitals that the style would lose, capitals that shout, stops, quotation marks and brackets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from paper.bibliography.language import missing
from paper.bibliography.model import Entry
from paper.bibliography.names import fold
from paper.bibliography.rules import Finding, Library, at, rule

_EDITION = re.compile(
    r"(?i)\b(?:second|third|fourth|fifth|\d(?:nd|rd|th)) ed(?:ition|\.)|\bpp\. ?\d|\bchapter \d+ \("
)
TITLES = ("title", "subtitle", "booktitle", "maintitle", "booksubtitle")
_FOREIGN = re.compile(
    r"(?i)^(?:ru|kk|de|fr|es|it|uk|tr|russian|kazakh|german|ngerman|french|spanish|italian|turkish)"
)


@lru_cache(maxsize=1)
def proper_nouns() -> re.Pattern[str]:
    """Names of countries, peoples, places and bodies that keep their capitals (proper_nouns.txt)."""
    text = (files("paper.bibliography") / "proper_nouns.txt").read_text("utf8")
    lines = [line.strip() for line in text.splitlines()]
    words = sorted((line for line in lines if line and not line.startswith("#")), key=len, reverse=True)
    return re.compile(rf"(?<![\w{{-])(?:{'|'.join(map(re.escape, words))})(?:'s|’s)?(?![\w}}])")


@rule("title-capitals", "warning", "put it in braces")
def title_capitals(library: Library) -> Iterator[Finding]:
    """Find a proper noun in a title that the style will put in lower case."""
    pattern = proper_nouns()
    for entry in library.entries:
        if _FOREIGN.match(entry.get("langid", "language", "hyphenation")):
            continue
        for field in (
            ("title", "subtitle", "booktitle") if entry.type.lower() != "article" else ("title", "subtitle")
        ):
            value = entry.values.get(field)
            if not value or (value.startswith("{") and value.endswith("}") and _one_group(value)):
                continue
            open_text = _unbraced(value)
            words = [m.group() for m in pattern.finditer(open_text) if not _begins(open_text, m.start())]
            if words:
                shown = ", ".join(dict.fromkeys(words))
                first = words[0].removesuffix("'s").removesuffix("’s")
                yield at(entry, field, f"the {field} loses the capital of {shown}", f"write {{{first}}}")


def _unbraced(value: str) -> str:
    """Return the value with spaces for what stands in braces."""
    if "{" not in value:
        return value
    letters, depth = [], 0
    for letter in value:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        letters.append(letter if depth <= 0 and letter != "}" else "\x01" if letter != " " else " ")
    return "".join(letters)


def _begins(text: str, position: int) -> bool:
    """Whether a word begins the title or what follows a colon, question mark or dash."""
    before = text[max(0, position - 20) : position]
    return position == 0 or re.search(r"(?:^|[:?!.]|—|\s--+|\s–)[\s\"“‘'`(\[]*$", before) is not None


def _one_group(value: str) -> bool:
    depth = 0
    for at_, letter in enumerate(value):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth == 0:
            return at_ == len(value) - 1
    return False


@rule("title-language", "warning", "name its language: langid = {russian}")
def title_language(library: Library) -> Iterator[Finding]:
    """Find a title in Cyrillic or Greek letters that doesn't say so: other programs put it in lower case."""
    for entry in library.entries:
        if spoken := missing(entry):
            yield at(entry, "title", f"{entry.key} doesn't name its language", f"write langid = {{{spoken}}}")


@rule("title-acronym", "note", "put it in braces")
def title_acronym(library: Library) -> Iterator[Finding]:
    """Find an acronym in a title that BibTeX's styles put in lower case."""
    for entry in library.entries:
        value = entry.values.get("title", "")
        if not value or value.isupper() or _FOREIGN.match(entry.get("langid", "language", "hyphenation")):
            continue
        match = re.findall(r"(?<![\w\\-])(?:[A-Z]{2,}s?|[a-z]+[A-Z]\w*)(?![\w}])", _unbraced(value))
        match = [word for word in match if not re.fullmatch(r"[IVXLC]+", word)]
        if match:
            yield at(
                entry,
                "title",
                f"the title's {', '.join(dict.fromkeys(match))} is not protected",
                f"write {{{match[0]}}}",
            )


@rule("title-shouts", "warning", "write it as in a sentence")
def title_shouts(library: Library) -> Iterator[Finding]:
    """Find a title all in capitals."""
    for entry in library.entries:
        for field in ("title", "booktitle", "journal", "journaltitle"):
            value = entry.values.get(field, "")
            if value.isupper() and len(re.findall(r"[^\W\d_]{2,}", value)) >= 3:
                yield at(entry, field, f"the {field} is all in capitals")


@rule("title-full-stop", "warning", "delete it: the style adds one")
def title_full_stop(library: Library) -> Iterator[Finding]:
    """Find a title that ends in a full stop."""
    for entry in library.entries:
        for field in ("title", "booktitle", "journal", "journaltitle"):
            value = entry.values.get(field, "").rstrip(" \n\t}")
            if value.endswith(".") and not value.endswith(("..", "\\.")) and not _abbreviated(field, value):
                yield at(entry, field, f"the {field} ends in a full stop")


_ABBREVIATION = re.compile(r"(?:\b\w\.){2,}$|\b(?:Inc|Ltd|Co|Corp|Jr|Sr|St|etc|eds?|vols?|nos?|al|[A-Z])\.$")


def _abbreviated(field: str, value: str) -> bool:
    """Whether the stop belongs to an abbreviation, of which names of journals and meetings consist."""
    if field == "title":
        return _ABBREVIATION.search(value[-20:]) is not None
    return value.count(".") > 1 or len(re.split(r"[\s~{]", value)[-1]) <= 8


@rule("title-quotes", "warning", "delete them: the style adds what is due")
def title_quotes(library: Library) -> Iterator[Finding]:
    """Find a whole title in quotation marks."""
    for entry in library.entries:
        for field in ("title", "booktitle"):
            value = entry.values.get(field, "").strip(" \n\t,.")
            if re.fullmatch(
                r"(?:[“\"«](?:[^”\"»]*)[”\"»]|``(?:(?!'').)*''|[‘](?:[^’]*)[’])", value, re.DOTALL
            ):
                yield at(entry, field, f"the whole {field} stands in quotation marks")


@rule("unbalanced-bracket", "warning", "close it, or delete it")
def unbalanced_bracket(library: Library) -> Iterator[Finding]:
    """Find a bracket without its partner."""
    for entry in library.entries:
        for field, value in entry.values.items():
            if field in ("abstract", "note", "annote", "keywords", "file", "url", "comment"):
                continue
            if ("(" in value or ")" in value) and value.count("(") != value.count(")"):
                yield at(entry, field, f"the {field} has {value.count('(')} ( and {value.count(')')} )")
            elif ("[" in value or "]" in value) and value.count("[") != value.count("]"):
                yield at(entry, field, f"the {field} has {value.count('[')} [ and {value.count(']')} ]")


@rule("chapter-in-title", "note", "give them fields of their own")
def chapter_in_title(library: Library) -> Iterator[Finding]:
    """Find edition, chapter or pages within a title."""
    for entry in library.entries:
        for field in TITLES:
            value = entry.values.get(field, "")
            if _EDITION.search(value):
                yield at(entry, field, f"the {field} holds an edition, chapter or pages")


@rule("journal-forms", "note", "write its name alike everywhere")
def journal_forms(library: Library) -> Iterator[Finding]:
    """Find one journal written in two ways."""
    written: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in library.entries:
        if value := entry.get("journaltitle", "journal"):
            written[_journal(value)][value.replace("{", "").replace("}", "")].append(entry)
    for forms in written.values():
        usual = max(forms, key=lambda form: (len(forms[form]), form))
        for form, entries in forms.items():
            for entry in entries if form != usual else []:
                where = library.place(forms[usual][0])
                yield at(entry, ("journaltitle", "journal"), f"{form!r} is {usual!r} at {where}")

    yield from _abbreviated_journals(library, written)


def _abbreviated_journals(library: Library, written: dict[str, dict[str, list[Entry]]]) -> Iterator[Finding]:
    """Journals whose name stands in full in one entry and cut short in another."""
    by_initials: dict[str, list[str]] = defaultdict(list)
    for name in written:
        by_initials["".join(word[0] for word in name.split())].append(name)
    for initials, names in by_initials.items():
        for short in names:
            full = next((name for name in names if name != short and _shortens(short, name)), "")
            if full:
                there = next(iter(written[full].items()))
                for form, entries in written[short].items():
                    for entry in entries:
                        where = library.place(there[1][0])
                        yield at(entry, ("journaltitle", "journal"), f"{form!r} is {there[0]!r} at {where}")
        acronym = initials if len(initials) >= 3 else ""
        if acronym in written and acronym not in names:
            there = next(iter(written[max(names, key=len)].items()))
            for form, entries in written[acronym].items():
                for entry in entries:
                    where = library.place(there[1][0])
                    yield at(entry, ("journaltitle", "journal"), f"{form!r} is {there[0]!r} at {where}")


def _shortens(short: str, full: str) -> bool:
    """Whether each word of a name is that of the other or its abbreviation, and one of them is cut."""
    pairs = list(zip(short.split(), full.split(), strict=True))
    return (
        len(pairs) > 1
        and len(short) < len(full) - 1
        and all(_abbreviates(one, other) for one, other in pairs)
    )


def _abbreviates(short: str, word: str) -> bool:
    """Whether a word is cut short, as "adm" and "natl" are of "administration" and "national"."""
    letters = iter(word)
    return len(short) <= len(word) and short[0] == word[0] and all(letter in letters for letter in short)


def _journal(name: str) -> str:
    """Return a journal's name without capitals, accents, article, and with one word for "and"."""
    words = re.findall(r"\w+", fold(re.sub(r"\\?&", " and ", name)))
    return " ".join(
        word for word in words if word not in ("the", "a", "of", "in", "on", "for", "and", "und", "et")
    )
