"""One request to a public index: with a time-out, again after a pause, under our name.

Crossref's etiquette asks for an address to write to, and to wait where it says so
(https://www.crossref.org/documentation/retrieve-metadata/rest-api/tips-for-using-the-crossref-rest-api/); Open Library
asks for at most three requests a second of programs that name themselves (https://openlibrary.org/developers/api).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from paper.errors import MachineError

TIMEOUT = 15.0
"""Seconds that a request may take."""
PAUSES = (1.0, 3.0)
"""Seconds before the second and the third try, where the index doesn't say how long."""
SPACING = 0.35
"""Seconds between two requests to one index."""
LONGEST = 30.0
"""Seconds that we wait at most, whatever the index says."""
AGENT = "paper-refs"

_last: dict[str, float] = {}


def ask(
    question: Callable[[], Any],
    index: str,
    address: str,
    remedy: str = "look at the connection and try again",
) -> Any:
    """Return the answer to a question; None where the index says that there is nothing of the kind.

    question: makes one request by habanero or httpx2; address: where to. Raises MachineError after the last try.
    """
    import httpx2
    from habanero.exceptions import RequestError

    reason = ""
    for pause in (*PAUSES, None):
        _keep_distance(index, address)
        wait = 0.0
        try:
            return question()
        except httpx2.HTTPStatusError as error:
            status, reason = error.response.status_code, f"it answers {error.response.status_code}"
            given = error.response.headers.get("Retry-After", "")
            wait = min(float(given), LONGEST) if given.isdecimal() else 0.0
        except RequestError as error:
            status, reason = error.status_code, f"it answers {error.status_code}"
        except (httpx2.HTTPError, RuntimeError, ValueError) as error:
            status, reason = 0, " ".join(str(error).split()) or type(error).__name__
        if status in (400, 404):
            return None
        if pause is None or (400 < status < 500 and status != 429):
            break
        time.sleep(wait or pause)
    raise MachineError(f"{index} can't be asked: {reason}", remedy=remedy)


def get(address: str, index: str, params: dict[str, str], mailto: str = "") -> Any:
    """Return the JSON that an address gives; None where it has nothing. Raises MachineError."""
    import httpx2

    agent = f"{AGENT} (mailto:{mailto})" if mailto else AGENT

    def question() -> Any:
        answer = httpx2.get(
            address, params=params, headers={"User-Agent": agent}, timeout=TIMEOUT, follow_redirects=True
        )
        answer.raise_for_status()
        return answer.json()

    return ask(question, index, address)


def _keep_distance(index: str, address: str) -> None:
    """Wait until the last request to this index is ``SPACING`` seconds ago; a server on this machine needs no care."""
    if re.match(r"https?://(?:127\.|localhost|\[::1\])", address):
        return
    since = time.monotonic() - _last.get(index, -LONGEST)
    if since < SPACING:
        time.sleep(SPACING - since)
    _last[index] = time.monotonic()
