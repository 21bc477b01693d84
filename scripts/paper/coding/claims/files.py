"""Files of YAML that an author keeps beside the claims, read with everything that is wrong with them told."""

from __future__ import annotations

from pathlib import Path

from paper.errors import ProjectError
from paper.report import Fault
from paper.settings import Yaml, parse_yaml


def read_yaml_file(root: Path, file: str) -> tuple[str, Yaml | None, list[Fault]]:
    """Return a file's text, what it says, and why it can't be read. No file: "", None and no fault."""
    try:
        text = (root / file).read_text("utf-8-sig")
        return text, parse_yaml(text, file), []
    except FileNotFoundError:
        return "", None, []
    except (OSError, UnicodeDecodeError) as error:
        return "", None, [Fault(file, None, "unreadable", f"can't be read: {error}", "save it as UTF-8")]
    except ProjectError as error:
        line = error.place.line if error.place else None
        return "", None, [Fault(file, line, "unreadable", error.message, error.remedy)]
