"""What the pages' security policy can't hold back is taken out of a text: elements and links that act by themselves.

Scripts and their attributes need no rule here: the policy runs none that stands in a page.
"""

from __future__ import annotations

import html
import re
from typing import Final

# Leads the reader away, changes where all links lead, or brings a look from elsewhere.
_ACTING: Final = re.compile(r"<\s*/?\s*(?:meta|base|link)\b[^<>]*+>?", re.I)
_ADDRESS: Final = re.compile(
    r"""(?P<name>\b(?:xlink:)?(?:href|src|action|formaction)\s*+=\s*+)(?P<value>"[^"]*+"|'[^']*+'|[^\s"'>]++)""",
    re.I,
)
_RUNS: Final = re.compile(r"(?:javascript|vbscript|data:(?!image/|font/))", re.I)


def is_script_url(address: str) -> bool:
    """Whether an address is code rather than a place, however it is written. Pictures as data are places."""
    return bool(_RUNS.match(re.sub(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\ufeff]", "", html.unescape(address))))


def sanitise_html(body: str) -> str:
    """HTML without what acts by itself; a link to code leads nowhere."""

    def checked(match: re.Match[str]) -> str:
        return f'{match["name"]}"#"' if is_script_url(match["value"].strip("\"'")) else match[0]

    return _ADDRESS.sub(checked, _ACTING.sub("", body))
