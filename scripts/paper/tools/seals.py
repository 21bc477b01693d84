"""Seals: keyed hashes (HMAC-SHA-256, RFC 2104) that prove later what was checked, and say nothing without the key."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path
from typing import Final

from paper.errors import Place, SourceError

KEY: Final = "data/private/quotes.key"
VARIABLE: Final = "PAPER_QUOTES_KEY"
SHORTEST: Final = 32
"""Signs of a key that is none too easy to guess."""


def seal(key: bytes, *parts: str) -> str:
    """Return the seal of some texts in their order, in hexadecimal digits."""
    return hmac.new(key, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()


def read_key(root: Path) -> bytes:
    """Read the key from the environment or its file; b"" without one. Raises SourceError for a short one."""
    given, place = os.environ.get(VARIABLE, ""), Place(VARIABLE)
    if not given:
        place = Place(KEY)
        try:
            given = (root / KEY).read_text("utf8")
        except FileNotFoundError:
            return b""
        except (OSError, UnicodeDecodeError):
            given = ""
    given = given.strip()
    if len(given) < SHORTEST:
        remedy = f"restore the key that you kept; only if no seal was made yet, delete {KEY} and run `paper quotes key`"
        raise SourceError(f"the key has fewer than {SHORTEST} signs", place=place, remedy=remedy)
    return given.encode()
