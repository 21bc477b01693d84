"""Findings that the author has looked at and lets stand, each with a reason.

For an entry they stand in the entry, several joined by ``;``::

    audit-ignore = {missing-doi: the journal gives none; web-archive: the page is gone}

and for a line of the text in a comment on that line or the one before it::

    <!-- audit-ignore year-mismatch: asked the author -->

An exemption without a reason is itself a finding, and so is one that exempts nothing any more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from paper.bibliography.rules import Finding, Library, load, parser_rule

FIELD = "audit-ignore"
_IN_ENTRY = re.compile(r"\s*([a-z][a-z-]*)\s*(?::\s*(.*?))?\s*", re.DOTALL)
_NEXT = re.compile(r";\s*([a-z][a-z-]*)\s*:")
_IN_TEXT = re.compile(r"<!--\s*audit-ignore\s+([a-z][a-z-]*)\s*(?::\s*([^>]*?))?\s*-->")

parser_rule(
    "exemption",
    "warning",
    "an exemption without a reason, or from no rule that there is",
    "write rule: reason",
)
parser_rule("exemption-unused", "note", "an exemption from a rule that finds nothing there", "delete it")


def _parts(value: str) -> Iterator[str]:
    """Yield the exemptions of one field. A reason may hold semicolons of its own, and even colons after words."""
    begin = 0
    for match in _NEXT.finditer(value):
        if "-" in match[1] or match[1] in load():
            yield value[begin : match.start()]
            begin = match.start(1)
    yield value[begin:]


@dataclass(frozen=True)
class Exemption:
    """One finding let stand: the rule, the reason, and where it says so."""

    rule: str
    reason: str
    place: Finding


class Exemptions:
    """Every exemption of a library; told of each finding, it knows which were needed."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.wrong: list[Finding] = []
        self.places: dict[object, list[Exemption]] = defaultdict(list)
        self.used: set[int] = set()
        for entry in library.entries:
            for part in _parts(entry.values.get(FIELD, "")):
                if part.strip():
                    place = Finding("", entry, entry.place(FIELD), entry.file)
                    self._add(_IN_ENTRY.fullmatch(part), id(entry), place)
        for source in library.sources:
            for match in _IN_TEXT.finditer(source.text):
                where = (source.file, source.line(match.start()))
                self._add(match, where, Finding("", None, match.start(), 0, source))

    def _add(self, match: re.Match[str] | None, key: object, place: Finding) -> None:
        rule, reason = (match[1], " ".join((match[2] or "").split())) if match else ("", "")
        if rule not in load():
            message = f"there is no rule {rule!r}" if rule else "an exemption names no rule"
            self.wrong.append(place.saying(message, "paper refs rules lists them"))
            return
        if not reason:
            self.wrong.append(place.saying(f"the exemption from {rule} gives no reason"))
        self.places[key].append(Exemption(rule, reason, place))

    @property
    def all(self) -> list[Exemption]:
        """Return every exemption, of entries and of lines."""
        return [exemption for there in self.places.values() for exemption in there]

    def cover(self, rule: str, finding: Finding) -> bool:
        """Whether a finding of this rule is exempted."""
        keys: list[object]
        if finding.source is None:
            keys = [id(finding.entry)]
        else:
            line = finding.source.line(finding.position)
            keys = [(finding.source.file, line), (finding.source.file, line - 1)]
        results = [one for key in keys if key in self.places for one in self.places[key] if one.rule == rule]
        self.used |= {id(one) for one in results}
        return bool(results)

    def faults(self, looked: set[str]) -> Iterator[tuple[str, Finding]]:
        """Exemptions that are themselves at fault, each with the rule that says so. looked: the rules that ran."""
        yield from (("exemption", finding) for finding in self.wrong)
        for one in self.all:
            if id(one) not in self.used and one.rule in looked:
                yield "exemption-unused", one.place.saying(f"{one.rule} finds nothing here")
