"""The part of ``data/README.md`` that lists tables and columns: written from the description, so that it's true."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from paper.coding.data.package import FILE, INTERVIEW_TABLES, Described, tables
from paper.report import Fault

README: Final = "data/README.md"
BEGIN: Final = "<!-- The tables, written by `paper data readme` from datapackage.json -->"
END: Final = "<!-- End of the tables -->"


def listing(root: Path) -> str:
    """All tables in Markdown. Raises DataError when the description can't be read."""
    return "\n".join(_table(table) for table in tables(root).values())


def update(root: Path) -> bool:
    """Renew the list in the README; whether it changed. Raises OSError when the file can't be read or written."""
    path = root / README
    text = path.read_text("utf8") if path.is_file() else f"# The data\n\n{BEGIN}\n{END}\n"
    new = _renewed(text, root)
    if new != text or not path.is_file():
        path.write_text(new, "utf8", newline="\n")
    return new != text


def check(root: Path) -> list[Fault]:
    """Whether the README tells what the description says."""
    remedy = "run `paper data readme`"
    try:
        text = (root / README).read_text("utf8")
    except FileNotFoundError:
        return [Fault(README, None, "readme", "the explanation of the data is missing", remedy)]
    except (OSError, UnicodeDecodeError) as error:
        return [
            Fault(README, None, "readme", f"the explanation can't be read: {error}", "restore it from git")
        ]
    if _renewed(text, root) == text:
        return []
    line = text[: text.find(BEGIN)].count("\n") + 1 if BEGIN in text else None
    return [Fault(README, line, "readme", f"the list of tables is not that of {FILE}", remedy)]


def _renewed(text: str, root: Path) -> str:
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2] if END in rest else "\n"
    if before and not before.endswith("\n"):
        before += "\n"
    return f"{before}{BEGIN}\n\n{listing(root)}\n{END}{after}"


def _table(table: Described) -> str:
    where = "`, `".join(
        dict.fromkeys(
            [f"{table.name}.csv"] + ([f"synthetic/{table.name}.csv"] * (table.name in INTERVIEW_TABLES))
        )
    )
    lines = [f"### {table.title}: `{where}`", "", table.description, ""]
    lines += ["| Column | Holds | Form |", "| --- | --- | --- |"]
    lines += [
        f"| `{field['name']}` | {_cell(field['description'])} | {_form(field, table)} |"
        for field in table.fields
    ]
    key = " + ".join(f"`{name}`" for name in table.key)
    return "\n".join([*lines, "", f"One row for each {key}.", ""])


def _form(field: dict[str, Any], table: Described) -> str:
    limits = field.get("constraints", {})
    kind = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true`, `false`"}
    said = [kind[field["type"]], "required" if limits.get("required") else "may be empty"]
    if "enum" in limits:
        said[0] = ", ".join(f"`{word}`" for word in limits["enum"])
    if "example" in field:
        said.append(f"as `{field['example']}`")
    if field["name"] in table.references:
        other, column = table.references[field["name"]]
        said.append(f"a `{column}` of `{other}`")
    return _cell("; ".join(said))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
