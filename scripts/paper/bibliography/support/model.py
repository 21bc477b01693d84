"""What everybody may know of the passage that bears a citing sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["passage", "whole"]


@dataclass(frozen=True)
class Support:
    """One row of ``data/support.csv``: what bears a citing sentence, as everybody may know it."""

    key: str
    """Citation key of the work."""
    sentence: str
    """Digest of the citing sentence: another sentence has another one."""
    scope: Scope
    page: str
    """As the author writes it; "" for the whole work."""
    reason: str
    """Why the passage bears the sentence, in the author's own words."""
    words: str
    """Keyed hash of the work's words; "" without a key."""
    hmac: str
    """Seal of the row, so that a change shows; "" without a key."""
