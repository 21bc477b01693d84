"""The data behind figures: files of the archive, listed in a section of their own behind the article.

https://jats.nlm.nih.gov/archiving/tag-library/1.2/element/supplementary-material.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from paper.paths import is_below
from paper.project import Project
from paper.publishing.ui import ui_strings
from paper.tools.cache import Cache
from paper.writers.jats_back import XLINK

FOLDER: Final = "data"  # in the archive
# What a figure's page offers beneath it (`publishing.page`).
_OFFERED: Final = re.compile(r'href="(?:\.\./)*(assets/data/[^"]+\.csv)" download')


def data_of_figures(project: Project, trees: Iterable[str], cache: Cache) -> dict[str, Path]:
    """Return the file of data that each figure's page offers: the figure's id → path. trees: as pandoc's JSON."""
    results: dict[str, Path] = {}
    for tree in trees:
        if "assets/data/" in tree:
            for identifier, name in cache.kept("offered-data", tree, partial(_offered_in, tree)):
                path = project.root / unquote(name)
                if path.is_file() and is_below(path, project.root):
                    results.setdefault(identifier, path)
    return results


def _offered_in(tree: str) -> list[tuple[str, str]]:
    return list(_offered(json.loads(tree)["blocks"], ""))


def _offered(node: Any, within: str) -> Iterator[tuple[str, str]]:
    """Yield the id of each figure or table and the data that are offered in it."""
    if isinstance(node, list):
        for item in node:
            yield from _offered(item, within)
    elif isinstance(node, dict):
        content: Any = node.get("c")
        if node.get("t") == "Div" and str(content[0][0]).startswith(("fig-", "tbl-")):
            within = content[0][0]
        if node.get("t") == "RawBlock" and within and (match := _OFFERED.search(content[1])):
            yield within, match[1]
        yield from _offered(content, within)


def add(root: Any, data: Mapping[str, Path], project: Project) -> dict[str, bytes]:
    """List the data of the figures that the article shows; return the files for its archive."""
    shown = [
        e for e in root.iter("fig", "fig-group", "table-wrap", "table-wrap-group") if e.get("id") in data
    ]
    back = root.find("back")
    if not shown:
        return {}
    back = etree.SubElement(root, "back") if back is None else back
    words = ui_strings(project.lang)
    section = etree.Element("sec", {"id": "supplementary-data", "sec-type": "supplementary-material"})
    etree.SubElement(section, "title").text = words["csv"]
    files: dict[str, bytes] = {}
    for element in shown:
        path = data[element.get("id")]
        name = f"{FOLDER}/{path.relative_to(project.root / 'assets/data').as_posix()}"
        files[name] = path.read_bytes()
        kind = {"mimetype": "text", "mime-subtype": "csv", f"{XLINK}href": name}
        item = etree.SubElement(
            section, "supplementary-material", {"id": f"{element.get('id')}-data", **kind}
        )
        if label := element.findtext("label"):
            etree.SubElement(item, "label").text = label
        caption = words["behind" if element.tag.startswith("fig") else "csv"]
        if project.synthetic:
            caption = f"{caption}. {words['synthetic']}"
        etree.SubElement(etree.SubElement(item, "caption"), "p").text = caption
    at = next(
        (n for n, child in enumerate(back) if child.tag in ("app-group", "fn-group", "ref-list")), len(back)
    )
    back.insert(at, section)
    return files
