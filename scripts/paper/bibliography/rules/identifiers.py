"""DOI, ISBN, ISSN and addresses: their form, their check digits, and what a web source must tell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from paper.bibliography.model import Entry
from paper.bibliography.rules import Finding, Library, at, rule

# Form: DOI Handbook, section 2.2; Crossref's recommended pattern, without its limit on the suffix's letters.
_SHORT = re.compile(r"10/[a-z0-9]{3,8}")  # https://shortdoi.org
DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_RESOLVER = re.compile(r"(?i)^(?:https?://)?(?:dx\.|www\.)?doi\.org/|^doi:\s*|^urn:doi:")
# Hosts through which a library lends its subscribers' access.
_PROXY = re.compile(
    r"(?i)(?:^|[./])(?:e?z-?proxy|libproxy|proxy|webvpn|vpn2?|remotexs|idm\.oclc|openathens|go\.openathens|login\.\w+lib)"
    r"(?:[\d-][\w-]*)?\.|[?&](?:qurl|url)=https?(?::|%3A)|\.(?:proxy|idm\.oclc|ezproxy|remotexs)\."
)
_URL = re.compile(
    r"(?i)(?:https?|ftp)://(?:\[[0-9a-f:.]+\]|[^\s/:?#@<>\"{}|^`\\]+)(?::\d+)?(?:[/?#][^\s<>\"{}|^`]*)?"
)
ONLINE = frozenset({"online", "electronic", "www"})


def clean(value: str) -> str:
    """Return a field's value without braces and the backslashes that LaTeX wants in addresses."""
    return re.sub(r"\\([_%&#~])", r"\1", value.strip(" {}\n\t")).replace("\\_", "_")


def strip_resolver(value: str) -> str:
    """Return a DOI without the address or word before it; other text as it is."""
    return _RESOLVER.sub("", clean(value))


def doi_of(entry: Entry) -> str:
    """Return an entry's DOI in lower case, without the resolver's address; from url where it has no doi; or ""."""
    for name in ("doi", "url"):
        value = clean(entry.get(name))
        bare = _RESOLVER.sub("", value)
        if value and (name == "doi" or bare != value) and DOI.fullmatch(bare):
            return bare.lower().rstrip(".")
    return ""


@rule("doi", "error", "look it up: a DOI begins with 10. and has a slash")
def doi(library: Library) -> Iterator[Finding]:
    """Find a DOI that isn't one."""
    for entry in library.entries:
        if "doi" not in entry.values:
            continue
        value = _RESOLVER.sub("", clean(entry.get("doi")))
        if not value:
            continue
        odd = next((letter for letter in value if not letter.isascii()), "")
        if odd:
            name = unicodedata.name(odd, f"U+{ord(odd):04X}").lower()
            yield at(
                entry, "doi", f"the DOI {value} holds {odd!r} ({name})", "type it anew, in Latin letters"
            )
        elif not DOI.fullmatch(value) and not _SHORT.fullmatch(value):
            yield at(entry, "doi", f"{value!r} is no DOI")
        elif re.search(r"[.,;]$|\s", value):
            yield at(entry, "doi", f"the DOI ends in {value[-1]!r}", "delete it", "warning")


@rule("doi-url", "warning", "write the DOI alone: 10.…/…")
def doi_url(library: Library) -> Iterator[Finding]:
    """Find a DOI written as an address."""
    for entry in library.entries:
        value = clean(entry.get("doi"))
        if value and _RESOLVER.match(value):
            yield at(entry, "doi", f"the DOI is written as {value}", f"write {_RESOLVER.sub('', value)}")
        url = clean(entry.get("url"))
        if url and not value and _RESOLVER.match(url):
            old = " (and an old one)" if "dx.doi" in url else ""
            yield at(
                entry, "url", f"the address is a DOI{old}: {url}", f"write doi = {{{_RESOLVER.sub('', url)}}}"
            )


@rule("missing-doi", "note", "look it up at search.crossref.org")
def missing_doi(library: Library) -> Iterator[Finding]:
    """Find an article of a journal without DOI."""
    for entry in library.entries:
        if entry.type.lower() == "article" and not entry.get("doi", "eprint") and not doi_of(entry):
            yield at(entry, (), f"{entry.key} has no DOI")


@rule("isbn", "error", "compare it with the book")
def isbn(library: Library) -> Iterator[Finding]:
    """Find an ISBN with a wrong length or check digit."""
    for entry in library.entries:
        for value in re.split(r"[;,]|\s(?=97[89])", clean(entry.get("isbn"))):
            digits = re.sub(
                r"\(.*?\)|[\s\-‐–]|ISBN(?:[- ]?1[03])?:?|^1[03][ :]+",
                "",
                value.strip(),
                flags=re.IGNORECASE,
            ).upper()
            if digits and not isbn_valid(digits):
                yield at(entry, "isbn", f"{value.strip()} is no ISBN")


def isbn_valid(digits: str) -> bool:
    """Whether an ISBN's check digit fits (ISO 2108: modulo 11 for ten digits, modulo 10 for thirteen)."""
    if re.fullmatch(r"\d{9}[\dX]", digits):
        return sum((10 - n) * (10 if d == "X" else int(d)) for n, d in enumerate(digits)) % 11 == 0
    if re.fullmatch(r"97[89]\d{10}", digits):
        return sum((3 if n % 2 else 1) * int(d) for n, d in enumerate(digits)) % 10 == 0
    return False


@rule("issn", "error", "compare it with the journal")
def issn(library: Library) -> Iterator[Finding]:
    """Find an ISSN with a wrong length or check digit."""
    for entry in library.entries:
        for value in re.split(r"[;,/]|\s+", clean(entry.get("issn"))):
            digits = re.sub(r"\(.*?\)|[-‐–]|ISSN:?", "", value, flags=re.IGNORECASE).upper()
            if digits and not issn_valid(digits):
                yield at(entry, "issn", f"{value} is no ISSN")


def issn_valid(digits: str) -> bool:
    """Whether an ISSN's check digit fits (ISO 3297: modulo 11)."""
    if not re.fullmatch(r"\d{7}[\dX]", digits):
        return False
    return sum((8 - n) * (10 if d == "X" else int(d)) for n, d in enumerate(digits)) % 11 == 0


@rule("url", "error", "write it in full, from https://")
def url(library: Library) -> Iterator[Finding]:
    """Find an address that isn't one."""
    for entry in library.entries:
        value = clean(entry.get("url"))
        if value and not _URL.fullmatch(re.sub(r"^\\url\{?|\}$", "", value)):
            yield at(entry, "url", f"{value!r} is no address of the web")
        elif mixed := re.search(r"[A-Za-z][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-z]", value.split("?")[0]):
            yield at(
                entry,
                "url",
                f"{mixed.group()!r} in the address mixes Latin and Cyrillic letters",
                "type it anew",
            )


@rule("library-proxy", "error", "write the DOI or the public address")
def library_proxy(library: Library) -> Iterator[Finding]:
    """Find the address of a library's proxy, which only its members can open."""
    for entry in library.entries:
        for name in ("url", "doi", "note", "howpublished", "archiveurl"):
            value = entry.values.get(name, "")
            if "//" not in value:
                continue
            host = re.search(r"//([^/\s]+)(\S*)", value)
            if host and (
                _PROXY.search(host[1] + "/")
                or _PROXY.search(host[2])
                or host[1].lower().endswith(library.proxies or ("\0",))
            ):
                inner = DOI.search(value)
                remedy = f"write doi = {{{inner.group().split('?')[0].rstrip('}>')}}}" if inner else ""
                yield at(entry, name, f"{name} leads through a library's proxy, {host[1]}", remedy)


@rule("web-access-date", "warning", "add the day on which you read it: urldate = {YYYY-MM-DD}")
def web_access_date(library: Library) -> Iterator[Finding]:
    """Find a web source without the day it was read."""
    for entry in web_sources(library):
        if entry.type.lower() in _ISSUED and entry.get("institution", "publisher", "organization", "number"):
            continue
        if _stays(entry):
            continue
        told = re.search(r"(?i)accessed|retrieved|дата обращения", entry.get("note", "howpublished"))
        if not told and not entry.get("urldate", "urlaccessdate", "accessed", "lastchecked", "lastaccessed"):
            yield at(entry, ("url", "howpublished"), f"{entry.key} is on the web, with no day of access")


@rule("web-date", "warning", "add date or year, if the page tells; else it prints n.d.")
def web_date(library: Library) -> Iterator[Finding]:
    """Find a web source without a date of its own."""
    for entry in web_sources(library):
        if not entry.get("year", "date"):
            yield at(entry, ("url", "howpublished"), f"{entry.key} is on the web, with no date")


_VERSION = re.compile(r"(?i)\b(?:R package )?version \d|//(?:cran\.r-project|pypi|zenodo|doi)\.org/")


def _stays(entry: Entry) -> bool:
    """Return whether what a web source shows doesn't change: a document with a date, a version of a program."""
    if entry.get("version") or _VERSION.search(
        f"{entry.get('note')} {entry.get('title')} {entry.get('url')}"
    ):
        return True
    return bool(entry.get("year", "date")) and entry.get("url").lower().split("?")[0].endswith(".pdf")


@rule("web-archive", "note", "save it at web.archive.org; put the copy's address in note")
def web_archive(library: Library) -> Iterator[Finding]:
    """Find a web source without an archived copy."""
    for entry in web_sources(library):
        text = " ".join(
            entry.values.get(name, "") for name in ("url", "note", "archiveurl", "addendum", "howpublished")
        )
        if not re.search(
            r"(?i)web\.archive\.org|archive\.(?:ph|today|is)|perma\.cc|webcitation|webarchive", text
        ):
            yield at(entry, ("url", "howpublished"), f"{entry.key} is on the web, with no archived copy")


# Works that are printed, or as good as: an address beside them is where they can be had, not where they are.
_IN_PRINT = frozenset(
    {
        "article",
        "book",
        "mvbook",
        "inbook",
        "bookinbook",
        "suppbook",
        "collection",
        "mvcollection",
        "incollection",
    }
    | {"inproceedings", "conference", "proceedings", "mvproceedings", "inreference", "reference", "thesis"}
    | {"phdthesis", "mastersthesis", "periodical", "patent", "standard", "manual", "software"}
)
_ARCHIVES = re.compile(
    r"(?i)//(?:www\.)?(?:arxiv\.org|eprint\.iacr\.org|osf\.io/preprints|ssrn\.com|hal\.science|zenodo\.org|figshare\.com"
    r"|datadryad\.org)/"
)
# Works that somebody issued as they are: a page on the web changes, these come in versions.
_ISSUED = frozenset({"report", "techreport"})


def web_sources(library: Library) -> Iterator[Entry]:
    """Works that may vanish: of a web type, or with an address and no sign that they are printed."""
    for entry in library.entries:
        values = library.whole(entry)
        if entry.get("eprint") or _ARCHIVES.search(entry.get("url")):
            continue  # an archive keeps it
        if entry.type.lower() in ONLINE:
            if not entry.get("doi"):
                yield entry
        elif entry.type.lower() not in _IN_PRINT and not any(
            values.get(name, "").strip()
            for name in ("doi", "isbn", "issn", "journal", "journaltitle", "pages")
        ):
            has_address = "//" in values.get("url", "") or re.search(
                r"\\url|https?://", values.get("howpublished", "")
            )
            if has_address and not _RESOLVER.match(entry.get("url")):
                yield entry
