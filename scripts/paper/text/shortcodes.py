"""Shortcodes, as Quarto's filters expand them: as Markdown in text, as plain text in code, raw blocks and addresses.

What Quarto can't expand it prints, as ``?var:name`` or as it was written, and goes on: so does this, with a notice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from paper.errors import ChapterError, PaperError, Place
from paper.fences import FencedCode
from paper.project import Project
from paper.report import Fault
from paper.settings import Yaml
from paper.text import snippets
from paper.text.inline import literal
from paper.text.snippets import Context

QUARTO = "1.10.18"  # the release whose pages these are to agree with

SHORTCODE = re.compile(
    r"(?<!\{)\{\{<(?!/\*)\s*(?P<name>[^\s>\"'{}]++)(?P<rest>(?:\s+(?:\"[^\"]*\"|'[^']*'|(?:(?!>\}\})\S)++)){0,40}+)\s*>\}\}(?!\})"
)
ESCAPED = re.compile(r"\{(\{\{<(?:(?!\{\{<).)*?>\}\})\}|\{\{</\*((?:(?!\{\{<).)*?)\*/>\}\}")
WORD = re.compile(r"(?:([\w-]+)\s*=\s*)?(?:\"([^\"]*)\"|'([^']*)'|(\S+))")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)([^`].{0,2000}?)(?<!`)\1(?!`)")
# Where text on the left of a shortcode says that it stands in an address, an attribute or a tag.
WITHIN = re.compile(r"\]\(<?[^()\s]*$|\{[^{}]*=\"?[^\"{}]*$|<[A-Za-z/][^<>]*$")
BEGINS_BLOCK = re.compile(r"([-+*>#|:]|\d+[.)])(?=\s|$)|#")


@dataclass
class Shortcodes:
    """Expands the shortcodes of one chapter.

    meta: what ``meta`` reads; notices: what could not be expanded; errors: what stops the build; extended: whether
    what is not known here is left to the shortcodes of extensions, which run with the filters.
    """

    project: Project
    meta: Yaml
    notices: list[Fault] = field(default_factory=list)
    errors: list[PaperError] = field(default_factory=list)
    extended: bool = False

    def line(self, text: str, place: Place) -> str:
        """Return a line of prose with its shortcodes expanded, those in code spans as plain text."""
        if "{{<" not in text:
            return text
        results: list[str] = []
        at = 0
        for span in CODE_SPAN.finditer(text):
            results += [self._prose(text[at : span.start()], place, text), self.code(span[0], place)]
            at = span.end()
        return "".join([*results, self._prose(text[at:], place, text)])

    def code(self, text: str, place: Place) -> str:
        """Code, a raw block or an address with its shortcodes expanded as plain text."""
        if "{{<" not in text:
            return text
        text = SHORTCODE.sub(lambda m: self._expand(m, place, "code"), text)
        return ESCAPED.sub(_unescaped, text)

    def markdown(self, text: str, place: Place) -> str:
        """Return Markdown of several lines, with its shortcodes expanded; blocks of code as code."""
        if "{{<" not in text:
            return text
        code = FencedCode()
        return "\n".join(
            self.code(line, place) if code.covers(line) else self.line(line, place)
            for line in text.split("\n")
        )

    def values(self, options: Yaml, place: Place) -> Yaml:
        """Return a cell's options, in whose captions shortcodes are expanded."""

        def expanded(value: Any) -> Any:
            if isinstance(value, str):
                return self.line(value, place)
            return [expanded(item) for item in value] if isinstance(value, list) else value

        return {name: value if name == "label" else expanded(value) for name, value in options.items()}

    def _prose(self, text: str, place: Place, line: str) -> str:
        def expand(match: re.Match[str]) -> str:
            left = text[max(0, match.start() - 300) : match.start()]
            if WITHIN.search(left):
                return self._expand(match, place, "code").replace('"', "&quot;")
            result = self._expand(match, place, "text", alone=line.strip() == match[0])
            if (
                not left.strip(" \t>")
                and (begins := BEGINS_BLOCK.match(result))
                and match["name"] in ("var", "meta")
            ):
                result = result[: begins.end() - 1] + "\\" + result[begins.end() - 1 :]
            indent = re.match(r"[ \t>]*", line)
            return result.replace("\n", "\n" + (indent[0] if indent else ""))

        text = SHORTCODE.sub(expand, text)
        return ESCAPED.sub(lambda m: literal(_unescaped(m)).replace("'", "\\'").replace('"', '\\"'), text)

    # -- one shortcode ----------------------------------------------------------------------------------------

    def _expand(self, match: re.Match[str], place: Place, context: Context, alone: bool = False) -> str:
        words, named = arguments(match["rest"])
        name = match["name"]
        handlers: dict[str, Callable[[], str]] = {
            "var": lambda: self._value("var", self.project.variables, words, place, context),
            "meta": lambda: self._value("meta", self.meta, words, place, context, whole=alone),
            "env": lambda: self._environment(words, place, context),
            "pagebreak": lambda: snippets.page_break(context),
            "kbd": lambda: snippets.key(words, named, context),
            "version": lambda: QUARTO,
            "contents": lambda: "" if context == "code" else f'[]{{.paper-contents ref="{words[0]}"}}',
            "video": lambda: snippets.video(words, named, context),
            "placeholder": lambda: snippets.placeholder(words, context),
            "lipsum": lambda: self._lipsum(words, place),
        }
        if name in ("include", "embed"):
            message = f"an {name} stands on a line of its own"
            self.errors.append(ChapterError(message, place=place, remedy="move it to its own line"))
            return ""
        if name in handlers and (words or named or name in ("pagebreak", "version", "placeholder", "lipsum")):
            return handlers[name]()
        if self.extended:
            given = {"name": name, "words": words, "named": named, "written": match[0]}
            return f"\ue000{json.dumps(given).encode().hex()}\ue001"
        self._notice(
            place,
            f"the shortcode {name!r} is not known to the embedded engine",
            "it is printed as it stands; correct its name, or build with --engine quarto",
        )
        return match[0] if context == "code" else literal(match[0])

    def _value(
        self,
        kind: str,
        values: Yaml,
        words: list[str],
        place: Place,
        context: Context,
        *,
        whole: bool = False,
    ) -> str:
        name = words[0]
        found, value = lookup_value(values, name)
        where = "_variables.yml" if kind == "var" else "the chapter's front matter or _quarto.yml"
        if not found:
            self._notice(place, f"{name!r} is not set in {where}", f"add it to {where}, or correct the name")
            return _told(f"?{kind}:{name}", context)
        if isinstance(value, list) and len(value) > 1:
            self._notice(place, f"{name!r} in {where} is a list", f"name one of it, as {name}.1")
            return _told(f"?invalid {kind} type:{name}", context)
        text = plain(value)
        if context == "code":
            return without_markup(text)
        paragraphs = [re.sub(r"\s*\n\s*", " ", p) for p in re.split(r"\n\s*\n", text.strip())]
        return ("\n\n" if whole else " ¶ ").join(paragraphs)

    def _environment(self, words: list[str], place: Place, context: Context) -> str:
        """Return a variable that the project itself sets; others may be secrets, and a page is published."""
        name = words[0]
        value = self.project.environment.get(name, words[1] if len(words) > 1 else None)
        if value is not None:
            return value if context == "code" else literal(value)
        self._notice(
            place,
            f"the variable {name!r} is not set in _environment",
            "only what that file sets is printed: other variables of this machine may be secrets",
        )
        return _told(f"?env:{' '.join(words)}", context)

    def _lipsum(self, words: list[str], place: Place) -> str:
        self._notice(place, "filler text stands here", "Quarto has other words for it; replace it")
        return snippets.lipsum(words)

    def _notice(self, place: Place, message: str, remedy: str) -> None:
        self.notices.append(Fault(str(place.file), place.line, "shortcode", message, remedy, "warning"))


def metadata(project: Project, path: PurePosixPath, meta: Yaml, title: str) -> Yaml:
    """Return what ``meta`` reads in a chapter: its own settings over the book's, whose title the front page has."""
    shared = {**project.config, **project.book}
    if len(path.parts) == 1 and path.stem == "index":
        names = ("title", "subtitle", "author", "date", "abstract")
        own: Yaml = {name: project.book[name] for name in names if name in project.book}
        return {**shared, **meta, **own}
    return {**shared, **({"title": title} if title else {}), **meta}


def lookup_value(values: Mapping[str, Any], dotted: str) -> tuple[bool, Any]:
    r"""Return whether ``a.b.c`` is set in nested mappings and lists, and its value.

    Lists count from 1; ``\.`` is a dot in a key.
    """
    value: Any = values
    for key in re.split(r"(?<!\\)\.", dotted.replace("\\\\", "\\")):
        key = key.replace("\\.", ".")
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdigit() and 0 < int(key) <= len(value):
            value = value[int(key) - 1]
        else:
            return False, None
    return True, value


def plain(value: Any) -> str:
    """Return a setting as Quarto prints it: numbers as in JavaScript, a list of one as its item, no mapping."""
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    if isinstance(value, list):
        return plain(value[0]) if len(value) == 1 else ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def without_markup(text: str) -> str:
    """Return Markdown as the text that it prints."""
    if not re.search(r"[*_`~^\\$<\[\]]|--|\.\.\.|['\"]", text):
        return text
    import panflute as pf

    from paper.tools import trees

    return str(pf.stringify(trees.parse(text))).strip()


def arguments(rest: str) -> tuple[list[str], dict[str, str]]:
    """Return a shortcode's words in order, and those given by name."""
    words: list[str] = []
    named: dict[str, str] = {}
    for match in WORD.finditer(rest):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        if match[1] is not None:
            named[match[1]] = value
        else:
            words.append(value)
    return words, named


def _unescaped(match: re.Match[str]) -> str:
    return match[1] if match[1] is not None else "{{<" + match[2] + ">}}"


def _told(message: str, context: Context) -> str:
    return message if context == "code" else f"**{literal(message)}**"
