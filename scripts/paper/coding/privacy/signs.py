"""What gives a person away by its form: e-mail addresses, telephone and identity numbers, makers of files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from paper.coding.privacy.extract import CAMERA, Piece
from paper.coding.privacy.settings import Known
from paper.report import Fault

LOCAL: Final = re.compile(r"(?<![\w.%+/-])[^\W_][\w.%+-]{0,63}\Z")
DOMAIN: Final = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w@])")
# Kazakhstan's numbers: +7 or 8, then ten digits that begin with 7; of other countries only with the plus. Each
# pattern begins with a set of signs, and only then looks back, so that the search is quick.
_GAP: Final = r"[ \u00a0.()-]{0,3}"
PHONE: Final = re.compile(
    rf"""
    [+8](?<![\w.+/=-].)
    (?: (?:(?<=\+)7|(?<=8)) {_GAP} 7 (?:
            \d\d {_GAP} \d{{3}} {_GAP} \d\d {_GAP} \d\d          # 701 234 56 78, 701 234 5678
          | \d{{3}} {_GAP} (?: \d\d {_GAP} \d\d {_GAP} \d\d       # 7172 23 45 67
                            | \d{{3}} {_GAP} \d{{3}} ) )         # 7172 234 567
      | (?<=\+)[1-9]\d{{0,2}} [ \u00a0.(-]{{1,2}} (?:\d{{2,4}}{_GAP}){{2,4}} \d{{2,4}} )
    (?!\w)(?!\.\d)
    """,
    re.VERBOSE,
)
TWELVE: Final = re.compile(r"\d(?<![\w.+/=-].)\d{5}[ \u00a0-]?\d{6}(?!\w)(?!\.\d)")
DIGITS: Final = range(9, 16)  # of a telephone number with its country's code (E.164 allows 15)
FIRST: Final = tuple(range(1, 12))
SECOND: Final = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
# Programs that put their own name where the maker's belongs.
PROGRAMS: Final = frozenset(
    {"", "python-docx", "openpyxl", "pandoc", "typst", "microsoft office user", "unknown"}
)


def signs(piece: Piece, file: str, known: Known) -> Iterator[Fault]:
    """The faults of one piece of text. What was found is shown by its first and last signs only."""
    where = f" in {piece.where}" if piece.where else ""
    if piece.wrong:
        remedy = "take it out, or make it again so that it can be read"
        if piece.text == CAMERA:
            yield Fault(file, None, "metadata", f"{piece.text}{where}", "save the image without metadata")
        else:
            yield Fault(file, None, "unreadable", f"{piece.text}{where}", remedy, "warning")
        return
    if piece.person and not _ours(piece.text, known):
        said = f"{where.strip() or 'the file'} names a person as its maker: {masked(piece.text.strip())}"
        yield Fault(
            file, None, "metadata", said, "clear the author and the last editor in the file's properties"
        )
    text = "" if piece.shown else piece.text
    for at, address in _addresses(text):
        if not known.email(address):
            said = f"an e-mail address{where}: {masked(address)}"
            yield Fault(file, piece.line(at), "e-mail", said, _remedy("address"))
    for match in PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if match[0].lower() not in known.allow and len(digits) in DIGITS and len(set(digits)) > 2:
            said = f"a telephone number{where}: {masked(match[0])}"
            yield Fault(file, piece.line(match.start()), "phone", said, _remedy("number"))
    for match in TWELVE.finditer(text):
        if is_iin(re.sub(r"\D", "", match[0])) and match[0] not in known.allow:
            said = f"an identity number (IIN){where}: {masked(match[0])}"
            yield Fault(file, piece.line(match.start()), "iin", said, _remedy("number"))


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    """E-mail addresses and where they begin."""
    at = text.find("@")
    while at >= 0:
        domain = DOMAIN.match(text, at + 1)
        local = LOCAL.search(text, max(0, at - 65), at) if domain else None
        if domain and local:
            yield local.start(), f"{local[0]}@{domain[0]}"
        at = text.find("@", at + 1)


def is_iin(digits: str) -> bool:
    """Whether twelve digits are an individual identification number of Kazakhstan.

    Year, month and day of birth; century and sex, 1 to 6; a serial number; a check digit: the sum of the first
    eleven weighted 1 to 11, modulo 11, and where that is 10, weighted 3 to 11, 1, 2 (Law No. 223-III of 12 January
    2007, and the Government's rules on forming the number).
    """
    if not re.fullmatch(r"\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[1-6]\d{5}", digits, re.ASCII):
        return False
    numbers = [int(digit) for digit in digits]
    for weights in (FIRST, SECOND):
        check = sum(n * weight for n, weight in zip(numbers, weights, strict=False)) % 11
        if check != 10:
            return check == numbers[11]
    return False


def masked(text: str) -> str:
    """The first sign, and the last two: enough to find the place, too little to know it."""
    text = " ".join(text.split())
    return f"{text[0]}…{text[-2:]}" if len(text) > 6 else f"{text[:1]}…"


def _ours(text: str, known: Known) -> bool:
    said = " ".join(text.split()).lower()
    names = {name.lower() for name in known.people}
    return (
        said in PROGRAMS
        or said in names
        or all(part.strip() in names for part in re.split(r"[;,]| and ", said))
    )


def _remedy(what: str) -> str:
    return f"take it out; if the {what} is public, say so in _quarto.yml under paper: privacy: allow:"
