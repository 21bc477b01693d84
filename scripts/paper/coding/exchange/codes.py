"""Codes of a project as codes of ``data/codebook.csv``: known ones found again, new ones given an id."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from paper.coding.exchange import labels
from paper.coding.exchange.cleaning import tidy
from paper.coding.exchange.ids import digest, guid_of
from paper.coding.exchange.mapping import Map
from paper.coding.exchange.model import Code, CodedProject
from paper.coding.exchange.pseudonym_map import PseudonymMap
from paper.coding.exchange.remarks import Remarks
from paper.coding.exchange.store import Dataset, Row
from paper.errors import DataError

FIELDS = ("when_to_use", "when_not_to_use", "example", "driver", "coder")
UNCONFIRMED = "imported"  # in the column coder, until somebody puts their initials there
MAX_SLUG = 60
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# Kazakh and Russian letters as BGN/PCGN romanises them (1979 and 1947), without diacritics.
CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i",
}  # fmt: skip


class Codes:
    """The codes of a project. ``of`` gives the id in the codebook; ``rows`` what the project says of each."""

    def __init__(
        self,
        project: CodedProject,
        left_out: set[str],
        map_: Map,
        dataset: Dataset,
        key: PseudonymMap,
        remarks: Remarks,
    ):
        self._project, self._map, self._key, self._remarks = project, map_, key, remarks
        self._codes = {code.id: code for code in project.codes}
        self._book = {row["code"]: row for row in dataset.tables["codebook"]}
        self._names = {_plain(row["name"]): row["code"] for row in dataset.tables["codebook"]}
        self._guids = {guid_of("code", code): code for code in self._book}
        self._often = Counter(_plain(code.name) for code in project.codes if code.id not in left_out)
        self._own_names = {_plain(code.name) for code in project.codes}
        self._ids: dict[str, str] = dict.fromkeys(left_out, "")
        self._new: list[str] = []
        self.rows: dict[str, Row] = {}

    def settle(self, clean: Callable[[str], str]) -> None:
        """Find or make every code. clean: takes names of people out of a text, before it is stored."""
        for code in self._project.codes:
            if code.id not in self._ids:
                self._ids[code.id] = self._settled(code, clean)
        for new in self._new:
            self._remarks.unresolved(
                "new-code",
                "new codes",
                new,
                "write definition, when_to_use and when_not_to_use in data/codebook.csv, and the driver of a top code",
            )

    def of(self, code: str) -> str | None:
        """Return the id in the codebook; "" for a code that is left out, None for one that the project lacks."""
        return self._ids.get(code)

    def sign(self, coder: str) -> None:
        """Say who brought the new codes."""
        for code in self._new:
            self.rows[code]["coder"] = self.rows[code]["coder"] or coder or UNCONFIRMED

    def _settled(self, code: Code, clean: Callable[[str], str]) -> str:
        mapped = next((self._map.codes[name] for name in self._said(code) if name in self._map.codes), None)
        if mapped == "":
            return ""
        if mapped and mapped not in self._book:
            raise DataError(
                f"the map names the code {mapped!r}, which data/codebook.csv lacks",
                remedy="add it there, or take the code's line out of the map to have it made",
            )
        if mapped:
            self.rows.setdefault(mapped, {"code": mapped})
            return mapped
        said = labels.split(code.description)
        result = self._known(code, said.fields.get("code", ""))
        name = self._free_name(code, clean, result)
        slug = result or self._slug(name, said.fields.get("code", ""))
        if slug in self.rows:
            self._remarks.repaired("same-code", "codes that are one in the codebook", slug)
            return slug
        self._key.record("code", code.id, digest(self._said(code)[1]), slug)
        if not result:
            self._new.append(slug)
        if not code.codable:
            self._remarks.repaired("category", "categories, which came in as codes above others", slug)
        fields = {name: clean(tidy(said.fields.get(name, ""))) for name in FIELDS}
        fields["driver"] = fields["driver"] or self._driver(code)
        self.rows[slug] = {
            "code": slug,
            "parent": parent if (parent := self._parent(code)) != slug else "",
            "name": name,
            "definition": clean(tidy(said.text)),
            **fields,
        }
        return slug

    def _known(self, code: Code, stated: str) -> str:
        """Return a code of the codebook, known by its GUID, its id, its place in the tree, or a name only it has."""
        path = digest(self._said(code)[1])
        paths = {row["stands_for"] for row in self._key.entries("code") if row["name"] == path}
        known = [self._key.by_id("code", code.id), self._guids.get(code.id, ""), stated]
        known += paths if len(paths) == 1 else ()
        for found in known:
            if found in self._book:
                return found
        name = _plain(code.name)
        if self._often[name] == 1 or self._project.origin.startswith("qc "):  # qc repeats a code in its tree
            if name in self._names:
                return self._names[name]
            if code.name in self._book:
                return code.name
            return next((slug for slug in self._new if _plain(self.rows[slug]["name"]) == name), "")
        return ""

    def _said(self, code: Code) -> tuple[str, ...]:
        path = [code.name]
        above = self._codes.get(code.parent)
        while above:
            path.insert(0, above.name)
            above = self._codes.get(above.parent)
        return code.id, "/".join(path), code.name

    def _parent(self, code: Code) -> str:
        """Return the nearest code above that is not left out."""
        above = self._codes.get(code.parent)
        while above and not self._ids.get(above.id):
            above = self._codes.get(above.parent)
        return self._ids[above.id] if above else ""

    def _driver(self, code: Code) -> str:
        if not self._map.drivers:
            return ""
        names = [*self._said(code), *(group.name for group in self._project.sets if code.id in group.codes)]
        return next((self._map.drivers[name] for name in names if name in self._map.drivers), "")

    def _free_name(self, code: Code, clean: Callable[[str], str], found: str) -> str:
        """Return the name, which no other code of the codebook may have; that of the code above tells two apart."""
        name = clean(tidy(code.name))
        if name != code.name:
            self._remarks.repaired(
                "name-in-code", "codes that named a person, case or file: the name was replaced", ""
            )
        others = {plain for plain, slug in self._names.items() if slug != found}
        others |= {_plain(row.get("name", "")) for slug, row in self.rows.items() if slug != found}
        above = self._codes.get(code.parent)
        if _plain(name) in others and above and found not in self.rows:
            name = f"{clean(tidy(above.name))}: {name}"
        number = 2
        free = name
        while _plain(free) in others and found not in self.rows:
            free = f"{name} ({number})"
            number += 1
        return free

    def _slug(self, name: str, stated: str) -> str:
        """Make an id: small Latin letters, digits and hyphens, a letter first; the stated one where it is free."""
        if SLUG.fullmatch(stated) and stated not in self.rows:
            return stated
        text = "".join(CYRILLIC.get(letter, letter) for letter in unicodedata.normalize("NFC", name).lower())
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:MAX_SLUG].strip("-")
        slug = slug if slug[:1].isalpha() else f"code-{slug}".strip("-")
        free, number = slug, 2
        while free in self._book or free in self.rows:
            free = f"{slug}-{number}"
            number += 1
        return free


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
