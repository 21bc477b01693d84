"""The browser that draws what nothing else can, and in which tests look at pages: an installed Chrome or Chromium."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)


def find() -> Path | None:
    """Return the Chrome or Chromium that PAPER_BROWSER names, else one that is installed where systems put it."""
    if named := os.environ.get("PAPER_BROWSER"):
        return Path(named) if Path(named).is_file() else None
    places = [shutil.which(name) for name in _NAMES] + [place for place in PLACES if Path(place).is_file()]
    return next((Path(place) for place in places if place), None)
