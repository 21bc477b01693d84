"""What marks an export as ours, so that all of it is known when it comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from uuid import UUID, uuid5

ORIGIN = "paper, coded data"  # in the place of a program's name

NAMESPACE = UUID("5c0b8f0e-3f0a-5a0e-9d6c-7d1f2a4b9e31")  # this paper's own, drawn once


def guid_of(kind: str, name: str) -> str:
    """Return the GUID of a code, case, coder, passage, coding or memo of ours, in lower case."""
    return str(uuid5(NAMESPACE, f"{kind}:{name}"))


def digest(text: str) -> str:
    """Return a mark by which a text is known again without being kept; "" for an empty one."""
    return sha256(text.encode("utf8", "surrogatepass")).hexdigest()[:16] if text else ""


def format_roles(roles: Mapping[str, str]) -> str:
    """Coders and their parts in the study, as the description of a project."""
    return "\n".join(f"Coder {coder}: {' '.join(role.split())}" for coder, role in roles.items() if role)


def parse_roles(description: str) -> dict[str, str]:
    """Parse what ``format_roles`` wrote."""
    return dict(re.findall(r"(?m)^Coder ([^:\n]+): (.*)$", description))


def parents_first(parents: Mapping[str, str]) -> list[str]:
    """Return the keys of a tree (thing → the thing above it, or "") in their order, but none before its parent."""
    order: dict[str, None] = {}
    for thing in parents:
        path = [thing]
        while (above := parents[path[-1]]) in parents and above not in path and above not in order:
            path.append(above)
        order.update(dict.fromkeys(reversed(path)))
    return list(order)
