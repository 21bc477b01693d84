"""What of an author's HTML no page runs, by its security policy (``web.policy``): code in attributes, forms."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

import panflute as pf

from paper.errors import Place
from paper.parsing.addresses import ATTRIBUTE, TAG, value_of
from paper.parsing.sanitise import is_script_url
from paper.parsing.tree import walk
from paper.report import Fault, warning
from paper.text.source import Source

_HANDLER: Final = re.compile(
    r"on(?:abort|animation[a-z]+|before[a-z]+|begin|blur|change|(?:dbl|aux)?click|close|contextmenu|copy|cut|drag[a-z]*"
    r"|drop|ended|error|focus[a-z]*|hashchange|input|invalid|key[a-z]+|load[a-z]*|message|mouse[a-z]+|paste|pause"
    r"|play[a-z]*|pointer[a-z]+|popstate|reset|resize|scroll[a-z]*|seek[a-z]+|select[a-z]*|submit|timeupdate|toggle"
    r"|touch[a-z]+|transition[a-z]+|unload|volumechange|wheel)"
)  # https://html.spec.whatwg.org/multipage/indices.html#ix-event-handlers


def parts(markup: str) -> Iterator[tuple[str, str]]:
    """Yield what in HTML does nothing, and the way out."""
    for tag in TAG.finditer(markup):
        for attribute in ATTRIBUTE.finditer(tag["rest"]):
            name, value = attribute["name"].lower(), value_of(attribute)
            if _HANDLER.fullmatch(name) and value:
                yield (
                    f"{name} of <{tag['tag'].lower()}> does nothing: pages run no code in attributes",
                    "put the code into a <script> of the chapter: "
                    f"document.getElementById('…').addEventListener('{name[2:]}', …)",
                )
            elif name in ("action", "formaction") and value and not is_script_url(value):
                yield (
                    f"{name} of <{tag['tag'].lower()}> does nothing: pages send no forms",
                    "link to a page that has the form",
                )


def faults(markup: str, place: Place) -> list[Fault]:
    """Return each of them once, as a warning."""
    told = dict.fromkeys(parts(markup))
    return [warning(place, "dead-on-page", *each) for each in told]


def attributes(doc: pf.Doc, source: Source) -> list[Fault]:
    """Return what pandoc read as attributes of a ``<div>``, ``<span>`` or ``<a>``, as warnings."""
    notices: list[Fault] = []

    def visit(element: pf.Element, _: pf.Doc) -> None:
        for name, value in element.attributes.items():
            if _HANDLER.fullmatch(name):
                tag = f'<{type(element).__name__.lower()} {name}="{html.escape(value)}">'
                notices.extend(faults(tag, source.find(value)))

    walk(doc, visit, pf.Div, pf.Span, pf.Link)
    return notices
