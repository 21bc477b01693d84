r"""The map that an author writes for an import: what stands for what, in YAML. All of it is optional.

    cases:    {Interview 3: case-03}          # a case or source, by name or GUID → its pseudonym
    coders:   {A. Bekova: second coder}       # a user, by name or GUID → the coder
    codes:    {Client focus: internal-clients, To do: ""}   # by name, path (Above/Below) or GUID; "" leaves out
    drivers:  {Pressure from outside: external}             # a code or a set of codes → driver
    role:     {variable: Position, values: {Head of office: public servant}}   # an attribute of cases, as datapackage
    region:   {variable: Province, values: {Northland: north}}                 # names it, and the words for its values
    block:    {default: A, codes: {Block B: B}, headings: {'^Block C': C}, variable: Part, values: {'2': B}}
    question: {codes: {Q7: '7'}, headings: '^Question (\\d+)'}
    table:    segments                        # for CSV and XLSX, see ``sheets``: which table the rows are
    columns:  {case: Respondent, code: Codes, coder: Coder, excerpt: Passage, locator: Line}
    separator: ';'                            # several codes in one cell
    sheet:    Sheet1

A map that names people belongs in ``data/private/``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paper.coding.data.package import described
from paper.errors import DataError, Place, ProjectError, nearest
from paper.settings import line_of, parse_yaml

Words = Mapping[str, str]
NAMING = ("cases", "coders")  # settings that tell who somebody is, beside attributes
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "cases": (), "coders": (), "codes": (), "drivers": (), "columns": (),
    "block": ("default", "codes", "headings", "variable", "values"), "question": ("codes", "headings"),
    "table": (), "separator": (), "sheet": (),
}  # fmt: skip
COLUMNS = {
    "segments": ("case", "code", "coder", "excerpt", "locator", "block", "question", "memo"),
    "codebook": ("code", "name", "parent", "definition", "when_to_use", "when_not_to_use", "example", "driver"),
}  # fmt: skip
NEEDED = {"segments": ("case", "code"), "codebook": ("name",)}


@dataclass(frozen=True)
class Variable:
    """A variable of cases or sources, and the words of ours for its values."""

    name: str = ""
    values: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Places:
    """How to tell the block, or the question, of a passage: by codes, headings, a variable, or always."""

    default: str = ""
    codes: Words = field(default_factory=dict)
    headings: tuple[tuple[re.Pattern[str], str], ...] = ()
    variable: Variable = field(default_factory=Variable)


@dataclass(frozen=True)
class Map:
    """The map, read; what it doesn't say is empty. ``named``: it says who somebody is."""

    cases: Words = field(default_factory=dict)
    coders: Words = field(default_factory=dict)
    codes: Words = field(default_factory=dict)
    drivers: Words = field(default_factory=dict)
    attributes: Mapping[str, Variable] = field(default_factory=dict)
    block: Places = field(default_factory=Places)
    question: Places = field(default_factory=Places)
    table: str = ""
    columns: Words = field(default_factory=dict)
    separator: str = ""
    sheet: str = ""
    named: bool = False


def read(path: Path, root: Path) -> Map:
    """Read a map. Raises DataError with line and remedy for what can't be, or isn't known."""
    try:
        given = parse_yaml(path.read_text("utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        message = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise DataError(f"the map can't be read: {message}", place=Place(path.name)) from None
    except ProjectError as error:
        raise DataError(error.message, place=error.place, remedy=error.remedy) from None
    return _Reader(path, root).map(given)


class _Reader:
    def __init__(self, path: Path, root: Path) -> None:
        self._path = path
        self._enums = {
            "block": self._enum("segments", "block", root),
            "drivers": self._enum("codebook", "driver", root),
        }
        cases = described("cases", root)
        self._attributes = cases.attributes
        self._enums |= {name: cases.values(name) for name in cases.attributes}

    def map(self, given: Mapping[str, Any]) -> Map:
        for name in given:
            self._known(name, [*SETTINGS, *self._attributes], (name,))
        table = self._text(given, "table")
        if table:
            self._known(table, list(COLUMNS), ("table",))
        columns = self._words(given.get("columns"), ("columns",))
        for name in columns:
            self._known(name, COLUMNS[table or "segments"], ("columns", name))
        return Map(
            self._words(given.get("cases"), ("cases",)),
            self._words(given.get("coders"), ("coders",)),
            self._words(given.get("codes"), ("codes",)),
            self._words(given.get("drivers"), ("drivers",), self._enums["drivers"]),
            {name: self._variable(given, name) for name in self._attributes if given.get(name)},
            self._places(given, "block"),
            self._places(given, "question"),
            table,
            columns,
            self._text(given, "separator"),
            self._text(given, "sheet"),
            any(given.get(name) for name in (*NAMING, *self._attributes)),
        )

    def _variable(self, given: Mapping[str, Any], name: str) -> Variable:
        inner = self._inner(given, name)
        values = self._words(inner.get("values"), (name, "values"), self._enums.get(name, ()))
        return Variable(self._text(inner, "variable"), values)

    def _places(self, given: Mapping[str, Any], name: str) -> Places:
        inner = self._inner(given, name)
        allowed = self._enums.get(name, ())
        default = self._text(inner, "default")
        if default and allowed:
            self._known(default, allowed, (name, "default"))
        stated = inner.get("headings")
        results = (
            {stated: ""} if isinstance(stated, str) else self._words(stated, (name, "headings"), allowed)
        )
        headings = tuple((self._pattern(text, (name, "headings")), value) for text, value in results.items())
        codes = self._words(inner.get("codes"), (name, "codes"), allowed)
        values = self._words(inner.get("values"), (name, "values"), allowed)
        return Places(default, codes, headings, Variable(self._text(inner, "variable"), values))

    def _inner(self, given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        inner = given.get(name) or {}
        if not isinstance(inner, Mapping):
            raise self._wrong(f"{name}: expected settings beneath it", (name,), "indent them under it")
        for key in inner:
            self._known(str(key), SETTINGS.get(name, ("variable", "values")), (name, str(key)))
        return inner

    def _words(self, given: Any, keys: tuple[str, ...], allowed: tuple[str, ...] = ()) -> dict[str, str]:
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            raise self._wrong(f"{keys[0]}: expected pairs of the form `this: that`", keys, "write them so")
        words: dict[str, str] = {}
        for key, value in given.items():
            if isinstance(value, Mapping | list):
                raise self._wrong(f"{keys[0]}: {key!s:.40} stands for several things", keys, "name one")
            words[_plain(key)] = _plain(value)
            if allowed:
                self._known(_plain(value), allowed, (*keys, str(key)))
        return words

    def _text(self, given: Mapping[str, Any], name: str) -> str:
        value = given.get(name)
        if isinstance(value, Mapping | list):
            raise self._wrong(f"{name}: expected one word or text", (name,), "name one")
        return _plain(value)

    def _pattern(self, text: str, keys: tuple[str, ...]) -> re.Pattern[str]:
        try:
            return re.compile(text)
        except re.error as error:
            remedy = "write a regular expression as Python has it, in single quotation marks"
            raise self._wrong(f"a pattern can't be read: {error}", keys, remedy) from None

    def _known(self, value: str, known: tuple[str, ...] | list[str], keys: tuple[str, ...]) -> None:
        if value not in known:
            near = nearest(value, known)
            remedy = (f"did you mean {near}? " if near else "") + f"Known are: {', '.join(known)}"
            raise self._wrong(f"{value[:40]!r} is not known here", keys, remedy)

    def _wrong(self, message: str, keys: tuple[str, ...], remedy: str) -> DataError:
        return DataError(message, place=Place(self._path.name, line_of(self._path, *keys)), remedy=remedy)

    @staticmethod
    def _enum(table: str, column: str, root: Path) -> tuple[str, ...]:
        return described(table, root).values(column)


def _plain(value: Any) -> str:
    """Return a YAML scalar as text: a number as written, nothing as ""."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value).strip()
