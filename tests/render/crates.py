"""Judge an RO-Crate by the validator of its makers, without a network.

It is imported where it judges: that takes half a second.
"""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path

CONTEXT = "https://w3id.org/ro/crate/1.1/context"


def problems(crate: Path, cache: Path, profile: str = "process-run-crate") -> list[str]:
    """Return what the profile, and those that it builds on, require and the crate in a folder lacks.

    cache: a file for the validator's memory of the web.
    """
    from rocrate_validator import models, services

    _remember_context(cache)
    result = services.validate(
        models.ValidationSettings(
            rocrate_uri=models.URI(str(crate)),
            profile_identifier=profile,
            offline=True,
            cache_path=cache,
            requirement_severity=models.Severity.REQUIRED,
        )
    )
    return [f"{issue.check.identifier}: {issue.message}" for issue in result.get_issues()]


def _remember_context(cache: Path) -> None:
    """Put the terms of RO-Crate into the validator's memory, as the package `rocrate` has them.

    They are those of 1.3, which keeps every term of 1.1.
    """
    import requests
    import urllib3
    from requests_cache import CachedSession

    path = Path(str(distribution("rocrate").locate_file("rocrate/data/ro-crate.jsonld")))
    answer = requests.Response()
    answer.status_code, answer.url, content = 200, CONTEXT, path.read_bytes()
    answer.headers["Content-Type"] = "application/ld+json"
    answer.request = requests.Request("GET", CONTEXT).prepare()
    answer._content = content  # as a session of requests sets it when it has read an answer
    answer.raw = urllib3.HTTPResponse(body=content, status=200)
    session = CachedSession(cache_name=str(cache), backend="sqlite", expire_after=-1)
    session.cache.save_response(answer)
    session.close()
