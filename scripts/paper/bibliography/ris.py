"""A work as RIS, which EndNote, Zotero, Mendeley and libraries read.

Tags and types: Research Information Systems, "RIS Format Specifications"; where programs differ, Zotero's choice.
"""

from __future__ import annotations

from typing import Any

_TYPES = {
    "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS", "article": "UNPB",
    "bill": "BILL", "book": "BOOK", "chapter": "CHAP", "dataset": "DATA", "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC", "legal_case": "CASE", "legislation": "STAT", "manuscript": "UNPB", "map": "MAP",
    "motion_picture": "VIDEO", "paper-conference": "CPAPER", "patent": "PAT", "personal_communication": "PCOMM",
    "post": "BLOG", "post-weblog": "BLOG", "report": "RPRT", "software": "COMP", "thesis": "THES", "webpage": "ELEC",
}  # fmt: skip
_FIELDS = {
    "title": "TI", "volume": "VL", "issue": "IS", "edition": "ET", "publisher": "PB", "DOI": "DO", "URL": "UR",
    "language": "LA", "genre": "M3", "number": "M1", "note": "N1", "annote": "N1", "abstract": "AB", "ISSN": "SN",
    "ISBN": "SN", "keyword": "KW", "title-short": "ST", "collection-title": "T3", "chapter-number": "SE",
}  # fmt: skip
_JOINED = "-\u2010\u2011'\u2018\u2019\u02bc\u02bb"


def ris(item: dict[str, Any]) -> str:
    """Return a work given as CSL-JSON; lines end in CR LF, as the format asks."""
    lines = [("TY", _TYPES.get(item["type"], "GEN")), ("ID", item["id"])]
    lines += [("AU", _name(name)) for name in item.get("author", [])]
    lines += [("A2", _name(name)) for name in item.get("editor", [])]
    lines += [("A4", _name(name)) for name in item.get("translator", [])]
    lines += [(tag, str(item[name])) for name, tag in _FIELDS.items() if item.get(name)]
    lines += [
        ("T2", str(item[name])) for name in ("container-title", "event", "event-title") if item.get(name)
    ]
    lines += [("CY", str(item[name])) for name in ("publisher-place", "event-place") if item.get(name)]
    first, _, last = str(item.get("page", "")).replace("\u2013", "-").partition("-")
    lines += [("SP", first), ("EP", last.lstrip("-"))]
    lines += _dates(item)
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in [*lines, ("ER", " ")] if value)


def _name(name: dict[str, Any]) -> str:
    if "literal" in name:
        return str(name["literal"])
    particles = [name.get("dropping-particle"), name.get("non-dropping-particle")]
    family = ""
    for part in [*particles, name.get("family")]:
        # al-Farabi and d'Arcy: a particle that ends in a hyphen or an apostrophe is of one word with the name
        family += f"{'' if not family or family[-1] in _JOINED else ' '}{part or ''}"
    family = family.strip()
    return ", ".join(part for part in (family, name.get("given", ""), name.get("suffix", "")) if part)


def _dates(item: dict[str, Any]) -> list[tuple[str, str]]:
    """Year and date of the work, and the day on which it was read."""
    issued, read = (_parts(item.get(name)) for name in ("issued", "accessed"))
    results = [("PY", str(issued[0]))] if issued else []
    results += [("DA", _date(issued))] if len(issued) > 1 else []
    return results + ([("Y2", _date(read))] if read else [])


def _parts(date: Any) -> list[int]:
    """Year, month and day of a CSL date, of a range where it begins; nothing of one in words, as "forthcoming"."""
    result = date.get("date-parts") if isinstance(date, dict) else None
    parts = [int(part) for part in result[0]] if result and result[0] else []
    return parts[:1] if len(parts) > 1 and not 1 <= parts[1] <= 12 else parts  # 21 to 24 are seasons


def _date(parts: list[int]) -> str:
    return "/".join(f"{part:02}" for part in parts) + "/" * (3 - len(parts))
