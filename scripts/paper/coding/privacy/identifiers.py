"""What gives a person away by its form: e-mail addresses, telephone and identity numbers, makers of files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from paper.coding.privacy.extract import Piece
from paper.coding.privacy.pictures import CAMERA
from paper.coding.privacy.settings import PrivacySettings
from paper.report import Fault

LOCAL: Final = re.compile(r"(?<![\w.%+/-])[^\W_][\w.%+-]{0,63}\Z")
DOMAIN: Final = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w@])")
# Numbers of the country code 7: +7 or 8, then ten digits that begin with 7; of other countries only with the plus. Each
# pattern begins with a set of signs, and only then looks back, so that the search is quick.
_DASH: Final = "\u2010-\u2015\u2212-"
_GAP: Final = rf"[ \u00a0\u2009\u202f.(){_DASH}]{{0,3}}"
_APART: Final = rf"[ \u00a0\u2009\u202f.(){_DASH}]{{1,3}}"
PHONE: Final = re.compile(
    rf"""
    [+8](?<![\w.+/=-].)
    (?: (?:(?<=\+)7|(?<=8)) {_GAP} 7 (?:
            \d\d {_GAP} \d{{3}} {_GAP} \d\d {_GAP} \d\d          # a mobile: 70x, then seven
          | \d{{3}} {_GAP} (?: \d\d {_GAP} \d\d {_GAP} \d\d       # a city: 7172, then six
                            | \d{{3}} {_GAP} \d{{3}} ) )
      | (?<=\+)[1-9]\d{{0,2}} {_APART} (?:\d{{2,4}}{_GAP}){{2,4}} \d{{2,4}} )
    (?!\w)(?!\.\d)
    """,
    re.VERBOSE,
)
# Without a prefix: a mobile or a city code, and its groups set apart; any number after a word for it.
NUMBER: Final = re.compile(
    rf"\d(?<![\w+/=.{_DASH}].)(?<!\w\d[ ].)(?:[)]?{_GAP}\d){{5,13}}(?!\w)(?![.{_DASH}]\d)"
)
_MOBILE: Final = r"7(?:0[0-8]|47|5[01]|6[0-4]|7[15-8])"
_CITY: Final = r"7[12]\d\d?"
BARE: Final = re.compile(
    rf"""
      007 {_GAP} {_MOBILE} {_GAP} \d{{3}} {_GAP} \d\d {_GAP} \d\d
    | {_MOBILE} {_APART} \d{{3}} {_APART} \d\d {_GAP} \d\d
    | {_CITY} {_APART} \d{{2,3}} {_APART} \d\d {_APART} \d\d
    """,
    re.VERBOSE,
)
TOLD: Final = re.compile(
    r"""
    \b(?: tel(?:ephone)? | phone | mobile | mob | cell | call | fax | whats\s?app | telegram | viber
       | тел | телефон\w{0,3} | моб | сот | факс | (?:по)?звон\w{1,5} | ватсап | телеграм | ұялы | байланыс )
    (?:\s(?:number|me|us|him|her|them|at|on|номер|мне|нам|по)){0,3} [\s:.№(]{1,4} \Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Addresses as people write them so that programs don't find them.
AT: Final = re.compile(
    r"[(\[{<]\s?(?:at|et|ат|собака|@|＠)\s?[)\]}>]|\(a\)(?<=\w...)(?=\w)|@(?<=\s.)(?=\s)|＠", re.IGNORECASE
)
SPELLED: Final = re.compile(r"\b(?:at|собака)(?=\s[\w-]{1,60}\s(?:dot|точка)\s)", re.IGNORECASE)
DOT: Final = re.compile(r"\s?[(\[{<]\s?(?:dot|точка|\.)\s?[)\]}>]\s?|\s(?:dot|точка)\s", re.IGNORECASE)
# Ends of addresses that are taken for some in such disguise, since programs write a @ b, too.
_TOP: Final = (
    "asia", "biz", "by", "com", "de", "edu", "eu", "fr", "gov", "info", "int", "io", "kg", "kz", "net", "org", "ru",
    "tr", "uk", "us", "uz", "рф", "қаз",
)  # fmt: skip
TWELVE: Final = re.compile(r"\d(?<![\w.+/=-].)\d{5}[ \u00a0-]?\d{6}(?!\w)(?!\.\d)")
DIGITS: Final = range(9, 16)  # of a telephone number with its country's code (E.164 allows 15)
FIRST: Final = tuple(range(1, 12))
SECOND: Final = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
# Programs that put their own name where the maker's belongs.
PROGRAMS: Final = frozenset(
    {"", "python-docx", "openpyxl", "pandoc", "typst", "microsoft office user", "unknown"}
)


def find_identifiers(piece: Piece, file: str, known: PrivacySettings) -> Iterator[Fault]:
    """Yield the faults of one piece of text. What was found is shown by its first and last signs only."""
    where = f" in {piece.where}" if piece.where else ""
    if piece.wrong:
        remedy = "take it out, or make it again so that it can be read"
        if piece.text == CAMERA:
            yield Fault(file, None, "metadata", f"{piece.text}{where}", "save the image without metadata")
        else:
            yield Fault(file, None, "unreadable", f"{piece.text}{where}", remedy, "warning")
        return
    if piece.person and not _ours(piece.text, known):
        message = f"{where.strip() or 'the file'} names a person as its maker: {masked(piece.text.strip())}"
        yield Fault(
            file, None, "metadata", message, "clear the author and the last editor in the file's properties"
        )
    text = "" if piece.shown else piece.text
    for at, address in _addresses(text):
        if not known.email(address):
            message = f"an e-mail address{where}: {masked(address)}"
            yield Fault(file, piece.line(at), "e-mail", message, _remedy("address"))
    for start, number in _numbers(text):
        if number.lower() not in known.allow:
            message = f"a telephone number{where}: {masked(number)}"
            yield Fault(file, piece.line(start), "phone", message, _remedy("number"))
    for match in TWELVE.finditer(text):
        if is_iin(re.sub(r"\D", "", match[0])) and match[0] not in known.allow:
            message = f"an identity number (IIN){where}: {masked(match[0])}"
            yield Fault(file, piece.line(match.start()), "iin", message, _remedy("number"))


def _numbers(text: str) -> Iterator[tuple[int, str]]:
    """Telephone numbers and where they begin, each once."""
    ends: set[int] = set()
    for match in PHONE.finditer(text):
        if _varied(match[0]) and sum(sign.isdigit() for sign in match[0]) in DIGITS:
            ends.add(match.end())
            yield match.start(), match[0]
    for match in NUMBER.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if (
            match.end() not in ends
            and _varied(match[0])
            and (BARE.fullmatch(match[0]) or TOLD.search(before))
        ):
            yield match.start(), match[0]


def _varied(number: str) -> bool:
    """Whether a number is more than one digit again and again."""
    return len({sign for sign in number if sign.isdigit()}) > 2


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    """E-mail addresses and where they begin."""
    at = text.find("@")
    while at >= 0:
        domain = DOMAIN.match(text, at + 1)
        local = LOCAL.search(text, max(0, at - 65), at) if domain else None
        if domain and local:
            yield local.start(), f"{local[0]}@{domain[0]}"
        at = text.find("@", at + 1)
    lower = text.lower()
    spelled = SPELLED.finditer(text) if " dot " in lower or " точка " in lower else ()
    for match in (*AT.finditer(text), *spelled):
        local = LOCAL.search(DOT.sub(".", text[max(0, match.start() - 65) : match.start()].rstrip()))
        domain = DOMAIN.match(DOT.sub(".", text[match.end() : match.end() + 90].lstrip()).lower())
        if local and domain and domain[0].rpartition(".")[2] in _TOP:
            yield match.start(), f"{local[0]}@{domain[0]}"


def is_iin(digits: str) -> bool:
    """Whether twelve digits are an individual identification number (IIN).

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
    """Return the first sign, and the last two: enough to find the place, too little to know it."""
    text = " ".join(text.split())
    return f"{text[0]}…{text[-2:]}" if len(text) > 6 else f"{text[:1]}…"


def _ours(text: str, known: PrivacySettings) -> bool:
    message = " ".join(text.split()).lower()
    names = {name.lower() for name in known.people}
    return (
        message in PROGRAMS
        or message in names
        or all(part.strip() in names for part in re.split(r"[;,]| and ", message))
    )


def _remedy(what: str) -> str:
    return f"take it out; if the {what} is public, say so in _quarto.yml under paper: privacy: allow:"
