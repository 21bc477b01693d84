"""Names of authors and editors: their form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from paper.bibliography.model import Entry
from paper.bibliography.names import Name, fold, split
from paper.bibliography.rules import Finding, Library, at, rule

# Words that a body's name has and a person's hasn't.
_BODY = re.compile(
    r"\b(?:universit(?:y|[àäé]\w*)|institute?|institution|ministry|government|agency|department|committee|council|commission"
    r"|parliament|office|organi[sz]ation|fund|foundation|bank|cent(?:er|re)|corporation|company|ltd|inc|gmbh|association"
    r"|society|lab|laborator(?:y|ies)|developers|contributors|programme|program|nations|union|republic|bureau|authority|board|federation|group|team|consortium"
    r"|министерство|правительство|университет|институт|агентство|комитет|министрлігі)\b",
    re.IGNORECASE,
)
# Words that begin a title and no name: a report or a law put where its author belongs.
_TITLE = re.compile(
    r"^\{*(?:the )?(?:law|decree|resolution|register|report|handbook|guidelines?|methodology|review|strategy)\b"
    r"|\b(?:report (?:of|on)|review of|law on|decree (?:no|\d)|register of|methodology of|code of)\b",
    re.IGNORECASE,
)


@rule("name-form", "warning", "write Family, Given and Family, Given")
def name_form(library: Library) -> Iterator[Finding]:
    """Find a malformed name."""
    for entry, role, names in library.named:
        value = " ".join(entry.values[role].split())
        of_list = list(_list_faults(value))
        yield from (at(entry, role, said, remedy) for said, remedy in of_list)
        for name in names:
            if not of_list and not name.regular and (fault := _name_fault(name)):
                yield at(entry, role, f"{role} {_cut(name.text)!r}: {fault[0]}", fault[1])


def _list_faults(value: str) -> Iterator[tuple[str, str]]:
    lower = value.lower()
    if " and and " in lower or lower.startswith("and ") or lower.endswith(" and"):
        yield f"a double or stray “and” in {_cut(value)!r}", "keep one “and” between two names"
    if ";" in value and ";" in re.sub(r"\{[^{}]*\}|&#?\w+;", "", value):
        yield f"names joined by semicolons: {_cut(value)!r}", "join them by “and”"
    if " al" in lower and re.search(r"\bet\.? al\b", lower):
        yield f"“et al.” in {_cut(value)!r}", "name the others, or write “and others”"
    if "& " in value and re.search(r"[^\\{]& ", value) and not value.startswith("{"):
        yield f"names joined by “&”: {_cut(value)!r}", "join them by “and”"


def _name_fault(name: Name) -> tuple[str, str] | None:
    text = name.text
    if name.body or _is_body(name):
        return None  # name-braces tells it
    bare = re.sub(r"\{[^{}]*\}", "x", text)
    if bare.startswith(",") or bare.endswith(",") or ",," in bare.replace(" ", ""):
        return "a stray comma", "write Family, Given"
    if bare.count(",") > 2:
        return "more commas than a name has", "join names by “and”, or put a body's name in braces"
    if bare.count(",") == 2 and not re.search(r",\s*(?:jr|sr|[ivx]+|ph\.?d)\b", bare, re.IGNORECASE):
        return "two commas", "join two names by “and”; write Family, Jr., Given only for a suffix"
    if re.search(r"\d", re.sub(r"&#?\w+;", "", bare)) and "=" not in text:
        return "digits in a name", "delete them, or put a body's name in braces"
    if re.fullmatch(r"\W*", text):
        return "no name", "delete it"
    if mark := _BESIDE.search(text):
        return f"{mark.group().strip()!r} is no part of a name", "delete it; editors stand in editor"
    letters = re.sub(r"[^\w]", "", fold(name.family))
    if len(letters) > 3 and name.family.isupper() and name.given and ("," in text or not text.isupper()):
        return "all in capitals", f"write {name.family.title()}"
    if re.fullmatch(r"[A-Z](?:\.?[ -]?[A-Z])*\.?", name.family) and len(name.given) > 3 and "," not in text:
        return "initials taken for the family name", "write Family, G. with a comma"
    return None


# What title pages print beside names: roles, titles, signs of notes.
_BESIDE = re.compile(
    r"(?i)\((?:eds?|hrsg|editors?|translator|trans)\b\.?\)|(?:^|, )(?:dr|prof|mrs|mr)\b\.? |[*†‡§]"
)


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Given names, folded, that are seldom family names (given_names.txt)."""
    text = (files("paper.bibliography") / "given_names.txt").read_text("utf8")
    lines = [line for line in text.splitlines() if not line.startswith("%")]
    return frozenset(fold(name) for line in lines for name in line.split())


@rule("name-swapped", "warning", "write Family, Given")
def name_swapped(library: Library) -> Iterator[Finding]:
    """Find a given name where the family name belongs."""
    for entry, role, names in library.named:
        head = re.match(r"[a-z]*", fold(entry.key))
        for index, name in enumerate(names):
            plain = not re.search(r"\s", f"{name.family}{name.given}".strip())
            first_in_key = index == 0 and head is not None and head.group() == fold(name.given)
            first_in_key = first_in_key and fold(name.family) in given_names()
            if name.body or len(name.first) < 3 or not plain or not ("," in name.text or first_in_key):
                continue
            key = head.group() if head and index == 0 and role in ("author", "editor") else ""
            if _is_swapped(library, name, key, entry):
                message = f"{role} {_cut(name.text)!r}: family and given name seem exchanged"
                yield at(entry, role, message, f"write {name.given}, {name.family}")


# How family names end and given names don't.
_FAMILY = re.compile(
    r"(?:sons?|sens?|manns?|sk[iy]|[oe]va?|berg|stein|enko|sson|vich|ov[ai]ch|ford|wood|worth|ham|field|idis|poulos|elli|etti"
    r"|ez|baye?v|ова?|ева?|ский|енко)$"
)


def _is_swapped(library: Library, name: Name, key: str, entry: Entry) -> bool:
    """Whether the key, another entry or the names themselves say that a given name stands first."""
    family, given = fold(name.family), fold(name.given)
    known = given_names()
    if family not in known or given in known:
        return key == given != family and given not in known
    if any(
        one.text != name.text and at_ is not entry
        for one, at_, _ in library.people_by_family_name.get(family, [])
    ):
        return False
    return key == given or given in library.people_by_family_name or _FAMILY.search(given) is not None


@rule("name-braces", "warning", "write {{Name of the Body}}")
def name_braces(library: Library) -> Iterator[Finding]:
    """Find a body's name without braces, which is cut up like a person's."""
    for entry, role, names in library.named:
        if "{" in entry.values[role] and all(name.body for name in names):
            continue
        joined = " ".join(entry.values[role].split())
        if _cut_in_two(names) and _BODY.search(joined) and not _BODY.search(names[-1].text):
            yield at(entry, role, f"{_cut(joined)!r} is cut in two at “and”", f"write {{{joined}}}")
            continue
        for name in names:
            if not name.body and "=" not in name.text and "{" not in name.text and _is_body(name):
                remedy = f"write {{{name.text}}} within the field's braces"
                yield at(entry, role, f"{role} {_cut(name.text)!r} is a body", remedy)


def _cut_in_two(names: list[Name]) -> bool:
    return len(names) > 1 and all("," not in name.text for name in names) and len(names[-1].text.split()) <= 2


def _is_body(name: Name) -> bool:
    if "," in name.text:
        return False
    if re.fullmatch(r"[A-Z]{3,}(?:\s*[-–/&]\s*[A-Z]{2,})*", name.text) and len(name.text) <= 20:
        return "-" in name.text or len(name.text) <= 8
    if not name.given:
        return False
    return bool(_BODY.search(name.text))


@rule("author-is-title", "warning", "name the body that issued it")
def author_is_title(library: Library) -> Iterator[Finding]:
    """Find a report's or a law's title where its author belongs."""
    for entry, role, names in library.named:
        for name in names:
            if (name.body or "," not in name.text) and _TITLE.search(name.text):
                yield at(entry, role, f"{role} {name.text!r} reads like a title")


@rule("name-list", "note", "name every author: the style shortens the list")
def name_list(library: Library) -> Iterator[Finding]:
    """Find a list of names that ends in “and others”."""
    for entry, role, _ in library.named:
        if (
            entry.values[role].rstrip().endswith("others")
            and split(entry.values[role])[-1].strip() == "others"
        ):
            yield at(entry, role, f"{role} ends in “and others”")
