"""What ``_quarto.yml`` says of the audit: rules that are off, the pattern of keys, a library's proxies.

::

    paper:
      references:
        ignore:
          web-archive: copies are made when the paper is published
        key-pattern: "[a-z]+[0-9]{4}[a-z]*"
        proxies: [ezproxy.nu.edu.kz]
        mailto: author@example.org  # told to Crossref and OpenAlex; else the first author's address
        order: cyrillic-first  # or together, latin-first: see ``ordering``
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paper.bibliography.rules import load
from paper.errors import ProjectError
from paper.project import Project
from paper.settings import place_of

KEY_PATTERN = r"[a-z]+\d{4}[a-z]*"  # as CONTRIBUTING.md has it
_NAMES = ("ignore", "key-pattern", "proxies", "mailto", "order")


@dataclass(frozen=True)
class Settings:
    """The settings under ``paper: references:``."""

    off: dict[str, str] = field(default_factory=dict)
    """Rule → why it is switched off."""
    key_pattern: str = KEY_PATTERN
    """What a whole key must match."""
    proxies: tuple[str, ...] = ()
    """Hosts of libraries' proxies, in lower case."""
    mailto: str = ""
    """Where those who run an index may write to, if we misbehave; "" for the first author's address."""


def settings(project: Project) -> Settings:
    """Return the audit's settings. Raises ProjectError, with the line, for what is not one."""
    root, given = project.root, project.config.get("paper", {})
    if isinstance(given, dict):
        given = given.get("references", {})
    if not isinstance(given, dict):
        raise _settings_error(
            root, "paper: references: holds no settings", f"write {', '.join(_NAMES)} under it"
        )
    unknown = [str(name) for name in given if name not in _NAMES]
    if unknown:
        raise _settings_error(
            root, f"there is no setting {unknown[0]!r}", f"the settings are {', '.join(_NAMES)}", unknown[0]
        )
    return Settings(
        _disabled_rules(root, given.get("ignore") or {}),
        _pattern(root, given),
        _proxies(root, given),
        str(given.get("mailto") or ""),
    )


def _settings_error(root: Path, message: str, remedy: str, *keys: str) -> ProjectError:
    return ProjectError(message, place=place_of(root, "paper", "references", *keys), remedy=remedy)


def _disabled_rules(root: Path, off: Any) -> dict[str, str]:
    if not isinstance(off, dict):
        raise _settings_error(
            root,
            "ignore: doesn't say why",
            "write each rule with its reason, as web-archive: reason",
            "ignore",
        )
    for rule, reason in off.items():
        if rule not in load():
            raise _settings_error(
                root, f"there is no rule {rule!r}", "paper refs rules lists them", "ignore", str(rule)
            )
        if not isinstance(reason, str) or not reason.strip():
            message = f"the rule {rule} is switched off without a reason"
            raise _settings_error(root, message, "write the reason after its colon", "ignore", rule)
    return {str(rule): str(reason) for rule, reason in off.items()}


def _pattern(root: Path, given: dict[str, Any]) -> str:
    pattern = str(given.get("key-pattern") or KEY_PATTERN)
    try:
        re.compile(pattern)
    except re.error as error:
        message = f"key-pattern is no regular expression: {error}"
        raise _settings_error(root, message, f'write it as "{KEY_PATTERN}"', "key-pattern") from None
    return pattern


def _proxies(root: Path, given: dict[str, Any]) -> tuple[str, ...]:
    proxies = given.get("proxies") or []
    if not isinstance(proxies, list):
        raise _settings_error(root, "proxies: is no list of hosts", "write [ezproxy.nu.edu.kz]", "proxies")
    return tuple(str(host).lower() for host in proxies)


def author_mail(project: Project) -> str:
    """Return the first author's address, which indexes ask programs for, to write to where one misbehaves."""
    authors = project.authors
    return authors[0].email if authors else ""
