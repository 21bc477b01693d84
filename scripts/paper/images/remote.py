"""Pictures from the web, fetched once for the forms of the paper that need no network: kept by their address."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from paper import limits
from paper.images.images import kind_of
from paper.tools.cache import digest
from paper.tools.files import write_atomic

LARGEST: Final = 50_000_000  # bytes of one picture
# Some hosts refuse a program that doesn't say what it is.
_HEADERS: Final = {
    "User-Agent": "Mozilla/5.0 (compatible; paper; fetches the images of a book)",
    "Accept": "image/*",
}


class Unreachable(Exception):
    """A picture that can't be had; the message says why."""


def fetch(url: str, folder: Path) -> Path:
    """Return the picture's file in ``folder``; fetch it where it isn't there yet.

    url: of http or https; one without either is of https. Raises Unreachable.
    """
    stem = digest("remote", url)
    if result := next(iter(sorted(folder.glob(f"{stem}.*"))), None):
        return result
    import urllib.error
    import urllib.request

    address = f"https:{url}" if url.startswith("//") else url
    request = urllib.request.Request(address.split("#")[0], headers=_HEADERS)
    try:
        with urllib.request.urlopen(request, timeout=limits.value("PAPER_FETCH_TIMEOUT")) as answer:
            content: bytes = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as error:
        raise Unreachable(f"the server answers {error.code} {error.reason}") from None
    except urllib.error.URLError as error:
        raise Unreachable(getattr(error.reason, "strerror", None) or str(error.reason)) from None
    except (OSError, ValueError, UnicodeError) as error:
        raise Unreachable(str(error) or type(error).__name__) from None
    if len(content) > LARGEST:
        raise Unreachable(f"it has more than {LARGEST // 1_000_000} MB")
    kind = kind_of(content)
    if not kind:
        raise Unreachable("what the server sends is no image")
    path = folder / f"{stem}.{kind}"
    write_atomic(path, content)
    return path
